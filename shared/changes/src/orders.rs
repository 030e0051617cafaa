//! Repair orders: what happened to one, and what its customer is told.

use crate::{Scene, Written, write};
use chrono::{DateTime, Utc};
use lanekeeper_conversation::{Change, OrderChange, order_notices};
use lanekeeper_domain::repair_order::{Actor, Method, Refusal, Verdict};
use lanekeeper_links::Links;
use lanekeeper_storage::{
    NewConversation, OrderInStore, Revised, save_repair_order, start_conversation, withdraw_for_repair_order,
};

impl Written {
    pub(crate) fn order(&mut self, scene: &Scene, change: &OrderChange) {
        let (store, order) = (&scene.store.profile.id, &change.order);
        let message = scene.message.filter(|_| change.actor == Actor::Customer);
        self.statements.extend(save_repair_order(store, order, &change.actor, &change.event, message, scene.now));
        let superseded: Vec<&str> = order_notices::superseded(&change.event).iter().map(|kind| kind.as_str()).collect();
        if !superseded.is_empty() {
            self.statements.push(withdraw_for_repair_order(store, &order.id, &superseded, scene.now));
        }
    }
}

/// Writes what happened to an order outside a conversation, with the messages about it. `found` is the order as it was
/// loaded. A customer who has never written is written to on the store's first line; one whom we cannot reach is not.
pub fn write_order(
    found: &OrderInStore,
    change: OrderChange,
    links: Option<&Links>,
    now: DateTime<Utc>,
    new_id: &dyn Fn() -> String,
) -> Written {
    let notices = order_notices::about(&found.store, &change.order, &change.event, now);
    let customer = change.order.customer.clone();
    let reach = found.reach.as_ref();
    let begun = reach.and_then(|reach| reach.conversation.clone());
    let conversation = begun.clone().unwrap_or_else(new_id);
    let scene = Scene {
        store: Revised { profile: &found.store, revision: found.revision },
        line: reach.map_or("", |reach| &reach.line),
        conversation: &conversation,
        customer: &customer,
        recipient: reach.map_or("", |reach| &reach.address),
        language: reach.map_or(found.store.language, |reach| reach.language),
        time_zone: reach.and_then(|reach| reach.time_zone),
        message: None,
        links,
        now,
    };
    let notices = if reach.is_some() { notices } else { Vec::new() };
    let mut written = write(&scene, &[Change::Order(Box::new(change))], &notices, new_id);
    if begun.is_none() && !notices.is_empty() {
        let start = NewConversation {
            id: &conversation,
            store: &found.store.id,
            line: scene.line,
            peer: scene.recipient,
            customer: &customer,
            language: scene.language.code(),
        };
        written.statements.insert(0, start_conversation(&start, now));
    }
    written
}

/// Records a customer's answers about the lines of an order that were given outside a conversation: on the page behind a
/// link, or on the phone to somebody of the store. A yes counts only at an amount that was told and still covers the line.
pub fn decide_lines(
    found: &OrderInStore,
    verdicts: &[Verdict],
    (method, actor): (Method, Actor),
    links: Option<&Links>,
    now: DateTime<Utc>,
    new_id: &dyn Fn() -> String,
) -> Result<Written, Refusal> {
    let mut order = found.order.clone();
    let event = order.decide(&found.store.charges, verdicts, method)?;
    order.wait_for_answer(&found.store, now);
    Ok(write_order(found, OrderChange { order, event, actor }, links, now, new_id))
}
