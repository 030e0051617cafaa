//! The hours for texting at the customer's place.

use super::area_codes::zones_of;
use crate::Store;
use crate::store::SendingHours;
use chrono::{DateTime, Days, Duration, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use lanekeeper_zones::Tz;

/// The hours of the day in which texts that nobody waits for may be sent, wherever the customer may be: where several
/// time zones are possible, only when it is neither too early nor too late in any of them.
#[derive(Debug, Clone)]
pub struct TextingHours<'a> {
    hours: &'a SendingHours,
    zones: Vec<Tz>,
}

/// The time zones that a customer may live in: their own, where it is known; else those of the number; else that of the
/// store.
pub fn home_zones(store: Tz, own: Option<Tz>, number: &str) -> Vec<Tz> {
    match (own, zones_of(number)) {
        (Some(zone), _) => vec![zone],
        (None, Some(zones)) => zones.to_vec(),
        (None, None) => vec![store],
    }
}

impl<'a> TextingHours<'a> {
    /// The store's hours at the customer's place, see [`home_zones`].
    pub fn new(store: &'a Store, own: Option<Tz>, number: &str) -> Self {
        Self::in_zones(&store.sending, home_zones(store.time_zone, own, number))
    }

    /// These hours in all of these zones.
    pub fn in_zones(hours: &'a SendingHours, zones: Vec<Tz>) -> Self {
        Self { hours, zones }
    }

    /// Whether this instant lies in them.
    pub fn contain(&self, instant: DateTime<Utc>) -> bool {
        self.zones.iter().all(|zone| self.is_open(*zone, instant))
    }

    /// The first instant from this one on that lies in them. `None` when no instant does within two days: the hours are
    /// few and the zones far apart.
    pub fn next(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.settle(instant, Self::opens)
    }

    /// The last instant until this one that lies in them, an hour before they end: what fails is tried again.
    pub fn last(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.settle(instant, Self::opened_last)
    }

    /// When the stretch of them that this instant lies in is over; the instant itself when it lies in none.
    pub fn end(&self, instant: DateTime<Utc>) -> DateTime<Utc> {
        let ends = self.zones.iter().map(|zone| self.closes(*zone, instant));
        ends.min().unwrap_or(instant).max(instant)
    }

    /// Lets each zone move the instant until all of them leave it where it is.
    fn settle(
        &self,
        from: DateTime<Utc>,
        step: fn(&Self, Tz, DateTime<Utc>) -> DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let mut instant = from;
        while (instant - from).abs() <= Duration::days(2) {
            let moved = self.zones.iter().fold(instant, |instant, zone| step(self, *zone, instant));
            if moved == instant {
                return Some(instant);
            }
            instant = moved;
        }
        None
    }

    fn is_open(&self, zone: Tz, instant: DateTime<Utc>) -> bool {
        (self.hours.from..self.hours.until).contains(&instant.with_timezone(&zone).hour())
    }

    fn opens(&self, zone: Tz, instant: DateTime<Utc>) -> DateTime<Utc> {
        if self.is_open(zone, instant) {
            return instant;
        }
        let local = instant.with_timezone(&zone).naive_local();
        let later = u64::from(local.hour() >= self.hours.until);
        existing(zone, (local.date() + Days::new(later)).and_time(hour(self.hours.from))).unwrap_or(instant)
    }

    fn opened_last(&self, zone: Tz, instant: DateTime<Utc>) -> DateTime<Utc> {
        if self.is_open(zone, instant) {
            return instant;
        }
        let local = instant.with_timezone(&zone).naive_local();
        let earlier = u64::from(local.hour() < self.hours.from);
        existing(zone, (local.date() - Days::new(earlier)).and_time(hour(self.hours.until - 1))).unwrap_or(instant)
    }

    fn closes(&self, zone: Tz, instant: DateTime<Utc>) -> DateTime<Utc> {
        let midnight = instant.with_timezone(&zone).date_naive().and_time(NaiveTime::MIN);
        existing(zone, midnight + Duration::hours(self.hours.until.into())).unwrap_or(instant)
    }
}

fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour.min(23), 0, 0).unwrap_or(NaiveTime::MIN)
}

/// The instant of a local time: the earlier one where the clocks are put back; an hour later where they are put forward
/// over it.
fn existing(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let instant = |local: NaiveDateTime| zone.from_local_datetime(&local).earliest();
    instant(local).or_else(|| instant(local + Duration::hours(1))).map(|time| time.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanekeeper_zones::{America, Asia};

    const HOURS: SendingHours = SendingHours { from: 8, until: 21 };

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn of_two_zones_both_must_be_awake() {
        let hours = TextingHours::in_zones(&HOURS, vec![America::New_York, America::Chicago]);
        // In winter New York is open 13:00 to 02:00 UTC, Chicago 14:00 to 03:00.
        assert_eq!(hours.next(at("2026-11-20T13:10:00Z")), Some(at("2026-11-20T14:00:00Z")));
        assert_eq!(hours.next(at("2026-11-21T02:10:00Z")), Some(at("2026-11-21T14:00:00Z")));
        assert_eq!(hours.last(at("2026-11-21T02:10:00Z")), Some(at("2026-11-21T01:00:00Z")));
        assert_eq!(hours.end(at("2026-11-20T20:00:00Z")), at("2026-11-21T02:00:00Z"));
        assert!(hours.contain(at("2026-11-20T14:00:00Z")) && !hours.contain(at("2026-11-21T02:00:00Z")));
    }

    #[test]
    fn zones_that_are_never_awake_together_have_no_hours() {
        let few = SendingHours { from: 9, until: 12 };
        let hours = TextingHours::in_zones(&few, vec![America::New_York, Asia::Shanghai]);
        assert_eq!((hours.next(at("2026-11-20T13:10:00Z")), hours.last(at("2026-11-20T13:10:00Z"))), (None, None));
    }

    #[test]
    fn follow_the_clock_changes_both_ways() {
        let hours = TextingHours::in_zones(&HOURS, vec![America::Chicago]);
        // Forward in the night to March 14, 2027, back in that to November 7.
        assert_eq!(hours.next(at("2027-03-13T09:00:00Z")), Some(at("2027-03-13T14:00:00Z")));
        assert_eq!(hours.next(at("2027-03-14T09:00:00Z")), Some(at("2027-03-14T13:00:00Z")));
        assert_eq!(hours.next(at("2027-11-06T09:00:00Z")), Some(at("2027-11-06T13:00:00Z")));
        assert_eq!(hours.next(at("2027-11-07T09:00:00Z")), Some(at("2027-11-07T14:00:00Z")));
        // Hours that begin in the one that is skipped begin after it.
        let early = SendingHours { from: 2, until: 21 };
        let hours = TextingHours::in_zones(&early, vec![America::Chicago]);
        assert_eq!(hours.next(at("2027-03-14T07:00:00Z")), Some(at("2027-03-14T08:00:00Z")));
    }

    #[test]
    fn a_customers_own_zone_counts_for_more_than_the_number() {
        let store = America::Chicago;
        assert_eq!(home_zones(store, Some(America::Denver), "+12125550123"), [America::Denver]);
        assert_eq!(home_zones(store, None, "+12125550123"), [America::New_York]);
        assert_eq!(home_zones(store, None, "+34600000000"), [America::Chicago], "the store's own");
    }
}
