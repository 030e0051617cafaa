//! The chat widget on a dealer's own pages.
//!
//! | route | what |
//! |---|---|
//! | `GET /widget.js` | the script: a launcher, and the frame when it is opened |
//! | `GET /widget/{line}` | the frame: a page of ours, so that the dealer's page sees nothing of what is said |
//! | `GET /widget/frame.js`, `frame.css`, `contact.js`, `files.js` | what the frame brings along, the last two when needed |
//! | `GET /widget/{line}/api/messages?after=…&mark=…&wait=…` | the thread, or what is new; waits up to 25 s for it |
//! | `POST /widget/{line}/api/messages` | a message: one turn |
//! | `POST /widget/{line}/api/typing` | somebody is typing, for the person who holds the conversation |
//! | `POST /widget/{line}/api/contact` | a name and a phone number, claimed, with what was agreed to |
//! | `POST /widget/{line}/api/verify` | asks for a code by text for a number; with the code, proves the number |
//! | `POST /widget/{line}/api/files?name=…` | a picture or a PDF, as it is |
//! | `GET /widget/{line}/api/files/{id}` | it, for the visitor who sent it |
//!
//! Whoever knows a visitor's secret is that visitor: the frame makes it up, keeps it in its own storage and sends it as a
//! bearer token, so there are no cookies; we only ever keep its hash (see `lanekeeper_channels::widget`). Nothing is
//! written before the visitor does something.

mod cards;
mod contact;
mod entry;
mod error;
mod files;
mod frame;
mod messages;
mod verify;
mod view;
mod words;

use entry::Entry;
use error::WidgetError;
use lanekeeper_platform::{Asset, Platform, Request, Response};

const SCRIPT: Asset = Asset {
    content_type: "text/javascript; charset=utf-8",
    content: include_str!(concat!(env!("OUT_DIR"), "/widget.js")),
};

/// Answers a request whose path is `/widget.js` or begins with `/widget/`.
pub async fn handle<P: Platform>(platform: &P, request: &Request) -> Response {
    let parts: Vec<&str> = request.path.split('/').skip(1).collect();
    let answer = match parts.as_slice() {
        ["widget.js"] if reads(request) => return shared(SCRIPT.serve(request)),
        ["widget", "frame.js"] if reads(request) => return frame::SCRIPT.serve(request),
        ["widget", "contact.js"] if reads(request) => return frame::CONTACT.serve(request),
        ["widget", "files.js"] if reads(request) => return frame::FILES.serve(request),
        ["widget", "frame.css"] if reads(request) => return frame::STYLE.serve(request),
        ["widget", line] if reads(request) && !line.is_empty() => frame::page(platform, request, line).await,
        ["widget", line, "api", action] => api(platform, request, line, action).await,
        ["widget", line, "api", "files", id] => one_file(platform, request, line, id).await,
        ["widget.js"] | ["widget", _] if !parts.contains(&"") => Err(WidgetError::Method("GET")),
        _ => Err(WidgetError::NoSuchRoute),
    };
    answer.unwrap_or_else(|error| error.response(platform))
}

async fn api<P: Platform>(platform: &P, request: &Request, line: &str, action: &str) -> Result<Response, WidgetError> {
    let entry = Entry::of(platform, request, line).await?;
    let response = match (request.method.as_str(), action) {
        ("GET", "messages") => messages::read(platform, entry).await,
        ("POST", "messages") => messages::write(platform, entry).await,
        ("POST", "typing") => messages::typing(platform, entry).await,
        ("POST", "contact") => contact::write(platform, entry).await,
        ("POST", "verify") => verify::verify(platform, entry).await,
        ("POST", "files") => files::write(platform, entry).await,
        (_, "messages") => Err(WidgetError::Method("GET, POST")),
        (_, "typing" | "contact" | "verify" | "files") => Err(WidgetError::Method("POST")),
        _ => Err(WidgetError::NoSuchRoute),
    }?;
    Ok(response.with_header("cache-control", "no-store").with_header("x-content-type-options", "nosniff"))
}

async fn one_file<P: Platform>(platform: &P, request: &Request, line: &str, id: &str) -> Result<Response, WidgetError> {
    if request.method != "GET" {
        return Err(WidgetError::Method("GET"));
    }
    files::read(platform, Entry::of(platform, request, line).await?, id).await
}

/// Whether the request only looks.
fn reads(request: &Request) -> bool {
    matches!(request.method.as_str(), "GET" | "HEAD")
}

/// The dealer's pages may load it, whatever policy of isolation they have.
fn shared(response: Response) -> Response {
    response.with_header("cross-origin-resource-policy", "cross-origin").with_header("access-control-allow-origin", "*")
}
