//! The customer comes, or does not.

use super::commit::{Deed, Outcome, change, wake};
use super::found;
use crate::desk::{AtStore, Desk};
use crate::error::DeskError;
use crate::sign_in::to;
use lanekeeper_changes::open_order;
use lanekeeper_conversation::notices;
use lanekeeper_domain::RepairOrder;
use lanekeeper_domain::repair_order::Actor;
use lanekeeper_links::Links;
use lanekeeper_platform::{Database, DatabaseError, Platform, Response};
use lanekeeper_storage::{
    AppointmentInStore, OrderInStore, Standing, expect_appointment, mark_missed, next_order_number, unmark_missed,
    withdraw_for_appointment,
};
use serde_json::json;

/// How often the next number of an order is tried when others take it meanwhile.
const TRIES: i64 = 5;

/// `POST …/arrive`: the customer is here; the repair order is opened with the work that was booked.
pub async fn arrive<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let found = found(desk, &at).await?;
    let visit = &found.visit;
    if let Some(order) = &found.entry.order {
        return Ok(to(&order_address(&visit.store.id, &order.id)));
    }
    if visit.standing == Standing::Cancelled {
        return Err(DeskError::Conflict("booking_gone"));
    }
    let concern = found.entry.concern.as_deref();
    let order =
        RepairOrder::of_appointment(&visit.store, &found.entry.appointment, (&visit.customer.id, concern), &|| {
            desk.call.new_id()
        })
        .map_err(|_| DeskError::Conflict("orders_refused"))?;
    let address = order_address(&visit.store.id, &order.id);
    let next = next_order_number(at.shard.database, &visit.store.id).await?;
    let reach = super::commit::reach(&found);
    let mut opened = OrderInStore { order, store: visit.store.clone(), revision: visit.revision, reach };
    for attempt in 0..TRIES {
        opened.order.number = (next + attempt).to_string();
        match open(desk, &at, &found, &opened).await {
            Ok(()) => return Ok(to(&format!("{address}?said=arrived"))),
            Err(DatabaseError::Constraint(message)) if message.contains("appointment_id") => {
                // A colleague at the next counter was quicker.
                let found = self::found(desk, &at).await?;
                let order = found.entry.order.ok_or(DeskError::Conflict("booking_changed"))?;
                return Ok(to(&order_address(&found.visit.store.id, &order.id)));
            }
            Err(DatabaseError::Constraint(message)) if message.contains("repair_orders.number") => {}
            Err(error) if error.is_conflict_on("appointments") => return Err(DeskError::Conflict("booking_changed")),
            Err(error) => return Err(error.into()),
        }
    }
    Err(DeskError::Conflict("booking_contended"))
}

async fn open<P: Platform>(
    desk: &Desk<'_, P>,
    at: &AtStore<'_, '_, P>,
    found: &AppointmentInStore,
    opened: &OrderInStore,
) -> Result<(), DatabaseError> {
    let (store, id) = (opened.store.id.as_str(), found.visit.appointment.id.as_str());
    let links = Links::of(desk.platform().settings());
    let actor = Actor::Staff(desk.person.name.clone());
    let written = open_order(opened, &actor, None, links.as_ref(), desk.now(), &|| desk.call.new_id());
    let details = json!({"order": opened.order.id, "number": opened.order.number});
    let mut batch = vec![expect_appointment(store, id, Some(found.visit.appointment.sequence))];
    batch.extend(written.statements);
    batch.push(lanekeeper_storage::arrive(store, id, desk.now()));
    batch.push(desk.audit(Some(store), "appointment.arrive", id, &details));
    at.shard.database.batch(batch).await?;
    wake(desk, &at.shard, &written.due).await;
    Ok(())
}

/// `POST …/no-show`: the customer did not come, and is written to as the store has it.
pub async fn miss<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let found = found(desk, &at).await?;
    let visit = &found.visit;
    let is_due = visit.appointment.opening.start <= desk.now();
    if !is_due || !super::is_open(&found) {
        return Err(DeskError::Conflict("booking_changed"));
    }
    let mark = mark_missed(&visit.store.id, &visit.appointment.id, desk.now());
    let notice = notices::missed(&visit.appointment);
    let notices = if found.entry.no_show_at.is_none() { vec![notice] } else { Vec::new() };
    let deed =
        Deed { action: "appointment.no_show", details: json!({}), changes: &[], notices: &notices, more: vec![mark] };
    finish(&found, change(desk, &at, &found, deed).await?, "missed")
}

/// `POST …/expect`: the customer is on the way after all. What was to be written to them is not.
pub async fn expect_again<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let found = found(desk, &at).await?;
    let (store, id) = (&found.visit.store.id, &found.visit.appointment.id);
    let more = vec![unmark_missed(store, id, desk.now()), withdraw_for_appointment(store, id, desk.now())];
    let deed = Deed { action: "appointment.expect", details: json!({}), changes: &[], notices: &[], more };
    if found.entry.no_show_at.is_none() {
        return Err(DeskError::Conflict("booking_changed"));
    }
    finish(&found, change(desk, &at, &found, deed).await?, "expected")
}

fn finish(found: &AppointmentInStore, outcome: Outcome, said: &str) -> Result<Response, DeskError> {
    let visit = &found.visit;
    match outcome {
        Outcome::Done => {
            Ok(to(&format!("/desk/stores/{}/appointments/{}?said={said}", visit.store.id, visit.appointment.id)))
        }
        Outcome::Changed | Outcome::Taken => Err(DeskError::Conflict("booking_changed")),
    }
}

fn order_address(store: &str, order: &str) -> String {
    format!("/desk/stores/{store}/orders/{order}")
}
