//! A decision as one atomic batch: the message, the reply, the turn, the state, the changes and what is to be sent.

use chrono::{DateTime, Utc};
use lanekeeper_channels::Inbound;
use lanekeeper_conversation::{Booking, Car, Change, Decision, Notice, phrases};
use lanekeeper_platform::{Clock, Platform, Random, Statement};
use lanekeeper_storage::{
    ConversationUpdate, Loaded, NewAppointment, NewConversation, NewDelivery, NewMessage, NewTurn, Playbook, book,
    cancel, change_vehicle, hand_over, opt_in, opt_out, put_delivery, put_message, put_turn, put_vehicle,
    rename_customer, reschedule, start_conversation, start_customer, update_conversation, withdraw_for_address,
    withdraw_for_appointment, withdraw_reminder,
};
use lanekeeper_understanding::Heard;
use serde_json::json;

/// Ids for whatever a turn may write.
pub struct Fresh {
    customer: String,
    conversation: String,
    message: String,
    reply: String,
    vehicle: String,
    appointment: String,
    event: String,
    deliveries: [String; 2],
}

impl Fresh {
    /// New ids.
    pub fn new<P: Platform>(platform: &P, now: DateTime<Utc>) -> Self {
        let id = || platform.random().id(now);
        Self {
            customer: id(),
            conversation: id(),
            message: id(),
            reply: id(),
            vehicle: id(),
            appointment: id(),
            event: id(),
            deliveries: [id(), id()],
        }
    }
}

/// All that goes into the batch.
pub struct Commit<'a, P: Platform> {
    pub platform: &'a P,
    pub playbook: &'a Playbook,
    pub inbound: &'a Inbound,
    pub loaded: &'a Loaded,
    pub heard: &'a Heard,
    pub decision: &'a Decision,
    /// The text of the reply; none when the AI is silent.
    pub reply: Option<String>,
    pub fresh: Fresh,
    /// When the message arrived.
    pub arrived: DateTime<Utc>,
    /// The time of the decision.
    pub now: DateTime<Utc>,
}

