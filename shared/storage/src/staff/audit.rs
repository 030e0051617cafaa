//! The log of what people changed.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;
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

/// Which part of the log is asked for.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter<'a> {
    /// The person who did it; `None` for everybody.
    pub account: Option<&'a str>,
    /// The id of the last row of the page before; `None` for the first page.
    pub before: Option<&'a str>,
    /// At most so many rows.
    pub limit: u32,
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AuditRow {
    /// Sorts by time.
    pub id: String,
    /// The store; `None` for what concerned the group as a whole.
    pub store_id: Option<String>,
    /// Who.
    pub account_id: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What else, as JSON.
    pub details: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// The log of these stores of a group on one shard, the latest first; with `of_group`, in the directory's database, also what
/// concerned the group as a whole.
pub async fn audit_log(
    database: &impl Database,
    group: &str,
    stores: &[&str],
    of_group: bool,
    filter: &AuditFilter<'_>,
) -> Result<Vec<AuditRow>, DatabaseError> {
    // No id comes after this one.
    let before = filter.before.unwrap_or("~");
    let columns = "id, store_id, account_id, action, subject, details, at";
    let newest = match filter.account {
        Some(_) => "x.store_id = s.value AND x.account_id = ?5 AND x.id < ?3",
        None => "x.store_id = s.value AND x.id < ?3 AND ?5 IS NULL",
    };
    // Of each store no more rows are looked at than may be shown.
    let select = |what: String| {
        Statement::new(what)
            .bind(serde_json::json!(stores).to_string())
            .bind(group)
            .bind(before)
            .bind(filter.limit)
            .bind(filter.account)
    };
    let mut batch = vec![select(format!(
        "SELECT {columns} FROM audit_log WHERE group_id = ?2 AND id IN (SELECT n.id FROM json_each(?1) s JOIN audit_log n \
         ON n.id IN (SELECT x.id FROM audit_log x WHERE {newest} ORDER BY x.id DESC LIMIT ?4)) ORDER BY id DESC LIMIT ?4"
    ))];
    if of_group {
        batch.push(select(format!(
            "SELECT {columns} FROM audit_log WHERE group_id = ?2 AND store_id IS NULL AND id < ?3 \
             AND (?5 IS NULL OR account_id = ?5) AND ?1 IS NOT NULL ORDER BY id DESC LIMIT ?4"
        )));
    }
    let mut rows: Vec<AuditRow> = Vec::new();
    for part in database.batch(batch).await? {
        rows.append(&mut part.decode()?);
    }
    Ok(latest(rows, filter.limit))
}

/// The latest of the rows.
fn latest(mut rows: Vec<AuditRow>, limit: u32) -> Vec<AuditRow> {
    rows.sort_by(|a, b| b.id.cmp(&a.id));
    rows.truncate(limit as usize);
    rows
}
