//! A store: one service department with its address, its hours and its rules.

use crate::capacity::{self, Advisor, Bay, Technician};
use crate::handover::Handover;
use crate::hours::{Hours, clock};
use crate::notifications::Notifications;
use crate::repair_order::{AddedWork, Charges};
use crate::transport::TransportOptions;
use crate::understanding::Named;
use crate::{Language, Service};
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeZone, Utc};
use lanekeeper_zones::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What may be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BookingRules {
    /// Appointments start at multiples of this many minutes after a span opens. A multiple of 15.
    pub granularity_minutes: u32,
    /// How long before its start an appointment can still be made, in minutes.
    pub notice_minutes: u32,
    /// How many days ahead an appointment can be made.
    pub days_ahead: u32,
    /// The last time of day at which an appointment can start.
    #[serde(with = "clock", skip_serializing_if = "Option::is_none")]
    pub last_start: Option<NaiveTime>,
    /// How many appointments there can be on one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_day: Option<u32>,
}

impl Default for BookingRules {
    fn default() -> Self {
        Self { granularity_minutes: 30, notice_minutes: 60, days_ahead: 60, last_start: None, per_day: None }
    }
}

/// When texts that nobody waits for may be sent: local hours of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendingHours {
    /// The first hour at which they may.
    pub from: u32,
    /// The first hour at which they no longer may. The TCPA's rules allow 8 to 21 (47 CFR 64.1200(c)(1)).
    pub until: u32,
}

impl Default for SendingHours {
    fn default() -> Self {
        Self { from: 8, until: 21 }
    }
}

/// A store's profile, as its people write it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// A slug, e.g. `lakeside`.
    pub id: String,
    /// The group it belongs to.
    pub group: String,
    /// The name customers know.
    pub name: String,
    /// Where its clocks stand.
    pub time_zone: Tz,
    /// ISO 4217, e.g. `USD`.
    pub currency: String,
    /// The language to begin in.
    pub language: Language,
    /// The calling code to assume for numbers without one, e.g. `1`.
    pub calling_code: String,
    /// The number to call for people, as it is to be shown.
    pub phone: String,
    /// The address, as it is to be shown.
    pub address: String,
    /// How to find the entrance, per language.
    #[serde(default)]
    pub directions: BTreeMap<Language, String>,
    /// Opening hours of the service department.
    pub hours: Hours,
    /// What may be booked.
    #[serde(default)]
    pub booking: BookingRules,
    /// When texts that nobody waits for may be sent.
    #[serde(default)]
    pub sending: SendingHours,
    /// What customers are told apart from replies.
    #[serde(default)]
    pub notifications: Notifications,
    /// When people take over from the AI, and who of them.
    #[serde(default)]
    pub handover: Handover,
    /// Where cars are worked on; in JSON also a number, of bays that are all alike.
    #[serde(deserialize_with = "capacity::bays")]
    pub bays: Vec<Bay>,
    /// Who works on them; nobody in particular where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub technicians: Vec<Technician>,
    /// Who receives customers; nobody in particular where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advisors: Vec<Advisor>,
    /// How customers get about meanwhile.
    #[serde(default)]
    pub transport: TransportOptions,
    /// What is added to labor and parts.
    #[serde(default)]
    pub charges: Charges,
    /// How long an answer about added work is waited for.
    #[serde(default)]
    pub added_work: AddedWork,
    /// The menu.
    pub services: Vec<Service>,
    /// The store's own wording: phrase key to template, per language.
    #[serde(default)]
    pub phrases: BTreeMap<Language, BTreeMap<String, String>>,
}

impl Store {
    /// The menu item with this id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The advisors, as customers may call them.
    pub fn advisor_names(&self) -> Vec<Named> {
        self.advisors.iter().map(|one| Named { id: one.id.clone(), name: one.name.clone() }).collect()
    }

