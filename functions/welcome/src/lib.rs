//! To be written.

use lanekeeper_platform::{Platform, Request, Response};

/// Answers a request whose path is this function's.
pub async fn handle<P: Platform>(_platform: &P, _request: &Request) -> Response {
    Response::problem(501, "Not yet", "This is being written.")
}
