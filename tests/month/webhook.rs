//! Webhooks as Twilio sends them, and what they are answered.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use lanekeeper_platform::{Request, Response};
use sha1::Sha1;

/// The token that every line's webhooks are signed with.
pub const TOKEN: &str = "month-token";
/// Where the functions are.
pub const ORIGIN: &str = "https://edge.test";

/// A webhook as Twilio signs it; the fields in the order of their names.
pub fn signed(path: &str, query: &str, fields: &[(&str, &str)]) -> Request {
    let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
    let separator = if query.is_empty() { "" } else { "?" };
    mac.update(format!("{ORIGIN}{path}{separator}{query}").as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    Request {
        method: "POST".to_owned(),
        origin: ORIGIN.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("x-twilio-signature".to_owned(), STANDARD.encode(mac.finalize().into_bytes())),
        ],
        body: form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes(),
    }
}

/// The texts of a TwiML answer, as they stand there.
pub fn texts_of(response: &Response) -> Vec<String> {
    let body = String::from_utf8_lossy(&response.body);
    body.split("<Message>").skip(1).filter_map(|rest| rest.split("</Message>").next().map(str::to_owned)).collect()
}
