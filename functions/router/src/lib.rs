//! Which function answers which route; the same on every runtime.

mod tick;

use lanekeeper_platform::{Platform, Request, Response};
use serde_json::json;

/// Answers a request.
pub async fn handle<P: Platform>(platform: &P, request: Request) -> Response {
    let path = request.path.as_str();
    match path.split('/').nth(1).unwrap_or_default() {
        "channels" => lanekeeper_webhooks::handle(platform, &request).await,
        "api" => lanekeeper_desk::handle(platform, &request).await,
        "" | "simulator" => lanekeeper_welcome::handle(platform, &request).await,
        "internal" => tick::handle(platform, &request).await,
        "health" => Response::json(200, &json!({"status": "ok"})),
        _ => Response::problem(404, "Not found", &format!("There is nothing at {path}.")),
    }
}
