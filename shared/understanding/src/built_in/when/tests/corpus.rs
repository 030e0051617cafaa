//! Measures the reading of dates and times against the specification cases of Recognizers-Text (MIT), kept elsewhere:
//! `WHEN_CORPUS=<folder with english.json, spanish.json, chinese.json> cargo test -p lanekeeper-understanding corpus -- --ignored --nocapture`.
//!
//! Counted are the cases with exactly one date, time, date with time, or range of these, whose future resolution is not
//! before the reference moment, to the minute, and within three years. Not counted: several results in one text, the
//! past, "before/after/since" (the corpus marks them), recurring sets, durations and seconds. Of the counted ones a
//! second figure leaves out what no workshop is asked for: [`FOREIGN`] words such as quarters, decades and feasts.

use super::{When, when};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{Context, PartOfDay};
use serde_json::Value;

/// Periods of business and calendars' feasts, the present moment, and weeks or months counted within a year.
const FOREIGN: &[&str] = &[
    "quarter of",
    "quarters",
    "next quarter",
    "coming quarter",
    "following quarter",
    "decade",
    "year",
    "h2",
    "easter",
    "patrick",
    "christmas",
    "eid",
    "workers",
    "halloween",
    "labor day",
    "thanksgiving",
    "now",
    "at the m",
    "at present",
    "present time",
    "this time",
    "otd",
    "week of 20",
    "month of 20",
    "months of 20",
    "weeks of 20",
    "thousand",
    "trimestre",
    "semestre",
    "década",
    "décadas",
    "año",
    "años",
    "ahora",
    "pascua",
    "santa",
    "patricio",
    "trabajador",
    "semana de 20",
    "mes de 20",
    "meses de 20",
    "semanas de 20",
    "明年",
    "半周",
    "年的",
    "正月",
    "最近",
    "后1年",
];

struct Case {
    input: String,
    now: NaiveDateTime,
    kind: String,
    /// The words of time in the input.
    said: String,
    expected: Expected,
}

#[derive(Debug, Default)]
struct Expected {
    date: Option<NaiveDate>,
    last: Option<NaiveDate>,
    time: Option<NaiveTime>,
    end: Option<NaiveTime>,
}

#[test]
#[ignore = "needs the corpus"]
fn corpus() {
    let folder = std::env::var("WHEN_CORPUS").expect("WHEN_CORPUS names the folder");
    for (language, name) in [(Language::En, "english"), (Language::Es, "spanish"), (Language::Zh, "chinese")] {
        let text = std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap();
        let all: Vec<Value> = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let cases: Vec<Case> = all.iter().filter_map(case).collect();
        let mut apt = (0, 0);
        let mut kinds = std::collections::BTreeMap::<&str, (u32, u32)>::new();
        for case in &cases {
            let context = Context { now: case.now, language, ..Context::default() };
            let read = when(&case.input, language, &context);
            let right = agrees(&read, case);
            let count = kinds.entry(&case.kind).or_default();
            count.0 += u32::from(right);
            count.1 += 1;
            if !FOREIGN.iter().any(|word| case.said.contains(word)) {
                apt.0 += u32::from(right);
                apt.1 += 1;
            }
            if !right {
                println!("{name} {} [{}] {}: {:?}\n    {read:?}", case.kind, case.now, case.input, case.expected);
            }
        }
        let (right, of) = kinds.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        println!(
            "{name}: {right} of {of} right, {} of {} without foreign words ({} cases in the file); {kinds:?}",
            apt.0,
            apt.1,
            all.len()
        );
    }
}

fn case(value: &Value) -> Option<Case> {
    let [result] = value["Results"].as_array()?.as_slice() else { return None };
    let kind = result["TypeName"].as_str()?.strip_prefix("datetimeV2.")?.to_owned();
    let reference = value["Context"]["ReferenceDateTime"].as_str()?;
    let now = NaiveDateTime::parse_from_str(reference.get(..19)?, "%Y-%m-%dT%H:%M:%S").ok()?;
    let values = result["Resolution"]["values"].as_array()?;
    let value_of = values.last()?;
    if values.iter().any(|value| !value["Mod"].is_null()) {
        return None;
    }
    let of = |name: &str| value_of[name].as_str();
    let date = |text: &str| NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok();
    let clock = |text: &str| NaiveTime::parse_from_str(text.get(text.len().checked_sub(8)?..)?, "%H:%M:%S").ok();
    let mut expected = Expected::default();
    match kind.as_str() {
        "date" => expected.date = Some(date(of("value")?)?),
        "time" => expected.time = Some(clock(of("value")?)?),
        "datetime" => (expected.date, expected.time) = (Some(date(of("value")?)?), Some(clock(of("value")?)?)),
        "daterange" => {
            expected.date = Some(date(of("start")?)?);
            expected.last = date(of("end")?)?.pred_opt();
        }
        "timerange" => (expected.time, expected.end) = (Some(clock(of("start")?)?), Some(clock(of("end")?)?)),
        "datetimerange" => {
            expected.date = Some(date(of("start")?)?);
            (expected.time, expected.end) = (Some(clock(of("start")?)?), Some(clock(of("end")?)?));
        }
        _ => return None,
    }
    let near = now.date() + chrono::Duration::days(3 * 366);
    let past = expected.date.is_some_and(|first| first < now.date() || first > near);
    let same_moment = expected.date == Some(now.date()) && expected.time.is_some_and(|time| time < now.time());
    let seconds = expected.time.is_some_and(|time| time.second() != 0);
    if past || same_moment || seconds {
        return None;
    }
    let said = result["Text"].as_str()?.to_lowercase();
    Some(Case { said, input: value["Input"].as_str()?.to_owned(), now, kind, expected })
}

/// Whether the reading is the expected one. A time of day that the corpus leaves open by twelve hours may be either; a
/// part of the day stands for the hours that the corpus gives it; the end of a range may be off by one day, since the
/// corpus takes the end of some as part of the range.
fn agrees(read: &When, case: &Case) -> bool {
    let expected = &case.expected;
    let halves =
        |left: NaiveTime, right: NaiveTime| left.hour() % 12 == right.hour() % 12 && left.minute() == right.minute();
    let date = expected.date == read.date;
    let part_begins = |part| match part {
        PartOfDay::Morning => [8, 8],
        PartOfDay::Midday => [11, 12],
        // "Tarde" begins at noon or at four.
        PartOfDay::Afternoon => [12, 16],
        PartOfDay::Evening => [16, 16],
        PartOfDay::Night => [20, 20],
    };
    let time = match (expected.time, expected.end) {
        (None, _) => read.time.is_none() && read.time_after.is_none(),
        (Some(time), None) => {
            read.time.is_some_and(|found| halves(found, time))
                || read.part_of_day == Some(PartOfDay::Midday) && time.hour() == 12
        }
        (Some(start), Some(end)) => {
            let bounds = read.time_after.is_some_and(|found| halves(found, start))
                && read.time_before.is_some_and(|found| halves(found, end));
            bounds
                || read.time_after.is_none()
                    && read.part_of_day.is_some_and(|part| part_begins(part).contains(&start.hour()))
        }
    };
    let last = expected.last.is_none_or(|last| {
        let found = read.date_end.or(read.date);
        found.is_some_and(|found| (found - last).num_days().abs() <= 1)
    });
    date && time && last
}
