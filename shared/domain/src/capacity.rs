//! What a store can do at once: its bays, its technicians, its advisors.

use crate::hours::{Span, Week};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A place to work on a car.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bay {
    /// Its number, from 1.
    pub number: u32,
    /// What is written over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is equipped for (`alignment`, `ev`); any bay will do for work that needs nothing of the kind.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<String>,
}

/// When somebody works: a week of shifts, the days that differ from it, and leave. All times are the store's local ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shifts {
    /// The usual week; without one, whenever the store is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week: Option<Week>,
    /// Days with other shifts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<NaiveDate, Vec<Span>>,
    /// Days away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leave: Vec<Leave>,
}

/// Days away, the last one included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Leave {
    pub from: NaiveDate,
    pub until: NaiveDate,
}

impl Shifts {
    /// The shifts of this date; `hours` are the store's.
    pub fn on<'a>(&'a self, date: NaiveDate, hours: &'a [Span]) -> &'a [Span] {
        if self.leave.iter().any(|leave| (leave.from..=leave.until).contains(&date)) {
            return &[];
        }
        let usual = || self.week.as_ref().map_or(hours, |week| week.day(date.weekday()));
        self.exceptions.get(&date).map_or_else(usual, Vec::as_slice)
    }

    fn problem(&self) -> Option<String> {
        let week = self.week.as_ref().and_then(Week::problem).map(|problem| format!("shifts.week.{problem}"));
        let exceptions = || {
            let mut days = self.exceptions.iter();
            let wrong = days.find(|(_, spans)| spans.windows(2).any(|pair| pair[0].closes > pair[1].opens))?;
            Some(format!("shifts.exceptions.{}: the shifts overlap or are out of order", wrong.0))
        };
        let leave = || {
            let wrong = self.leave.iter().find(|leave| leave.from > leave.until)?;
            Some(format!("shifts.leave: {} is after {}", wrong.from, wrong.until))
        };
        week.or_else(exceptions).or_else(leave)
    }
}

/// Somebody who works on cars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Technician {
    /// A slug.
    pub id: String,
    /// The name.
    pub name: String,
    /// What they are trained for; anybody can do work that needs no particular skill.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skills: BTreeSet<String>,
    /// When they work.
    #[serde(default)]
    pub shifts: Shifts,
}

/// Somebody who receives customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advisor {
    /// A slug.
    pub id: String,
    /// The name that customers know.
    pub name: String,
    /// How many customers they receive in half an hour.
    #[serde(default = "one")]
    pub per_half_hour: u32,
    /// When they work.
    #[serde(default)]
    pub shifts: Shifts,
}

fn one() -> u32 {
    1
}

/// Reads bays: a list of them, or how many there are that are all alike.
pub(crate) fn bays<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Bay>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Bays {
        Alike(u32),
        Each(Vec<Bay>),
    }
    Ok(match Bays::deserialize(deserializer)? {
        Bays::Alike(count) => {
            (1..=count.min(MOST_BAYS + 1)).map(|number| Bay { number, name: None, kinds: BTreeSet::new() }).collect()
        }
        Bays::Each(bays) => bays,
    })
}

const MOST_BAYS: u32 = 500;
const MOST_PEOPLE: usize = 500;

/// What is wrong with them, if anything: the field and the reason.
pub(crate) fn problem(bays: &[Bay], technicians: &[Technician], advisors: &[Advisor]) -> Option<String> {
    if bays.is_empty() || bays.len() > MOST_BAYS as usize {
        return Some(format!("bays: must be 1 to {MOST_BAYS}"));
    }
    let mut numbers = BTreeSet::new();
    if let Some(bay) = bays.iter().find(|bay| bay.number == 0 || !numbers.insert(bay.number)) {
        return Some(format!("bays.{}: the number is used twice, or is 0", bay.number));
    }
    if technicians.len() > MOST_PEOPLE || advisors.len() > MOST_PEOPLE {
        return Some(format!("technicians, advisors: at most {MOST_PEOPLE} each"));
    }
    let technicians = technicians.iter().map(|person| ("technicians", &person.id, &person.name, &person.shifts));
    let people =
        technicians.chain(advisors.iter().map(|person| ("advisors", &person.id, &person.name, &person.shifts)));
    let mut ids = BTreeSet::new();
    for (list, id, name, shifts) in people {
        let field = |reason: &str| Some(format!("{list}.{id}: {reason}"));
        if !crate::store::is_slug(id) {
            return field("the id may hold only a-z, 0-9 and '-'");
        }
        if !ids.insert((list, id)) {
            return field("the id is used twice");
        }
        if name.trim().is_empty() {
            return field("the name is empty");
        }
        if let Some(problem) = shifts.problem() {
            return Some(format!("{list}.{id}.{problem}"));
        }
    }
    advisors
        .iter()
        .find(|advisor| !(1..=100).contains(&advisor.per_half_hour))
        .map(|advisor| format!("advisors.{}.per_half_hour: must be 1 to 100", advisor.id))
}
