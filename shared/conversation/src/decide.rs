//! The decision of one turn.

use crate::act::Act;
use crate::decision::{Change, Decision, Needs, Notice};
use crate::handover;
use crate::situation::{Situation, State};
use crate::tasks::Task;
use chrono::{DateTime, Duration, Utc};
use lanekeeper_domain::handover::Reason;
use lanekeeper_domain::openings::{self, Opening, Wish};
use lanekeeper_domain::understanding::{Asked, Intent};
use lanekeeper_domain::{Understanding, Work};

/// How long a task waits for an answer, in hours; whoever writes later than that means something new.
const TASK_WAITS: i64 = 48;

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
        self.forget_old_tasks();
        self.take_up_questions();
        if self.hear_consent() {
            return Ok(());
        }
        if self.situation.with_person {
            self.keep_comment();
            self.keep_call_back();
            return Ok(());
        }
        if !self.state.introduced {
            self.state.introduced = true;
            self.say.push(Act::Introduce);
        }
        if self.hear_rating() {
            return Ok(());
        }
        if let Some(reason) = handover::reason(self) {
            self.hand_over(reason);
            return Ok(());
        }
        if self.hear_answer_about_person()? || self.repeat() {
            return Ok(());
        }
        self.take_in_pictures();
        if self.hear_farewell() {
            return Ok(());
        }
        self.answer_questions();
        self.take_wishes();
        self.advance(false)?;
        self.ask_one_thing();
        self.be_polite();
        self.count_rounds();
        Ok(())
    }

    fn forget_old_tasks(&mut self) {
        let old = self.state.at.is_some_and(|at| self.now - at > Duration::hours(TASK_WAITS));
        if old {
            // Proposed work waits for as long as its order says, and what it cost when it was asked is remembered.
            let waits = |task: &Task| matches!(task, Task::Approve(_));
            let asked = self.state.asked.filter(|asked| *asked == Asked::Approval);
            self.state.tasks.retain(waits);
            self.forget_question();
            self.state.asked = asked.filter(|_| !self.state.tasks.is_empty());
        }
        self.state.at = Some(self.now);
    }

    /// What was asked in messages of ours since the last turn comes before what was being talked of then.
    fn take_up_questions(&mut self) {
        for question in self.situation.standing_questions() {
            self.forget_question();
            if let Task::Approve(approve) = &question.task {
                self.drop_task_about_order(&approve.order);
            }
            self.state.tasks.push(question.task.clone());
            self.state.asked = Some(question.asked);
        }
    }

    fn hear_answer_about_person(&mut self) -> Result<bool, Needs> {
        if self.state.asked != Some(Asked::Person) {
            return Ok(false);
        }
        if self.affirmed() {
            self.hand_over(Reason::Question);
            return Ok(true);
        }
        let refused = self.negated() && !self.understanding.details.has_when();
        if refused {
            self.state.asked = None;
            self.got_further = true;
            self.say.push(Act::NoPersonThen);
            self.advance(true)?;
        }
        Ok(refused)
    }

    fn repeat(&mut self) -> bool {
        let asked = self.understanding.first() == Some(Intent::Repeat) && !self.situation.state.said.is_empty();
        if asked && self.ask_for_work_anew() {
            return false;
        }
        if asked {
            let said = self.situation.state.said.iter().filter(|act| **act != Act::Introduce);
            let in_full: Vec<Act> = said.map(|act| act.clone().in_full()).collect();
            self.say.extend(in_full);
        }
        asked
    }

    /// "No thanks" to an offer gives the booking up; "I'll get back to you" leaves it as it is, without the question again.
    fn hear_farewell(&mut self) -> bool {
        let heard = self.understanding;
        let particulars = heard.details.has_when() || heard.details.service.is_some() || heard.details.choice.is_some();
        if self.state.tasks.is_empty() || particulars {
            return false;
        }
        let declines = self.negated() && (heard.wants(Intent::Thanks) || heard.wants(Intent::Goodbye));
        let offered = matches!(self.state.asked, Some(Asked::Opening | Asked::Confirm | Asked::When | Asked::Service));
        if declines && offered && matches!(self.state.tasks.last(), Some(Task::Book(_))) {
            self.drop_task();
            return true;
        }
        let answers = matches!(self.state.asked, Some(Asked::Confirm | Asked::Approval));
        let agrees = answers && (self.affirmed() || self.negated());
        let leaves = heard.wants(Intent::Goodbye) && !agrees;
        if leaves {
            self.got_further = true;
            self.say.push(Act::Goodbye);
        }
        leaves
    }

    /// Pictures are kept with the conversation; that they came is said.
    fn take_in_pictures(&mut self) {
        if self.situation.pictures {
            self.got_further = true;
            self.say.push(Act::GotPicture);
        }
    }

    /// Lets the top task hear the words and go on; a finished one makes room for the one beneath. `resumed` means that
    /// the words were not for the top task, which only asks its question again.
    fn advance(&mut self, mut resumed: bool) -> Result<(), Needs> {
        if self.say.contains(&Act::AskCancelOrStop) {
            return Ok(());
        }
        let mut finished = false;
        while let Some(task) = self.state.tasks.pop() {
            if finished {
                if !task.is_begun() {
                    continue;
                }
                self.say.push(Act::Resume);
            }
            let depth = self.state.tasks.len();
            let unfinished = match task {
                Task::Book(book) => self.advance_book(book, resumed)?.map(Task::Book),
                Task::Move(task) => self.advance_move(task, resumed)?.map(Task::Move),
                Task::Cancel(cancel) => self.advance_cancel(cancel, resumed).map(Task::Cancel),
                Task::TakeOffer(task) => self.advance_offer(task, resumed).map(Task::TakeOffer),
                Task::Price => self.advance_price().then_some(Task::Price),
                Task::Approve(approve) => self.advance_approve(approve, resumed).map(Task::Approve),
                // Heard before everything else; what comes here was left unanswered.
                Task::Satisfaction(_) | Task::CallBack => continue,
            };
            if let Some(task) = unfinished {
                self.state.tasks.insert(depth, task);
                return Ok(());
            }
            (resumed, finished) = (true, true);
        }
        Ok(())
    }

    /// One question at a time: where another one follows, an answer ends without its own.
    fn ask_one_thing(&mut self) {
        let Some(last) = self.say.iter().rposition(Act::asks) else { return };
        for act in self.say.iter_mut().take(last).filter(|act| **act == Act::NothingInTheShop) {
            *act = Act::NoCarHere;
        }
        let (mut position, offers) = (0, |act: &Act| matches!(act, Act::OfferBooking { .. } | Act::AskAnythingElse));
        self.say.retain(|act| {
            position += 1;
            position > last || !offers(act)
        });
    }

    /// Greetings, thanks and goodbyes are answered when there is nothing more important to say.
    fn be_polite(&mut self) {
        let silent = self.say.iter().all(|act| matches!(act, Act::Introduce | Act::GotPicture));
        if !silent {
            return;
        }
        let asked_for_more = self.just_said(|act| *act == Act::AskAnythingElse);
        let done = self.state.asked == Some(Asked::Anything) && self.negated();
        let act = match self.understanding.first() {
            Some(Intent::Goodbye) => Act::Goodbye,
            Some(Intent::Thanks) => Act::Welcome,
            Some(Intent::Greeting) => Act::Greet,
            _ if done => Act::Goodbye,
            Some(Intent::Question) => Act::OfferPerson,
            Some(Intent::Approve | Intent::Decline) => Act::NothingToApprove,
            Some(Intent::Affirm) if self.understanding.wants(Intent::Thanks) => Act::Welcome,
            Some(Intent::Affirm) if asked_for_more => Act::Greet,
            Some(Intent::Affirm) => Act::Acknowledge,
            _ if self.situation.pictures => Act::Greet,
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
        if self.state.unresolved >= self.situation.store.handover.unresolved_rounds {
            self.say.clear();
            self.hand_over(Reason::Unresolved);
            return;
        }
        // A yes, thanks or a greeting in the middle is understood: it only leaves the question open.
        let manners = [Intent::Affirm, Intent::Thanks, Intent::Greeting];
        if self.understanding.first().is_some_and(|first| manners.contains(&first)) && !self.say.is_empty() {
            return;
        }
        let position = usize::from(self.say.first() == Some(&Act::Introduce));
        self.say.insert(position, Act::NotUnderstood { hint_person: self.state.unresolved > 1 });
        if self.state.tasks.is_empty() && self.state.unresolved == 1 {
            self.say.push(Act::SayWhatWeDo);
        }
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
        self.state.refused.clear();
    }

    pub(crate) fn drop_task(&mut self) {
        self.state.tasks.pop();
        self.forget_question();
        self.got_further = true;
        self.say.push(Act::Dropped);
        self.ask(Asked::Anything, Act::AskAnythingElse);
    }

    pub(crate) fn affirmed(&self) -> bool {
        (self.understanding.wants(Intent::Affirm) || self.understanding.wants(Intent::Approve)) && !self.negated()
    }

    pub(crate) fn negated(&self) -> bool {
        self.understanding.wants(Intent::Negate) || self.understanding.wants(Intent::Decline)
    }

    /// Whether something like this was said last.
    pub(crate) fn just_said(&self, is_like: impl Fn(&Act) -> bool) -> bool {
        self.situation.state.said.iter().any(is_like)
    }

    /// The openings around what is wished; the load must tell about those dates.
    pub(crate) fn openings(&self, work: &Work, wish: &Wish, except: Option<&str>) -> Result<Vec<Opening>, Needs> {
        let store = self.situation.store;
        let (from, until) = wish.dates(store, self.now);
        let asks_sisters = self.situation.group.offer_sister_stores && except.is_none();
        let of_sisters = if asks_sisters { work.services.as_slice() } else { &[] };
        let needs = |until| {
            let (except, of_sisters) = (except.map(str::to_owned), of_sisters.to_vec());
            Needs { from, until, except, of_sisters }
        };
        let load = self.situation.load.as_ref().ok_or_else(|| needs(until))?;
        let mut openings = openings::openings(store, load, work, self.now);
        openings.retain(|opening| !self.state.refused.contains(&opening.start));
        let last = openings::window(store, self.now).1;
        // Nothing near: look at all that can be booked.
        if openings.is_empty() && load.until < last { Err(needs(last)) } else { Ok(openings) }
    }
}
