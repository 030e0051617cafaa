//! Repair orders: each is read as one document, and saved whole together with the event that changed it.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::repair_order::{Actor, Event, RepairOrder};
use lanekeeper_domain::{Language, Store};
use lanekeeper_platform::{Database, DatabaseError, Rows, Statement};
use lanekeeper_zones::Tz;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// An order with its store and the way to its customer.
#[derive(Debug, Clone)]
pub struct OrderInStore {
    /// The order.
    pub order: RepairOrder,
    /// Its store.
    pub store: Store,
    /// Counts the store's changes.
    pub revision: i64,
    /// How the customer is reached; `None` when we know no way.
    pub reach: Option<Reach>,
}

/// How a customer is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Id of the conversation; `None` when it is yet to begin.
    pub conversation: Option<String>,
    /// Id of the line.
    pub line: String,
    /// The customer's address on it.
    pub address: String,
    /// The customer's language.
    pub language: Language,
    /// The customer's own time zone, where it is known.
    pub time_zone: Option<Tz>,
}

const SELECT: &str = "SELECT o.document, s.profile, s.revision, \
   (SELECT json_object('id', c.id, 'line', c.line_id, 'peer', c.peer, 'language', c.language) FROM conversations c \
     WHERE c.customer_id = o.customer_id AND c.store_id = o.store_id ORDER BY c.updated_at DESC LIMIT 1) AS conversation, \
   (SELECT u.time_zone FROM customers u WHERE u.id = o.customer_id) AS time_zone, \
   (SELECT i.address FROM identities i WHERE i.customer_id = o.customer_id AND i.store_id = o.store_id \
     AND i.kind = 'phone' LIMIT 1) AS phone, \
   (SELECT l.id FROM lines l WHERE l.store_id = o.store_id AND l.provider = 'twilio' ORDER BY l.id LIMIT 1) AS line \
 FROM repair_order_documents o JOIN stores s ON s.id = o.store_id";

#[derive(Deserialize)]
struct Row {
    document: String,
    profile: String,
    revision: i64,
    conversation: Option<String>,
    time_zone: Option<String>,
    phone: Option<String>,
    line: Option<String>,
}

#[derive(Deserialize)]
struct ConversationOfCustomer {
    id: String,
    line: String,
    peer: String,
    language: String,
}

impl Row {
    fn read(self) -> Result<OrderInStore, DatabaseError> {
        let store: Store = parse(&self.profile)?;
        let conversation: Option<ConversationOfCustomer> = self.conversation.as_deref().map(parse).transpose()?;
        let time_zone = self.time_zone.and_then(|name| name.parse().ok());
        let reach = match (conversation, self.line.zip(self.phone)) {
            (Some(row), _) => Some(Reach {
                conversation: Some(row.id),
                line: row.line,
                address: row.peer,
                language: Language::from_code(&row.language).unwrap_or(store.language),
                time_zone,
            }),
            (None, Some((line, address))) => {
                Some(Reach { conversation: None, line, address, language: store.language, time_zone })
            }
            (None, None) => None,
        };
        Ok(OrderInStore { order: parse(&self.document)?, store, revision: self.revision, reach })
    }
}

/// The order with this id, if it belongs to this store.
pub async fn repair_order_for_store(
    database: &impl Database,
    store: &str,
    id: &str,
) -> Result<Option<OrderInStore>, DatabaseError> {
    read_order(database.run(select_order(store, id)).await?)
}

/// The query of [`repair_order_for_store`], for a batch with others.
pub(crate) fn select_order(store: &str, id: &str) -> Statement {
    Statement::new(format!("{SELECT} WHERE o.id = ?1 AND o.store_id = ?2")).bind(id).bind(store)
}

/// What [`select_order`] has found.
pub(crate) fn read_order(rows: Rows) -> Result<Option<OrderInStore>, DatabaseError> {
    rows.first::<Row>()?.map(Row::read).transpose()
}

