//! What can be wrong with a request of the frame's.

use lanekeeper_channels::ChannelError;
use lanekeeper_platform::{DatabaseError, Platform, Response};
use lanekeeper_turn::TurnError;
use serde_json::json;

/// Why a request of the frame's is not answered as it should be. After a 5xx the frame tries again.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WidgetError {
    /// There is nothing at this path.
    #[error("there is no such route")]
    NoSuchRoute,
    /// The line does not exist, or is no widget.
    #[error("there is no such widget")]
    NoSuchWidget,
    /// The route has these methods only.
    #[error("this route takes {0}")]
    Method(&'static str),
    /// It comes from a page that is not the frame.
    #[error("only the widget's own frame may ask")]
    NotTheFrame,
    /// It bears no secret of a visitor's.
    #[error("send the visitor's secret as `Authorization: Bearer …`")]
    NoVisitor,
    /// What was sent is not acceptable.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// A field does not have the form that it should have.
    #[error("{field} {problem}")]
    Invalid {
        /// The field's name.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The visitor did something too often.
    #[error("that was too often; try again in an hour")]
    TooOften,
    /// What was sent is larger than we keep.
    #[error("a file may have {0} bytes")]
    TooLarge(usize),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The turn did not come to its end.
    #[error(transparent)]
    Turn(#[from] TurnError),
}

impl WidgetError {
    /// The answer to the frame; what is ours to set right goes to the log.
    pub fn response<P: Platform>(&self, platform: &P) -> Response {
        let (status, title) = match self {
            Self::NoSuchRoute | Self::NoSuchWidget | Self::Turn(TurnError::NoSuchLine) => (404, "Not found"),
            Self::Method(_) => (405, "Method not allowed"),
            Self::NotTheFrame => (403, "Forbidden"),
            Self::NoVisitor => (401, "Who is asking?"),
            Self::Channel(error) => (error.status(), "Not acceptable"),
            Self::Invalid { .. } => (400, "Not acceptable"),
            Self::TooLarge(_) => (413, "Too large"),
            Self::TooOften => (429, "Too often"),
            Self::Database(DatabaseError::Unavailable(_))
            | Self::Turn(TurnError::Database(DatabaseError::Unavailable(_)) | TurnError::Contended) => {
                (503, "Try again")
            }
            Self::Database(_) | Self::Turn(TurnError::Database(_)) => (500, "Our mistake"),
        };
        if status >= 500 {
            platform.log(&json!({"event": "widget_failed", "status": status, "error": self.to_string()}));
            return Response::problem(status, title, "Please try again.");
        }
        let response = Response::problem(status, title, &format!("{self}."));
        match self {
            Self::Method(allowed) => response.with_header("allow", allowed),
            _ => response,
        }
    }
}
