//! What is changed and what is sent about it, as statements of one atomic batch.
//!
//! A turn, the JSON API, the pages behind links and the clock all write through here, so that a change has the same
//! effects whoever asks for it.

mod orders;
mod outside;

pub use orders::{decide_lines, open_order, write_order};
pub use outside::{Outside, write_outside};

use chrono::{DateTime, Utc};
use lanekeeper_conversation::{Act, Booking, Car, Change, Notice, Subject, phrases};
use lanekeeper_domain::Language;
use lanekeeper_domain::appointment::Customer;
use lanekeeper_domain::handling::HandlingEvent;
use lanekeeper_domain::notifications::{TextingHours, due_and_expiry};
use lanekeeper_domain::repair_order::Actor;
use lanekeeper_links::Links;
use lanekeeper_platform::Statement;
use lanekeeper_storage::{
    Consent, Contact, NewAlert, NewAppointment, NewDelivery, NewHandover, NewSatisfaction, Revised, alert_wake_up,
    book, cancel, change_vehicle, comment_on_satisfaction, decline_offer, expect_appointment, hand_over, hold_opening,
    join_waitlist, leave_waitlist, leave_waitlist_of, opt_in, opt_out, put_alert, put_consent, put_delivery,
    put_handling_event, put_satisfaction, put_vehicle, rename_customer, reschedule, take_offer, withdraw_for_address,
    withdraw_for_appointment, withdraw_reminders,
};
use lanekeeper_zones::Tz;
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
    /// The customer's own time zone, where it is known.
    pub time_zone: Option<Tz>,
    /// Id of the message in whose words the customer asks for it.
    pub message: Option<&'a str>,
    /// Gives out links to what messages are about.
    pub links: Option<&'a Links>,
    /// The time of the change.
    pub now: DateTime<Utc>,
}

impl<'a> Scene<'a> {
    /// A customer who is written to in this conversation.
    pub fn of(
        store: Revised<'a>,
        customer: &'a Customer,
        contact: &'a Contact,
        links: Option<&'a Links>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            store,
            line: &contact.line,
            conversation: &contact.conversation,
            customer: &customer.id,
            recipient: &contact.peer,
            language: contact.language,
            time_zone: customer.time_zone,
            message: None,
            links,
            now,
        }
    }
}

