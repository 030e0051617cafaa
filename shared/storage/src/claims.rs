//! Seats: what guards a store's capacity.

use chrono::{DateTime, Utc};
use lanekeeper_domain::claims::Claim;
use lanekeeper_platform::Statement;

use crate::at;

/// Takes these seats for a holder. The database gives out the lowest free seat of each; where there is none, or where the
/// store's rules have changed since `revision`, the batch fails with a conflict on `claims`.
pub(crate) fn take(store: &str, revision: i64, holder: &str, claims: &[Claim]) -> Statement {
    Statement::new(
        "INSERT INTO claims (store_id, resource, unit, seat, holder) \
         SELECT ?1, c.value ->> 'resource', u.value, \
           CASE WHEN (SELECT revision FROM stores WHERE id = ?1) = ?2 THEN ( \
             SELECT MIN(s.seat) FROM ( \
               SELECT 1 AS seat UNION ALL SELECT k.seat + 1 FROM claims k \
               WHERE k.store_id = ?1 AND k.resource = c.value ->> 'resource' AND k.unit = u.value) s \
             WHERE s.seat <= c.value ->> 'seats' AND NOT EXISTS (SELECT 1 FROM claims k \
               WHERE k.store_id = ?1 AND k.resource = c.value ->> 'resource' AND k.unit = u.value AND k.seat = s.seat)) \
           END, ?3 \
         FROM json_each(?4) c, json_each(c.value, '$.units') u",
    )
    .bind(store)
    .bind(revision)
    .bind(holder)
    .bind(serde_json::json!(claims).to_string())
}

/// Gives up all seats of a holder.
pub(crate) fn give_up(store: &str, holder: &str) -> Statement {
    Statement::new("DELETE FROM claims WHERE holder = ?1 AND store_id = ?2").bind(holder).bind(store)
}

/// Remembers that something became free, where anybody waits for it. The time moves on even within a millisecond, so that
/// who looks through the queue meanwhile knows.
pub(crate) fn mark_freed(store: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO freed (store_id, at) \
         SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM waitlist WHERE store_id = ?1 AND status = 'waiting') \
         ON CONFLICT (store_id) DO UPDATE SET at = MAX(at + 1, excluded.at)",
    )
    .bind(store)
    .bind(at(now))
}

#[cfg(test)]
mod tests;
