//! Every zone against chrono-tz, in which the whole history is.

#![allow(clippy::unwrap_used)] // for tests only

use chrono::{DateTime, Duration, NaiveDateTime, Offset, TimeZone, Utc};
use lanekeeper_zones::Tz;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn minutes<Z: TimeZone>(zone: &Z, utc: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc() / 60
}

/// The instants that clocks of the zone may mean by this.
fn meanings<Z: TimeZone>(zone: &Z, local: NaiveDateTime) -> Vec<i64> {
    let mapped = zone.offset_from_local_datetime(&local).map(|offset| offset.fix().local_minus_utc());
    let offsets = [mapped.earliest(), mapped.latest()];
    let mut meanings: Vec<i64> =
        offsets.iter().flatten().map(|offset| local.and_utc().timestamp() - i64::from(*offset)).collect();
    meanings.dedup();
    meanings
}

#[test]
fn every_zone_is_there() {
    let mut names: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    names.sort_unstable();
    assert!(names.len() > 400);
    assert_eq!(Tz::all().map(Tz::name).collect::<Vec<_>>(), names);
}

#[test]
fn every_change_of_every_zone_is_at_its_second() {
    for zone in Tz::all() {
        let oracle: chrono_tz::Tz = zone.name().parse().unwrap();
        let (mut now, mut before) = (at("2015-01-01T00:00:00Z"), minutes(&oracle, at("2015-01-01T00:00:00Z")));
        while now < at("2059-12-31T00:00:00Z") {
            let next = now + Duration::days(2);
            let after = minutes(&oracle, next);
            assert_eq!(minutes(&zone, next), after, "{zone} at {next}");
            if after != before {
                compare_closely(zone, oracle, now);
            }
            (now, before) = (next, after);
        }
    }
}

/// Around one change: the first and the last second of each quarter of an hour, and what it means on the clocks.
fn compare_closely(zone: Tz, oracle: chrono_tz::Tz, day: DateTime<Utc>) {
    for quarter in -60..260 {
        let begin = day + Duration::minutes(15 * quarter);
        for now in [begin, begin - Duration::seconds(1)] {
            assert_eq!(minutes(&zone, now), minutes(&oracle, now), "{zone} at {now}");
        }
        let local = begin.naive_utc();
        assert_eq!(meanings(&zone, local), meanings(&oracle, local), "{zone} when clocks show {local}");
    }
}
