//! Openings: bookable times, found in the store's rules and load, and chosen near what was asked.

use crate::Store;
use crate::understanding::{Details, PartOfDay};
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Bays are reserved by the quarter of an hour.
pub const QUARTER_MILLISECONDS: i64 = 15 * 60 * 1000;

/// A bookable time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// How long the bay is taken, in minutes.
    pub minutes: u32,
    /// A bay that is free then, from 1.
    pub bay: u32,
}

impl Opening {
    /// The quarters of an hour that it takes, counted since 1970 in UTC.
    pub fn quarters(&self) -> std::ops::Range<i64> {
        quarters(self.start, self.minutes)
    }
}

/// The quarters of an hour that a stretch takes, counted since 1970 in UTC; a quarter begun counts whole.
pub fn quarters(start: DateTime<Utc>, minutes: u32) -> std::ops::Range<i64> {
    let start = start.timestamp_millis();
    let end = start + i64::from(minutes) * 60_000;
    start.div_euclid(QUARTER_MILLISECONDS)..(end + QUARTER_MILLISECONDS - 1).div_euclid(QUARTER_MILLISECONDS)
}

/// What is taken already, for a range of dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// First date that it tells about.
    pub from: NaiveDate,
    /// Last date that it tells about.
    pub until: NaiveDate,
    taken: BTreeSet<(i64, u32)>,
}

impl Load {
    /// The load of these dates; `booked` holds (bay, start, minutes) of whatever takes a bay then.
    pub fn new(from: NaiveDate, until: NaiveDate, booked: impl IntoIterator<Item = (u32, DateTime<Utc>, u32)>) -> Self {
        let taken = booked
            .into_iter()
            .flat_map(|(bay, start, minutes)| quarters(start, minutes).map(move |quarter| (quarter, bay)))
            .collect();
        Self { from, until, taken }
    }

    fn free_bay(&self, bays: u32, start: DateTime<Utc>, minutes: u32) -> Option<u32> {
        (1..=bays).find(|bay| quarters(start, minutes).all(|quarter| !self.taken.contains(&(quarter, *bay))))
    }
}

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
    fn target(&self) -> Option<NaiveTime> {
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

/// The first and the last date that can be booked.
pub fn window(store: &Store, now: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    let today = store.local(now).date();
    (today, today + Days::new(store.booking.days_ahead.into()))
}

/// Every opening for work of this length on the dates that the load tells about, in order of time.
pub fn openings(store: &Store, load: &Load, minutes: u32, now: DateTime<Utc>) -> Vec<Opening> {
    let (first, last) = window(store, now);
    let earliest = now + Duration::minutes(store.booking.notice_minutes.into());
    load.from
        .max(first)
        .iter_days()
        .take_while(|date| *date <= load.until.min(last))
        .flat_map(|date| starts(store, date, minutes))
        .filter(|start| *start >= earliest)
        .filter_map(|start| load.free_bay(store.bays, start, minutes).map(|bay| Opening { start, minutes, bay }))
        .collect()
}

/// Whether the store's rules still allow an opening that was offered earlier; whether its bay is free is another matter.
pub fn allowed(store: &Store, opening: &Opening, now: DateTime<Utc>) -> bool {
    let date = store.local(opening.start).date();
    let (first, last) = window(store, now);
    let earliest = now + Duration::minutes(store.booking.notice_minutes.into());
    (first..=last).contains(&date)
        && opening.start >= earliest
        && opening.bay <= store.bays
        && starts(store, date, opening.minutes).any(|start| start == opening.start)
}

/// Every time on this date at which work of this length can start and be done within the same span of hours.
fn starts(store: &Store, date: NaiveDate, minutes: u32) -> impl Iterator<Item = DateTime<Utc>> {
    let at = move |minute: u32| date.and_time(NaiveTime::MIN) + Duration::minutes(minute.into());
    store.hours.on(date).iter().flat_map(move |span| {
        let close = end(store, at(span.closes));
        (span.opens..span.closes).step_by(store.booking.granularity_minutes as usize).filter_map(move |minute| {
            let start = store.instant(at(minute))?;
            (start + Duration::minutes(minutes.into()) <= close?).then_some(start)
        })
    })
}

/// The instant at which the local time is no longer before this one. Where the clocks are put forward over it (in some
/// countries at midnight) that is when they are.
fn end(store: &Store, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    store.instant(local).or_else(|| {
        let minutes = (1..=180).map(Duration::minutes);
        minutes.into_iter().find_map(|back| store.instant(local - back)).map(|last| last + Duration::minutes(1))
    })
}

/// What can be offered for a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// Exactly the day and time that was asked for.
    Exact(Opening),
    /// A choice that suits all that was said.
    Suiting(Vec<Opening>),
    /// Nothing suits; these come nearest.
    Nearest(Vec<Opening>),
    /// Nothing is free at all on the dates looked at.
    Nothing,
}

