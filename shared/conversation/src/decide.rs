//! The decision of one turn.

use crate::act::Act;
use crate::decision::{Change, Decision, Needs, Notice};
use crate::handover::{self, Reason, UNRESOLVED_ROUNDS};
use crate::situation::{Situation, State};
use crate::tasks::Task;
use chrono::{DateTime, Utc};
use lanekeeper_domain::Understanding;
use lanekeeper_domain::openings::{self, Opening, Wish};
use lanekeeper_domain::understanding::{Asked, Intent};

/// How sure a wish to stop must be when nothing else supports it.
const SURE: f32 = 0.7;

/// Decides what a message leads to, or says what must be loaded first.
pub fn decide(situation: &Situation, understanding: &Understanding, now: DateTime<Utc>) -> Result<Decision, Needs> {
    let state = State { said: Vec::new(), ..situation.state.clone() };
    let mut turn = Turn {
        situation,
        understanding,
        now,
        state,
        say: Vec::new(),
        changes: Vec::new(),
        notices: Vec::new(),
        got_further: false,
    };
    turn.run()?;
    Ok(turn.finish())
}

/// One turn in the making.
pub(crate) struct Turn<'a> {
    pub situation: &'a Situation<'a>,
    pub understanding: &'a Understanding,
    pub now: DateTime<Utc>,
    pub state: State,
    pub say: Vec<Act>,
    pub changes: Vec<Change>,
    pub notices: Vec<Notice>,
    pub got_further: bool,
}

