//! Conversations as people handle them.

use crate::at;
use crate::inbox::spaced;
use chrono::{DateTime, Utc};
use lanekeeper_domain::handling::{CloseResult, Handling, HandlingEvent};
use lanekeeper_domain::{Language, Store};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use lanekeeper_zones::Tz;
use serde::Deserialize;
use serde_json::json;

/// A conversation, and all that an act of a person depends on.
#[derive(Debug, Clone)]
pub struct HandledConversation {
    /// The store.
    pub store: Store,
    /// Counts the changes of the store's rules.
    pub revision: i64,
    /// Id of the conversation.
    pub id: String,
    /// Id of the line.
    pub line: String,
    /// The customer's address on the line.
    pub peer: String,
    /// Id of the customer.
    pub customer: String,
    /// The customer's language.
    pub language: Language,
    /// The customer's own time zone, where it is known.
    pub time_zone: Option<Tz>,
    /// How it stands.
    pub handling: Handling,
    /// The number of the last turn.
    pub turns: i64,
    /// What the conversation remembers: JSON.
    pub state: String,
    /// Whether the customer must not be written to.
    pub opted_out: bool,
    /// When the customer wrote last.
    pub heard_at: Option<DateTime<Utc>>,
    /// When somebody else is alerted, should nobody have answered by then.
    pub escalate_at: Option<DateTime<Utc>>,
    /// How often that was done.
    pub escalations: u32,
}

#[derive(Deserialize)]
struct Row {
    profile: String,
    revision: i64,
    standing: String,
    id: String,
    line_id: String,
    peer: String,
    customer_id: String,
    language: String,
    time_zone: Option<String>,
    handling: String,
    assignee: Option<String>,
    joined_at: Option<i64>,
    waiting_since: Option<i64>,
    result: Option<String>,
    closed_at: Option<i64>,
    snoozed_until: Option<i64>,
    turns: i64,
    state: String,
    opted_out: i64,
    heard_at: Option<i64>,
    escalate_at: Option<i64>,
    escalations: u32,
}

const LOAD: &str = "SELECT s.profile, s.revision, s.standing, c.id, c.line_id, c.peer, c.customer_id, c.language, u.time_zone, c.handling, \
    c.assignee, c.joined_at, c.waiting_since, c.result, c.closed_at, c.snoozed_until, c.turns, c.state, c.escalate_at, c.escalations, \
    EXISTS (SELECT 1 FROM opt_outs o WHERE o.line_id = c.line_id AND o.address = c.peer) AS opted_out, \
    (SELECT m.created_at FROM messages m WHERE m.conversation_id = c.id AND m.author = 'customer' \
       ORDER BY m.created_at DESC LIMIT 1) AS heard_at \
  FROM conversations c JOIN stores s ON s.id = c.store_id JOIN customers u ON u.id = c.customer_id \
  WHERE c.id = ?2 AND c.store_id = ?1";

/// Loads a conversation of this store; `None` where there is none.
pub async fn load_handled_conversation(
    database: &impl Database,
    store: &str,
    id: &str,
) -> Result<Option<HandledConversation>, DatabaseError> {
    let select = Statement::new(LOAD).bind(store).bind(id);
    let Some(row) = database.run(select).await?.first::<Row>()? else { return Ok(None) };
    if row.standing != "here" {
        return Err(DatabaseError::moving());
    }
    let time = |milliseconds: Option<i64>| milliseconds.and_then(DateTime::from_timestamp_millis);
    let result = row.result.as_deref().map(|name| CloseResult::from_name(name).unwrap_or(CloseResult::Nothing));
    Ok(Some(HandledConversation {
        store: serde_json::from_str(&row.profile).map_err(|error| DatabaseError::Decode(error.to_string()))?,
        revision: row.revision,
        id: row.id,
        line: row.line_id,
        peer: row.peer,
        customer: row.customer_id,
        language: Language::from_code(&row.language).unwrap_or_default(),
        time_zone: row.time_zone.and_then(|name| name.parse().ok()),
        handling: Handling {
            with_person: row.handling == "person",
            assignee: row.assignee,
            joined_at: time(row.joined_at),
            waiting_since: time(row.waiting_since),
            closed: result.zip(time(row.closed_at)),
            snoozed_until: time(row.snoozed_until),
        },
        turns: row.turns,
        state: row.state,
        opted_out: row.opted_out != 0,
        heard_at: time(row.heard_at),
        escalate_at: time(row.escalate_at),
        escalations: row.escalations,
    }))
}

