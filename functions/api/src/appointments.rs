//! Appointments: booked, moved and called off by the same rules and with the same messages as in a conversation.

use crate::answer::Answer;
use crate::call::Call;
use crate::check::{Problems, words};
use crate::contact::{Contact, contact};
use crate::error::ApiError;
use crate::{deliveries, openings, profile};
use chrono::{DateTime, Utc};
use lanekeeper_conversation::{Booking, Car, CarLabel, Change, Notice, notices};
use lanekeeper_domain::openings::Opening;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::{Language, Transport, class_of};
use lanekeeper_platform::{DatabaseError, Platform, Statement};
use lanekeeper_storage::{
    Correspondent, Revised, Standing, VehicleRow, Visit, appointment_view, correspondent, expect_appointment,
    load_visit, mark_missed, name_appointment, shown, store_row, vehicle,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// How often a booking is tried again when somebody else took the place meanwhile.
const TRIES: u32 = 5;

/// An appointment to be booked.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAppointment {
    /// The customer, who must have a phone number to be told.
    customer_id: String,
    /// Ids of menu items, the main one first.
    services: Vec<String>,
    /// An opening.
    starts_at: DateTime<Utc>,
    /// One of the customer's cars.
    vehicle_id: Option<String>,
    /// What is wrong with the car, in the customer's words.
    concern: Option<String>,
    /// How the customer gets about meanwhile.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "drop_off"))]
    transport: Option<Transport>,
    /// Where the car is fetched.
    transport_address: Option<String>,
    /// The advisor asked for, by id.
    advisor: Option<String>,
    /// The language to write to the customer in, where there was no conversation yet.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "es"))]
    language: Option<Language>,
    /// The appointment's id in another system.
    external_id: Option<String>,
}

/// Another time for an appointment.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTime {
    /// An opening.
    starts_at: DateTime<Utc>,
    /// The advisor asked for, by id.
    advisor: Option<String>,
}

/// `GET /api/v1/stores/{store}/appointments/{appointment}`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let (store, id) = (call.place("store"), call.place("appointment"));
    let (appointment, changed) = appointment_view(call.database(), call.group(), store, id).await?;
    Ok(Answer::ok(appointment).with_etag(changed))
}

/// `POST /api/v1/stores/{store}/appointments`.
pub async fn book<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let new = checked(call.body()?)?;
    for _ in 0..TRIES {
        let row = store_row(call.database(), call.group(), call.place("store")).await?;
        let store = profile::parse(&row)?;
        let person = correspondent(call.database(), &store.id, &new.customer_id)
            .await
            .map_err(|error| ApiError::unknown(error, "customer_id"))?;
        let car = match &new.vehicle_id {
            Some(id) => Some(car_of(call, &person, id).await?),
            None => None,
        };
        let class = car.as_ref().and_then(|car| class_of(car.make.as_deref(), car.model.as_deref()));
        let work = openings::work(&store, (&new.services, class), new.transport, new.advisor.as_deref())?;
        let opening = openings::at(call, &store, &work, new.starts_at, None).await?;
        let contact = contact(call, &store, &person, new.language)?;
        let booking = Booking {
            services: new.services.clone(),
            concern: new.concern.clone(),
            opening: opening.clone(),
            transport: new.transport,
            transport_address: new.transport_address.clone(),
            car: car.as_ref().map_or(Car::Unknown, |car| Car::Known(car.id.clone())),
        };
        let label = car.as_ref().and_then(label);
        let notices = notices::about(None, &new.services, opening.start, label.as_ref(), call.now);
        let store = Revised { profile: &store, revision: row.revision };
        let written = contact.write(call, store, &[Change::Book(booking)], &notices);
        let id = written.appointment.clone().unwrap_or_default();
        let mut statements = contact.start.clone().into_iter().chain(written.statements).collect::<Vec<_>>();
        statements.extend(new.external_id.as_ref().map(|name| name_appointment(&store.profile.id, &id, name)));
        let shown = show(call, &id, &new, &opening, &person, &contact, car.as_ref());
        let location = format!("/api/v1/stores/{}/appointments/{id}", store.profile.id);
        let answer = Answer::created(location, shown).with_etag(call.now.timestamp_millis());
        match call.create(statements, answer).await {
            Err(error) if is_contended(&error) => {}
            Err(error) => return Err(explained(error)),
            Ok(answer) => {
                let due: Vec<String> = written.due.iter().map(|id| call.shard.wake_up(id)).collect();
                deliveries::wake(call.platform, &due).await;
                return Ok(answer);
            }
        }
    }
    Err(contended())
}

