//! A stand-in for the one resource of Twilio's REST API that deliveries use
//! (<https://www.twilio.com/docs/messaging/api/message-resource>): with `TWILIO_API_URL` set to `…/simulator/twilio` nothing
//! leaves the machine. It accepts what it is sent and keeps none of it: the thread shows what the outbox has recorded.

use lanekeeper_platform::{Clock, Platform, Random, Request, Response};
use serde_json::json;
use std::fmt::Write;

/// The longest body, in bytes.
const LONGEST_BODY: usize = 32 * 1024;

/// The longest text, in characters.
const LONGEST_TEXT: usize = 1600;

/// Answers a request for the messages of this account.
pub fn answer<P: Platform>(platform: &P, request: &Request, account: &str) -> Response {
    let authorization = request.header("authorization").unwrap_or_default();
    if authorization.strip_prefix("Basic ").is_none_or(str::is_empty) {
        return refusal(401, 20003, "Authenticate");
    }
    match request.method.as_str() {
        "GET" => Response::json(200, &json!({"messages": [], "page": 0, "page_size": 50, "next_page_uri": null})),
        "POST" => accept(platform, request, account),
        _ => refusal(405, 20004, "Method not allowed").with_header("allow", "GET, POST"),
    }
}

fn accept<P: Platform>(platform: &P, request: &Request, account: &str) -> Response {
    if request.body.len() > LONGEST_BODY {
        return refusal(413, 20001, "The request is too long");
    }
    let field = |name: &str| {
        form_urlencoded::parse(&request.body)
            .find(|(key, value)| key == name && !value.trim().is_empty())
            .map(|(_, value)| value)
    };
    let Some(to) = field("To") else { return refusal(400, 21604, "A 'To' phone number is required.") };
    let Some(from) = field("From") else { return refusal(400, 21603, "A 'From' phone number is required.") };
    let Some(body) = field("Body") else { return refusal(400, 21602, "Message body is required.") };
    if body.chars().count() > LONGEST_TEXT {
        return refusal(400, 21617, "The message body exceeds the 1600 character limit");
    }
    let sid = sid(platform);
    let now = platform.clock().now().to_rfc2822();
    let message = json!({
        "sid": sid,
        "account_sid": account,
        "status": "queued",
        "direction": "outbound-api",
        "to": to,
        "from": from,
        "body": body,
        "num_media": "0",
        "num_segments": "1",
        "error_code": null,
        "error_message": null,
        "date_created": now,
        "date_updated": now,
        "date_sent": null,
        "api_version": "2010-04-01",
        "uri": format!("/2010-04-01/Accounts/{account}/Messages/{sid}.json"),
    });
    Response::json(201, &message)
}

fn sid<P: Platform>(platform: &P) -> String {
    let mut bytes = [0; 16];
    platform.random().fill(&mut bytes);
    bytes.iter().fold("SM".to_owned(), |mut sid, byte| {
        // Writing to a string cannot fail.
        let _ = write!(sid, "{byte:02x}");
        sid
    })
}

fn refusal(status: u16, code: u32, message: &str) -> Response {
    let more_info = format!("https://www.twilio.com/docs/errors/{code}");
    Response::json(status, &json!({"code": code, "message": message, "more_info": more_info, "status": status}))
}
