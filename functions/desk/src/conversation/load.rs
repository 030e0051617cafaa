//! A conversation with its customer: one batch.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::inbox::short;
use chrono::{DateTime, Utc};
use lanekeeper_domain::Language;
use lanekeeper_platform::{Database, DatabaseError, Platform, Rows, Statement};
use lanekeeper_storage::inbox::{
    CustomerCard, Thread, pulse, select_card, select_pulse_of, select_thread, select_typing, typing,
};
use lanekeeper_storage::{QuickReply, select_quick_replies};

/// How many messages are shown at once.
const MOST: u32 = 60;

/// A conversation that is open.
pub struct Opened {
    /// What passed.
    pub thread: Thread,
    /// The customer.
    pub card: CustomerCard,
    /// What the store often writes.
    pub quick_replies: Vec<QuickReply>,
    /// Who is writing: `customer`, or an account.
    pub typing: Vec<String>,
    /// What changes with it.
    pub pulse: String,
}

impl Opened {
    /// What is to be asked of the store's shard for the conversation that the path names.
    pub fn statements<P: Platform>(desk: &Desk<'_, P>) -> Vec<Statement> {
        let before = desk.parameter("before").and_then(|time| time.parse().ok());
        let before = before.and_then(DateTime::from_timestamp_millis);
        Self::statements_of(desk.place("store"), desk.place("conversation"), before, desk.now())
    }

    /// The same for this conversation of this store, up to an instant.
    pub fn statements_of(
        store: &str,
        conversation: &str,
        before: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Vec<Statement> {
        let mut statements = Vec::from(select_thread(store, conversation, before, MOST));
        statements.push(select_card(store, conversation));
        statements.push(select_quick_replies(store));
        statements.push(select_typing(store, conversation, now));
        statements.push(select_pulse_of(store, conversation, now));
        statements
    }

    /// The conversation, from the rows that the statements brought; `None` where the store has no such.
    pub fn read(rows: Vec<Rows>) -> Result<Option<Self>, DatabaseError> {
        let mut rows = rows.into_iter();
        let Some(thread) = Thread::read(&mut rows, MOST)? else { return Ok(None) };
        let mut next = || rows.next().unwrap_or_default();
        let Some(card) = CustomerCard::read(next())? else { return Ok(None) };
        let quick_replies = QuickReply::read(next())?;
        let typing = typing(next())?;
        Ok(Some(Self { thread, card, quick_replies, typing, pulse: short(&[pulse(next())?]) }))
    }

    /// The conversation that the path names.
    pub async fn load<P: Platform>(desk: &Desk<'_, P>) -> Result<Self, DeskError> {
        let rows = desk.here()?.shard.database.batch(Self::statements(desk)).await?;
        Self::read(rows)?.ok_or(DeskError::NotFound)
    }

    /// The quick replies in the customer's language, or else in the one that there is, with their variables filled in.
    pub fn filled(&self, advisor: &str) -> Vec<(String, String)> {
        let head = &self.thread.head;
        let name = head.customer_name.as_deref().and_then(|name| name.split_whitespace().next()).unwrap_or_default();
        let values = [
            ("name", name),
            ("advisor", advisor.split_whitespace().next().unwrap_or(advisor)),
            ("store", head.store.name.as_str()),
            ("phone", head.store.phone.as_str()),
            ("address", head.store.address.as_str()),
        ];
        let text = |reply: &QuickReply| {
            let wanted = [head.language, head.store.language, Language::En];
            let text = wanted.iter().find_map(|language| reply.texts.get(language.code()));
            text.or_else(|| reply.texts.values().next()).cloned()
        };
        let filled = |text: String| lanekeeper_conversation::phrases::fill(&text, &values);
        self.quick_replies.iter().filter_map(|reply| Some((reply.shortcut.clone(), filled(text(reply)?)))).collect()
    }
}
