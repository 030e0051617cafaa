//! The repair orders of a store as its people see them: those that are under way, and one with its history.

use crate::day::{ProfileRow, read_store};
use crate::repair_orders::{read_order, select_order};
use crate::{OrderInStore, ViewError, at};
use chrono::{DateTime, Duration, Utc};
use lanekeeper_domain::Store;
use lanekeeper_domain::repair_order::{Actor, Event, RepairOrder, Stage};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// The repair orders that are under way at a store.
#[derive(Debug, Clone)]
pub struct Board {
    /// The store.
    pub store: Store,
    /// The orders, the longest open first; at most [`MOST`].
    pub orders: Vec<BoardOrder>,
}

/// An order with what its people want to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardOrder {
    /// The order.
    pub order: RepairOrder,
    /// The customer's name.
    pub customer: Option<String>,
    /// Their number in E.164.
    pub phone: Option<String>,
    /// When the order was opened.
    pub opened_at: DateTime<Utc>,
    /// When something was last put to the customer.
    pub asked_at: Option<DateTime<Utc>>,
}

/// More orders than a workshop has under way.
pub const MOST: u32 = 500;

/// For so long an order stays on the board after the customer has the car.
const SHOWN_AFTER: Duration = Duration::hours(18);

/// The orders of a store of this group that are under way, and those whose customers have just left; in one batch.
pub async fn board(
    database: &impl Database,
    (group, store): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Board, ViewError> {
    let under_way: Vec<&str> = Stage::ALL.into_iter().filter(|stage| !stage.is_over()).map(Stage::as_str).collect();
    let profile = Statement::new("SELECT profile, revision, standing FROM stores WHERE id = ?1 AND group_id = ?2");
    let orders = Statement::new(format!(
        "{BOARD} WHERE r.id IN (SELECT id FROM repair_orders WHERE store_id = ?1 AND stage IN (SELECT value FROM json_each(?2)) \
           UNION ALL SELECT id FROM repair_orders WHERE store_id = ?1 AND stage = 'vehicle_delivered' AND updated_at > ?3) \
         ORDER BY r.opened_at, r.id LIMIT {MOST}"
    ));
    let orders = orders.bind(store).bind(json!(under_way).to_string()).bind(at(now - SHOWN_AFTER));
    let mut results = database.batch(vec![profile.bind(store).bind(group), orders]).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    let (store, _) = read_store(next().first::<ProfileRow>()?)?;
    let rows: Vec<Row> = next().decode()?;
    let orders = rows.into_iter().map(Row::read).collect::<Result<_, DatabaseError>>()?;
    Ok(Board { store, orders })
}

/// An order with its history.
#[derive(Debug, Clone)]
pub struct OrderPage {
    /// The order, its store and the way to its customer.
    pub found: OrderInStore,
    /// As the board has it.
    pub shown: BoardOrder,
    /// What happened to it, the latest first; at most a hundred.
    pub history: Vec<HistoryLine>,
}

/// Something that happened to an order.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryLine {
    /// The version that it made.
    pub version: i64,
    /// Who did it.
    pub actor: Actor,
    /// What it was.
    pub event: Event,
    /// When.
    pub at: DateTime<Utc>,
}

/// One order of a store of this group with its history, in one batch.
pub async fn order_page(
    database: &impl Database,
    (group, store): (&str, &str),
    id: &str,
) -> Result<OrderPage, ViewError> {
    let shown = Statement::new(format!("{BOARD} WHERE r.id = ?1 AND r.store_id = ?2")).bind(id).bind(store);
    let history = Statement::new(
        "SELECT version, actor, event, at FROM order_events WHERE order_id = ?1 AND store_id = ?2 \
         ORDER BY version DESC LIMIT 100",
    );
    let batch = vec![select_order(store, id), shown, history.bind(id).bind(store)];
    let mut results = database.batch(batch).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    let none = || ViewError::NotFound("repair order");
    let found = read_order(next())?.filter(|found| found.store.group == group).ok_or_else(none)?;
    let shown = next().first::<Row>()?.ok_or_else(none)?.read()?;
    let lines: Vec<EventRow> = next().decode()?;
    let history = lines.into_iter().map(EventRow::read).collect::<Result<_, DatabaseError>>()?;
    Ok(OrderPage { found, shown, history })
}

const BOARD: &str = "SELECT o.document, r.opened_at, c.name, \
    (SELECT address FROM identities i WHERE i.customer_id = r.customer_id AND i.kind = 'phone') AS phone, \
    (SELECT MAX(e.at) FROM order_events e WHERE e.order_id = r.id AND e.event ->> 'event' IN ('proposed', 'operation_changed') \
      AND e.event ->> 'asks_again' IS NOT 0) AS asked_at \
  FROM repair_orders r JOIN repair_order_documents o ON o.id = r.id JOIN customers c ON c.id = r.customer_id";

#[derive(Deserialize)]
struct Row {
    document: String,
    opened_at: i64,
    name: Option<String>,
    phone: Option<String>,
    asked_at: Option<i64>,
}

impl Row {
    fn read(self) -> Result<BoardOrder, DatabaseError> {
        let order: RepairOrder = parse(&self.document)?;
        Ok(BoardOrder {
            asked_at: self.asked_at.map(time).filter(|_| order.open_lines().next().is_some()),
            order,
            customer: self.name,
            phone: self.phone,
            opened_at: time(self.opened_at),
        })
    }
}

#[derive(Deserialize)]
struct EventRow {
    version: i64,
    actor: String,
    event: String,
    at: i64,
}

impl EventRow {
    fn read(self) -> Result<HistoryLine, DatabaseError> {
        let (actor, event) = (parse(&self.actor)?, parse(&self.event)?);
        Ok(HistoryLine { version: self.version, actor, event, at: time(self.at) })
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, DatabaseError> {
    serde_json::from_str(text).map_err(|error| DatabaseError::Decode(error.to_string()))
}

fn time(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}
