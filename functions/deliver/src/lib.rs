//! The queue's consumer: everything that leaves.
//!
//! A wake-up carries ids of outbox rows. Each row is leased, sent, and its outcome recorded; whatever happens in between
//! (a crash, a lost answer, the same wake-up twice), the message leaves once.

mod alerts;
mod backoff;
mod send;

use chrono::Duration as TimeDelta;
use lanekeeper_domain::notifications::Verdict;
use lanekeeper_platform::{Clock, Database, Platform, Settings};
use lanekeeper_storage::{Leased, alert_of_wake_up, lease_delivery, put_back, withdraw_delivery};
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
const LEASE_SECONDS: u64 = 60;

/// Delivers the outbox rows of these wake-ups, as far as they are due, and says what became of each, in order. Each is leased only when
/// its turn has come: a lease that waited behind slow others could run out, and another consumer would send it as well.
pub async fn deliver<P: Platform>(platform: &P, wake_ups: &[String]) -> Vec<Outcome> {
    let lease = lease(platform);
    let mut outcomes = Vec::with_capacity(wake_ups.len());
    for wake_up in wake_ups {
        outcomes.push(deliver_one(platform, wake_up, lease).await);
    }
    outcomes
}

async fn deliver_one<P: Platform>(platform: &P, wake_up: &str, lease: Duration) -> Outcome {
    // What names no row of ours is forgotten. A row that moved meanwhile is found by the clock, on its new shard.
    let Some((shard, id)) = platform.shards().of_wake_up(wake_up) else { return Outcome::Settled };
    if let Some(alert) = alert_of_wake_up(id) {
        return alerts::deliver(platform, shard, alert, lease).await;
    }
    let now = platform.clock().now();
    let until = now + TimeDelta::from_std(lease).unwrap_or_default();
    match lease_delivery(shard.database, id, now, until).await {
        Ok(Some(row)) => deliver_leased(platform, shard.database, &row, lease).await,
        Ok(None) => Outcome::Settled,
        Err(error) => {
            platform.log(&json!({"event": "lease_failed", "id": wake_up, "error": error.to_string()}));
            Outcome::Again(Duration::from_secs(15))
        }
    }
}

/// Sends a leased row, if it may leave now. What forbids it may have come about long after it was written: so this is
/// asked at the last moment.
async fn deliver_leased<P: Platform>(platform: &P, database: &P::Database, row: &Leased, lease: Duration) -> Outcome {
    let now = platform.clock().now();
    let (statement, outcome) = match row.verdict(now) {
        Verdict::Leave => return send::send(platform, database, row, lease).await,
        Verdict::Wait(due) => (put_back(row, due, now), format!("waits until {due}")),
        Verdict::Withdraw(reason) => (withdraw_delivery(row, reason, now), format!("withdrawn: {reason}")),
    };
    send::log(platform, row, &outcome);
    // Where this fails, the lease runs out and the question is asked again.
    if let Err(error) = database.run(statement).await {
        platform.log(&json!({"event": "settling_failed", "id": row.id, "error": error.to_string()}));
    }
    Outcome::Settled
}

fn lease<P: Platform>(platform: &P) -> Duration {
    let setting = platform.settings().get("DELIVERY_LEASE_SECONDS").and_then(|text| text.parse().ok());
    Duration::from_secs(setting.filter(|seconds| *seconds > 0).unwrap_or(LEASE_SECONDS))
}
