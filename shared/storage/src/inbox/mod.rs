//! What the desk shows of conversations: the list over several stores, how many wait, what has changed, and one conversation
//! with everything beside it.
//!
//! A list of one store is one pass along one index (`conversations_by_store` carries all that the list can be narrowed by), so
//! that it takes the same time however many conversations the store has had. Several stores are merged by [`merge`].

mod card;
mod counts;
mod list;
mod search;
mod thread;

#[cfg(test)]
mod tests;

pub use card::{CardAppointment, CustomerCard, select_card};
pub use counts::{
    Counts, Load, MOST_COUNTED, NewlyWaiting, pulse, select_counts, select_newly_waiting, select_pulse,
    select_pulse_of, select_typing, typing,
};
pub use list::{Facets, InboxRow, InboxView, merge, select_inbox};
pub(crate) use search::spaced;
pub use search::{MOST_FOUND, Needle, select_found};
pub use thread::{Entry, Head, Message, Sent, Thread, Turn, What, select_thread};

use chrono::{DateTime, Utc};
use lanekeeper_platform::DatabaseError;
use serde::de::DeserializeOwned;

fn time(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

fn times(milliseconds: Option<i64>) -> Option<DateTime<Utc>> {
    milliseconds.map(time)
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, DatabaseError> {
    serde_json::from_str(text).map_err(|error| DatabaseError::Decode(error.to_string()))
}
