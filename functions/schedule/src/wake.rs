//! Waking what is to leave.

use lanekeeper_platform::{Clock, DatabaseError, Platform, Queue, Shard};
use lanekeeper_storage::{alert_wake_up, due_alerts, due_deliveries, expire_deliveries};
use serde_json::json;

/// The most deliveries of a shard that one tick wakes; the next tick takes the rest.
const MOST: u32 = 500;

/// Wakes deliveries whose time has come or whose wake-up was lost. Returns how many.
pub async fn sweep<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<usize, DatabaseError> {
    let now = platform.clock().now();
    expire_deliveries(shard.database, now).await?;
    let due = due_deliveries(shard.database, now, MOST).await?;
    let alerts = due_alerts(shard.database, now, MOST).await?;
    let due: Vec<String> = due.into_iter().chain(alerts.iter().map(|alert| alert_wake_up(alert))).collect();
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
