//! Imports whose rows become items of a list in the store's profile.

use super::table::RowErrors;
use super::{Import, Outcome};
use crate::call::Call;
use crate::error::ApiError;
use crate::profile;
use lanekeeper_domain::Store;
use lanekeeper_platform::Platform;
use lanekeeper_storage::{StoreRow, replace_profile, store_row};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What merging a file's rows into a list's items came to: the outcome, what is wrong, and the row of each item's id.
pub type Merged = (Outcome, RowErrors, BTreeMap<String, usize>);

/// Merges rows into a list of the profile and keeps the profile, when all of it is right. Made again when somebody else
/// changed the profile meanwhile.
pub async fn import<P: Platform>(
    call: &Call<'_, P>,
    list: &str,
    preview: bool,
    merge: &dyn Fn(&Store, &mut Vec<Value>) -> Merged,
) -> Result<Import, ApiError> {
    for _ in 0..profile::TRIES {
        let row = store_row(call.database(), call.group(), call.place("store")).await?;
        let store = profile::parse(&row)?;
        let mut edited = json!(store);
        let mut items = edited[list].as_array().cloned().unwrap_or_default();
        let (outcome, mut errors, rows) = merge(&store, &mut items);
        edited[list] = Value::Array(items);
        let edited = StoreRow { profile: edited.to_string(), ..row };
        if errors.0.is_empty()
            && let Err(error) = profile::check(edited.profile.as_bytes())
        {
            note(error, list, &edited, &rows, &mut errors)?;
        }
        if !errors.0.is_empty() {
            return Ok(Err((outcome, errors)));
        }
        let done = preview || outcome.created + outcome.updated == 0;
        if done || replace_profile(call.database(), call.group(), &edited).await? {
            return Ok(Ok(outcome));
        }
    }
    Err(ApiError::Stale)
}

/// Notes what is wrong with the profile at the row that it came from, where it came from one.
fn note(
    error: ApiError,
    list: &str,
    edited: &StoreRow,
    rows: &BTreeMap<String, usize>,
    errors: &mut RowErrors,
) -> Result<(), ApiError> {
    let ApiError::Invalid(problems) = error else { return Err(error) };
    for problem in problems {
        let Some((id, column)) = profile::locate(&problem.field, list, &edited.profile) else {
            errors.0.push(problem);
            continue;
        };
        match rows.get(&id) {
            Some(row) => errors.note(*row, &column, problem.reason),
            None => errors.0.push(problem),
        }
    }
    Ok(())
}

/// A text as an id: small letters, digits and dashes.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}
