//! How a visit was: from 1 to 5, and what there is to say about it.

use crate::act::Act;
use crate::decide::Turn;
use crate::decision::Change;
use crate::tasks::Task;
use lanekeeper_domain::handover::Reason;
use lanekeeper_domain::understanding::{Asked, Intent};
use serde::{Deserialize, Serialize};

/// What is known of a customer's satisfaction with a visit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Satisfaction {
    /// Id of the repair order.
    pub repair_order: Option<String>,
    /// Whether the question was asked a second time.
    pub asked_again: bool,
}

/// Wishes that have nothing to do with the question: who says one of these does not care to answer it now.
const OTHER_WISHES: [Intent; 11] = [
    Intent::Book,
    Intent::Reschedule,
    Intent::Cancel,
    Intent::Status,
    Intent::Price,
    Intent::Hours,
    Intent::Location,
    Intent::Question,
    Intent::Sales,
    Intent::Human,
    Intent::Thanks,
];

impl Turn<'_> {
    /// Hears the answer to the question how it was, and what is said about it then. A rating comes before a complaint in
    /// the same words, which would lead to the same person. Returns whether nothing more is to be said.
    pub(crate) fn hear_rating(&mut self) -> bool {
        let Some(Task::Satisfaction(task)) = self.state.tasks.last().cloned() else { return false };
        match self.state.asked {
            Some(Asked::Rating) => self.hear_score(task),
            Some(Asked::Comment) => self.hear_comment(),
            _ => {
                self.leave_rating();
                false
            }
        }
    }

    /// While a person holds the conversation, the AI still keeps what it asked for.
    pub(crate) fn keep_comment(&mut self) {
        let asked = self.state.asked == Some(Asked::Comment);
        if let Some(comment) = self.understanding.details.comment.clone().filter(|_| asked) {
            self.changes.push(Change::Comment(comment));
            self.leave_rating();
        }
    }

    fn hear_score(&mut self, task: Satisfaction) -> bool {
        let Some(score) = self.understanding.details.rating else { return self.no_score(task) };
        let comment = self.understanding.details.comment.clone();
        let ask_comment = comment.is_none();
        let settings = &self.situation.store.notifications;
        let content = score > settings.satisfaction_threshold;
        self.got_further = true;
        self.state.unresolved = 0;
        self.changes.push(Change::Rate { repair_order: task.repair_order.clone(), score, comment });
        if content {
            let review_link = settings.review_link.clone();
            self.say.push(Act::ThankForRating { review_link, ask_comment });
        } else {
            self.hand_over(Reason::Satisfaction);
            self.say.retain(|act| !matches!(act, Act::HandedOver { .. }));
            self.say.push(Act::RegretRating { ask_comment });
        }
        if ask_comment {
            self.state.asked = Some(Asked::Comment);
        } else {
            self.leave_rating();
        }
        true
    }

    /// Asks once more where the words mean nothing else, and then never again.
    fn no_score(&mut self, mut task: Satisfaction) -> bool {
        let heard = self.understanding;
        let other = OTHER_WISHES.iter().any(|intent| heard.wants(*intent)) || heard.wants(Intent::Complaint);
        if other || task.asked_again || self.negated() {
            self.leave_rating();
            return false;
        }
        task.asked_again = true;
        self.state.tasks.pop();
        self.state.tasks.push(Task::Satisfaction(task));
        self.got_further = true;
        self.say.push(Act::AskRatingAgain);
        true
    }

    fn hear_comment(&mut self) -> bool {
        let heard = self.understanding;
        self.leave_rating();
        let wishes = OTHER_WISHES.iter().filter(|intent| **intent != Intent::Thanks);
        let other = wishes.into_iter().any(|intent| heard.confidence(*intent) >= 0.8);
        let polite = matches!(heard.first(), Some(Intent::Thanks | Intent::Goodbye | Intent::Negate | Intent::Affirm));
        if other {
            return false;
        }
        self.got_further = true;
        let comment = heard.details.comment.clone().filter(|_| !polite);
        let Some(comment) = comment else {
            self.say.push(if heard.wants(Intent::Thanks) { Act::Welcome } else { Act::Goodbye });
            return true;
        };
        self.state.asked = Some(Asked::Anything);
        self.changes.push(Change::Comment(comment));
        self.say.push(Act::ThankForComment);
        true
    }

    fn leave_rating(&mut self) {
        self.state.tasks.retain(|task| !matches!(task, Task::Satisfaction(_)));
        self.forget_question();
    }
}
