//! Customers and their cars, as the API reads and writes them. Every read names the store and its group. A plus before
//! `store_id` keeps SQLite from going through all rows of the store where another column is more telling.

use crate::ViewError;
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Database, DatabaseError, Statement, Value};
use serde::Deserialize;

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct CustomerRow {
    pub id: String,
    pub name: Option<String>,
    /// In E.164.
    pub phone: Option<String>,
    /// The customer's name in another system of the store's.
    pub external_id: Option<String>,
    /// Id of the line of the store on which the customer likes to be reached.
    pub preferred_line: Option<String>,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// In milliseconds since 1970; grows with each change.
    pub updated_at: i64,
}

/// A car.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct VehicleRow {
    pub id: String,
    pub customer_id: String,
    /// The car's name in another system of the store's.
    pub external_id: Option<String>,
    pub year: Option<u16>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub plate: Option<String>,
    pub vin: Option<String>,
    pub mileage: Option<u32>,
    /// In milliseconds since 1970; grows with each change.
    pub updated_at: i64,
}

/// What customers are found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerKey<'a> {
    /// Our id.
    Id(&'a str),
    /// A phone number in E.164.
    Phone(&'a str),
    /// Another system's id.
    External(&'a str),
}

/// The customer of a store of this group whom this key names.
pub async fn customer(
    database: &impl Database,
    group: &str,
    store: &str,
    key: CustomerKey<'_>,
) -> Result<Option<CustomerRow>, DatabaseError> {
    let (sql, key) = match key {
        CustomerKey::Id(id) => (
            "SELECT c.id, c.name, c.external_id, c.preferred_line, c.created_at, c.updated_at, \
               (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone') AS phone \
             FROM customers c JOIN stores s ON s.id = c.store_id \
             WHERE c.id = ?3 AND c.store_id = ?1 AND s.group_id = ?2",
            id,
        ),
        CustomerKey::Phone(phone) => (
            "SELECT c.id, c.name, c.external_id, c.preferred_line, c.created_at, c.updated_at, i.address AS phone \
             FROM identities i JOIN customers c ON c.id = i.customer_id JOIN stores s ON s.id = c.store_id \
             WHERE i.store_id = ?1 AND i.kind = 'phone' AND i.address = ?3 AND s.group_id = ?2",
            phone,
        ),
        CustomerKey::External(id) => (
            "SELECT c.id, c.name, c.external_id, c.preferred_line, c.created_at, c.updated_at, \
               (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone') AS phone \
             FROM customers c JOIN stores s ON s.id = c.store_id \
             WHERE c.store_id = ?1 AND c.external_id = ?3 AND s.group_id = ?2",
            id,
        ),
    };
    database.run(Statement::new(sql).bind(store).bind(group).bind(key)).await?.first()
}

/// Writes a new customer. The batch fails where the phone number or the other system's id is another customer's already.
pub fn insert_customer(store: &str, row: &CustomerRow) -> Vec<Statement> {
    let insert = Statement::new(
        "INSERT INTO customers (id, store_id, name, external_id, preferred_line, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(&row.id)
    .bind(store)
    .bind(row.name.as_ref())
    .bind(row.external_id.as_ref())
    .bind(row.preferred_line.as_ref())
    .bind(row.created_at)
    .bind(row.updated_at);
    std::iter::once(insert).chain(row.phone.as_ref().map(|phone| put_phone(store, &row.id, phone))).collect()
}

/// Writes what has changed of a customer who was `before`. The batch fails where somebody else changed the customer
/// meanwhile (see [`was_stale`]).
pub fn update_customer(store: &str, before: &CustomerRow, row: &CustomerRow) -> Vec<Statement> {
    let update = Statement::new(
        "UPDATE customers SET name = ?3, external_id = ?4, preferred_line = ?7, \
           updated_at = CASE WHEN updated_at = ?5 THEN ?6 END \
         WHERE id = ?1 AND store_id = ?2",
    )
    .bind(&row.id)
    .bind(store)
    .bind(row.name.as_ref())
    .bind(row.external_id.as_ref())
    .bind(before.updated_at)
    .bind(row.updated_at)
    .bind(row.preferred_line.as_ref());
    let mut statements = vec![update];
    if row.phone != before.phone {
        let forget = "DELETE FROM identities WHERE customer_id = ?2 AND +store_id = ?1 AND kind = 'phone'";
        statements.push(Statement::new(forget).bind(store).bind(&row.id));
        statements.extend(row.phone.as_ref().map(|phone| put_phone(store, &row.id, phone)));
    }
    statements
}

fn put_phone(store: &str, customer: &str, phone: &str) -> Statement {
    Statement::new("INSERT INTO identities (store_id, kind, address, customer_id) VALUES (?1, 'phone', ?2, ?3)")
        .bind(store)
        .bind(phone)
        .bind(customer)
}

/// Whether a batch failed because a row was not as the writer had read it: such writes leave `updated_at` without a value
/// then, which its column refuses.
pub fn was_stale(error: &DatabaseError) -> bool {
    matches!(error, DatabaseError::Constraint(message)
        if message.contains("NOT NULL") && message.contains(".updated_at"))
}

const VEHICLE: &str = "SELECT v.id, v.customer_id, v.external_id, v.year, v.make, v.model, v.plate, v.vin, v.mileage, \
       v.updated_at FROM vehicles v JOIN stores s ON s.id = v.store_id \
     WHERE v.id = ?3 AND v.store_id = ?1 AND s.group_id = ?2";

/// A car of a store of this group.
pub async fn vehicle(database: &impl Database, group: &str, store: &str, id: &str) -> Result<VehicleRow, ViewError> {
    let select = Statement::new(VEHICLE).bind(store).bind(group).bind(id);
    database.run(select).await?.first()?.ok_or(ViewError::NotFound("vehicle"))
}

/// A customer's cars, the one heard of last first; at most a hundred. The customer is known to be the group's.
pub async fn vehicles_of(
    database: &impl Database,
    store: &str,
    customer: &str,
) -> Result<Vec<VehicleRow>, DatabaseError> {
    let select = Statement::new(
        "SELECT id, customer_id, external_id, year, make, model, plate, vin, mileage, updated_at FROM vehicles \
         WHERE customer_id = ?2 AND +store_id = ?1 ORDER BY updated_at DESC, id LIMIT 100",
    );
    database.run(select.bind(store).bind(customer)).await?.decode()
}

/// Writes a new car.
pub fn insert_vehicle(store: &str, row: &VehicleRow) -> Statement {
    let insert = Statement::new(
        "INSERT INTO vehicles (id, store_id, year, make, model, plate, vin, mileage, external_id, updated_at, customer_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    );
    bind_vehicle(insert, store, row).bind(row.updated_at).bind(&row.customer_id)
}

/// Writes a car that was changed at `before` the last time. The batch fails where it was changed since (see
/// [`was_stale`]).
pub fn update_vehicle(store: &str, before: i64, row: &VehicleRow) -> Statement {
    let update = Statement::new(
        "UPDATE vehicles SET year = ?3, make = ?4, model = ?5, plate = ?6, vin = ?7, mileage = ?8, external_id = ?9, \
         updated_at = CASE WHEN updated_at = ?11 THEN ?10 END WHERE id = ?1 AND store_id = ?2",
    );
    bind_vehicle(update, store, row).bind(row.updated_at).bind(before)
}

/// The parameters `?1` to `?9`.
fn bind_vehicle(statement: Statement, store: &str, row: &VehicleRow) -> Statement {
    statement
        .bind(&row.id)
        .bind(store)
        .bind(row.year.map(i32::from))
        .bind(row.make.as_ref())
        .bind(row.model.as_ref())
        .bind(row.plate.as_ref())
        .bind(row.vin.as_ref())
        .bind(row.mileage.map_or(Value::Null, Value::from))
        .bind(row.external_id.as_ref())
}

/// Removes a car, unless an appointment or a repair order names it: the batch fails then.
pub fn delete_vehicle(store: &str, id: &str) -> Statement {
    Statement::new("DELETE FROM vehicles WHERE id = ?2 AND store_id = ?1").bind(store).bind(id)
}

/// A time later than `before`, and not earlier than `now`: what a row's `updated_at` becomes, so that it differs after
/// each change.
pub fn later(now: DateTime<Utc>, before: i64) -> i64 {
    now.timestamp_millis().max(before + 1)
}

/// A time as the API shows it.
pub fn shown(milliseconds: i64) -> Option<String> {
    DateTime::<Utc>::from_timestamp_millis(milliseconds)
        .map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}
