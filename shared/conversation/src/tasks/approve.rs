//! Added work: which of the proposed lines may be done. A yes counts only at an amount that the customer was told.

use crate::act::{Act, CarLabel, WorkLine};
use crate::decide::Turn;
use crate::decision::{Change, OrderChange};
use crate::tasks::Task;
use lanekeeper_domain::RepairOrder;
use lanekeeper_domain::repair_order::{Actor, Event, Method, Operation, Stage, Verdict};
use lanekeeper_domain::understanding::{Asked, Intent};
use serde::{Deserialize, Serialize};

/// An amount that the customer was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Id of the operation.
    pub operation: String,
    /// What it was said to cost, tax included, in minor units.
    pub amount: i64,
}

/// The question which lines of an order may be done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Approve {
    /// Id of the repair order.
    pub order: String,
    /// What the customer was told.
    pub told: Vec<Told>,
}

impl Approve {
    /// The question about an order as it stands, put to the customer now.
    pub fn about(order: &RepairOrder, amount: impl Fn(&Operation) -> i64) -> Self {
        let told = order.open_lines().map(|line| Told { operation: line.id.clone(), amount: amount(line) });
        Self { order: order.id.clone(), told: told.collect() }
    }

    fn told(&self, operation: &str) -> Option<i64> {
        self.told.iter().find(|told| told.operation == operation).map(|told| told.amount)
    }
}

/// What an answer says about the open lines.
#[derive(Default)]
struct Answer {
    verdicts: Vec<Verdict>,
    /// Whether a line was agreed to that costs more now than the customer was told, or that they were not told of.
    raised: bool,
}

