//! A good choice of openings: near what was asked, soon, and spread over days and parts of the day.

use super::{Opening, Wish};
use crate::Store;
use chrono::{Days, NaiveDate, NaiveDateTime, Timelike};
use std::collections::BTreeSet;

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
    let suiting: Vec<Opening> = openings.iter().filter(|opening| wish.suits(store, opening)).cloned().collect();
    match suiting.as_slice() {
        [only] if wish.date.is_some() && wish.date_end.is_none() && wish.time.is_some() => Offer::Exact(only.clone()),
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
        .cloned()
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
    let mut chosen: Vec<Opening> = openings.iter().take(1).cloned().collect();
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
            Some(next) => chosen.push(next.clone()),
            None => break,
        }
    }
    chosen.sort_by_key(|opening| opening.start);
    chosen
}
