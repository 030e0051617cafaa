//! What a text would be understood as, without changing anything.

use crate::error::ApiError;
use chrono::{DateTime, FixedOffset};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{Asked, Context, Named};
use lanekeeper_platform::{Clock, Platform};
use lanekeeper_storage::{Caller, database_in_group, store_profile};
use lanekeeper_understanding::hear;
use serde::Deserialize;
use serde_json::{Value, json};

/// The longest text that is read, in characters: ten concatenated messages.
const LONGEST_TEXT: usize = 1600;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    text: String,
    /// With the store's offset; the time of the request when absent.
    #[serde(default)]
    now: Option<DateTime<FixedOffset>>,
    #[serde(default)]
    context: Surroundings,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Surroundings {
    language: Option<Language>,
    asked: Option<Asked>,
    offered: Vec<chrono::NaiveDateTime>,
    around: Option<chrono::NaiveDate>,
}

/// Understands the text in the body as a message to this store.
pub async fn answer<P: Platform>(platform: &P, caller: &Caller, store: &str, body: &[u8]) -> Result<Value, ApiError> {
    let question: Question =
        serde_json::from_slice(body).map_err(|error| ApiError::Body(format!("The body is not right: {error}.")))?;
    if question.text.chars().count() > LONGEST_TEXT {
        return Err(ApiError::Body(format!("text must be at most {LONGEST_TEXT} characters long.")));
    }
    let shard = database_in_group(platform, &caller.group_id, store).await?;
    let store = store_profile(shard.database, &caller.group_id, store).await?;
    let now = question.now.map_or_else(|| platform.clock().now(), |now| now.to_utc());
    let Surroundings { language, asked, offered, around } = question.context;
    let advisors = store.advisors.iter().map(|one| Named { id: one.id.clone(), name: one.name.clone() }).collect();
    let context = Context {
        now: store.local(now),
        language: language.unwrap_or(store.language),
        asked,
        offered,
        around,
        advisors,
    };
    let heard = hear(platform, &question.text, &context, &store.services, false).await;
    let mut answer = json!(heard.understanding);
    if let Some(model) = heard.model {
        answer["model"] = model;
    }
    Ok(answer)
}
