//! The small ports.

use chrono::{DateTime, Utc};
use std::time::Duration;

/// A port that is not a database or HTTP did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{port} failed: {reason}")]
pub struct PortError {
    /// Which port.
    pub port: &'static str,
    /// What the runtime said.
    pub reason: String,
}

/// Key-value storage that may forget, and may be a minute behind.
#[allow(async_fn_in_trait)]
pub trait Cache {
    /// The value, unless it is absent, expired or forgotten.
    async fn get(&self, key: &str) -> Result<Option<String>, PortError>;
    /// Keeps the value for at least a minute and at most about `ttl`.
    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<(), PortError>;
}

/// Wake-ups. A lost one only means a delay: the clock sweeps what is due.
#[allow(async_fn_in_trait)]
pub trait Queue {
    /// Asks for outbox rows to be delivered soon; each is named by its shard's [`wake_up`](crate::Shard::wake_up).
    async fn wake(&self, wake_ups: &[String]) -> Result<(), PortError>;
}

/// The time.
#[allow(async_fn_in_trait)]
pub trait Clock {
    /// Now. On Workers it stands still between I/O, so it measures I/O and not computation.
    fn now(&self) -> DateTime<Utc>;
    /// Lets this much time pass; other requests go on meanwhile.
    async fn sleep(&self, time: Duration);
}

/// Chance, good enough for keys and nonces.
pub trait Random {
    /// Fills the buffer with unpredictable bytes.
    fn fill(&self, buffer: &mut [u8]);

    /// A new id: a ULID in lower case, so that ids of one table sort by the time of their making.
    fn id(&self, now: DateTime<Utc>) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut bytes = [0_u8; 16];
        self.fill(&mut bytes[6..]);
        bytes[..6].copy_from_slice(&now.timestamp_millis().to_be_bytes()[2..]);
        let number = u128::from_be_bytes(bytes);
        (0..26).rev().map(|place| ALPHABET[(number >> (5 * place)) as usize & 31] as char).collect()
    }
}

/// Configuration and secrets, by name, e.g. `LLM_BASE_URL`.
pub trait Settings {
    /// The setting; empty counts as absent.
    fn get(&self, name: &str) -> Option<String>;
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeroes;
    impl Random for Zeroes {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0);
        }
    }

    #[test]
    fn ids_are_ulids_that_sort_by_time() {
        // The example of the ULID specification (github.com/ulid/javascript): this time gives 01ARYZ6S41…
        let early = Zeroes.id(DateTime::from_timestamp_millis(1_469_918_176_385).unwrap());
        assert!(early.starts_with("01aryz6s41"), "{early}");
        assert_eq!(early.len(), 26);
        let late = Zeroes.id(DateTime::from_timestamp_millis(1_469_918_176_386).unwrap());
        assert!(late > early);
    }
}
