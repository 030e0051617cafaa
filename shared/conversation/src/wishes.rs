//! What is wanted, as tasks.

use crate::act::{Act, AppointmentLine};
use crate::decide::Turn;
use crate::decision::{Car, Change};
use crate::notices;
use crate::tasks::{Book, Cancel, Move, Task};
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::understanding::{Asked, Intent, VehicleMention};

impl<'a> Turn<'a> {
    /// Pushes a task for every wish that is not what is being done already.
    pub(crate) fn take_wishes(&mut self) {
        let heard = self.understanding;
        // "Cancel the wipers" is an answer to what was asked.
        if self.state.asked == Some(Asked::Approval) && heard.details.has_lines() && !heard.details.has_when() {
            return;
        }
        if self.hear_waitlist() {
            return;
        }
        self.take_wish_about_work();
        // "I can't make it, can we do Monday" may mean both; what is surer counts.
        let cancels = heard.confidence(Intent::Cancel) > heard.confidence(Intent::Reschedule);
        if cancels && !self.negates_cancelling() {
            self.take_wish_to_cancel();
        } else if heard.wants(Intent::Reschedule) {
            self.take_wish_to_move();
        }
        let moving = heard.wants(Intent::Reschedule) || heard.wants(Intent::Cancel) || self.corrects_what_was_booked();
        let booking = self.state.tasks.iter().any(|task| matches!(task, Task::Book(_)));
        if !moving && !booking && self.wants_booking() {
            self.push(Task::Book(Box::new(Book { services: self.offered_work(), ..Book::default() })));
        }
    }

    fn push(&mut self, task: Task) {
        self.state.tasks.push(task);
        self.forget_question();
        self.got_further = true;
    }

    /// Whether an appointment is wanted, said plainly, by naming work, a car or a time, or by taking up our offer.
    fn wants_booking(&self) -> bool {
        let heard = self.understanding;
        // "The brakes" tells which appointment is meant, when that was the question.
        if self.state.asked == Some(Asked::Appointment) && self.chosen_appointment().is_some() {
            return false;
        }
        let names_work = heard.details.service.is_some() || heard.details.concern.is_some();
        let names_car =
            heard.details.vehicle.as_ref().is_some_and(VehicleMention::names_a_car) && !self.asks_about_another_car();
        let aside =
            [Intent::Price, Intent::Status, Intent::Question, Intent::Hours].iter().any(|intent| heard.wants(*intent));
        let polite = matches!(heard.first(), Some(Intent::Thanks | Intent::Goodbye | Intent::Affirm | Intent::Negate));
        let hinted = names_work || names_car || (heard.details.has_when() && !polite);
        let offered = self.just_said(|act| matches!(act, Act::OfferBooking { .. } | Act::NoAppointment));
        let takes_offer = offered && self.affirmed() && !aside;
        let asks_something = heard.first() == Some(Intent::Question) && !names_work && !heard.details.has_when();
        (heard.wants(Intent::Book) && !asks_something)
            || (self.state.tasks.is_empty() && (takes_offer || (!aside && hinted)))
    }

    /// The work that an appointment was offered for just now.
    fn offered_work(&self) -> Vec<String> {
        let said = self.situation.state.said.iter();
        let offered = said.into_iter().find_map(|act| match act {
            Act::OfferBooking { services } => Some(services.clone()),
            _ => None,
        });
        offered.unwrap_or_default()
    }

    /// "Make that Thursday", "actually it's for my wife's CR-V", said of the appointment that was booked or moved just
    /// now.
    fn corrects_what_was_booked(&mut self) -> bool {
        let details = &self.understanding.details;
        let about_something_else = [Intent::Book, Intent::Hours, Intent::Status, Intent::Price, Intent::Thanks]
            .iter()
            .any(|intent| self.understanding.wants(*intent))
            || self.understanding.first() == Some(Intent::Goodbye);
        let Some(appointment) = self.just_booked().filter(|_| self.state.tasks.is_empty()) else { return false };
        if about_something_else || details.service.is_some() {
            return false;
        }
        let car_changed = self.correct_car(appointment);
        if details.has_when() {
            let task = Move { appointment: Some(appointment.id.clone()), ..Move::default() };
            self.push(Task::Move(task));
        }
        car_changed || details.has_when()
    }

