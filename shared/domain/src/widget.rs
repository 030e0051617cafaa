//! The look of a chat widget, as a store sets it.

use crate::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a widget looks, what it says by itself, and where it may be embedded. Everything has a default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Widget {
    /// Origins of the sites that may embed it (`https://www.dealer.example`); none for any site.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_origins: Vec<String>,
    /// The colour of the launcher, the header and what the visitor says: `#rrggbb`.
    pub accent: Color,
    /// The corner in which it sits.
    pub position: Position,
    /// A picture for the header: an `https` address, or `data:image/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// The language of its own words; without one they follow the visitor's browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What stands on the launcher beside its icon; nothing for the icon alone.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub launcher: BTreeMap<Language, String>,
    /// What stands above an empty thread.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub greeting: BTreeMap<Language, String>,
    /// What a visitor is asked before the first message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pre_chat: Vec<PreChat>,
}

/// A field of the form before the first message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreChat {
    /// What is asked.
    pub field: PreChatField,
    /// Whether it may not be left out.
    #[serde(default)]
    pub required: bool,
}

/// What may be asked before the first message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PreChatField {
    Name,
    Phone,
}

/// A corner of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Position {
    Left,
    #[default]
    Right,
}

/// A colour, `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Color(String);

impl Default for Color {
    fn default() -> Self {
        Self("#1f4f8f".to_owned())
    }
}

/// The longest text, in characters: what fits on a launcher and above a thread.
const LONGEST_LAUNCHER: usize = 40;
const LONGEST_GREETING: usize = 240;
/// The longest address of a logo, in bytes: a small picture fits in as `data:`.
const LONGEST_LOGO: usize = 32 * 1024;

impl Widget {
    /// What is wrong with it, with the field's name; `None` when nothing is.
    pub fn problem(&self) -> Option<String> {
        if let Some(origin) = self.allowed_origins.iter().find(|origin| !is_origin(origin)) {
            return Some(format!("allowed_origins: '{origin}' is no origin such as https://www.dealer.example"));
        }
        if self.accent.channels().is_none() {
            return Some("accent: must be a colour such as #0b6bcb".to_owned());
        }
        if self.logo.as_ref().is_some_and(|logo| !is_picture(logo)) {
            return Some("logo: must be an https address or data:image/…, at most 32 kB".to_owned());
        }
        too_long("launcher", &self.launcher, LONGEST_LAUNCHER)
            .or_else(|| too_long("greeting", &self.greeting, LONGEST_GREETING))
    }
}

fn too_long(field: &str, texts: &BTreeMap<Language, String>, most: usize) -> Option<String> {
    let (language, _) = texts.iter().find(|(_, text)| text.chars().count() > most)?;
    Some(format!("{field}.{}: must have at most {most} characters", language.code()))
}

/// `https://host[:port]`, or `http` for trying it out. What stands in it goes into a header.
fn is_origin(origin: &str) -> bool {
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'))
}

fn is_picture(address: &str) -> bool {
    let known = ["https://", "data:image/png;base64,", "data:image/svg+xml;base64,", "data:image/webp;base64,"];
    address.len() <= LONGEST_LOGO && known.iter().any(|start| address.starts_with(start))
}

impl Color {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Red, green and blue.
    fn channels(&self) -> Option<[u8; 3]> {
        let digits = self.0.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let channel = |place: usize| u8::from_str_radix(digits.get(place..place + 2)?, 16).ok();
        Some([channel(0)?, channel(2)?, channel(4)?])
    }

    /// The colour of text on it, black or white, whichever is easier to read (contrast of WCAG 2.2, 1.4.3).
    pub fn text_on_it(&self) -> &'static str {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.channels().unwrap_or_default().map(linear);
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        // White has 1.05 / (luminance + 0.05), black (luminance + 0.05) / 0.05; they are equal here.
        if luminance > 0.179 { "#000000" } else { "#ffffff" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Widget {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn nothing_has_to_be_set() {
        let widget = read("{}");
        assert_eq!((widget.problem(), widget.position), (None, Position::Right));
        assert_eq!(serde_json::to_string(&widget).unwrap(), r##"{"accent":"#1f4f8f","position":"right"}"##);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let problem = |json: &str| read(json).problem().unwrap_or_default();
        assert!(problem(r#"{"accent": "red"}"#).starts_with("accent:"));
        assert!(problem(r##"{"accent": "#12é4"}"##).starts_with("accent:"));
        assert!(problem(r#"{"logo": "javascript:alert(1)"}"#).starts_with("logo:"));
        assert!(problem(r#"{"allowed_origins": ["https://a.example; script-src *"]}"#).starts_with("allowed_origins:"));
        assert!(problem(r#"{"allowed_origins": ["https://a.example/path"]}"#).starts_with("allowed_origins:"));
        let long = format!(r#"{{"launcher": {{"es": "{}"}}}}"#, "a".repeat(41));
        assert!(problem(&long).starts_with("launcher.es:"));
        assert_eq!(problem(r#"{"allowed_origins": ["https://a.example", "http://localhost:8080"]}"#), "");
    }

    #[test]
    fn text_can_be_read_on_every_accent() {
        let on = |color: &str| Color(color.to_owned()).text_on_it();
        assert_eq!([on("#000000"), on("#0b6bcb"), on("#b3261e")], ["#ffffff"; 3]);
        assert_eq!([on("#ffffff"), on("#ffb400"), on("#9be15d")], ["#000000"; 3]);
    }
}
