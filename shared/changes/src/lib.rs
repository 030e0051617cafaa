//! What is changed and what is sent about it, as statements of one atomic batch.
//!
//! A turn, the JSON API, the pages behind links and the clock all write through here, so that a change has the same
//! effects whoever asks for it.

use chrono::{DateTime, Utc};
use lanekeeper_conversation::{Act, Booking, Car, Change, Notice, Subject, phrases};
use lanekeeper_domain::Language;
use lanekeeper_links::Links;
use lanekeeper_platform::Statement;
use lanekeeper_storage::{
    NewAppointment, NewDelivery, Revised, book, cancel, change_vehicle, expect_appointment, hand_over, opt_in, opt_out,
    put_delivery, put_vehicle, rename_customer, reschedule, withdraw_for_address, withdraw_for_appointment,
    withdraw_reminder,
};
use serde_json::json;

/// Whom changes are about, how they are reached, and when.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The store, and the revision of its rules that was decided on.
    pub store: Revised<'a>,
    /// Id of the line on which the customer is reached.
    pub line: &'a str,
    /// Id of the conversation on that line.
    pub conversation: &'a str,
    /// Id of the customer.
    pub customer: &'a str,
    /// The customer's address on the line.
    pub recipient: &'a str,
    /// The customer's language.
    pub language: Language,
    /// Gives out links to what messages are about.
    pub links: Option<&'a Links>,
    /// The time of the change.
    pub now: DateTime<Utc>,
}

/// Statements, and what they make.
#[derive(Debug, Default)]
pub struct Written {
    /// For one batch, in an order that satisfies the foreign keys. The batch fails as a whole where the store's capacity
    /// does not allow an appointment.
    pub statements: Vec<Statement>,
    /// Id of the appointment that is booked.
    pub appointment: Option<String>,
    /// Ids of the outbox rows that are due now.
    pub due: Vec<String>,
}

/// Writes changes and notices. `new_id` gives ids of new rows.
pub fn write(scene: &Scene, changes: &[Change], notices: &[Notice], new_id: &dyn Fn() -> String) -> Written {
    let mut written = Written::default();
    for change in changes {
        written.change(scene, change, new_id);
    }
    for notice in notices {
        written.notice(scene, notice, new_id());
    }
    written
}

impl Written {
    fn change(&mut self, scene: &Scene, change: &Change, new_id: &dyn Fn() -> String) {
        let (store, line, address, now) = (scene.store.profile.id.as_str(), scene.line, scene.recipient, scene.now);
        match change {
            Change::Name(name) => self.statements.push(rename_customer(store, scene.customer, name, now)),
            Change::Book(booking) => self.booking(scene, booking, new_id),
            Change::Move { appointment, to, services, transport } => {
                self.statements.push(expect_appointment(store, appointment, None));
                self.statements.extend(reschedule(scene.store, appointment, to, services, *transport, now));
                self.statements.push(withdraw_for_appointment(store, appointment, now));
            }
            Change::Car { appointment, car } => {
                let vehicle = self.car(scene, car, new_id);
                self.statements.extend(vehicle.map(|vehicle| change_vehicle(store, appointment, &vehicle, now)));
                self.statements.push(withdraw_reminder(store, appointment, now));
            }
            Change::Cancel { appointment } => {
                self.statements.push(expect_appointment(store, appointment, None));
                self.statements.extend(cancel(store, appointment, now));
                self.statements.push(withdraw_for_appointment(store, appointment, now));
            }
            Change::HandOver(reason) => {
                self.statements.push(hand_over(store, scene.conversation, reason.as_str(), now));
            }
            Change::OptOut(how) => {
                self.statements.extend(opt_out(store, line, address, &new_id(), how, now));
                self.statements.push(withdraw_for_address(store, line, address, now));
            }
            Change::OptIn(how) => self.statements.extend(opt_in(store, line, address, &new_id(), how, now)),
        }
    }

    fn booking(&mut self, scene: &Scene, booking: &Booking, new_id: &dyn Fn() -> String) {
        let vehicle = self.car(scene, &booking.car, new_id);
        let id = new_id();
        let appointment = NewAppointment {
            id: &id,
            customer: scene.customer,
            conversation: Some(scene.conversation),
            vehicle: vehicle.as_deref(),
            services: &booking.services,
            concern: booking.concern.as_deref(),
            opening: &booking.opening,
            transport: booking.transport,
            transport_address: booking.transport_address.as_deref(),
        };
        self.statements.extend(book(scene.store, &appointment, scene.now));
        self.appointment = Some(id);
    }

    /// The id of a car, which is written where it is new; `None` when the car is not known.
    fn car(&mut self, scene: &Scene, car: &Car, new_id: &dyn Fn() -> String) -> Option<String> {
        match car {
            Car::Known(id) => Some(id.clone()),
            Car::New(car) => {
                let id = new_id();
                self.statements.push(put_vehicle(&scene.store.profile.id, scene.customer, &id, car, scene.now));
                Some(id)
            }
            Car::Unknown | Car::Unsaid => None,
        }
    }

    fn text(&self, scene: &Scene, notice: &Notice) -> String {
        let text =
            phrases::render(std::slice::from_ref(&notice.act), scene.store.profile, scene.language, notice.due_at);
        match self.link(scene, notice) {
            Some(link) => phrases::with_link(&text, &link, scene.store.profile, scene.language),
            None => text,
        }
    }

    /// Where the customer can look at what a message is about, and change it.
    fn link(&self, scene: &Scene, notice: &Notice) -> Option<String> {
        let (Act::Confirmation { start, .. } | Act::Reminder { start, .. }) = notice.act else { return None };
        let appointment = match &notice.subject {
            Subject::Booked => self.appointment.as_deref(),
            Subject::Appointment(id) => Some(id.as_str()),
            Subject::RepairOrder(_) | Subject::Customer => None,
        };
        Some(scene.links?.to_appointment(&scene.store.profile.id, appointment?, start))
    }

    fn notice(&mut self, scene: &Scene, notice: &Notice, id: String) {
        let text = self.text(scene, notice);
        let question = notice.question.as_ref().map(|question| json!(question).to_string());
        let delivery = NewDelivery {
            id: &id,
            store: &scene.store.profile.id,
            line: scene.line,
            conversation: scene.conversation,
            customer: Some(scene.customer),
            appointment: match &notice.subject {
                Subject::Booked => self.appointment.as_deref(),
                Subject::Appointment(id) => Some(id),
                Subject::RepairOrder(_) | Subject::Customer => None,
            },
            repair_order: match &notice.subject {
                Subject::RepairOrder(id) => Some(id),
                _ => None,
            },
            kind: notice.kind.as_str(),
            recipient: scene.recipient,
            text: &text,
            question: question.as_deref(),
            due_at: notice.due_at,
            expires_at: notice.expires_at,
        };
        self.statements.push(put_delivery(&delivery, scene.now));
        if notice.due_at <= scene.now {
            self.due.push(id);
        }
    }
}
