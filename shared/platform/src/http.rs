//! HTTP as the functions see it: what came in, what goes back, and what is asked of others.

use std::time::Duration;

/// A request that reached us.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `POST` … in capitals.
    pub method: String,
    /// Scheme and authority as the client used them, e.g. `https://edge.example`; no trailing slash.
    pub origin: String,
    /// The path, percent-encoded as it came, e.g. `/channels/twilio/lakeside-sms`.
    pub path: String,
    /// The query without its `?`, percent-encoded as it came; empty when there is none.
    pub query: String,
    /// Headers with names in lower case, in the order they came.
    pub headers: Vec<(String, String)>,
    /// The raw body.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The token of `Authorization: Bearer …`.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    }
}

/// What we answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers with names in lower case. `content-length` is the shell's business.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// A response with a body of this content type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("content-type".to_owned(), content_type.to_owned())], body: body.into() }
    }

    /// A JSON response.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Problem details (RFC 9457): `title` says what kind of problem, `detail` what is wrong here and the next step.
    pub fn problem(status: u16, title: &str, detail: &str) -> Self {
        let body = serde_json::json!({"type": "about:blank", "title": title, "status": status, "detail": detail});
        Self::new(status, "application/problem+json", body.to_string())
    }

    /// The same response with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The methods that we use towards others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// The method's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// A request that we make. Its `Debug` form leaves out headers and body: they hold secrets and people's words.
#[derive(Clone)]
pub struct OutboundRequest {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Headers with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// After this long the request is aborted and counts as [`HttpError::Timeout`]. It covers the body as well.
    pub timeout: Duration,
}

impl std::fmt::Debug for OutboundRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboundRequest").field("method", &self.method).field("url", &self.url).finish_non_exhaustive()
    }
}

/// What the other side answered.
#[derive(Debug, Clone, Default)]
pub struct OutboundResponse {
    /// The status code.
    pub status: u16,
    /// Headers with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, read whole.
    pub body: Vec<u8>,
}

impl OutboundResponse {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// It did not answer in time; whether it acted is not known.
    #[error("no answer in time")]
    Timeout,
    /// It could not be reached, or the connection broke; whether it acted is not known.
    #[error("out of reach: {0}")]
    Unreachable(String),
    /// The request could not be made at all (a malformed URL, a host that the manifest does not allow).
    #[error("the request is not possible: {0}")]
    Invalid(String),
}

/// Outbound HTTP.
#[allow(async_fn_in_trait)]
pub trait HttpClient {
    /// Sends the request and reads the whole answer; redirects are not followed.
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, HttpError>;
}
