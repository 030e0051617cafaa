//! How customers get about while their car is with us.

use crate::Language;
use crate::hours::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One way to get about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// The customer waits in the store.
    Wait,
    /// The customer leaves the car and sees to the rest.
    DropOff,
    /// The store's shuttle takes the customer home or to work.
    Shuttle,
    /// The store lends a car.
    Loaner,
    /// A driver of the store's fetches the car and brings it back.
    PickUp,
}

impl Transport {
    /// All of them, in the order in which they are named to customers.
    pub const ALL: [Self; 5] = [Self::Wait, Self::DropOff, Self::Shuttle, Self::Loaner, Self::PickUp];

    /// Its name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::DropOff => "drop_off",
            Self::Shuttle => "shuttle",
            Self::Loaner => "loaner",
            Self::PickUp => "pick_up",
        }
    }

    /// The one with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|transport| transport.as_str() == name)
    }
}

/// What a store offers; what is absent is not offered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TransportOptions {
    /// Whether every customer is asked; otherwise it is only heard.
    pub ask: bool,
    /// Waiting in the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Waiting>,
    /// Leaving the car.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_off: Option<DropOff>,
    /// The shuttle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shuttle: Option<Shuttle>,
    /// Loaners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loaner: Option<Loaners>,
    /// Fetching and bringing back the car.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pick_up: Option<PickUp>,
}

/// Waiting in the store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Waiting {
    /// How many customers can wait on one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_day: Option<u32>,
    /// The longest work that one can wait for, in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_minutes: Option<u32>,
}

/// Leaving the car.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DropOff {
    /// How to leave the key when the store is closed, per language.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub key_drop: BTreeMap<Language, String>,
}

/// The shuttle. It leaves when customers have handed over their cars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shuttle {
    /// Its seats for those who arrive within the same half hour.
    pub seats: u32,
    /// How far it goes, as it is told to customers ("10 miles", "10公里"), per language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub radius: BTreeMap<Language, String>,
    /// When it drives; whenever the store is open where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Span>,
}

/// Cars to lend. One is taken for the day of the appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loaners {
    /// How many there are.
    pub fleet: u32,
}

/// Fetching and bringing back the car.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PickUp {
    /// When drivers fetch cars; work begins when the window is over.
    pub windows: Vec<Span>,
    /// How many cars they can fetch in one window.
    pub per_window: u32,
}

impl TransportOptions {
    /// Whether the store offers it at all.
    pub fn has(&self, transport: Transport) -> bool {
        match transport {
            Transport::Wait => self.wait.is_some(),
            Transport::DropOff => self.drop_off.is_some(),
            Transport::Shuttle => self.shuttle.is_some(),
            Transport::Loaner => self.loaner.is_some(),
            Transport::PickUp => self.pick_up.is_some(),
        }
    }

    /// What can be chosen for work of this length.
    pub fn choice(&self, minutes: u32) -> Vec<Transport> {
        let short_enough = |transport| transport != Transport::Wait || self.can_wait_for(minutes);
        Transport::ALL.into_iter().filter(|transport| self.has(*transport) && short_enough(*transport)).collect()
    }

    /// Whether one can wait for work of this length.
    pub fn can_wait_for(&self, minutes: u32) -> bool {
        self.wait.as_ref().is_some_and(|wait| wait.longest_minutes.is_none_or(|longest| minutes <= longest))
    }

    pub(crate) fn problem(&self) -> Option<String> {
        let in_order = |spans: &[Span]| spans.windows(2).all(|pair| pair[0].closes <= pair[1].opens);
        if let Some(shuttle) = &self.shuttle {
            if !(1..=100).contains(&shuttle.seats) {
                return Some("transport.shuttle.seats: must be 1 to 100".to_owned());
            }
            if !in_order(&shuttle.hours) {
                return Some("transport.shuttle.hours: overlap or are out of order".to_owned());
            }
        }
        if self.loaner.as_ref().is_some_and(|loaner| loaner.fleet > 1000) {
            return Some("transport.loaner.fleet: must be at most 1000".to_owned());
        }
        let pick_up = self.pick_up.as_ref()?;
        if pick_up.windows.is_empty() || !in_order(&pick_up.windows) {
            return Some("transport.pick_up.windows: none, or they overlap or are out of order".to_owned());
        }
        (!(1..=100).contains(&pick_up.per_window)).then(|| "transport.pick_up.per_window: must be 1 to 100".to_owned())
    }
}