/// Statements, and what they make.
#[derive(Debug, Default)]
pub struct Written {
    /// For one batch, in an order that satisfies the foreign keys. The batch fails as a whole where the store's capacity
    /// does not allow an appointment.
    pub statements: Vec<Statement>,
    /// Id of the appointment that is booked.
    pub appointment: Option<String>,
    /// Id of the entry on the waitlist.
    pub waitlist_entry: Option<String>,
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
                self.statements.push(withdraw_reminders(store, appointment, now));
            }
            Change::Cancel { appointment } => {
                self.statements.push(expect_appointment(store, appointment, None));
                self.statements.extend(cancel(store, appointment, now));
                self.statements.extend(leave_waitlist_of(store, appointment, now));
                self.statements.push(withdraw_for_appointment(store, appointment, now));
            }
            Change::JoinWaitlist { waiting, until } => {
                let who = (store, scene.customer, scene.conversation);
                let id = new_id();
                self.statements.push(join_waitlist(who, &id, waiting, *until, now));
                self.waitlist_entry = Some(id);
            }
            Change::LeaveWaitlist { entry } => self.statements.extend(leave_waitlist(store, entry, now)),
            Change::HoldOpening { entry, waiting, opening, until } => {
                self.statements.extend(hold_opening(scene.store, entry, (opening, waiting), *until, now));
            }
            Change::TakeOffer { entry } => self.statements.extend(take_offer(store, entry, now)),
            Change::DeclineOffer { entry } => self.statements.extend(decline_offer(store, entry, now)),
            Change::Order(change) => {
                let message = scene.message.filter(|_| change.actor == Actor::Customer);
                self.statements.extend(orders::saved(store, change, message, now));
            }
            Change::HandOver(handover) => {
                let summary = json!(handover.summary).to_string();
                let handover = NewHandover {
                    store,
                    conversation: scene.conversation,
                    event: &new_id(),
                    reason: handover.reason.as_str(),
                    topic: handover.topic.as_str(),
                    summary: Some(&summary),
                    priority: handover.priority,
                    waits: true,
                    escalate_at: scene.store.profile.answer_due(now),
                };
                self.statements.extend(hand_over(&handover, now));
                self.alert(scene, &new_id());
            }
            Change::CallBack { words, phone } => {
                let event = HandlingEvent::CallBackWished { words: words.clone(), phone: phone.clone() };
                let place = (store, scene.conversation);
                self.statements.push(put_handling_event(place, &new_id(), &event, None, now));
            }
            Change::OptOut(how) => {
                self.statements.extend(opt_out(store, line, address, &new_id(), how, now));
                self.statements.push(withdraw_for_address(store, line, address, now));
            }
            Change::Consent { topic, agreed } => {
                let consent = Consent { address, topic: *topic, agreed: *agreed, how: "message" };
                self.statements.extend(put_consent(store, line, &new_id(), &consent, now));
            }
            Change::Rate { repair_order, score, comment } => {
                let answer = NewSatisfaction {
                    id: &new_id(),
                    store,
                    customer: scene.customer,
                    conversation: scene.conversation,
                    repair_order: repair_order.as_deref(),
                    score: *score,
                    comment: comment.as_deref(),
                };
                self.statements.push(put_satisfaction(&answer, now));
            }
            Change::Comment(comment) => {
                self.statements.push(comment_on_satisfaction(store, scene.conversation, comment));
            }
            Change::OptIn(how) => self.statements.extend(opt_in(store, line, address, &new_id(), how, now)),
        }
    }

    /// The store's people hear of it: at once, or when they are back.
    fn alert(&mut self, scene: &Scene, id: &str) {
        let (store, now) = (scene.store.profile, scene.now);
        let open = store.is_open(now);
        let Some(due_at) = (if open { Some(now) } else { store.next_opening(now) }) else { return };
        let (conversation, kind) = (scene.conversation, "handed_over");
        let alert = NewAlert { id, store: &store.id, conversation, kind, account: None, except: None, due_at };
        self.statements.push(put_alert(&alert, now));
        if open {
            self.due.push(alert_wake_up(id));
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

    fn text(&self, scene: &Scene, notice: &Notice, due: DateTime<Utc>) -> String {
        let text = phrases::render(std::slice::from_ref(&notice.act), scene.store.profile, scene.language, due);
        match self.link(scene, notice) {
            Some(link) => phrases::with_link(&text, &link, scene.store.profile, scene.language),
            None => text,
        }
    }

    /// Where the customer can look at what a message is about, and change it.
    fn link(&self, scene: &Scene, notice: &Notice) -> Option<String> {
        let (links, store) = (scene.links?, scene.store.profile.id.as_str());
        match (&notice.subject, &notice.act) {
            (Subject::RepairOrder(id), _) if notice.question.is_some() => {
                Some(links.to_repair_order(store, id, scene.now))
            }
            (Subject::Booked, Act::Confirmation { start, .. } | Act::Reminder { start, .. }) => {
                Some(links.to_appointment(store, self.appointment.as_deref()?, *start))
            }
            (Subject::Appointment(id), Act::Confirmation { start, .. } | Act::Reminder { start, .. }) => {
                Some(links.to_appointment(store, id, *start))
            }
            _ => None,
        }
    }

    /// Writes a message, if the store sends such ones and there is a time for it.
    fn notice(&mut self, scene: &Scene, notice: &Notice, id: String) {
        let Some((due_at, expires_at)) = times(scene, notice) else { return };
        let text = self.text(scene, notice, due_at);
        let question = notice.question.as_ref().map(|question| json!(question).to_string());
        let (appointment, repair_order) = match &notice.subject {
            Subject::Booked => (self.appointment.as_deref(), None),
            Subject::Appointment(id) => (Some(id.as_str()), None),
            Subject::RepairOrder(id) => (None, Some(id.as_str())),
            Subject::Customer => (None, None),
        };
        let subject = appointment.or(repair_order).unwrap_or(scene.customer);
        let dedupe_key = notice.kind.dedupe_key(subject, notice.event);
        let delivery = NewDelivery {
            id: &id,
            store: &scene.store.profile.id,
            line: scene.line,
            conversation: scene.conversation,
            customer: Some(scene.customer),
            appointment,
            repair_order,
            kind: notice.kind.as_str(),
            class: notice.class.as_str(),
            dedupe_key: Some(&dedupe_key),
            recipient: scene.recipient,
            text: &text,
            question: question.as_deref(),
            due_at,
            expires_at,
        };
        self.statements.push(put_delivery(&delivery, scene.now));
        if due_at <= scene.now {
            self.due.push(id);
        }
    }
}

/// From when on and until when a message may be sent.
fn times(scene: &Scene, notice: &Notice) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    if !scene.store.profile.notifications.sends(notice.kind) {
        return None;
    }
    let hours = TextingHours::new(scene.store.profile, scene.time_zone, scene.recipient);
    let (due, expires) =
        due_and_expiry((notice.kind, notice.class), notice.event, scene.now, scene.store.profile, &hours)?;
    let expires = notice.until.map_or(expires, |until| until.min(expires));
    (due < expires).then_some((due, expires))
}
