//! Opening an order: from an appointment when its customer arrives, or at the counter.

use super::{refused, refused_by, show, staff, wake};
use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use crate::profile;
use chrono::{DateTime, Utc};
use lanekeeper_changes::open_order;
use lanekeeper_domain::repair_order::{Method, Note, OperationEdit, OrderEdit, Photo, Stage};
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::{RepairOrder, Store};
use lanekeeper_links::Links;
use lanekeeper_platform::Platform;
use lanekeeper_storage::{
    Correspondent, OrderInStore, VehicleRow, ViewError, appointment_view, arrive, correspondent, next_order_number,
    store_row, vehicle,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// How often the next number is tried when others take it meanwhile.
const TRIES: i64 = 5;

/// An order to be opened. It names an appointment or a customer.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NewRepairOrder {
    /// The appointment that the customer has come for; its customer, car and work are taken over, and it has arrived.
    appointment_id: Option<String>,
    /// The customer, where there is no appointment.
    customer_id: Option<String>,
    /// One of the customer's cars.
    vehicle_id: Option<String>,
    /// The number on it; the store's next one when absent.
    number: Option<String>,
    /// `open` or `vehicle_received`, which it is when absent.
    stage: Option<Stage>,
    advisor: Option<String>,
    technician: Option<String>,
    promised_at: Option<DateTime<Utc>>,
    vin: Option<String>,
    /// Whether the VIN may have a wrong check digit.
    vin_unverified: bool,
    mileage_in: Option<u32>,
    notes: Vec<Note>,
    photos: Vec<Photo>,
    /// The work; that of the appointment when absent.
    operations: Option<Vec<OperationEdit>>,
    /// How the customer agreed to all of it at the counter; absent when they did not.
    authorized: Option<Method>,
}

/// `POST /api/v1/stores/{store}/repair-orders`.
pub async fn open<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let mut new: NewRepairOrder = call.body()?;
    let row = store_row(call.database(), call.group(), call.place("store")).await?;
    let store = profile::parse(&row)?;
    if let Some(appointment) = new.appointment_id.clone() {
        take_over(call, &store, &appointment, &mut new).await?;
    }
    let customer = new.customer_id.clone().ok_or_else(|| ApiError::field("customer_id", "is missing"))?;
    let person =
        correspondent(call.database(), &store.id, &customer).await.map_err(|error| unknown(error, "customer_id"))?;
    let car = match &new.vehicle_id {
        Some(id) => Some(car_of(call, &person, id).await?),
        None => None,
    };
    let order = written_up(call, &store, &new, car)?;
    let given = new.number.clone();
    let next = match given {
        Some(_) => 0,
        None => next_order_number(call.database(), &store.id).await?,
    };
    let mut found = OrderInStore { reach: person.reach(store.language), order, store, revision: row.revision };
    for attempt in 0..TRIES {
        found.order.number = given.clone().unwrap_or_else(|| (next + attempt).to_string());
        match put(call, &found, &new).await {
            Err(error)
                if given.is_none() && refused_by(&error, "repair_orders").is_some_and(|it| it.contains("number")) => {}
            other => return other.map_err(explained),
        }
    }
    Err(ApiError::Conflict("Others took the next numbers meanwhile. Try again.".to_owned(), Value::Null))
}

async fn put<P: Platform>(call: &Call<'_, P>, found: &OrderInStore, new: &NewRepairOrder) -> Result<Answer, ApiError> {
    let links = Links::of(call.platform.settings());
    let written = open_order(found, &staff(call), new.authorized, links.as_ref(), call.now, &|| call.new_id());
    let mut shown = found.order.clone();
    if let Some(method) = new.authorized {
        shown.authorize_all(&found.store.charges, method);
    }
    shown.version = if new.authorized.is_some() { 2 } else { 1 };
    let location = format!("/api/v1/stores/{}/repair-orders/{}", found.store.id, shown.id);
    let answer = Answer::created(location, show(&shown, &found.store)).with_etag(shown.version);
    let mut statements = written.statements;
    statements.extend(new.appointment_id.as_ref().map(|id| arrive(&found.store.id, id, call.now)));
    let answer = call.create(statements, answer).await?;
    wake(call, &written.due).await;
    Ok(answer)
}

