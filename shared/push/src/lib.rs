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
