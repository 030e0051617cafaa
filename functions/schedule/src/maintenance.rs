//! Regular work that is due again soon.

use crate::announce::announce;
use lanekeeper_conversation::{CarLabel, notices};
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Shard};
use lanekeeper_storage::{Upcoming, load_party, mark_told, upcoming_maintenance};

/// The most plans of a shard that one tick looks at; the next tick takes the rest.
const MOST: u32 = 50;

/// Tells customers of regular work, all of a car in one message. Returns of how many cars.
pub async fn sweep<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<usize, DatabaseError> {
    let upcoming = upcoming_maintenance(shard.database, platform.clock().now(), MOST).await?;
    for work in &upcoming {
        tell(platform, shard.database, work).await?;
    }
    Ok(upcoming.len())
}

async fn tell<P: Platform>(platform: &P, database: &P::Database, work: &Upcoming) -> Result<(), DatabaseError> {
    let mut batch = vec![mark_told(work, platform.clock().now())];
    if let Some(party) = load_party(database, &work.store, &work.customer).await? {
        let due = (work.due_at, party.store.local(work.due_at).date());
        let notice = notices::maintenance_due(work.services.clone(), CarLabel::of(&work.vehicle), due);
        batch.extend(announce(platform, party.revised(), &party.customer, party.contact.as_ref(), &[notice]));
    }
    database.batch(batch).await.map(drop)
}
