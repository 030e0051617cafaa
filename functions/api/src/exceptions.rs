//! Days with other hours than the week's.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::{ApiError, FieldError};
use crate::{pages, profile};
use chrono::NaiveDate;
use lanekeeper_domain::hours::Span;
use lanekeeper_platform::Platform;
use lanekeeper_storage::Page;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The hours of one day.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExceptionHours {
    /// Spans of the day in order; none when the store is closed.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, example = json!(["10:00-14:00"])))]
    hours: Vec<Span>,
}

/// `GET /api/v1/stores/{store}/hours/exceptions`: in order of date.
pub async fn list<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let (profile, revision) = profile::read(call).await?;
    let dates = profile["hours"]["exceptions"].as_object().cloned().unwrap_or_default();
    let items = dates.into_iter().map(|(date, hours)| json!({"date": date, "hours": hours})).collect();
    Ok(pages::answer(Page { items, next: None }).with_etag(revision))
}

/// `PUT /api/v1/stores/{store}/hours/exceptions/{date}`.
pub async fn put<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let date = date(call)?;
    let ExceptionHours { hours } = call.body()?;
    let exception = json!({"date": date, "hours": hours});
    let set = |profile: &mut Value| {
        let list = &mut profile["hours"]["exceptions"];
        if !list.is_object() {
            *list = Value::Object(Map::new());
        }
        let was_there = list.get(&date).is_some();
        list[date.as_str()] = json!(hours);
        Ok(was_there)
    };
    let edited = profile::edit(call, &set).await.map_err(|error| match error {
        // Nothing else was changed.
        ApiError::Invalid(errors) => {
            ApiError::Invalid(errors.into_iter().map(|error| FieldError::new("hours", error.reason)).collect())
        }
        other => other,
    })?;
    let answer =
        if edited.was_there { Answer::ok(exception) } else { Answer::created(call.request.path.clone(), exception) };
    Ok(answer.with_etag(edited.revision))
}

/// `DELETE /api/v1/stores/{store}/hours/exceptions/{date}`.
pub async fn remove<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let date = date(call)?;
    let unset = |profile: &mut Value| {
        let list = profile["hours"]["exceptions"].as_object_mut();
        list.and_then(|list| list.remove(&date)).map(|_| true).ok_or(ApiError::not_found("exception"))
    };
    let edited = profile::edit(call, &unset).await?;
    Ok(Answer::done().with_etag(edited.revision))
}

fn date<P: Platform>(call: &Call<'_, P>) -> Result<String, ApiError> {
    let date = call
        .place("date")
        .parse::<NaiveDate>()
        .map_err(|_| ApiError::parameter("date", "must be a date like 2026-12-24"))?;
    Ok(date.to_string())
}
