//! Changes of an order: each is one event, made by the domain's rules on the version that its maker has seen.

use super::history::actor;
use super::refusal::refusal;
use super::{amounts, board, sheet};
use crate::booking::wake;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::form::Form;
use crate::page::{Tone, notice};
use crate::sign_in::to;
use chrono::NaiveDateTime;
use lanekeeper_changes::write_order;
use lanekeeper_conversation::OrderChange;
use lanekeeper_domain::Store;
use lanekeeper_domain::repair_order::{
    Actor, Audience, Event, Method, Note, OperationEdit, OrderEdit, Part, Refusal, RepairOrder, Stage, Verdict,
};
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_links::Links;
use lanekeeper_platform::{Database, Platform, Response};
use lanekeeper_storage::{order_page, repair_order_for_store};
use maud::Markup;
use serde_json::{Value, json};

/// The most characters of a description.
const LONGEST: usize = 1000;

/// Why nothing was changed.
enum Wrong {
    /// A rule of the domain's.
    Refused(Refusal),
    /// A field that is not possible.
    Field(&'static str),
}

impl From<Refusal> for Wrong {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A change: what it is called in the log, what is said when it was made, and how it is made.
struct Doing<F> {
    action: &'static str,
    said: &'static str,
    apply: F,
}

/// `POST …/stage`: from the board or from the order's page.
pub async fn set_stage<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let stage = form.field("stage").and_then(Stage::from_name).ok_or(DeskError::Field("stage", "input_missing"))?;
    let apply =
        |order: &mut RepairOrder, _: &Store| Ok(order.edit(OrderEdit { stage: Some(stage), ..OrderEdit::default() })?);
    changed(desk, &form, Doing { action: "order.stage", said: "saved", apply }).await
}

/// `POST …/edit`: promised time, what is waited for, people, mileage, VIN. What is as it was is not touched.
pub async fn edit<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let apply = |order: &mut RepairOrder, store: &Store| {
        let edit = edited(&form, order, store)?;
        Ok(order.edit(edit)?)
    };
    changed(desk, &form, Doing { action: "order.edit", said: "saved", apply }).await
}

fn edited(form: &Form, order: &RepairOrder, store: &Store) -> Result<OrderEdit, Wrong> {
    let text = |name: &str, before: &Option<String>| {
        let now = form.field(name).map(str::to_owned);
        (now != *before).then_some(now)
    };
    let mileage = |name: &'static str, before: Option<u32>| {
        let digits: String = form.field(name).unwrap_or_default().chars().filter(|c| !matches!(c, ',' | ' ')).collect();
        let now = if digits.is_empty() { None } else { Some(digits.parse().map_err(|_| Wrong::Field(name))?) };
        Ok::<_, Wrong>((now != before).then_some(now))
    };
    let promised = match form.field("promised_at") {
        None => None,
        Some(local) => {
            let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").ok();
            Some(local.and_then(|local| store.instant(local)).ok_or(Wrong::Field("promised_at"))?)
        }
    };
    // The field knows minutes only: a promise to the second is as it was.
    let same = |a: Option<chrono::DateTime<chrono::Utc>>, b: Option<chrono::DateTime<chrono::Utc>>| {
        a.map(|at| at.timestamp().div_euclid(60)) == b.map(|at| at.timestamp().div_euclid(60))
    };
    Ok(OrderEdit {
        promised_at: (!same(promised, order.promised_at)).then_some(promised),
        waiting_for: text("waiting_for", &order.waiting_for),
        advisor: text("advisor", &order.advisor),
        technician: text("technician", &order.technician),
        vin: text("vin", &order.vin),
        // Who types a VIN at the desk has the car before them.
        vin_unverified: true,
        mileage_in: mileage("mileage_in", order.mileage_in)?,
        mileage_out: mileage("mileage_out", order.mileage_out)?,
        ..OrderEdit::default()
    })
}

/// `POST …/note`.
pub async fn add_note<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let text = form.text("note", LONGEST)?.to_owned();
    let audience = if form.field("audience") == Some("customer") { Audience::Customer } else { Audience::Internal };
    let apply = |order: &mut RepairOrder, _: &Store| {
        let notes = order.notes.iter().cloned().chain(std::iter::once(Note { text, audience })).collect();
        Ok(order.edit(OrderEdit { notes: Some(notes), ..OrderEdit::default() })?)
    };
    changed(desk, &form, Doing { action: "order.note", said: "saved", apply }).await
}

