//! Appointments that nobody came to.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// An appointment by its store and id.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Missed {
    pub store_id: String,
    pub id: String,
}

/// Appointments of the last day that count as missed: their store says after how many minutes, and nobody has arrived.
pub async fn missed_appointments(
    database: &impl Database,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<Missed>, DatabaseError> {
    let select = Statement::new(
        // The order of a cross join is kept: first the few stores that ask for it, by their index.
        "SELECT a.store_id, a.id FROM stores s CROSS JOIN appointments a ON a.store_id = s.id \
         WHERE json_extract(s.profile, '$.notifications.no_show_after_minutes') > 0 AND s.standing = 'here' \
           AND a.status = 'booked' AND a.arrived_at IS NULL AND a.no_show_at IS NULL AND a.starts_at > ?1 - 86400000 \
           AND a.starts_at <= ?1 - 60000 * json_extract(s.profile, '$.notifications.no_show_after_minutes') LIMIT ?2",
    );
    database.run(select.bind(at(now)).bind(most)).await?.decode()
}

/// Records that nobody came, unless somebody has meanwhile.
pub fn mark_missed(store: &str, appointment: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE appointments SET no_show_at = ?3, updated_at = ?3 \
         WHERE id = ?2 AND store_id = ?1 AND status = 'booked' AND arrived_at IS NULL AND no_show_at IS NULL",
    )
    .bind(store)
    .bind(appointment)
    .bind(at(now))
}

/// Takes back that nobody came: the customer is on the way after all.
pub fn unmark_missed(store: &str, appointment: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE appointments SET no_show_at = NULL, updated_at = MAX(updated_at + 1, ?3) WHERE id = ?2 AND store_id = ?1",
    )
    .bind(store)
    .bind(appointment)
    .bind(at(now))
}
