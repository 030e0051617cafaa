//! What can go wrong in the simulator, and what is said then.

use lanekeeper_channels::ChannelError;
use lanekeeper_platform::{DatabaseError, Platform, Response};
use lanekeeper_webhooks::WebhookError;
use serde_json::json;

/// Why a request to the simulator is not answered as wished.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimulatorError {
    /// No route has this path.
    #[error("There is nothing at this path.")]
    NoSuchRoute,
    /// The route has these methods only.
    #[error("This route answers {0}.")]
    Method(&'static str),
    /// The setting is not `on`.
    #[error("The simulator is off. Set SIMULATOR=on to try Lanekeeper; leave it off where real customers write.")]
    Off,
    /// There is no such line, or it serves real customers.
    #[error("There is no such line that the simulator may write to. Set \"simulated\": true on a line of your setup.")]
    NoSuchLine,
    /// The body is not said to be JSON. Other sites' pages cannot send that without being asked, so they are kept out.
    #[error("Send JSON, with the header 'Content-Type: application/json'.")]
    NotJson,
    /// The body is too long.
    #[error("The body is too long.")]
    TooLong,
    /// The request is not what the route takes.
    #[error("{0}")]
    Invalid(String),
    /// The number belongs, or may belong, to somebody.
    #[error(
        "'from' must be a number that belongs to nobody: +1 and any area code with 555-0100 to 555-0199, or +86 170 0000 and four digits."
    )]
    Peer,
    /// The number has sent more than anybody needs for a try.
    #[error("This number has sent all the messages it may. Take a new number.")]
    Exhausted,
    /// The line cannot be written to: ours to set right.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
}

impl From<DatabaseError> for SimulatorError {
    fn from(error: DatabaseError) -> Self {
        Self::Webhook(error.into())
    }
}

impl From<ChannelError> for SimulatorError {
    fn from(error: ChannelError) -> Self {
        Self::Webhook(error.into())
    }
}

impl SimulatorError {
    /// The answer, as problem details.
    pub fn response<P: Platform>(&self, platform: &P) -> Response {
        let (status, title) = match self {
            Self::NoSuchRoute | Self::NoSuchLine => (404, "Not found"),
            Self::Off => (404, "The simulator is off"),
            Self::Method(_) => (405, "Method not allowed"),
            Self::NotJson => (415, "Not JSON"),
            Self::TooLong => (413, "Too long"),
            Self::Invalid(_) | Self::Peer => (400, "The request is not right"),
            Self::Exhausted => (429, "Too many messages"),
            Self::Webhook(error) => {
                platform.log(&json!({"event": "simulator_failed", "error": error.to_string()}));
                return Response::problem(503, "Try again", "The message was not taken in. Please send it again.");
            }
        };
        let response = Response::problem(status, title, &self.to_string());
        match self {
            Self::Method(allowed) => response.with_header("allow", allowed),
            _ => response,
        }
    }
}
