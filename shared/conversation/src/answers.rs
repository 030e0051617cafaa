//! Answers from the store's data, in the middle of anything.

use crate::act::Act;
use crate::decide::Turn;
use crate::tasks::Task;
use lanekeeper_domain::understanding::{Asked, Intent};
use lanekeeper_domain::vehicle::Vehicle;

impl Turn<'_> {
    /// Answers every question that the store's data has an answer to.
    pub(crate) fn answer_questions(&mut self) {
        let heard = self.understanding;
        let before = self.say.len();
        if heard.wants(Intent::Hours) {
            let date = heard.details.date;
            let today = self.situation.store.local(self.now).date();
            self.say.push(Act::Hours { date: date.unwrap_or(today), asked_for_day: date.is_some() });
        }
        if heard.wants(Intent::Location) {
            self.say.push(Act::Location);
        }
        if heard.wants(Intent::Price) {
            self.answer_price();
        }
        if heard.wants(Intent::Status) {
            self.answer_status();
        }
        let answered = self.say.len() > before;
        if !answered {
            return;
        }
        self.got_further = true;
        if self.state.tasks.is_empty() && self.state.asked.is_none() {
            self.state.asked = Some(Asked::Anything);
        }
    }

    fn answer_price(&mut self) {
        let said = self.understanding.details.service.clone();
        match said.or_else(|| self.state.tasks.last().and_then(Task::service)) {
            Some(service) => self.say.push(Act::Price { service }),
            None if matches!(self.state.tasks.last(), Some(Task::Price)) => {}
            None => {
                self.state.tasks.push(Task::Price);
                self.forget_question();
            }
        }
    }

    /// The price of what is now named, or the question again. Returns whether it is still to be answered.
    pub(crate) fn advance_price(&mut self) -> bool {
        let answered = self.say.iter().any(|act| matches!(act, Act::Price { .. }));
        if answered {
            self.state.asked = Some(Asked::Anything);
            return false;
        }
        if let Some(service) = self.understanding.details.service.clone() {
            self.got_further = true;
            self.say.push(Act::Price { service });
            self.state.asked = Some(Asked::Anything);
            return false;
        }
        self.got_further |= self.state.asked != Some(Asked::Service);
        let services = self.situation.store.services.iter().map(|service| service.id.clone()).collect();
        self.ask(Asked::Service, Act::AskPriceOf { services });
        true
    }

    fn answer_status(&mut self) {
        let said = self.understanding.details.vehicle.clone().unwrap_or_default();
        let mut orders: Vec<_> = self.situation.repair_orders.iter().collect();
        if orders.len() > 1 {
            orders.retain(|order| order.vehicle.as_ref().is_none_or(|vehicle| vehicle.fits(&said)));
        }
        for order in &orders {
            self.say.push(Act::RepairOrderStage {
                number: order.number.clone(),
                stage: order.stage,
                vehicle: order.vehicle.as_ref().and_then(Vehicle::label),
                waiting_for: order.waiting_for.clone(),
                promised_at: order.promised_at,
            });
        }
        if orders.is_empty() {
            match self.situation.appointments.first() {
                Some(appointment) => self.say.push(Act::YourAppointment { appointment: appointment.into() }),
                None => self.ask(Asked::Person, Act::NothingInTheShop),
            }
        }
    }
}
