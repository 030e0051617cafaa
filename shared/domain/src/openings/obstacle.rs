//! Why there is no opening at a certain time, for people who would like one there.

use super::search::{Search, dates, end, instants, shift_bits, starts};
use super::{Load, quarters, window};
use crate::Store;
use crate::transport::Transport;
use crate::work::{Step, Work};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Timelike, Utc};

/// What stands in the way of a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It is over.
    Past,
    /// It is sooner than the store takes appointments.
    TooSoon {
        /// The first instant that would do.
        earliest: DateTime<Utc>,
    },
    /// It is later than the store takes appointments.
    TooFar {
        /// The last date.
        last: NaiveDate,
    },
    /// The store is closed on that date.
    ClosedThatDay,
    /// The store is closed at that hour.
    Closed,
    /// The store closes before the work would be done.
    RunsOver {
        /// When it closes.
        closes: DateTime<Utc>,
    },
    /// Work does not begin so late in the day.
    AfterLastStart {
        /// The last time of day at which it does.
        last: NaiveTime,
    },
    /// Appointments begin at other minutes.
    BetweenStarts {
        /// Minutes from one start to the next.
        step: u32,
    },
    /// The day has as many appointments as it may have.
    DayFull,
    /// This service, by id, has as many that day as it may have.
    ServiceFull(String),
    /// This way to get about is not to be had.
    NoTransport(Transport),
    /// The bay that was asked for is not equipped for the work.
    BayNotEquipped(u32),
    /// The bay that was asked for is taken.
    BayTaken(u32),
    /// All bays that would do are taken.
    NoBay,
    /// The technician who was asked for, by id, is not trained for the work.
    NotTrained(String),
    /// The technician who was asked for, by id, does not work then.
    OffShift(String),
    /// The technician who was asked for, by id, has other work.
    Busy(String),
    /// All technicians who could do it have other work, or are not there.
    NoTechnician,
    /// No advisor, or not the one asked for, can receive the customer then.
    NoAdvisor,
}

/// Why this is not among the [`openings`](super::openings); `None` where it is. The load must tell about the date.
pub fn obstacle(store: &Store, load: &Load, work: &Work, start: DateTime<Utc>, now: DateTime<Utc>) -> Option<Obstacle> {
    on_the_clock(store, work.minutes(), start, now)
        .or_else(|| Search::new(store, load, work, &dates(store, load, now)).obstacle(start))
}

/// What the hours and the rules of booking have against it.
fn on_the_clock(store: &Store, minutes: u32, start: DateTime<Utc>, now: DateTime<Utc>) -> Option<Obstacle> {
    let (local, (first, last)) = (store.local(start), window(store, now));
    let (date, minute) = (local.date(), local.hour() * 60 + local.minute());
    let earliest = now + Duration::minutes(store.booking.notice_minutes.into());
    let spans = store.hours.on(date);
    if start < now || date < first {
        return Some(Obstacle::Past);
    }
    if start < earliest {
        return Some(Obstacle::TooSoon { earliest });
    }
    if date > last {
        return Some(Obstacle::TooFar { last });
    }
    if spans.is_empty() {
        return Some(Obstacle::ClosedThatDay);
    }
    if starts(store, date, minutes).any(|possible| possible == start) {
        return None;
    }
    let Some(span) = spans.iter().find(|span| span.contains(minute)) else { return Some(Obstacle::Closed) };
    if let Some(last) = store.booking.last_start.filter(|last| local.time() > *last) {
        return Some(Obstacle::AfterLastStart { last });
    }
    let closes = instants(store, date)(span.closes).or_else(|| end(store, date, span.closes));
    match closes.filter(|closes| start + Duration::minutes(minutes.into()) > *closes) {
        Some(closes) => Some(Obstacle::RunsOver { closes }),
        None => Some(Obstacle::BetweenStarts { step: store.booking.granularity_minutes }),
    }
}

impl Search<'_> {
    /// What is lacking at a time that the rules allow.
    fn obstacle(&self, start: DateTime<Utc>) -> Option<Obstacle> {
        if let Some(full) = self.lacking_that_day(self.store.local(start).date()) {
            return Some(full);
        }
        if let Some(transport) = self.work.transport.filter(|_| !self.transport_has_room(start)) {
            return Some(Obstacle::NoTransport(transport));
        }
        let mut begins = start;
        for (index, step) in self.work.steps.iter().enumerate() {
            if self.station(index, step, begins, None).is_none() {
                return Some(self.lacking_for(index, step, begins));
            }
            begins += Duration::minutes(step.minutes.into());
        }
        (!self.store.advisors.is_empty() && self.advisor(start).is_none()).then_some(Obstacle::NoAdvisor)
    }

    /// What a step lacks for which there is no station.
    fn lacking_for(&self, index: usize, step: &Step, begins: DateTime<Utc>) -> Obstacle {
        let quarters = quarters(begins, step.minutes);
        let bays = &self.bays[index];
        if bays.iter().all(|bay| bay.taken.is_some_and(|taken| !taken.has_none(&quarters))) {
            return match self.work.bay {
                Some(number) if bays.is_empty() => Obstacle::BayNotEquipped(number),
                Some(number) => Obstacle::BayTaken(number),
                None => Obstacle::NoBay,
            };
        }
        let Some(id) = &self.work.technician else { return Obstacle::NoTechnician };
        let asked_for = self.store.technicians.iter().find(|technician| technician.id == *id);
        let Some(technician) = asked_for.filter(|_| !self.technicians[index].is_empty()) else {
            return Obstacle::NotTrained(id.clone());
        };
        let date = self.store.local(begins).date();
        let shifts = technician.shifts.on(date, self.store.hours.on(date));
        if shift_bits(self.store, self.load.quarters(), shifts, date).has_all(&quarters) {
            Obstacle::Busy(id.clone())
        } else {
            Obstacle::OffShift(id.clone())
        }
    }
}