/// An act of a person's, to be written.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct NewAct<'a> {
    pub store: &'a str,
    pub conversation: &'a str,
    /// Its name.
    pub act: &'a str,
    /// Who does it.
    pub account: &'a str,
    /// When somebody else is alerted, should nobody have answered by then.
    pub escalate_at: Option<DateTime<Utc>>,
    /// The number of the turn that it is. The batch fails (`turns`) where something else has become that turn.
    pub number: i64,
}

/// Writes an act as the conversation's next turn, and how the conversation stands after it.
pub fn put_act(act: &NewAct, handling: &Handling, state: &str, now: DateTime<Utc>) -> [Statement; 2] {
    let turn = Statement::new(
        "INSERT INTO turns (conversation_id, number, store_id, act, account, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(act.conversation)
    .bind(act.number)
    .bind(act.store)
    .bind(act.act)
    .bind(act.account)
    .bind(at(now));
    let (result, closed_at) = handling.closed.unzip();
    let update = Statement::new(
        "UPDATE conversations SET turns = ?3, handling = CASE WHEN ?4 THEN 'person' ELSE 'ai' END, \
           handover_reason = CASE WHEN ?4 THEN handover_reason END, handed_over_at = CASE WHEN ?4 THEN COALESCE(handed_over_at, ?12) END, \
           priority = CASE WHEN ?4 THEN priority ELSE 0 END, escalations = CASE WHEN ?7 IS NULL THEN 0 ELSE escalations END, \
           escalate_at = ?13, assignee = ?5, joined_at = ?6, waiting_since = ?7, \
           status = CASE WHEN ?8 IS NULL THEN 'open' ELSE 'closed' END, result = ?8, closed_at = ?9, snoozed_until = ?10, \
           state = ?11, updated_at = ?12 \
         WHERE id = ?1 AND store_id = ?2",
    )
    .bind(act.conversation)
    .bind(act.store)
    .bind(act.number)
    .bind(handling.with_person)
    .bind(handling.assignee.as_ref())
    .bind(handling.joined_at.map(at))
    .bind(handling.waiting_since.map(at))
    .bind(result.map(CloseResult::as_str))
    .bind(closed_at.map(at))
    .bind(handling.snoozed_until.map(at))
    .bind(state)
    .bind(at(now))
    .bind(act.escalate_at.map(at));
    [turn, update]
}

/// A conversation that is given to people.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct NewHandover<'a> {
    pub store: &'a str,
    pub conversation: &'a str,
    /// Id of the event that tells of it.
    pub event: &'a str,
    pub reason: &'a str,
    pub topic: &'a str,
    /// JSON.
    pub summary: Option<&'a str>,
    /// Its place in the queue: the highest first.
    pub priority: u32,
    /// Whether the customer waits for an answer.
    pub waits: bool,
    /// When somebody else is alerted, should nobody have answered by then.
    pub escalate_at: Option<DateTime<Utc>>,
}

