//! Lists that are read page by page.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_platform::Platform;
use lanekeeper_storage::{Listing, Page, list, list_in_group};
use serde_json::json;

/// A page of one of a store's lists.
pub async fn page<P: Platform>(call: &Call<'_, P>, listing: Listing) -> Result<Answer, ApiError> {
    let (limit, cursor) = (call.limit()?, call.parameter("cursor"));
    let page = list(call.database(), call.group(), call.place("store"), listing, cursor.as_deref(), limit).await?;
    Ok(answer(page))
}

/// A page of a list over all stores of the caller's group.
pub async fn of_group<P: Platform>(call: &Call<'_, P>, listing: Listing) -> Result<Answer, ApiError> {
    let (limit, cursor) = (call.limit()?, call.parameter("cursor"));
    Ok(answer(list_in_group(call.platform, call.group(), listing, cursor.as_deref(), limit).await?))
}

/// A page as it is shown.
pub fn answer(Page { items, next }: Page) -> Answer {
    Answer::ok(json!({"items": items, "next_cursor": next}))
}
