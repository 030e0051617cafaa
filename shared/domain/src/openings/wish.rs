//! When an appointment should be.

use super::window;
use crate::Store;
use crate::understanding::{Details, PartOfDay};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// When it should be, as far as the customer has said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// The day, or the first day of a range.
    pub date: Option<NaiveDate>,
    /// The last day of a range.
    pub date_end: Option<NaiveDate>,
    /// Days that will not do.
    pub not_dates: Vec<NaiveDate>,
    /// The time of day.
    pub time: Option<NaiveTime>,
    /// Not earlier than this.
    pub time_after: Option<NaiveTime>,
    /// Not later than this.
    pub time_before: Option<NaiveTime>,
    /// In this part of the day.
    pub part_of_day: Option<PartOfDay>,
}

impl Wish {
    /// Takes in what was said now. A new day keeps the old time of day unless one is said with it; a new time of day
    /// keeps the day.
    pub fn take(&mut self, details: &Details) {
        if details.soonest {
            *self = Self { not_dates: std::mem::take(&mut self.not_dates), ..Self::default() };
        }
        if details.date.is_some() {
            self.date = details.date;
            self.date_end = details.date_end;
        }
        self.not_dates.extend(details.not_dates.iter().copied());
        if self.date.is_some_and(|date| self.date_end.is_none() && self.not_dates.contains(&date)) {
            self.date = None;
        }
        let says_time = details.time.is_some()
            || details.time_after.is_some()
            || details.time_before.is_some()
            || details.part_of_day.is_some();
        if says_time {
            self.time = details.time;
            self.time_after = details.time_after;
            self.time_before = details.time_before;
            self.part_of_day = details.part_of_day;
        }
    }

    /// Whether nothing is wished.
    pub fn is_empty(&self) -> bool {
        *self == Self { not_dates: self.not_dates.clone(), ..Self::default() }
    }

    /// Whether this opening is as wished.
    pub fn suits(&self, store: &Store, opening: &super::Opening) -> bool {
        let local = store.local(opening.start);
        self.suits_date(local.date()) && self.suits_time(local.time())
    }

    fn suits_date(&self, date: NaiveDate) -> bool {
        let in_range = self.date.is_none_or(|first| (first..=self.date_end.unwrap_or(first)).contains(&date));
        in_range && !self.not_dates.contains(&date)
    }

    fn suits_time(&self, time: NaiveTime) -> bool {
        let minute = time.hour() * 60 + time.minute();
        self.time.is_none_or(|wanted| wanted == time)
            && self.time_after.is_none_or(|after| time >= after)
            && self.time_before.is_none_or(|before| time <= before)
            && self.part_of_day.is_none_or(|part| (part.span().0..part.span().1).contains(&minute))
    }

    /// The time of day to be near to when it cannot be had.
    pub(super) fn target(&self) -> Option<NaiveTime> {
        let minute = |minute: u32| NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0);
        self.time.or(self.time_after).or(self.time_before).or_else(|| {
            self.part_of_day.and_then(|part| match part {
                PartOfDay::Morning => minute(9 * 60),
                PartOfDay::Midday => minute(12 * 60),
                PartOfDay::Afternoon => minute(15 * 60),
                PartOfDay::Evening | PartOfDay::Night => minute(18 * 60),
            })
        })
    }

    /// The dates whose load is needed to answer this wish well: around the day, or the next two weeks.
    pub fn dates(&self, store: &Store, now: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
        let (today, last) = window(store, now);
        let first = self.date.map_or(today, |date| date - Days::new(3)).clamp(today, last);
        let until = self.date_end.or(self.date).map_or(today + Days::new(14), |date| date + Days::new(10));
        (first, until.clamp(first, last))
    }
}
