//! A choice of times: a few days, and the openings of one of them.

use crate::words::Words;
use chrono::{DateTime, Days, NaiveDate, Utc};
use lanekeeper_domain::Store;
use lanekeeper_domain::openings::{Load, Opening, openings, window};
use lanekeeper_domain::work::Work;
use maud::{Markup, html};

/// How many days are shown beside each other.
const DAYS: u64 = 7;

/// The days that are shown around one, as far as they can be booked.
pub fn days_around(store: &Store, day: Option<NaiveDate>, now: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    let (first, last) = window(store, now);
    let from = day.map_or(first, |day| day - Days::new(2)).clamp(first, last);
    (from, (from + Days::new(DAYS - 1)).min(last))
}

/// Openings, and the day whose are shown.
pub struct Choice {
    /// The days, in order.
    pub days: (NaiveDate, NaiveDate),
    /// The one that is shown: the one asked for, or the first that has any.
    pub day: NaiveDate,
    /// All openings on all of the days.
    pub openings: Vec<Opening>,
}

/// The choice that the load of these days leaves.
pub fn choice(store: &Store, load: &Load, work: &Work, asked: Option<NaiveDate>, now: DateTime<Utc>) -> Choice {
    let days = days_around(store, asked, now);
    let mut openings = openings(store, load, work, now);
    openings.retain(|opening| (days.0..=days.1).contains(&store.local(opening.start).date()));
    let first = openings.first().map_or(days.0, |opening| store.local(opening.start).date());
    let day = asked.map_or(first, |day| day.clamp(days.0, days.1));
    Choice { days, day, openings }
}

impl Choice {
    fn on(&self, store: &Store, day: NaiveDate) -> impl Iterator<Item = &Opening> {
        self.openings.iter().filter(move |opening| store.local(opening.start).date() == day)
    }

    /// The choice as links; `to` makes the address of a page from what is to be added to it: `day=…` or `at=…`.
    pub fn render(&self, words: Words, store: &Store, to: &dyn Fn(&str) -> String) -> Markup {
        let days: Vec<NaiveDate> = self.days.0.iter_days().take_while(|day| *day <= self.days.1).collect();
        let (before, after) = (self.days.0 - Days::new(DAYS - 2), self.days.1 + Days::new(3));
        html! {
            nav.days-choice aria-label=(words.say("day_days")) {
                a href=(to(&format!("day={before}"))) aria-label=(words.say("day_before")) { "‹" }
                @for day in days {
                    a href=(to(&format!("day={day}"))) aria-current=[(day == self.day).then_some("date")] {
                        (words.short_date(day)) br; small { (self.on(store, day).count()) }
                    }
                }
                a href=(to(&format!("day={after}"))) aria-label=(words.say("day_after")) { "›" }
            }
            h2 { (words.long_date(self.day)) }
            @if self.on(store, self.day).next().is_none() {
                p.soft { (words.say("booking_none_that_day")) }
            } @else {
                ul.times-choice aria-label=(words.say("booking_times")) {
                    @for opening in self.on(store, self.day) {
                        li { a href=(to(&at(opening))) { (words.clock(store, opening.start)) } }
                    }
                }
            }
        }
    }
}

/// An opening as a parameter of an address.
pub fn at(opening: &Opening) -> String {
    format!("at={}", opening.start.timestamp_millis())
}
