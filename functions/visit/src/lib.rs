//! The pages behind the links that customers get: no login, no script, and nothing that a `GET` changes, because messengers
//! and scanners open links before people do.
//!
//! | route | what |
//! |---|---|
//! | `GET /a/{token}` | the appointment |
//! | `GET /a/{token}/calendar.ics` | it as a calendar file |
//! | `GET /a/{token}/move?day=…&at=…` | other openings; with `at` the question whether to move it there |
//! | `POST /a/{token}/move`, `POST /a/{token}/cancel` | does it, and leads back to the appointment |
//! | `GET /a/{token}/cancel` | the question whether to call it off |
//! | `GET /o/{token}` | the repair order: its stage, the estimate, what is asked |
//! | `GET /o/{token}/answer?line.…=yes\|no` | the answers and the new total, with the question whether they are right |
//! | `POST /o/{token}/answer` | records them, and leads back to the order |
//! | `GET /a/visit.css`, `GET /o/visit.css` | the pages' style |
//!
//! Whatever is wrong with a token is "not found"; only one that we signed ourselves and that has expired says so. All links
//! in the pages are relative, so that they work behind a proxy's path too.

mod appointment;
mod entry;
mod error;
mod form;
mod order;
mod page;
mod words;

use error::VisitError;
use lanekeeper_platform::{Platform, Request, Response};

/// Nothing but our own style, and forms that come back to us.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// Answers a request whose path begins with `/a/` or `/o/`.
pub async fn handle<P: Platform>(platform: &P, request: &Request) -> Response {
    let parts: Vec<&str> = request.path.split('/').skip(1).collect();
    let answer = match parts.as_slice() {
        ["a" | "o", "visit.css"] if reads(request) => return page::STYLE.serve(request),
        ["a", token] => appointment::answer(platform, request, token, "").await,
        ["a", token, step] if !step.is_empty() => appointment::answer(platform, request, token, step).await,
        ["o", token] => order::answer(platform, request, token, "").await,
        ["o", token, step] if !step.is_empty() => order::answer(platform, request, token, step).await,
        _ => Err(VisitError::NoSuchLink),
    };
    let response = answer.unwrap_or_else(|error| error.response(platform, depth(&parts)));
    let response = if request.method == "HEAD" { Response { body: Vec::new(), ..response } } else { response };
    response
        .with_header("cache-control", "no-store")
        .with_header("content-security-policy", CONTENT_SECURITY_POLICY)
        .with_header("referrer-policy", "no-referrer")
        .with_header("x-content-type-options", "nosniff")
        .with_header("x-robots-tag", "noindex, nofollow")
}

/// Whether the request only looks.
fn reads(request: &Request) -> bool {
    matches!(request.method.as_str(), "GET" | "HEAD")
}

/// The way up from a page to where its link begins, as the beginning of a relative address.
fn depth(parts: &[&str]) -> &'static str {
    if parts.len() > 2 { "../" } else { "" }
}
