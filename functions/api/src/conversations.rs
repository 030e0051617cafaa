//! Conversations.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_platform::{Platform, Shard};
use lanekeeper_storage::{conversation_thread, find_in_group};

/// `GET /api/v1/conversations/{conversation}`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let thread =
        async |shard: Shard<'_, _>| conversation_thread(shard.database, call.group(), call.place("conversation")).await;
    Ok(Answer::ok(find_in_group(call.platform, call.group(), "conversation", thread).await?))
}

/// `POST /api/v1/conversations/{conversation}/hand-back`: the AI answers again.
pub async fn hand_back<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let thread = async |shard: Shard<'_, _>| {
        lanekeeper_storage::hand_back(shard.database, call.group(), call.place("conversation")).await?;
        conversation_thread(shard.database, call.group(), call.place("conversation")).await
    };
    Ok(Answer::ok(find_in_group(call.platform, call.group(), "conversation", thread).await?))
}
