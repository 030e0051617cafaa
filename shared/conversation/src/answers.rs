//! Answers from the store's data, in the middle of anything.

use crate::act::{Act, CarLabel};
use crate::decide::Turn;
use crate::decision::Car;
use crate::tasks::Task;
use lanekeeper_domain::VehicleClass;
use lanekeeper_domain::understanding::{Asked, Intent, VehicleMention};

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
        if heard.wants(Intent::Status) || self.asks_about_another_car() {
            self.answer_status();
        }
        self.answer_transport();
        let answered = self.say.len() > before;
        if !answered {
            self.admit_ignorance();
            return;
        }
        self.got_further = true;
        if self.state.tasks.is_empty() && self.state.asked.is_none() {
            self.state.asked = Some(Asked::Anything);
        }
    }

    /// In the middle of something a question that we have no answer to is not left in the air.
    fn admit_ignorance(&mut self) {
        let details = &self.understanding.details;
        let particulars = details.has_when()
            || !details.approved.is_empty()
            || !details.declined.is_empty()
            || details.service.is_some()
            || details.vehicle.is_some()
            || details.name.is_some()
            || details.choice.is_some();
        let asked = self.understanding.first() == Some(Intent::Question) && !particulars;
        if asked && !self.state.tasks.is_empty() {
            self.got_further = true;
            self.say.push(Act::CannotAnswer);
        }
    }

    fn answer_price(&mut self) {
        let details = &self.understanding.details;
        if details.service.is_some() {
            return self.say_prices();
        }
        if self.answer_price_of_work() {
            return;
        }
        let discussed = self.state.tasks.last().and_then(Task::service);
        let booked = match self.situation.appointments.as_slice() {
            [only] if self.state.tasks.is_empty() => only.services.first().cloned(),
            _ => None,
        };
        match discussed.or(booked) {
            Some(service) => {
                let class = self.class_spoken_of();
                self.say.push(Act::Price { service, class });
            }
            None if matches!(self.state.tasks.last(), Some(Task::Price)) => {}
            None => {
                self.state.tasks.push(Task::Price);
                self.forget_question();
            }
        }
    }

    /// The class of the car that was named now, of the one that is being booked, or of the only one there is.
    fn class_spoken_of(&self) -> Option<VehicleClass> {
        let named = self.understanding.details.vehicle.as_ref().filter(|mention| mention.names_a_car());
        match (named, self.state.tasks.last()) {
            (Some(mention), _) => mention.class(),
            (None, Some(Task::Book(book))) => self.class(&book.car),
            (None, _) => self.class(&Car::Unknown),
        }
    }

    /// The price of everything that was named; beside nothing else, an appointment is offered with it.
    fn say_prices(&mut self) {
        let details = &self.understanding.details;
        let services: Vec<String> = details.service.iter().chain(&details.more_services).cloned().collect();
        let class = self.class_spoken_of();
        self.say.extend(services.iter().map(|service| Act::Price { service: service.clone(), class }));
        let priced =
            |id: &String| self.situation.store.service(id).is_some_and(|service| service.price_for(class).is_some());
        let alone = self.state.tasks.iter().all(|task| *task == Task::Price) && !self.understanding.wants(Intent::Book);
        if alone && services.iter().all(priced) {
            self.ask(Asked::Anything, Act::OfferBooking { services });
        }
    }

    /// The price of what is now named, or the question again. Returns whether it is still to be answered.
    pub(crate) fn advance_price(&mut self) -> bool {
        let answered = self.say.iter().any(|act| matches!(act, Act::Price { .. }));
        if !answered && self.understanding.details.service.is_some() {
            self.got_further = true;
            self.say_prices();
        }
        if answered || self.understanding.details.service.is_some() {
            self.state.asked = Some(Asked::Anything);
            return false;
        }
        if self.state.asked == Some(Asked::Service) && self.negated() {
            self.got_further = true;
            self.ask(Asked::Anything, Act::AskAnythingElse);
            return false;
        }
        self.got_further |= self.state.asked != Some(Asked::Service);
        let services = self.situation.store.services.iter().map(|service| service.id.clone()).collect();
        self.ask(Asked::Service, Act::AskPriceOf { services });
        true
    }

    /// "And the RAV4?", after the status of another car.
    pub(crate) fn asks_about_another_car(&self) -> bool {
        let names_car = self.understanding.details.vehicle.as_ref().is_some_and(VehicleMention::names_a_car);
        let about_status = self.just_said(|act| matches!(act, Act::RepairOrderStage { .. }));
        names_car && about_status && self.state.tasks.is_empty() && !self.understanding.wants(Intent::Book)
    }

    fn answer_status(&mut self) {
        let said = self.understanding.details.vehicle.clone().unwrap_or_default();
        let situation = self.situation;
        let mut orders: Vec<_> = situation.repair_orders.iter().collect();
        if orders.len() > 1 {
            orders.retain(|order| order.vehicle.as_ref().is_none_or(|vehicle| vehicle.fits(&said)));
        }
        let none = orders.is_empty();
        for order in &orders {
            self.say.push(Act::RepairOrderStage {
                number: order.number.clone(),
                stage: order.stage,
                vehicle: order.vehicle.as_ref().and_then(CarLabel::of),
                waiting_for: order.waiting_for.clone(),
                promised_at: order.promised_at,
                total: self.total_when_ready(order),
            });
        }
        for order in orders {
            self.take_up_order(&order.id);
        }
        if none {
            match self.situation.appointments.first() {
                Some(appointment) => self.say.push(Act::YourAppointment { appointment: appointment.into() }),
                None if self.state.tasks.is_empty() => self.ask(Asked::Person, Act::NothingInTheShop),
                None => self.say.push(Act::NoCarHere),
            }
        }
    }
}