/// Gives a conversation to people, whoever of them will come. One that a person has already stays as it is. Within a turn; see
/// [`hand_over_by_clock`].
pub fn hand_over(handover: &NewHandover, now: DateTime<Utc>) -> [Statement; 2] {
    let event = Statement::new(
        "INSERT INTO conversation_events (id, store_id, conversation_id, event, detail, at) \
         SELECT ?3, store_id, id, 'handed_over', ?4, ?5 FROM conversations WHERE id = ?1 AND store_id = ?2 AND handling = 'ai'",
    )
    .bind(handover.conversation)
    .bind(handover.store)
    .bind(handover.event)
    .bind(json!({"reason": handover.reason, "topic": handover.topic}).to_string())
    .bind(at(now));
    let update = Statement::new(
        "UPDATE conversations SET handling = 'person', handover_reason = ?3, handed_over_at = ?4, assignee = NULL, joined_at = NULL, \
           waiting_since = CASE WHEN ?5 THEN ?4 END, topic = ?6, summary = ?7, priority = ?8, escalate_at = ?9, escalations = 0, \
           status = 'open', result = NULL, closed_at = NULL, updated_at = ?4 \
         WHERE id = ?1 AND store_id = ?2 AND handling = 'ai'",
    )
    .bind(handover.conversation)
    .bind(handover.store)
    .bind(handover.reason)
    .bind(at(now))
    .bind(handover.waits)
    .bind(handover.topic)
    .bind(handover.summary)
    .bind(handover.priority)
    .bind(handover.escalate_at.map(at));
    [event, update]
}

/// The same apart from a turn: it takes the conversation's next number, so that an AI that has loaded the conversation before
/// cannot speak after it.
pub fn hand_over_by_clock(handover: &NewHandover, now: DateTime<Utc>) -> Vec<Statement> {
    let turn = Statement::new(
        "INSERT INTO turns (conversation_id, number, store_id, act, created_at) \
         SELECT id, turns + 1, store_id, 'hand_over', ?3 FROM conversations WHERE id = ?1 AND store_id = ?2 AND handling = 'ai'",
    );
    let count = Statement::new(
        "UPDATE conversations SET turns = turns + 1 WHERE id = ?1 AND store_id = ?2 AND handling = 'ai'",
    );
    let (conversation, store) = (handover.conversation, handover.store);
    let claim = [turn.bind(conversation).bind(store).bind(at(now)), count.bind(conversation).bind(store)];
    claim.into_iter().chain(hand_over(handover, now)).collect()
}

