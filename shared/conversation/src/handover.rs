//! When a person is better.

use crate::decide::Turn;
use crate::{Act, Change};
use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use lanekeeper_domain::Store;
use lanekeeper_domain::understanding::{Intent, Mood};
use serde::{Deserialize, Serialize};

/// Why a person takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The customer asked for one.
    Asked,
    /// The customer complains.
    Complaint,
    /// The customer is angry.
    Mood,
    /// It is about buying a car.
    Sales,
    /// A question that we have no answer to.
    Question,
    /// The customer was not content with a visit.
    Satisfaction,
    /// Too many rounds in a row got nothing further.
    Unresolved,
    /// The customer does not answer about added work.
    Authorization,
}

impl Reason {
    /// Its name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Complaint => "complaint",
            Self::Mood => "mood",
            Self::Sales => "sales",
            Self::Question => "question",
            Self::Satisfaction => "satisfaction",
            Self::Unresolved => "unresolved",
            Self::Authorization => "authorization",
        }
    }
}

/// Rounds in a row that may get nothing further before a person takes over.
pub const UNRESOLVED_ROUNDS: u8 = 5;

/// The reason in what was just heard, if there is one.
pub fn reason(turn: &Turn) -> Option<Reason> {
    let heard = turn.understanding;
    if heard.wants(Intent::Human) {
        Some(Reason::Asked)
    } else if heard.wants(Intent::Complaint) {
        Some(Reason::Complaint)
    } else if heard.mood == Mood::Angry {
        Some(Reason::Mood)
    } else if heard.first() == Some(Intent::Sales) {
        Some(Reason::Sales)
    } else {
        None
    }
}

impl Turn<'_> {
    /// Hands over and says so, honestly about when somebody will be there.
    pub(crate) fn hand_over(&mut self, reason: Reason) {
        let store = self.situation.store;
        let local = store.local(self.now);
        let open = store.hours.open_at(local.date(), local.time());
        let next_open = if open { None } else { next_open(store, self.now) };
        self.state.asked = None;
        self.state.unresolved = 0;
        self.changes.push(Change::HandOver(reason));
        if matches!(reason, Reason::Complaint | Reason::Mood) {
            self.say.push(Act::Apologise);
        }
        self.say.push(Act::HandedOver { open, next_open });
    }
}

/// When the store opens next, within two weeks.
fn next_open(store: &Store, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let today = store.local(now).date();
    (0..14).filter_map(|days| today.checked_add_days(Days::new(days))).find_map(|date| {
        store.hours.on(date).iter().find_map(|span| {
            let local = date.and_time(NaiveTime::MIN) + Duration::minutes(span.opens.into());
            store.instant(local).filter(|opens| *opens > now)
        })
    })
}
