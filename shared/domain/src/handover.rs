//! When a person is better than the AI: the section `handover` of a store's profile.

mod deadline;
mod routing;

pub use routing::{Colleague, Route, Waiting, route};

use crate::understanding::Mood;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the AI had better not speak about. It is found by rule, never by a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SensitiveTopic {
    /// The customer complains.
    Complaint,
    /// The customer wants money back.
    Refund,
    /// Somebody was hurt.
    Injury,
    /// A lawyer, a court, an authority.
    Legal,
    /// Card numbers and the like, which do not belong into a text.
    PaymentData,
}

impl SensitiveTopic {
    /// Every topic.
    pub const ALL: [Self; 5] = [Self::Complaint, Self::Refund, Self::Injury, Self::Legal, Self::PaymentData];
}

/// Why a person takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The customer asked for one.
    Asked,
    /// The customer complains.
    Complaint,
    /// The customer wants money back.
    Refund,
    /// Somebody was hurt.
    Injury,
    /// A lawyer, a court, an authority.
    Legal,
    /// Card numbers and the like.
    PaymentData,
    /// The customer is in no good mood.
    Mood,
    /// It is about buying a car.
    Sales,
    /// A word that the store wants to hear itself.
    Keyword,
    /// A question that we have no answer to.
    Question,
    /// We are not sure enough what is meant.
    Confidence,
    /// The customer was not content with a visit.
    Satisfaction,
    /// Too many rounds in a row got nothing further.
    Unresolved,
    /// The customer does not answer about added work.
    Authorization,
}

impl Reason {
    /// Its name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Complaint => "complaint",
            Self::Refund => "refund",
            Self::Injury => "injury",
            Self::Legal => "legal",
            Self::PaymentData => "payment_data",
            Self::Mood => "mood",
            Self::Sales => "sales",
            Self::Keyword => "keyword",
            Self::Question => "question",
            Self::Confidence => "confidence",
            Self::Satisfaction => "satisfaction",
            Self::Unresolved => "unresolved",
            Self::Authorization => "authorization",
        }
    }

    /// The reason that a sensitive topic is.
    pub fn of(topic: SensitiveTopic) -> Self {
        match topic {
            SensitiveTopic::Complaint => Self::Complaint,
            SensitiveTopic::Refund => Self::Refund,
            SensitiveTopic::Injury => Self::Injury,
            SensitiveTopic::Legal => Self::Legal,
            SensitiveTopic::PaymentData => Self::PaymentData,
        }
    }

    /// Its place in the queue of those who wait for a person, from 0: the highest comes first.
    pub fn priority(self, mood: Mood) -> u32 {
        let heat = match mood {
            Mood::Angry => 40,
            Mood::Upset => 20,
            Mood::Calm | Mood::Happy => 0,
        };
        let weight = match self {
            Self::Injury => 60,
            Self::Legal => 50,
            Self::Complaint | Self::Refund => 30,
            // A car stands on the lift.
            Self::Authorization => 25,
            Self::PaymentData | Self::Satisfaction => 20,
            Self::Sales => 15,
            Self::Asked | Self::Mood | Self::Keyword => 10,
            Self::Question | Self::Confidence | Self::Unresolved => 5,
        };
        heat + weight
    }
}

/// What a conversation is about, for who is to answer it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TalkTopic {
    /// An appointment: to be made, moved or cancelled.
    Appointment,
    /// A car that is in the workshop.
    Work,
    /// What something costs.
    Price,
    /// Buying a car.
    Sales,
    /// Something went wrong.
    Complaint,
    /// Anything else.
    Question,
}

impl TalkTopic {
    /// Every topic.
    pub const ALL: [Self; 6] =
        [Self::Appointment, Self::Work, Self::Price, Self::Sales, Self::Complaint, Self::Question];

    /// Its name in the database and the profile.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Appointment => "appointment",
            Self::Work => "work",
            Self::Price => "price",
            Self::Sales => "sales",
            Self::Complaint => "complaint",
            Self::Question => "question",
        }
    }

    /// The topic of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == name)
    }
}

/// What customers are told who want a person while the store is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterHours {
    /// When people are back.
    #[default]
    PromiseOpening,
    /// That the message is taken, and no time.
    TakeMessage,
    /// When people are back, and whether to be called then.
    OfferCallBack,
}

/// The section `handover` of a store's profile. What is left out has a default. A plain wish for a person always counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Handover {
    /// From which mood on a person takes over: `angry` or `upset`; `None` for no mood.
    pub mood: Option<Mood>,
    /// After how many rounds in a row that got nothing further.
    pub unresolved_rounds: u8,
    /// Which topics.
    pub topics: BTreeSet<SensitiveTopic>,
    /// Whether people answer who want to buy a car.
    pub sales: bool,
    /// Below which certainty, in percent, of what is meant; 0 asks again instead.
    pub least_confidence: u8,
    /// Words of the store's own.
    pub keywords: Vec<String>,
    /// What is said while the store is closed.
    pub after_hours: AfterHours,
    /// After how many minutes of opening hours without an answer the customer is told so, and the next person alerted.
    pub answer_within_minutes: u32,
    /// How many conversations one person may have at once before others are asked first.
    pub most_per_person: u32,
    /// Who answers what; the first route that fits counts. Everybody, where none does.
    pub routes: Vec<Route>,
}

