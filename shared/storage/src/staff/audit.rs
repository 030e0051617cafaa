//! The log of what people changed.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_platform::Statement;
use serde_json::Value;

/// One change, as it is logged.
#[derive(Debug, Clone)]
pub struct Audit<'a> {
    /// A new id.
    pub id: &'a str,
    /// The group of the person.
    pub group: &'a str,
    /// The store that it concerns; `None` for what concerns the group as a whole.
    pub store: Option<&'a str>,
    /// The person's account.
    pub account: &'a str,
    /// What was done, as `subject.verb`, e.g. `conversation.take_over`.
    pub action: &'a str,
    /// The id of what it was done to.
    pub subject: &'a str,
    /// What else is worth knowing, as an object: never a secret, never what customers wrote.
    pub details: &'a Value,
    /// When.
    pub now: DateTime<Utc>,
}

/// Logs a change. It belongs into the batch that makes the change: on the store's shard, or where it concerns the group as a
/// whole, in the directory's database.
pub fn audit(change: &Audit) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (id, group_id, store_id, account_id, action, subject, details, at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(change.id)
    .bind(change.group)
    .bind(change.store)
    .bind(change.account)
    .bind(change.action)
    .bind(change.subject)
    .bind(change.details.to_string())
    .bind(at(change.now))
}