impl Turn<'_> {
    /// Hears what was said and asks for what is left; `None` when nothing is. `resumed` means that the words were for
    /// another task.
    pub(crate) fn advance_approve(&mut self, mut approve: Approve, resumed: bool) -> Option<Approve> {
        let answering = self.state.asked == Some(Asked::Approval) && !resumed;
        let Some(order) = self.situation.order_with_open_lines(&approve.order) else {
            if answering {
                self.got_further = true;
                self.say.push(Act::WorkSettled);
            }
            return self.end_approval();
        };
        let mut order = order.clone();
        let answer = if answering { self.hear_answer_about_work(&order, &approve) } else { Answer::default() };
        let decided = !answer.verdicts.is_empty() && self.record_answer(&mut order, &answer.verdicts);
        let lines: Vec<WorkLine> = order.open_lines().map(|line| self.work_line(line)).collect();
        if lines.is_empty() {
            return self.end_approval();
        }
        let untold = order.open_lines().any(|line| approve.told(&line.id).is_none_or(|told| told < self.amount(line)));
        let act = if answer.raised || untold {
            self.got_further |= answer.raised || !answering;
            let raised =
                order.open_lines().any(|line| approve.told(&line.id).is_some_and(|told| told < self.amount(line)));
            let total = order.total_if_agreed(&self.situation.store.charges);
            let vehicle = order.vehicle.as_ref().and_then(CarLabel::of);
            Act::AskWork { vehicle, lines, total, raised }
        } else if decided {
            Act::AskRestOfWork { lines }
        } else {
            self.got_further |= !self.understanding.details.mentioned.is_empty();
            Act::RemindOfWork { lines }
        };
        approve = Approve::about(&order, |line| self.amount(line));
        self.ask(Asked::Approval, act);
        Some(approve)
    }

    fn end_approval(&mut self) -> Option<Approve> {
        self.forget_question();
        self.state.asked = Some(Asked::Anything);
        None
    }

    fn hear_answer_about_work(&self, order: &RepairOrder, approve: &Approve) -> Answer {
        let heard = self.understanding;
        let details = &heard.details;
        let aside = [Intent::Price, Intent::Question, Intent::Status].iter().any(|intent| heard.wants(*intent));
        let plain = !details.has_lines() && !aside;
        let mut answer = Answer::default();
        for line in order.open_lines() {
            let told = approve.told(&line.id);
            let yes = details.approved.contains(&line.id) || (plain && self.affirmed());
            let no = details.declined.contains(&line.id) || (plain && self.negated() && told.is_some());
            let covered = told.is_some_and(|told| told >= self.amount(line));
            if yes && !covered {
                answer.raised = true;
            } else if yes || no {
                let amount = told.unwrap_or_else(|| self.amount(line));
                answer.verdicts.push(Verdict { operation: line.id.clone(), authorized: yes, amount });
            }
        }
        answer
    }

    /// Records the answer with its amounts, and repeats them. Returns whether it could be.
    fn record_answer(&mut self, order: &mut RepairOrder, verdicts: &[Verdict]) -> bool {
        let store = self.situation.store;
        let Ok(event) = order.decide(&store.charges, verdicts, Method::TextMessage) else { return false };
        order.wait_for_answer(store, self.now);
        if let Event::Decided { rulings, total, .. } = &event {
            let lines = |authorized: bool| {
                let these = rulings.iter().filter(move |ruling| ruling.authorized == authorized);
                let lines = these.filter_map(|ruling| order.operation(&ruling.line.operation));
                lines.map(|line| self.work_line(line)).collect()
            };
            let (approved, declined) = (lines(true), lines(false));
            self.say.push(Act::WorkDecided { approved, declined, total: *total });
        }
        self.got_further = true;
        let change = OrderChange { order: order.clone(), event, actor: Actor::Customer };
        self.changes.push(Change::Order(Box::new(change)));
        true
    }

    fn amount(&self, line: &Operation) -> i64 {
        self.situation.store.charges.amount(line)
    }

    fn work_line(&self, line: &Operation) -> WorkLine {
        WorkLine::of(line, &self.situation.store.charges)
    }

    /// Whoever speaks of work that waits for their word is told what it is and what it costs.
    pub(crate) fn take_wish_about_work(&mut self) {
        let heard = self.understanding;
        let about_work = heard.wants(Intent::Approve) || heard.wants(Intent::Decline) || heard.details.has_lines();
        let waiting = self.situation.repair_orders.iter().find(|order| order.open_lines().next().is_some());
        if let Some(order) = waiting.filter(|_| about_work) {
            self.take_up_order(&order.id.clone());
        }
    }

    /// Puts the question about an order, if there is one and it is not being talked of.
    pub(crate) fn take_up_order(&mut self, id: &str) {
        let known = self.state.tasks.iter().any(|task| matches!(task, Task::Approve(approve) if approve.order == id));
        if known || self.situation.order_with_open_lines(id).is_none() {
            return;
        }
        self.state.tasks.push(Task::Approve(Approve { order: id.to_owned(), told: Vec::new() }));
        self.forget_question();
        self.got_further = true;
    }

    /// Added work is never repeated as it was said: it may cost something else now. Returns whether it is the question,
    /// which is then put in full.
    pub(crate) fn ask_for_work_anew(&mut self) -> bool {
        let Some(Task::Approve(approve)) = self.state.tasks.last_mut() else { return false };
        approve.told.clear();
        self.got_further = true;
        true
    }

    pub(crate) fn drop_task_about_order(&mut self, id: &str) {
        self.state.tasks.retain(|task| !matches!(task, Task::Approve(approve) if approve.order == id));
    }

    /// "How much would only the brakes be?", said of proposed work. Returns whether it was.
    pub(crate) fn answer_price_of_work(&mut self) -> bool {
        let Some(Task::Approve(approve)) = self.state.tasks.last() else { return false };
        let Some(order) = self.situation.order_with_open_lines(&approve.order) else { return false };
        let details = &self.understanding.details;
        let named: Vec<&str> =
            [&details.mentioned, &details.approved].into_iter().flatten().map(String::as_str).collect();
        let lines: Vec<&Operation> =
            order.open_lines().filter(|line| named.is_empty() || named.contains(&line.id.as_str())).collect();
        let ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
        let total = order.totals_with(&self.situation.store.charges, &ids).total;
        let lines = lines.into_iter().map(|line| self.work_line(line)).collect();
        self.say.push(Act::WorkPrices { lines, total });
        true
    }

    /// What is to be paid for an order that is ready.
    pub(crate) fn total_when_ready(&self, order: &RepairOrder) -> Option<i64> {
        let total = order.totals(&self.situation.store.charges).total;
        (order.stage == Stage::Completed && !order.operations.is_empty()).then_some(total)
    }
}