/// `POST …/lines`: a line more, from the menu or in words. It is a draft until it is put to the customer.
pub async fn add_line<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let id = desk.call.new_id();
    let apply = |order: &mut RepairOrder, store: &Store| {
        let class = order.vehicle.as_ref().and_then(Vehicle::class);
        let edit = OperationEdit { service: text(&form, "service"), ..line(&form)? };
        let edit = OperationEdit { parts: edit.parts.filter(|parts| !parts.is_empty()), ..edit };
        Ok(order.add_operation(&store.charges, &id, edit.from_menu(store, class)?)?)
    };
    changed(desk, &form, Doing { action: "order.add_line", said: "saved", apply }).await
}

/// `POST …/lines/{line}`. A higher price than the one agreed to asks the customer again.
pub async fn change_line<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let apply = |order: &mut RepairOrder, store: &Store| {
        let id = desk.place("line");
        let before = order.operation(id).ok_or_else(|| Refusal::NoOperation(id.to_owned()))?.clone();
        let mut edit = line(&form)?;
        edit.pay_type = choice(&form, "pay_type")?;
        edit.progress = choice(&form, "progress")?.filter(|progress| *progress != before.progress);
        Ok(order.edit_operation(&store.charges, id, edit)?)
    };
    changed(desk, &form, Doing { action: "order.change_line", said: "saved", apply }).await
}

/// `POST …/lines/{line}/remove`.
pub async fn remove_line<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let apply =
        |order: &mut RepairOrder, store: &Store| Ok(order.remove_operation(&store.charges, desk.place("line"))?);
    changed(desk, &form, Doing { action: "order.remove_line", said: "saved", apply }).await
}

/// `POST …/propose`: asks the customer, in the conversation, whether the work that is drafted may be done.
pub async fn propose<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let apply = |order: &mut RepairOrder, store: &Store| Ok(order.propose(&store.charges, None)?);
    changed(desk, &form, Doing { action: "order.propose", said: "asked", apply }).await
}

/// `POST …/decide`: what the customer answered on the phone or at the counter, at the amounts that were told.
pub async fn decide<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let method = match form.field("method") {
        Some("in_person_physical_signature") => Method::InPersonPhysicalSignature,
        Some("in_person_digital_signature") => Method::InPersonDigitalSignature,
        _ => Method::VerbalPhone,
    };
    let apply = |order: &mut RepairOrder, store: &Store| {
        let mut verdicts = Vec::new();
        for id in order.operations.iter().map(|operation| operation.id.clone()) {
            let authorized = match form.field(&format!("line.{id}")) {
                Some("yes") => true,
                Some("no") => false,
                _ => continue,
            };
            let told = form.field(&format!("amount.{id}")).and_then(|amount| amount.parse().ok());
            verdicts.push(Verdict { operation: id, authorized, amount: told.ok_or(Wrong::Field("amount"))? });
        }
        if verdicts.is_empty() {
            return Err(Wrong::Field("answer"));
        }
        Ok(order.decide(&store.charges, &verdicts, method)?)
    };
    changed(desk, &form, Doing { action: "order.decide", said: "recorded", apply }).await
}

/// `POST …/remind`: asks the customer once more. The rules allow that once; after it somebody calls.
pub async fn remind<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let now = desk.now();
    let apply = |order: &mut RepairOrder, store: &Store| {
        if order.nudges > 0 || order.open_lines().next().is_none() || order.stage.is_over() {
            return Err(Refusal::NothingToPropose.into());
        }
        order.followed_up(store, now);
        Ok(Event::Reminded)
    };
    changed(desk, &form, Doing { action: "order.remind", said: "asked", apply }).await
}

