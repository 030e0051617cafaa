//! What people do to a conversation: take it over, answer, hand it back, close it.
//!
//! An act is a turn like any other: it takes the conversation's next number. So an AI that has loaded the conversation before
//! cannot speak after it, and of two people who act on the same state one wins and the other looks again.

mod notes;
mod perform;
mod write;

pub use notes::{LONGEST_NOTE, note, tag};
pub use perform::{Done, perform};

use lanekeeper_domain::handling::Refusal;
use lanekeeper_platform::DatabaseError;

/// Somebody of the store.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Id of the account.
    pub account: &'a str,
    /// What customers may call them.
    pub name: &'a str,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HandlingError {
    /// The store has no such conversation.
    #[error("there is no such conversation")]
    NotFound,
    /// The rules do not allow it, as things stand.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too much happened in the conversation at the same time: trying again helps.
    #[error("too much is happening in this conversation at once")]
    Contended,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}
