//! Forgetting what is no longer needed.

use chrono::TimeDelta;
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Shard};
use lanekeeper_storage::{forget_alerts, forget_answers, forget_past_staff};

/// How long the API's answers are kept to be given again under their idempotency keys.
const KEPT_ANSWERS: TimeDelta = TimeDelta::hours(24);

/// How long it is known who was alerted.
const KEPT_ALERTS: TimeDelta = TimeDelta::days(14);

/// Forgets old answers of the API, old alerts, and in the directory what was for signing in. Nobody wants to read of it in the log.
pub async fn sweep<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<usize, DatabaseError> {
    let now = platform.clock().now();
    if shard.number == 1 {
        shard.database.batch(forget_past_staff(now)).await?;
    }
    forget_alerts(shard.database, now - KEPT_ALERTS).await?;
    forget_answers(shard.database, now - KEPT_ANSWERS).await.map(|()| 0)
}
