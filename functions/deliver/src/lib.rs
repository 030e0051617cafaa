//! The queue's consumer: everything that leaves.
//!
//! A wake-up carries ids of outbox rows. Each row is leased, sent, and its outcome recorded; whatever happens in between
//! (a crash, a lost answer, the same wake-up twice), the message leaves once.

mod backoff;
mod send;

use chrono::Duration as TimeDelta;
use lanekeeper_platform::{Clock, Platform, Settings};
use lanekeeper_storage::lease_deliveries;
use serde_json::json;
use std::time::Duration;

/// What became of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is settled (sent, parked, withdrawn, or another consumer's business): forget the wake-up.
    Settled,
    /// Wake it again after this long.
    Again(Duration),
}

/// How long a consumer has a row for itself, unless the setting `DELIVERY_LEASE_SECONDS` says otherwise.
const LEASE_SECONDS: i64 = 60;

/// Delivers these outbox rows, as far as they are due, and says what became of each, in order.
pub async fn deliver<P: Platform>(platform: &P, deliveries: &[String]) -> Vec<Outcome> {
    let now = platform.clock().now();
    let lease = lease_seconds(platform);
    let leased = match lease_deliveries(platform.database(), deliveries, now, now + TimeDelta::seconds(lease)).await {
        Ok(leased) => leased,
        Err(error) => {
            platform.log(&json!({"event": "lease_failed", "error": error.to_string()}));
            return vec![Outcome::Again(Duration::from_secs(15)); deliveries.len()];
        }
    };
    let mut outcomes = vec![Outcome::Settled; deliveries.len()];
    for row in &leased {
        let outcome = send::deliver_one(platform, row, lease).await;
        for (_, slot) in deliveries.iter().zip(&mut outcomes).filter(|(id, _)| **id == row.id) {
            *slot = outcome;
        }
    }
    outcomes
}

fn lease_seconds<P: Platform>(platform: &P) -> i64 {
    let setting = platform.settings().get("DELIVERY_LEASE_SECONDS").and_then(|text| text.parse().ok());
    setting.filter(|seconds| *seconds > 0).unwrap_or(LEASE_SECONDS)
}
