//! Until when an answer is expected.

use crate::Store;
use chrono::{DateTime, Days, Duration, NaiveTime, Utc};

/// How many days ahead opening hours are looked for.
const LOOKS_AHEAD: u64 = 21;

impl Store {
    /// Whether somebody is there at this instant.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let local = self.local(now);
        self.hours.open_at(local.date(), local.time())
    }

    /// When the store opens next, within three weeks.
    pub fn next_opening(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.spans(now).map(|(opens, _)| opens).find(|opens| *opens > now)
    }

    /// When a person should have answered at the latest who was wanted at this instant: only opening hours count. `None` for
    /// a store that does not open.
    pub fn answer_due(&self, wanted: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.open_minutes_after(wanted, self.handover.answer_within_minutes)
    }

    /// When the store will have been open for so many minutes from this instant on.
    pub fn open_minutes_after(&self, instant: DateTime<Utc>, minutes: u32) -> Option<DateTime<Utc>> {
        let mut left = Duration::minutes(minutes.into());
        for (opens, closes) in self.spans(instant) {
            let from = opens.max(instant);
            let there = closes - from;
            if there >= left {
                return Some(from + left);
            }
            left -= there.max(Duration::zero());
        }
        None
    }

    /// Opening hours that end after this instant, in order.
    fn spans(&self, now: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let today = self.local(now).date();
        let dates = (0..LOOKS_AHEAD).filter_map(move |days| today.checked_add_days(Days::new(days)));
        let spans = dates.flat_map(|date| self.hours.on(date).iter().map(move |span| (date, span)));
        spans.filter_map(move |(date, span)| {
            let instant = |minute: u32| {
                let local = date.and_time(NaiveTime::MIN) + Duration::minutes(minute.into());
                // Where the clocks are put forward over it, an hour later exists.
                self.instant(local).or_else(|| self.instant(local + Duration::hours(1)))
            };
            Some((instant(span.opens)?, instant(span.closes)?)).filter(|(_, closes)| *closes > now)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Open from 7:30 to 18:00, on Saturdays from 8 to 14, not on Sundays.
    fn lakeside() -> Store {
        serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap()
    }

    fn due(minutes: u32, wanted: &str) -> String {
        let mut store = lakeside();
        store.handover.answer_within_minutes = minutes;
        let wanted = store.instant(format!("{wanted}:00").parse().unwrap()).unwrap();
        store.local(store.answer_due(wanted).unwrap()).format("%a %H:%M").to_string()
    }

    #[test]
    fn only_opening_hours_count() {
        assert_eq!(due(10, "2026-11-20T10:00"), "Fri 10:10");
        let (friday, saturday) = (lakeside().hours.week.fri[0], lakeside().hours.week.sat[0]);
        let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        assert_eq!(
            due(10, &format!("2026-11-20T{}", clock(friday.closes - 4))),
            format!("Sat {}", clock(saturday.opens + 6))
        );
        assert_eq!(due(10, "2026-11-21T22:00"), "Mon 07:40");
        assert_eq!(due(10, "2026-11-20T05:00"), "Fri 07:40");
    }

    #[test]
    fn a_store_that_never_opens_expects_nobody() {
        let mut store = lakeside();
        store.hours = crate::hours::Hours::default();
        assert_eq!(store.answer_due("2026-11-20T18:00:00Z".parse().unwrap()), None);
    }
}
