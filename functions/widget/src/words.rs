//! The widget's own words: one file per language.

use lanekeeper_domain::Language;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// The language.
    pub language: Language,
    words: &'static BTreeMap<String, String>,
}

impl Words {
    /// The words of this language.
    pub fn of(language: Language) -> Self {
        static FILES: [OnceLock<BTreeMap<String, String>>; 3] = [const { OnceLock::new() }; 3];
        let (file, text) = match language {
            Language::En => (&FILES[0], include_str!("../words/en.json")),
            Language::Es => (&FILES[1], include_str!("../words/es.json")),
            Language::Zh => (&FILES[2], include_str!("../words/zh.json")),
        };
        // A test reads every file: a broken one does not get this far.
        Self { language, words: file.get_or_init(|| serde_json::from_str(text).unwrap_or_default()) }
    }

    /// The language as HTML names it.
    pub fn tag(self) -> &'static str {
        match self.language {
            Language::Zh => "zh-Hans",
            other => other.code(),
        }
    }

    /// The words with this key.
    pub fn say(self, key: &str) -> &'static str {
        self.words.get(key).map_or("", String::as_str)
    }

    /// All of them, for the frame.
    pub fn all(self) -> &'static BTreeMap<String, String> {
        self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_words() {
        let keys = Language::ALL.map(|language| Words::of(language).all().keys().collect::<Vec<_>>());
        assert!(keys[0].len() > 20);
        assert_eq!(keys[0], keys[1]);
        assert_eq!(keys[0], keys[2]);
    }
}
