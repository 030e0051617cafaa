//! What a customer's message means, as the built-in understanding or a hosted model fills it in.
//!
//! It says what the *customer* said. What it might say about the world (openings, prices, stages) has no field here.

use crate::handover::SensitiveTopic;
use crate::notifications::Topic;
use crate::{Language, Transport};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize, Serializer};

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Intent {
    Book,
    Reschedule,
    Cancel,
    Waitlist,
    LeaveWaitlist,
    Status,
    Price,
    Hours,
    Location,
    Question,
    Sales,
    Approve,
    Decline,
    Affirm,
    Negate,
    Choose,
    Details,
    Complaint,
    Human,
    OptOut,
    OptIn,
    /// No more messages of one kind, see [`Details::topic`].
    Mute,
    /// Messages of one kind are welcome.
    Unmute,
    Help,
    Greeting,
    Thanks,
    Goodbye,
    Repeat,
    Other,
}

/// One wish and how sure we are of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct IntentGuess {
    /// The wish.
    pub name: Intent,
    /// From 0 (a guess) to 1 (certain). Written with two decimals.
    #[serde(serialize_with = "two_decimals")]
    pub confidence: f32,
}

/// A part of the day. The hours it spans are the store's to say; see [`PartOfDay::span`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PartOfDay {
    Morning,
    Midday,
    Afternoon,
    Evening,
    Night,
}

impl PartOfDay {
    /// First minute of the day that counts, and the first that no longer does.
    pub fn span(self) -> (u32, u32) {
        match self {
            Self::Morning => (0, 12 * 60),
            Self::Midday => (11 * 60, 14 * 60),
            Self::Afternoon => (12 * 60, 18 * 60),
            Self::Evening => (16 * 60, 24 * 60),
            Self::Night => (18 * 60, 24 * 60),
        }
    }
}

/// Which of the things that were offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The n-th as listed, from 1.
    Nth(u8),
    /// The last as listed.
    Last,
    /// The earliest in time.
    Earliest,
    /// The latest in time.
    Latest,
    /// Any of them will do.
    Any,
}

/// A vehicle as somebody mentions it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VehicleMention {
    /// Model year, four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// Make in its usual Latin spelling ("Toyota"), also when it was written in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub make: Option<String>,
    /// Model in its usual spelling ("CR-V").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Number plate, capitals, without spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plate: Option<String>,
    /// Seventeen characters, capitals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vin: Option<String>,
    /// Whether the VIN's check digit is right (North American VINs must be; others may not be).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vin_valid: Option<bool>,
    /// What the odometer shows, in the unit that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mileage: Option<u32>,
}

impl VehicleMention {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The particulars that were mentioned. Dates and times are the store's local ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The day, or the first day of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// The last day of a range, inclusive ("next week", "Monday to Wednesday").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_end: Option<NaiveDate>,
    /// Days that will not do ("not Thursday").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_dates: Vec<NaiveDate>,
    /// The time of day.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::hours::clock")]
    pub time: Option<NaiveTime>,
    /// "After three": not earlier than this.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::hours::clock")]
    pub time_after: Option<NaiveTime>,
    /// "Before noon": not later than this.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::hours::clock")]
    pub time_before: Option<NaiveTime>,
    /// "In the morning".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of_day: Option<PartOfDay>,
    /// "As soon as possible", "whenever you have something".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub soonest: bool,
    /// Id of the menu item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Ids of further menu items named in the same message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more_services: Vec<String>,
    /// What is wrong with the car, in the customer's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concern: Option<String>,
    /// The car.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<VehicleMention>,
    /// The customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A phone number, E.164 where the country is clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Which of the things offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// Whether the work comes on top of what was named before ("and also a wash").
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub adds: bool,
    /// How the customer wants to get about while the car is here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<Transport>,
    /// Where the car is to be fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Id of the advisor asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advisor: Option<String>,
    /// Ids of the proposed lines that the customer agrees to; see [`Context::proposed`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approved: Vec<String>,
    /// Ids of the proposed lines that the customer refuses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<String>,
    /// Ids of the proposed lines that are named without a clear yes or no ("how much are the brakes alone?").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentioned: Vec<String>,
    /// Which messages are not wanted any more, or are welcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// 1 to 5, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// What the customer says about a visit, in their words, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl Details {
    /// Whether anything was said about when.
    pub fn has_when(&self) -> bool {
        self.date.is_some()
            || self.time.is_some()
            || self.time_after.is_some()
            || self.time_before.is_some()
            || self.part_of_day.is_some()
            || self.soonest
            || !self.not_dates.is_empty()
    }