/// Orders, of any store, whose customer's silence is to be followed up now; the longest waiting first.
pub async fn silent_repair_orders(
    database: &impl Database,
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<OrderInStore>, DatabaseError> {
    let select = Statement::new(format!("{SELECT} WHERE o.nudge_at <= ?1 ORDER BY o.nudge_at LIMIT ?2"));
    let rows: Vec<Row> = database.run(select.bind(at(now)).bind(limit)).await?.decode()?;
    rows.into_iter().map(Row::read).collect()
}

/// The history of an order of this store, the earliest event first.
pub async fn repair_order_events(
    database: &impl Database,
    store: &str,
    id: &str,
) -> Result<Vec<serde_json::Value>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        version: i64,
        actor: String,
        event: String,
        at: i64,
    }
    let events = Statement::new(
        "SELECT version, actor, event, at FROM order_events WHERE order_id = ?1 AND store_id = ?2 \
         ORDER BY version LIMIT 1000",
    );
    let rows: Vec<Row> = database.run(events.bind(id).bind(store)).await?.decode()?;
    let shown = rows.into_iter().map(|row| {
        let at = DateTime::<Utc>::from_timestamp_millis(row.at).unwrap_or_default();
        let (actor, event): (serde_json::Value, serde_json::Value) = (parse(&row.actor)?, parse(&row.event)?);
        let at = at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        Ok(json!({"version": row.version, "at": at, "actor": actor, "event": event}))
    });
    shown.collect()
}

/// The number that the store's next order may have; another one may take it first.
pub async fn next_order_number(database: &impl Database, store: &str) -> Result<i64, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        last: i64,
    }
    let select = Statement::new("SELECT last FROM order_numbers WHERE store_id = ?1").bind(store);
    let row: Option<Row> = database.run(select).await?.first()?;
    Ok(row.map_or(1001, |row| row.last + 1))
}

/// Writes a new order with its first event. The batch fails where its number is taken (`repair_orders.number`) or its
/// appointment has an order (`repair_orders.appointment_id`).
pub fn open_repair_order(
    store: &str,
    order: &RepairOrder,
    actor: &Actor,
    event: &Event,
    now: DateTime<Utc>,
) -> Vec<Statement> {
    let insert = Statement::new(
        "INSERT INTO repair_orders (id, store_id, customer_id, vehicle_id, appointment_id, number, stage, opened_at, \
           updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
    )
    .bind(&order.id)
    .bind(store)
    .bind(&order.customer)
    .bind(order.vehicle.as_ref().map(|vehicle| &vehicle.id))
    .bind(order.appointment.as_ref())
    .bind(&order.number)
    .bind(order.stage.as_str())
    .bind(at(now));
    // The next number follows the highest one, wherever that came from.
    let counted = order.number.parse::<u32>().ok().map(|number| {
        Statement::new(
            "INSERT INTO order_numbers (store_id, last) VALUES (?1, ?2) \
             ON CONFLICT (store_id) DO UPDATE SET last = max(last, excluded.last)",
        )
        .bind(store)
        .bind(number)
    });
    let saved = save_repair_order(store, order, actor, event, None, now);
    std::iter::once(insert).chain(counted).chain(saved).collect()
}

