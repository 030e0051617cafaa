//! Regular work, and when it is due again.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::notifications::Reading;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// When regular work on a car is due again.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Plan<'a> {
    pub store: &'a str,
    pub customer: &'a str,
    pub vehicle: &'a str,
    /// Id of the menu item.
    pub service: &'a str,
    /// When it was done last, and at which mileage.
    pub last: Reading,
    pub due_at: DateTime<Utc>,
    /// When the customer is to hear of it.
    pub tell_at: DateTime<Utc>,
}

/// Writes when work is due again. Who was told stays told, until the work was done once more.
pub fn put_plan(plan: &Plan) -> Statement {
    Statement::new(
        "INSERT INTO maintenance (vehicle_id, service_id, store_id, customer_id, done_at, mileage, due_at, tell_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (vehicle_id, service_id) DO UPDATE SET customer_id = ?4, \
           done_at = ?5, mileage = ?6, due_at = ?7, tell_at = ?8, \
           told_at = CASE WHEN done_at = ?5 THEN told_at END",
    )
    .bind(plan.vehicle)
    .bind(plan.service)
    .bind(plan.store)
    .bind(plan.customer)
    .bind(at(plan.last.at))
    .bind(plan.last.mileage)
    .bind(at(plan.due_at))
    .bind(at(plan.tell_at))
}

/// Work on one car that its owner is to hear of.
#[derive(Debug, Clone)]
pub struct Upcoming {
    /// Id of the store.
    pub store: String,
    /// Id of the customer.
    pub customer: String,
    /// The car.
    pub vehicle: Vehicle,
    /// Ids of menu items.
    pub services: Vec<String>,
    /// When the first of it is due.
    pub due_at: DateTime<Utc>,
}

/// Regular work that customers are to hear of now, car by car.
pub async fn upcoming_maintenance(
    database: &impl Database,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<Upcoming>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        store_id: String,
        customer_id: String,
        vehicle: String,
        services: String,
        due_at: i64,
    }
    let select = Statement::new(
        "SELECT m.store_id, m.customer_id, json_group_array(m.service_id) AS services, MIN(m.due_at) AS due_at, \
           (SELECT json_object('id', v.id, 'year', v.year, 'make', v.make, 'model', v.model, 'plate', v.plate) \
              FROM vehicles v WHERE v.id = m.vehicle_id) AS vehicle \
         FROM (SELECT * FROM maintenance p WHERE told_at IS NULL AND tell_at <= ?1 \
           AND EXISTS (SELECT 1 FROM stores s WHERE s.id = p.store_id AND s.standing = 'here') \
           ORDER BY tell_at LIMIT ?2) m \
         GROUP BY m.vehicle_id",
    );
    let rows: Vec<Row> = database.run(select.bind(at(now)).bind(most)).await?.decode()?;
    let decode = |error: serde_json::Error| DatabaseError::Decode(error.to_string());
    let upcoming = |row: Row| {
        Ok(Upcoming {
            store: row.store_id,
            customer: row.customer_id,
            vehicle: serde_json::from_str(&row.vehicle).map_err(decode)?,
            services: serde_json::from_str(&row.services).map_err(decode)?,
            due_at: DateTime::from_timestamp_millis(row.due_at).unwrap_or_default(),
        })
    };
    rows.into_iter().map(upcoming).collect()
}

/// Records that the owner of a car was told of this work.
pub fn mark_told(upcoming: &Upcoming, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE maintenance SET told_at = ?4 WHERE vehicle_id = ?2 AND store_id = ?1 \
           AND service_id IN (SELECT value FROM json_each(?3))",
    )
    .bind(&upcoming.store)
    .bind(&upcoming.vehicle.id)
    .bind(serde_json::json!(upcoming.services).to_string())
    .bind(at(now))
}
