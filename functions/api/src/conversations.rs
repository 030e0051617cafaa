//! Conversations.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_domain::handling::{HandlingAct, Refusal};
use lanekeeper_handling::{HandlingError, Person, perform};
use lanekeeper_platform::{Platform, Shard};
use lanekeeper_storage::{conversation_thread, database_of, find_in_group};
use serde_json::Value;

/// Who acts where the caller names nobody.
const NOBODY: &str = "api";

/// `GET /api/v1/conversations/{conversation}`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    Ok(Answer::ok(find(call).await?))
}

/// `POST /api/v1/conversations/{conversation}/hand-back`: the AI answers again, whoever has held the conversation.
pub async fn hand_back<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let thread = find(call).await?;
    let text = |name: &str| thread.get(name).and_then(Value::as_str);
    let by = Person { account: text("assignee").unwrap_or(NOBODY), name: "" };
    let store = text("store_id").unwrap_or_default();
    let shard = database_of(call.platform, store).await?.ok_or(ApiError::not_found("conversation"))?;
    let act = HandlingAct::HandBack { word: None, tell: true };
    match perform(call.platform, shard, (store, call.place("conversation")), by, &act, &[]).await {
        // What was so before is so now.
        Ok(_) | Err(HandlingError::Refused(Refusal::NotTaken)) => read(call).await,
        Err(error) => Err(error.into()),
    }
}

/// The conversation, as it is shown.
async fn find<P: Platform>(call: &Call<'_, P>) -> Result<Value, ApiError> {
    let thread =
        async |shard: Shard<'_, _>| conversation_thread(shard.database, call.group(), call.place("conversation")).await;
    Ok(find_in_group(call.platform, call.group(), "conversation", thread).await?)
}
