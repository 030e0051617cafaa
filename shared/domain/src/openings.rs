//! Openings: bookable times, found in the store's rules and load, and chosen near what was asked.

mod bits;
mod choice;
mod load;
mod obstacle;
mod search;
#[cfg(test)]
mod tests;
mod wish;

pub use choice::{Offer, offer};
pub use load::{Booked, Load};
pub use obstacle::{Obstacle, obstacle};
pub use search::{allowed, openings};
pub use wish::Wish;

use crate::Store;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Bays and technicians are taken by the quarter of an hour.
pub const QUARTER_MILLISECONDS: i64 = 15 * 60 * 1000;

/// A bookable time, with the places and people that are free for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// Where and by whom the work is done, one step after the other.
    pub stations: Vec<Station>,
    /// Who receives the customer, where the store says who can; by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisor: Option<String>,
}

/// One step of the work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    /// The number of the bay.
    pub bay: u32,
    /// The technician, where the store says who there is; by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub technician: Option<String>,
    /// How long it takes.
    pub minutes: u32,
}

impl Opening {
    /// Work in one bay, by whoever is there.
    pub fn in_bay(bay: u32, start: DateTime<Utc>, minutes: u32) -> Self {
        Self { start, stations: vec![Station { bay, technician: None, minutes }], advisor: None }
    }

    /// How long the work takes, in minutes.
    pub fn minutes(&self) -> u32 {
        self.stations.iter().map(|station| station.minutes).sum()
    }

    /// When the work is done.
    pub fn end(&self) -> DateTime<Utc> {
        self.start + Duration::minutes(self.minutes().into())
    }

    /// The stations, each with the quarters of an hour that it takes.
    pub fn stations_at(&self) -> impl Iterator<Item = (&Station, Range<i64>)> {
        let mut start = self.start;
        self.stations.iter().map(move |station| {
            let quarters = quarters(start, station.minutes);
            start += Duration::minutes(station.minutes.into());
            (station, quarters)
        })
    }
}

/// The quarters of an hour that a stretch takes, counted since 1970 in UTC; a quarter begun counts whole.
pub fn quarters(start: DateTime<Utc>, minutes: u32) -> Range<i64> {
    let start = start.timestamp_millis();
    let end = start + i64::from(minutes) * 60_000;
    start.div_euclid(QUARTER_MILLISECONDS)..(end + QUARTER_MILLISECONDS - 1).div_euclid(QUARTER_MILLISECONDS)
}

/// The first and the last date that can be booked.
pub fn window(store: &Store, now: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    let today = store.local(now).date();
    (today, today + Days::new(store.booking.days_ahead.into()))
}
