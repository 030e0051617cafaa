//! Customers and their cars.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::understanding::VehicleMention;
use lanekeeper_platform::{Statement, Value};

/// Writes a customer who is new to the store, known by a phone number.
pub fn start_customer(store: &str, id: &str, phone: &str, now: DateTime<Utc>) -> Vec<Statement> {
    vec![
        Statement::new("INSERT INTO customers (id, store_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)")
            .bind(id)
            .bind(store)
            .bind(at(now)),
        Statement::new("INSERT INTO identities (store_id, kind, address, customer_id) VALUES (?1, 'phone', ?2, ?3)")
            .bind(store)
            .bind(phone)
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
