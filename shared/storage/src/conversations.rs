//! Conversations, their messages and turns.

use crate::at;
use crate::inbox::spaced;
use chrono::{DateTime, Utc};
use lanekeeper_platform::Statement;

/// A conversation to be written.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewConversation<'a> {
    pub id: &'a str,
    pub store: &'a str,
    pub line: &'a str,
    /// The customer's address on that line.
    pub peer: &'a str,
    pub customer: &'a str,
    /// ISO 639-1.
    pub language: &'a str,
}

/// Writes a conversation that begins.
pub fn start_conversation(conversation: &NewConversation, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, '{}', ?7, ?7)",
    )
    .bind(conversation.id)
    .bind(conversation.store)
    .bind(conversation.line)
    .bind(conversation.peer)
    .bind(conversation.customer)
    .bind(conversation.language)
    .bind(at(now))
}

/// What a turn leaves behind in its conversation.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct ConversationUpdate<'a> {
    pub id: &'a str,
    pub store: &'a str,
    /// Whose it was when the turn was loaded.
    pub customer: &'a str,
    pub language: &'a str,
    pub mood: &'a str,
    /// JSON.
    pub state: &'a str,
    /// The number of the turn.
    pub turn: i64,
    /// Whether the customer waits for an answer, where a person is to give it.
    pub waits: bool,
    /// When somebody else is alerted, should nobody have answered by then.
    pub escalate_at: Option<DateTime<Utc>>,
}

/// Writes what a turn leaves behind. Whatever a customer writes opens the conversation and brings it to sight again. The
/// batch fails where the conversation has become another customer's: two that proved to be one were merged meanwhile, and
/// the turn's rows would be nobody's.
pub fn update_conversation(update: &ConversationUpdate, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE conversations SET language = ?3, mood = ?4, state = ?5, updated_at = ?7, \
           turns = CASE WHEN customer_id = ?9 THEN ?6 END, \
           status = 'open', result = NULL, closed_at = NULL, snoozed_until = NULL, \
           waiting_since = CASE WHEN ?8 AND handling = 'person' THEN COALESCE(waiting_since, ?7) ELSE waiting_since END, \
           escalate_at = CASE WHEN ?8 AND handling = 'person' AND waiting_since IS NULL THEN ?10 ELSE escalate_at END, \
           escalations = CASE WHEN ?8 AND handling = 'person' AND waiting_since IS NULL THEN 0 ELSE escalations END \
         WHERE id = ?1 AND store_id = ?2",
    )
    .bind(update.id)
    .bind(update.store)
    .bind(update.language)
    .bind(update.mood)
    .bind(update.state)
    .bind(update.turn)
    .bind(at(now))
    .bind(update.waits)
    .bind(update.customer)
    .bind(update.escalate_at.map(at))
}

/// A message to be written.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewMessage<'a> {
    pub id: &'a str,
    pub store: &'a str,
    pub conversation: &'a str,
    pub line: &'a str,
    /// `customer`, `ai` or `person`.
    pub author: &'a str,
    /// The account of a person of the store.
    pub account: Option<&'a str>,
    pub text: &'a str,
    /// JSON: a list of `{"url", "content_type"}`.
    pub media: &'a str,
    pub provider_message: Option<&'a str>,
    /// The message that it answers.
    pub reply_to: Option<&'a str>,
    /// Its place among messages of the same instant.
    pub position: i32,
}

/// Writes a message. The batch fails where the provider's message is there already.
pub fn put_message(message: &NewMessage, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, media, provider_message_id, reply_to, \
         created_at, position, account, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )
    .bind(message.id)
    .bind(message.store)
    .bind(message.conversation)
    .bind(message.line)
    .bind(message.author)
    .bind(message.text)
    .bind(message.media)
    .bind(message.provider_message)
    .bind(message.reply_to)
    .bind(at(now))
    .bind(message.position)
    .bind(message.account)
    .bind(spaced(message.text))
}

/// A turn to be written.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewTurn<'a> {
    pub conversation: &'a str,
    pub number: i64,
    pub store: &'a str,
    /// The message that was heard.
    pub message: &'a str,
    /// JSON.
    pub understanding: &'a str,
    /// JSON: the acts.
    pub said: &'a str,
    /// JSON: what asking a model came to; absent when none was asked.
    pub model: Option<String>,
    /// From the webhook's arrival to the commit, in milliseconds.
    pub elapsed_ms: i64,
}

/// Writes a turn. The batch fails where another turn has this number: that is the conversation's optimistic lock.
pub fn put_turn(turn: &NewTurn, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO turns (conversation_id, number, store_id, message_id, understanding, said, model, elapsed_ms, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(turn.conversation)
    .bind(turn.number)
    .bind(turn.store)
    .bind(turn.message)
    .bind(turn.understanding)
    .bind(turn.said)
    .bind(turn.model.clone())
    .bind(turn.elapsed_ms)
    .bind(at(now))
}
