//! Conversations, and what people do to them.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_domain::handling::{CloseResult, HandlingAct, Refusal};
use lanekeeper_handling::{HandlingError, Person, note, perform};
use lanekeeper_platform::{Platform, Shard};
use lanekeeper_storage::{conversation_thread, database_of, find_in_group};
use serde::Deserialize;
use serde_json::Value;

/// Who acts where the caller names nobody.
const NOBODY: &str = "api";

/// Somebody takes a conversation over.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TakeOver {
    /// Id of the account that speaks from now on.
    pub account: String,
    /// What the customer may call them.
    pub name: String,
    /// The account that it is taken from, where another person holds the conversation.
    pub from: Option<String>,
}

/// Somebody writes to the customer, and takes the conversation over with it.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    /// Id of the account that writes.
    pub account: String,
    /// What the customer may call them.
    pub name: String,
    /// What the customer reads: at most 1530 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1530))]
    pub text: String,
}

/// Something for the store's people alone.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoteFields {
    /// Id of the account that writes.
    pub account: String,
    /// At most 4000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 4000))]
    pub text: String,
    /// Accounts that are alerted.
    #[serde(default)]
    pub mentions: Vec<String>,
}

/// Whom a conversation is expected of.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// An account; null for nobody in particular.
    pub to: Option<String>,
}

/// What a conversation came to.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// `booked`, `answered`, `lead`, `settled`, `no_reply`, `nothing` or `spam`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "answered"))]
    pub result: CloseResult,
}

/// `GET /api/v1/conversations/{conversation}`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    Ok(Answer::ok(find(call).await?))
}

/// `POST /api/v1/conversations/{conversation}/take-over`: the AI is silent from now on.
pub async fn take_over<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let thread = find(call).await?;
    let TakeOver { account, name, from } = call.body()?;
    check("account", &account)?;
    check("name", &name)?;
    act(call, &thread, Some((&account, &name)), &HandlingAct::TakeOver { from }).await
}

/// `POST /api/v1/conversations/{conversation}/hand-back`: the AI answers again, whoever has held the conversation.
pub async fn hand_back<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let thread = find(call).await?;
    act(call, &thread, None, &HandlingAct::HandBack { word: None, tell: true }).await
}

/// `POST /api/v1/conversations/{conversation}/replies`.
pub async fn reply<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let thread = find(call).await?;
    let NewReply { account, name, text } = call.body()?;
    check("account", &account)?;
    check("name", &name)?;
    act(call, &thread, Some((&account, &name)), &HandlingAct::Reply { text }).await
}

/// `POST /api/v1/conversations/{conversation}/assign`.
pub async fn assign<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let thread = find(call).await?;
    let Assignment { to } = call.body()?;
    to.iter().try_for_each(|to| check("to", to))?;
    act(call, &thread, None, &HandlingAct::Assign { to }).await
}

/// `POST /api/v1/conversations/{conversation}/close`: it is done, whoever has held it.
pub async fn close<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let thread = find(call).await?;
    let Closing { result } = call.body()?;
    act(call, &thread, None, &HandlingAct::Close { result }).await
}

/// `POST /api/v1/conversations/{conversation}/notes`.
pub async fn write_note<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let thread = find(call).await?;
    let NoteFields { account, text, mentions } = call.body()?;
    check("account", &account)?;
    mentions.iter().try_for_each(|account| check("mentions", account))?;
    let store = text_of(&thread, "store_id").unwrap_or_default();
    let shard = shard_of(call, store).await?;
    let (place, by) = ((store, call.place("conversation")), Person { account: &account, name: "" });
    note(call.platform, shard.database, place, by, &text, &mentions, &[]).await?;
    read(call).await
}

/// Does something as this person (account and name) or, where the caller names nobody, as whoever holds the conversation.
async fn act<P: Platform>(
    call: &Call<'_, P>,
    thread: &Value,
    by: Option<(&str, &str)>,
    act: &HandlingAct,
) -> Result<Answer, ApiError> {
    let holder = text_of(thread, "assignee").filter(|_| text_of(thread, "joined_at").is_some());
    let (account, name) = by.unwrap_or((holder.unwrap_or(NOBODY), ""));
    let store = text_of(thread, "store_id").unwrap_or_default();
    let shard = shard_of(call, store).await?;
    let place = (store, call.place("conversation"));
    match perform(call.platform, shard, place, Person { account, name }, act, &[]).await {
        // What was so before is so now.
        Ok(_) | Err(HandlingError::Refused(Refusal::NotTaken)) => read(call).await,
        Err(error) => Err(error.into()),
    }
}

/// Accounts and names are short, and there is something in them.
fn check(field: &str, value: &str) -> Result<(), ApiError> {
    let fits = (1..=80).contains(&value.trim().chars().count());
    if fits { Ok(()) } else { Err(ApiError::field(field, "must have 1 to 80 characters")) }
}

fn text_of<'a>(thread: &'a Value, name: &str) -> Option<&'a str> {
    thread.get(name).and_then(Value::as_str)
}

async fn shard_of<'a, P: Platform>(call: &Call<'a, P>, store: &str) -> Result<Shard<'a, P::Database>, ApiError> {
    database_of(call.platform, store).await?.ok_or(ApiError::not_found("conversation"))
}

/// The conversation, as it is shown.
async fn find<P: Platform>(call: &Call<'_, P>) -> Result<Value, ApiError> {
    let thread =
        async |shard: Shard<'_, _>| conversation_thread(shard.database, call.group(), call.place("conversation")).await;
    Ok(find_in_group(call.platform, call.group(), "conversation", thread).await?)
}
