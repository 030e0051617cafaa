//! What a text would be understood as, without changing anything.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use chrono::{DateTime, Datelike, FixedOffset};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{Asked, Context, ProposedLine};
use lanekeeper_platform::Platform;
use lanekeeper_storage::store_profile;
use lanekeeper_understanding::hear;
use serde::Deserialize;
use serde_json::json;

/// The longest text that is read, in characters: ten concatenated messages.
const LONGEST_TEXT: usize = 1600;

/// A text to be understood.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// At most 1600 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 1600, example = "oil change tomorrow at 9"))]
    text: String,
    /// With the store's offset; the time of the request when absent.
    #[serde(default)]
    now: Option<DateTime<FixedOffset>>,
    /// What stood before the text: `language`, `asked`, `offered`, `around`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    context: Surroundings,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Surroundings {
    language: Option<Language>,
    asked: Option<Asked>,
    offered: Vec<chrono::NaiveDateTime>,
    around: Option<chrono::NaiveDate>,
    proposed: Vec<ProposedLine>,
}

/// `POST /api/v1/stores/{store}/understand`: understands the text in the body as a message to this store.
pub async fn answer<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let question: Question = call.body()?;
    if question.text.chars().count() > LONGEST_TEXT {
        return Err(ApiError::field("text", format!("must be at most {LONGEST_TEXT} characters long")));
    }
    if question.now.is_some_and(|now| !(2000..=2100).contains(&now.year())) {
        return Err(ApiError::field("now", "must be in the years 2000 to 2100"));
    }
    let store = store_profile(call.database(), call.group(), call.place("store")).await?;
    let now = question.now.map_or(call.now, |now| now.to_utc());
    let Surroundings { language, asked, offered, around, proposed } = question.context;
    let advisors = store.advisor_names();
    let context = Context {
        now: store.local(now),
        language: language.unwrap_or(store.language),
        asked,
        offered,
        around,
        advisors,
        proposed,
    };
    let heard = hear(call.platform, &question.text, &context, &store.services, false).await;
    let mut answer = json!(heard.understanding);
    if let Some(model) = heard.model {
        answer["model"] = model;
    }
    Ok(Answer::ok(answer))
}