/// `POST …/{appointment}/move`.
pub async fn reschedule<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let new: NewTime = call.body()?;
    for _ in 0..TRIES {
        let visit = booked(call).await?;
        let appointment = &visit.appointment;
        let class = appointment.vehicle.as_ref().and_then(Vehicle::class);
        let work = (appointment.services.as_slice(), class);
        let work = openings::work(&visit.store, work, appointment.transport, new.advisor.as_deref())?;
        let to = openings::at(call, &visit.store, &work, new.starts_at, Some(&appointment.id)).await?;
        let label = appointment.vehicle.as_ref().and_then(CarLabel::of);
        let notices = notices::about(Some(&appointment.id), &appointment.services, to.start, label.as_ref(), call.now);
        let change = Change::Move {
            appointment: appointment.id.clone(),
            to,
            services: appointment.services.clone(),
            transport: appointment.transport,
        };
        match commit(call, &visit, &[change], &notices, Vec::new()).await {
            Err(error) if is_contended(&error) => {}
            Err(error) => return Err(explained(error)),
            Ok(()) => return read(call).await,
        }
    }
    Err(contended())
}

/// `POST …/{appointment}/cancel`.
pub async fn cancel<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let visit = booked(call).await?;
    let change = Change::Cancel { appointment: visit.appointment.id.clone() };
    let notice = notices::called_off(&visit.appointment, call.now);
    commit(call, &visit, &[change], &[notice], Vec::new()).await.map_err(explained)?;
    read(call).await
}

/// `POST …/{appointment}/arrive`: the customer is here.
pub async fn arrive<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let visit = booked(call).await?;
    let mark = lanekeeper_storage::arrive(&visit.store.id, &visit.appointment.id, call.now);
    commit(call, &visit, &[], &[], vec![mark]).await.map_err(explained)?;
    read(call).await
}

/// `POST …/{appointment}/no-show`: the customer did not come.
pub async fn miss<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let visit = booked(call).await?;
    if visit.appointment.opening.start > call.now {
        return Err(ApiError::conflict("The appointment has not begun yet."));
    }
    let mark = mark_missed(&visit.store.id, &visit.appointment.id, call.now);
    commit(call, &visit, &[], &[notices::missed(&visit.appointment)], vec![mark]).await.map_err(explained)?;
    read(call).await
}

fn checked(mut new: NewAppointment) -> Result<NewAppointment, ApiError> {
    let mut problems = Problems::default();
    for (field, value, most) in [
        ("concern", &mut new.concern, 1000),
        ("transport_address", &mut new.transport_address, 300),
        ("external_id", &mut new.external_id, 100),
    ] {
        if let Some(text) = value.take() {
            match words(&text, most) {
                Ok(text) => *value = Some(text),
                Err(reason) => problems.note(field, reason),
            }
        }
    }
    problems.finish()?;
    Ok(new)
}

/// The appointment that the path names, which must stand and be as the caller has read it.
async fn booked<P: Platform>(call: &Call<'_, P>) -> Result<Visit, ApiError> {
    let (store, id) = (call.place("store"), call.place("appointment"));
    let found = load_visit(call.database(), store, id).await?.filter(|visit| visit.store.group == call.group());
    let visit = found.ok_or(ApiError::not_found("appointment"))?;
    call.demand_match(visit.changed_at.timestamp_millis())?;
    match visit.standing {
        Standing::Booked => Ok(visit),
        Standing::Cancelled => Err(ApiError::conflict("The appointment was called off already.")),
    }
}

