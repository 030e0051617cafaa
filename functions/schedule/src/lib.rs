//! The clock: what is due and what was missed.

use lanekeeper_platform::{Clock, DatabaseError, Platform, Queue};
use lanekeeper_storage::{due_deliveries, expire_deliveries};
use serde_json::json;

/// The most deliveries that one tick wakes; the next tick takes the rest.
const MOST: u32 = 500;

/// Does what is due now. Safe to run at any time, as often as one likes, and twice at once.
pub async fn tick<P: Platform>(platform: &P) {
    match sweep(platform).await {
        Ok(0) => {}
        Ok(woken) => platform.log(&json!({"event": "tick", "woken": woken})),
        Err(error) => platform.log(&json!({"event": "tick_failed", "error": error.to_string()})),
    }
}

/// Wakes deliveries whose time has come or whose wake-up was lost. Returns how many.
async fn sweep<P: Platform>(platform: &P) -> Result<usize, DatabaseError> {
    let (database, now) = (platform.database(), platform.clock().now());
    expire_deliveries(database, now).await?;
    let due = due_deliveries(database, now, MOST).await?;
    if due.is_empty() {
        return Ok(0);
    }
    if let Err(error) = platform.queue().wake(&due).await {
        platform.log(&json!({"event": "wake_failed", "error": error.to_string()}));
        lanekeeper_deliver::deliver(platform, &due).await;
    }
    Ok(due.len())
}
