//! Forgetting what is no longer needed.

use chrono::TimeDelta;
use lanekeeper_platform::{Clock, DatabaseError, Platform, Shard};
use lanekeeper_storage::forget_answers;

/// How long the API's answers are kept to be given again under their idempotency keys.
const KEPT_ANSWERS: TimeDelta = TimeDelta::hours(24);

/// Forgets old answers of the API. Nobody wants to read of it in the log.
pub async fn sweep<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<usize, DatabaseError> {
    forget_answers(shard.database, platform.clock().now() - KEPT_ANSWERS).await.map(|()| 0)
}
