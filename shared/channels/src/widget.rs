//! The chat widget: our own script and frame on the dealer's pages, so there is no signature. A visitor is whoever knows a
//! secret that the frame made up and keeps; the database only ever sees what it hashes to.

use crate::{ChannelError, Inbound, Media, Tap};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The longest text that a visitor may send at once, in characters.
pub const LONGEST_TEXT: usize = 2000;

/// The longest body of a message, in bytes.
const LONGEST_BODY: usize = 16 * 1024;

/// The most files in one message.
const MOST_FILES: usize = 5;

/// The address of the visitor with this secret: 128 bits of its SHA-256. `None` where the secret is too short to be one of
/// the frame's, which have 256 bits in base64url.
pub fn visitor(secret: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !(43..=64).contains(&secret.len()) || !secret.bytes().all(plain) {
        return None;
    }
    let digest = Sha256::digest(secret.as_bytes());
    Some(digest[..16].iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")))
}

/// A message as the frame sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    /// Made up by the frame; the same for each try.
    id: String,
    #[serde(default)]
    text: String,
    /// Set where the text stood on something that was tapped: the place of what was chosen from a list, else 0.
    tap: Option<u8>,
    /// Ids of files that were sent before.
    #[serde(default)]
    files: Vec<String>,
}

/// Reads a message of this visitor's. The types of its files are for the caller to find out.
pub fn inbound(body: &[u8], visitor: &str, line_address: &str) -> Result<Inbound, ChannelError> {
    if body.len() > LONGEST_BODY {
        return Err(ChannelError::TooLong { limit: LONGEST_BODY });
    }
    let message: Message = serde_json::from_slice(body).map_err(|_| invalid("body", "is not a message in JSON"))?;
    if !is_id(&message.id) {
        return Err(invalid("id", "must be 8 to 64 letters, digits, - or _"));
    }
    if message.text.chars().count() > LONGEST_TEXT {
        return Err(invalid("text", "is longer than 2000 characters"));
    }
    if message.files.len() > MOST_FILES || !message.files.iter().all(|file| is_id(file)) {
        return Err(invalid("files", "must be at most five ids"));
    }
    let text: String = message.text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    if text.trim().is_empty() && message.files.is_empty() {
        return Err(ChannelError::Missing("text".to_owned()));
    }
    Ok(Inbound {
        // Two visitors may make up the same id.
        provider_message_id: format!("{visitor}:{}", message.id),
        from: visitor.to_owned(),
        to: line_address.to_owned(),
        text: text.trim().to_owned(),
        media: message.files.into_iter().map(|url| Media { url, content_type: String::new() }).collect(),
        provider_opt_out: None,
        tapped: message.tap.map(|place| if place == 0 { Tap::Words } else { Tap::Nth(place) }),
    })
}

/// The id that the frame gave a message, from what is kept as the provider's.
pub fn frame_id(provider_message_id: &str) -> Option<&str> {
    provider_message_id.split_once(':').map(|(_, id)| id)
}

fn is_id(id: &str) -> bool {
    (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn invalid(field: &str, problem: &'static str) -> ChannelError {
    ChannelError::Invalid { field: field.to_owned(), problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn read(body: &str) -> Result<Inbound, ChannelError> {
        inbound(body.as_bytes(), "v", "widget:l")
    }

    #[test]
    fn only_the_hash_of_a_secret_is_an_address() {
        let address = visitor(SECRET).unwrap();
        assert_eq!(address.len(), 32);
        assert_ne!(Some(&address), visitor(&SECRET.replace('A', "B")).as_ref());
        assert_eq!(visitor("short"), None);
        assert_eq!(visitor(&format!("{}<>", &SECRET[2..])), None);
    }

    #[test]
    fn a_message_is_read_with_what_was_tapped() {
        let inbound = read(r#"{"id": "01234567", "text": " Tuesday\u0007 ", "tap": 2}"#).unwrap();
        assert_eq!((inbound.text.as_str(), inbound.tapped), ("Tuesday", Some(Tap::Nth(2))));
        assert_eq!(frame_id(&inbound.provider_message_id), Some("01234567"));
        assert_eq!(read(r#"{"id": "01234567", "text": "yes", "tap": 0}"#).unwrap().tapped, Some(Tap::Words));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let field = |body: &str| match read(body).unwrap_err() {
            ChannelError::Invalid { field, .. } | ChannelError::Missing(field) => field,
            other => other.to_string(),
        };
        assert_eq!(field("{"), "body");
        assert_eq!(field(r#"{"id": "x", "text": "hi"}"#), "id");
        assert_eq!(field(r#"{"id": "01234567", "text": "  "}"#), "text");
        assert_eq!(field(&format!(r#"{{"id": "01234567", "text": "{}"}}"#, "a".repeat(2001))), "text");
        assert_eq!(field(r#"{"id": "01234567", "files": ["../../etc"]}"#), "files");
    }
}
