//! Stores and their profiles.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use crate::{pages, profile};
use lanekeeper_platform::{Database, DatabaseError, Platform};
use lanekeeper_storage::{Page, StoreRow, databases_of_group, describe_store, replace_profile, stores};
use serde_json::{Value, json};

/// `GET /api/v1/stores`.
pub async fn list<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let (limit, after) = (call.limit()?, call.parameter("cursor").unwrap_or_default());
    let mut rows = Vec::new();
    for shard in databases_of_group(call.platform, call.group()).await? {
        rows.append(&mut stores(shard.database, call.group(), &after, limit + 1).await?);
    }
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id.clone());
    let items = rows.iter().map(summary).collect::<Result<_, _>>()?;
    Ok(pages::answer(Page { items, next }))
}

fn summary(row: &StoreRow) -> Result<Value, ApiError> {
    let profile: Value =
        serde_json::from_str(&row.profile).map_err(|error| DatabaseError::Decode(error.to_string()))?;
    let field = |name: &str| profile.get(name).cloned().unwrap_or_default();
    Ok(json!({
        "id": row.id,
        "name": field("name"),
        "time_zone": field("time_zone"),
        "currency": field("currency"),
        "language": field("language"),
        "phone": field("phone"),
        "revision": row.revision,
    }))
}

/// `GET /api/v1/stores/{store}`: the profile. Its `ETag` is for `If-Match`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let (profile, revision) = profile::read(call).await?;
    Ok(Answer::ok(profile).with_etag(revision))
}

/// `PUT /api/v1/stores/{store}`: another profile in place of the one that `If-Match` names.
pub async fn replace<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let wanted = call.required_match()?;
    let (_, revision) = profile::read(call).await?;
    let store = profile::check(&call.request.body)?;
    if store.id != call.place("store") {
        return Err(ApiError::field("id", "must be the id in the path"));
    }
    if store.group != call.group() {
        return Err(ApiError::field("group", "must be the group of the API key"));
    }
    let profile = json!(store);
    let (name, time_zone) = (store.name, store.time_zone);
    let row = StoreRow { id: store.id, revision: wanted.unwrap_or(revision), profile: profile.to_string() };
    if !replace_profile(call.database(), call.group(), &row).await? {
        return Err(ApiError::Stale);
    }
    // The profile has changed, whatever becomes of its copy: the desk then shows the old name for longer.
    if let Err(error) = call.platform.directory().run(describe_store(&row.id, &name, time_zone)).await {
        call.platform.log(&json!({"event": "store_not_described", "store": row.id, "error": error.to_string()}));
    }
    Ok(Answer::ok(profile).with_etag(row.revision + 1))
}
