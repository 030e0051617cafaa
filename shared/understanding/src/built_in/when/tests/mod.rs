//! Phrases as people text them, read on Friday 2026-11-20 at 10:00.

mod chinese;
mod context;
mod corpus;
mod english;
mod properties;
mod spanish;

use super::{When, when};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::Context;

fn now() -> NaiveDateTime {
    at("2026-11-20 10:00")
}

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn context(language: Language) -> Context {
    Context { now: now(), language, ..Context::default() }
}

/// The reading in short: `11-24..11-25 15:00 >09:00 <11:00 morning not 11-26 soonest`; the year only when it is another.
fn describe(read: &When) -> String {
    let date = |date: &NaiveDate| date.to_string().trim_start_matches("2026-").to_owned();
    let time = |time: NaiveTime| time.format("%H:%M").to_string();
    let mut words = Vec::new();
    if let Some(first) = &read.date {
        let last = read.date_end.map(|last| format!("..{}", date(&last))).unwrap_or_default();
        words.push(date(first) + &last);
    }
    words.extend(read.time.map(time));
    words.extend(read.time_after.map(|after| format!(">{}", time(after))));
    words.extend(read.time_before.map(|before| format!("<{}", time(before))));
    words.extend(read.part_of_day.map(|part| format!("{part:?}").to_lowercase()));
    words.extend(read.not_dates.iter().map(|day| format!("not {}", date(day))));
    words.extend(read.soonest.then(|| "soonest".to_owned()));
    words.join(" ")
}

fn check_all(language: Language, table: &[(&str, &str)]) {
    let context = context(language);
    let wrong: Vec<_> = table
        .iter()
        .map(|(text, expected)| (*text, *expected, describe(&when(text, language, &context))))
        .filter(|(_, expected, found)| expected != found)
        .map(|(text, expected, found)| format!("{text}: expected [{expected}], read [{found}]"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), table.len(), wrong.join("\n"));
}
