//! The clock: what is due, what was missed, and what follows from the passing of time.

mod after_visits;
mod announce;
mod escalations;
mod forget;
mod maintenance;
mod no_shows;
mod silence;
mod waitlist;
mod wake;

use lanekeeper_platform::{DatabaseError, Platform, Shard};
use serde_json::json;

/// Does what is due now, shard by shard: one that is out of reach does not stop the others. Safe to run at any time, as
/// often as one likes, and twice at once.
pub async fn tick<P: Platform>(platform: &P) {
    for shard in platform.shards().iter() {
        report(platform, shard, "no_shows", no_shows::sweep(platform, shard).await);
        report(platform, shard, "waitlist", waitlist::sweep(platform, shard).await.map(|()| 0));
        report(platform, shard, "silence", silence::follow_up(platform, shard).await.map(|()| 0));
        report(platform, shard, "forgotten", forget::sweep(platform, shard).await);
        report(platform, shard, "followed_up", after_visits::sweep(platform, shard).await);
        report(platform, shard, "maintenance", maintenance::sweep(platform, shard).await);
        report(platform, shard, "escalated", escalations::sweep(platform, shard).await);
        // The last, so that it wakes what the others have written.
        report(platform, shard, "woken", wake::sweep(platform, shard).await);
    }
}

/// One line of the log per sweep that did something, or failed: the others run all the same.
fn report<P: Platform>(platform: &P, shard: Shard<'_, P::Database>, sweep: &str, done: Result<usize, DatabaseError>) {
    match done {
        Ok(0) => {}
        Ok(done) => platform.log(&json!({"event": "tick", "shard": shard.number, sweep: done})),
        Err(error) => {
            let error = error.to_string();
            platform.log(&json!({"event": "tick_failed", "shard": shard.number, "sweep": sweep, "error": error}));
        }
    }
}