    /// Whether anything was said about proposed work.
    pub fn has_lines(&self) -> bool {
        !self.approved.is_empty() || !self.declined.is_empty() || !self.mentioned.is_empty()
    }
}

/// How the customer feels, as far as the words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Mood {
    Happy,
    #[default]
    Calm,
    Upset,
    Angry,
}

/// Who understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Source {
    #[default]
    #[serde(rename = "built-in")]
    BuiltIn,
    #[serde(rename = "model")]
    Model,
}

/// What a message means.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Understanding {
    /// The language it is written in; the conversation's when the words do not tell.
    pub language: Language,
    /// What is wanted, surest first; several wishes in one message are several entries.
    pub intents: Vec<IntentGuess>,
    /// The particulars.
    pub details: Details,
    /// How the customer feels.
    pub mood: Mood,
    /// What the AI had better not speak about; found by rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sensitive: Vec<SensitiveTopic>,
    /// Who understood.
    pub source: Source,
}

impl Understanding {
    /// Whether this is among what is wanted.
    pub fn wants(&self, intent: Intent) -> bool {
        self.intents.iter().any(|guess| guess.name == intent)
    }

    /// How sure it is that this is wanted; 0 when it is not among what is wanted.
    pub fn confidence(&self, intent: Intent) -> f32 {
        self.intents.iter().find(|guess| guess.name == intent).map_or(0.0, |guess| guess.confidence)
    }

    /// The surest wish.
    pub fn first(&self) -> Option<Intent> {
        self.intents.first().map(|guess| guess.name)
    }
}

/// What was asked last, so that a short answer means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// What the car needs.
    Service,
    /// Which car it is.
    Vehicle,
    /// How the customer wants to get about meanwhile.
    Transport,
    /// Where the car is to be fetched.
    Address,
    /// Which day or time would suit.
    When,
    /// Which of the openings offered.
    Opening,
    /// What the customer's name is.
    Name,
    /// Whether what was summed up is right.
    Confirm,
    /// Which of the customer's appointments is meant.
    Appointment,
    /// Whether anything else is needed, or another open question.
    Anything,
    /// Whether "cancel" meant the appointment or the messages.
    CancelOrStop,
    /// Whether a person should take over.
    Person,
    /// How it was, from 1 to 5.
    Rating,
    /// What was good or bad about it.
    Comment,
    /// Which of the proposed work may be done.
    Approval,
    /// When a call back would suit.
    CallBack,
}

/// A line of work that waits for the customer's word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedLine {
    /// Id of the operation.
    pub id: String,
    /// What it is called on the order.
    pub name: String,
    /// Id of the menu item that it is.
    #[serde(default)]
    pub service: Option<String>,
}

/// What understanding is given besides the text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// The store's local time.
    pub now: NaiveDateTime,
    /// The conversation's language so far, or the store's.
    pub language: Language,
    /// What was asked last.
    pub asked: Option<Asked>,
    /// Starts of the openings or appointments that were listed, as listed; the store's local time.
    pub offered: Vec<NaiveDateTime>,
    /// The day under discussion ("the day after", "later that day").
    pub around: Option<NaiveDate>,
    /// The store's advisors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub advisors: Vec<Named>,
    /// The work that waits for the customer's word, as it was listed.
    pub proposed: Vec<ProposedLine>,
}

/// Something that the customer may call by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Named {
    pub id: String,
    pub name: String,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference to the field
fn two_decimals<S: Serializer>(confidence: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((f64::from(*confidence) * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_written_as_the_api_promises() {
        let details = Details {
            date: NaiveDate::from_ymd_opt(2026, 11, 24),
            time: NaiveTime::from_hms_opt(15, 0, 0),
            choice: Some(Choice::Nth(2)),
            part_of_day: Some(PartOfDay::Afternoon),
            ..Details::default()
        };
        let json = serde_json::to_value(&details).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"date": "2026-11-24", "time": "15:00", "part_of_day": "afternoon", "choice": {"nth": 2}})
        );
        assert_eq!(serde_json::from_value::<Details>(json).unwrap(), details);
    }
}
