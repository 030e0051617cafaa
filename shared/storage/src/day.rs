//! A store's days as its people see them: the appointments, whom they are for and what has come of them.

use crate::appointments::{read_held, select_held};
use crate::at;
use crate::contacts::select_correspondent;
use crate::visits::{read_visit, select_visit};
use crate::{Correspondent, ViewError, Visit};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use lanekeeper_domain::appointment::{Appointment, Customer};
use lanekeeper_domain::openings::{Booked, Opening};
use lanekeeper_domain::repair_order::Stage;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::{Store, Transport};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Some days of a store.
#[derive(Debug, Clone)]
pub struct Days {
    /// The store.
    pub store: Store,
    /// Counts the changes of its rules.
    pub revision: i64,
    /// The appointments that stand, in order of time.
    pub entries: Vec<DayEntry>,
    /// Openings that are held for people on the waitlist.
    pub held: Vec<Booked>,
}

/// An appointment that stands, with what its people want to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct DayEntry {
    /// The appointment.
    pub appointment: Appointment,
    /// The customer.
    pub customer: Customer,
    /// Their number in E.164.
    pub phone: Option<String>,
    /// Id of the conversation in which it was booked.
    pub conversation: Option<String>,
    /// What is wrong with the car, in the customer's words.
    pub concern: Option<String>,
    /// Where the car is fetched.
    pub transport_address: Option<String>,
    /// When the customer came.
    pub arrived_at: Option<DateTime<Utc>>,
    /// When it was noted that the customer did not come.
    pub no_show_at: Option<DateTime<Utc>>,
    /// The repair order that was opened from it.
    pub order: Option<OrderMark>,
}

/// A repair order in few words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct OrderMark {
    pub id: String,
    pub number: String,
    pub stage: Stage,
}

