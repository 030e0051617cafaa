//! The welcome page, and the phone simulator that stands on it.
//!
//! `GET /` is the page. Under `/simulator/` are its script and its style and, where the setting `SIMULATOR` is `on`, what
//! the simulated phone talks to and a stand-in for Twilio's REST API. The simulator speaks only with lines that are marked
//! as simulated, and only from numbers that belong to nobody.

mod assets;
mod error;
mod page;
mod peer;
mod suggestions;
mod thread;
mod twilio_api;

use error::SimulatorError;
use lanekeeper_channels::public_url;
use lanekeeper_platform::{Platform, Request, Response, Settings};
use lanekeeper_storage::simulated_lines;
use serde_json::json;

/// Answers a request whose path is `/` or begins with `/simulator`.
pub async fn handle<P: Platform>(platform: &P, request: &Request) -> Response {
    let parts: Vec<&str> = request.path.split('/').skip(1).collect();
    let answer = match (request.method.as_str(), parts.as_slice()) {
        ("GET", [""]) => Ok(welcome(platform, request).await),
        ("GET", ["simulator", name @ ("app.js" | "app.css")]) => Ok(assets::serve(request, name)),
        (_, [""] | ["simulator", "app.js" | "app.css"]) => Err(SimulatorError::Method("GET")),
        (_, ["simulator", ..]) if !is_on(platform) => Err(SimulatorError::Off),
        ("GET", ["simulator", line, "messages"]) => thread::show(platform, request, line).await,
        ("POST", ["simulator", line, "messages"]) => thread::send(platform, request, line).await,
        (_, ["simulator", _, "messages"]) => Err(SimulatorError::Method("GET, POST")),
        (_, ["simulator", "twilio", "2010-04-01", "Accounts", account, "Messages.json"]) => {
            Ok(twilio_api::answer(platform, request, account))
        }
        _ => Err(SimulatorError::NoSuchRoute),
    };
    answer.unwrap_or_else(|error| error.response(platform))
}

fn is_on<P: Platform>(platform: &P) -> bool {
    platform.settings().get("SIMULATOR").is_some_and(|setting| setting.eq_ignore_ascii_case("on"))
}

/// The page is there whatever the database does: without it, it says so where the simulator would be.
async fn welcome<P: Platform>(platform: &P, request: &Request) -> Response {
    let simulator = if is_on(platform) {
        match simulated_lines(platform).await {
            Ok(lines) if lines.is_empty() => page::Simulator::NoLines,
            Ok(lines) => page::Simulator::On(lines),
            Err(error) => {
                platform.log(&json!({"event": "welcome_failed", "error": error.to_string()}));
                page::Simulator::Unavailable
            }
        }
    } else {
        page::Simulator::Off
    };
    let root = Request { origin: request.origin.clone(), ..Request::default() };
    let html = page::render(&simulator, &public_url(&root, platform.settings().get("PUBLIC_URL").as_deref()));
    Response::new(200, "text/html; charset=utf-8", html)
        .with_header("cache-control", "no-store")
        .with_header("content-security-policy", page::CONTENT_SECURITY_POLICY)
        .with_header("referrer-policy", "no-referrer")
        .with_header("x-content-type-options", "nosniff")
}