    /// This instant on the store's clocks.
    pub fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.time_zone).naive_local()
    }

    /// The instant of a local time; the earlier one where the clocks are put back, `None` where they are put forward
    /// over it.
    pub fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        self.time_zone.from_local_datetime(&local).earliest().map(|time| time.with_timezone(&Utc))
    }

    /// What is wrong with the profile, if anything: the field and the reason.
    pub fn problem(&self) -> Option<String> {
        if !is_slug(&self.id) {
            return Some(format!("id: '{}' may hold only a-z, 0-9 and '-'", self.id));
        }
        if self.currency.len() != 3 || !self.currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Some(format!("currency: '{}' is not an ISO 4217 code", self.currency));
        }
        if self.booking.granularity_minutes == 0 || !self.booking.granularity_minutes.is_multiple_of(15) {
            return Some("booking.granularity_minutes: must be a multiple of 15".to_owned());
        }
        if !(1..=365).contains(&self.booking.days_ahead) {
            return Some("booking.days_ahead: must be 1 to 365".to_owned());
        }
        if self.sending.from >= self.sending.until || self.sending.until > 24 {
            return Some("sending: 'from' must be before 'until', both hours of the day".to_owned());
        }
        if let Some(problem) = self.hours.problem() {
            return Some(format!("hours.{problem}"));
        }
        capacity::problem(&self.bays, &self.technicians, &self.advisors)
            .or_else(|| self.transport.problem())
            .or_else(|| self.notifications.problem().map(|problem| format!("notifications.{problem}")))
            .or_else(|| self.handover.problem().map(|problem| format!("handover.{problem}")))
            .or_else(|| self.charges.problem())
            .or_else(|| self.added_work.problem())
            .or_else(|| self.menu_problem())
    }

    fn menu_problem(&self) -> Option<String> {
        let mut ids = BTreeSet::new();
        self.services.iter().find_map(|service| {
            let field = |reason: &str| Some(format!("services.{}: {reason}", service.id));
            if !is_slug(&service.id) {
                return field("the id may hold only a-z, 0-9 and '-'");
            }
            if !ids.insert(service.id.as_str()) {
                return field("the id is used twice");
            }
            if !(1..=24 * 60).contains(&service.minutes) {
                return field("minutes must be 1 to 1440");
            }
            if service.price.is_some_and(|price| price.amount < 0) {
                return field("the price is negative");
            }
            if let Some((class, problem)) = service.classes_problem() {
                return Some(format!("services.{}.classes.{class}: {problem}", service.id));
            }
            if let Some(problem) = service.every.and_then(|every| every.problem()) {
                return field(&format!("every: {problem}"));
            }
            if service.names.values().all(Vec::is_empty) {
                return field("it has no name");
            }
            if service.bay.as_ref().is_some_and(|kind| !self.bays.iter().any(|bay| bay.kinds.contains(kind))) {
                return field("no bay is equipped for it");
            }
            let trained = |skill: &String| self.technicians.iter().any(|technician| technician.skills.contains(skill));
            if !self.technicians.is_empty() && service.skill.as_ref().is_some_and(|skill| !trained(skill)) {
                return field("no technician is trained for it");
            }
            None
        })
    }
}

/// Whether this can be an id in the profile and in addresses.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lakeside() -> Store {
        serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap()
    }

    #[test]
    fn the_demo_stores_are_in_order() {
        let hubin: Store = serde_json::from_str(include_str!("../../../demo/stores/hubin.json")).unwrap();
        assert_eq!((lakeside().problem(), hubin.problem()), (None, None));
        assert_eq!((lakeside().services.len(), lakeside().bays.len()), (12, 3));
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        let mut store = lakeside();
        store.services[1].minutes = 30 * 60;
        assert_eq!(store.problem().as_deref(), Some("services.tire-rotation: minutes must be 1 to 1440"));
        store.services[1].minutes = 30;
        let class = |text: &str| vec![serde_json::from_str(text).unwrap()];
        store.services[1].classes = class(r#"{"class": "truck", "minutes": 0}"#);
        let wrong = "services.tire-rotation.classes.truck: minutes must be 1 to 1440";
        assert_eq!(store.problem().as_deref(), Some(wrong));
        store.services[1].classes = class(r#"{"class": "van"}"#);
        let wrong = "services.tire-rotation.classes.van: it has neither minutes nor a price";
        assert_eq!(store.problem().as_deref(), Some(wrong));
        store.booking.granularity_minutes = 20;
        assert!(store.problem().unwrap().starts_with("booking.granularity_minutes"));
    }

    #[test]
    fn local_times_follow_the_clock_changes() {
        let store = lakeside();
        let local = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        assert_eq!(store.instant(local("2027-03-14T02:30:00")), None, "skipped when the clocks go forward");
        let twice = store.instant(local("2026-11-01T01:30:00")).unwrap();
        assert_eq!(twice.to_rfc3339(), "2026-11-01T06:30:00+00:00", "the first of the two");
        assert_eq!(store.local(twice), local("2026-11-01T01:30:00"));
    }
}
