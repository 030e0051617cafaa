//! Appointments, and what they take of the store's capacity.

use crate::claims::{give_up, mark_freed, take};
use crate::{Revised, at};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use lanekeeper_domain::claims::claims;
use lanekeeper_domain::group::Sister;
use lanekeeper_domain::openings::{Booked, Load, Opening};
use lanekeeper_domain::{Store, Transport};
use lanekeeper_platform::{Database, DatabaseError, Rows, Statement};
use serde::Deserialize;
use serde_json::json;

/// An appointment to be written.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewAppointment<'a> {
    pub id: &'a str,
    pub customer: &'a str,
    pub conversation: Option<&'a str>,
    pub vehicle: Option<&'a str>,
    /// Ids of menu items, the main one first.
    pub services: &'a [String],
    pub concern: Option<&'a str>,
    pub opening: &'a Opening,
    pub transport: Option<Transport>,
    /// Where the car is fetched.
    pub transport_address: Option<&'a str>,
}

/// Writes an appointment and takes its seats. The batch fails with a conflict on `claims` where one is not to be had.
pub fn book(store: Revised, appointment: &NewAppointment, now: DateTime<Utc>) -> Vec<Statement> {
    let opening = appointment.opening;
    let (service, more) =
        appointment.services.split_first().map_or(("", &[][..]), |(first, more)| (first.as_str(), more));
    let insert = Statement::new(
        "INSERT INTO appointments (id, store_id, customer_id, conversation_id, vehicle_id, service_id, more_services, \
         concern, starts_at, ends_at, bay, stations, advisor, transport, transport_address, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16)",
    )
    .bind(appointment.id)
    .bind(&store.profile.id)
    .bind(appointment.customer)
    .bind(appointment.conversation)
    .bind(appointment.vehicle)
    .bind(service)
    .bind(serde_json::json!(more).to_string())
    .bind(appointment.concern)
    .bind(at(opening.start))
    .bind(at(opening.end()))
    .bind(first_bay(opening))
    .bind(serde_json::json!(opening.stations).to_string())
    .bind(opening.advisor.as_deref())
    .bind(appointment.transport.map(Transport::as_str))
    .bind(appointment.transport_address)
    .bind(at(now));
    vec![insert, seats(store, appointment.id, opening, appointment.services, appointment.transport)]
}

fn seats(
    store: Revised,
    holder: &str,
    opening: &Opening,
    services: &[String],
    transport: Option<Transport>,
) -> Statement {
    take(&store.profile.id, store.revision, holder, &claims(store.profile, opening, services, transport))
}

fn first_bay(opening: &Opening) -> u32 {
    opening.stations.first().map_or(0, |station| station.bay)
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

/// Gives an appointment another time. `services` and `transport` are the appointment's own. The batch fails with a
/// conflict on `claims` where a seat is not to be had.
pub fn reschedule(
    store: Revised,
    id: &str,
    to: &Opening,
    services: &[String],
    transport: Option<Transport>,
    now: DateTime<Utc>,
) -> Vec<Statement> {
    let slug = store.profile.id.as_str();
    let update = Statement::new(
        "UPDATE appointments SET starts_at = ?3, ends_at = ?4, bay = ?5, stations = ?6, advisor = ?7, \
           sequence = sequence + 1, updated_at = ?8 \
         WHERE id = ?1 AND store_id = ?2",
    )
    .bind(id)
    .bind(slug)
    .bind(at(to.start))
    .bind(at(to.end()))
    .bind(first_bay(to))
    .bind(serde_json::json!(to.stations).to_string())
    .bind(to.advisor.as_deref())
    .bind(at(now));
    vec![give_up(slug, id), update, seats(store, id, to, services, transport), mark_freed(slug, now)]
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

/// Calls an appointment off and gives up its seats.
pub fn cancel(store: &str, id: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let update = Statement::new(
        "UPDATE appointments SET status = 'cancelled', sequence = sequence + 1, updated_at = ?3 \
         WHERE id = ?1 AND store_id = ?2",
    )
    .bind(id)
    .bind(store)
    .bind(at(now));
    vec![give_up(store, id), update, mark_freed(store, now)]
}

/// Writes that the customer came.
pub fn arrive(store: &str, id: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE appointments SET arrived_at = COALESCE(arrived_at, ?3), no_show_at = NULL, \
           updated_at = MAX(updated_at + 1, ?3) WHERE id = ?1 AND store_id = ?2",
    )
    .bind(id)
    .bind(store)
    .bind(at(now))
}

/// Gives an appointment its name in another system. The batch fails where another appointment has it.
pub fn name_appointment(store: &str, id: &str, external_id: &str) -> Statement {
    Statement::new("UPDATE appointments SET external_id = ?3 WHERE id = ?1 AND store_id = ?2")
        .bind(id)
        .bind(store)
        .bind(external_id)
}

/// What is taken on these dates, but for what one appointment takes.
pub async fn load_between(
    database: &impl Database,
    store: &Store,
    from: NaiveDate,
    until: NaiveDate,
    except: Option<&str>,
) -> Result<Load, DatabaseError> {
    let row: Option<BookedJson> = database.run(select_booked(&store.id, from, until, except)).await?.first()?;
    load_of(store, from, until, row.as_ref().map(|row| row.booked.as_str()))
}

/// How many sister stores are looked at, by id: each costs the reading of its profile.
const SISTERS: u32 = 3;

/// What is taken on these dates, with the sister stores on this shard that have all of these services on their menus and
/// what is taken there; in one batch.
pub async fn load_with_sisters(
    database: &impl Database,
    store: &Store,
    from: NaiveDate,
    until: NaiveDate,
    services: &[String],
) -> Result<(Load, Vec<Sister>), DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        profile: String,
        booked: String,
    }
    let select = Statement::new(format!(
        "SELECT s.profile, ({}) AS booked FROM stores own JOIN stores s ON s.group_id = own.group_id \
         WHERE own.id = ?1 AND s.id <> ?1 AND s.standing = 'here' AND NOT EXISTS (SELECT 1 FROM json_each(?5) w \
           WHERE w.value NOT IN (SELECT m.value ->> 'id' FROM json_each(s.profile, '$.services') m)) \
         ORDER BY s.id LIMIT {SISTERS}",
        booked_at("s.id")
    ));
    let sisters = bind_booked(select, &store.id, from, until, None).bind(json!(services).to_string());
    let mut results = database.batch(vec![select_booked(&store.id, from, until, None), sisters]).await?.into_iter();
    let own: Option<BookedJson> = results.next().unwrap_or_default().first()?;
    let load = load_of(store, from, until, own.as_ref().map(|row| row.booked.as_str()))?;
    let rows: Vec<Row> = results.next().unwrap_or_default().decode()?;
    // A profile that cannot be read is its own store's trouble.
    let sister = |row: Row| {
        let store: Store = serde_json::from_str(&row.profile).ok()?;
        let load = load_of(&store, from, until, Some(&row.booked)).ok()?;
        Some(Sister { store, load })
    };
    Ok((load, rows.into_iter().filter_map(sister).collect()))
}

