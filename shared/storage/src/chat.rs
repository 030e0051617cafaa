//! A visitor's own conversation, as the chat widget shows it.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Database, DatabaseError, Shard, Statement};
use serde::Deserialize;
use std::fmt;

/// Messages may be written up to this much later than they say, in milliseconds: so far back a reader looks again.
const LATE_MS: i64 = 60_000;

/// The most messages that are read at once.
const MOST: u32 = 100;

/// Up to where a reader has read: the shard, the time of the last message, and its place among those written there.
/// Another shard counts its places anew, so its cursors mean nothing here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    shard: u32,
    created_at: i64,
    arrival: i64,
}

impl Cursor {
    /// A cursor as it was given out; the beginning, where it is none.
    pub fn read(text: &str) -> Self {
        let mut parts = text.splitn(3, '.').map(str::parse::<i64>);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(Ok(shard)), Some(Ok(created_at)), Some(Ok(arrival))) => {
                Self { shard: u32::try_from(shard).unwrap_or_default(), created_at, arrival }
            }
            _ => Self::default(),
        }
    }

    fn on<D>(self, shard: Shard<'_, D>) -> Self {
        if self.shard == shard.number { self } else { Self { shard: shard.number, ..Self::default() } }
    }

    fn past(self, messages: &[ChatMessage]) -> Self {
        let created_at = messages.iter().map(|message| message.created_at).fold(self.created_at, i64::max);
        let arrival = messages.iter().map(|message| message.arrival).fold(self.arrival, i64::max);
        Self { created_at, arrival, ..self }
    }

    /// Whether it stands where a thread begins.
    fn is_start(self) -> bool {
        self.arrival == 0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.shard, self.created_at, self.arrival)
    }
}

/// A message of a thread.
#[derive(Debug, Clone, Deserialize)]
pub struct ChatMessage {
    /// Our id.
    pub id: String,
    /// `customer`, `ai` or `person`.
    pub author: String,
    /// What was written.
    pub text: String,
    /// JSON: a list of `{"url", "content_type"}`.
    pub media: String,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// Its place among all messages of the database.
    arrival: i64,
    /// What the provider calls it, where it is the customer's.
    pub provider_message_id: Option<String>,
    /// Who of the store wrote it.
    pub account: Option<String>,
    /// The acts that were said in it, as JSON, where it answers one of the customer's.
    pub said: Option<String>,
    /// The kind of the notice that it is.
    pub notice: Option<String>,
    /// The appointment that the notice is about.
    pub appointment_id: Option<String>,
}

/// How a conversation stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChatHead {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub customer_id: String,
    /// ISO 639-1.
    pub language: String,
    /// `ai` or `person`.
    pub handling: String,
    /// The person who is typing.
    pub typing: Option<String>,
    /// The customer's name.
    pub name: Option<String>,
    /// The phone number that is verified, in E.164.
    pub phone: Option<String>,
    /// The phone number that the visitor says is theirs, in E.164.
    pub claimed_phone: Option<String>,
    /// Whether the store could text a code.
    pub sms: i64,
    /// JSON: coming appointments, `[id, start]`.
    appointments: String,
}

impl ChatHead {
    /// The coming appointment that begins at this instant.
    pub fn appointment_at(&self, start: DateTime<Utc>) -> Option<String> {
        let appointments: Vec<(String, i64)> = serde_json::from_str(&self.appointments).unwrap_or_default();
        appointments.into_iter().find(|(_, at)| *at == start.timestamp_millis()).map(|(id, _)| id)
    }

    /// Differs when what a reader sees beside the messages differs; it can stand in an address as it is.
    pub fn mark(&self) -> String {
        mark(&self.handling, self.typing.as_deref())
    }
}

fn mark(handling: &str, typing: Option<&str>) -> String {
    format!("{handling}{}", if typing.is_some() { "-typing" } else { "" })
}

