//! A decision as one atomic batch: the message, the reply, the turn, the state, the changes and what is to be sent.

use chrono::{DateTime, Utc};
use lanekeeper_changes::{Scene, Written, write};
use lanekeeper_channels::Inbound;
use lanekeeper_conversation::{Change, Decision};
use lanekeeper_domain::handling::HandlingEvent;
use lanekeeper_domain::understanding::VehicleMention;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_links::Links;
use lanekeeper_platform::{Clock, Platform, Random, Statement};
use lanekeeper_storage::{
    ConversationUpdate, IdentityKind, Loaded, NewConversation, NewMessage, NewTurn, Playbook, Revised,
    put_handling_event, put_message, put_turn, put_vehicle, rename_customer, start_conversation,
    start_customer_known_by, take_up_questions, update_conversation,
};
use lanekeeper_understanding::Heard;
use serde_json::json;

/// Ids for what every turn may write.
pub struct Fresh {
    customer: String,
    conversation: String,
    message: String,
    reply: String,
    event: String,
}

impl Fresh {
    /// New ids.
    pub fn new<P: Platform>(platform: &P, now: DateTime<Utc>) -> Self {
        let id = || platform.random().id(now);
        Self { customer: id(), conversation: id(), message: id(), reply: id(), event: id() }
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
    /// changed meanwhile: the provider's message id, the turn's number, and the seats of the capacity.
    pub fn write(&self) -> Written {
        let mut statements = self.beginnings();
        statements.push(self.message());
        statements.extend(self.reply.as_deref().map(|text| self.reply_message(text)));
        statements.push(self.turn());
        statements.extend(self.reopening());
        statements.push(self.state());
        statements.extend(self.taken_up());
        let links = if self.decision.notices.is_empty() { None } else { Links::of(self.platform.settings()) };
        let scene = Scene {
            store: Revised { profile: &self.playbook.store, revision: self.playbook.store_revision },
            line: self.line(),
            conversation: self.conversation_id(),
            customer: self.customer_id(),
            recipient: &self.inbound.from,
            language: self.decision.language,
            time_zone: self.loaded.customer.as_ref().and_then(|customer| customer.time_zone),
            message: Some(&self.fresh.message),
            links: links.as_ref(),
            now: self.now,
        };
        let new_id = || self.platform.random().id(self.now);
        let mut written = write(&scene, &self.decision.changes, &self.decision.notices, &new_id);
        statements.append(&mut written.statements);
        Written { statements, ..written }
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
            let kind = IdentityKind::of_provider(&self.playbook.line.provider);
            let (store, address) = (self.store(), &self.inbound.from);
            statements.extend(start_customer_known_by(kind, store, &self.fresh.customer, address, self.now));
            statements.extend(self.taken_over());
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

    /// What a sister store knows of somebody who is new here, unless all they want is to be left alone.
    fn taken_over(&self) -> Vec<Statement> {
        let opts_out = self.decision.changes.iter().any(|change| matches!(change, Change::OptOut(_)));
        let wanted = !opts_out && !self.loaded.opted_out;
        let Some(shared) = self.loaded.shared.as_ref().filter(|_| wanted) else { return Vec::new() };
        let (store, customer) = (self.store(), self.fresh.customer.as_str());
        let name = shared.name.as_ref().map(|name| rename_customer(store, customer, name, self.now));
        let cars = shared.vehicles.iter().map(|car| {
            let Vehicle { id, year, make, model, .. } = car.clone();
            let mention = VehicleMention { year, make, model, ..VehicleMention::default() };
            put_vehicle(store, customer, &id, &mention, self.now)
        });
        name.into_iter().chain(cars).collect()
    }

    fn message(&self) -> Statement {
        let media = json!(self.inbound.media).to_string();
        let message = NewMessage {
            id: &self.fresh.message,
            store: self.store(),
            conversation: self.conversation_id(),
            line: self.line(),
            author: "customer",
            account: None,
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
            account: None,
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

    /// What people closed is open again with whatever the customer writes; that is told to them.
    fn reopening(&self) -> Option<Statement> {
        let closed = self.loaded.conversation.as_ref().is_some_and(|row| row.status == "closed");
        let place = (self.store(), self.conversation_id());
        closed.then(|| put_handling_event(place, &self.fresh.event, &HandlingEvent::Reopened, None, self.now))
    }

    fn taken_up(&self) -> Option<Statement> {
        let taken: Vec<String> = self.loaded.questions.iter().map(|question| question.delivery.clone()).collect();
        (!taken.is_empty()).then(|| take_up_questions(self.store(), &taken))
    }

    fn state(&self) -> Statement {
        let state = json!(self.decision.state).to_string();
        let mood = json!(self.decision.mood);
        let update = ConversationUpdate {
            id: self.conversation_id(),
            store: self.store(),
            customer: self.customer_id(),
            language: self.decision.language.code(),
            mood: mood.as_str().unwrap_or("calm"),
            state: &state,
            turn: self.number(),
            waits: self.reply.is_none() && !self.loaded.opted_out,
            escalate_at: self.playbook.store.answer_due(self.now),
        };
        update_conversation(&update, self.now)
    }
}
