//! What a person who takes over should know: put together from what was collected, without a model.

use crate::act::CarLabel;
use crate::decide::Turn;
use crate::phrases::{self, sentence};
use crate::tasks::Task;
use lanekeeper_domain::handover::{Reason, TalkTopic};
use lanekeeper_domain::understanding::Intent;
use serde::Serialize;

/// The most of the customer's words that are repeated, in characters.
const QUOTED: usize = 160;

/// What was collected, in the language of the store's people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// All of it in sentences.
    pub text: String,
    /// The work that is wanted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// What is wrong with the car, in the customer's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concern: Option<String>,
    /// When it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The car.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<String>,
    /// The customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the customer said last.
    pub said: String,
}

impl Turn<'_> {
    /// What the conversation is about.
    pub(crate) fn topic(&self, reason: Reason) -> TalkTopic {
        match reason {
            Reason::Sales => return TalkTopic::Sales,
            Reason::Authorization => return TalkTopic::Work,
            Reason::Complaint
            | Reason::Mood
            | Reason::Refund
            | Reason::Injury
            | Reason::Legal
            | Reason::Satisfaction => {
                return TalkTopic::Complaint;
            }
            _ => {}
        }
        let wanted = |intents: &[Intent]| intents.iter().any(|intent| self.understanding.wants(*intent));
        match self.state.tasks.last() {
            Some(Task::Approve(_)) => TalkTopic::Work,
            Some(Task::Price) => TalkTopic::Price,
            Some(Task::Book(_) | Task::Move(_) | Task::Cancel(_) | Task::TakeOffer(_)) => TalkTopic::Appointment,
            _ if wanted(&[Intent::Book, Intent::Reschedule, Intent::Cancel]) => TalkTopic::Appointment,
            _ if wanted(&[Intent::Status, Intent::Approve, Intent::Decline]) => TalkTopic::Work,
            _ if wanted(&[Intent::Price]) => TalkTopic::Price,
            _ => TalkTopic::Question,
        }
    }

    /// What is known so far.
    pub(crate) fn summary(&self) -> Summary {
        let (store, details) = (self.situation.store, &self.understanding.details);
        let book = self.state.tasks.iter().rev().find_map(|task| match task {
            Task::Book(book) => Some(book),
            _ => None,
        });
        let mentioned = details.service.iter().chain(&details.more_services);
        let services: Vec<&String> = match book {
            Some(book) if !book.services.is_empty() => book.services.iter().collect(),
            _ => mentioned.collect(),
        };
        let name_of =
            |id: &String| store.service(id).map_or(id.as_str(), |found| found.name(store.language)).to_owned();
        let car = book.and_then(|book| self.car_label(&book.car));
        let car = car.or_else(|| details.vehicle.as_ref().and_then(CarLabel::of_mention));
        let car = car.or_else(|| self.situation.vehicles.first().and_then(CarLabel::of));
        let mut summary = Summary {
            text: String::new(),
            services: services.into_iter().map(name_of).collect(),
            concern: book.and_then(|book| book.concern.clone()).or_else(|| details.concern.clone()),
            when: self.when_wanted(),
            vehicle: car.map(|car| phrases::car(&car, store, store.language)),
            name: details.name.clone().or_else(|| self.situation.customer.name.clone()),
            said: shortened(self.situation.words),
        };
        summary.text = self.in_sentences(&summary);
        summary
    }

    fn when_wanted(&self) -> Option<String> {
        let store = self.situation.store;
        let today = store.local(self.now).date();
        let task = self.state.tasks.last();
        let opening = match task {
            Some(Task::Book(book)) => book.opening.as_ref(),
            Some(Task::Move(task)) => task.opening.as_ref(),
            _ => None,
        };
        if let Some(opening) = opening {
            return Some(phrases::moment(store.language, store.local(opening.start), today));
        }
        let details = &self.understanding.details;
        let wish = task.map(Task::wish).unwrap_or_default();
        let (date, time) = (details.date.or(wish.date)?, details.time.or(wish.time));
        Some(match time {
            Some(time) => phrases::moment(store.language, date.and_time(time), today),
            None => phrases::date(store.language, date, today),
        })
    }

    fn in_sentences(&self, known: &Summary) -> String {
        let store = self.situation.store;
        let say = |key: &str, values: &[(&str, &str)]| sentence(key, store, store.language, values);
        let services = known.services.join(" + ");
        let moves = self.state.tasks.iter().any(|task| matches!(task, Task::Move(_)));
        let cancels = self.state.tasks.iter().any(|task| matches!(task, Task::Cancel(_)));
        let mut sentences = Vec::new();
        match (moves, cancels) {
            (true, _) => sentences.push(say("summary_move", &[])),
            (_, true) => sentences.push(say("summary_cancel", &[])),
            _ if !services.is_empty() => sentences.push(say("summary_wants", &[("services", &services)])),
            _ => {}
        }
        let facts = [
            ("summary_concern", &known.concern),
            ("summary_when", &known.when),
            ("summary_car", &known.vehicle),
            ("summary_name", &known.name),
        ];
        for (key, value) in facts {
            sentences.extend(value.as_ref().map(|value| say(key, &[("value", value)])));
        }
        for order in &self.situation.repair_orders {
            sentences.push(say("summary_order", &[("value", &order.number)]));
        }
        if let Some(next) = self.situation.appointments.first() {
            let today = store.local(self.now).date();
            let moment = phrases::moment(store.language, store.local(next.opening.start), today);
            sentences.push(say("summary_appointment", &[("value", &moment)]));
        }
        if !known.said.is_empty() {
            sentences.push(say("summary_said", &[("value", &known.said)]));
        }
        phrases::join(&sentences, store.language)
    }
}

fn shortened(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    }
}
