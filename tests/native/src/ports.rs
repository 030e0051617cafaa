//! The small ports.

use crate::give_way;
use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_platform::{Cache, Clock, PortError, Queue, Random, Settings};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A clock that stands still until it is moved. Its clones are the same clock.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock that shows this time (to the microsecond).
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(Arc::new(AtomicI64::new(now.timestamp_micros())))
    }

    /// Puts it to this time, forward or back.
    pub fn set(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp_micros(), Ordering::SeqCst);
    }

    /// Moves it by this much.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Nobody waits in a test: the clock moves, and others get their turn.
    async fn sleep(&self, time: Duration) {
        give_way().await;
        self.advance(TimeDelta::from_std(time).unwrap_or_default());
    }
}

/// Chance that is the same for the same seed (splitmix64, by Sebastiano Vigna). Not for secrets.
#[derive(Debug, Clone)]
pub struct SeededRandom(Cell<u64>);

impl SeededRandom {
    /// The sequence that this seed begins.
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut mixed = self.0.get();
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A cache that forgets when the time to live is over by its clock, or when it is told to.
#[derive(Debug)]
pub struct MemoryCache {
    clock: FixedClock,
    entries: RefCell<BTreeMap<String, (String, DateTime<Utc>)>>,
}

impl MemoryCache {
    /// An empty cache that goes by this clock.
    pub fn new(clock: FixedClock) -> Self {
        Self { clock, entries: RefCell::default() }
    }

    /// Forgets everything, as a cache may at any time.
    pub fn forget(&self) {
        self.entries.borrow_mut().clear();
    }
}

impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Result<Option<String>, PortError> {
        let entries = self.entries.borrow();
        Ok(entries.get(key).filter(|(_, until)| *until > self.clock.now()).map(|(value, _)| value.clone()))
    }

    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<(), PortError> {
        let ttl = TimeDelta::from_std(ttl).unwrap_or(TimeDelta::MAX);
        let until = self.clock.now().checked_add_signed(ttl).unwrap_or(DateTime::<Utc>::MAX_UTC);
        self.entries.borrow_mut().insert(key.to_owned(), (value.to_owned(), until));
        Ok(())
    }
}

/// A queue that only notes who is to be woken.
#[derive(Debug, Default)]
pub struct RecordingQueue {
    woken: RefCell<Vec<String>>,
    fails_next: Cell<bool>,
}

impl RecordingQueue {
    /// The wake-ups since the last call, in order.
    pub fn drain(&self) -> Vec<String> {
        self.woken.take()
    }

    /// Makes the next wake-up fail; nobody is woken by it.
    pub fn fail_next(&self) {
        self.fails_next.set(true);
    }
}

impl Queue for RecordingQueue {
    async fn wake(&self, deliveries: &[String]) -> Result<(), PortError> {
        if self.fails_next.take() {
            return Err(PortError { port: "queue", reason: "the test wanted it so".to_owned() });
        }
        self.woken.borrow_mut().extend_from_slice(deliveries);
        Ok(())
    }
}

/// Settings from a map.
#[derive(Debug, Default)]
pub struct MapSettings(RefCell<BTreeMap<String, String>>);

impl MapSettings {
    /// Sets or replaces a setting; an empty value is as good as none.
    pub fn set(&self, name: &str, value: &str) {
        self.0.borrow_mut().insert(name.to_owned(), value.to_owned());
    }
}

impl Settings for MapSettings {
    fn get(&self, name: &str) -> Option<String> {
        self.0.borrow().get(name).filter(|value| !value.is_empty()).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;

    fn clock() -> FixedClock {
        FixedClock::new("2026-03-02T15:00:00Z".parse().unwrap())
    }

    #[test]
    fn the_clock_moves_when_told() {
        let clock = clock();
        let same = clock.clone();
        clock.advance(TimeDelta::minutes(90));
        assert_eq!(same.now().to_rfc3339(), "2026-03-02T16:30:00+00:00");
        same.set(DateTime::UNIX_EPOCH);
        assert_eq!(clock.now(), DateTime::UNIX_EPOCH);
    }

    #[test]
    fn chance_follows_the_seed() {
        // The first two numbers of splitmix64 from the seed 1234567, as published with it (rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64).
        let random = SeededRandom::new(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);

        let mut bytes = [0; 11];
        SeededRandom::new(1_234_567).fill(&mut bytes);
        assert_eq!(bytes[..8], 6_457_827_717_110_365_317_u64.to_le_bytes());
        assert_ne!(SeededRandom::new(1).id(clock().now()), SeededRandom::new(2).id(clock().now()));
    }

    #[test]
    fn the_cache_forgets_in_time() {
        let clock = clock();
        let cache = MemoryCache::new(clock.clone());
        block_on(cache.put("a", "1", Duration::from_mins(1))).unwrap();
        block_on(cache.put("b", "2", Duration::MAX)).unwrap();
        clock.advance(TimeDelta::seconds(59));
        assert_eq!(block_on(cache.get("a")).unwrap().as_deref(), Some("1"));
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(block_on(cache.get("a")).unwrap(), None);
        assert_eq!(block_on(cache.get("b")).unwrap().as_deref(), Some("2"));
        cache.forget();
        assert_eq!(block_on(cache.get("b")).unwrap(), None);
    }

    #[test]
    fn the_queue_notes_wake_ups() {
        let queue = RecordingQueue::default();
        block_on(queue.wake(&["d1".to_owned(), "d2".to_owned()])).unwrap();
        queue.fail_next();
        assert!(block_on(queue.wake(&["d3".to_owned()])).is_err());
        block_on(queue.wake(&["d4".to_owned()])).unwrap();
        assert_eq!(queue.drain(), ["d1", "d2", "d4"]);
        assert!(queue.drain().is_empty());
    }

    #[test]
    fn an_empty_setting_is_none() {
        let settings = MapSettings::default();
        settings.set("LLM_MODEL", "small");
        settings.set("LLM_API_KEY", "");
        assert_eq!(settings.get("LLM_MODEL").as_deref(), Some("small"));
        assert_eq!(settings.get("LLM_API_KEY"), None);
    }
}
