//! What can be wrong with a request of the API.

use lanekeeper_platform::{DatabaseError, Platform, Response};
use lanekeeper_storage::ViewError;
use serde_json::json;

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ApiError {
    /// No route has this path.
    #[error("There is nothing at this path. See the README for the routes of the API.")]
    NoSuchRoute,
    /// The route has other methods.
    #[error("This route does not take this method.")]
    Method,
    /// No key came along.
    #[error("Send an API key in the header 'Authorization: Bearer …'.")]
    NoKey,
    /// The key is not one of ours.
    #[error("The API key is not valid.")]
    WrongKey,
    /// The body is not what the route takes.
    #[error("{0}")]
    Body(String),
    /// The page's length is no number, or too large.
    #[error("limit must be a number from 1 to 200.")]
    Limit,
    /// There is no such thing, or it is another group's.
    #[error(transparent)]
    View(#[from] ViewError),
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> Self {
        Self::View(error.into())
    }
}

impl ApiError {
    /// The answer, as problem details.
    pub fn response<P: Platform>(&self, platform: &P) -> Response {
        let (status, title) = match self {
            Self::NoSuchRoute | Self::View(ViewError::NotFound(_)) => (404, "Not found"),
            Self::Method => (405, "Method not allowed"),
            Self::NoKey | Self::WrongKey => (401, "Not signed in"),
            Self::Body(_) | Self::Limit | Self::View(ViewError::Cursor) => (400, "The request is not right"),
            Self::View(ViewError::Database(DatabaseError::Unavailable(_))) => (503, "Try again"),
            Self::View(ViewError::Database(_)) => (500, "Our mistake"),
        };
        if status >= 500 {
            platform.log(&json!({"event": "api_failed", "status": status, "error": self.to_string()}));
            return Response::problem(status, title, "The request could not be answered. Please try again.");
        }
        let response = Response::problem(status, title, &self.to_string());
        if status == 401 { response.with_header("www-authenticate", "Bearer") } else { response }
    }
}