/// Store and id of conversations whose customers wait for longer than their store allows.
pub async fn overdue_conversations(
    database: &impl Database,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<(String, String)>, DatabaseError> {
    #[derive(Deserialize)]
    struct Found {
        store_id: String,
        id: String,
    }
    let select = Statement::new(
        "SELECT store_id, id FROM conversations WHERE escalate_at <= ?1 \
         AND EXISTS (SELECT 1 FROM stores s WHERE s.id = conversations.store_id AND s.standing = 'here') \
         ORDER BY escalate_at LIMIT ?2",
    );
    let found: Vec<Found> = database.run(select.bind(at(now)).bind(most)).await?.decode()?;
    Ok(found.into_iter().map(|row| (row.store_id, row.id)).collect())
}

/// Records, as a turn of its own, that a customer has waited for too long, or where there is no `event`, that nobody waits; and
/// when to look again. The batch fails (`turns`) where the conversation has gone on meanwhile.
pub fn escalate(
    found: &HandledConversation,
    event: Option<&str>,
    again: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Vec<Statement> {
    let (store, conversation, number) = (found.store.id.as_str(), found.id.as_str(), found.turns + 1);
    let turn = Statement::new(
        "INSERT INTO turns (conversation_id, number, store_id, act, created_at) VALUES (?1, ?2, ?3, 'escalate', ?4)",
    );
    let update = Statement::new(
        "UPDATE conversations SET turns = ?3, escalations = escalations + ?4, escalate_at = ?5 WHERE id = ?1 AND store_id = ?2",
    );
    let told = event.map(|id| put_handling_event((store, conversation), id, &HandlingEvent::Escalated, None, now));
    let turn = turn.bind(conversation).bind(number).bind(store).bind(at(now));
    let update = update.bind(conversation).bind(store).bind(number).bind(event.is_some()).bind(again.map(at));
    [turn, update].into_iter().chain(told).collect()
}

/// Brings conversations to sight again whose time has come.
pub async fn expire_snoozes(database: &impl Database, now: DateTime<Utc>) -> Result<(), DatabaseError> {
    let update = Statement::new(
        "UPDATE conversations SET snoozed_until = NULL, updated_at = ?1 WHERE snoozed_until <= ?1 \
         AND EXISTS (SELECT 1 FROM stores s WHERE s.id = conversations.store_id AND s.standing = 'here')",
    );
    database.run(update.bind(at(now))).await.map(drop)
}

/// Writes what happened to a conversation.
pub fn put_handling_event(
    (store, conversation): (&str, &str),
    id: &str,
    event: &HandlingEvent,
    account: Option<&str>,
    now: DateTime<Utc>,
) -> Statement {
    let (name, detail) = match event {
        HandlingEvent::Joined => ("joined", json!({})),
        HandlingEvent::Left { word } => ("left", word.as_ref().map_or(json!({}), |word| json!({"word": word}))),
        HandlingEvent::Assigned { to } => ("assigned", json!({"to": to})),
        HandlingEvent::Unassigned => ("unassigned", json!({})),
        HandlingEvent::Snoozed { until } => ("snoozed", json!({"until": until})),
        HandlingEvent::Unsnoozed => ("unsnoozed", json!({})),
        HandlingEvent::Closed { result } => ("closed", json!({"result": result})),
        HandlingEvent::Reopened => ("reopened", json!({})),
        HandlingEvent::Escalated => ("escalated", json!({})),
        HandlingEvent::CallBackWished { words, phone } => ("call_back", json!({"words": words, "phone": phone})),
    };
    Statement::new(
        "INSERT INTO conversation_events (id, store_id, conversation_id, event, account, detail, at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(id)
    .bind(store)
    .bind(conversation)
    .bind(name)
    .bind(account)
    .bind(detail.to_string())
    .bind(at(now))
}

/// A note, to be written.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct NewNote<'a> {
    pub id: &'a str,
    pub store: &'a str,
    pub conversation: &'a str,
    pub account: &'a str,
    pub text: &'a str,
    /// Accounts.
    pub mentions: &'a [String],
}

/// Writes a note, where the conversation is this store's; the conversation counts as changed.
pub fn put_note(note: &NewNote, now: DateTime<Utc>) -> [Statement; 2] {
    let insert = Statement::new(
        "INSERT INTO notes (id, store_id, conversation_id, account, text, mentions, created_at, words) \
         SELECT ?1, ?2, id, ?4, ?5, ?6, ?7, ?8 FROM conversations WHERE id = ?3 AND store_id = ?2 RETURNING id",
    )
    .bind(note.id)
    .bind(note.store)
    .bind(note.conversation)
    .bind(note.account)
    .bind(note.text)
    .bind(json!(note.mentions).to_string())
    .bind(at(now))
    .bind(spaced(note.text));
    [insert, touch(note.store, note.conversation, now)]
}

/// Replaces the tags of a conversation.
pub fn set_tags(store: &str, conversation: &str, tags: &[String], now: DateTime<Utc>) -> Statement {
    Statement::new("UPDATE conversations SET tags = ?3, updated_at = ?4 WHERE id = ?2 AND store_id = ?1 RETURNING id")
        .bind(store)
        .bind(conversation)
        .bind(json!(tags).to_string())
        .bind(at(now))
}

fn touch(store: &str, conversation: &str, now: DateTime<Utc>) -> Statement {
    Statement::new("UPDATE conversations SET updated_at = ?3 WHERE id = ?2 AND store_id = ?1")
        .bind(store)
        .bind(conversation)
        .bind(at(now))
}

/// Records that somebody's desk is open at a store, and whether they are there for customers.
pub fn put_presence(store: &str, account: &str, available: bool, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO presence (store_id, account, state, seen_at) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (store_id, account) DO UPDATE SET state = excluded.state, seen_at = excluded.seen_at",
    )
    .bind(store)
    .bind(account)
    .bind(if available { "available" } else { "away" })
    .bind(at(now))
}

/// Records that somebody's desk is still open at a store. Write it about once a minute: more often costs and tells nothing.
/// Who was never there counts as available.
pub fn keep_presence(store: &str, account: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO presence (store_id, account, state, seen_at) VALUES (?1, ?2, 'available', ?3) \
         ON CONFLICT (store_id, account) DO UPDATE SET seen_at = excluded.seen_at",
    )
    .bind(store)
    .bind(account)
    .bind(at(now))
}
