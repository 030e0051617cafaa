//! Writes the table of zones, from chrono-tz: its own, of all years since 1800, would be half of what a webhook's
//! function weighs.

#![allow(clippy::unwrap_used, reason = "a build that goes wrong should stop")]

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use std::collections::BTreeMap;
use std::fmt::Write;

const QUARTER: i64 = 15 * 60;
const WEEK: i64 = 7 * 86_400 / QUARTER;
const FIRST_YEAR: i32 = 2015;
/// Of this year on, clocks stay as they are at its beginning.
const END_YEAR: i32 = 2060;

/// From which quarter of an hour since 1970 on local time is how many minutes ahead of UTC.
type Timeline = Vec<(i64, i32)>;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CHRONO_TZ_TIMEZONE_FILTER");
    let out = std::path::Path::new(&std::env::var_os("OUT_DIR").unwrap()).join("table.rs");
    std::fs::write(out, table()).unwrap();
}

fn table() -> String {
    let mut zones: Vec<Tz> = TZ_VARIANTS.to_vec();
    zones.sort_by_key(|zone| zone.name());
    // Many zones have the same clocks.
    let mut timelines: Vec<Timeline> = Vec::new();
    let (mut names, mut rows, mut constants) = (String::new(), String::new(), BTreeMap::<&str, String>::new());
    for (index, zone) in zones.iter().enumerate() {
        let timeline = timeline(*zone);
        let known = timelines.iter().position(|known| *known == timeline).unwrap_or(timelines.len());
        if known == timelines.len() {
            writeln!(rows, "&{timeline:?},").unwrap();
            timelines.push(timeline);
        }
        writeln!(names, "({:?}, {known}),", zone.name()).unwrap();
        if let Some((region, place)) = zone.name().split_once('/')
            && !place.contains(['/', '-', '+'])
        {
            writeln!(constants.entry(region).or_default(), "pub const {place}: Tz = Tz({index});").unwrap();
        }
    }
    let regions: String = constants.iter().fold(String::new(), |mut regions, (region, constants)| {
        writeln!(regions, "/// Zones of this region.\npub mod {region} {{\nuse crate::Tz;\n{constants}}}").unwrap();
        regions
    });
    let utc = zones.iter().position(|zone| *zone == Tz::UTC).unwrap();
    format!(
        "/// The place of UTC.\n\
         pub const UTC: u16 = {utc};\n\
         /// Names in alphabetical order, each with the place of its timeline.\n\
         pub static ZONES: &[(&str, u8)] = &[\n{names}];\n\
         /// From which quarter of an hour since 1970 on local time is how many minutes ahead of UTC.\n\
         pub static TIMELINES: &[&[(u32, i16)]] = &[\n{rows}];\n\
         pub mod regions {{\n{regions}}}\n"
    )
}

fn timeline(zone: Tz) -> Timeline {
    let minutes_at = |quarter: i64| {
        let instant = DateTime::from_timestamp(quarter * QUARTER, 0).unwrap();
        zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc() / 60
    };
    let start_of = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap().timestamp() / QUARTER;
    let mut now = start_of(FIRST_YEAR);
    let mut timeline = vec![(0, minutes_at(now))];
    while now < start_of(END_YEAR) {
        let next = now + WEEK;
        if minutes_at(next) != minutes_at(now) {
            let (mut before, mut after) = (now, next);
            while after - before > 1 {
                let middle = i64::midpoint(before, after);
                if minutes_at(middle) == minutes_at(now) { before = middle } else { after = middle }
            }
            timeline.push((after, minutes_at(next)));
        }
        now = next;
    }
    timeline
}
