//! Appointments and the reservations that guard capacity.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::openings::Opening;
use lanekeeper_platform::{Database, DatabaseError, Statement, Value};
use serde::Deserialize;

/// An appointment to be written.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewAppointment<'a> {
    pub id: &'a str,
    pub store: &'a str,
    pub customer: &'a str,
    pub conversation: Option<&'a str>,
    pub vehicle: Option<&'a str>,
    /// Ids of menu items, the main one first.
    pub services: &'a [String],
    pub concern: Option<&'a str>,
    pub opening: Opening,
}

/// Writes an appointment and reserves its bay. The batch fails where the bay is taken.
pub fn book(appointment: &NewAppointment, now: DateTime<Utc>) -> Vec<Statement> {
    let opening = appointment.opening;
    let (service, more) =
        appointment.services.split_first().map_or(("", &[][..]), |(first, more)| (first.as_str(), more));
    let insert = Statement::new(
        "INSERT INTO appointments (id, store_id, customer_id, conversation_id, vehicle_id, service_id, more_services, \
         concern, starts_at, ends_at, bay, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)",
    )
    .bind(appointment.id)
    .bind(appointment.store)
    .bind(appointment.customer)
    .bind(appointment.conversation)
    .bind(appointment.vehicle)
    .bind(service)
    .bind(serde_json::json!(more).to_string())
    .bind(appointment.concern)
    .bind(at(opening.start))
    .bind(end(opening))
    .bind(opening.bay)
    .bind(at(now));
    vec![insert, reserve(appointment.store, appointment.id, opening)]
}

/// Makes the batch fail unless the appointment is still booked and, where `sequence` is given, has not been changed since
/// it had that one. Of two who change an appointment at once only one may believe that it has.
pub fn expect_appointment(store: &str, id: &str, sequence: Option<u32>) -> Statement {
    // A work that is NULL is what the table refuses; it is written only where the appointment is not as expected.
    Statement::new(
        "UPDATE appointments SET service_id = NULL \
         WHERE id = ?1 AND store_id = ?2 AND (status <> 'booked' OR sequence <> COALESCE(?3, sequence))",
    )
    .bind(id)
    .bind(store)
    .bind(sequence)
}

/// Gives an appointment another time. The batch fails where the bay is taken.
pub fn reschedule(store: &str, id: &str, to: Opening, now: DateTime<Utc>) -> Vec<Statement> {
    let update = Statement::new(
        "UPDATE appointments SET starts_at = ?3, ends_at = ?4, bay = ?5, sequence = sequence + 1, updated_at = ?6 \
         WHERE id = ?1 AND store_id = ?2",
    )
    .bind(id)
    .bind(store)
    .bind(at(to.start))
    .bind(end(to))
    .bind(to.bay)
    .bind(at(now));
    vec![release(store, id), update, reserve(store, id, to)]
}

/// Puts another car to an appointment.
pub fn change_vehicle(store: &str, id: &str, vehicle: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE appointments SET vehicle_id = ?3, sequence = sequence + 1, updated_at = ?4 \
         WHERE id = ?1 AND store_id = ?2",
    )
    .bind(id)
    .bind(store)
    .bind(vehicle)
    .bind(at(now))
}

/// Calls an appointment off and frees its bay.
pub fn cancel(store: &str, id: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let update = Statement::new(
        "UPDATE appointments SET status = 'cancelled', sequence = sequence + 1, updated_at = ?3 \
         WHERE id = ?1 AND store_id = ?2",
    )
    .bind(id)
    .bind(store)
    .bind(at(now));
    vec![release(store, id), update]
}

/// The (bay, start, minutes) of whatever takes a bay between these instants, but for one appointment.
pub async fn booked_load(
    database: &impl Database,
    store: &str,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    except: Option<&str>,
) -> Result<Vec<(u32, DateTime<Utc>, u32)>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        booked: String,
    }
    // One row of JSON: hundreds of rows would cost more to carry over than to read. No appointment is longer than a day,
    // so those that reach into the range begin at most a day before it.
    let select = Statement::new(
        "SELECT json_group_array(json_array(bay, starts_at, ends_at)) AS booked FROM appointments \
         WHERE store_id = ?1 AND starts_at > ?2 - 86400000 AND starts_at < ?3 AND ends_at > ?2 AND status = 'booked' AND id <> ?4",
    )
    .bind(store)
    .bind(at(from))
    .bind(at(until))
    .bind(except.unwrap_or_default());
    let rows: Option<Row> = database.run(select).await?.first()?;
    let booked: Vec<(u32, i64, i64)> = match rows {
        Some(row) => serde_json::from_str(&row.booked).map_err(|error| DatabaseError::Decode(error.to_string()))?,
        None => Vec::new(),
    };
    Ok(booked
        .into_iter()
        .filter_map(|(bay, start, end)| {
            Some((bay, DateTime::from_timestamp_millis(start)?, ((end - start) / 60_000) as u32))
        })
        .collect())
}

fn reserve(store: &str, id: &str, opening: Opening) -> Statement {
    let quarters: Vec<i64> = opening.quarters().collect();
    Statement::new(
        "INSERT INTO reservations (store_id, bay, quarter, appointment_id) SELECT ?1, ?2, value, ?3 FROM json_each(?4)",
    )
    .bind(store)
    .bind(opening.bay)
    .bind(id)
    .bind(serde_json::json!(quarters).to_string())
}

fn release(store: &str, id: &str) -> Statement {
    Statement::new("DELETE FROM reservations WHERE appointment_id = ?1 AND store_id = ?2").bind(id).bind(store)
}

fn end(opening: Opening) -> Value {
    at(opening.start + chrono::Duration::minutes(opening.minutes.into()))
}
