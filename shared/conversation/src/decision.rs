//! What a decision says, changes and sends: all of it data, committed together.

use crate::act::Act;
use crate::handover::HandoverToPeople;
use crate::situation::State;
use crate::tasks::Task;
use chrono::{DateTime, NaiveDate, Utc};
use lanekeeper_domain::RepairOrder;
use lanekeeper_domain::notifications::{Class, Kind, Topic};
use lanekeeper_domain::openings::Opening;
use lanekeeper_domain::repair_order::{Actor, Event};
use lanekeeper_domain::understanding::{Asked, Mood, VehicleMention};
use lanekeeper_domain::waitlist::Waiting;
use lanekeeper_domain::{Language, Transport};
use serde::{Deserialize, Serialize};

/// The outcome of one turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What to say, in order; nothing at all when the AI is to be silent.
    pub say: Vec<Act>,
    /// Rows to write.
    pub changes: Vec<Change>,
    /// Messages to send later or apart from the reply.
    pub notices: Vec<Notice>,
    /// What the conversation remembers.
    pub state: State,
    /// The language to say it in, and the conversation's from now on.
    pub language: Language,
    /// The mood heard.
    pub mood: Mood,
}

/// The load of these dates is needed before a decision can be made. `except` is an appointment that would give up its
/// place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// First date.
    pub from: NaiveDate,
    /// Last date.
    pub until: NaiveDate,
    /// Id of the appointment that is about to be moved.
    pub except: Option<String>,
    /// The work that sister stores may be asked for: ids of menu items; none where they are not.
    pub of_sisters: Vec<String>,
}

/// A row to write.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The customer's name.
    Name(String),
    /// A new appointment.
    Book(Booking),
    /// Another time for an appointment.
    Move {
        /// Its id.
        appointment: String,
        /// The new time.
        to: Opening,
        /// Its work: ids of menu items.
        services: Vec<String>,
        /// How the customer gets about.
        transport: Option<Transport>,
    },
    /// Another car for an appointment.
    Car {
        /// Its id.
        appointment: String,
        /// The car.
        car: Car,
    },
    /// The end of an appointment.
    Cancel {
        /// Its id.
        appointment: String,
    },
    /// A place on the waitlist.
    JoinWaitlist {
        /// What is waited for.
        waiting: Box<Waiting>,
        /// Until when it makes sense.
        until: DateTime<Utc>,
    },
    /// The end of an entry of the waitlist.
    LeaveWaitlist {
        /// Its id.
        entry: String,
    },
    /// An opening that is held for somebody on the waitlist.
    HoldOpening {
        /// Id of the entry.
        entry: String,
        /// What it waits for.
        waiting: Box<Waiting>,
        /// The opening.
        opening: Opening,
        /// Until when it is held.
        until: DateTime<Utc>,
    },
    /// The opening that is held is taken: the booking or the move stands beside this in the decision.
    TakeOffer {
        /// Id of the entry.
        entry: String,
    },
    /// The opening that is held is given back, and the customer waits on.
    DeclineOffer {
        /// Id of the entry.
        entry: String,
    },
    /// Another state of a repair order.
    Order(Box<OrderChange>),
    /// A person is to take over.
    HandOver(Box<HandoverToPeople>),
    /// When a call back would suit, in the customer's words, and at which number, if they named one.
    CallBack {
        /// The words.
        words: String,
        /// In E.164.
        phone: Option<String>,
    },
    /// The customer wants no more messages of one kind, or agrees to them, in words of their own.
    Consent {
        /// Which.
        topic: Topic,
        /// Whether they are welcome.
        agreed: bool,
    },
    /// The customer says how it was.
    Rate {
        /// Id of the repair order it is about.
        repair_order: Option<String>,
        /// From 1 to 5.
        score: u8,
        /// In the customer's words.
        comment: Option<String>,
    },
    /// What the customer adds to what was said of it last.
    Comment(String),
    /// The customer wants no more messages on this line. The text says how that was expressed.
    OptOut(&'static str),
    /// The customer wants messages on this line again.
    OptIn(&'static str),
}

/// What happened to a repair order.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderChange {
    /// The order after it, with the version that it was loaded with.
    pub order: RepairOrder,
    /// What happened.
    pub event: Event,
    /// Who did it.
    pub actor: Actor,
}

/// A new appointment.
#[derive(Debug, Clone, PartialEq)]
pub struct Booking {
    /// The work: ids of menu items, the main one first.
    pub services: Vec<String>,
    /// What is wrong with the car, in the customer's words.
    pub concern: Option<String>,
    /// When, where and by whom.
    pub opening: Opening,
    /// How the customer gets about meanwhile.
    pub transport: Option<Transport>,
    /// Where the car is fetched.
    pub transport_address: Option<String>,
    /// The car.
    pub car: Car,
}

/// The car that an appointment is for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Car {
    /// Not known yet.
    #[default]
    Unknown,
    /// The customer did not say, though asked.
    Unsaid,
    /// One of the customer's cars, by id.
    Known(String),
    /// A car that is new to us.
    New(VehicleMention),
}

/// What a message is about: when its subject comes to nothing, so does the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The appointment that is booked by the same decision.
    Booked,
    /// The appointment with this id.
    Appointment(String),
    /// The repair order with this id.
    RepairOrder(String),
    /// The customer, and nothing that can come to an end.
    Customer,
}

/// Something that the customer is asked outside a turn: the next turn hears the answer in its light.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What was asked.
    pub asked: Asked,
    /// The task that hears the answer.
    pub task: Task,
}

/// A message that leaves apart from the reply. It says what happened; when it is sent, and whether at all, follows from
/// that (`lanekeeper_domain::notifications`).
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Why.
    pub kind: Kind,
    /// What the customer must have agreed to.
    pub class: Class,
    /// What it is about.
    pub subject: Subject,
    /// When that happens or happened: the start of the appointment for its reminders and for who did not come, the day
    /// on which regular work is due, and else the time of the change. A store tells of the same kind of event about the
    /// same subject at the same instant once.
    pub event: DateTime<Utc>,
    /// What it says.
    pub act: Act,
    /// What it asks.
    pub question: Option<Question>,
    /// Pointless after this, whatever its kind.
    pub until: Option<DateTime<Utc>>,
}

impl Notice {
    /// A message of the class that is usual for its kind.
    pub fn new(kind: Kind, subject: Subject, event: DateTime<Utc>, act: Act) -> Self {
        Self { kind, class: kind.class(), subject, event, act, question: None, until: None }
    }

    /// The same, where it is not the customer who has just asked for it: nobody waits for it, so it is not sent at night.
    #[must_use]
    pub fn by_the_store(self) -> Self {
        Self { class: self.class.max(Class::Informational), ..self }
    }

    /// The same, pointless after this instant.
    #[must_use]
    pub fn until(self, until: DateTime<Utc>) -> Self {
        Self { until: Some(until), ..self }
    }

    /// The same, with a question that the customer's next message may answer.
    #[must_use]
    pub fn asking(self, asked: Asked, task: Task) -> Self {
        Self { question: Some(Question { asked, task }), ..self }
    }
}