/// A thread, or what is new of it.
#[derive(Debug, Clone)]
pub struct Chat {
    /// `None` where nothing was said yet.
    pub head: Option<ChatHead>,
    /// In order.
    pub messages: Vec<ChatMessage>,
    /// To go on from.
    pub cursor: Cursor,
}

const TYPING: &str = "(SELECT COALESCE(t.name, '') FROM typing t WHERE t.conversation_id = c.id AND t.who <> 'customer' \
    AND t.until > ?3 LIMIT 1)";

/// The messages of this peer's conversation on this line after the cursor; the last hundred where it stands at the
/// beginning. `None` where the line is not served from this shard.
pub async fn chat<D: Database>(
    shard: Shard<'_, D>,
    line: &str,
    peer: &str,
    after: Cursor,
    now: DateTime<Utc>,
) -> Result<Option<Chat>, DatabaseError> {
    let after = after.on(shard);
    let served = Statement::new(SERVED).bind(line);
    let head = Statement::new(format!(
        "SELECT c.id, c.customer_id, c.language, c.handling, {TYPING} AS typing, u.name, \
           (SELECT address FROM identities i WHERE i.customer_id = c.customer_id AND i.kind = 'phone') AS phone, \
           (SELECT p.phone FROM chat_contacts p WHERE p.conversation_id = c.id) AS claimed_phone, \
           EXISTS (SELECT 1 FROM lines l WHERE l.store_id = c.store_id AND l.provider = 'twilio') AS sms, \
           (SELECT json_group_array(json_array(id, starts_at)) FROM (SELECT id, starts_at FROM appointments a \
              WHERE a.customer_id = c.customer_id AND a.starts_at > ?3 AND a.status = 'booked' LIMIT 9)) AS appointments \
         FROM conversations c JOIN customers u ON u.id = c.customer_id WHERE c.line_id = ?1 AND c.peer = ?2"
    ));
    let order = if after.is_start() { "DESC" } else { "ASC" };
    let messages = Statement::new(format!(
        "SELECT m.id, m.author, m.text, m.media, m.created_at, m.rowid AS arrival, m.provider_message_id, m.account, \
           (SELECT said FROM turns t WHERE t.message_id = m.reply_to) AS said, o.kind AS notice, o.appointment_id \
         FROM conversations c JOIN messages m ON m.conversation_id = c.id LEFT JOIN outbox o ON o.id = m.id \
         WHERE c.line_id = ?1 AND c.peer = ?2 AND m.created_at > ?3 AND m.rowid > ?4 \
         ORDER BY m.created_at {order}, m.position {order} LIMIT {MOST}"
    ));
    let batch = vec![
        served,
        head.bind(line).bind(peer).bind(at(now)),
        messages.bind(line).bind(peer).bind(after.created_at - LATE_MS).bind(after.arrival),
    ];
    let mut results = shard.database.batch(batch).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    if next().is_empty() {
        return Ok(None);
    }
    let head = next().first()?;
    let mut messages: Vec<ChatMessage> = next().decode()?;
    if after.is_start() {
        messages.reverse();
    }
    Ok(Some(Chat { head, cursor: after.past(&messages), messages }))
}

const SERVED: &str = "SELECT 1 FROM lines l JOIN stores s ON s.id = l.store_id WHERE l.id = ?1 AND s.standing = 'here'";

/// Whether there is something to read after the cursor, or the conversation stands otherwise than `mark` says: one
/// statement along two indexes, to be asked often.
pub async fn chat_has_news<D: Database>(
    shard: Shard<'_, D>,
    line: &str,
    peer: &str,
    after: Cursor,
    known_mark: &str,
    now: DateTime<Utc>,
) -> Result<bool, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        handling: String,
        typing: Option<String>,
        news: i64,
    }
    let after_here = after.on(shard);
    if after_here != after {
        return Ok(true);
    }
    let select = Statement::new(format!(
        "SELECT c.handling, {TYPING} AS typing, EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id \
           AND m.created_at > ?4 AND m.rowid > ?5) AS news FROM conversations c WHERE c.line_id = ?1 AND c.peer = ?2"
    ));
    let select = select.bind(line).bind(peer).bind(at(now)).bind(after.created_at - LATE_MS).bind(after.arrival);
    let row: Option<Row> = shard.database.run(select).await?.first()?;
    Ok(row.is_some_and(|row| row.news != 0 || mark(&row.handling, row.typing.as_deref()) != known_mark))
}

