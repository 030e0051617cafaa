//! Repair orders: what happened to one, and what its customer is told.

use crate::{Outside, Written, write_outside};
use chrono::{DateTime, Utc};
use lanekeeper_conversation::{Notice, OrderChange, order_notices};
use lanekeeper_domain::repair_order::{Actor, Event, Method, Refusal, Verdict};
use lanekeeper_links::Links;
use lanekeeper_platform::Statement;
use lanekeeper_storage::{OrderInStore, Revised, open_repair_order, save_repair_order, withdraw_for_repair_order};

/// The order as it is now, its event, and the end of messages that this makes pointless. `message` is the one in whose
/// words the customer answered.
pub(crate) fn saved(store: &str, change: &OrderChange, message: Option<&str>, now: DateTime<Utc>) -> Vec<Statement> {
    let OrderChange { order, event, actor } = change;
    let mut statements = save_repair_order(store, order, actor, event, message, now);
    let superseded: Vec<&str> = order_notices::superseded(event).iter().map(|kind| kind.as_str()).collect();
    if !superseded.is_empty() {
        statements.push(withdraw_for_repair_order(store, &order.id, &superseded, now));
    }
    statements
}

/// Writes what happened to an order outside a conversation, with the messages about it. `found` is the order as it was
/// loaded. A customer who has never written is written to on the store's first line; one whom we cannot reach is not.
pub fn write_order(
    found: &OrderInStore,
    change: &OrderChange,
    links: Option<&Links>,
    now: DateTime<Utc>,
    new_id: &dyn Fn() -> String,
) -> Written {
    let notices = order_notices::about(&found.store, &change.order, &change.event, now);
    tell(found, saved(&found.store.id, change, None, now), &notices, (links, now, new_id))
}

/// Writes a new order, with the message that the car is here. `authorized` says how the customer agreed to all its lines
/// when it was written up.
pub fn open_order(
    found: &OrderInStore,
    actor: &Actor,
    authorized: Option<Method>,
    links: Option<&Links>,
    now: DateTime<Utc>,
    new_id: &dyn Fn() -> String,
) -> Written {
    let (store, mut order) = (&found.store, found.order.clone());
    let decided = authorized.map(|method| order.authorize_all(&store.charges, method));
    let opened = Event::Opened { stage: order.stage };
    let mut statements = open_repair_order(&store.id, &order, actor, &opened, now);
    let notices = order_notices::about(store, &order, &opened, now);
    if let Some(event) = decided {
        order.version = 1;
        statements.extend(save_repair_order(&store.id, &order, actor, &event, None, now));
    }
    tell(found, statements, &notices, (links, now, new_id))
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
    Ok(write_order(found, &OrderChange { order, event, actor }, links, now, new_id))
}

/// The statements and, where the customer can be reached, the messages; with the conversation that they begin.
fn tell(
    found: &OrderInStore,
    mut statements: Vec<Statement>,
    notices: &[Notice],
    (links, now, new_id): (Option<&Links>, DateTime<Utc>, &dyn Fn() -> String),
) -> Written {
    let Some(reach) = found.reach.as_ref().filter(|_| !notices.is_empty()) else {
        return Written { statements, ..Written::default() };
    };
    let outside = Outside {
        store: Revised { profile: &found.store, revision: found.revision },
        customer: &found.order.customer,
        reach: Some(reach),
        links,
        now,
    };
    let written = write_outside(&outside, &[], notices, new_id);
    statements.extend(written.statements);
    Written { statements, ..written }
}
