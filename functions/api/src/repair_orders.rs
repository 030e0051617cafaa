//! Repair orders: opened from an appointment or at the counter, changed by the rules of `lanekeeper_domain::repair_order`
//! and told of by the same messages as everywhere.

mod lines;
mod open;

pub use lines::{add_line, authorize, change_line, propose, remove_line};
pub use open::open;

use crate::answer::Answer;
use crate::call::Call;
use crate::deliveries;
use crate::error::ApiError;
use lanekeeper_changes::{Written, write_order};
use lanekeeper_conversation::OrderChange;
use lanekeeper_domain::repair_order::{Actor, Charges, Event, OrderEdit, Refusal};
use lanekeeper_domain::{RepairOrder, Store};
use lanekeeper_links::Links;
use lanekeeper_platform::{DatabaseError, Platform};
use lanekeeper_storage::{OrderInStore, ViewError, repair_order_events, repair_order_for_store, shown};
use serde_json::{Value, json};

/// `GET /api/v1/stores/{store}/repair-orders/{order}`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let found = find(call).await?;
    Ok(answer(&found))
}

/// `GET …/{order}/events`: what happened to it, the earliest first.
pub async fn events<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let found = find(call).await?;
    let events = repair_order_events(call.database(), &found.store.id, &found.order.id).await?;
    Ok(Answer::ok(json!({"items": events, "next_cursor": null})))
}

/// `PATCH …/{order}`: stage, promised time, what is waited for, people, VIN, mileage, notes, photos.
pub async fn change<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let edit: OrderEdit = call.body()?;
    changed(call, |order, _| order.edit(edit)).await
}

/// The order that the path names, in the caller's group.
async fn find<P: Platform>(call: &Call<'_, P>) -> Result<OrderInStore, ApiError> {
    let found = repair_order_for_store(call.database(), call.place("store"), call.place("order")).await?;
    found.filter(|found| found.store.group == call.group()).ok_or(ApiError::not_found("repair order"))
}

/// Changes the order that the caller has read (`If-Match` must say which version that was), and shows it as it is then.
async fn changed<P: Platform>(
    call: &Call<'_, P>,
    apply: impl FnOnce(&mut RepairOrder, &Charges) -> Result<Event, Refusal>,
) -> Result<Answer, ApiError> {
    call.required_match()?;
    let found = find(call).await?;
    call.demand_match(found.order.version)?;
    let change = applied(call, &found, apply)?;
    let links = Links::of(call.platform.settings());
    let written = write_order(&found, &change, links.as_ref(), call.now, &|| call.new_id());
    commit(call, written).await?;
    read(call).await
}

fn applied<P: Platform>(
    call: &Call<'_, P>,
    found: &OrderInStore,
    apply: impl FnOnce(&mut RepairOrder, &Charges) -> Result<Event, Refusal>,
) -> Result<OrderChange, ApiError> {
    let mut order = found.order.clone();
    let event = apply(&mut order, &found.store.charges).map_err(refused)?;
    order.wait_for_answer(&found.store, call.now);
    Ok(OrderChange { order, event, actor: staff(call) })
}

async fn commit<P: Platform>(call: &Call<'_, P>, written: Written) -> Result<(), ApiError> {
    call.batch(written.statements).await.map_err(stale)?;
    wake(call, &written.due).await;
    Ok(())
}

async fn wake<P: Platform>(call: &Call<'_, P>, due: &[String]) {
    let due: Vec<String> = due.iter().map(|id| call.shard.wake_up(id)).collect();
    deliveries::wake(call.platform, &due).await;
}

/// Somebody else took the version meanwhile.
fn stale(error: ApiError) -> ApiError {
    match &error {
        ApiError::View(ViewError::Database(refusal)) if refusal.is_conflict_on("order_events") => ApiError::Stale,
        _ => error,
    }
}

/// Who changes an order by the API: the name in the header `Lanekeeper-Actor`, or the API itself.
fn staff<P: Platform>(call: &Call<'_, P>) -> Actor {
    let name = call.request.header("lanekeeper-actor").map(str::trim).filter(|name| !name.is_empty());
    Actor::Staff(name.unwrap_or("API").chars().take(80).collect())
}

/// A rule's refusal: a field that is not possible is the body's mistake, the rest depends on how the order stands.
fn refused(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::Field { field, reason } => ApiError::field(field, reason),
        Refusal::NoOperation(_) => ApiError::not_found("operation"),
        other => ApiError::Conflict(other.to_string(), Value::Null),
    }
}

/// Whether a row of this table is why the database refused.
fn refused_by(error: &ApiError, table: &str) -> Option<String> {
    match error {
        ApiError::View(ViewError::Database(refusal @ DatabaseError::Constraint(message)))
            if refusal.is_conflict_on(table) =>
        {
            Some(message.clone())
        }
        _ => None,
    }
}

fn answer(found: &OrderInStore) -> Answer {
    Answer::ok(show(&found.order, &found.store)).with_etag(found.order.version)
}

/// An order as it is shown, with what it comes to.
fn show(order: &RepairOrder, store: &Store) -> Value {
    let lines = order.operations.iter().map(|operation| {
        let mut line = json!(operation);
        line["amount"] = json!(store.charges.amount(operation));
        line["may_start"] = json!(operation.may_start(&store.charges));
        line
    });
    let totals = order.totals(&store.charges);
    let time = |instant: Option<chrono::DateTime<chrono::Utc>>| instant.and_then(|at| shown(at.timestamp_millis()));
    json!({
        "id": order.id,
        "version": order.version,
        "number": order.number,
        "stage": order.stage,
        "customer_id": order.customer,
        "appointment_id": order.appointment,
        "vehicle": order.vehicle,
        "vin": order.vin,
        "vin_status": order.vin_status,
        "mileage_in": order.mileage_in,
        "mileage_out": order.mileage_out,
        "advisor": order.advisor,
        "technician": order.technician,
        "promised_at": time(order.promised_at),
        "waiting_for": order.waiting_for,
        "notes": order.notes,
        "photos": order.photos,
        "operations": lines.collect::<Vec<_>>(),
        "totals": {"labor": totals.labor, "parts": totals.parts, "fees": totals.fees, "tax": totals.tax, "total": totals.total},
        "total_if_agreed": order.total_if_agreed(&store.charges),
        "follow_up_at": time(order.nudge_at),
    })
}
