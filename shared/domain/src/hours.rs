//! Opening hours: a week, and the days that differ from it. All times are the store's local ones.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// A stretch of the day, `07:30-18:00`; `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First minute of the day.
    pub opens: u32,
    /// First minute of the day that is no longer part of it.
    pub closes: u32,
}

impl Span {
    /// Whether this minute of the day is in it.
    pub fn contains(self, minute: u32) -> bool {
        (self.opens..self.closes).contains(&minute)
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (o, c) = (self.opens, self.closes);
        write!(f, "{:02}:{:02}-{:02}:{:02}", o / 60, o % 60, c / 60, c % 60)
    }
}

impl std::str::FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let minute = |clock: &str| -> Option<u32> {
            let (hour, minute) = clock.trim().split_once(':')?;
            let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
            (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
        };
        let (opens, closes) = text.split_once('-').ok_or_else(|| format!("'{text}' is not like 07:30-18:00"))?;
        let (Some(opens), Some(closes)) = (minute(opens), minute(closes)) else {
            return Err(format!("'{text}' has a time that no day has"));
        };
        if opens >= closes {
            return Err(format!("'{text}' closes before it opens"));
        }
        Ok(Self { opens, closes })
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A week of hours; a day that is not named is closed. Several spans a day leave a break between them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Week {
    pub mon: Vec<Span>,
    pub tue: Vec<Span>,
    pub wed: Vec<Span>,
    pub thu: Vec<Span>,
    pub fri: Vec<Span>,
    pub sat: Vec<Span>,
    pub sun: Vec<Span>,
}

impl Week {
    /// The hours of this day of the week.
    pub fn day(&self, weekday: Weekday) -> &[Span] {
        match weekday {
            Weekday::Mon => &self.mon,
            Weekday::Tue => &self.tue,
            Weekday::Wed => &self.wed,
            Weekday::Thu => &self.thu,
            Weekday::Fri => &self.fri,
            Weekday::Sat => &self.sat,
            Weekday::Sun => &self.sun,
        }
    }

    /// What is wrong with it, if anything: spans of one day must be in order and apart.
    pub fn problem(&self) -> Option<String> {
        let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        let wrong =
            days.into_iter().find(|day| self.day(*day).windows(2).any(|pair| pair[0].closes > pair[1].opens))?;
        Some(format!("{}: the spans overlap or are out of order", wrong.to_string().to_lowercase()))
    }
}

/// A store's hours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The usual week.
    pub week: Week,
    /// Days with other hours; none at all on a holiday.
    #[serde(default)]
    pub exceptions: BTreeMap<NaiveDate, Vec<Span>>,
}

impl Hours {
    /// The hours of this date; empty when closed.
    pub fn on(&self, date: NaiveDate) -> &[Span] {
        self.exceptions.get(&date).map_or_else(|| self.week.day(date.weekday()), Vec::as_slice)
    }

    /// Whether the store is open at this local time.
    pub fn open_at(&self, date: NaiveDate, time: NaiveTime) -> bool {
        let minute = time.hour() * 60 + time.minute();
        self.on(date).iter().any(|span| span.contains(minute))
    }

    /// What is wrong with them, if anything: spans of one day must be in order and apart.
    pub fn problem(&self) -> Option<String> {
        let week = || self.week.problem().map(|problem| format!("week.{problem}"));
        let exceptions = || {
            let mut days = self.exceptions.iter();
            let (date, _) = days.find(|(_, spans)| spans.windows(2).any(|pair| pair[0].closes > pair[1].opens))?;
            Some(format!("exceptions.{date}: the spans overlap or are out of order"))
        };
        week().or_else(exceptions)
    }
}

/// A time of day in JSON: `16:30`.
pub mod clock {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes it.
    #[allow(clippy::ref_option)] // serde hands over a reference to the field
    pub fn serialize<S: Serializer>(time: &Option<NaiveTime>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.collect_str(&time.format("%H:%M")),
            None => serializer.serialize_none(),
        }
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveTime>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        NaiveTime::parse_from_str(&text, "%H:%M").map(Some).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours() -> Hours {
        serde_json::from_value(serde_json::json!({
            "week": {"mon": ["07:30-12:00", "13:00-18:00"], "sat": ["08:00-14:00"]},
            "exceptions": {"2026-11-23": [], "2026-11-29": ["10:00-12:00"]},
        }))
        .unwrap()
    }

    #[test]
    fn exceptions_replace_the_week() {
        let (hours, date) = (hours(), |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap());
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        assert!(hours.open_at(date(16), at(7, 30)));
        assert!(!hours.open_at(date(16), at(12, 30)), "a break");
        assert!(!hours.open_at(date(16), at(18, 0)), "the end is not part of it");
        assert!(hours.on(date(23)).is_empty(), "a Monday that is a holiday");
        assert!(hours.open_at(date(29), at(11, 0)), "a Sunday that is open");
        assert!(hours.on(date(22)).is_empty());
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!("18:00-07:30".parse::<Span>().unwrap_err(), "'18:00-07:30' closes before it opens");
        assert!("07:30-30:00".parse::<Span>().unwrap_err().contains("no day has"));
        assert!("half past".parse::<Span>().is_err());
        let mut hours = hours();
        assert_eq!(hours.problem(), None);
        hours.week.mon.reverse();
        assert_eq!(hours.problem().as_deref(), Some("week.mon: the spans overlap or are out of order"));
    }
}
