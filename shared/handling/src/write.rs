//! An act as statements of one batch.

use crate::Person;
use chrono::{DateTime, Utc};
use lanekeeper_changes::{Scene, write as write_notices};
use lanekeeper_conversation::{Act, Notice, State, Subject, phrases};
use lanekeeper_domain::handling::{Handling, HandlingAct, HandlingEvent, answers};
use lanekeeper_domain::notifications::{Class, Kind, TextingHours, due_and_expiry};
use lanekeeper_platform::Statement;
use lanekeeper_storage::{
    HandledConversation, NewAct, NewAlert, NewDelivery, NewMessage, Revised, alert_wake_up, put_act, put_alert,
    put_delivery, put_handling_event, put_message,
};
use serde_json::json;

/// An act that the rules allow.
pub struct Deed<'a> {
    pub found: &'a HandledConversation,
    pub act: &'a HandlingAct,
    pub by: Person<'a>,
    /// How the conversation stands after it.
    pub handling: &'a Handling,
    pub events: &'a [HandlingEvent],
    pub now: DateTime<Utc>,
}

/// Statements, and what they make.
#[derive(Default)]
pub struct Written {
    pub statements: Vec<Statement>,
    pub message: Option<String>,
    pub leaves_at: Option<DateTime<Utc>>,
    /// Ids of the outbox rows that are due now.
    pub due: Vec<String>,
}

/// Everything that the act changes. The batch fails (`turns`) where the conversation has gone on meanwhile.
pub fn write(deed: &Deed, new_id: &dyn Fn() -> String) -> Written {
    let found = deed.found;
    let (store, conversation) = (found.store.id.as_str(), found.id.as_str());
    let act = NewAct {
        store,
        conversation,
        act: deed.act.as_str(),
        account: deed.by.account,
        escalate_at: deed.escalate_at(),
        number: found.turns + 1,
    };
    let mut written = Written::default();
    written.statements.extend(put_act(&act, deed.handling, &deed.state(), deed.now));
    for event in deed.events {
        let account = Some(deed.by.account);
        let statement = put_handling_event((store, conversation), &new_id(), event, account, deed.now);
        written.statements.push(statement);
    }
    match deed.act {
        HandlingAct::Assign { to: Some(to) } if to != deed.by.account => written.alert(deed, to, &new_id()),
        HandlingAct::Reply { text } => written.reply(deed, text, new_id()),
        act => written.tell(deed, act, new_id),
    }
    written
}

impl Deed<'_> {
    /// What the AI remembers. What it asked before people came is no question any more; after a close it begins anew.
    fn state(&self) -> String {
        let back = matches!(self.act, HandlingAct::HandBack { .. } | HandlingAct::Close { .. });
        let state = serde_json::from_str::<State>(&self.found.state).ok().filter(|_| back);
        let Some(state) = state else { return self.found.state.clone() };
        json!(state.after_people(matches!(self.act, HandlingAct::Close { .. }))).to_string()
    }

    /// Whoever joins has as long as anybody to answer.
    fn escalate_at(&self) -> Option<DateTime<Utc>> {
        self.handling.waiting_since?;
        if self.joins() { self.found.store.answer_due(self.now) } else { self.found.escalate_at }
    }

    fn joins(&self) -> bool {
        self.events.contains(&HandlingEvent::Joined)
    }

    fn joined(&self) -> Act {
        Act::PersonJoined { advisor: self.by.name.to_owned() }
    }

    /// What answers the customer may leave at night; what comes out of the blue waits for the morning.
    fn class(&self) -> Class {
        if answers(self.found.heard_at, self.now) { Class::Conversational } else { Class::Informational }
    }
}

impl Written {
    /// A person's words: in the thread at once, and on their way to the customer. Whoever comes in with them is named.
    fn reply(&mut self, deed: &Deed, text: &str, id: String) {
        let (found, now) = (deed.found, deed.now);
        let text = if deed.joins() {
            let joined = phrases::render(&[deed.joined()], &found.store, found.language, now);
            format!("{joined}\n{}", text.trim())
        } else {
            text.trim().to_owned()
        };
        let message = NewMessage {
            id: &id,
            store: &found.store.id,
            conversation: &found.id,
            line: &found.line,
            author: "person",
            account: Some(deed.by.account),
            text: &text,
            media: "[]",
            provider_message: None,
            reply_to: None,
            position: 0,
        };
        self.statements.push(put_message(&message, now));
        let hours = TextingHours::new(&found.store, found.time_zone, &found.peer);
        let class = deed.class();
        let time =
            |class| due_and_expiry((Kind::Reply, class), now, now, &found.store, &hours).map(|times| (class, times));
        // Where the customer's place has no hours for texting at all, the person's word counts.
        let scheduled = time(class).or_else(|| time(Class::Conversational));
        let Some((class, (due_at, expires_at))) = scheduled else { return };
        let delivery = NewDelivery {
            id: &id,
            store: &found.store.id,
            line: &found.line,
            conversation: &found.id,
            customer: Some(&found.customer),
            appointment: None,
            repair_order: None,
            kind: Kind::Reply.as_str(),
            class: class.as_str(),
            dedupe_key: None,
            recipient: &found.peer,
            text: &text,
            question: None,
            due_at,
            expires_at,
        };
        self.statements.push(put_delivery(&delivery, now));
        self.leaves_at = Some(due_at);
        if due_at <= now {
            self.due.push(id.clone());
        }
        self.message = Some(id);
    }

    /// Who is expected to answer hears of it.
    fn alert(&mut self, deed: &Deed, to: &str, id: &str) {
        let (store, conversation) = (deed.found.store.id.as_str(), deed.found.id.as_str());
        let alert =
            NewAlert { id, store, conversation, kind: "assigned", account: Some(to), except: None, due_at: deed.now };
        self.statements.push(put_alert(&alert, deed.now));
        self.due.push(alert_wake_up(id));
    }

    /// Tells the customer who is speaking from now on, once, unless they want no messages.
    fn tell(&mut self, deed: &Deed, act: &HandlingAct, new_id: &dyn Fn() -> String) {
        let (found, now) = (deed.found, deed.now);
        let (kind, say) = match act {
            HandlingAct::TakeOver { .. } if deed.joins() => (Kind::PersonJoined, deed.joined()),
            // Whoever was never told of a person need not hear that there is none any more.
            HandlingAct::HandBack { tell: true, .. } if found.handling.joined_at.is_some() => {
                (Kind::AssistantBack, Act::AssistantBack)
            }
            _ => return,
        };
        if found.opted_out {
            return;
        }
        let notice = Notice { class: deed.class(), ..Notice::new(kind, Subject::Customer, now, say) };
        let scene = Scene {
            store: Revised { profile: &found.store, revision: found.revision },
            line: &found.line,
            conversation: &found.id,
            customer: &found.customer,
            recipient: &found.peer,
            language: found.language,
            time_zone: found.time_zone,
            message: None,
            links: None,
            now,
        };
        let mut told = write_notices(&scene, &[], &[notice], new_id);
        self.statements.append(&mut told.statements);
        self.due.append(&mut told.due);
    }
}
