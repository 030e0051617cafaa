//! Appointments and the customers they are for.

use crate::Transport;
use crate::openings::Opening;
use crate::vehicle::Vehicle;
use lanekeeper_zones::Tz;
use serde::{Deserialize, Deserializer, Serialize};

/// A customer, as one store knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Its id.
    pub id: String,
    /// The name to use, once it is known.
    pub name: Option<String>,
    /// Where they live, when it is known better than by their number.
    #[serde(default, deserialize_with = "known_zone")]
    pub time_zone: Option<Tz>,
}

/// A time zone that we do not know (any more) is none: nobody goes without an answer for it.
fn known_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Tz>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|name| name.parse().ok()))
}

/// An appointment that is still to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Appointment {
    /// Its id.
    pub id: String,
    /// The work: ids of menu items, the main one first.
    pub services: Vec<String>,
    /// When, where and by whom.
    pub opening: Opening,
    /// How the customer gets about meanwhile, when it is known.
    pub transport: Option<Transport>,
    /// The car, when it is known.
    pub vehicle: Option<Vehicle>,
    /// How often it was changed: the `SEQUENCE` of its calendar file.
    pub sequence: u32,
}
