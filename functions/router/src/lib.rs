//! Which function answers which route; the same on every runtime.
//!
//! Two units are deployed. The *front* is what customers and providers wait for, and it is kept small. The *desk* is for
//! people and programs of the stores; it carries what is heavy.

mod health;
mod internal;

use lanekeeper_platform::{Platform, Request, Response};

/// What is deployed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Channels, the chat widget, the pages behind links, the welcome page, the clock.
    Front,
    /// The JSON API, the staff's console, and the moving of stores between shards.
    Desk,
}

impl Unit {
    /// The unit that answers this path.
    pub fn of(path: &str) -> Self {
        match first_segment(path) {
            "api" | "desk" => Self::Desk,
            "internal" if path == internal::MOVE_STORE => Self::Desk,
            _ => Self::Front,
        }
    }
}

/// Answers a request, whichever unit it is for: where both are one program, as in native tests.
pub async fn handle<P: Platform>(platform: &P, request: Request) -> Response {
    match Unit::of(&request.path) {
        Unit::Front => front(platform, request).await,
        Unit::Desk => desk(platform, request).await,
    }
}

/// Answers a request to the front.
pub async fn front<P: Platform>(platform: &P, request: Request) -> Response {
    match first_segment(&request.path) {
        "channels" => lanekeeper_webhooks::handle(platform, &request).await,
        "" | "simulator" => lanekeeper_welcome::handle(platform, &request).await,
        "a" | "o" => lanekeeper_visit::handle(platform, &request).await,
        "widget.js" | "widget" => lanekeeper_widget::handle(platform, &request).await,
        "internal" => internal::tick(platform, &request).await,
        "health" => health::answer(platform),
        _ => nothing_at(&request.path),
    }
}

/// Answers a request to the desk.
pub async fn desk<P: Platform>(platform: &P, request: Request) -> Response {
    match first_segment(&request.path) {
        "api" => lanekeeper_api::handle(platform, &request).await,
        "desk" => lanekeeper_desk::handle(platform, &request).await,
        "internal" => internal::move_store(platform, &request).await,
        _ => nothing_at(&request.path),
    }
}

fn first_segment(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

fn nothing_at(path: &str) -> Response {
    Response::problem(404, "Not found", &format!("There is nothing at {path}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desk_has_the_api_and_the_console_and_the_front_has_the_rest() {
        for path in ["/api", "/api/openapi.json", "/api/v1/stores", "/desk", "/desk/sign-in", "/internal/move-store"] {
            assert_eq!(Unit::of(path), Unit::Desk, "{path}");
        }
        for path in ["/", "", "/health", "/internal/tick", "/widget.js", "/channels/twilio/api", "/apis", "//api"] {
            assert_eq!(Unit::of(path), Unit::Front, "{path}");
        }
    }
}
