//! What can go wrong with a webhook, and what the provider is told.

use lanekeeper_channels::ChannelError;
use lanekeeper_platform::{DatabaseError, Platform, Response};
use lanekeeper_storage::SealError;
use lanekeeper_turn::TurnError;
use serde_json::json;

/// Why a webhook was not answered as it should be. After a 5xx the provider tries again.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WebhookError {
    /// The path is no webhook's.
    #[error("there is no such webhook")]
    NoSuchRoute,
    /// The provider's request is not acceptable.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The line's credentials cannot be read: ours to set right.
    #[error(transparent)]
    Sealed(#[from] SealError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The turn did not come to its end.
    #[error(transparent)]
    Turn(#[from] TurnError),
}

impl WebhookError {
    /// The answer to the provider; what is ours to set right goes to the log.
    pub fn response<P: Platform>(&self, platform: &P) -> Response {
        let (status, title) = match self {
            Self::NoSuchRoute | Self::Turn(TurnError::NoSuchLine) => (404, "Not found"),
            Self::Channel(error) => match error.status() {
                403 => (403, "Not signed by the provider"),
                status => (status, "The request is not a webhook of the provider's"),
            },
            Self::Database(DatabaseError::Unavailable(_))
            | Self::Turn(TurnError::Database(DatabaseError::Unavailable(_)) | TurnError::Contended) => {
                (503, "Try again")
            }
            Self::Sealed(_) | Self::Database(_) | Self::Turn(TurnError::Database(_)) => (500, "Our mistake"),
        };
        if status >= 500 {
            platform.log(&json!({"event": "webhook_failed", "status": status, "error": self.to_string()}));
            return Response::problem(status, title, "The message was not taken in. Please send it again.");
        }
        Response::problem(status, title, &format!("{self}."))
    }
}
