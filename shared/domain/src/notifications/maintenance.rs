//! When regular work is due again, by the calendar and by the odometer.

use chrono::{DateTime, Duration, Months, Utc};
use serde::{Deserialize, Serialize};

/// How often work is due: whichever comes first. At least one of the two is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Interval {
    /// After so many months.
    pub months: Option<u32>,
    /// After so many miles or kilometres, whichever the store's odometers count.
    pub mileage: Option<u32>,
}

impl Interval {
    /// What is wrong with it, if anything: the field and the reason.
    pub fn problem(&self) -> Option<String> {
        let within = |field: &str, value: Option<u32>, most: u32| {
            let value = value.filter(|value| !(1..=most).contains(value))?;
            Some(format!("{field}: {value} is not 1 to {most}"))
        };
        if self.months.is_none() && self.mileage.is_none() {
            return Some("give months, mileage or both".to_owned());
        }
        within("months", self.months, 120).or_else(|| within("mileage", self.mileage, 300_000))
    }
}

/// What an odometer showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// When.
    pub at: DateTime<Utc>,
    /// What, in the unit of the car.
    pub mileage: u32,
}

/// Readings that lie closer together than this tell nothing of how much a car is driven.
const APART: i64 = 14;

/// More than this in a day is a slip of the pen, not a drive.
const MOST_A_DAY: f64 = 1000.0;

/// When work that was done at `done` is due again: by the calendar, or earlier where the odometer will have come so far
/// by then. For that, two readings that are weeks apart must tell how much the car is driven.
pub fn due_date(every: Interval, done: Reading, others: &[Reading]) -> Option<DateTime<Utc>> {
    let by_calendar = every.months.and_then(|months| done.at.checked_add_months(Months::new(months)));
    let by_odometer = every
        .mileage
        .filter(|_| done.mileage > 0)
        .and_then(|mileage| reached(done.mileage.checked_add(mileage)?, done, others));
    [by_calendar, by_odometer].into_iter().flatten().min()
}

/// When a car will show this mileage, going on as between the first and the last of its readings.
fn reached(mileage: u32, done: Reading, others: &[Reading]) -> Option<DateTime<Utc>> {
    let all = || others.iter().copied().chain([done]).filter(|reading| reading.mileage > 0);
    let (first, last) = (all().min_by_key(|reading| reading.at)?, all().max_by_key(|reading| reading.at)?);
    let days = (last.at - first.at).num_days();
    if days < APART || last.mileage <= first.mileage {
        return None;
    }
    let a_day = f64::from(last.mileage - first.mileage) / days as f64;
    let left = f64::from(mileage) - f64::from(last.mileage);
    (a_day <= MOST_A_DAY).then(|| last.at + Duration::hours((left / a_day * 24.0) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OIL: Interval = Interval { months: Some(6), mileage: Some(5000) };

    fn reading(date: &str, mileage: u32) -> Reading {
        Reading { at: format!("{date}T12:00:00Z").parse().unwrap(), mileage }
    }

    fn due(every: Interval, done: Reading, others: &[Reading]) -> Option<String> {
        due_date(every, done, others).map(|date| date.format("%Y-%m-%d").to_string())
    }

    #[test]
    fn whichever_comes_first() {
        let done = reading("2026-07-01", 30_000);
        assert_eq!(due(OIL, done, &[]).as_deref(), Some("2027-01-01"), "one reading tells no distance");
        // 50 a day: 5000 in 100 days.
        assert_eq!(due(OIL, done, &[reading("2026-03-23", 25_000)]).as_deref(), Some("2026-10-09"));
        // 10 a day: half a year is over first.
        assert_eq!(due(OIL, done, &[reading("2026-03-23", 29_000)]).as_deref(), Some("2027-01-01"));
        // Driven more since: the later reading counts.
        assert_eq!(due(OIL, done, &[reading("2026-08-20", 35_500)]).as_deref(), Some("2026-08-15"), "overdue");
    }

    #[test]
    fn doubtful_readings_tell_nothing() {
        let done = reading("2026-07-01", 30_000);
        let by_odometer = Interval { months: None, mileage: Some(5000) };
        for doubtful in [
            reading("2026-06-25", 29_500), // too close
            reading("2026-03-01", 31_000), // backwards
            reading("2026-06-15", 90),     // nobody drives that far
            reading("2026-01-01", 0),      // not known
        ] {
            assert_eq!(due(by_odometer, done, &[doubtful]), None, "{doubtful:?}");
        }
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        assert_eq!(OIL.problem(), None);
        assert!(Interval::default().problem().is_some());
        assert_eq!(Interval { months: Some(0), mileage: None }.problem().unwrap(), "months: 0 is not 1 to 120");
    }
}
