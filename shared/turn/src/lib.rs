//! One turn: everything between a customer's message, whatever brought it, and the words to answer with.

mod answer;
mod commit;
mod playbooks;
mod propose;

pub use answer::answer;
pub use playbooks::{fresh, remembered};
pub use propose::propose;

use lanekeeper_platform::DatabaseError;

/// Why a message was not taken in. Nothing of it was kept, unless the database does not know that itself; the same message
/// may always be sent again.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TurnError {
    /// There is no such line.
    #[error("there is no such line")]
    NoSuchLine,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Others changed the conversation again and again while we tried.
    #[error("the conversation changed too often at once")]
    Contended,
}