/// Changes the order that the path names, if it still has the version that the form was made for.
async fn changed<P: Platform, F>(desk: &Desk<'_, P>, form: &Form, doing: Doing<F>) -> Result<Response, DeskError>
where
    F: FnOnce(&mut RepairOrder, &Store) -> Result<Event, Wrong>,
{
    let at = desk.here()?;
    let seen: i64 = form.field("version").and_then(|version| version.parse().ok()).ok_or(DeskError::Forged)?;
    let found = repair_order_for_store(at.shard.database, &at.store.id, desk.place("order")).await?;
    let found = found.filter(|found| found.store.group == desk.person.group).ok_or(DeskError::NotFound)?;
    if found.order.version != seen {
        return overtaken(desk, form).await;
    }
    let (store, mut order) = (&found.store, found.order.clone());
    let event = match (doing.apply)(&mut order, store) {
        Ok(event) => event,
        Err(wrong) => {
            let words = desk.words();
            let text = match wrong {
                Wrong::Refused(reason) => refusal(words, store, &reason),
                Wrong::Field(name) => {
                    format!("{}: {}", words.say(&format!("field_{name}")), words.say("input_wrong"))
                }
            };
            return page(desk, form, 409, Some(notice(Tone::Bad, &text))).await;
        }
    };
    order.wait_for_answer(store, desk.now());
    let change = OrderChange { order, event, actor: Actor::Staff(desk.person.name.clone()) };
    let links = Links::of(desk.platform().settings());
    let written = write_order(&found, &change, links.as_ref(), desk.now(), &|| desk.call.new_id());
    let mut batch = written.statements;
    let details: Value = json!({"version": seen + 1});
    batch.push(desk.audit(Some(&store.id), doing.action, &found.order.id, &details));
    match at.shard.database.batch(batch).await {
        Ok(_) => {}
        Err(error) if error.is_conflict_on("order_events") => return overtaken(desk, form).await,
        Err(error) => return Err(error.into()),
    }
    wake(desk, &at.shard, &written.due).await;
    let back = match form.field("back") {
        Some("board") => format!("/desk/stores/{}/orders", store.id),
        Some("waiting") => format!("/desk/stores/{}/waiting", store.id),
        _ => format!("/desk/stores/{}/orders/{}", store.id, found.order.id),
    };
    Ok(to(&format!("{back}?said={}", doing.said)))
}

/// Somebody else was quicker: who, and the order as it is now.
async fn overtaken<P: Platform>(desk: &Desk<'_, P>, form: &Form) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let place = (desk.person.group.as_str(), at.store.id.as_str());
    let found = order_page(at.shard.database, place, desk.place("order")).await?;
    let (words, store) = (desk.words(), &found.found.store);
    let who = found.history.first().map_or_else(String::new, |line| actor(words, &line.actor));
    let time = found.history.first().map_or_else(String::new, |line| words.clock(store, line.at));
    let text = words.fill("orders_overtaken", &[("who", &who), ("time", &time), ("number", &found.found.order.number)]);
    page(desk, form, 409, Some(notice(Tone::Bad, &text))).await
}

/// The page that the form came from, below what is to be said.
async fn page<P: Platform>(
    desk: &Desk<'_, P>,
    form: &Form,
    status: u16,
    said: Option<Markup>,
) -> Result<Response, DeskError> {
    match form.field("back") {
        Some("board") => board::page(desk, status, said).await,
        _ => sheet::page(desk, status, said).await,
    }
}

fn text(form: &Form, name: &str) -> Option<String> {
    form.field(name).map(str::to_owned)
}

fn choice<T: serde::de::DeserializeOwned>(form: &Form, name: &'static str) -> Result<Option<T>, Wrong> {
    let chosen = form.field(name).map(|value| serde_json::from_value(json!(value)));
    chosen.transpose().map_err(|_| Wrong::Field(name))
}

/// What the fields of a line say.
fn line(form: &Form) -> Result<OperationEdit, Wrong> {
    let labor = form.field("labor").map(|labor| amounts::parse(labor, 2).ok_or(Wrong::Field("labor")));
    Ok(OperationEdit {
        name: text(form, "name"),
        complaint: text(form, "complaint"),
        cause: text(form, "cause"),
        correction: text(form, "correction"),
        labor: labor.transpose()?,
        parts: Some(parts(form)?),
        ..OperationEdit::default()
    })
}

/// The parts of a line: each row of the form has all four fields; a row without a name is none.
fn parts(form: &Form) -> Result<Vec<Part>, Wrong> {
    let (numbers, quantities) = (form.all("part_number"), form.all("part_quantity"));
    let rows = form.all("part_name").zip(numbers).zip(quantities).zip(form.all("part_price"));
    let rows = rows.filter(|(((name, _), _), _)| !name.trim().is_empty());
    rows.map(|(((name, number), quantity), price)| {
        let quantity = if quantity.trim().is_empty() { Some(1000) } else { amounts::parse(quantity, 3) };
        Ok(Part {
            number: Some(number.trim().to_owned()).filter(|number| !number.is_empty()),
            name: name.trim().to_owned(),
            quantity: quantity.ok_or(Wrong::Field("parts"))?,
            unit_price: amounts::parse(price, 2).ok_or(Wrong::Field("parts"))?,
        })
    })
    .collect()
}
