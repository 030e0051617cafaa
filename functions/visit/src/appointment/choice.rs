//! A choice of other openings: the days that have any, and the times of one of them.

use super::Opened;
use crate::error::VisitError;
use chrono::{Days, NaiveDate, NaiveTime, Timelike};
use lanekeeper_domain::Work;
use lanekeeper_domain::openings::{self, Opening};
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
    /// The days that have openings, with how many.
    pub days: Vec<(NaiveDate, usize)>,
    /// The day that is shown.
    pub day: Option<NaiveDate>,
    /// Its openings.
    pub openings: Vec<Opening>,
    /// Where the page before begins.
    pub earlier: Option<NaiveDate>,
    /// Where the next page begins.
    pub later: Option<NaiveDate>,
}

/// The days from `from` on, or around the appointment; and the times of `day`, or else of the first day that has any.
pub async fn choice<P: Platform>(
    opened: &Opened<'_, P>,
    from: Option<NaiveDate>,
    day: Option<NaiveDate>,
) -> Result<Choice, VisitError> {
    let Visit { store, appointment, .. } = &opened.visit;
    let (first, last) = openings::window(store, opened.now);
    let day = day.or_else(|| from.is_none().then(|| store.local(appointment.opening.start).date()));
    let day = day.map(|day| day.clamp(first, last));
    let begin = from.or(day.map(|day| day - Days::new(BEFORE))).unwrap_or(first).clamp(first, last);
    let begin = day.map_or(begin, |day| begin.min(day));
    let until = (begin + Days::new(DAYS)).max(day.unwrap_or(begin)).min(last);
    let all = free(opened, begin, until).await?;
    let date = |opening: &Opening| opened.visit.store.local(opening.start).date();
    let mut days: Vec<(NaiveDate, usize)> = Vec::new();
    for opening in &all {
        match days.last_mut() {
            Some((last, count)) if *last == date(opening) => *count += 1,
            _ => days.push((date(opening), 1)),
        }
    }
    let day = day.filter(|day| days.iter().any(|(other, _)| other == day)).or(days.first().map(|(day, _)| *day));
    let more = days.get(MOST).map(|(day, _)| *day).or(until.succ_opt().filter(|next| *next <= last));
    days.truncate(MOST.max(days.iter().position(|(other, _)| Some(*other) == day).map_or(0, |place| place + 1)));
    Ok(Choice {
        openings: all.into_iter().filter(|opening| Some(date(opening)) == day).collect(),
        day,
        days,
        earlier: (begin > first).then(|| (begin - Days::new(DAYS)).max(first)),
        later: more,
    })
}

/// The opening that begins at this instant, if it is free.
pub async fn opening_at<P: Platform>(opened: &Opened<'_, P>, milliseconds: i64) -> Result<Option<Opening>, VisitError> {
    let Some(start) = chrono::DateTime::from_timestamp_millis(milliseconds) else { return Ok(None) };
    let (first, last) = openings::window(&opened.visit.store, opened.now);
    let day = opened.visit.store.local(start).date();
    if !(first..=last).contains(&day) {
        return Ok(None);
    }
    Ok(free(opened, day, day).await?.into_iter().find(|opening| opening.start == start))
}

/// Every opening on these days for the same work, but for the one that the appointment has.
async fn free<P: Platform>(
    opened: &Opened<'_, P>,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Opening>, VisitError> {
    let Visit { store, appointment, .. } = &opened.visit;
    let load = load_between(opened.shard.database, store, from, until, Some(&appointment.id)).await?;
    let work = Work::of_appointment(store, appointment);
    let mut openings = openings::openings(store, &load, &work, opened.now);
    openings.retain(|opening| opening.start != appointment.opening.start);
    Ok(openings)
}

/// Whether a time belongs to the first half of the day.
pub fn is_morning(time: NaiveTime) -> bool {
    time.hour() < 12
}