impl Turn<'_> {
    fn run(&mut self) -> Result<(), Needs> {
        if self.hear_consent() || self.situation.with_person {
            return Ok(());
        }
        if !self.state.introduced {
            self.state.introduced = true;
            self.say.push(Act::Introduce);
        }
        if let Some(reason) = handover::reason(self) {
            self.hand_over(reason);
            return Ok(());
        }
        if self.hear_answer_about_person() || self.repeat() {
            return Ok(());
        }
        self.answer_questions();
        self.take_wishes();
        self.advance()?;
        self.be_polite();
        self.count_rounds();
        Ok(())
    }

    /// STOP, START and HELP come before everything, also before a person who holds the conversation. Returns whether
    /// nothing more is to be said.
    fn hear_consent(&mut self) -> bool {
        let heard = self.understanding;
        let says = |act| if self.situation.consent_confirmed { None } else { Some(act) };
        if self.situation.opted_out {
            if heard.wants(Intent::OptIn) {
                self.changes.push(Change::OptIn("message"));
                self.say.extend(says(Act::OptedIn));
            } else if heard.first() == Some(Intent::Help) {
                self.say.extend(says(Act::Help));
            }
            return true;
        }
        if self.means_stop() {
            self.changes.push(Change::OptOut("message"));
            self.say.extend(says(Act::OptedOut));
            self.state.tasks.clear();
            self.forget_question();
            return true;
        }
        match heard.first() {
            Some(Intent::Help) => {
                self.say.extend(says(Act::Help));
                self.say.extend(self.question_again());
                true
            }
            // Somebody who may be texted anyway says START: it does no harm to say that they are heard.
            Some(Intent::OptIn) => {
                self.say.extend(says(Act::OptedIn));
                true
            }
            _ => false,
        }
    }

    /// Whether the customer wants no more messages. A bare CANCEL means that by convention (CTIA Messaging Principles),
    /// except where there is something else to cancel: then it is asked which is meant.
    fn means_stop(&mut self) -> bool {
        let heard = self.understanding;
        let stop =
            heard.intents.iter().find(|guess| guess.name == Intent::OptOut).map_or(0.0, |guess| guess.confidence);
        if self.state.asked == Some(Asked::CancelOrStop) {
            return stop > 0.0 && !heard.wants(Intent::Cancel);
        }
        if heard.wants(Intent::Cancel) && stop > 0.0 && stop < SURE {
            return self.situation.appointments.is_empty() && self.state.tasks.is_empty();
        }
        stop >= SURE
    }

    fn hear_answer_about_person(&mut self) -> bool {
        if self.state.asked != Some(Asked::Person) {
            return false;
        }
        if self.affirmed() {
            self.hand_over(Reason::Question);
            return true;
        }
        if self.negated() && !self.understanding.details.has_when() {
            self.state.asked = None;
            self.got_further = true;
            self.say.push(Act::NoPersonThen);
            self.say.extend(self.question_again());
            return true;
        }
        false
    }

    fn repeat(&mut self) -> bool {
        let asked = self.understanding.first() == Some(Intent::Repeat) && !self.situation.state.said.is_empty();
        if asked {
            self.say.extend(self.situation.state.said.iter().filter(|act| **act != Act::Introduce).cloned());
        }
        asked
    }

    /// Pushes a task for every wish that is not what is being done already.
    fn take_wishes(&mut self) {
        let heard = self.understanding;
        if heard.wants(Intent::Cancel) && !self.negates_cancelling() {
            self.take_wish_to_cancel();
        } else if heard.wants(Intent::Reschedule) {
            self.take_wish_to_move();
        }
        let moving = heard.wants(Intent::Reschedule) || heard.wants(Intent::Cancel) || self.corrects_what_was_booked();
        let booking = self.state.tasks.iter().any(|task| matches!(task, Task::Book(_)));
        if !moving && !booking && self.wants_booking() {
            self.state.tasks.push(Task::Book(crate::tasks::Book::default()));
            self.forget_question();
            self.got_further = true;
        }
    }

    /// Whether an appointment is wanted, said plainly or by naming work or a time.
    fn wants_booking(&self) -> bool {
        let heard = self.understanding;
        let names_work = heard.details.service.is_some() || heard.details.concern.is_some();
        let aside =
            [Intent::Price, Intent::Status, Intent::Question, Intent::Hours].iter().any(|intent| heard.wants(*intent));
        let polite = matches!(heard.first(), Some(Intent::Thanks | Intent::Goodbye | Intent::Affirm | Intent::Negate));
        let hinted = names_work || (heard.details.has_when() && !polite);
        heard.wants(Intent::Book) || (self.state.tasks.is_empty() && !aside && hinted)
    }

    /// "Make that Thursday", said of the appointment that was booked or moved just now.
    fn corrects_what_was_booked(&mut self) -> bool {
        let details = &self.understanding.details;
        let just_booked =
            self.situation.state.said.iter().any(|act| matches!(act, Act::Booked { .. } | Act::Moved { .. }));
        let polite = matches!(self.understanding.first(), Some(Intent::Thanks | Intent::Goodbye | Intent::Book));
        let corrects = just_booked
            && self.state.tasks.is_empty()
            && details.has_when()
            && details.service.is_none()
            && !polite
            && !self.understanding.wants(Intent::Hours);
        if corrects {
            self.state.tasks.push(Task::Move(crate::tasks::Move::default()));
            self.forget_question();
        }
        corrects
    }

    fn negates_cancelling(&self) -> bool {
        self.understanding.wants(Intent::Negate) && matches!(self.state.tasks.last(), Some(Task::Cancel(_)))
    }

    fn take_wish_to_cancel(&mut self) {
        match self.state.tasks.last() {
            Some(Task::Cancel(_)) => {}
            // In the middle of a booking and nothing else to cancel: the booking is meant.
            Some(Task::Book(_)) if self.situation.appointments.is_empty() => self.drop_task(),
            Some(Task::Move(_)) if self.situation.appointments.is_empty() => self.drop_task(),
            _ => self.ask_or_cancel(),
        }
    }

    fn ask_or_cancel(&mut self) {
        let bare = self.understanding.wants(Intent::OptOut) && self.state.asked != Some(Asked::CancelOrStop);
        if bare {
            self.got_further = true;
            self.ask(Asked::CancelOrStop, Act::AskCancelOrStop);
        } else {
            self.state.tasks.push(Task::Cancel(crate::tasks::Cancel::default()));
            self.forget_question();
            self.got_further = true;
        }
    }

    fn take_wish_to_move(&mut self) {
        let choosing = matches!(self.state.asked, Some(Asked::Opening | Asked::Confirm | Asked::When));
        match self.state.tasks.last() {
            Some(Task::Move(_)) => {}
            // "Actually, move that to Thursday" while booking is a correction.
            Some(Task::Book(_)) if choosing || self.situation.appointments.is_empty() => {}
            _ => {
                self.state.tasks.push(Task::Move(crate::tasks::Move::default()));
                self.forget_question();
                self.got_further = true;
            }
        }
    }

    /// Lets the top task hear the words and go on; a finished one makes room for the one beneath.
    fn advance(&mut self) -> Result<(), Needs> {
        if self.say.contains(&Act::AskCancelOrStop) {
            return Ok(());
        }
        let mut resumed = false;
        while let Some(task) = self.state.tasks.pop() {
            if resumed {
                self.say.push(Act::Resume);
            }
            let depth = self.state.tasks.len();
            let unfinished = match task {
                Task::Book(book) => self.advance_book(book, resumed)?.map(Task::Book),
                Task::Move(task) => self.advance_move(task)?.map(Task::Move),
                Task::Cancel(cancel) => self.advance_cancel(cancel).map(Task::Cancel),
                Task::Price => self.advance_price().then_some(Task::Price),
            };
            if let Some(task) = unfinished {
                self.state.tasks.insert(depth, task);
                return Ok(());
            }
            resumed = true;
        }
        Ok(())
    }

    /// Greetings, thanks and goodbyes are answered when there is nothing more important to say.
    fn be_polite(&mut self) {
        let silent = self.say.iter().all(|act| *act == Act::Introduce);
        if !silent {
            return;
        }
        let done = self.state.asked == Some(Asked::Anything) && self.negated();
        let act = match self.understanding.first() {
            Some(Intent::Goodbye) => Act::Goodbye,
            Some(Intent::Thanks) => Act::Welcome,
            Some(Intent::Greeting) => Act::Greet,
            _ if done => Act::Goodbye,
            Some(Intent::Question) => Act::OfferPerson,
            Some(Intent::Approve | Intent::Decline) => Act::NothingToApprove,
            Some(Intent::Affirm) => Act::AskAnythingElse,
            _ => return,
        };
        self.got_further = true;
        self.state.asked = match act {
            Act::OfferPerson | Act::NothingToApprove => Some(Asked::Person),
            _ => Some(Asked::Anything),
        };
        self.say.push(act);
    }

    /// Counts rounds that got nothing further; after too many a person takes over.
    fn count_rounds(&mut self) {
        if self.got_further {
            self.state.unresolved = 0;
            return;
        }
        self.state.unresolved += 1;
        if self.state.unresolved >= UNRESOLVED_ROUNDS {
            self.say.clear();
            self.hand_over(Reason::Unresolved);
            return;
        }
        let position = usize::from(self.say.first() == Some(&Act::Introduce));
        self.say.insert(position, Act::NotUnderstood { hint_person: self.state.unresolved > 1 });
    }

    fn finish(mut self) -> Decision {
        self.state.said = self.say.iter().take(4).cloned().collect();
        Decision {
            say: self.say,
            changes: self.changes,
            notices: self.notices,
            state: self.state,
            language: self.understanding.language,
            mood: self.understanding.mood,
        }
    }

    // What tasks use.

    /// Says something that is a question, and remembers that it was asked.
    pub(crate) fn ask(&mut self, asked: Asked, act: Act) {
        self.state.asked = Some(asked);
        self.say.push(act);
    }

    /// Forgets what was asked and offered: it no longer stands.
    pub(crate) fn forget_question(&mut self) {
        self.state.asked = None;
        self.state.offered.clear();
        self.state.listed.clear();
    }

    pub(crate) fn drop_task(&mut self) {
        self.state.tasks.pop();
        self.forget_question();
        self.got_further = true;
        self.state.asked = Some(Asked::Anything);
        self.say.push(Act::Dropped);
    }

    pub(crate) fn affirmed(&self) -> bool {
        (self.understanding.wants(Intent::Affirm) || self.understanding.wants(Intent::Approve)) && !self.negated()
    }

    pub(crate) fn negated(&self) -> bool {
        self.understanding.wants(Intent::Negate) || self.understanding.wants(Intent::Decline)
    }

    /// The question that was asked last, to come back to it after an aside.
    pub(crate) fn question_again(&self) -> Option<Act> {
        if self.state.tasks.is_empty() {
            None
        } else {
            self.situation.state.said.iter().rev().find(|act| is_question(act)).cloned()
        }
    }

    /// The openings around what is wished; the load must tell about those dates.
    pub(crate) fn openings(&self, minutes: u32, wish: &Wish, except: Option<&str>) -> Result<Vec<Opening>, Needs> {
        let store = self.situation.store;
        let (from, until) = wish.dates(store, self.now);
        let needs = |until| Needs { from, until, except: except.map(str::to_owned) };
        let load = self.situation.load.as_ref().ok_or_else(|| needs(until))?;
        let openings = openings::openings(store, load, minutes, self.now);
        let last = openings::window(store, self.now).1;
        // Nothing near: look at all that can be booked.
        if openings.is_empty() && load.until < last { Err(needs(last)) } else { Ok(openings) }
    }
}

fn is_question(act: &Act) -> bool {
    matches!(
        act,
        Act::AskService { .. }
            | Act::AskPriceOf { .. }
            | Act::OfferOpenings { .. }
            | Act::AskVehicle
            | Act::AskWhichVehicle { .. }
            | Act::AskName
            | Act::SumUp { .. }
            | Act::AskWhatToChange
            | Act::AskWhichAppointment { .. }
            | Act::AskMoveTo { .. }
            | Act::SumUpMove { .. }
            | Act::AskCancel { .. }
    )
}
