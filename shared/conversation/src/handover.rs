//! When a person is better, and how the customer hears of it.

use crate::decide::Turn;
use crate::summary::Summary;
use crate::tasks::Task;
use crate::{Act, Change};
use lanekeeper_domain::handover::{AfterHours, Reason, SensitiveTopic, TalkTopic};
use lanekeeper_domain::understanding::{Asked, Intent};

/// A conversation that is given to people, with what they should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverToPeople {
    /// Why.
    pub reason: Reason,
    /// What it is about.
    pub topic: TalkTopic,
    /// Its place in the queue.
    pub priority: u32,
    /// What was collected.
    pub summary: Summary,
}

/// The reason in what was just heard, if there is one under the store's rules.
pub fn reason(turn: &Turn) -> Option<Reason> {
    let (heard, rules) = (turn.understanding, &turn.situation.store.handover);
    let covered = |topic: &&SensitiveTopic| rules.topics.contains(topic);
    let complains = heard.wants(Intent::Complaint) && rules.topics.contains(&SensitiveTopic::Complaint);
    // What is most serious decides who hears of it first.
    let worst = heard
        .sensitive
        .iter()
        .filter(covered)
        .copied()
        .map(Reason::of)
        .max_by_key(|reason| reason.priority(heard.mood));
    if let Some(reason) = worst {
        Some(reason)
    } else if heard.wants(Intent::Human) {
        Some(Reason::Asked)
    } else if complains {
        Some(Reason::Complaint)
    } else if rules.covers_mood(heard.mood) {
        Some(Reason::Mood)
    } else if rules.has_keyword(turn.situation.words) {
        Some(Reason::Keyword)
    } else if rules.sales && heard.first() == Some(Intent::Sales) {
        Some(Reason::Sales)
    } else if turn.is_in_doubt() {
        Some(Reason::Confidence)
    } else {
        None
    }
}

impl Turn<'_> {
    /// Whether we are less sure of what is meant than the store wants us to be.
    fn is_in_doubt(&self) -> bool {
        let least = f32::from(self.situation.store.handover.least_confidence) / 100.0;
        let surest = self.understanding.intents.first().map_or(0.0, |guess| guess.confidence);
        surest < least && !self.situation.pictures
    }

    /// Hands over and says so, honestly about when somebody will be there.
    pub(crate) fn hand_over(&mut self, reason: Reason) {
        let store = self.situation.store;
        let open = store.is_open(self.now);
        let next_open = if open { None } else { store.next_opening(self.now) };
        let handover = HandoverToPeople {
            reason,
            topic: self.topic(reason),
            priority: reason.priority(self.understanding.mood),
            summary: self.summary(),
        };
        self.state.asked = None;
        self.state.unresolved = 0;
        self.changes.push(Change::HandOver(Box::new(handover)));
        match reason {
            Reason::Complaint | Reason::Mood | Reason::Refund => self.say.push(Act::Apologise),
            Reason::PaymentData => self.say.push(Act::NoPaymentData),
            _ => {}
        }
        match store.handover.after_hours {
            AfterHours::TakeMessage if !open => self.say.push(Act::MessageTaken),
            AfterHours::OfferCallBack if !open => {
                self.say.push(Act::HandedOver { open, next_open });
                self.say.push(Act::OfferCallBack);
                self.state.tasks.push(Task::CallBack);
                self.state.asked = Some(Asked::CallBack);
            }
            _ => self.say.push(Act::HandedOver { open, next_open }),
        }
    }

    /// While a person is to answer, the AI still keeps when a call back would suit. It says nothing.
    pub(crate) fn keep_call_back(&mut self) {
        if self.state.asked == Some(Asked::CallBack) {
            self.state.asked = None;
            self.state.tasks.retain(|task| *task != Task::CallBack);
            if !self.negated() {
                let phone = self.understanding.details.phone.clone();
                self.changes.push(Change::CallBack { words: self.situation.words.to_owned(), phone });
            }
        }
    }
}
