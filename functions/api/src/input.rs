//! Bodies, and what is wrong with them.

use crate::error::ApiError;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// The body, which must be an object, as a `T`. What is wrong is named by its way through the body.
pub fn body<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    // Serde would take an array for a struct as well, field by field.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(ApiError::field("body", "must be an object"));
    }
    // From a text, as everybody else reads JSON here: each source is another copy of the code.
    let text = std::str::from_utf8(body).map_err(|_| ApiError::Malformed("it is not UTF-8".to_owned()))?;
    serde_json::from_str(text).map_err(|error| explain(body, &error))
}

/// What serde found wrong with this JSON. Not generic: it is one piece of code for all types.
pub fn explain(body: &[u8], error: &serde_json::Error) -> ApiError {
    if error.classify() != Category::Data {
        return ApiError::Malformed(error.to_string());
    }
    let message = error.to_string();
    let reason = message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
    let mut field = path(&body[..offset(body, error.line(), error.column())]);
    if let Some(name) = reason.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        // The object has ended when it turns out what it lacks.
        let field = field.rsplit_once('.').map_or(name.to_owned(), |(parent, _)| format!("{parent}.{name}"));
        return ApiError::field(field, "is missing");
    }
    if field.is_empty() {
        "body".clone_into(&mut field);
    }
    ApiError::field(field, reason)
}

/// The number of bytes before this line and column, both counted from 1 as `serde_json` does.
fn offset(body: &[u8], line: usize, column: usize) -> usize {
    let starts = body.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1);
    let start = std::iter::once(0).chain(starts).nth(line.saturating_sub(1)).unwrap_or(0);
    (start + column).min(body.len())
}

/// Where in a document its beginning ends: `services[3].price.amount`.
fn path(beginning: &[u8]) -> String {
    enum Place {
        Object(String),
        Array(usize),
    }
    let mut places: Vec<Place> = Vec::new();
    let mut last = String::new();
    let mut bytes = beginning.iter().copied().peekable();
    // A container that has just ended is still what the error is about.
    let mut ended = None;
    while let Some(byte) = bytes.next() {
        if !byte.is_ascii_whitespace() {
            ended = None;
        }
        match byte {
            b'"' => {
                let mut text = Vec::new();
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => text.extend(bytes.next()),
                        byte => text.push(byte),
                    }
                }
                last = String::from_utf8_lossy(&text).into_owned();
                // A name that no colon follows is one that is not known.
                if let Some(Place::Object(name)) = places.last_mut()
                    && name.is_empty()
                    && bytes.peek().is_none()
                {
                    name.clone_from(&last);
                }
            }
            b':' => {
                if let Some(Place::Object(name)) = places.last_mut() {
                    name.clone_from(&last);
                }
            }
            b',' => match places.last_mut() {
                Some(Place::Object(name)) => name.clear(),
                Some(Place::Array(number)) => *number += 1,
                None => {}
            },
            b'{' => places.push(Place::Object(String::new())),
            b'[' => places.push(Place::Array(0)),
            b'}' | b']' => ended = places.pop(),
            _ => {}
        }
    }
    places.extend(ended);
    places.iter().fold(String::new(), |path, place| match place {
        Place::Object(name) if path.is_empty() => name.clone(),
        Place::Object(name) => format!("{path}.{name}"),
        Place::Array(number) => format!("{path}[{number}]"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Menu {
        name: String,
        #[serde(default)]
        items: Vec<Item>,
        #[serde(default)]
        days: BTreeMap<chrono::NaiveDate, Vec<u8>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Item {
        id: String,
        minutes: u32,
    }

    fn wrong(text: &str) -> (String, String) {
        match body::<Menu>(text.as_bytes()) {
            Err(ApiError::Invalid(errors)) => (errors[0].field.clone(), errors[0].reason.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_the_field() {
        let field = |text| wrong(text).0;
        assert_eq!(wrong("{}"), ("name".into(), "is missing".into()));
        assert_eq!(wrong(r#"{"name": "a", "items": [{"id": "x", "minutes": 1}, {"id": "y"}]}"#).0, "items[1].minutes");
        assert_eq!(wrong(r#"{"name": 5}"#), ("name".into(), "invalid type: integer `5`, expected a string".into()));
        assert_eq!(field(r#"{"name": ["x"]}"#), "name");
        assert_eq!(field("{\n\"name\": \"早\",\n\"items\": [\n{\"id\": \"x\", \"minutes\": -3}]}"), "items[0].minutes");
        assert_eq!(field(r#"{"name": "a", "items": [{"id": "x", "minutes": 1.5}]}"#), "items[0].minutes");
        assert_eq!(field(r#"{"name": "a", "surprise": 1}"#), "surprise");
        assert_eq!(field(r#"{"name": "a", "items": [{"surprise": 1}]}"#), "items[0].surprise");
        assert_eq!(field(r#"{"name": "a\"b", "days": {"2026-02-30": []}}"#), "days.2026-02-30");
        assert_eq!(field(r#"{"name": "a", "days": {"2026-02-28": [1, 300]}}"#), "days.2026-02-28[1]");
        assert_eq!(field("[]"), "body");
        assert_eq!(field("3"), "body");
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        assert!(matches!(body::<Menu>(b"not json"), Err(ApiError::Malformed(_))));
        assert!(matches!(body::<Menu>(b"{\"name\": "), Err(ApiError::Malformed(_))));
        assert!(matches!(body::<Menu>(b""), Err(ApiError::Malformed(_))));
        assert!(matches!(body::<Menu>(b"\xff"), Err(ApiError::Malformed(_))));
    }
}