/// Makes a good choice of at most `most` openings for the wish.
pub fn offer(store: &Store, openings: &[Opening], wish: &Wish, most: usize) -> Offer {
    let local = |opening: &Opening| store.local(opening.start);
    let suiting: Vec<Opening> = openings
        .iter()
        .filter(|opening| wish.suits_date(local(opening).date()) && wish.suits_time(local(opening).time()))
        .copied()
        .collect();
    match suiting.as_slice() {
        [only] if wish.date.is_some() && wish.date_end.is_none() && wish.time.is_some() => Offer::Exact(*only),
        [] if openings.is_empty() => Offer::Nothing,
        [] => Offer::Nearest(nearest(store, openings, wish, most)),
        _ => Offer::Suiting(spread(store, &suiting, most)),
    }
}

/// The openings that come nearest: first those of the day asked for, by time of day; then other days. Where no time of
/// day was said, a choice over the nearest day that has any.
fn nearest(store: &Store, openings: &[Opening], wish: &Wish, most: usize) -> Vec<Opening> {
    let time_target = wish.target().map_or(10 * 60, |time| i64::from(time.num_seconds_from_midnight() / 60));
    let distance = |opening: &Opening| {
        let local: NaiveDateTime = store.local(opening.start);
        let days = wish.date.map_or(0, |date| {
            let end = wish.date_end.unwrap_or(date);
            if local.date() < date {
                (date - local.date()).num_days() * 2
            } else {
                (local.date() - end).num_days().max(0)
            }
        });
        let minutes = (i64::from(local.time().num_seconds_from_midnight() / 60) - time_target).abs();
        (days * 4 * 60 + minutes, opening.start)
    };
    let mut ranked: Vec<Opening> = openings
        .iter()
        .filter(|opening| !wish.not_dates.contains(&store.local(opening.start).date()))
        .copied()
        .collect();
    ranked.sort_by_key(distance);
    if let (None, Some(first)) = (wish.target(), ranked.first().map(|first| store.local(first.start).date())) {
        ranked.retain(|opening| store.local(opening.start).date() == first);
        ranked.sort_by_key(|opening| opening.start);
        return spread(store, &ranked, most);
    }
    ranked.truncate(most);
    ranked.sort_by_key(|opening| opening.start);
    ranked
}

/// A choice over days and parts of the day: the soonest first, then what differs most from what is chosen already.
fn spread(store: &Store, openings: &[Opening], most: usize) -> Vec<Opening> {
    let mut chosen: Vec<Opening> = openings.iter().take(1).copied().collect();
    let Some(first) = chosen.first().map(|opening| store.local(opening.start)) else { return chosen };
    // Within the first few days that have anything: a choice that reaches weeks ahead helps nobody.
    let days: BTreeSet<NaiveDate> = openings
        .iter()
        .map(|opening| store.local(opening.start).date())
        .take_while(|date| *date < first.date() + Days::new(7))
        .collect();
    let near: BTreeSet<NaiveDate> = days.into_iter().take(most).collect();
    let difference = |a: NaiveDateTime, b: NaiveDateTime| {
        let days = (a.date() - b.date()).num_days().abs().min(2) * 240;
        let minutes =
            (i64::from(a.time().num_seconds_from_midnight()) - i64::from(b.time().num_seconds_from_midnight())).abs()
                / 60;
        days + minutes
    };
    while chosen.len() < most {
        let next = openings
            .iter()
            .filter(|opening| !chosen.contains(opening) && near.contains(&store.local(opening.start).date()))
            .max_by_key(|opening| {
                let local = store.local(opening.start);
                let least = chosen.iter().map(|other| difference(local, store.local(other.start))).min().unwrap_or(0);
                (least, std::cmp::Reverse(opening.start))
            });
        match next {
            Some(next) => chosen.push(*next),
            None => break,
        }
    }
    chosen.sort_by_key(|opening| opening.start);
    chosen
}

#[cfg(test)]
mod tests;
