//! The pages of one repair order: how far it has come, what it costs, and what its customer is asked.

mod answer;
mod view;

use crate::entry::{Entry, enter};
use crate::error::VisitError;
use crate::words::Words;
use lanekeeper_conversation::phrases;
use lanekeeper_domain::repair_order::{LineTotal, Operation};
use lanekeeper_links::Kind;
use lanekeeper_platform::{Platform, Request, Response};
use lanekeeper_storage::{OrderInStore, repair_order_for_store};
use maud::Markup;

/// A repair order whose link was opened.
pub struct Opened<'a> {
    entry: Entry<'a>,
    found: OrderInStore,
    words: Words,
}

/// Answers a request for a page of the repair order that the token names.
pub async fn answer<P: Platform>(
    platform: &P,
    request: &Request,
    token: &str,
    step: &str,
) -> Result<Response, VisitError> {
    let (way, entry) = enter(platform, request, Kind::RepairOrder, token).await?;
    let found = repair_order_for_store(way.shard.database, &entry.link.store, &entry.link.id).await?;
    let found = found.ok_or(VisitError::NoSuchLink)?;
    let language = found.reach.as_ref().map_or(found.store.language, |reach| reach.language);
    let opened = Opened { entry, found, words: Words::of(language) };
    match (request.method.as_str(), step) {
        ("GET" | "HEAD", "") => Ok(opened.page(200, &view::order(&opened, None))),
        ("GET" | "HEAD", "answer") => Ok(answer::show(&opened)),
        ("POST", "answer") => answer::commit(&way, opened).await,
        (_, "") => Err(VisitError::Method("GET, HEAD")),
        (_, "answer") => Err(VisitError::Method("GET, HEAD, POST")),
        _ => Err(VisitError::NoSuchLink),
    }
}

impl Opened<'_> {
    fn page(&self, status: u16, content: &Markup) -> Response {
        let title = self.words.fill("order_title", &[("number", &self.found.order.number)]);
        self.entry.page(status, self.words, &self.found.store, title, content)
    }

    /// What a line costs the customer.
    fn cost(&self, operation: &Operation) -> LineTotal {
        self.found.store.charges.line(operation)
    }

    fn money(&self, amount: i64) -> String {
        phrases::money(&self.found.store, amount)
    }
}
