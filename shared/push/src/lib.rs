//! Web Push: a message to somebody's browser, also when the page is closed.
//!
//! RFC 8030 is the request to the push service, RFC 8291 the encryption for the browser alone, RFC 8292 (VAPID) how the push
//! service knows who we are. Pure functions: the caller brings the time, the ephemeral key and the salt.

mod encrypt;
mod vapid;

pub use encrypt::{Fresh, encrypt};
pub use vapid::VapidKey;

use chrono::{DateTime, Utc};
use lanekeeper_platform::{HttpError, Method, OutboundRequest, OutboundResponse};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a push service may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What a browser gives out when somebody allows notifications: `PushSubscription.toJSON()`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Where the push service takes messages for it.
    pub endpoint: String,
    /// Its keys.
    pub keys: SubscriptionKeys,
}

/// The browser's keys, in base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionKeys {
    /// Its public key on P-256, uncompressed.
    pub p256dh: String,
    /// Sixteen bytes that only we and the browser know.
    pub auth: String,
}

impl Subscription {
    /// Whether it can be one that a browser gave out: its keys have their lengths, and its endpoint is a public host's.
    pub fn is_plausible(&self) -> bool {
        let host = self.endpoint.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        let named =
            |host: &str| host.contains('.') && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b));
        // An address of numbers alone may be a machine of ours.
        let public = |host: &str| {
            named(host) && host.rsplit('.').next().is_some_and(|last| !last.starts_with(|c: char| c.is_ascii_digit()))
        };
        self.endpoint.len() <= 2000 && host.is_some_and(public) && encrypt::are_keys(&self.keys)
    }
}

/// Why a message cannot be pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// Our own key has a wrong form.
    #[error("VAPID_PRIVATE_KEY must be 32 bytes in base64url, a key on P-256")]
    Key,
    /// The subscription's keys or endpoint have a wrong form.
    #[error("the subscription is not one that a browser gives out")]
    Subscription,
    /// The message is longer than every push service takes.
    #[error("the message is longer than 3993 bytes")]
    TooLong,
}

/// How urgent it is, for a phone that saves its battery (RFC 8030, section 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// A customer waits.
    High,
    /// Worth knowing.
    Normal,
}

/// The request that pushes `message`. Within `lasts` the push service keeps it for a browser that is off; a later one of the same
/// `topic` (at most 32 characters of base64url) replaces it there.
pub fn push_request(
    subscription: &Subscription,
    key: &VapidKey,
    message: &[u8],
    (topic, urgency, lasts): (&str, Urgency, Duration),
    fresh: &Fresh,
    now: DateTime<Utc>,
) -> Result<OutboundRequest, PushError> {
    let body = encrypt(&subscription.keys, message, fresh)?;
    let authorization = key.authorization(&subscription.endpoint, now)?;
    let header = |name: &str, value: String| (name.to_owned(), value);
    Ok(OutboundRequest {
        method: Method::Post,
        url: subscription.endpoint.clone(),
        headers: vec![
            header("authorization", authorization),
            header("content-encoding", "aes128gcm".to_owned()),
            header("content-type", "application/octet-stream".to_owned()),
            header("ttl", lasts.as_secs().to_string()),
            header("topic", topic.chars().filter(char::is_ascii_alphanumeric).take(32).collect()),
            header("urgency", if urgency == Urgency::High { "high" } else { "normal" }.to_owned()),
        ],
        body,
        timeout: TIMEOUT,
    })
}

/// What became of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// The push service has it.
    Accepted,
    /// The subscription is no more: forget it (RFC 8030, section 7.3).
    Gone,
    /// Refused for good.
    Refused(u16),
    /// To be tried again, after this if the service says so. To push it twice does no harm: it has a topic.
    Again(Option<Duration>),
}

/// Reads a push service's answer.
pub fn pushed(answer: &Result<OutboundResponse, HttpError>) -> Pushed {
    let Ok(answer) = answer else { return Pushed::Again(None) };
    match answer.status {
        200..=299 => Pushed::Accepted,
        404 | 410 => Pushed::Gone,
        429 | 500..=599 => {
            let after = answer.header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
            Pushed::Again(after.map(|seconds: u64| Duration::from_secs(seconds.min(3600))))
        }
        status => Pushed::Refused(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(endpoint: &str) -> Subscription {
        let keys = SubscriptionKeys {
            p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
                .to_owned(),
            auth: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
        };
        Subscription { endpoint: endpoint.to_owned(), keys }
    }

    #[test]
    fn only_public_hosts_are_asked() {
        assert!(subscription("https://fcm.googleapis.com/fcm/send/abc").is_plausible());
        for endpoint in [
            "http://fcm.googleapis.com/x",
            "https://localhost/x",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "https://user@host.example/x",
            "https://internal:8080/x",
            "",
        ] {
            assert!(!subscription(endpoint).is_plausible(), "{endpoint}");
        }
        let mut wrong = subscription("https://fcm.googleapis.com/x");
        wrong.keys.auth = "AAAA".to_owned();
        assert!(!wrong.is_plausible());
    }

    #[test]
    fn reads_what_push_services_answer() {
        let answer = |status| pushed(&Ok(OutboundResponse { status, ..OutboundResponse::default() }));
        assert_eq!((answer(201), answer(410), answer(404)), (Pushed::Accepted, Pushed::Gone, Pushed::Gone));
        assert_eq!((answer(413), answer(503)), (Pushed::Refused(413), Pushed::Again(None)));
        let headers = vec![("retry-after".to_owned(), "7".to_owned())];
        let busy = OutboundResponse { status: 429, headers, ..OutboundResponse::default() };
        assert_eq!(pushed(&Ok(busy)), Pushed::Again(Some(Duration::from_secs(7))));
        assert_eq!(pushed(&Err(HttpError::Timeout)), Pushed::Again(None));
    }
}
