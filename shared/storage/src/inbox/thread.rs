//! One conversation: how it stands, and all that passed in it.

use super::{json, time, times};
use chrono::{DateTime, Utc};
use lanekeeper_domain::{Language, Store};
use lanekeeper_platform::{DatabaseError, Rows, Statement};
use serde::Deserialize;

/// How a conversation stands.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Head {
    pub id: String,
    /// The store's rules.
    pub store: Store,
    pub line: String,
    pub provider: String,
    /// The customer's address on the line.
    pub peer: String,
    pub customer: String,
    pub customer_name: Option<String>,
    pub language: Language,
    pub mood: String,
    /// A person is wanted or there.
    pub with_person: bool,
    /// Why a person was wanted, and when.
    pub reason: Option<String>,
    pub handed_over_at: Option<DateTime<Utc>>,
    pub assignee: Option<String>,
    pub joined_at: Option<DateTime<Utc>>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub snoozed_until: Option<DateTime<Utc>>,
    /// What it came to, if it is closed.
    pub result: Option<String>,
    pub closed_at: Option<DateTime<Utc>>,
    pub tags: Vec<String>,
    /// JSON: what the handover was told, if there was one.
    pub summary: Option<String>,
    /// JSON: what the AI has collected.
    pub state: String,
    /// The number of the last turn.
    pub turns: i64,
    pub opened_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub opted_out: bool,
}

/// Something that passed in a conversation.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub what: What,
}

/// What passed.
#[derive(Debug, Clone)]
pub enum What {
    /// A message of the customer's, the AI's or a person's.
    Message(Message),
    /// A message that left apart from the replies, or could not.
    Notice {
        /// Its kind (`lanekeeper_domain::notifications::Kind`).
        kind: String,
        /// What it says.
        text: String,
        /// What came of it.
        sent: Sent,
    },
    /// Something happened to the conversation.
    Event {
        /// Its name.
        event: String,
        /// Who did it; the AI and the clock have no account.
        account: Option<String>,
        /// JSON: to whom, until when, why.
        detail: String,
    },
    /// What somebody wrote for the others.
    Note {
        /// Who.
        account: String,
        /// What.
        text: String,
        /// For whom above all.
        mentions: Vec<String>,
    },
}

/// A message.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Message {
    /// `customer`, `ai` or `person`.
    pub author: String,
    pub account: Option<String>,
    pub text: String,
    /// JSON: a list of `{"url", "content_type"}`.
    pub media: String,
    /// What became of it, where it has left by the outbox.
    pub sent: Option<Sent>,
    /// What a customer's message was understood as, and what that led to.
    pub turn: Option<Turn>,
}

/// What a message was understood as.
#[derive(Debug, Clone, Deserialize)]
pub struct Turn {
    /// JSON: an `Understanding`.
    pub understanding: String,
    /// JSON: a list of acts.
    pub said: String,
    /// JSON: what asking a model came to.
    pub model: Option<String>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: i64,
}

/// What became of a message that leaves.
#[derive(Debug, Clone, Deserialize)]
pub struct Sent {
    /// `pending`, `sending`, `sent`, `delivered`, `undelivered`, `parked` or `withdrawn`.
    pub status: String,
    /// Why it is parked, or was not delivered.
    pub error: Option<String>,
    /// When it may leave, in milliseconds since 1970.
    pub due_at: i64,
}

impl Sent {
    /// When it may leave.
    pub fn due(&self) -> DateTime<Utc> {
        time(self.due_at)
    }
}

/// A conversation and a stretch of what passed in it, the oldest first.
#[derive(Debug, Clone)]
pub struct Thread {
    /// How it stands.
    pub head: Head,
    /// What passed.
    pub entries: Vec<Entry>,
    /// Where what passed before begins, if anything did.
    pub earlier: Option<DateTime<Utc>>,
}

