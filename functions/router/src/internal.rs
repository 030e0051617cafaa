//! `/internal/…`, for whoever runs the deployment and has its secret.
//!
//! `POST /internal/tick` is the clock, where the platform has no cron. `POST /internal/move-store` moves a store to another
//! shard, one stretch per call: `{"store": "hubin", "shard": 2}` until `step` in the answer is `done`.

use lanekeeper_platform::{DatabaseError, Platform, Request, Response, Settings};
use lanekeeper_storage::MoveError;
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;

/// Where a store is moved. It is the desk's: nobody waits for it, and the front is kept small.
pub const MOVE_STORE: &str = "/internal/move-store";
const TICK: &str = "/internal/tick";

/// The clock, and the answer to whatever else is asked under `/internal` of the front.
pub async fn tick<P: Platform>(platform: &P, request: &Request) -> Response {
    if let Some(refusal) = refusal(request, TICK, platform.settings().get("INTERNAL_SECRET").as_deref()) {
        return refusal;
    }
    lanekeeper_schedule::tick(platform).await;
    Response { status: 204, ..Response::default() }
}

/// Moves a store on.
pub async fn move_store<P: Platform>(platform: &P, request: &Request) -> Response {
    if let Some(refusal) = refusal(request, MOVE_STORE, platform.settings().get("INTERNAL_SECRET").as_deref()) {
        return refusal;
    }
    move_on(platform, &request.body).await
}

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
    match lanekeeper_storage::move_store(platform, &wish.store, wish.shard, CHUNKS).await {
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
fn refusal(request: &Request, route: &str, secret: Option<&str>) -> Option<Response> {
    if request.path != route {
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
        let request = Request { method: method.to_owned(), path: TICK.to_owned(), headers, ..Request::default() };
        refusal(&request, TICK, secret).map(|response| response.status)
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
    fn each_unit_has_its_own_route() {
        let request = Request { method: "POST".to_owned(), path: MOVE_STORE.to_owned(), ..Request::default() };
        assert_eq!(refusal(&request, TICK, None).map(|response| response.status), Some(404));
    }

    #[test]
    fn nobody_may_while_there_is_no_secret() {
        assert_eq!(status("POST", Some("Bearer "), None), Some(404));
    }
}