impl<P: Platform> Commit<'_, P> {
    /// The batch, in an order that satisfies the foreign keys. Three keys make it fail as a whole when the world has
    /// changed meanwhile: the provider's message id, the turn's number, and the reservations of bays.
    pub fn statements(&self) -> Vec<Statement> {
        let mut statements = self.beginnings();
        statements.push(self.message());
        statements.extend(self.reply.as_deref().map(|text| self.reply_message(text)));
        statements.push(self.turn());
        statements.push(self.state());
        statements.extend(self.decision.changes.iter().flat_map(|change| self.change(change)));
        let notices = self.decision.notices.iter().zip(&self.fresh.deliveries);
        statements.extend(notices.map(|(notice, id)| self.notice(notice, id)));
        statements
    }

    /// Ids of deliveries that are due now.
    pub fn due_deliveries(&self) -> Vec<String> {
        let notices = self.decision.notices.iter().zip(&self.fresh.deliveries);
        notices.filter(|(notice, _)| notice.due_at <= self.now).map(|(_, id)| id.clone()).collect()
    }

    pub fn conversation_id(&self) -> &str {
        self.loaded.conversation.as_ref().map_or(&self.fresh.conversation, |row| &row.id)
    }

    pub fn number(&self) -> i64 {
        self.loaded.conversation.as_ref().map_or(0, |row| row.turns) + 1
    }

    pub fn elapsed_ms(&self) -> i64 {
        (self.platform.clock().now() - self.arrived).num_milliseconds()
    }

    fn store(&self) -> &str {
        &self.playbook.store.id
    }

    fn line(&self) -> &str {
        &self.playbook.line.id
    }

    fn customer_id(&self) -> &str {
        let known = self.loaded.customer.as_ref().map(|customer| &customer.id);
        let of_conversation = self.loaded.conversation.as_ref().map(|row| &row.customer_id);
        of_conversation.or(known).unwrap_or(&self.fresh.customer)
    }

    fn beginnings(&self) -> Vec<Statement> {
        let mut statements = Vec::new();
        if self.loaded.conversation.is_some() {
            return statements;
        }
        if self.loaded.customer.is_none() {
            statements.extend(start_customer(self.store(), &self.fresh.customer, &self.inbound.from, self.now));
        }
        let conversation = NewConversation {
            id: &self.fresh.conversation,
            store: self.store(),
            line: self.line(),
            peer: &self.inbound.from,
            customer: self.customer_id(),
            language: self.decision.language.code(),
        };
        statements.push(start_conversation(&conversation, self.now));
        statements
    }

    fn message(&self) -> Statement {
        let media = json!(self.inbound.media).to_string();
        let message = NewMessage {
            id: &self.fresh.message,
            store: self.store(),
            conversation: self.conversation_id(),
            line: self.line(),
            author: "customer",
            text: &self.inbound.text,
            media: &media,
            provider_message: Some(&self.inbound.provider_message_id),
            reply_to: None,
            position: 0,
        };
        put_message(&message, self.now)
    }

    fn reply_message(&self, text: &str) -> Statement {
        let message = NewMessage {
            id: &self.fresh.reply,
            store: self.store(),
            conversation: self.conversation_id(),
            line: self.line(),
            author: "ai",
            text,
            media: "[]",
            provider_message: None,
            reply_to: Some(&self.fresh.message),
            position: 1,
        };
        put_message(&message, self.now)
    }

    fn turn(&self) -> Statement {
        let understanding = json!(self.heard.understanding).to_string();
        let said = json!(self.decision.say).to_string();
        let turn = NewTurn {
            conversation: self.conversation_id(),
            number: self.number(),
            store: self.store(),
            message: &self.fresh.message,
            understanding: &understanding,
            said: &said,
            model: self.heard.model.as_ref().map(ToString::to_string),
            elapsed_ms: self.elapsed_ms(),
        };
        put_turn(&turn, self.now)
    }

    fn state(&self) -> Statement {
        let state = json!(self.decision.state).to_string();
        let mood = json!(self.decision.mood);
        let update = ConversationUpdate {
            id: self.conversation_id(),
            store: self.store(),
            language: self.decision.language.code(),
            mood: mood.as_str().unwrap_or("calm"),
            state: &state,
            turn: self.number(),
        };
        update_conversation(&update, self.now)
    }

    fn change(&self, change: &Change) -> Vec<Statement> {
        let (store, line, peer, now) = (self.store(), self.line(), self.inbound.from.as_str(), self.now);
        match change {
            Change::Name(name) => vec![rename_customer(store, self.customer_id(), name, now)],
            Change::Book(booking) => self.booking(booking),
            Change::Move { appointment, to } => {
                let mut statements = reschedule(store, appointment, *to, now);
                statements.push(withdraw_for_appointment(store, appointment, now));
                statements
            }
            Change::Car { appointment, car } => {
                let (mut statements, vehicle) = self.car(car);
                statements.extend(vehicle.map(|vehicle| change_vehicle(store, appointment, vehicle, now)));
                statements.push(withdraw_reminder(store, appointment, now));
                statements
            }
            Change::Cancel { appointment } => {
                let mut statements = cancel(store, appointment, now);
                statements.push(withdraw_for_appointment(store, appointment, now));
                statements
            }
            Change::HandOver(reason) => vec![hand_over(store, self.conversation_id(), reason.as_str(), now)],
            Change::OptOut(how) => {
                let mut statements = opt_out(store, line, peer, &self.fresh.event, how, now);
                statements.push(withdraw_for_address(store, line, peer, now));
                statements
            }
            Change::OptIn(how) => opt_in(store, line, peer, &self.fresh.event, how, now),
        }
    }

    fn booking(&self, booking: &Booking) -> Vec<Statement> {
        let (mut statements, vehicle) = self.car(&booking.car);
        let appointment = NewAppointment {
            id: &self.fresh.appointment,
            store: self.store(),
            customer: self.customer_id(),
            conversation: Some(self.conversation_id()),
            vehicle,
            services: &booking.services,
            concern: booking.concern.as_deref(),
            opening: booking.opening,
        };
        statements.extend(book(&appointment, self.now));
        statements
    }

    /// What is to be written so that the car has an id, and that id.
    fn car<'c>(&'c self, car: &'c Car) -> (Vec<Statement>, Option<&'c str>) {
        match car {
            Car::Known(id) => (Vec::new(), Some(id)),
            Car::New(car) => {
                let id = self.fresh.vehicle.as_str();
                (vec![put_vehicle(self.store(), self.customer_id(), id, car, self.now)], Some(id))
            }
            Car::Unknown | Car::Unsaid => (Vec::new(), None),
        }
    }

    fn notice(&self, notice: &Notice, id: &str) -> Statement {
        let text = phrases::render(
            std::slice::from_ref(&notice.act),
            &self.playbook.store,
            self.decision.language,
            notice.due_at,
        );
        let delivery = NewDelivery {
            id,
            store: self.store(),
            line: self.line(),
            conversation: self.conversation_id(),
            appointment: Some(notice.appointment.as_deref().unwrap_or(&self.fresh.appointment)),
            kind: notice.kind.as_str(),
            recipient: &self.inbound.from,
            text: &text,
            due_at: notice.due_at,
            expires_at: notice.expires_at,
        };
        put_delivery(&delivery, self.now)
    }
}