/// A conversation of this store with at most about `most` entries before this instant.
pub fn select_thread(store: &str, conversation: &str, before: Option<DateTime<Utc>>, most: u32) -> [Statement; 5] {
    let head = Statement::new(
        "SELECT c.id, s.profile, c.line_id, l.provider, c.peer, c.customer_id, u.name AS customer_name, c.language, c.mood, c.handling, \
           c.handover_reason, c.handed_over_at, c.assignee, c.joined_at, c.waiting_since, c.snoozed_until, c.status, c.result, \
           c.closed_at, c.tags, c.summary, c.state, c.turns, c.opened_at, c.updated_at, \
           EXISTS (SELECT 1 FROM opt_outs o WHERE o.line_id = c.line_id AND o.address = c.peer) AS opted_out \
         FROM conversations c JOIN stores s ON s.id = c.store_id JOIN customers u ON u.id = c.customer_id \
           JOIN lines l ON l.id = c.line_id WHERE c.id = ?2 AND c.store_id = ?1",
    );
    // The author's own message has the id of its delivery.
    let messages = Statement::new(
        "SELECT m.id, m.created_at AS at, m.position, m.author, m.account, m.text, m.media, \
           (SELECT json_object('status', o.status, 'error', o.last_error, 'due_at', o.due_at) FROM outbox o \
              WHERE o.id = m.id AND o.conversation_id = ?2) AS sent, \
           (SELECT json_object('understanding', t.understanding, 'said', t.said, 'model', t.model, 'elapsed_ms', t.elapsed_ms) \
              FROM turns t WHERE t.message_id = m.id) AS turn \
         FROM messages m WHERE m.conversation_id = ?2 AND m.store_id = ?1 AND m.created_at < ?3 \
         ORDER BY m.created_at DESC, m.position DESC LIMIT ?4",
    );
    let notices = Statement::new(
        "SELECT id, COALESCE(first_tried_at, due_at) AS at, kind, text, \
           json_object('status', status, 'error', last_error, 'due_at', due_at) AS sent \
         FROM outbox o WHERE conversation_id = ?2 AND store_id = ?1 AND COALESCE(first_tried_at, due_at) < ?3 \
           AND status IN ('sending', 'sent', 'delivered', 'undelivered', 'parked') \
           AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = o.id) ORDER BY 2 DESC LIMIT ?4",
    );
    let events = Statement::new(
        "SELECT id, at, event, account, detail FROM conversation_events WHERE conversation_id = ?2 AND store_id = ?1 AND at < ?3 \
         ORDER BY at DESC, id DESC LIMIT ?4",
    );
    let notes = Statement::new(
        "SELECT id, created_at AS at, account, text, mentions FROM notes WHERE conversation_id = ?2 AND store_id = ?1 \
           AND created_at < ?3 ORDER BY created_at DESC, id DESC LIMIT ?4",
    );
    let before = before.map_or(i64::MAX >> 11, |before| before.timestamp_millis());
    let place = |statement: Statement| statement.bind(store).bind(conversation);
    let stretch = |statement: Statement| place(statement).bind(before).bind(most);
    [place(head), stretch(messages), stretch(notices), stretch(events), stretch(notes)]
}

impl Thread {
    /// What the rows of [`select_thread`], called with the same `most`, tell; `None` where the store has no such conversation.
    pub fn read(rows: &mut impl Iterator<Item = Rows>, most: u32) -> Result<Option<Self>, DatabaseError> {
        let mut next = || rows.next().unwrap_or_default();
        let (head, messages, notices, events, notes) = (next(), next(), next(), next(), next());
        let Some(head) = head.first::<HeadRow>()? else { return Ok(None) };
        let mut entries = Vec::new();
        // Where one kind has more before, the others are shown from there on only.
        let mut from = None;
        let mut add = |found: Vec<(i64, i64, Entry)>| {
            if found.len() >= most as usize {
                from = from.max(found.iter().map(|(at, ..)| *at).min());
            }
            entries.extend(found);
        };
        add(decode::<MessageRow>(messages)?);
        add(decode::<NoticeRow>(notices)?);
        add(decode::<EventRow>(events)?);
        add(decode::<NoteRow>(notes)?);
        entries.retain(|(at, ..)| from.is_none_or(|from| *at >= from));
        entries.sort_by(|a, b| (a.0, a.1, &a.2.id).cmp(&(b.0, b.1, &b.2.id)));
        let entries = entries.into_iter().map(|(_, _, entry)| entry).collect();
        Ok(Some(Self { head: head.head()?, entries, earlier: times(from) }))
    }
}

