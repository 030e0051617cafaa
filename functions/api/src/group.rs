//! What a group wants of all its stores.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_domain::group::GroupSettings;
use lanekeeper_platform::Platform;
use lanekeeper_storage::{group_settings, replace_group_settings};
use serde_json::json;

/// `GET /api/v1/group`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let (settings, revision) = group_settings(call.platform, call.group()).await?;
    Ok(Answer::ok(json!(settings)).with_etag(revision))
}

/// `PUT /api/v1/group`.
pub async fn replace<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let expected = call.if_match()?;
    let settings: GroupSettings = call.body()?;
    let revision = replace_group_settings(call.platform, call.group(), &settings, expected).await?;
    Ok(Answer::ok(json!(settings)).with_etag(revision.ok_or(ApiError::Stale)?))
}
