//! The desk's words: a file of phrases per topic and language. A topic's keys begin with its name, or with that of a building
//! block (`nav_`, `error_`, `field_` …), so that two topics do not mean different things by one key; a test compares.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use lanekeeper_conversation::phrases;
use lanekeeper_domain::Language;
use lanekeeper_domain::staff::Role;
use lanekeeper_zones::Tz;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The files of one topic: English, Spanish, Chinese.
type Topic = [&'static str; 3];

macro_rules! topic {
    ($name:literal) => {
        [
            include_str!(concat!("../phrases/en/", $name, ".json")),
            include_str!(concat!("../phrases/es/", $name, ".json")),
            include_str!(concat!("../phrases/zh/", $name, ".json")),
        ]
    };
}

/// Every topic. To add one, write its three files and a line here.
const TOPICS: &[Topic] = &[
    topic!("common"),
    topic!("booking"),
    topic!("conversation"),
    topic!("day"),
    topic!("inbox"),
    topic!("orders"),
    topic!("staff"),
];

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// The language.
    pub language: Language,
    phrases: &'static BTreeMap<String, String>,
}

impl Words {
    /// The words of this language.
    pub fn of(language: Language) -> Self {
        static FILES: [OnceLock<BTreeMap<String, String>>; 3] = [const { OnceLock::new() }; 3];
        let place = match language {
            Language::En => 0,
            Language::Es => 1,
            Language::Zh => 2,
        };
        // A test reads every file: a broken one does not get this far.
        let read = || TOPICS.iter().flat_map(|topic| read(topic[place])).collect();
        Self { language, phrases: FILES[place].get_or_init(read) }
    }

    /// The language as HTML names it.
    pub fn tag(self) -> &'static str {
        match self.language {
            Language::Zh => "zh-Hans",
            other => other.code(),
        }
    }

    /// The phrase with this key; empty where there is none.
    pub fn say(self, key: &str) -> &'static str {
        self.phrases.get(key).map_or("", String::as_str)
    }

    /// The phrase with this key, filled in.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        phrases::fill(self.say(key), values)
    }

    /// What a role is called.
    pub fn role(self, role: Role) -> &'static str {
        self.say(&format!("role_{}", role.as_str()))
    }

    /// A time of day on the store's clocks, e.g. "9:00 AM".
    pub fn time(self, zone: Tz, at: DateTime<Utc>) -> String {
        phrases::time(self.language, at.with_timezone(&zone).time()).replace(' ', "\u{a0}")
    }

    /// A day on the store's clocks, e.g. "Tue, Nov 24"; with the year where it is another one than now.
    pub fn day(self, zone: Tz, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let (date, today) = (at.with_timezone(&zone).date_naive(), now.with_timezone(&zone).date_naive());
        let key = if date.year() == today.year() { "day" } else { "day_with_year" };
        let values = [
            ("weekday", self.short(phrases::weekday(self.language, date))),
            ("month", self.short(phrases::month(self.language, date))),
            ("day", date.day().to_string()),
            ("year", date.year().to_string()),
        ];
        self.fill(key, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    /// An instant in few words, as near as it is: today the time, in the week before the day too, else the date.
    pub fn moment(self, zone: Tz, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let days = (now.with_timezone(&zone).date_naive() - at.with_timezone(&zone).date_naive()).num_days();
        match days {
            0 => self.time(zone, at),
            -6..=6 => {
                let weekday = self.short(phrases::weekday(self.language, at.with_timezone(&zone).date_naive()));
                format!("{weekday} {}", self.time(zone, at))
            }
            _ => self.day(zone, at, now),
        }
    }

    /// How long something takes or has taken, in one unit, e.g. "12 min".
    pub fn span(self, span: TimeDelta) -> String {
        let minutes = span.num_minutes().max(0);
        let (key, number) = match minutes {
            0..60 => ("span_minutes", minutes),
            60..2880 => ("span_hours", minutes / 60),
            _ => ("span_days", minutes / 1440),
        };
        self.fill(key, &[("number", &number.to_string())])
    }

    /// Three letters of an alphabet; Chinese names of days and months are short already.
    fn short(self, name: &str) -> String {
        let letters = if self.language == Language::Zh { usize::MAX } else { 3 };
        let mut characters = name.chars().take(letters);
        characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
    }
}

fn read(text: &str) -> BTreeMap<String, String> {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanekeeper_domain::handling::CloseResult;
    use lanekeeper_domain::handover::{Reason, SensitiveTopic};
    use std::collections::BTreeSet;

    fn names(phrase: &str) -> BTreeSet<&str> {
        phrase.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_language_says_the_same_things() {
        let mut seen = BTreeSet::new();
        for topic in TOPICS {
            let [english, spanish, chinese] =
                topic.map(|text| serde_json::from_str::<BTreeMap<String, String>>(text).unwrap());
            for other in [spanish, chinese] {
                assert!(other.keys().eq(english.keys()), "{:?}", {
                    let keys = |map: &BTreeMap<String, String>| map.keys().cloned().collect::<BTreeSet<_>>();
                    keys(&other).symmetric_difference(&keys(&english)).cloned().collect::<Vec<_>>()
                });
                for (key, phrase) in &other {
                    assert_eq!(names(phrase), names(&english[key]), "{key}");
                    assert!(!phrase.is_empty(), "{key}");
                }
            }
            for key in english.into_keys() {
                assert!(seen.insert(key.clone()), "two topics have {key}");
            }
        }
    }

    #[test]
    fn roles_have_names() {
        for language in Language::ALL {
            assert!(Role::ALL.into_iter().all(|role| !Words::of(language).role(role).is_empty()));
        }
    }

    #[test]
    fn whatever_happens_to_a_conversation_has_words() {
        let reasons = [
            Reason::Asked,
            Reason::Mood,
            Reason::Sales,
            Reason::Keyword,
            Reason::Question,
            Reason::Confidence,
            Reason::Satisfaction,
            Reason::Unresolved,
            Reason::Authorization,
        ];
        let reasons = reasons.into_iter().chain(SensitiveTopic::ALL.map(Reason::of));
        let keys = reasons.map(|reason| format!("reason_{}", reason.as_str()));
        let results = CloseResult::ALL.map(|result| format!("result_{}", result.as_str()));
        let events = ["escalated", "call_back", "handed_over", "joined", "left"].map(|event| format!("event_{event}"));
        for key in keys.chain(results).chain(events) {
            assert!(!Words::of(Language::En).say(&key).is_empty(), "{key}");
        }
    }

    #[test]
    fn what_is_near_is_said_shortly() {
        let now = "2026-11-20T16:00:00Z".parse().unwrap();
        let zone = lanekeeper_zones::America::Chicago;
        let say = |at: &str| Language::ALL.map(|language| Words::of(language).moment(zone, at.parse().unwrap(), now));
        assert_eq!(say("2026-11-20T15:05:00Z"), ["9:05\u{a0}AM", "9:05\u{a0}a.\u{a0}m.", "上午9:05"]);
        assert_eq!(say("2026-11-18T15:05:00Z")[0], "Wed 9:05\u{a0}AM");
        assert_eq!(say("2026-10-05T15:05:00Z"), ["Mon, Oct 5", "Lun 5 Oct", "10月5日 周一"]);
        assert_eq!(say("2025-10-05T15:05:00Z")[0], "Sun, Oct 5, 2025");
        let span = |minutes| Words::of(Language::En).span(TimeDelta::minutes(minutes));
        assert_eq!([-3, 59, 60, 2879, 2880].map(span), ["0 min", "59 min", "1 h", "47 h", "2 d"]);
    }
}
