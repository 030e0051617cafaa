//! The pages' words: one file of phrases per language.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use lanekeeper_conversation::{CarLabel, phrases};
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::{Language, Store};
use std::collections::BTreeMap;
use std::sync::OnceLock;

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
        let (file, text) = match language {
            Language::En => (&FILES[0], include_str!("../phrases/en.json")),
            Language::Es => (&FILES[1], include_str!("../phrases/es.json")),
            Language::Zh => (&FILES[2], include_str!("../phrases/zh.json")),
        };
        // A test reads every file: a broken one does not get this far.
        Self { language, phrases: file.get_or_init(|| serde_json::from_str(text).unwrap_or_default()) }
    }

    /// The language as HTML names it.
    pub fn tag(self) -> &'static str {
        match self.language {
            Language::Zh => "zh-Hans",
            other => other.code(),
        }
    }

    /// The phrase with this key.
    pub fn say(self, key: &str) -> &'static str {
        self.phrases.get(key).map_or("", String::as_str)
    }

    /// The phrase with this key, filled in.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        phrases::fill(self.say(key), values)
    }

    /// A date as a title, e.g. "Tuesday, November 24".
    pub fn day(self, date: NaiveDate) -> String {
        capitalised(&self.fill("day", &self.parts_of(date, &date.day().to_string())))
    }

    /// An instant on the store's clocks as a title, e.g. "Tuesday, November 24 at 9:00 AM".
    pub fn day_time(self, store: &Store, at: DateTime<Utc>) -> String {
        let local = store.local(at);
        let (day, time) = (local.day().to_string(), self.time(local.time()));
        let [weekday, month, day] = self.parts_of(local.date(), &day);
        capitalised(&self.fill("day_time", &[weekday, month, day, ("time", &time)]))
    }

    /// A time of day, e.g. "9:00 AM", that stays on one line.
    pub fn time(self, time: NaiveTime) -> String {
        phrases::time(self.language, time).replace(' ', "\u{a0}")
    }

    /// The day of the week in few letters, e.g. "Tue".
    pub fn short_weekday(self, date: NaiveDate) -> String {
        self.short(phrases::weekday(self.language, date))
    }

    /// The month in few letters, e.g. "Nov".
    pub fn short_month(self, date: NaiveDate) -> String {
        self.short(phrases::month(self.language, date))
    }

    /// The work of an appointment, e.g. "Oil change + Tire rotation".
    pub fn work(self, store: &Store, appointment: &Appointment) -> String {
        let name = |id: &String| store.service(id).map_or_else(|| id.clone(), |it| it.name(self.language).to_owned());
        let names: Vec<String> = appointment.services.iter().map(name).collect();
        capitalised(&names.join(" + "))
    }

    /// The car of an appointment, e.g. "2019 Honda CR-V".
    pub fn car(self, store: &Store, appointment: &Appointment) -> Option<String> {
        let label = CarLabel::of(appointment.vehicle.as_ref()?)?;
        Some(phrases::car(&label, store, self.language))
    }

    /// What to bring to an appointment.
    pub fn bring(self, store: &Store, appointment: &Appointment) -> Vec<String> {
        let services = appointment.services.iter().filter_map(|id| store.service(id));
        services.filter_map(|service| service.bring.get(&self.language).cloned()).collect()
    }

    fn parts_of(self, date: NaiveDate, day: &str) -> [(&'static str, &str); 3] {
        [
            ("weekday", phrases::weekday(self.language, date)),
            ("month", phrases::month(self.language, date)),
            ("day", day),
        ]
    }

    /// Three letters of an alphabet; Chinese names of days and months are short already.
    fn short(self, name: &str) -> String {
        let letters = if self.language == Language::Zh { usize::MAX } else { 3 };
        capitalised(&name.chars().take(letters).collect::<String>())
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanekeeper_domain::Transport;
    use lanekeeper_domain::repair_order::Stage;

    fn names(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> = text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_has_every_phrase() {
        let english = Words::of(Language::En).phrases;
        assert!(!english.is_empty());
        for language in [Language::Es, Language::Zh] {
            let phrases = Words::of(language).phrases;
            assert!(phrases.keys().eq(english.keys()), "{language:?} differs in its keys");
            for (key, phrase) in phrases {
                assert_eq!(names(phrase), names(&english[key]), "{language:?} {key}");
            }
        }
    }

    #[test]
    fn every_way_to_get_about_and_every_stage_has_words() {
        let english = Words::of(Language::En);
        let ways = Transport::ALL.map(|transport| format!("transport_{}", transport.as_str()));
        let stages = Stage::ALL.map(|stage| format!("stage_{}", stage.as_str()));
        assert!(ways.iter().chain(&stages).all(|key| !english.say(key).is_empty()));
    }

    #[test]
    fn names_days_as_people_do() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let all = |name: fn(Words, NaiveDate) -> String| Language::ALL.map(|language| name(Words::of(language), date));
        assert_eq!(all(Words::day), ["Tuesday, November 24", "Martes 24 de noviembre", "11月24日 周二"]);
        assert_eq!(all(Words::short_weekday), ["Tue", "Mar", "周二"]);
        assert_eq!(all(Words::short_month), ["Nov", "Nov", "11月"]);
    }
}