trait EntryRow: serde::de::DeserializeOwned {
    /// When, the place among entries of the same instant, and the entry.
    fn entry(self) -> Result<(i64, i64, Entry), DatabaseError>;
}

fn decode<T: EntryRow>(rows: Rows) -> Result<Vec<(i64, i64, Entry)>, DatabaseError> {
    rows.decode::<T>()?.into_iter().map(EntryRow::entry).collect()
}

#[derive(Deserialize)]
struct MessageRow {
    id: String,
    at: i64,
    position: i64,
    author: String,
    account: Option<String>,
    text: String,
    media: String,
    sent: Option<String>,
    turn: Option<String>,
}

impl EntryRow for MessageRow {
    fn entry(self) -> Result<(i64, i64, Entry), DatabaseError> {
        let message = Message {
            author: self.author,
            account: self.account,
            text: self.text,
            media: self.media,
            sent: self.sent.as_deref().map(json).transpose()?,
            turn: self.turn.as_deref().map(json).transpose()?,
        };
        Ok((self.at, self.position, Entry { id: self.id, at: time(self.at), what: What::Message(message) }))
    }
}

#[derive(Deserialize)]
struct NoticeRow {
    id: String,
    at: i64,
    kind: String,
    text: String,
    sent: String,
}

impl EntryRow for NoticeRow {
    fn entry(self) -> Result<(i64, i64, Entry), DatabaseError> {
        let what = What::Notice { kind: self.kind, text: self.text, sent: json(&self.sent)? };
        Ok((self.at, 2, Entry { id: self.id, at: time(self.at), what }))
    }
}

#[derive(Deserialize)]
struct EventRow {
    id: String,
    at: i64,
    event: String,
    account: Option<String>,
    detail: String,
}

impl EntryRow for EventRow {
    fn entry(self) -> Result<(i64, i64, Entry), DatabaseError> {
        let what = What::Event { event: self.event, account: self.account, detail: self.detail };
        Ok((self.at, 3, Entry { id: self.id, at: time(self.at), what }))
    }
}

#[derive(Deserialize)]
struct NoteRow {
    id: String,
    at: i64,
    account: String,
    text: String,
    mentions: String,
}

impl EntryRow for NoteRow {
    fn entry(self) -> Result<(i64, i64, Entry), DatabaseError> {
        let what = What::Note { account: self.account, text: self.text, mentions: json(&self.mentions)? };
        Ok((self.at, 3, Entry { id: self.id, at: time(self.at), what }))
    }
}

#[derive(Deserialize)]
struct HeadRow {
    id: String,
    profile: String,
    line_id: String,
    provider: String,
    peer: String,
    customer_id: String,
    customer_name: Option<String>,
    language: String,
    mood: String,
    handling: String,
    handover_reason: Option<String>,
    handed_over_at: Option<i64>,
    assignee: Option<String>,
    joined_at: Option<i64>,
    waiting_since: Option<i64>,
    snoozed_until: Option<i64>,
    status: String,
    result: Option<String>,
    closed_at: Option<i64>,
    tags: String,
    summary: Option<String>,
    state: String,
    turns: i64,
    opened_at: i64,
    updated_at: i64,
    opted_out: i64,
}

impl HeadRow {
    fn head(self) -> Result<Head, DatabaseError> {
        let store: Store = json(&self.profile)?;
        Ok(Head {
            id: self.id,
            language: Language::from_code(&self.language).unwrap_or(store.language),
            store,
            line: self.line_id,
            provider: self.provider,
            peer: self.peer,
            customer: self.customer_id,
            customer_name: self.customer_name,
            mood: self.mood,
            with_person: self.handling == "person",
            reason: self.handover_reason,
            handed_over_at: times(self.handed_over_at),
            assignee: self.assignee,
            joined_at: times(self.joined_at),
            waiting_since: times(self.waiting_since),
            snoozed_until: times(self.snoozed_until),
            closed_at: times(self.closed_at.filter(|_| self.status == "closed")),
            result: self.result,
            tags: json(&self.tags)?,
            summary: self.summary,
            state: self.state,
            turns: self.turns,
            opened_at: time(self.opened_at),
            updated_at: time(self.updated_at),
            opted_out: self.opted_out != 0,
        })
    }
}
