//! How visits were, as customers say.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_platform::Statement;

/// An answer to be written.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewSatisfaction<'a> {
    pub id: &'a str,
    pub store: &'a str,
    pub customer: &'a str,
    pub conversation: &'a str,
    pub repair_order: Option<&'a str>,
    /// From 1 to 5.
    pub score: u8,
    pub comment: Option<&'a str>,
}

/// Writes an answer.
pub fn put_satisfaction(answer: &NewSatisfaction, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO satisfaction (id, store_id, customer_id, conversation_id, repair_order_id, score, comment, at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(answer.id)
    .bind(answer.store)
    .bind(answer.customer)
    .bind(answer.conversation)
    .bind(answer.repair_order)
    .bind(i64::from(answer.score))
    .bind(answer.comment)
    .bind(at(now))
}

/// Puts a comment to the latest answer in a conversation, if that has none yet.
pub fn comment_on_satisfaction(store: &str, conversation: &str, comment: &str) -> Statement {
    Statement::new(
        "UPDATE satisfaction SET comment = ?3 WHERE comment IS NULL AND id = (SELECT id FROM satisfaction \
           WHERE conversation_id = ?2 AND store_id = ?1 ORDER BY at DESC LIMIT 1)",
    )
    .bind(store)
    .bind(conversation)
    .bind(comment)
}
