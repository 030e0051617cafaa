//! What people add to a conversation without speaking in it.

use crate::{HandlingError, Person};
use lanekeeper_domain::handling::Refusal;
use lanekeeper_platform::{Clock, Database, Platform, Random, Rows, Statement};
use lanekeeper_storage::{NewAlert, NewNote, load_handled_conversation, put_alert, put_note, set_tags};

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 4000;
const MOST_TAGS: usize = 20;
const LONGEST_TAG: usize = 40;

/// Writes a note that mentions these accounts, who are alerted within a minute, and returns its id. `also` is written in the same batch.
pub async fn note<P: Platform>(
    platform: &P,
    database: &P::Database,
    (store, conversation): (&str, &str),
    by: Person<'_>,
    text: &str,
    mentions: &[String],
    also: &[Statement],
) -> Result<String, HandlingError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(invalid("text", "is empty"));
    }
    if text.chars().count() > LONGEST_NOTE {
        return Err(invalid("text", "is longer than 4000 characters"));
    }
    exists(database, store, conversation).await?;
    let now = platform.clock().now();
    let id = platform.random().id(now);
    let note = NewNote { id: &id, store, conversation, account: by.account, text, mentions };
    let told = mentions.iter().filter(|account| *account != by.account).map(|account| {
        let (id, account) = (platform.random().id(now), Some(account.as_str()));
        let alert = NewAlert { id: &id, store, conversation, kind: "mentioned", account, except: None, due_at: now };
        put_alert(&alert, now)
    });
    let batch = put_note(&note, now).into_iter().chain(told).chain(also.iter().cloned()).collect();
    let written = database.batch(batch).await?;
    if written.first().is_none_or(Rows::is_empty) { Err(HandlingError::NotFound) } else { Ok(id) }
}

/// Replaces the tags of a conversation. They are trimmed, and each is there once. `also` is written in the same batch.
pub async fn tag<P: Platform>(
    platform: &P,
    database: &P::Database,
    (store, conversation): (&str, &str),
    tags: &[String],
    also: &[Statement],
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
    exists(database, store, conversation).await?;
    let set = set_tags(store, conversation, &kept, platform.clock().now());
    let rows = database.batch(std::iter::once(set).chain(also.iter().cloned()).collect()).await?;
    if rows.first().is_none_or(Rows::is_empty) { Err(HandlingError::NotFound) } else { Ok(kept) }
}

/// What is written along must not be written for nothing.
async fn exists(database: &impl Database, store: &str, conversation: &str) -> Result<(), HandlingError> {
    let found = load_handled_conversation(database, store, conversation).await?;
    found.map(drop).ok_or(HandlingError::NotFound)
}

fn invalid(field: &'static str, reason: &'static str) -> HandlingError {
    Refusal::Invalid { field, reason }.into()
}
