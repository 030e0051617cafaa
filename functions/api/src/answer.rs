//! What a route answers when all is well.

use lanekeeper_platform::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An answer. It can be kept under an idempotency key and given again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    /// Null for none.
    body: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

impl Answer {
    /// 200 with this body.
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body, etag: None, location: None }
    }

    /// 201 with what was created, and where it is from now on.
    pub fn created(location: String, body: Value) -> Self {
        Self { status: 201, location: Some(location), ..Self::ok(body) }
    }

    /// 204: it is done, and there is nothing to say.
    pub fn done() -> Self {
        Self { status: 204, ..Self::ok(Value::Null) }
    }

    /// The same answer with the entity tag of what it shows.
    #[must_use]
    pub fn with_etag(self, tag: i64) -> Self {
        Self { etag: Some(format!("\"{tag}\"")), ..self }
    }

    /// The answer as it goes out.
    pub fn response(&self) -> Response {
        let response = match &self.body {
            Value::Null => Response { status: self.status, ..Response::default() },
            body => Response::json(self.status, body),
        };
        let headers = [("etag", &self.etag), ("location", &self.location)];
        headers
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_ref()?)))
            .fold(response, |response, (name, value)| response.with_header(name, value))
            .with_header("cache-control", "no-store")
    }
}
