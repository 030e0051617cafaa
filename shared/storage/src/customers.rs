//! Customers and their cars.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::understanding::VehicleMention;
use lanekeeper_platform::{Statement, Value};

/// How a store knows a customer: by an address that is proven to be theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityKind {
    /// A phone number in E.164.
    Phone,
    /// The browser of a visitor: what its secret hashes to.
    Visitor,
}

impl IdentityKind {
    /// Its name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Visitor => "visitor",
        }
    }

    /// How customers are known who write over this provider.
    pub fn of_provider(provider: &str) -> Self {
        if provider == "widget" { Self::Visitor } else { Self::Phone }
    }
}

/// Writes a customer who is new to the store, known by a phone number.
pub fn start_customer(store: &str, id: &str, phone: &str, now: DateTime<Utc>) -> Vec<Statement> {
    start_customer_known_by(IdentityKind::Phone, store, id, phone, now)
}

/// Writes a customer who is new to the store, known by an address of this kind.
pub fn start_customer_known_by(
    kind: IdentityKind,
    store: &str,
    id: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Vec<Statement> {
    vec![
        Statement::new("INSERT INTO customers (id, store_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)")
            .bind(id)
            .bind(store)
            .bind(at(now)),
        Statement::new("INSERT INTO identities (store_id, kind, address, customer_id) VALUES (?1, ?2, ?3, ?4)")
            .bind(store)
            .bind(kind.as_str())
            .bind(address)
            .bind(id),
    ]
}

/// Writes a customer's name.
pub fn rename_customer(store: &str, id: &str, name: &str, now: DateTime<Utc>) -> Statement {
    Statement::new("UPDATE customers SET name = ?3, updated_at = ?4 WHERE id = ?1 AND store_id = ?2")
        .bind(id)
        .bind(store)
        .bind(name)
        .bind(at(now))
}

/// Writes a car that is new to the store.
pub fn put_vehicle(store: &str, customer: &str, id: &str, car: &VehicleMention, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO vehicles (id, store_id, customer_id, year, make, model, plate, vin, mileage, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(id)
    .bind(store)
    .bind(customer)
    .bind(car.year.map(i32::from))
    .bind(car.make.as_ref())
    .bind(car.model.as_ref())
    .bind(car.plate.as_ref())
    .bind(car.vin.as_ref())
    .bind(car.mileage.map_or(Value::Null, Value::from))
    .bind(at(now))
}
