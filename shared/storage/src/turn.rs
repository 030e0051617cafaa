//! Everything that a turn needs, in one statement.

use crate::{IdentityKind, at, groups};
use chrono::{DateTime, Utc};
use lanekeeper_domain::appointment::{Appointment, Customer};
use lanekeeper_domain::group::GroupSettings;
use lanekeeper_domain::openings::{Opening, Station};
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::waitlist::{Entry, Waiting};
use lanekeeper_domain::{RepairOrder, Transport};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What is known when a message arrives.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Counts the line's changes; `None` when the line is gone.
    pub line_revision: Option<i64>,
    /// Counts the store's changes; `None` when the store is not served from here (any more).
    pub store_revision: Option<i64>,
    /// The conversation, unless this is its first message.
    pub conversation: Option<ConversationRow>,
    /// What the store's group wants of its stores.
    pub group: GroupSettings,
    /// The customer, unless unknown.
    pub customer: Option<Customer>,
    /// What a sister store knows of somebody who is new here, where the group shares that.
    pub shared: Option<SharedCustomer>,
    /// The customer's cars, the one heard of last first.
    pub vehicles: Vec<Vehicle>,
    /// The customer's coming appointments, in order of time.
    pub appointments: Vec<Appointment>,
    /// The customer's open repair orders.
    pub repair_orders: Vec<RepairOrder>,
    /// What the customer was asked since the last turn, the earliest first.
    pub questions: Vec<QuestionRow>,
    /// What the customer waits for.
    pub waitlist: Vec<Entry>,
    /// Whether the address has opted out on this line.
    pub opted_out: bool,
    /// What was answered to this very message, when it came before.
    pub answered: Option<Vec<String>>,
}

/// A conversation as a turn finds it.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct ConversationRow {
    pub id: String,
    pub customer_id: String,
    /// ISO 639-1.
    pub language: String,
    /// `ai` or `person`.
    pub handling: String,
    /// The number of the last turn.
    pub turns: i64,
    /// JSON.
    pub state: String,
    /// `open` or `closed`.
    pub status: String,
}

/// A customer as another store of the group knows them: enough not to ask again, and no history.
#[derive(Debug, Clone, Deserialize)]
pub struct SharedCustomer {
    /// The name to use.
    pub name: Option<String>,
    /// The cars: year, make and model. They have no ids in this store yet.
    pub vehicles: Vec<Vehicle>,
}

/// What the customer was asked in a message outside a turn.
#[derive(Debug, Clone, Deserialize)]
pub struct QuestionRow {
    /// Id of the message's outbox row.
    pub delivery: String,
    /// JSON.
    pub question: String,
}

const LOAD: &str = "SELECT
  (SELECT revision FROM lines WHERE id = ?1) AS line_revision,
  (SELECT revision FROM stores WHERE id = ?2 AND standing = 'here') AS store_revision,
  (SELECT g.settings FROM stores s JOIN group_settings g ON g.group_id = s.group_id WHERE s.id = ?2) AS group_settings,
  (SELECT json_object('id', id, 'customer_id', customer_id, 'language', language, 'handling', handling, 'turns', turns,
     'state', state, 'status', status) FROM conversations WHERE line_id = ?1 AND peer = ?3) AS conversation,
  (SELECT json_object('id', c.id, 'name', c.name, 'time_zone', c.time_zone) FROM identities i JOIN customers c ON c.id = i.customer_id
     WHERE i.store_id = ?2 AND i.kind = ?6 AND i.address = ?3) AS customer,
  (SELECT json_object('name', c.name, 'vehicles', json((SELECT json_group_array(json_object('id', '', 'year', year, 'make', make,
       'model', model)) FROM (SELECT v.year, v.make, v.model FROM vehicles v WHERE v.customer_id = c.id
         AND COALESCE(v.make, v.model) IS NOT NULL ORDER BY v.updated_at DESC LIMIT 20))))
     FROM stores own JOIN group_settings g ON g.group_id = own.group_id
       JOIN stores s ON s.group_id = own.group_id AND s.id <> own.id AND s.standing = 'here'
       JOIN identities i ON i.store_id = s.id AND i.kind = ?6 AND i.address = ?3 JOIN customers c ON c.id = i.customer_id
     WHERE own.id = ?2 AND g.settings ->> 'share_customers'
       AND NOT EXISTS (SELECT 1 FROM identities k WHERE k.store_id = ?2 AND k.kind = ?6 AND k.address = ?3)
     ORDER BY c.updated_at DESC, c.id LIMIT 1) AS shared,
  (SELECT json_group_array(json_object('id', id, 'year', year, 'make', make, 'model', model, 'plate', plate, 'vin', vin,
     'mileage', mileage)) FROM (SELECT v.* FROM identities i JOIN vehicles v ON v.customer_id = i.customer_id
       WHERE i.store_id = ?2 AND i.kind = ?6 AND i.address = ?3 ORDER BY v.updated_at DESC LIMIT 20)) AS vehicles,
  (SELECT json_group_array(json_object('id', id, 'vehicle_id', vehicle_id, 'service_id', service_id,
     'more_services', json(more_services), 'starts_at', starts_at, 'stations', json(stations), 'advisor', advisor,
     'transport', transport, 'sequence', sequence))
     FROM (SELECT a.* FROM identities i JOIN appointments a ON a.customer_id = i.customer_id
       WHERE i.store_id = ?2 AND i.kind = ?6 AND i.address = ?3 AND a.starts_at > ?5 AND a.status = 'booked'
       ORDER BY a.starts_at LIMIT 9)) AS appointments,
  (SELECT json_group_array(json(document)) FROM (SELECT o.document
     FROM identities i JOIN repair_order_documents o ON o.customer_id = i.customer_id
     WHERE i.store_id = ?2 AND i.kind = ?6 AND i.address = ?3 AND o.store_id = ?2
       AND o.stage NOT IN ('vehicle_delivered', 'closed') ORDER BY o.opened_at, o.id LIMIT 9)) AS repair_orders,
  (SELECT json_group_array(json_object('delivery', id, 'question', question))
     FROM (SELECT o.id, o.question FROM conversations c JOIN outbox o ON o.conversation_id = c.id
       WHERE c.line_id = ?1 AND c.peer = ?3 AND o.question IS NOT NULL AND o.status IN ('sending', 'sent', 'delivered')
       ORDER BY o.first_tried_at, o.id)) AS questions,
  (SELECT json_group_array(json_object('id', w.id, 'offered', json(w.offered), 'offered_until', w.offered_until,
     'waiting', json(w.waiting)))
     FROM identities i JOIN waitlist w ON w.customer_id = i.customer_id
     WHERE i.store_id = ?2 AND i.kind = ?6 AND i.address = ?3 AND w.status IN ('waiting', 'offered')) AS waitlist,
  EXISTS (SELECT 1 FROM opt_outs WHERE line_id = ?1 AND address = ?3) AS opted_out,
  EXISTS (SELECT 1 FROM messages WHERE line_id = ?1 AND provider_message_id = ?4) AS known,
  (SELECT json_group_array(text) FROM (SELECT r.text FROM messages m JOIN messages r ON r.reply_to = m.id
     WHERE m.line_id = ?1 AND m.provider_message_id = ?4 ORDER BY r.position)) AS answers";

