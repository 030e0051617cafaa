//! A store's profile as the API changes it: checked as a whole, and replaced only where nobody else was quicker.

use crate::call::Call;
use crate::error::ApiError;
use crate::input;
use lanekeeper_domain::Store;
use lanekeeper_platform::{DatabaseError, Platform};
use lanekeeper_storage::{StoreRow, replace_profile, store_row};
use serde_json::{Value, json};

/// How often an edit of a part is made again when somebody else changed the profile meanwhile.
pub const TRIES: u32 = 5;

/// The profile in this text, if all of it is right.
pub fn check(text: &[u8]) -> Result<Store, ApiError> {
    let store: Store = input::body(text)?;
    match store.problem() {
        None => Ok(store),
        Some(problem) => {
            let (field, reason) = problem.split_once(": ").unwrap_or(("body", &problem));
            Err(ApiError::field(field, reason))
        }
    }
}

/// The profile as it is kept, and its revision.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<(Value, i64), ApiError> {
    let row = store_row(call.database(), call.group(), call.place("store")).await?;
    Ok((json!(parse(&row)?), row.revision))
}

/// An edited profile.
pub struct Edited {
    /// As it is kept from now on.
    pub profile: Value,
    /// Its revision.
    pub revision: i64,
    /// Whether what was set was there before.
    pub was_there: bool,
}

/// Edits the profile; `edit` says whether what it sets was there before.
pub async fn edit<P: Platform>(
    call: &Call<'_, P>,
    edit: &dyn Fn(&mut Value) -> Result<bool, ApiError>,
) -> Result<Edited, ApiError> {
    for _ in 0..TRIES {
        let row = store_row(call.database(), call.group(), call.place("store")).await?;
        call.demand_match(row.revision)?;
        let mut profile = json!(parse(&row)?);
        let was_there = edit(&mut profile)?;
        let edited = StoreRow { profile: profile.to_string(), ..row };
        let profile = json!(check(edited.profile.as_bytes())?);
        if replace_profile(call.database(), call.group(), &edited).await? {
            return Ok(Edited { profile, revision: edited.revision + 1, was_there });
        }
    }
    Err(ApiError::Stale)
}

/// The profile in a row.
pub fn parse(row: &StoreRow) -> Result<Store, ApiError> {
    Ok(serde_json::from_str(&row.profile).map_err(|error| DatabaseError::Decode(error.to_string()))?)
}

/// Which item of a list of the profile a field is about, by its id, and where in the item: `services[3].minutes` and
/// `services.oil-change.minutes` alike.
pub fn locate(field: &str, list: &str, profile: &str) -> Option<(String, String)> {
    let rest = field.strip_prefix(list)?;
    let (id, rest) = if let Some(rest) = rest.strip_prefix('[') {
        let (place, rest) = rest.split_once(']')?;
        let profile: Value = serde_json::from_str(profile).ok()?;
        (profile[list][place.parse::<usize>().ok()?]["id"].as_str()?.to_owned(), rest)
    } else {
        let rest = rest.strip_prefix('.')?;
        let end = rest.find('.').unwrap_or(rest.len());
        (rest[..end].to_owned(), &rest[end..])
    };
    Some((id, rest.trim_start_matches('.').to_owned()))
}
