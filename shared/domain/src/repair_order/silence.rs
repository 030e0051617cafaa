//! Silence on added work: the customer is reminded, then the advisor is told.

use super::RepairOrder;
use crate::Store;
use crate::notifications::TextingHours;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// How long a store waits for an answer about added work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddedWork {
    /// Minutes from the question to the reminder.
    pub remind_after_minutes: u32,
    /// Minutes from the reminder until the advisor is told.
    pub tell_advisor_after_minutes: u32,
}

impl Default for AddedWork {
    fn default() -> Self {
        Self { remind_after_minutes: 60, tell_advisor_after_minutes: 60 }
    }
}

impl AddedWork {
    /// What is wrong with it, if anything: the field and the reason.
    pub fn problem(&self) -> Option<String> {
        let week = 1..=7 * 24 * 60;
        let minutes = [
            ("remind_after_minutes", self.remind_after_minutes),
            ("tell_advisor_after_minutes", self.tell_advisor_after_minutes),
        ];
        let wrong = minutes.iter().find(|(_, minutes)| !week.contains(minutes));
        wrong.map(|(field, _)| format!("added_work.{field}: must be 1 to 10080"))
    }
}

/// What silence leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nudge {
    /// Ask the customer again.
    Remind,
    /// Tell the advisor, who calls.
    TellAdvisor,
}

impl RepairOrder {
    /// Sets when the silence that begins now is followed up, unless that is set already: never, when nothing is open or all
    /// has been tried. Nobody is reminded outside the store's hours for texting; the wait then ends when they begin.
    pub fn wait_for_answer(&mut self, store: &Store, now: DateTime<Utc>) {
        if self.nudge_at.is_some() {
            return;
        }
        let minutes = match self.nudges {
            _ if self.open_lines().next().is_none() => None,
            0 => Some(store.added_work.remind_after_minutes),
            1 => Some(store.added_work.tell_advisor_after_minutes),
            _ => None,
        };
        let hours = TextingHours::in_zones(&store.sending, vec![store.time_zone]);
        self.nudge_at = minutes.and_then(|minutes| hours.next(now + Duration::minutes(minutes.into())));
    }

    /// Silence has been followed up now; sets when it is next.
    pub fn followed_up(&mut self, store: &Store, now: DateTime<Utc>) {
        self.nudges += 1;
        self.nudge_at = None;
        self.wait_for_answer(store, now);
    }

    /// What is due now, if the customer is still silent.
    pub fn nudge(&self, now: DateTime<Utc>) -> Option<Nudge> {
        self.nudge_at.filter(|at| *at <= now)?;
        self.open_lines().next()?;
        match self.nudges {
            0 => Some(Nudge::Remind),
            1 => Some(Nudge::TellAdvisor),
            _ => None,
        }
    }
}
