//! What can be wrong with a request of the desk, and the page or the piece that says so.

use crate::call::Call;
use crate::page::{self, Bare};
use lanekeeper_links::KeysError;
use lanekeeper_platform::{DatabaseError, Platform, Response};
use lanekeeper_storage::ViewError;
use maud::html;
use serde_json::json;

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DeskError {
    /// There is no such thing, or it is not the person's to see: the two look alike.
    #[error("not found")]
    NotFound,
    /// The path has other methods: these.
    #[error("this path takes {0}")]
    Method(String),
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The person may see it, but not do this.
    #[error("the person may not do this")]
    Forbidden,
    /// The request was sent by a page that is not ours.
    #[error("the request comes from elsewhere")]
    Elsewhere,
    /// The form has no token of this session.
    #[error("the form is not of this session")]
    Forged,
    /// The form is longer than any of ours.
    #[error("the form is too long")]
    TooLong,
    /// A field holds what is not possible: its name, and the key of the phrase that says why.
    #[error("{0}: {1}")]
    Field(&'static str, &'static str),
    /// Something excludes it now: the key of the phrase that says what.
    #[error("{0}")]
    Conflict(&'static str),
    /// No token can be made or read: ours to set right.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<ViewError> for DeskError {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::NotFound(_) => Self::NotFound,
            ViewError::Cursor => Self::Field("cursor", "input_wrong"),
            ViewError::Database(error) => Self::Database(error),
        }
    }
}

impl DeskError {
    /// A field that is not possible; `reason` is the key of a phrase.
    pub fn field(name: &'static str, reason: &'static str) -> Self {
        Self::Field(name, reason)
    }

    fn status(&self) -> (u16, &'static str) {
        match self {
            Self::NotFound => (404, "error_not_found"),
            Self::Method(_) => (405, "error_not_found"),
            Self::NotSignedIn => (401, "error_not_signed_in"),
            Self::Forbidden => (403, "error_forbidden"),
            Self::Elsewhere | Self::Forged => (403, "error_forged"),
            Self::TooLong => (413, "input_too_long"),
            Self::Field(_, reason) => (422, reason),
            Self::Conflict(reason) => (409, reason),
            Self::Database(DatabaseError::Unavailable(_)) => (503, "error_busy"),
            Self::Keys(_) | Self::Database(_) => (500, "error_ours"),
        }
    }

    /// The answer: a page, or for htmx a toast. Who is not signed in is led there, and back again afterwards.
    pub fn response<P: Platform>(&self, call: &Call<'_, P>) -> Response {
        let (status, key) = self.status();
        if status >= 500 {
            call.platform.log(&json!({"event": "desk_failed", "status": status, "error": self.to_string()}));
        }
        if *self == Self::NotSignedIn {
            return to_sign_in(call);
        }
        let words = call.words;
        let said = match self {
            Self::Field(name, _) => {
                let label = words.say(&format!("field_{name}"));
                if label.is_empty() { words.say(key).to_owned() } else { format!("{label}: {}", words.say(key)) }
            }
            _ => words.say(key).to_owned(),
        };
        let response = if call.is_htmx() {
            page::toast_response(status, &said)
        } else {
            let title = words.say(if status >= 500 { "error_title_ours" } else { "error_title" });
            let content = html! {
                h1 { (title) }
                p.soft { (said) }
                p { a.button href="/desk" { (words.say("error_back")) } }
            };
            Bare { words, title, content }.response(status)
        };
        match self {
            Self::Method(allowed) => response.with_header("allow", allowed),
            _ => response,
        }
    }
}

fn to_sign_in<P: Platform>(call: &Call<'_, P>) -> Response {
    let request = call.request;
    // What was to be changed is not done by coming back; and a piece of a page is no place to come back to.
    let back = if request.method == "GET" && !call.is_htmx() && request.path != "/desk" {
        let target =
            if request.query.is_empty() { request.path.clone() } else { format!("{}?{}", request.path, request.query) };
        format!("?next={}", form_urlencoded::byte_serialize(target.as_bytes()).collect::<String>())
    } else {
        String::new()
    };
    let location = format!("/desk/sign-in{back}");
    if call.is_htmx() {
        return Response { status: 401, ..Response::default() }.with_header("hx-redirect", &location);
    }
    Response { status: 303, ..Response::default() }.with_header("location", &location)
}
