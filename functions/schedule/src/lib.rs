//! The clock: what is due and what was missed.

mod silence;
mod waitlist;

use chrono::TimeDelta;
use lanekeeper_platform::{Clock, DatabaseError, Platform, Queue, Shard};
use lanekeeper_storage::{due_deliveries, expire_deliveries, forget_answers};
use serde_json::json;

/// The most deliveries of a shard that one tick wakes; the next tick takes the rest.
const MOST: u32 = 500;

/// How long the API's answers are kept to be given again under their idempotency keys.
const KEPT_ANSWERS: TimeDelta = TimeDelta::hours(24);

/// Does what is due now, shard by shard: one that is out of reach does not stop the others. Safe to run at any time, as
/// often as one likes, and twice at once.
pub async fn tick<P: Platform>(platform: &P) {
    for shard in platform.shards().iter() {
        match sweep(platform, shard).await {
            Ok(0) => {}
            Ok(woken) => platform.log(&json!({"event": "tick", "shard": shard.number, "woken": woken})),
            Err(error) => {
                platform.log(&json!({"event": "tick_failed", "shard": shard.number, "error": error.to_string()}));
            }
        }
    }
}

/// Wakes deliveries whose time has come or whose wake-up was lost, and forgets what is no longer needed. Returns how many
/// deliveries it woke.
async fn sweep<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<usize, DatabaseError> {
    let now = platform.clock().now();
    expire_deliveries(shard.database, now).await?;
    forget_answers(shard.database, now - KEPT_ANSWERS).await?;
    waitlist::sweep(platform, shard).await?;
    silence::follow_up(platform, shard).await?;
    let due = due_deliveries(shard.database, now, MOST).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let wake_ups: Vec<String> = due.iter().map(|delivery| shard.wake_up(delivery)).collect();
    if let Err(error) = platform.queue().wake(&wake_ups).await {
        platform.log(&json!({"event": "wake_failed", "error": error.to_string()}));
        lanekeeper_deliver::deliver(platform, &wake_ups).await;
    }
    Ok(wake_ups.len())
}
