//! What people add to a conversation without speaking in it.

use crate::{HandlingError, Person};
use lanekeeper_domain::handling::Refusal;
use lanekeeper_platform::{Clock, Database, Platform, Random};
use lanekeeper_storage::{NewNote, put_note, set_tags};

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 4000;
const MOST_TAGS: usize = 20;
const LONGEST_TAG: usize = 40;

/// Writes a note that mentions these accounts, and returns its id.
pub async fn note<P: Platform>(
    platform: &P,
    database: &P::Database,
    (store, conversation): (&str, &str),
    by: Person<'_>,
    text: &str,
    mentions: &[String],
) -> Result<String, HandlingError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(invalid("text", "is empty"));
    }
    if text.chars().count() > LONGEST_NOTE {
        return Err(invalid("text", "is longer than 4000 characters"));
    }
    let now = platform.clock().now();
    let id = platform.random().id(now);
    let note = NewNote { id: &id, store, conversation, account: by.account, text, mentions };
    let written = database.batch(put_note(&note, now).into()).await?;
    if written.first().is_none_or(lanekeeper_platform::Rows::is_empty) { Err(HandlingError::NotFound) } else { Ok(id) }
}

/// Replaces the tags of a conversation. They are trimmed, and each is there once.
pub async fn tag<P: Platform>(
    platform: &P,
    database: &P::Database,
    (store, conversation): (&str, &str),
    tags: &[String],
) -> Result<Vec<String>, HandlingError> {
    let mut kept: Vec<String> = Vec::new();
    for tag in tags.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > LONGEST_TAG {
            return Err(invalid("tags", "has one that is longer than 40 characters"));
        }
        if !kept.iter().any(|other| other == tag) {
            kept.push(tag.to_owned());
        }
    }
    if kept.len() > MOST_TAGS {
        return Err(invalid("tags", "has more than 20"));
    }
    let rows = database.run(set_tags(store, conversation, &kept, platform.clock().now())).await?;
    if rows.is_empty() { Err(HandlingError::NotFound) } else { Ok(kept) }
}

fn invalid(field: &'static str, reason: &'static str) -> HandlingError {
    Refusal::Invalid { field, reason }.into()
}
