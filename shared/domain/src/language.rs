//! The languages that customers are answered in.

use serde::{Deserialize, Serialize};

/// A language. A new one is a variant here, a phrase file and a lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
    /// Chinese, written in either script; answered in simplified characters.
    Zh,
}

impl Language {
    /// Every language, in the order of their codes.
    pub const ALL: [Self; 3] = [Self::En, Self::Es, Self::Zh];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Zh => "zh",
        }
    }

    /// The language of an ISO 639-1 code or a BCP 47 tag (`zh-Hans`, `es_MX`), if it is one of ours.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == primary)
    }
}
