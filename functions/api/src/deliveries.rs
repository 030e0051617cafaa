//! What leaves.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_platform::{Platform, Queue, Shard};
use lanekeeper_storage::{find_in_group, replay_delivery};
use serde_json::json;

/// `POST /api/v1/deliveries/{delivery}/replay`: tries a parked delivery once more.
pub async fn replay<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let id = call.place("delivery");
    let replay = async |shard: Shard<'_, _>| {
        replay_delivery(shard.database, call.group(), id, call.now).await?;
        Ok(shard.wake_up(id))
    };
    let wake_up = find_in_group(call.platform, call.group(), "parked delivery", replay).await?;
    wake(call.platform, &[wake_up]).await;
    Ok(Answer::ok(json!({"id": id, "status": "pending"})))
}

/// Wakes what is due. A wake-up that fails is only a delay: the clock sweeps what is due.
pub async fn wake<P: Platform>(platform: &P, wake_ups: &[String]) {
    if wake_ups.is_empty() {
        return;
    }
    if let Err(error) = platform.queue().wake(wake_ups).await {
        platform.log(&json!({"event": "wake_failed", "error": error.to_string()}));
    }
}