    fn just_booked(&self) -> Option<&'a Appointment> {
        let situation = self.situation;
        let start = situation.state.said.iter().find_map(|act| match act {
            Act::Booked { start, .. } | Act::Moved { start, .. } => Some(*start),
            Act::CarChanged { appointment } => Some(appointment.start),
            _ => None,
        })?;
        situation.appointments.iter().find(|appointment| appointment.opening.start == start)
    }

    /// Puts another car to the appointment. Returns whether one was named.
    fn correct_car(&mut self, appointment: &Appointment) -> bool {
        let Some(mention) = self.understanding.details.vehicle.as_ref().filter(|mention| mention.names_a_car()) else {
            return false;
        };
        let known = self.situation.vehicles.iter().find(|vehicle| vehicle.fits(mention));
        let car = known.map_or_else(|| Car::New(mention.clone()), |vehicle| Car::Known(vehicle.id.clone()));
        let vehicle = self.car_label(&car);
        let start = appointment.opening.start;
        let services = appointment.services.clone();
        self.got_further = true;
        let id = appointment.id.as_str();
        self.notices.extend(notices::reminders(Some(id), &services, start, vehicle.as_ref()));
        self.changes.push(Change::Car { appointment: id.to_owned(), car });
        self.state.asked = Some(Asked::Anything);
        self.say.push(Act::CarChanged { appointment: AppointmentLine { services, start, vehicle } });
        true
    }

    fn negates_cancelling(&self) -> bool {
        self.understanding.wants(Intent::Negate) && matches!(self.state.tasks.last(), Some(Task::Cancel(_)))
    }

    fn take_wish_to_cancel(&mut self) {
        match self.state.tasks.last() {
            Some(Task::Cancel(_)) => {}
            // In the middle of a booking and nothing else to cancel: the booking is meant.
            Some(Task::Book(_) | Task::Move(_)) if self.situation.appointments.is_empty() => self.drop_task(),
            _ => self.ask_or_cancel(),
        }
    }

    fn ask_or_cancel(&mut self) {
        let bare = self.understanding.wants(Intent::OptOut) && self.state.asked != Some(Asked::CancelOrStop);
        if bare {
            self.got_further = true;
            self.ask(Asked::CancelOrStop, Act::AskCancelOrStop);
        } else {
            let appointment = self.drop_tasks_about_appointments();
            self.push(Task::Cancel(Cancel { appointment }));
        }
    }

    fn take_wish_to_move(&mut self) {
        let choosing = matches!(self.state.asked, Some(Asked::Opening | Asked::Confirm | Asked::When));
        match self.state.tasks.last() {
            Some(Task::Move(_)) => {}
            // "Actually, move that to Thursday" while booking is a correction.
            Some(Task::Book(_)) if choosing || self.situation.appointments.is_empty() => {}
            _ => {
                let appointment = self.drop_tasks_about_appointments();
                self.push(Task::Move(Move { appointment, ..Move::default() }));
            }
        }
    }

    /// Who wants to move an appointment no longer wants to cancel it, and the other way round. Returns which appointment
    /// was spoken of.
    fn drop_tasks_about_appointments(&mut self) -> Option<String> {
        let appointment = self.state.tasks.last().and_then(|task| match task {
            Task::Move(task) => task.appointment.clone(),
            Task::Cancel(task) => task.appointment.clone(),
            Task::Book(_)
            | Task::TakeOffer(_)
            | Task::Approve(_)
            | Task::Price
            | Task::Satisfaction(_)
            | Task::CallBack => None,
        });
        self.state.tasks.retain(|task| !matches!(task, Task::Move(_) | Task::Cancel(_)));
        appointment
    }
}
