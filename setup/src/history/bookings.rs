//! Who writes for an appointment, and when.

use crate::history::chance::Chance;
use crate::history::people::{Person, Wish};
use crate::history::texts;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use lanekeeper_domain::{Language, Store};

/// The days for which appointments are made, counted from today, with how many customers want each. The calendar is fuller
/// the nearer it comes, as calendars are.
const DAYS: [(i64, usize); 15] = [
    (-7, 10),
    (-6, 12),
    (-5, 11),
    (-4, 12),
    (-3, 12),
    (-2, 13),
    (-1, 13),
    (0, 14),
    (1, 14),
    (2, 9),
    (3, 7),
    (4, 5),
    (5, 4),
    (6, 3),
    (7, 2),
];

/// The store's opening hours on a whole day, in minutes; a shorter one is wanted by fewer.
const WHOLE_DAY: u32 = 600;

/// A customer who will write for an appointment at this time.
pub struct Caller {
    pub at: DateTime<Utc>,
    pub person: Person,
    pub text: String,
}

/// All who write for an appointment, from some days before the week until `now`.
pub fn callers(store: &Store, now: DateTime<Utc>) -> Vec<Caller> {
    let today = store.local(now).date();
    let mut callers = Vec::new();
    let mut number = 0;
    for (offset, most) in DAYS {
        let day = today + TimeDelta::days(offset);
        let open: u32 = store.hours.on(day).iter().map(|span| span.closes - span.opens).sum();
        for _ in 0..most * open.min(WHOLE_DAY) as usize / WHOLE_DAY as usize {
            let person = Person::number(store, number);
            number += 1;
            if let Some(caller) = caller(store, (today, day), person).filter(|caller| caller.at < now) {
                callers.push(caller);
            }
        }
    }
    callers
}

/// This person, who wants to come on this day.
fn caller(store: &Store, (today, day): (NaiveDate, NaiveDate), mut person: Person) -> Option<Caller> {
    let chance = &person.chance;
    // Nobody writes in the future: for a day to come they have done so in the last days.
    let days_before = *chance.weighted(&[(4, 1), (3, 2), (2, 3), (1, 4)]);
    let written = day.min(today + Days::new(1)) - Days::new(days_before);
    let at = store.instant(written.and_time(time_to_write(chance)))?;
    let hour = hour_to_come(store, day, chance)?;
    let service = *chance.weighted(if store.calling_code == "86" { &MENU_CN } else { &MENU_US });
    person.wish =
        Wish { service, day: day_in_words(written, day, person.language), time: time_in_words(hour, person.language) };
    let text = texts::booking(&person);
    Some(Caller { at, person, text })
}

/// Most write by day, and some in the evening when no desk is manned.
pub fn time_to_write(chance: &Chance) -> NaiveTime {
    let hour = *chance.weighted(&[
        (2, 6),
        (5, 7),
        (8, 8),
        (9, 9),
        (9, 10),
        (8, 11),
        (8, 12),
        (7, 13),
        (7, 14),
        (6, 15),
        (6, 16),
        (6, 17),
        (5, 18),
        (5, 19),
        (5, 20),
        (4, 21),
        (3, 22),
        (1, 23),
    ]);
    let minute = chance.below(60) as u32;
    NaiveTime::from_hms_opt(hour, minute, chance.below(60) as u32).unwrap_or_default()
}

/// A whole hour at which work could begin on that day.
fn hour_to_come(store: &Store, day: NaiveDate, chance: &Chance) -> Option<u32> {
    let spans = store.hours.on(day);
    let hours: Vec<u32> = (7..18)
        .filter(|hour| spans.iter().any(|span| span.opens <= hour * 60 && (hour + 1) * 60 < span.closes))
        .collect();
    (!hours.is_empty()).then(|| *chance.pick(&hours))
}

/// The day as somebody names it who writes on `written`.
pub fn day_in_words(written: NaiveDate, day: NaiveDate, language: Language) -> String {
    let [today, tomorrow] = match language {
        Language::En => ["today", "tomorrow"],
        Language::Es => ["hoy", "mañana"],
        Language::Zh => ["今天", "明天"],
    };
    match (day - written).num_days() {
        0 => today.to_owned(),
        1 => tomorrow.to_owned(),
        2..7 => weekday(day.weekday(), language).to_owned(),
        _ => match language {
            Language::En => day.format("%B %-d").to_string(),
            Language::Es => day.format("%d/%m/%Y").to_string(),
            Language::Zh => day.format("%-m月%-d号").to_string(),
        },
    }
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    let [en, es, zh] = match day {
        Weekday::Mon => ["Monday", "el lunes", "周一"],
        Weekday::Tue => ["Tuesday", "el martes", "周二"],
        Weekday::Wed => ["Wednesday", "el miércoles", "周三"],
        Weekday::Thu => ["Thursday", "el jueves", "周四"],
        Weekday::Fri => ["Friday", "el viernes", "周五"],
        Weekday::Sat => ["Saturday", "el sábado", "周六"],
        Weekday::Sun => ["Sunday", "el domingo", "周日"],
    };
    match language {
        Language::En => en,
        Language::Es => es,
        Language::Zh => zh,
    }
}

fn time_in_words(hour: u32, language: Language) -> String {
    let (twelve, afternoon) = (if hour > 12 { hour - 12 } else { hour }, hour >= 12);
    match language {
        Language::En => format!("{twelve} {}", if afternoon { "pm" } else { "am" }),
        Language::Es => format!("a las {hour}:00"),
        Language::Zh => format!("{}{twelve}点", if afternoon { "下午" } else { "上午" }),
    }
}

/// Ids of the menu, with how often each is wanted.
const MENU_US: [(usize, &str); 10] = [
    (30, "oil-change"),
    (14, "tire-rotation"),
    (12, "brakes"),
    (10, "diagnosis"),
    (8, "alignment"),
    (7, "battery"),
    (5, "tires"),
    (5, "coolant"),
    (4, "air-conditioning"),
    (4, "recall"),
];
const MENU_CN: [(usize, &str); 9] = [
    (32, "oil-change"),
    (10, "maintenance"),
    (10, "brakes"),
    (9, "tire-rotation"),
    (9, "alignment"),
    (8, "battery"),
    (8, "diagnosis"),
    (6, "air-conditioning"),
    (6, "inspection"),
];

/// This time if the store is open then, or else a little after it opens again.
pub fn in_hours(store: &Store, at: DateTime<Utc>, chance: &Chance) -> DateTime<Utc> {
    let local = store.local(at);
    if store.hours.open_at(local.date(), local.time()) {
        return at;
    }
    opens_after(store, local).map_or(at, |opens| opens + TimeDelta::minutes(chance.between(5, 40)))
}

fn opens_after(store: &Store, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let minute = local.time().num_seconds_from_midnight() / 60;
    let later = store.hours.on(local.date()).iter().map(|span| span.opens).find(|start| *start > minute);
    let (day, start) = match later {
        Some(start) => (local.date(), start),
        None => (1..15)
            .map(|days| local.date() + Days::new(days))
            .find_map(|day| store.hours.on(day).first().map(|span| (day, span.opens)))?,
    };
    store.instant(day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(start * 60, 0)?))
}
