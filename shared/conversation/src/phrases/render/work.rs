//! Repair orders and added work in words.

use super::{Writer, join, numbered};
use crate::act::{Act, CarLabel, WorkLine};
use chrono::{DateTime, Utc};
use lanekeeper_domain::Language;
use lanekeeper_domain::repair_order::Stage;

/// How far an order is, as it is told.
struct Progress<'a> {
    stage: Stage,
    vehicle: Option<&'a CarLabel>,
    waiting_for: Option<&'a str>,
    promised_at: Option<DateTime<Utc>>,
    total: Option<i64>,
}

impl Writer<'_> {
    pub(super) fn order_act(&self, act: &Act) -> String {
        match act {
            Act::RepairOrderStage { number, stage, vehicle, waiting_for, promised_at, total } => {
                let (stage, vehicle, promised_at, total) = (*stage, vehicle.as_ref(), *promised_at, *total);
                let progress = Progress { stage, vehicle, waiting_for: waiting_for.as_deref(), promised_at, total };
                let number = self.part("order_number", &[("number", number)]);
                join(&[self.progress(&progress), number], self.language)
            }
            Act::OrderNews { stage, vehicle, waiting_for, promised_at, total } => {
                let (stage, vehicle, promised_at, total) = (*stage, vehicle.as_ref(), *promised_at, *total);
                let progress = Progress { stage, vehicle, waiting_for: waiting_for.as_deref(), promised_at, total };
                self.say("order_news", &[("news", &self.progress(&progress))])
            }
            Act::NewPromise { vehicle, promised_at } => {
                let moment = self.moment(*promised_at);
                self.say("new_promise", &[("vehicle", &self.your_car(vehicle.as_ref())), ("moment", &moment)])
            }
            Act::CostChanged { vehicle, total } => {
                let vehicle = self.your_car(vehicle.as_ref());
                self.say("cost_changed", &[("vehicle", &vehicle), ("total", &self.money(*total))])
            }
            Act::AddedWork { vehicle, lines, total, raised } => {
                let intro = if *raised { "added_work_raised" } else { "added_work" };
                self.ask_work(intro, vehicle.as_ref(), lines, *total)
            }
            Act::AddedWorkReminder { vehicle, lines, total } => {
                self.ask_work("added_work_reminder", vehicle.as_ref(), lines, *total)
            }
            Act::AskWork { vehicle, lines, total, raised } => {
                let intro = if *raised { "work_raised" } else { "work_waits" };
                self.ask_work(intro, vehicle.as_ref(), lines, *total)
            }
            Act::AskRestOfWork { lines } => self.ask_again("ask_rest_of_work", lines),
            Act::RemindOfWork { lines } => self.ask_again("remind_of_work", lines),
            Act::WorkPrices { lines, total } => match lines.as_slice() {
                [line] => self.with_line("work_price", line, *total),
                lines => {
                    let total = self.say("work_prices", &[("total", &self.money(*total))]);
                    format!("{}\n{total}", numbered(&self.lines(lines, "work_line")))
                }
            },
            Act::WorkDecided { approved, declined, total } => self.decided(approved, declined, *total),
            Act::AuthorizationRecorded { approved, declined, total } => {
                let intro = self.say("authorization_recorded", &[]);
                join(&[intro, self.decided(approved, declined, *total)], self.language)
            }
            Act::WorkSettled => self.say("work_settled", &[]),
            _ => String::new(),
        }
    }

    fn progress(&self, progress: &Progress) -> String {
        let vehicle = self.your_car(progress.vehicle);
        let coming = progress.stage < Stage::Completed;
        let waiting_for = progress.waiting_for.filter(|_| coming);
        let promised_at = progress.promised_at.filter(|_| coming);
        let to_pay = |total: i64| match total {
            0 => self.say("nothing_to_pay", &[]),
            total => self.say("to_pay", &[("total", &self.money(total))]),
        };
        let sentences = [
            self.say(&format!("stage_{}", progress.stage.as_str()), &[("vehicle", &vehicle)]),
            waiting_for.map_or_else(String::new, |what| self.say("waiting_for", &[("what", what)])),
            promised_at.map_or_else(String::new, |at| self.say("promised", &[("moment", &self.moment(at))])),
            progress.total.map_or_else(String::new, to_pay),
        ];
        join(&sentences, self.language)
    }

    pub(super) fn your_car(&self, vehicle: Option<&CarLabel>) -> String {
        match vehicle {
            Some(vehicle) => self.part("your_vehicle", &[("vehicle", &self.car(vehicle))]),
            None => self.part("your_car", &[]),
        }
    }

    /// What it is about, line by line, and the question.
    fn ask_work(&self, intro: &str, vehicle: Option<&CarLabel>, lines: &[WorkLine], total: i64) -> String {
        let question = if lines.len() == 1 { "ask_work_one" } else { "ask_work" };
        let intro = self.say(intro, &[("vehicle", &self.your_car(vehicle))]);
        let question = self.say(question, &[("total", &self.money(total))]);
        let lines = self.lines(lines, "work_line");
        let list = if lines.len() == 1 { lines.concat() } else { numbered(&lines) };
        format!("{intro}\n{list}\n{question}")
    }

    fn ask_again(&self, key: &str, lines: &[WorkLine]) -> String {
        match lines {
            [line] => self.with_line(&format!("{key}_one"), line, line.amount),
            lines => format!("{}\n{}", numbered(&self.lines(lines, "work_line")), self.say(key, &[])),
        }
    }

    fn with_line(&self, key: &str, line: &WorkLine, total: i64) -> String {
        let (amount, total) = (self.money(line.amount), self.money(total));
        self.say(key, &[("name", self.line_name(line)), ("amount", &amount), ("total", &total)])
    }

    /// The answer with its amounts; the total where anything was agreed to.
    fn decided(&self, approved: &[WorkLine], declined: &[WorkLine], total: i64) -> String {
        let separator = if self.language == Language::Zh { "、" } else { ", " };
        let said = |key: &str, part: &str, lines: &[WorkLine]| {
            let list = self.lines(lines, part).join(separator);
            if lines.is_empty() { String::new() } else { self.say(key, &[("list", &list)]) }
        };
        let total = self.say("work_total", &[("total", &self.money(total))]);
        let (yes, no) =
            (said("work_approved", "work_line_short", approved), said("work_declined", "work_line_short", declined));
        join(&[yes, no, total], self.language)
    }

    fn lines(&self, lines: &[WorkLine], part: &str) -> Vec<String> {
        let line =
            |line: &WorkLine| self.part(part, &[("name", self.line_name(line)), ("amount", &self.money(line.amount))]);
        lines.iter().map(line).collect()
    }

    /// What the advisor wrote; whoever speaks another language than the store gets the menu's name, where it has one.
    fn line_name<'a>(&'a self, line: &'a WorkLine) -> &'a str {
        let service = line.service.as_deref().and_then(|id| self.store.service(id));
        let named = service.filter(|service| service.names.contains_key(&self.language));
        match named {
            Some(service) if self.language != self.store.language => service.name(self.language),
            _ => &line.name,
        }
    }
}
