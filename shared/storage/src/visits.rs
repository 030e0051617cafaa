//! What the pages behind a customer's link show of an appointment.

use chrono::{DateTime, Utc};
use lanekeeper_domain::appointment::{Appointment, Customer};
use lanekeeper_domain::openings::Opening;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::{Language, Store, Transport};
use lanekeeper_platform::{Database, DatabaseError, Rows, Statement};
use serde::Deserialize;

/// An appointment, and all that its page needs.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The store.
    pub store: Store,
    /// Counts the changes of its rules.
    pub revision: i64,
    /// The appointment, whether it is still to come or not.
    pub appointment: Appointment,
    /// Whether it stands.
    pub standing: Standing,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// The customer.
    pub customer: Customer,
    /// How the customer is written to; `None` for one who never wrote.
    pub contact: Option<Contact>,
}

/// Whether an appointment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Booked,
    /// It was called off.
    Cancelled,
}

/// The conversation in which a customer is written to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// Id of the line.
    pub line: String,
    /// Id of the conversation.
    pub conversation: String,
    /// The customer's address on the line.
    pub peer: String,
    /// The customer's language.
    pub language: Language,
}

// The conversation is the one on the line that the customer prefers, the one in which it was booked, or else the latest.
const LOAD: &str = "SELECT s.profile, s.revision, s.standing, a.id, a.service_id, a.more_services, a.starts_at, a.stations, a.advisor, a.transport, \
    a.sequence, a.status, a.updated_at, u.id AS customer_id, u.name, u.time_zone, v.id AS vehicle_id, v.year, v.make, v.model, v.plate, \
    k.id AS conversation_id, k.line_id, k.peer, k.language \
  FROM appointments a JOIN stores s ON s.id = a.store_id JOIN customers u ON u.id = a.customer_id \
    LEFT JOIN vehicles v ON v.id = a.vehicle_id \
    LEFT JOIN conversations k ON k.id = COALESCE( \
      (SELECT id FROM conversations WHERE customer_id = a.customer_id AND line_id = u.preferred_line), a.conversation_id, \
      (SELECT id FROM conversations WHERE customer_id = a.customer_id ORDER BY updated_at DESC LIMIT 1)) \
  WHERE a.id = ?1 AND a.store_id = ?2";

#[derive(Deserialize)]
struct Row {
    profile: String,
    revision: i64,
    standing: String,
    id: String,
    service_id: String,
    more_services: String,
    starts_at: i64,
    stations: String,
    advisor: Option<String>,
    transport: Option<String>,
    sequence: u32,
    status: String,
    updated_at: i64,
    customer_id: String,
    name: Option<String>,
    time_zone: Option<String>,
    vehicle_id: Option<String>,
    year: Option<u16>,
    make: Option<String>,
    model: Option<String>,
    plate: Option<String>,
    conversation_id: Option<String>,
    line_id: Option<String>,
    peer: Option<String>,
    language: Option<String>,
}

/// Loads this store's appointment; `None` where there is none.
pub async fn load_visit(database: &impl Database, store: &str, id: &str) -> Result<Option<Visit>, DatabaseError> {
    read_visit(database.run(select_visit(store, id)).await?)
}

/// The query of [`load_visit`], for a batch with others.
pub(crate) fn select_visit(store: &str, id: &str) -> Statement {
    Statement::new(LOAD).bind(id).bind(store)
}

/// What [`select_visit`] has found.
pub(crate) fn read_visit(rows: Rows) -> Result<Option<Visit>, DatabaseError> {
    let Some(row) = rows.first::<Row>()? else { return Ok(None) };
    if row.standing != "here" {
        return Err(DatabaseError::moving());
    }
    let decode = |error: serde_json::Error| DatabaseError::Decode(error.to_string());
    let time = |milliseconds| DateTime::from_timestamp_millis(milliseconds).unwrap_or_default();
    let more: Vec<String> = serde_json::from_str(&row.more_services).map_err(decode)?;
    let contact = row.conversation_id.zip(row.line_id).zip(row.peer).map(|((conversation, line), peer)| Contact {
        line,
        conversation,
        peer,
        language: row.language.as_deref().and_then(Language::from_code).unwrap_or_default(),
    });
    Ok(Some(Visit {
        store: serde_json::from_str(&row.profile).map_err(decode)?,
        revision: row.revision,
        appointment: Appointment {
            id: row.id,
            services: std::iter::once(row.service_id).chain(more).collect(),
            opening: Opening {
                start: time(row.starts_at),
                stations: serde_json::from_str(&row.stations).map_err(decode)?,
                advisor: row.advisor,
            },
            transport: row.transport.as_deref().and_then(Transport::from_name),
            vehicle: row.vehicle_id.map(|id| Vehicle {
                id,
                year: row.year,
                make: row.make,
                model: row.model,
                plate: row.plate,
                ..Vehicle::default()
            }),
            sequence: row.sequence,
        },
        standing: if row.status == "booked" { Standing::Booked } else { Standing::Cancelled },
        changed_at: time(row.updated_at),
        customer: Customer {
            id: row.customer_id,
            name: row.name,
            time_zone: row.time_zone.and_then(|name| name.parse().ok()),
        },
        contact,
    }))
}

/// The store that a link leads to, when the link itself no longer opens.
pub async fn store_of_visit(database: &impl Database, store: &str) -> Result<Option<Store>, DatabaseError> {
    #[derive(Deserialize)]
    struct Profile {
        profile: String,
    }
    let select = Statement::new("SELECT profile FROM stores WHERE id = ?1").bind(store);
    let Some(row) = database.run(select).await?.first::<Profile>()? else { return Ok(None) };
    serde_json::from_str(&row.profile).map(Some).map_err(|error| DatabaseError::Decode(error.to_string()))
}
