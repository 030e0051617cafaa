//! `/internal/…`, for whoever runs the deployment and has its secret.
//!
//! `POST /internal/tick` is the clock, where the platform has no cron. `POST /internal/move-store` moves a store to another
//! shard, one stretch per call: `{"store": "hubin", "shard": 2}` until `step` in the answer is `done`.

use lanekeeper_platform::{DatabaseError, Platform, Request, Response, Settings};
use lanekeeper_storage::{MoveError, move_store};
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;

/// Answers anything under `/internal`.
pub async fn handle<P: Platform>(platform: &P, request: &Request) -> Response {
    let secret = platform.settings().get("INTERNAL_SECRET");
    if let Some(refusal) = refusal(request, secret.as_deref()) {
        return refusal;
    }
    if request.path == MOVE_STORE {
        return move_on(platform, &request.body).await;
    }
    lanekeeper_schedule::tick(platform).await;
    Response { status: 204, ..Response::default() }
}

const TICK: &str = "/internal/tick";
const MOVE_STORE: &str = "/internal/move-store";

/// How many chunks of rows one call moves: each is two queries, and Workers allow a thousand per request.
const CHUNKS: u32 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    store: String,
    shard: u32,
}

async fn move_on<P: Platform>(platform: &P, body: &[u8]) -> Response {
    let wish: Move = match serde_json::from_slice(body) {
        Ok(wish) => wish,
        Err(error) => {
            return Response::problem(400, "The request is not right", &format!("The body is not right: {error}."));
        }
    };
    match move_store(platform, &wish.store, wish.shard, CHUNKS).await {
        Ok(progress) => Response::json(200, &json!(progress)),
        Err(error) => {
            let (status, title) = match &error {
                MoveError::NoSuchStore(_) | MoveError::NoSuchShard(_) => (404, "Not found"),
                MoveError::Elsewhere(_) | MoveError::TakenUp | MoveError::Differs { .. } => (409, "Not moved"),
                MoveError::Database(DatabaseError::Unavailable(_)) => (503, "Try again"),
                MoveError::Database(_) => (500, "Our mistake"),
            };
            platform.log(&json!({"event": "move_failed", "store": wish.store, "error": error.to_string()}));
            Response::problem(status, title, &format!("{error}."))
        }
    }
}

/// Why this request is not served; `None` when it is.
fn refusal(request: &Request, secret: Option<&str>) -> Option<Response> {
    if ![TICK, MOVE_STORE].contains(&request.path.as_str()) {
        return Some(Response::problem(404, "Not found", &format!("There are only {TICK} and {MOVE_STORE} here.")));
    }
    let Some(secret) = secret else {
        return Some(Response::problem(404, "Not found", "Set INTERNAL_SECRET to enable this route."));
    };
    let token = request.bearer().unwrap_or_default();
    if !bool::from(token.as_bytes().ct_eq(secret.as_bytes())) {
        return Some(Response::problem(403, "Forbidden", "Send INTERNAL_SECRET as `Authorization: Bearer …`."));
    }
    (request.method != "POST")
        .then(|| Response::problem(405, "Method not allowed", "Use POST.").with_header("allow", "POST"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, authorization: Option<&str>, secret: Option<&str>) -> Option<u16> {
        let headers = authorization.map(|value| ("authorization".to_owned(), value.to_owned())).into_iter().collect();
        let path = "/internal/tick".to_owned();
        let request = Request { method: method.to_owned(), path, headers, ..Request::default() };
        refusal(&request, secret).map(|response| response.status)
    }

    #[test]
    fn only_the_bearer_of_the_secret_may() {
        assert_eq!(status("POST", Some("Bearer s3cret"), Some("s3cret")), None);
        assert_eq!(status("POST", Some("Bearer s3cret!"), Some("s3cret")), Some(403));
        assert_eq!(status("POST", Some("Bearer "), Some("s3cret")), Some(403));
        assert_eq!(status("POST", None, Some("s3cret")), Some(403));
        assert_eq!(status("GET", Some("Bearer s3cret"), Some("s3cret")), Some(405));
    }

    #[test]
    fn nobody_may_while_there_is_no_secret() {
        assert_eq!(status("POST", Some("Bearer "), None), Some(404));
    }
}