/// What the body does not say itself is the appointment's.
async fn take_over<P: Platform>(
    call: &Call<'_, P>,
    store: &Store,
    id: &str,
    new: &mut NewRepairOrder,
) -> Result<(), ApiError> {
    let found = appointment_view(call.database(), call.group(), &store.id, id).await;
    let (appointment, _) = found.map_err(|error| unknown(error, "appointment_id"))?;
    let text = |name: &str| appointment[name].as_str().map(str::to_owned);
    if text("status").as_deref() != Some("booked") {
        return Err(ApiError::Conflict("The appointment was called off.".to_owned(), Value::Null));
    }
    if new.customer_id.is_some() && new.customer_id != text("customer_id") {
        return Err(ApiError::field("customer_id", "is not the appointment's customer"));
    }
    new.customer_id = text("customer_id");
    new.vehicle_id = new.vehicle_id.take().or_else(|| text("vehicle_id"));
    new.advisor = new.advisor.take().or_else(|| text("advisor"));
    if new.operations.is_none() {
        let more = appointment["more_services"].as_array().into_iter().flatten();
        let services = std::iter::once(&appointment["service_id"]).chain(more).filter_map(Value::as_str);
        let services: Vec<String> = services.map(str::to_owned).collect();
        new.operations = Some(OperationEdit::of_services(store, &services, text("concern").as_deref()));
    }
    Ok(())
}

/// The order by the same rules as any later change of it.
fn written_up<P: Platform>(
    call: &Call<'_, P>,
    store: &Store,
    new: &NewRepairOrder,
    vehicle: Option<Vehicle>,
) -> Result<RepairOrder, ApiError> {
    let stage = new.stage.unwrap_or(Stage::VehicleReceived);
    if !matches!(stage, Stage::Open | Stage::VehicleReceived) {
        return Err(ApiError::field("stage", "a new order is open or vehicle_received"));
    }
    let number = new.number.as_deref();
    if number.is_some_and(|number| number.trim().is_empty() || number.chars().count() > 40) {
        return Err(ApiError::field("number", "must have 1 to 40 characters"));
    }
    if matches!(new.authorized, Some(Method::TextMessage | Method::SmsTextLink)) {
        return Err(ApiError::field("authorized", "the customer answers so themselves; nobody can for them"));
    }
    let mut order = RepairOrder {
        id: call.new_id(),
        customer: new.customer_id.clone().unwrap_or_default(),
        appointment: new.appointment_id.clone(),
        stage,
        vehicle,
        ..RepairOrder::default()
    };
    let edit = OrderEdit {
        promised_at: new.promised_at.map(Some),
        advisor: new.advisor.clone().map(Some),
        technician: new.technician.clone().map(Some),
        vin: new.vin.clone().map(Some),
        vin_unverified: new.vin_unverified,
        mileage_in: new.mileage_in.map(Some),
        notes: Some(new.notes.clone()),
        photos: Some(new.photos.clone()),
        ..OrderEdit::default()
    };
    order.edit(edit).map_err(refused)?;
    let class = order.vehicle.as_ref().and_then(Vehicle::class);
    for (place, operation) in new.operations.iter().flatten().enumerate() {
        let within = |error| match error {
            ApiError::Invalid(mut errors) => {
                for error in &mut errors {
                    error.field = format!("operations[{place}].{}", error.field);
                }
                ApiError::Invalid(errors)
            }
            other => other,
        };
        let operation = operation.clone().from_menu(store, class).map_err(refused).map_err(within)?;
        let added = order.add_operation(&store.charges, &call.new_id(), operation).map_err(refused);
        added.map_err(within)?;
    }
    Ok(order)
}

async fn car_of<P: Platform>(call: &Call<'_, P>, person: &Correspondent, id: &str) -> Result<Vehicle, ApiError> {
    let found = vehicle(call.database(), call.group(), call.place("store"), id).await;
    let car = found.map_err(|error| unknown(error, "vehicle_id"))?;
    if car.customer_id != person.id {
        return Err(ApiError::field("vehicle_id", "is another customer's car"));
    }
    let VehicleRow { id, year, make, model, plate, vin, mileage, .. } = car;
    Ok(Vehicle { id, year, make, model, plate, vin, mileage })
}

/// What the body names and does not exist is wrong in the body.
fn unknown(error: ViewError, field: &str) -> ApiError {
    match error {
        ViewError::NotFound(what) => ApiError::field(field, format!("there is no such {what}")),
        error => error.into(),
    }
}

fn explained(error: ApiError) -> ApiError {
    match refused_by(&error, "repair_orders") {
        Some(message) if message.contains("appointment_id") => {
            ApiError::Conflict("The appointment has a repair order already.".to_owned(), Value::Null)
        }
        Some(message) if message.contains("number") => ApiError::Conflict(
            "Another repair order of the store has this number.".to_owned(),
            json!({"field": "number"}),
        ),
        _ => error,
    }
}
