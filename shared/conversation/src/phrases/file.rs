//! Phrase files: one per language, read once.

use lanekeeper_domain::{Language, Store};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A language's words.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PhraseFile {
    /// How days and times are written.
    pub calendar: Calendar,
    /// Templates by key; `{placeholders}` are filled in.
    pub phrases: BTreeMap<String, String>,
}

/// How days and times are written.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Calendar {
    /// Monday to Sunday.
    pub weekdays: Vec<String>,
    /// January to December.
    pub months: Vec<String>,
    /// `{weekday}`, `{month}`, `{day}`.
    pub date: String,
    /// The same for a date that is today.
    pub today: String,
    /// The same for a date that is tomorrow.
    pub tomorrow: String,
    /// `{hour}` (1 to 12), `{minute}` (two digits), `{part}`.
    pub time: String,
    /// From which hour of the day on `{part}` is what.
    pub parts: Vec<(u32, String)>,
    /// `{date}` and `{time}` together.
    pub moment: String,
    /// The same at one o'clock, where grammar differs.
    pub moment_at_one: String,
}

/// The words of this language.
pub fn phrase_file(language: Language) -> &'static PhraseFile {
    static EN: OnceLock<PhraseFile> = OnceLock::new();
    static ES: OnceLock<PhraseFile> = OnceLock::new();
    static ZH: OnceLock<PhraseFile> = OnceLock::new();
    let (cell, text) = match language {
        Language::En => (&EN, include_str!("../../phrases/en.json")),
        Language::Es => (&ES, include_str!("../../phrases/es.json")),
        Language::Zh => (&ZH, include_str!("../../phrases/zh.json")),
    };
    // A test reads every file: a broken one does not get this far.
    cell.get_or_init(|| serde_json::from_str(text).unwrap_or_default())
}

/// The template with this key: the store's own, else ours.
pub fn template<'a>(store: &'a Store, language: Language, key: &str) -> &'a str {
    let own = store.phrases.get(&language).and_then(|phrases| phrases.get(key));
    own.or_else(|| phrase_file(language).phrases.get(key)).map_or("", String::as_str)
}

/// Fills `{placeholders}`; one that is not given becomes empty. Values are taken as they are: braces in them mean nothing.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        text.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_phrase() {
        let english: PhraseFile = serde_json::from_str(include_str!("../../phrases/en.json")).unwrap();
        for (language, text) in [
            (Language::Es, include_str!("../../phrases/es.json")),
            (Language::Zh, include_str!("../../phrases/zh.json")),
        ] {
            let file: PhraseFile = serde_json::from_str(text).unwrap();
            assert!(file.phrases.keys().eq(english.phrases.keys()), "{language:?} differs in its keys");
            assert_eq!((file.calendar.weekdays.len(), file.calendar.months.len()), (7, 12));
            for (key, template) in &file.phrases {
                let names = |text: &str| {
                    let mut names: Vec<String> =
                        text.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned()).collect();
                    names.sort();
                    names.dedup();
                    names
                };
                assert_eq!(names(template), names(&english.phrases[key]), "{language:?} {key}");
            }
        }
    }

    #[test]
    fn no_phrase_asks_to_reply_cancel() {
        // A bare CANCEL opts out by convention.
        for language in Language::ALL {
            for (key, template) in &phrase_file(language).phrases {
                assert!(!template.contains("CANCEL"), "{language:?} {key}");
            }
        }
    }

    #[test]
    fn fills_placeholders_and_leaves_values_alone() {
        assert_eq!(fill("{a} and {b}{c}.", &[("a", "{b}"), ("b", "x")]), "{b} and x.");
        assert_eq!(fill("open {", &[]), "open {");
    }
}
