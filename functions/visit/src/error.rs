//! What can be wrong with a request for a page, and the page that says so.

use crate::page::{Frame, call_link};
use crate::words::Words;
use lanekeeper_domain::{Language, Store};
use lanekeeper_links::KeysError;
use lanekeeper_platform::{DatabaseError, Platform, Response};
use maud::html;
use serde_json::json;

/// Why a page is not shown.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum VisitError {
    /// Nothing that we gave out has this address. What exactly is wrong is nobody's business.
    #[error("there is no such link")]
    NoSuchLink,
    /// We gave it out, but its time is over.
    #[error("the link has expired")]
    Expired(Box<Store>),
    /// The page has these methods only.
    #[error("this page takes {0}")]
    Method(&'static str),
    /// The form does not come from one of our pages, or from one that was about something else.
    #[error("the form is not one of ours")]
    Form,
    /// Others took one place after the other while we tried.
    #[error("the places were taken too quickly")]
    Contended,
    /// No link can be read: ours to set right.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl VisitError {
    /// The answer. Where the store is not known, it is said in every language.
    pub fn response<P: Platform>(&self, platform: &P, up: &'static str) -> Response {
        let (status, key) = match self {
            Self::NoSuchLink => (404, "wrong"),
            Self::Expired(_) => (410, "expired"),
            Self::Method(_) => (405, "wrong"),
            Self::Form => (403, "form"),
            Self::Contended | Self::Database(DatabaseError::Unavailable(_)) => (503, "busy"),
            Self::Keys(_) | Self::Database(_) => (500, "busy"),
        };
        if status >= 500 {
            platform.log(&json!({"event": "visit_failed", "status": status, "error": self.to_string()}));
        }
        let (store, languages) = match self {
            Self::Expired(store) => (Some(store.as_ref()), vec![store.language]),
            _ => (None, Language::ALL.to_vec()),
        };
        let words: Vec<Words> = languages.into_iter().map(Words::of).collect();
        let title = format!("{key}_title");
        let frame = Frame { words: words[0], store, title: words[0].say(&title).to_owned(), up };
        let page = frame.render(&html! {
            @for (place, words) in words.iter().enumerate() {
                section.message lang=(words.tag()) {
                    @if place == 0 { h1 { (words.say(&title)) } } @else { h2 { (words.say(&title)) } }
                    p { (words.say(key)) @if let Some(store) = store { " " (call_link(store)) } }
                }
            }
        });
        let response = Response::new(status, "text/html; charset=utf-8", page);
        match self {
            Self::Method(allowed) => response.with_header("allow", allowed),
            _ => response,
        }
    }
}
