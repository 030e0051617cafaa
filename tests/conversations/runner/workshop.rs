//! What the store's people do to a repair order, as a transcript tells of it.

use crate::Shop;
use lanekeeper_changes::{decide_lines, write_order};
use lanekeeper_conversation::OrderChange;
use lanekeeper_domain::RepairOrder;
use lanekeeper_domain::repair_order::{
    Actor, Authorization, Event, Method, OperationEdit, OrderEdit, PayType, Progress, Refusal, Stage, Verdict,
};
use lanekeeper_links::Links;
use lanekeeper_native::block_on;
use lanekeeper_platform::{Database, Platform, Random, Statement};
use lanekeeper_storage::{OrderInStore, repair_order_for_store};

/// `adds Front brake pads 233.95`, `asks`, `prices Front brake pads 250`, `starts …`, `stage completed`,
/// `promises 2026-11-20 17:00`, `warranty …`, `hears by phone yes Front brake pads; no Wiper blades`.
pub fn act(shop: &Shop, order: &str, what: &str) -> Result<(), String> {
    let found = load(shop, order)?;
    let mut after = found.order.clone();
    let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
    let charges = &found.store.charges;
    let refused = |refusal: Refusal| refusal.to_string();
    let event = match verb {
        "adds" => {
            let (name, amount) = priced(rest)?;
            let id = format!("{order}-{}", after.operations.len() + 1);
            let edit = OperationEdit { name: Some(name.to_owned()), labor: Some(amount), ..OperationEdit::default() };
            after.add_operation(charges, &id, edit)
        }
        "asks" => after.propose(charges, None),
        "prices" => {
            let (name, amount) = priced(rest)?;
            let edit = OperationEdit { labor: Some(amount), ..OperationEdit::default() };
            let id = line(&after, name)?;
            after.edit_operation(charges, &id, edit)
        }
        "starts" => {
            let edit = OperationEdit { progress: Some(Progress::InProgress), ..OperationEdit::default() };
            let id = line(&after, rest)?;
            after.edit_operation(charges, &id, edit)
        }
        "warranty" => {
            let edit = OperationEdit { pay_type: Some(PayType::Warranty), ..OperationEdit::default() };
            let id = line(&after, rest)?;
            after.edit_operation(charges, &id, edit)
        }
        "stage" => {
            let stage = Stage::from_name(rest).ok_or_else(|| format!("there is no stage '{rest}'"))?;
            after.edit(OrderEdit { stage: Some(stage), ..OrderEdit::default() })
        }
        "promises" => {
            let promised = shop.store.instant(crate::transcript::time(rest)?);
            after.edit(OrderEdit { promised_at: Some(promised), ..OrderEdit::default() })
        }
        "signed" => Ok(after.authorize_all(charges, Method::InPersonPhysicalSignature)),
        "hears" => return hears(shop, &found, rest),
        other => return Err(format!("the workshop cannot '{other}'")),
    };
    let event = event.map_err(refused)?;
    after.wait_for_answer(&found.store, shop.now());
    let links = Links::of(shop.platform.settings());
    let change = OrderChange { order: after, event, actor: Actor::Staff("Pat".to_owned()) };
    commit(shop, write_order(&found, &change, links.as_ref(), shop.now(), &ids(shop)).statements)
}

/// Opens the order in the database as the API does.
pub fn opened(shop: &Shop, order: &RepairOrder) -> Vec<Statement> {
    let (actor, event) = (Actor::Staff("Pat".to_owned()), Event::Opened { stage: order.stage });
    lanekeeper_storage::open_repair_order(&shop.store.id, order, &actor, &event, shop.now())
}

/// How the order's lines stand, e.g. "Front brake pads authorized 233.95; Wiper blades declined".
pub fn lines(shop: &Shop, order: &str) -> Result<String, String> {
    let found = load(shop, order)?;
    let one = |operation: &lanekeeper_domain::repair_order::Operation| {
        let state = serde_json::json!(operation.authorization);
        let amount = operation.authorized_amount.or(operation.requested_amount);
        let amount = amount.filter(|_| operation.authorization != Authorization::Declined).map(money);
        let parts =
            [operation.name.as_str(), state.as_str().unwrap_or_default(), amount.as_deref().unwrap_or_default()];
        parts.join(" ").trim().to_owned()
    };
    Ok(found.order.operations.iter().map(one).collect::<Vec<_>>().join("; "))
}

fn hears(shop: &Shop, found: &OrderInStore, how: &str) -> Result<(), String> {
    let (method, said) = match how.split_once(": ") {
        Some(("by phone", said)) => (Method::VerbalPhone, said),
        Some(("on the page", said)) => (Method::SmsTextLink, said),
        _ => return Err("write: hears by phone: yes Front brake pads; no Wiper blades".to_owned()),
    };
    let verdicts = said.split("; ").map(|one| {
        let (answer, name) = one.split_once(' ').ok_or("write: yes Front brake pads")?;
        let id = line(&found.order, name)?;
        let amount = found.order.operation(&id).map_or(0, |operation| found.store.charges.amount(operation));
        Ok(Verdict { operation: id, authorized: answer == "yes", amount })
    });
    let verdicts = verdicts.collect::<Result<Vec<_>, String>>()?;
    let actor = if method == Method::VerbalPhone { Actor::Staff("Pat".to_owned()) } else { Actor::Customer };
    let written = decide_lines(found, &verdicts, (method, actor), None, shop.now(), &ids(shop));
    commit(shop, written.map_err(|refusal| refusal.to_string())?.statements)
}

fn load(shop: &Shop, order: &str) -> Result<OrderInStore, String> {
    let found = block_on(repair_order_for_store(shop.database(), &shop.store.id, order));
    found.map_err(|error| error.to_string())?.ok_or_else(|| format!("there is no repair order {order}"))
}

fn commit(shop: &Shop, statements: Vec<Statement>) -> Result<(), String> {
    block_on(shop.database().batch(statements)).map_err(|error| error.to_string())?;
    shop.tick();
    Ok(())
}

fn ids(shop: &Shop) -> impl Fn() -> String + '_ {
    || shop.platform.random().id(shop.now())
}

fn line(order: &RepairOrder, name: &str) -> Result<String, String> {
    let found = order.operations.iter().find(|operation| operation.name == name);
    found.map(|operation| operation.id.clone()).ok_or_else(|| format!("there is no '{name}' on the order"))
}

/// "Front brake pads 233.95": the name, and the amount in minor units.
pub fn priced(text: &str) -> Result<(&str, i64), String> {
    let wrong = || format!("'{text}' is not like: Front brake pads 233.95");
    let (name, amount) = text.rsplit_once(' ').ok_or_else(wrong)?;
    let (whole, cents) = amount.split_once('.').unwrap_or((amount, "00"));
    let minor = format!("{whole}{cents:0<2}").parse().map_err(|_| wrong())?;
    Ok((name, minor))
}

fn money(amount: i64) -> String {
    if amount % 100 == 0 { (amount / 100).to_string() } else { format!("{}.{:02}", amount / 100, amount % 100) }
}