/// The openings that a store holds for people on its waitlist.
pub(crate) fn select_held(store: &str) -> Statement {
    Statement::new(format!(
        "SELECT json_group_array({HELD}) AS booked FROM waitlist WHERE store_id = ?1 AND status = 'offered'"
    ))
    .bind(store)
}

/// What [`select_held`] has found.
pub(crate) fn read_held(rows: Rows) -> Result<Vec<Booked>, DatabaseError> {
    let row: Option<BookedJson> = rows.first()?;
    read_booked(row.as_ref().map(|row| row.booked.as_str()))
}

#[derive(Deserialize)]
struct BookedJson {
    booked: String,
}

fn read_booked(booked: Option<&str>) -> Result<Vec<Booked>, DatabaseError> {
    let booked: Vec<BookedRow> =
        serde_json::from_str(booked.unwrap_or("[]")).map_err(|error| DatabaseError::Decode(error.to_string()))?;
    Ok(booked.into_iter().filter_map(BookedRow::booked).collect())
}

fn load_of(store: &Store, from: NaiveDate, until: NaiveDate, booked: Option<&str>) -> Result<Load, DatabaseError> {
    Ok(Load::new(store, from, until, read_booked(booked)?))
}

/// Whatever takes capacity on these dates, but for one appointment.
fn select_booked(store: &str, from: NaiveDate, until: NaiveDate, except: Option<&str>) -> Statement {
    bind_booked(Statement::new(booked_at("?1")), store, from, until, except)
}

/// Binds the parameters of [`booked_at`]: the store, the first and the last instant, what is left out.
fn bind_booked(
    statement: Statement,
    store: &str,
    from: NaiveDate,
    until: NaiveDate,
    except: Option<&str>,
) -> Statement {
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    // A day's margin on both sides covers every time zone.
    let (begin, end) = (midnight(from) - Duration::days(1), midnight(until) + Duration::days(2));
    statement.bind(store).bind(at(begin)).bind(at(end)).bind(except.unwrap_or_default())
}

/// An opening that is held, as [`BookedRow`] reads it.
const HELD: &str = "json_array(unixepoch(offered ->> 'start') * 1000, json(offered -> 'stations'), offered ->> 'advisor', \
    json(services), transport)";

/// The query for what takes capacity at the store that an expression of SQL names, between ?2 and ?3, but for ?4.
fn booked_at(store: &'static str) -> String {
    // One row of JSON: hundreds of rows would cost more to carry over than to read. No appointment is longer than a day,
    // so those that reach into the range begin at most a day before it.
    format!(
        "SELECT json_group_array(json(booked)) AS booked FROM ( \
           SELECT json_array(starts_at, json(stations), advisor, json_insert(more_services, '$[#]', service_id), transport) \
             AS booked FROM appointments \
           WHERE store_id = {store} AND starts_at > ?2 - 86400000 AND starts_at < ?3 AND ends_at > ?2 AND status = 'booked' \
             AND id <> ?4 \
           UNION ALL \
           SELECT {HELD} FROM waitlist \
           WHERE store_id = {store} AND status = 'offered')"
    )
}

#[derive(Deserialize)]
struct BookedRow(i64, Vec<lanekeeper_domain::openings::Station>, Option<String>, Vec<String>, Option<Transport>);

impl BookedRow {
    fn booked(self) -> Option<Booked> {
        let Self(start, stations, advisor, services, transport) = self;
        let start = DateTime::from_timestamp_millis(start)?;
        Some(Booked { opening: Opening { start, stations, advisor }, services, transport })
    }
}
