//! The way in: a link that we signed, its store's database, and the forms that come back.

use crate::error::VisitError;
use crate::form::Form;
use crate::page::Frame;
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_channels::public_url;
use lanekeeper_domain::Store;
use lanekeeper_links::{Keys, Kind, Link};
use lanekeeper_platform::{Clock, Platform, Queue, Request, Response, Settings, Shard};
use lanekeeper_storage::{database_of, store_of_visit};
use maud::{Markup, html};
use serde_json::json;

/// A request that came with a link of ours. It knows no platform, so that the pages are compiled once and small.
pub struct Entry<'a> {
    /// The request.
    pub request: &'a Request,
    /// The keys that links are signed with.
    pub keys: Keys,
    /// The last segment of the link's path.
    pub token: &'a str,
    /// What it opens.
    pub link: Link,
    /// The link's address, as the world knows it.
    pub url: String,
    /// The time of the request.
    pub now: DateTime<Utc>,
}

/// The way to where the store lives.
pub struct Way<'a, P: Platform> {
    /// The platform.
    pub platform: &'a P,
    /// The store's shard.
    pub shard: Shard<'a, P::Database>,
}

/// Lets a request in, if its link is ours and still opens.
pub async fn enter<'a, P: Platform>(
    platform: &'a P,
    request: &'a Request,
    kind: Kind,
    token: &'a str,
) -> Result<(Way<'a, P>, Entry<'a>), VisitError> {
    let now = platform.clock().now();
    let keys = Keys::of(platform.settings())?;
    let link = Link::read(&keys, kind, token).ok_or(VisitError::NoSuchLink)?;
    let shard = database_of(platform, &link.store).await?.ok_or(VisitError::NoSuchLink)?;
    if !link.is_open(now) {
        let store = store_of_visit(shard.database, &link.store).await?.ok_or(VisitError::NoSuchLink)?;
        return Err(VisitError::Expired(Box::new(store)));
    }
    let path = format!("/{}/{token}", kind.segment());
    let page = Request { origin: request.origin.clone(), path, ..Request::default() };
    let url = public_url(&page, platform.settings().get("PUBLIC_URL").as_deref());
    Ok((Way { platform, shard }, Entry { request, keys, token, link, url, now }))
}

/// Leads from a step back to where the link begins, or another one, which says what was done.
pub fn done(token: &str, what: &str) -> Response {
    Response { status: 303, ..Response::default() }.with_header("location", &format!("../{token}?{what}"))
}

impl Entry<'_> {
    /// The address of a page of this link, relative to the page that is asked for.
    pub fn address(&self, step: &str) -> String {
        let up = self.up();
        if step.is_empty() { format!("{up}{}", self.token) } else { format!("{up}{}/{step}", self.token) }
    }

    /// The way up to where the link begins.
    fn up(&self) -> &'static str {
        if self.request.path.ends_with(self.token) { "" } else { "../" }
    }

    /// A whole page.
    pub fn page(&self, status: u16, words: Words, store: &Store, title: String, content: &Markup) -> Response {
        let frame = Frame { words, store: Some(store), title, up: self.up() };
        Response::new(status, "text/html; charset=utf-8", frame.render(content))
    }

    /// The hidden fields of a form: the state that its reader sees, and a word that only a page of ours can know.
    pub fn hidden(&self, step: &str, state: i64) -> Markup {
        html! {
            input type="hidden" name="state" value=(state);
            input type="hidden" name="proof" value=(self.keys.proof(&self.about(step, state)));
        }
    }

    /// The form that came with the request, and the state that its reader has seen.
    pub fn form(&self, step: &str) -> Result<(Form, i64), VisitError> {
        let form = Form::read(self.request)?;
        let state = form.number("state")?;
        let proof = form.field("proof").unwrap_or_default();
        if self.keys.is_proof(proof, &self.about(step, state)) { Ok((form, state)) } else { Err(VisitError::Form) }
    }

    /// What a form is about.
    fn about(&self, step: &str, state: i64) -> String {
        format!("{}/{step}/{state}", self.token)
    }
}

impl<P: Platform> Way<'_, P> {
    /// Logs what was changed and wakes the deliveries that are due. A wake-up that fails is only a delay: the clock sweeps
    /// what is due.
    pub async fn settle(&self, link: &Link, what: &str, due: &[String]) {
        self.platform.log(&json!({"event": "page_change", "store": link.store, "subject": link.id, "what": what}));
        if due.is_empty() {
            return;
        }
        let due: Vec<String> = due.iter().map(|delivery| self.shard.wake_up(delivery)).collect();
        if let Err(error) = self.platform.queue().wake(&due).await {
            self.platform.log(&json!({"event": "wake_failed", "error": error.to_string()}));
        }
    }
}
