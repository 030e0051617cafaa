//! Cars that were picked up, and what is still to follow.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::notifications::Reading;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A car that was picked up.
#[derive(Debug, Clone)]
pub struct Departure {
    /// Id of the store.
    pub store: String,
    /// Id of the repair order.
    pub repair_order: String,
    /// Id of the customer.
    pub customer: String,
    /// The car, when it is known.
    pub vehicle: Option<Vehicle>,
    /// When it left.
    pub left_at: DateTime<Utc>,
    /// What its odometer showed; 0 when that is not known.
    pub mileage: u32,
    /// The lines of the order.
    pub lines: Vec<Line>,
    /// What the odometer showed at other visits.
    pub readings: Vec<Reading>,
    /// Regular work that was done at other visits.
    pub done_before: Vec<Done>,
}

/// A line of a repair order.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    /// What the order calls it.
    pub name: String,
    /// Id of the menu item, when it is one.
    pub service: Option<String>,
    /// Whether the customer agreed, as the order has it.
    pub authorization: String,
}

/// Regular work, and when it was done last.
#[derive(Debug, Clone)]
pub struct Done {
    /// Id of the menu item.
    pub service: String,
    /// When, and at which mileage.
    pub last: Reading,
}

#[derive(Deserialize)]
struct Row {
    store_id: String,
    id: String,
    customer_id: String,
    left_at: i64,
    mileage: u32,
    vehicle: Option<String>,
    lines: String,
    readings: String,
    done: String,
}

const LIST: &str = "SELECT o.store_id, o.id, o.customer_id, o.updated_at AS left_at, \
    COALESCE(o.mileage_out, o.mileage_in, 0) AS mileage, \
    (SELECT json_object('id', v.id, 'year', v.year, 'make', v.make, 'model', v.model, 'plate', v.plate) \
       FROM vehicles v WHERE v.id = o.vehicle_id) AS vehicle, \
    (SELECT json_group_array(json_object('name', p.name, 'service', p.service_id, 'authorization', p.authorization)) \
       FROM operations p WHERE p.order_id = o.id) AS lines, \
    (SELECT json_group_array(json_array(r.opened_at, COALESCE(r.mileage_out, r.mileage_in))) FROM repair_orders r \
       WHERE r.vehicle_id = o.vehicle_id AND r.id <> o.id AND COALESCE(r.mileage_out, r.mileage_in) > 0) AS readings, \
    (SELECT json_group_array(json_array(m.service_id, m.done_at, m.mileage)) FROM maintenance m \
       WHERE m.vehicle_id = o.vehicle_id) AS done \
  FROM repair_orders o \
  WHERE o.followed_up_at IS NULL AND o.stage IN ('vehicle_delivered', 'closed') AND o.updated_at <= ?1 \
    AND EXISTS (SELECT 1 FROM stores s WHERE s.id = o.store_id AND s.standing = 'here') \
  ORDER BY o.updated_at LIMIT ?2";

/// Cars that were picked up and not followed up yet, the earliest first.
pub async fn departures(
    database: &impl Database,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<Departure>, DatabaseError> {
    let rows: Vec<Row> = database.run(Statement::new(LIST).bind(at(now)).bind(most)).await?.decode()?;
    rows.into_iter().map(departure).collect()
}

fn departure(row: Row) -> Result<Departure, DatabaseError> {
    let reading = |at: i64, mileage| Reading { at: DateTime::from_timestamp_millis(at).unwrap_or_default(), mileage };
    let readings: Vec<(i64, u32)> = json(&row.readings)?;
    let done: Vec<(String, i64, u32)> = json(&row.done)?;
    Ok(Departure {
        store: row.store_id,
        repair_order: row.id,
        customer: row.customer_id,
        vehicle: row.vehicle.as_deref().map(json).transpose()?,
        left_at: reading(row.left_at, 0).at,
        mileage: row.mileage,
        lines: json(&row.lines)?,
        readings: readings.into_iter().map(|(at, mileage)| reading(at, mileage)).collect(),
        done_before: done
            .into_iter()
            .map(|(service, at, mileage)| Done { service, last: reading(at, mileage) })
            .collect(),
    })
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, DatabaseError> {
    serde_json::from_str(text).map_err(|error| DatabaseError::Decode(error.to_string()))
}

/// Records that what follows a visit is arranged.
pub fn mark_followed_up(store: &str, repair_order: &str, now: DateTime<Utc>) -> Statement {
    Statement::new("UPDATE repair_orders SET followed_up_at = ?3 WHERE id = ?2 AND store_id = ?1")
        .bind(store)
        .bind(repair_order)
        .bind(at(now))
}
