//! What a decision looks at.

use crate::act::Act;
use crate::decision::Question;
use crate::tasks::Task;
use chrono::{DateTime, NaiveDateTime, Utc};
use lanekeeper_domain::appointment::{Appointment, Customer};
use lanekeeper_domain::group::{GroupSettings, Sister};
use lanekeeper_domain::openings::{Load, Opening};
use lanekeeper_domain::repair_order::Operation;
use lanekeeper_domain::understanding::{Asked, Context, ProposedLine};
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::waitlist::Entry;
use lanekeeper_domain::{Language, RepairOrder, Store};
use serde::{Deserialize, Serialize};

/// Everything that a decision may depend on, besides the message and the time.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // facts that have nothing to do with one another
pub struct Situation<'a> {
    /// The store and its rules.
    pub store: &'a Store,
    /// What the conversation has come to.
    pub state: State,
    /// The conversation's language so far, or the store's.
    pub language: Language,
    /// What the customer wrote, as it came.
    pub words: &'a str,
    /// Whether a person holds the conversation.
    pub with_person: bool,
    /// Whether the customer has told us to stop.
    pub opted_out: bool,
    /// Whether the platform has itself confirmed a STOP or START, so that we must not.
    pub consent_confirmed: bool,
    /// Whether pictures or other files came with the message.
    pub pictures: bool,
    /// The customer.
    pub customer: Customer,
    /// The customer's cars.
    pub vehicles: Vec<Vehicle>,
    /// The customer's coming appointments, in order of time.
    pub appointments: Vec<Appointment>,
    /// The customer's open repair orders.
    pub repair_orders: Vec<RepairOrder>,
    /// What the customer waits for.
    pub waitlist: Vec<Entry>,
    /// What the customer was asked outside a turn since the last one, the earliest first.
    pub questions: Vec<Question>,
    /// What the store's group wants of its stores.
    pub group: GroupSettings,
    /// What is taken already, once it was asked for; see [`crate::Needs`].
    pub load: Option<Load>,
    /// The sister stores that were asked for with it.
    pub sisters: Vec<Sister>,
}

impl Situation<'_> {
    /// What understanding is to know of it.
    pub fn context(&self, now: DateTime<Utc>) -> Context {
        let local = |opening: &Opening| self.store.local(opening.start);
        let advisors = self.store.advisor_names();
        let listed = || self.state.listed.iter().filter_map(|id| self.appointment(id));
        if let Some(question) = self.standing_questions().last() {
            let around = question.task.day(self.store);
            let now = self.store.local(now);
            let proposed = self.proposed(Some(&question.task));
            return Context {
                now,
                language: self.language,
                asked: Some(question.asked),
                offered: Vec::new(),
                around,
                advisors,
                proposed,
            };
        }
        let offered: Vec<NaiveDateTime> = if self.state.offered.is_empty() {
            listed().map(|appointment| local(&appointment.opening)).collect()
        } else {
            self.state.offered.iter().map(local).collect()
        };
        let task = self.state.tasks.last();
        let around = task.and_then(|task| task.day(self.store));
        let (now, asked, proposed) = (self.store.local(now), self.state.asked, self.proposed(task));
        Context { now, language: self.language, asked, offered, around, advisors, proposed }
    }

    /// What was asked outside a turn and still waits for an answer.
    pub(crate) fn standing_questions(&self) -> impl DoubleEndedIterator<Item = &Question> {
        self.questions.iter().filter(|question| match &question.task {
            Task::Approve(approve) => self.order_with_open_lines(&approve.order).is_some(),
            _ => true,
        })
    }

    /// The customer's repair order with this id, if there is anything on it for the customer to decide.
    pub(crate) fn order_with_open_lines(&self, id: &str) -> Option<&RepairOrder> {
        self.repair_orders.iter().find(|order| order.id == id && order.open_lines().next().is_some())
    }

    /// The lines that words can mean: those that were asked about or, where nothing else is being done, any that wait.
    fn proposed(&self, task: Option<&Task>) -> Vec<ProposedLine> {
        let order = match task {
            Some(Task::Approve(approve)) => self.order_with_open_lines(&approve.order),
            Some(_) => None,
            None => self.repair_orders.iter().find(|order| order.open_lines().next().is_some()),
        };
        let lines = order.into_iter().flat_map(RepairOrder::open_lines);
        let line = |operation: &Operation| ProposedLine {
            id: operation.id.clone(),
            name: operation.name.clone(),
            service: operation.service.clone(),
        };
        lines.map(line).collect()
    }

    /// The customer's coming appointment with this id.
    pub fn appointment(&self, id: &str) -> Option<&Appointment> {
        self.appointments.iter().find(|appointment| appointment.id == id)
    }
}

/// What a conversation remembers from turn to turn.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// What is being done; the last hears the words first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// What was asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// The openings offered last, as listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Opening>,
    /// Starts of openings that were offered and did not suit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<DateTime<Utc>>,
    /// Ids of the appointments listed last, as listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<String>,
    /// Rounds in a row that got nothing further.
    pub unresolved: u8,
    /// Whether we have said who we are.
    pub introduced: bool,
    /// What was said last, to say it again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Act>,
    /// When the customer wrote last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}

impl State {
    /// What the AI remembers when people are done with the conversation: nothing that it asked or offered stands any more.
    /// Where the matter is `settled`, what was being done is over as well.
    #[must_use]
    pub fn after_people(self, settled: bool) -> Self {
        let tasks = self.tasks.into_iter().filter(|task| !settled && task.is_begun()).collect();
        Self { tasks, introduced: self.introduced, at: self.at, ..Self::default() }
    }
}
