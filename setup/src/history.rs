//! A week of history for the demo's stores, so that every page has something to show.
//!
//! Nothing of it is written by hand into the database: customers who do not exist write texts, the product answers them, the
//! workshop works and the store's people lend a hand, all by the same code and the same rules as in a deployment, on a
//! database in memory whose clock runs from some days ago until now. What has come about then is copied, row by row. The
//! same moment gives the same rows.

mod agenda;
mod bookings;
mod chance;
mod copy;
mod counter;
mod people;
mod replay;
mod scenes;
mod shop;
mod texts;
mod workshop;

use crate::file::Setup;
use chrono::{DateTime, Utc};
use lanekeeper_platform::Statement;
use replay::Replay;

/// The rows of the history until `now` of the stores on this shard.
pub fn rows(setup: &Setup, shard: u32, now: DateTime<Utc>) -> Result<Vec<Statement>, String> {
    let mut rows = Vec::new();
    for store in setup.profiles.iter().filter(|store| setup.shard_of(&store.id) == shard) {
        // Once to learn who comes last, and once more so that their cars are still there.
        let mut rehearsal = Replay::open(setup, store, now, Vec::new())?;
        rehearsal.live()?;
        let mut replay = Replay::open(setup, store, now, rehearsal.visits)?;
        replay.live()?;
        rows.extend(copy::statements(replay.database(), &store.id)?);
    }
    Ok(rows)
}

/// An error of whatever we call, in words.
fn told(error: impl std::fmt::Display) -> String {
    format!("the demo's history: {error}")
}

#[cfg(test)]
mod tests;