/// The appointments of a store of this group that take time on these dates of its own, in one batch.
pub async fn days(
    database: &impl Database,
    (group, store): (&str, &str),
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Days, ViewError> {
    // The store's zone is not known yet; a day's margin on both sides covers every one. No appointment is longer than a
    // day, so that those which reach into the range begin at most a day before it.
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    let (begin, end) = (midnight(from) - Duration::days(2), midnight(until) + Duration::days(2));
    let profile = Statement::new("SELECT profile, revision, standing FROM stores WHERE id = ?1 AND group_id = ?2");
    let entries = Statement::new(format!(
        "{ENTRY} WHERE a.store_id = ?1 AND a.starts_at > ?2 AND a.starts_at < ?3 AND a.status = 'booked' \
         ORDER BY a.starts_at, a.id"
    ));
    let batch =
        vec![profile.bind(store).bind(group), entries.bind(store).bind(at(begin)).bind(at(end)), select_held(store)];
    let mut results = database.batch(batch).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    let (store, revision) = read_store(next().first()?)?;
    let rows: Vec<EntryRow> = next().decode()?;
    let entries = rows.into_iter().map(EntryRow::read).collect::<Result<Vec<_>, _>>()?;
    let held = read_held(next())?;
    let touches = |entry: &DayEntry| {
        let opening = &entry.appointment.opening;
        let (first, last) =
            (store.local(opening.start).date(), store.local(opening.end() - Duration::seconds(1)).date());
        first <= until && last >= from
    };
    Ok(Days { entries: entries.into_iter().filter(touches).collect(), held, store, revision })
}

/// An appointment that stands or stood, with all that is needed to show and to change it.
#[derive(Debug, Clone)]
pub struct AppointmentInStore {
    /// It, its store and its customer.
    pub visit: Visit,
    /// What its people want to know of it.
    pub entry: DayEntry,
    /// How its customer can be written to.
    pub person: Correspondent,
}

/// One appointment of a store of this group, in one batch.
pub async fn appointment_in_store(
    database: &impl Database,
    (group, store): (&str, &str),
    id: &str,
) -> Result<AppointmentInStore, ViewError> {
    let entry = Statement::new(format!("{ENTRY} WHERE a.id = ?2 AND a.store_id = ?1")).bind(store).bind(id);
    let person = select_correspondent("(SELECT customer_id FROM appointments WHERE id = ?2 AND store_id = ?1)");
    let mut results =
        database.batch(vec![select_visit(store, id), entry, person.bind(store).bind(id)]).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    let none = || ViewError::NotFound("appointment");
    let visit = read_visit(next())?.filter(|visit| visit.store.group == group).ok_or_else(none)?;
    let entry: EntryRow = next().first()?.ok_or_else(none)?;
    let person = next().first()?.ok_or_else(none)?;
    Ok(AppointmentInStore { visit, entry: entry.read()?, person })
}

const ENTRY: &str = "SELECT a.id, a.sequence, a.conversation_id, a.service_id, a.more_services, a.concern, a.starts_at, a.stations, \
    a.advisor, a.transport, a.transport_address, a.arrived_at, a.no_show_at, c.id AS customer_id, c.name, c.time_zone, \
    (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone') AS phone, \
    v.id AS vehicle_id, v.year, v.make, v.model, v.plate, v.vin, v.mileage, o.id AS order_id, o.number, o.stage \
  FROM appointments a JOIN customers c ON c.id = a.customer_id LEFT JOIN vehicles v ON v.id = a.vehicle_id \
    LEFT JOIN repair_orders o ON o.appointment_id = a.id";

#[derive(Deserialize)]
struct EntryRow {
    id: String,
    sequence: u32,
    conversation_id: Option<String>,
    service_id: String,
    more_services: String,
    concern: Option<String>,
    starts_at: i64,
    stations: String,
    advisor: Option<String>,
    transport: Option<String>,
    transport_address: Option<String>,
    arrived_at: Option<i64>,
    no_show_at: Option<i64>,
    customer_id: String,
    name: Option<String>,
    time_zone: Option<String>,
    phone: Option<String>,
    vehicle_id: Option<String>,
    year: Option<u16>,
    make: Option<String>,
    model: Option<String>,
    plate: Option<String>,
    vin: Option<String>,
    mileage: Option<u32>,
    order_id: Option<String>,
    number: Option<String>,
    stage: Option<String>,
}

impl EntryRow {
    fn read(self) -> Result<DayEntry, DatabaseError> {
        let Self { year, make, model, plate, vin, mileage, .. } = self;
        let more: Vec<String> = parse(&self.more_services)?;
        let stage = self.stage.as_deref().and_then(Stage::from_name).unwrap_or_default();
        Ok(DayEntry {
            appointment: Appointment {
                id: self.id,
                services: std::iter::once(self.service_id).chain(more).collect(),
                opening: Opening {
                    start: time(self.starts_at),
                    stations: parse(&self.stations)?,
                    advisor: self.advisor,
                },
                transport: self.transport.as_deref().and_then(Transport::from_name),
                vehicle: self.vehicle_id.map(|id| Vehicle { id, year, make, model, plate, vin, mileage }),
                sequence: self.sequence,
            },
            customer: Customer {
                id: self.customer_id,
                name: self.name,
                time_zone: self.time_zone.and_then(|name| name.parse().ok()),
            },
            phone: self.phone,
            conversation: self.conversation_id,
            concern: self.concern,
            transport_address: self.transport_address,
            arrived_at: self.arrived_at.map(time),
            no_show_at: self.no_show_at.map(time),
            order: self.order_id.zip(self.number).map(|(id, number)| OrderMark { id, number, stage }),
        })
    }
}

#[derive(Deserialize)]
pub(crate) struct ProfileRow {
    profile: String,
    revision: i64,
    standing: String,
}

/// A store's profile and its revision, where the store is served here.
pub(crate) fn read_store(row: Option<ProfileRow>) -> Result<(Store, i64), ViewError> {
    let row = row.ok_or(ViewError::NotFound("store"))?;
    if row.standing != "here" {
        return Err(DatabaseError::moving().into());
    }
    Ok((parse(&row.profile)?, row.revision))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, DatabaseError> {
    serde_json::from_str(text).map_err(|error| DatabaseError::Decode(error.to_string()))
}

fn time(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

#[cfg(test)]
mod tests;
