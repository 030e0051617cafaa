//! What there is to tell, and what a customer must have agreed to for it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a customer must have agreed to. The classes are those of CTIA's Messaging Principles and Best Practices (2023,
/// section 5.1); docs/notifications.md says what law stands behind each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// It answers what the customer has just done; whoever acts is awake. Only STOP forbids it.
    Conversational,
    /// It is about the customer's own appointment or car. It keeps to the hours for texting.
    Informational,
    /// It wants to sell something. It keeps to the hours for texting and needs a recorded opt-in.
    Promotional,
}

impl Class {
    /// Its name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conversational => "conversational",
            Self::Informational => "informational",
            Self::Promotional => "promotional",
        }
    }

    /// The class of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Conversational, Self::Informational, Self::Promotional].into_iter().find(|class| class.as_str() == name)
    }
}

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An appointment is made.
    Booked,
    /// An appointment has another time.
    Moved,
    /// An appointment is called off, by somebody else than the customer.
    Cancelled,
    /// The appointment is tomorrow.
    #[serde(rename = "reminder_24h")]
    Reminder24h,
    /// The appointment is in two hours.
    #[serde(rename = "reminder_2h")]
    Reminder2h,
    /// An earlier time has become free.
    WaitlistOffer,
    /// The car is checked in.
    Arrived,
    /// The work has come further.
    Stage,
    /// More work is needed: an estimate to approve or decline.
    AddedWork,
    /// The customer's answer about that work, as it was recorded on the phone or on the page.
    Authorization,
    /// It will cost something else.
    CostChange,
    /// It will be ready at another time.
    PromisedTime,
    /// The car can be picked up.
    Ready,
    /// The car was picked up.
    PickedUp,
    /// How was it?
    Satisfaction,
    /// Regular work is due again.
    MaintenanceDue,
    /// Work that was declined then may be wanted now.
    DeclinedWork,
    /// The customer did not come.
    NoShow,
    /// What a person of the store writes.
    Reply,
    /// A person is in the conversation from now on.
    PersonJoined,
    /// The assistant answers again.
    AssistantBack,
    /// Nobody has answered yet.
    NobodyYet,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 22] = [
        Self::Booked,
        Self::Moved,
        Self::Cancelled,
        Self::Reminder24h,
        Self::Reminder2h,
        Self::WaitlistOffer,
        Self::Arrived,
        Self::Stage,
        Self::AddedWork,
        Self::Authorization,
        Self::CostChange,
        Self::PromisedTime,
        Self::Ready,
        Self::PickedUp,
        Self::Satisfaction,
        Self::MaintenanceDue,
        Self::DeclinedWork,
        Self::NoShow,
        Self::Reply,
        Self::PersonJoined,
        Self::AssistantBack,
        Self::NobodyYet,
    ];

    /// Its name in the database, the API and the store's profile.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
            Self::Reminder24h => "reminder_24h",
            Self::Reminder2h => "reminder_2h",
            Self::WaitlistOffer => "waitlist_offer",
            Self::Arrived => "arrived",
            Self::Stage => "stage",
            Self::AddedWork => "added_work",
            Self::Authorization => "authorization",
            Self::CostChange => "cost_change",
            Self::PromisedTime => "promised_time",
            Self::Ready => "ready",
            Self::PickedUp => "picked_up",
            Self::Satisfaction => "satisfaction",
            Self::MaintenanceDue => "maintenance_due",
            Self::DeclinedWork => "declined_work",
            Self::NoShow => "no_show",
            Self::Reply => "reply",
            Self::PersonJoined => "person_joined",
            Self::AssistantBack => "assistant_back",
            Self::NobodyYet => "nobody_yet",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Its class. Where a person of the store, rather than the customer, booked or moved something, whoever writes the
    /// notice makes it informational.
    pub fn class(self) -> Class {
        match self {
            Self::Booked
            | Self::Moved
            | Self::Cancelled
            | Self::Arrived
            | Self::Authorization
            | Self::PickedUp
            | Self::Reply
            | Self::PersonJoined
            | Self::AssistantBack
            | Self::NobodyYet => Class::Conversational,
            Self::Reminder24h
            | Self::Reminder2h
            | Self::WaitlistOffer
            | Self::Stage
            | Self::AddedWork
            | Self::CostChange
            | Self::PromisedTime
            | Self::Ready
            | Self::Satisfaction
            | Self::NoShow => Class::Informational,
            Self::MaintenanceDue | Self::DeclinedWork => Class::Promotional,
        }
    }

    /// Whether the assistant would begin to talk with the customer by it, or ask something. While a person holds the
    /// conversation it waits: two voices at once confuse, and nobody would hear the answer. What only tells of the customer's
    /// own appointment or car goes on, and so does what people themselves have the customer asked about added work.
    pub fn begins_a_talk(self) -> bool {
        matches!(
            self,
            Self::WaitlistOffer | Self::Satisfaction | Self::MaintenanceDue | Self::DeclinedWork | Self::NoShow
        )
    }

    /// What makes it the same message as another one: an outbox takes each key once. `subject` is the id of the
    /// appointment, repair order or customer that it is about.
    pub fn dedupe_key(self, subject: &str, event: DateTime<Utc>) -> String {
        format!("{}:{subject}:{}", self.as_str(), event.timestamp_millis())
    }
}

/// What a customer can be spared without being spared everything: "no more ads, please".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Whatever is promotional.
    Ads,
    /// Reminders of appointments and of work that is due.
    Reminders,
    /// Questions about how it was.
    Surveys,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 3] = [Self::Ads, Self::Reminders, Self::Surveys];

    /// Its name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ads => "ads",
            Self::Reminders => "reminders",
            Self::Surveys => "surveys",
        }
    }

    /// The topic of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == name)
    }

    /// Whether a message of this kind and class is about it.
    pub fn covers(self, kind: Option<Kind>, class: Class) -> bool {
        match self {
            Self::Ads => class == Class::Promotional,
            Self::Reminders => {
                matches!(kind, Some(Kind::Reminder24h | Kind::Reminder2h | Kind::MaintenanceDue | Kind::DeclinedWork))
            }
            Self::Surveys => kind == Some(Kind::Satisfaction),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_everywhere() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(Kind::from_name(kind.as_str()), Some(kind));
        }
        for topic in Topic::ALL {
            assert_eq!(serde_json::to_value(topic).unwrap(), topic.as_str());
        }
        assert_eq!(Class::from_name("promotional"), Some(Class::Promotional));
    }

    #[test]
    fn topics_spare_what_their_name_says() {
        let spared = |topic: Topic| {
            let kinds = Kind::ALL.into_iter().filter(|kind| topic.covers(Some(*kind), kind.class()));
            kinds.map(Kind::as_str).collect::<Vec<_>>()
        };
        assert_eq!(spared(Topic::Ads), ["maintenance_due", "declined_work"]);
        assert_eq!(spared(Topic::Reminders), ["reminder_24h", "reminder_2h", "maintenance_due", "declined_work"]);
        assert_eq!(spared(Topic::Surveys), ["satisfaction"]);
    }
}
