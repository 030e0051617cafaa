//! The waitlist: joining it, leaving it, and answering an offer.

use super::{Book, Task};
use crate::act::{Act, CarLabel};
use crate::decide::Turn;
use crate::decision::{Booking, Car, Change};
use crate::notices;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::openings::{self, Opening};
use lanekeeper_domain::understanding::{Asked, Intent};
use lanekeeper_domain::waitlist::{self, Entry, Waiting};
use serde::{Deserialize, Serialize};

/// Answering the offer of an opening that is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakeOffer {
    /// Id of the entry on the waitlist.
    pub entry: String,
}

impl<'a> Turn<'a> {
    /// Hears who wants to be told of an earlier time, or no longer does. Returns whether that was said.
    pub(crate) fn hear_waitlist(&mut self) -> bool {
        let heard = self.understanding;
        if heard.wants(Intent::LeaveWaitlist) {
            self.got_further = true;
            let entries = self.situation.waitlist.iter();
            self.changes.extend(entries.map(|entry| Change::LeaveWaitlist { entry: entry.id.clone() }));
            self.state.tasks.retain(|task| !matches!(task, Task::TakeOffer(_)));
            self.say.push(Act::LeftWaitlist);
            return true;
        }
        if !heard.wants(Intent::Waitlist) {
            return false;
        }
        match self.state.tasks.pop() {
            Some(Task::Book(book)) => self.wait_instead_of_booking(book),
            other => {
                self.state.tasks.extend(other);
                self.wait_for_an_earlier_time();
            }
        }
        true
    }

    fn wait_instead_of_booking(&mut self, mut book: Box<Book>) {
        self.hear_work(&mut book);
        if book.services.is_empty() {
            book.waitlist = true;
            self.state.tasks.push(Task::Book(book));
            return;
        }
        self.changes.extend(book.name.clone().map(Change::Name));
        let vehicle = match &book.car {
            Car::Known(id) => Some(id.clone()),
            Car::New(_) | Car::Unknown | Car::Unsaid => None,
        };
        let waiting = Waiting {
            services: book.services,
            concern: book.concern,
            wish: book.wish,
            appointment: None,
            vehicle,
            transport: book.transport,
            transport_address: book.address,
            advisor: book.advisor,
        };
        self.join_waitlist(waiting, None);
    }

    /// Somebody with an appointment waits for an earlier one; somebody without tells first what it is for.
    fn wait_for_an_earlier_time(&mut self) {
        let details = &self.understanding.details;
        let named = details.service.is_some() || details.concern.is_some();
        let Some(appointment) = self.situation.appointments.first().filter(|_| !named) else {
            return self.wait_instead_of_booking(Box::default());
        };
        let mut wish = openings::Wish::default();
        wish.take(details);
        let waiting = Waiting {
            services: appointment.services.clone(),
            wish,
            appointment: Some(appointment.id.clone()),
            vehicle: appointment.vehicle.as_ref().map(|vehicle| vehicle.id.clone()),
            transport: appointment.transport,
            ..Waiting::default()
        };
        self.join_waitlist(waiting, Some(appointment));
    }

    /// Goes on with who has now said what they would wait for. Returns whether that is so.
    pub(crate) fn join_when_known(&mut self, book: &mut Box<Book>) -> bool {
        let known = book.waitlist && !book.services.is_empty();
        if known {
            self.wait_instead_of_booking(std::mem::take(book));
        }
        known
    }

    fn join_waitlist(&mut self, waiting: Waiting, appointment: Option<&Appointment>) {
        self.got_further = true;
        self.forget_question();
        self.state.asked = Some(Asked::Anything);
        let earlier_than = appointment.map(|appointment| appointment.opening.start);
        self.say.push(Act::Waitlisted { services: waiting.services.clone(), earlier_than });
        // Who is on the list already for the same work waits with the new wish only.
        let same = self.situation.waitlist.iter().find(|entry| entry.waiting.services == waiting.services);
        self.changes.extend(same.map(|entry| Change::LeaveWaitlist { entry: entry.id.clone() }));
        let until = waitlist::until(self.situation.store, &waiting.wish, earlier_than, self.now);
        self.changes.push(Change::JoinWaitlist { waiting: Box::new(waiting), until });
    }

    /// Hears the answer to the offer of an opening; `None` when it is done.
    pub(crate) fn advance_offer(&mut self, task: TakeOffer, resumed: bool) -> Option<TakeOffer> {
        let entry = self.situation.waitlist.iter().find(|entry| entry.id == task.entry);
        let held = entry.and_then(|entry| Some((entry, entry.offered.as_ref()?)));
        let Some((entry, (opening, _))) = held.filter(|(_, (_, until))| *until > self.now) else {
            let answers = self.affirmed() && !resumed;
            self.got_further |= answers;
            self.say.extend(answers.then_some(Act::OfferGone));
            return None;
        };
        let confirming = self.state.asked == Some(Asked::Confirm) && !resumed;
        if confirming && self.affirmed() {
            self.take_offer(entry, opening);
            return None;
        }
        if confirming && self.negated() {
            self.got_further = true;
            self.changes.push(Change::DeclineOffer { entry: entry.id.clone() });
            self.forget_question();
            self.state.asked = Some(Asked::Anything);
            self.say.push(Act::StillWaiting);
            return None;
        }
        let vehicle = self.car_of(entry);
        let services = entry.waiting.services.clone();
        self.ask(Asked::Confirm, Act::AskOffer { services, start: opening.start, vehicle });
        Some(task)
    }

    fn take_offer(&mut self, entry: &'a Entry, opening: &Opening) {
        let Waiting { services, transport, appointment, .. } = &entry.waiting;
        let vehicle = self.car_of(entry);
        let moved = appointment.as_ref().and_then(|id| self.situation.appointment(id));
        let id = moved.map(|appointment| appointment.id.as_str());
        self.got_further = true;
        self.changes.push(Change::TakeOffer { entry: entry.id.clone() });
        self.notices.extend(notices::about(id, services, opening.start, vehicle.as_ref(), self.now));
        if let Some(appointment) = moved {
            self.say.push(Act::Moved { services: services.clone(), start: opening.start });
            self.changes.push(Change::Move {
                appointment: appointment.id.clone(),
                to: opening.clone(),
                services: services.clone(),
                transport: *transport,
            });
        } else {
            self.say.push(Act::Booked { services: services.clone(), start: opening.start, transport: *transport });
            self.changes.push(Change::Book(Booking {
                services: services.clone(),
                concern: entry.waiting.concern.clone(),
                opening: opening.clone(),
                transport: *transport,
                transport_address: entry.waiting.transport_address.clone(),
                car: entry.waiting.vehicle.clone().map_or(Car::Unknown, Car::Known),
            }));
        }
        self.forget_question();
        self.state.asked = Some(Asked::Anything);
    }

    fn car_of(&self, entry: &Entry) -> Option<CarLabel> {
        let id = entry.waiting.vehicle.as_ref()?;
        self.situation.vehicles.iter().find(|vehicle| vehicle.id == *id).and_then(CarLabel::of)
    }
}
