//! A choice of other openings: the days that have any, and the times of one of them.

use super::Opened;
use crate::entry::Way;
use crate::error::VisitError;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Timelike};
use lanekeeper_domain::Work;
use lanekeeper_domain::openings::{self, Load, Opening};
use lanekeeper_platform::Platform;
use lanekeeper_storage::{Visit, load_between};

/// How many days are looked at for one page.
const DAYS: u64 = 21;
/// How many days before the one that is asked for the choice begins.
const BEFORE: u64 = 3;
/// How many days with openings one page shows at most.
const MOST: usize = 12;

/// What can be chosen from.
pub struct Choice {
    /// The days that have openings.
    pub days: Vec<NaiveDate>,
    /// The day that is shown.
    pub day: Option<NaiveDate>,
    /// Its openings.
    pub openings: Vec<Opening>,
    /// Where the page before begins.
    pub earlier: Option<NaiveDate>,
    /// Where the next page begins.
    pub later: Option<NaiveDate>,
}

/// The days that are looked at, and the one whose times are shown if it has any.
struct Reach {
    begin: NaiveDate,
    until: NaiveDate,
    day: Option<NaiveDate>,
}

/// The days from `from` on, or around the appointment; and the times of `day`, or else of the first day that has any.
pub async fn choice<P: Platform>(
    way: &Way<'_, P>,
    opened: &Opened<'_>,
    from: Option<NaiveDate>,
    day: Option<NaiveDate>,
) -> Result<Choice, VisitError> {
    let reach = reach(opened, from, day);
    let load = taken(way, opened, reach.begin, reach.until).await?;
    Ok(choose(opened, &reach, free(opened, &load)))
}

/// The opening that begins at this instant, if it is free.
pub async fn opening_at<P: Platform>(
    way: &Way<'_, P>,
    opened: &Opened<'_>,
    milliseconds: i64,
) -> Result<Option<Opening>, VisitError> {
    let Some(start) = DateTime::from_timestamp_millis(milliseconds) else { return Ok(None) };
    let (first, last) = openings::window(&opened.visit.store, opened.entry.now);
    let day = opened.visit.store.local(start).date();
    if !(first..=last).contains(&day) {
        return Ok(None);
    }
    let load = taken(way, opened, day, day).await?;
    Ok(free(opened, &load).into_iter().find(|opening| opening.start == start))
}

/// What others take on these days.
async fn taken<P: Platform>(
    way: &Way<'_, P>,
    opened: &Opened<'_>,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Load, VisitError> {
    let Visit { store, appointment, .. } = &opened.visit;
    Ok(load_between(way.shard.database, store, from, until, Some(&appointment.id)).await?)
}

fn reach(opened: &Opened, from: Option<NaiveDate>, day: Option<NaiveDate>) -> Reach {
    let Visit { store, appointment, .. } = &opened.visit;
    let (first, last) = openings::window(store, opened.entry.now);
    let day = day.or_else(|| from.is_none().then(|| store.local(appointment.opening.start).date()));
    let day = day.map(|day| day.clamp(first, last));
    let begin = from.or(day.map(|day| day - Days::new(BEFORE))).unwrap_or(first).clamp(first, last);
    let begin = day.map_or(begin, |day| begin.min(day));
    let until = (begin + Days::new(DAYS)).max(day.unwrap_or(begin)).min(last);
    Reach { begin, until, day }
}

/// Every opening for the same work, but for the one that the appointment has.
fn free(opened: &Opened, load: &Load) -> Vec<Opening> {
    let Visit { store, appointment, .. } = &opened.visit;
    let mut openings = openings::openings(store, load, &Work::of_appointment(store, appointment), opened.entry.now);
    openings.retain(|opening| opening.start != appointment.opening.start);
    openings
}

fn choose(opened: &Opened, reach: &Reach, all: Vec<Opening>) -> Choice {
    let (first, last) = openings::window(&opened.visit.store, opened.entry.now);
    let date = |opening: &Opening| opened.visit.store.local(opening.start).date();
    let mut days: Vec<NaiveDate> = all.iter().map(date).collect();
    days.dedup();
    let day = reach.day.filter(|day| days.contains(day)).or(days.first().copied());
    let later = days.get(MOST).copied().or(reach.until.succ_opt().filter(|next| *next <= last));
    let place = days.iter().position(|other| Some(*other) == day).unwrap_or_default();
    days.truncate(MOST.max(place + 1));
    Choice {
        openings: all.into_iter().filter(|opening| Some(date(opening)) == day).collect(),
        day,
        days,
        earlier: (reach.begin > first).then(|| (reach.begin - Days::new(DAYS)).max(first)),
        later,
    }
}

/// Whether a time belongs to the first half of the day.
pub fn is_morning(time: NaiveTime) -> bool {
    time.hour() < 12
}
