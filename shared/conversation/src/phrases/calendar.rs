//! Days and times in words.

use super::file::{fill, phrase_file};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use lanekeeper_domain::Language;

/// A time of day, e.g. "9:00 AM".
pub fn time(language: Language, time: NaiveTime) -> String {
    let calendar = &phrase_file(language).calendar;
    let part = calendar.parts.iter().rev().find(|(from, _)| time.hour() >= *from).map_or("", |(_, part)| part);
    let hour = time.hour12().1.to_string();
    fill(&calendar.time, &[("hour", &hour), ("minute", &format!("{:02}", time.minute())), ("part", part)])
}

/// The day of the week, e.g. "Tuesday".
pub fn weekday(language: Language, date: NaiveDate) -> &'static str {
    let place = date.weekday().num_days_from_monday() as usize;
    phrase_file(language).calendar.weekdays.get(place).map_or("", String::as_str)
}

/// The month, e.g. "November".
pub fn month(language: Language, date: NaiveDate) -> &'static str {
    phrase_file(language).calendar.months.get(date.month0() as usize).map_or("", String::as_str)
}

/// A date, e.g. "tomorrow, Tuesday, November 24", seen from `today`.
pub fn date(language: Language, date: NaiveDate, today: NaiveDate) -> String {
    let calendar = &phrase_file(language).calendar;
    let day = date.day().to_string();
    let values = [("weekday", weekday(language, date)), ("month", month(language, date)), ("day", day.as_str())];
    match (date - today).num_days() {
        0 => fill(&calendar.today, &values),
        1 => fill(&calendar.tomorrow, &values),
        _ => fill(&calendar.date, &values),
    }
}

/// A date and a time, e.g. "Tuesday, November 24 at 9:00 AM".
pub fn moment(language: Language, at: NaiveDateTime, today: NaiveDate) -> String {
    let calendar = &phrase_file(language).calendar;
    let pattern = if at.time().hour12().1 == 1 { &calendar.moment_at_one } else { &calendar.moment };
    fill(pattern, &[("date", &date(language, at.date(), today)), ("time", &time(language, at.time()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_times_as_people_do() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        let all = |text: &str| Language::ALL.map(|language| moment(language, at(text), today));
        assert_eq!(
            all("2026-11-24T09:00:00"),
            [
                "Tuesday, November 24 at 9:00 AM",
                "el martes 24 de noviembre a las 9:00 a. m.",
                "11月24日（周二）上午9:00"
            ]
        );
        assert_eq!(
            all("2026-11-21T13:30:00"),
            [
                "tomorrow, Saturday, November 21 at 1:30 PM",
                "mañana, sábado 21 de noviembre a la 1:30 p. m.",
                "明天11月21日（周六）下午1:30"
            ]
        );
        assert_eq!(time(Language::Zh, NaiveTime::from_hms_opt(12, 0, 0).unwrap()), "中午12:00");
    }
}
