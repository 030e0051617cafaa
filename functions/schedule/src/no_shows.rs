//! Who did not come.

use crate::announce::announce;
use lanekeeper_conversation::notices;
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Shard};
use lanekeeper_storage::{Missed, Revised, load_visit, mark_missed, missed_appointments};

/// The most appointments of a shard that one tick looks at; the next tick takes the rest.
const MOST: u32 = 50;

/// Records which appointments nobody came to, and writes to their customers. Returns how many.
pub async fn sweep<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<usize, DatabaseError> {
    let missed = missed_appointments(shard.database, platform.clock().now(), MOST).await?;
    for appointment in &missed {
        miss(platform, shard.database, appointment).await?;
    }
    Ok(missed.len())
}

async fn miss<P: Platform>(platform: &P, database: &P::Database, missed: &Missed) -> Result<(), DatabaseError> {
    let Some(visit) = load_visit(database, &missed.store_id, &missed.id).await? else { return Ok(()) };
    let store = Revised { profile: &visit.store, revision: visit.revision };
    let notice = notices::missed(&visit.appointment);
    let mut batch = vec![mark_missed(&missed.store_id, &missed.id, platform.clock().now())];
    batch.extend(announce(platform, store, &visit.customer, visit.contact.as_ref(), &[notice]));
    database.batch(batch).await.map(drop)
}