/// The names of these accounts, from the directory's database.
pub async fn account_names(
    directory: &impl Database,
    accounts: &[&str],
) -> Result<Vec<(String, String)>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        name: String,
    }
    let select = Statement::new("SELECT a.id, a.name FROM json_each(?1) j CROSS JOIN accounts a ON a.id = j.value");
    let rows: Vec<Row> = directory.run(select.bind(serde_json::json!(accounts).to_string())).await?.decode()?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// A visitor's conversation that may have to begin outside a turn.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Visitor<'a> {
    pub store: &'a str,
    pub line: &'a str,
    /// The address.
    pub peer: &'a str,
    /// ISO 639-1.
    pub language: &'a str,
    /// Ids for the customer and the conversation, should they be new.
    pub customer: &'a str,
    pub conversation: &'a str,
}

/// Begins the conversation of a visitor, unless there is one.
pub fn begin_chat(visitor: &Visitor, now: DateTime<Utc>) -> Vec<Statement> {
    let Visitor { store, line, peer, language, customer, conversation } = *visitor;
    let bind = |sql: &'static str| Statement::new(sql).bind(store).bind(line).bind(peer).bind(customer).bind(at(now));
    vec![
        bind(
            "INSERT INTO customers (store_id, id, created_at, updated_at) SELECT ?1, ?4, ?5, ?5 WHERE ?2 <> '' \
             AND NOT EXISTS (SELECT 1 FROM identities WHERE store_id = ?1 AND kind = 'visitor' AND address = ?3)",
        ),
        bind(
            "INSERT INTO identities (store_id, kind, address, customer_id) SELECT ?1, 'visitor', ?3, ?4 WHERE ?2 <> '' AND ?5 > 0 \
             ON CONFLICT DO NOTHING",
        ),
        bind(
            "INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at) \
             SELECT ?6, ?1, ?2, ?3, customer_id, ?7, '{}', ?5, ?5 FROM identities \
             WHERE store_id = ?1 AND kind = 'visitor' AND address = ?3 AND ?4 <> '' ON CONFLICT (line_id, peer) DO NOTHING",
        )
        .bind(conversation)
        .bind(language),
    ]
}

/// Notes that a visitor is typing until this instant.
pub fn put_customer_typing(store: &str, line: &str, peer: &str, until: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO typing (conversation_id, who, store_id, until) SELECT id, 'customer', store_id, ?4 FROM conversations \
         WHERE line_id = ?2 AND peer = ?3 AND store_id = ?1 \
         ON CONFLICT (conversation_id, who) DO UPDATE SET until = excluded.until",
    )
    .bind(store)
    .bind(line)
    .bind(peer)
    .bind(at(until))
}

/// Notes that a person of the store is typing until this instant; `name` is what the customer is shown. Returns a row where the
/// conversation is this store's.
pub fn put_typing(store: &str, conversation: &str, account: &str, name: &str, until: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO typing (conversation_id, who, store_id, name, until) \
         SELECT id, ?3, store_id, ?4, ?5 FROM conversations WHERE id = ?2 AND store_id = ?1 \
         ON CONFLICT (conversation_id, who) DO UPDATE SET name = excluded.name, until = excluded.until \
         RETURNING who",
    )
    .bind(store)
    .bind(conversation)
    .bind(account)
    .bind(name)
    .bind(at(until))
}