/// Writes changes of an appointment that was read, and `more` with them, unless somebody else changed it meanwhile. A
/// customer who was never written to, and cannot be, is told nothing.
async fn commit<P: Platform>(
    call: &Call<'_, P>,
    visit: &Visit,
    changes: &[Change],
    notices: &[Notice],
    more: Vec<Statement>,
) -> Result<(), ApiError> {
    let store = Revised { profile: &visit.store, revision: visit.revision };
    let person = correspondent(call.database(), &visit.store.id, &visit.customer.id).await?;
    let (contact, notices) = match &visit.contact {
        Some(contact) => (
            Contact {
                customer: person.id.clone(),
                line: contact.line.clone(),
                conversation: contact.conversation.clone(),
                recipient: contact.peer.clone(),
                language: contact.language,
                time_zone: visit.customer.time_zone,
                start: None,
            },
            notices,
        ),
        None => match contact(call, &visit.store, &person, None) {
            Ok(contact) if !notices.is_empty() => (contact, notices),
            _ => (Contact::nobody(&person.id), &[][..]),
        },
    };
    let expect = expect_appointment(&visit.store.id, &visit.appointment.id, Some(visit.appointment.sequence));
    let written = contact.write(call, store, changes, notices);
    let statements =
        std::iter::once(expect).chain(contact.start.clone()).chain(written.statements).chain(more).collect();
    call.batch(statements).await?;
    let due: Vec<String> = written.due.iter().map(|id| call.shard.wake_up(id)).collect();
    deliveries::wake(call.platform, &due).await;
    Ok(())
}

/// The customer's car with this id.
pub async fn car_of<P: Platform>(call: &Call<'_, P>, person: &Correspondent, id: &str) -> Result<VehicleRow, ApiError> {
    let found = vehicle(call.database(), call.group(), call.place("store"), id).await;
    let car = found.map_err(|error| ApiError::unknown(error, "vehicle_id"))?;
    if car.customer_id == person.id { Ok(car) } else { Err(ApiError::field("vehicle_id", "is another customer's car")) }
}

fn label(car: &VehicleRow) -> Option<CarLabel> {
    let VehicleRow { id, year, make, model, plate, vin, mileage, .. } = car.clone();
    CarLabel::of(&Vehicle { id, year, make, model, plate, vin, mileage })
}

fn contended() -> ApiError {
    ApiError::conflict("Others are booking at this moment. Try again.")
}

/// Whether somebody else took the place, or started the conversation, meanwhile.
fn is_contended(error: &ApiError) -> bool {
    error.refusal().is_some_and(|error| error.is_conflict_on("claims") || error.is_conflict_on("conversations"))
}

/// What the database's refusal means.
fn explained(error: ApiError) -> ApiError {
    match error.refusal() {
        Some(DatabaseError::Constraint(message)) if message.contains("external_id") => {
            ApiError::conflict("Another appointment of the store has this external_id.")
        }
        Some(error) if error.is_conflict_on("appointments") => ApiError::Stale,
        _ => error,
    }
}

/// The appointment as it will be read.
fn show<P: Platform>(
    call: &Call<'_, P>,
    id: &str,
    new: &NewAppointment,
    opening: &Opening,
    person: &Correspondent,
    contact: &Contact,
    car: Option<&VehicleRow>,
) -> Value {
    let now = shown(call.now.timestamp_millis());
    json!({
        "id": id,
        "store_id": call.place("store"),
        "external_id": new.external_id,
        "customer_id": person.id,
        "customer_name": person.name,
        "phone": person.phone,
        "vehicle_id": car.map(|car| &car.id),
        "vehicle_year": car.map(|car| car.year),
        "vehicle_make": car.map(|car| &car.make),
        "vehicle_model": car.map(|car| &car.model),
        "conversation_id": contact.conversation,
        "service_id": new.services.first(),
        "more_services": new.services.get(1..),
        "concern": new.concern,
        "starts_at": shown(opening.start.timestamp_millis()),
        "ends_at": shown(opening.end().timestamp_millis()),
        "bay": opening.stations.first().map(|station| station.bay),
        "stations": opening.stations,
        "advisor": opening.advisor,
        "transport": new.transport,
        "transport_address": new.transport_address,
        "status": "booked",
        "arrived_at": null,
        "no_show_at": null,
        "sequence": 0,
        "created_at": now,
        "updated_at": now,
    })
}