impl Default for Handover {
    fn default() -> Self {
        Self {
            mood: Some(Mood::Angry),
            unresolved_rounds: 5,
            topics: SensitiveTopic::ALL.into(),
            sales: true,
            least_confidence: 0,
            keywords: Vec::new(),
            after_hours: AfterHours::default(),
            answer_within_minutes: 10,
            most_per_person: 8,
            routes: Vec::new(),
        }
    }
}

impl Handover {
    /// Whether a customer in this mood is better off with a person.
    pub fn covers_mood(&self, mood: Mood) -> bool {
        self.mood.is_some_and(|threshold| mood >= threshold)
    }

    /// Whether one of the store's own words is in this text.
    pub fn has_keyword(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.keywords.iter().any(|keyword| contains_word(&text, &keyword.trim().to_lowercase()))
    }

    /// What is wrong with the section, if anything: the field and the reason.
    pub fn problem(&self) -> Option<String> {
        let within = |field: &str, value: u32, least: u32, most: u32| {
            (!(least..=most).contains(&value)).then(|| format!("{field}: must be {least} to {most}"))
        };
        let mood = self.mood.filter(|mood| *mood < Mood::Upset).map(|_| "mood: must be upset or angry".to_owned());
        let blank = self.keywords.iter().position(|keyword| keyword.trim().is_empty());
        let mut routes = self.routes.iter().enumerate();
        mood.or_else(|| within("unresolved_rounds", self.unresolved_rounds.into(), 2, 20))
            .or_else(|| within("least_confidence", self.least_confidence.into(), 0, 100))
            .or_else(|| blank.map(|place| format!("keywords[{place}]: is empty")))
            .or_else(|| {
                within("keywords", self.keywords.len() as u32, 0, 200).map(|_| "keywords: are more than 200".to_owned())
            })
            .or_else(|| within("answer_within_minutes", self.answer_within_minutes, 1, 480))
            .or_else(|| within("most_per_person", self.most_per_person, 1, 100))
            .or_else(|| routes.find_map(|(place, route)| Some(format!("routes[{place}].{}", route.problem()?))))
    }
}

/// Whether the word stands in the text as a word of its own. Chinese leaves no spaces between words.
fn contains_word(text: &str, word: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_han(c));
    let whole = |at: usize| {
        let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        let (first, last) = (word.chars().next(), word.chars().next_back());
        !(joins(before) && joins(first) || joins(after) && joins(last))
    };
    !word.is_empty() && text.match_indices(word).any(|(at, _)| whole(at))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Handover {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_defaults_are_in_order() {
        assert_eq!((read("{}"), Handover::default().problem()), (Handover::default(), None));
        assert_eq!(Handover::default().unresolved_rounds, 5);
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        let problem = |json| read(json).problem().unwrap();
        assert_eq!(problem(r#"{"mood": "calm"}"#), "mood: must be upset or angry");
        assert_eq!(problem(r#"{"unresolved_rounds": 1}"#), "unresolved_rounds: must be 2 to 20");
        assert_eq!(problem(r#"{"least_confidence": 101}"#), "least_confidence: must be 0 to 100");
        assert_eq!(problem(r#"{"keywords": ["tow", " "]}"#), "keywords[1]: is empty");
        assert_eq!(problem(r#"{"answer_within_minutes": 0}"#), "answer_within_minutes: must be 1 to 480");
        assert_eq!(problem(r#"{"routes": [{"to": []}]}"#), "routes[0].to: names nobody");
        assert_eq!(
            problem(r#"{"routes": [{"to": ["a"], "area_codes": ["31"]}]}"#),
            "routes[0].area_codes: '31' is no area code"
        );
    }

    #[test]
    fn keywords_are_words() {
        let store = read(r#"{"keywords": ["Tow", "拖车", "warranty claim"]}"#);
        for text in ["I need a tow!", "TOW", "需要拖车吗", "about my warranty claim."] {
            assert!(store.has_keyword(text), "{text}");
        }
        for text in ["two cars", "towing?", "warranty", ""] {
            assert!(!store.has_keyword(text), "{text}");
        }
    }

    #[test]
    fn moods_count_from_the_threshold_on() {
        assert!(!Handover::default().covers_mood(Mood::Upset) && Handover::default().covers_mood(Mood::Angry));
        assert!(read(r#"{"mood": "upset"}"#).covers_mood(Mood::Upset));
        assert!(!read(r#"{"mood": null}"#).covers_mood(Mood::Angry));
    }

    #[test]
    fn who_is_hurt_comes_before_who_asks() {
        assert!(Reason::Injury.priority(Mood::Calm) > Reason::Asked.priority(Mood::Angry));
        assert!(Reason::Asked.priority(Mood::Angry) > Reason::Asked.priority(Mood::Calm));
    }
}