#[derive(Deserialize)]
struct Row {
    line_revision: Option<i64>,
    store_revision: Option<i64>,
    conversation: Option<String>,
    group_settings: Option<String>,
    customer: Option<String>,
    shared: Option<String>,
    vehicles: String,
    appointments: String,
    repair_orders: String,
    questions: String,
    waitlist: String,
    opted_out: i64,
    known: i64,
    answers: String,
}

#[derive(Deserialize)]
struct AppointmentRow {
    id: String,
    vehicle_id: Option<String>,
    service_id: String,
    more_services: Vec<String>,
    starts_at: i64,
    stations: Vec<Station>,
    advisor: Option<String>,
    transport: Option<Transport>,
    sequence: u32,
}

#[derive(Deserialize)]
struct EntryRow {
    id: String,
    waiting: Waiting,
    offered: Option<Opening>,
    offered_until: Option<i64>,
}

impl EntryRow {
    fn entry(self) -> Entry {
        let until = self.offered_until.and_then(DateTime::from_timestamp_millis);
        Entry { id: self.id, waiting: self.waiting, offered: self.offered.zip(until) }
    }
}

/// Loads what a turn needs: `peer`, an address of this kind, wrote the provider's message `message` on this line of this
/// store.
pub async fn load_turn(
    database: &impl Database,
    line: &str,
    store: &str,
    (kind, peer): (IdentityKind, &str),
    message: &str,
    now: DateTime<Utc>,
) -> Result<Loaded, DatabaseError> {
    let select = Statement::new(LOAD).bind(line).bind(store).bind(peer).bind(message).bind(at(now));
    let select = select.bind(kind.as_str());
    let row: Row = database.run(select).await?.first()?.ok_or_else(|| DatabaseError::Decode("no row".to_owned()))?;
    let vehicles: Vec<Vehicle> = json(&row.vehicles)?;
    let vehicle = |id: Option<String>| id.and_then(|id| vehicles.iter().find(|vehicle| vehicle.id == id).cloned());
    let appointments = json::<Vec<AppointmentRow>>(&row.appointments)?
        .into_iter()
        .filter_map(|row| {
            let start = DateTime::from_timestamp_millis(row.starts_at)?;
            Some(Appointment {
                id: row.id,
                services: std::iter::once(row.service_id).chain(row.more_services).collect(),
                opening: Opening { start, stations: row.stations, advisor: row.advisor },
                transport: row.transport,
                vehicle: vehicle(row.vehicle_id),
                sequence: row.sequence,
            })
        })
        .collect();
    Ok(Loaded {
        line_revision: row.line_revision,
        store_revision: row.store_revision,
        conversation: row.conversation.as_deref().map(json).transpose()?,
        group: groups::parse(row.group_settings.as_deref()),
        customer: row.customer.as_deref().map(json).transpose()?,
        // A conversation belongs to a customer already.
        shared: row.shared.filter(|_| row.conversation.is_none()).as_deref().map(json).transpose()?,
        appointments,
        repair_orders: json(&row.repair_orders)?,
        questions: json(&row.questions)?,
        waitlist: json::<Vec<EntryRow>>(&row.waitlist)?.into_iter().map(EntryRow::entry).collect(),
        opted_out: row.opted_out != 0,
        answered: (row.known != 0).then(|| json(&row.answers)).transpose()?,
        vehicles,
    })
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, DatabaseError> {
    serde_json::from_str(text).map_err(|error| DatabaseError::Decode(error.to_string()))
}
