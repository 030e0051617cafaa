//! What can be wrong with a request of the API, and the answer to it: problem details (RFC 9457).
//!
//! 400 means that the request cannot be read: no JSON, or a parameter of the query or a header that is not what it must be. 422
//! means that the body was read and something in it is not possible. Both name what is wrong in `errors`.

use lanekeeper_domain::handling::Refusal;
use lanekeeper_handling::HandlingError;
use lanekeeper_platform::{DatabaseError, Platform, Response};
use lanekeeper_storage::ViewError;
use serde::Serialize;
use serde_json::{Value, json};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where: the way through the body (`hours.week.mon[0]`), or the parameter's or the header's name.
    pub field: String,
    /// What, for a person to read.
    pub reason: String,
    /// The row of a file, as Excel or an editor numbers them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The column of a file, by its header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

impl FieldError {
    /// Something wrong with a field.
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into(), row: None, column: None }
    }

    /// Something wrong in a cell of a file.
    pub fn in_row(row: usize, column: &str, reason: impl Into<String>) -> Self {
        let field = format!("row {row}, {column}");
        Self { field, reason: reason.into(), row: Some(row), column: Some(column.to_owned()) }
    }
}

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ApiError {
    /// No route has this path.
    #[error("There is nothing at this path. GET /api/openapi.json lists what there is.")]
    NoSuchRoute,
    /// The path has other methods: these.
    #[error("This path takes {0}.")]
    Method(String),
    /// No key came along.
    #[error("Send an API key in the header 'Authorization: Bearer …'.")]
    NoKey,
    /// The key is not one of ours.
    #[error("The API key is not valid.")]
    WrongKey,
    /// The body is no JSON.
    #[error("The body is not JSON: {0}.")]
    Malformed(String),
    /// A parameter of the query, or a header, is not what it must be.
    #[error("{}: {}.", .0.field, .0.reason)]
    Parameter(FieldError),
    /// The body holds what is not possible.
    #[error("{}", summary(.0))]
    Invalid(Vec<FieldError>),
    /// Something exists that excludes this; the value says what, for a program to read.
    #[error("{0}")]
    Conflict(String, Value),
    /// It was changed since the caller read it.
    #[error("It was changed since you read it. Read it again and send its new ETag in If-Match.")]
    Stale,
    /// A change of the whole must say what it changes.
    #[error("Send the ETag of what you read in If-Match, or '*' to replace it whatever it is.")]
    MatchRequired,
    /// The idempotency key came with another request before.
    #[error("This Idempotency-Key came with another request before. Send a new key for a new request.")]
    KeyReused,
    /// There is no such thing, or it is another group's.
    #[error(transparent)]
    View(#[from] ViewError),
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> Self {
        Self::View(error.into())
    }
}

impl From<HandlingError> for ApiError {
    fn from(error: HandlingError) -> Self {
        match error {
            HandlingError::NotFound => Self::not_found("conversation"),
            HandlingError::Refused(Refusal::Invalid { field, reason }) => Self::field(field, reason),
            HandlingError::Refused(Refusal::AlreadyTaken { by }) => {
                let detail = Refusal::AlreadyTaken { by: by.clone() }.to_string();
                Self::Conflict(detail, json!({"taken_by": by}))
            }
            HandlingError::Refused(refusal) => Self::conflict(&refusal.to_string()),
            HandlingError::Contended => DatabaseError::Unavailable(HandlingError::Contended.to_string()).into(),
            HandlingError::Database(error) => error.into(),
        }
    }
}

impl ApiError {
    /// A field of the body that is not possible.
    pub fn field(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, reason)])
    }

    /// A parameter or a header that is not what it must be.
    pub fn parameter(name: &str, reason: impl Into<String>) -> Self {
        Self::Parameter(FieldError::new(name, reason))
    }

    /// Something excludes it.
    pub fn conflict(detail: &str) -> Self {
        Self::Conflict(detail.to_owned(), Value::Null)
    }

    /// What the body names and does not exist is wrong in the body.
    pub fn unknown(error: ViewError, field: &str) -> Self {
        match error {
            ViewError::NotFound(what) => Self::field(field, format!("there is no such {what}")),
            error => error.into(),
        }
    }

    /// The database's refusal, where that is the error.
    pub fn refusal(&self) -> Option<&DatabaseError> {
        match self {
            Self::View(ViewError::Database(error @ DatabaseError::Constraint(_))) => Some(error),
            _ => None,
        }
    }

    /// There is no such thing in the caller's group.
    pub fn not_found(what: &'static str) -> Self {
        Self::View(ViewError::NotFound(what))
    }

    fn status(&self) -> (u16, &'static str) {
        match self {
            Self::NoSuchRoute | Self::View(ViewError::NotFound(_)) => (404, "Not found"),
            Self::Method(_) => (405, "Method not allowed"),
            Self::NoKey | Self::WrongKey => (401, "Not signed in"),
            Self::Malformed(_) | Self::Parameter(_) | Self::View(ViewError::Cursor) => {
                (400, "The request is not right")
            }
            Self::Conflict(..) => (409, "Not possible now"),
            Self::Stale => (412, "Changed meanwhile"),
            Self::Invalid(_) | Self::KeyReused => (422, "The request is not possible"),
            Self::MatchRequired => (428, "If-Match is missing"),
            Self::View(ViewError::Database(DatabaseError::Unavailable(_))) => (503, "Try again"),
            Self::View(ViewError::Database(_)) => (500, "Our mistake"),
        }
    }

    /// The answer, as problem details.
    pub fn response<P: Platform>(&self, platform: &P) -> Response {
        let (status, title) = self.status();
        let mut problem = json!({"type": "about:blank", "title": title, "status": status, "detail": self.to_string()});
        match self {
            Self::Invalid(errors) => problem["errors"] = json!(errors),
            Self::Parameter(error) => problem["errors"] = json!([error]),
            Self::View(ViewError::Cursor) => {
                problem["errors"] = json!([{"field": "cursor", "reason": "is not one that a page gave"}]);
            }
            Self::Conflict(_, Value::Object(more)) => {
                more.iter().for_each(|(name, value)| problem[name] = value.clone());
            }
            _ => {}
        }
        if status >= 500 {
            platform.log(&json!({"event": "api_failed", "status": status, "error": self.to_string()}));
            problem["detail"] = json!("The request could not be answered. Please try again.");
        }
        let response = Response::new(status, "application/problem+json", problem.to_string());
        match self {
            Self::NoKey | Self::WrongKey => response.with_header("www-authenticate", "Bearer"),
            Self::Method(allowed) => response.with_header("allow", allowed),
            _ => response,
        }
    }
}

fn summary(errors: &[FieldError]) -> String {
    let first: Vec<String> = errors.iter().take(5).map(|error| format!("{}: {}.", error.field, error.reason)).collect();
    let more = if errors.len() > 5 { " There is more." } else { "" };
    first.join(" ") + more
}
