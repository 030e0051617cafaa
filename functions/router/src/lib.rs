//! Which function answers which route; the same on every runtime.

mod health;
mod internal;

use lanekeeper_platform::{Platform, Request, Response};

/// Answers a request.
pub async fn handle<P: Platform>(platform: &P, request: Request) -> Response {
    let path = request.path.as_str();
    match path.split('/').nth(1).unwrap_or_default() {
        "channels" => lanekeeper_webhooks::handle(platform, &request).await,
        "api" => lanekeeper_api::handle(platform, &request).await,
        "" | "simulator" => lanekeeper_welcome::handle(platform, &request).await,
        "a" | "o" => lanekeeper_visit::handle(platform, &request).await,
        "internal" => internal::handle(platform, &request).await,
        "health" => health::answer(platform),
        _ => Response::problem(404, "Not found", &format!("There is nothing at {path}.")),
    }
}