/// Saves an order as it is after `event`, which becomes its next version. The batch fails (`order_events`) where another
/// change has taken that version. `message` is the one in whose words the customer answered.
pub fn save_repair_order(
    store: &str,
    order: &RepairOrder,
    actor: &Actor,
    event: &Event,
    message: Option<&str>,
    now: DateTime<Utc>,
) -> Vec<Statement> {
    let version = order.version + 1;
    let actor = json!(actor).to_string();
    let mut statements = vec![
        Statement::new(
            "INSERT INTO order_events (order_id, version, store_id, actor, event, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .bind(&order.id)
        .bind(version)
        .bind(store)
        .bind(&actor)
        .bind(json!(event).to_string())
        .bind(at(now)),
        update(store, order, version, now),
    ];
    statements.extend(save_operations(store, order));
    if let Event::Decided { rulings, method, total } = event {
        statements.push(
            Statement::new(
                "INSERT INTO authorizations (order_id, version, operation_id, store_id, authorized, amount, order_total, \
                   method, actor, message_id, at) \
                 SELECT ?1, ?2, json_extract(value, '$.operation'), ?3, json_extract(value, '$.authorized'), \
                   json_extract(value, '$.amount'), ?5, ?6, ?7, ?8, ?9 FROM json_each(?4)",
            )
            .bind(&order.id)
            .bind(version)
            .bind(store)
            .bind(json!(rulings).to_string())
            .bind(*total)
            .bind(json!(method).as_str().unwrap_or_default())
            .bind(&actor)
            .bind(message)
            .bind(at(now)),
        );
    }
    statements
}

fn update(store: &str, order: &RepairOrder, version: i64, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE repair_orders SET version = ?3, stage = ?4, vin = ?5, vin_status = ?6, mileage_in = ?7, mileage_out = ?8, \
           advisor = ?9, technician = ?10, promised_at = ?11, waiting_for = ?12, notes = ?13, photos = ?14, nudge_at = ?15, \
           nudges = ?16, vehicle_id = ?17, updated_at = ?18 WHERE id = ?1 AND store_id = ?2",
    )
    .bind(&order.id)
    .bind(store)
    .bind(version)
    .bind(order.stage.as_str())
    .bind(order.vin.as_ref())
    .bind(json!(order.vin_status).as_str().unwrap_or_default())
    .bind(order.mileage_in)
    .bind(order.mileage_out)
    .bind(order.advisor.as_ref())
    .bind(order.technician.as_ref())
    .bind(order.promised_at.map(at))
    .bind(order.waiting_for.as_ref())
    .bind(json!(order.notes).to_string())
    .bind(json!(order.photos).to_string())
    .bind(order.nudge_at.map(at))
    .bind(order.nudges)
    .bind(order.vehicle.as_ref().map(|vehicle| &vehicle.id))
    .bind(at(now))
}

/// The lines as they are now: those that are gone go, the others are written.
fn save_operations(store: &str, order: &RepairOrder) -> [Statement; 2] {
    let operations = json!(order.operations).to_string();
    let delete = Statement::new(
        "DELETE FROM operations WHERE order_id = ?1 AND store_id = ?2 \
           AND id NOT IN (SELECT json_extract(value, '$.id') FROM json_each(?3))",
    );
    let put = Statement::new(
        "INSERT INTO operations (id, store_id, order_id, position, name, service_id, op_code, complaint, cause, correction, \
           pay_type, labor, parts, authorization, requested_amount, authorized_amount, progress) \
         SELECT json_extract(value, '$.id'), ?2, ?1, key, json_extract(value, '$.name'), json_extract(value, '$.service'), \
           json_extract(value, '$.op_code'), json_extract(value, '$.complaint'), json_extract(value, '$.cause'), \
           json_extract(value, '$.correction'), json_extract(value, '$.pay_type'), json_extract(value, '$.labor'), \
           json_extract(value, '$.parts'), json_extract(value, '$.authorization'), \
           json_extract(value, '$.requested_amount'), json_extract(value, '$.authorized_amount'), \
           json_extract(value, '$.progress') FROM json_each(?3) WHERE true \
         ON CONFLICT (id) DO UPDATE SET position = excluded.position, name = excluded.name, \
           service_id = excluded.service_id, op_code = excluded.op_code, complaint = excluded.complaint, \
           cause = excluded.cause, correction = excluded.correction, pay_type = excluded.pay_type, labor = excluded.labor, \
           parts = excluded.parts, authorization = excluded.authorization, \
           requested_amount = excluded.requested_amount, authorized_amount = excluded.authorized_amount, \
           progress = excluded.progress",
    );
    [delete.bind(&order.id).bind(store).bind(&operations), put.bind(&order.id).bind(store).bind(operations)]
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, DatabaseError> {
    serde_json::from_str(text).map_err(|error| DatabaseError::Decode(error.to_string()))
}

#[cfg(test)]
mod tests;
