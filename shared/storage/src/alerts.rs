//! What the store's people are told who are not looking.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::handover::Colleague;
use lanekeeper_domain::{Language, Store};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;
use serde_json::json;

/// An alert, to be written. Whom it reaches is found when it is delivered.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct NewAlert<'a> {
    pub id: &'a str,
    pub store: &'a str,
    pub conversation: &'a str,
    /// `handed_over`, `waiting`, `assigned` or `mentioned`.
    pub kind: &'a str,
    /// Whom it is for; `None` for whoever the routing finds.
    pub account: Option<&'a str>,
    /// Who was asked before and did not answer.
    pub except: Option<&'a str>,
    pub due_at: DateTime<Utc>,
}

/// Writes an alert.
pub fn put_alert(alert: &NewAlert, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO alerts (id, store_id, conversation_id, kind, account, except_account, due_at, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
    )
    .bind(alert.id)
    .bind(alert.store)
    .bind(alert.conversation)
    .bind(alert.kind)
    .bind(alert.account)
    .bind(alert.except)
    .bind(at(alert.due_at))
    .bind(at(now))
}

/// What the queue carries to wake an alert; see [`alert_of_wake_up`].
pub fn alert_wake_up(alert: &str) -> String {
    format!("alert-{alert}")
}

/// The alert that a wake-up is for, if it is for one.
pub fn alert_of_wake_up(wake_up: &str) -> Option<&str> {
    wake_up.strip_prefix("alert-")
}

/// An alert that this consumer alone may deliver until its lease runs out, and the conversation it is about.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct LeasedAlert {
    pub id: String,
    pub store: Store,
    pub conversation: String,
    pub kind: String,
    pub account: Option<String>,
    pub except: Option<String>,
    /// `push` or `sms`; `None` while it is to be spread.
    pub channel: Option<String>,
    /// Id of the subscription, or a phone number.
    pub target: Option<String>,
    pub text: String,
    /// How often it was leased, this time included.
    pub attempts: u32,
    pub line: String,
    pub peer: String,
    pub topic: Option<String>,
    pub language: Language,
    pub customer_name: Option<String>,
    /// Whether people hold the conversation, or are wanted.
    pub with_person: bool,
    /// Whether somebody is in it.
    pub joined: bool,
    pub assignee: Option<String>,
    /// Who says they are there, and how much they have to do.
    pub people: Vec<Colleague>,
    /// The line that texts to people leave from.
    pub sms_line: Option<SmsLine>,
}

/// A line that can text.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct SmsLine {
    pub id: String,
    pub address: String,
    /// Sealed.
    pub credentials: String,
    /// Not 0 where the phone has said STOP to this line.
    pub opted_out: i64,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    profile: String,
    conversation: String,
    kind: String,
    account: Option<String>,
    except: Option<String>,
    channel: Option<String>,
    target: Option<String>,
    text: String,
    attempts: u32,
    people: String,
    sms_line: Option<String>,
}

#[derive(Deserialize)]
struct ConversationPart {
    id: String,
    line_id: String,
    peer: String,
    topic: Option<String>,
    language: String,
    customer_name: Option<String>,
    handling: String,
    joined_at: Option<i64>,
    assignee: Option<String>,
}

#[derive(Deserialize)]
struct PersonPart {
    account: String,
    state: String,
    seen_at: i64,
    load: u32,
}

const LEASE: &str = "UPDATE alerts SET status = 'sending', attempts = attempts + 1, leased_until = ?3, updated_at = ?2 \
  WHERE id = ?1 AND (status = 'pending' OR (status = 'sending' AND channel IS NOT 'sms')) AND due_at <= ?2 AND leased_until <= ?2 \
  RETURNING id, kind, account, except_account AS \"except\", channel, target, text, attempts, \
    (SELECT profile FROM stores s WHERE s.id = alerts.store_id) AS profile, \
    (SELECT json_object('id', c.id, 'line_id', c.line_id, 'peer', c.peer, 'topic', c.topic, 'language', c.language, 'customer_name', u.name, \
       'handling', c.handling, 'joined_at', c.joined_at, 'assignee', c.assignee) \
       FROM conversations c JOIN customers u ON u.id = c.customer_id WHERE c.id = alerts.conversation_id) AS conversation, \
    (SELECT json_group_array(json_object('account', p.account, 'state', p.state, 'seen_at', p.seen_at, 'load', \
       (SELECT count(*) FROM conversations c WHERE c.store_id = p.store_id AND c.assignee = p.account AND c.status = 'open' \
          AND c.snoozed_until IS NULL))) FROM presence p WHERE p.store_id = alerts.store_id) AS people, \
    (SELECT json_object('id', l.id, 'address', l.address, 'credentials', l.credentials, 'opted_out', \
       EXISTS (SELECT 1 FROM opt_outs o WHERE o.line_id = l.id AND o.address = alerts.target)) \
       FROM lines l WHERE l.store_id = alerts.store_id AND l.provider = 'twilio' ORDER BY l.id LIMIT 1) AS sms_line";

/// Leases this alert until `until`, if it is due and free. A text whose outcome is not known stays as it is: it may have left.
pub async fn lease_alert(
    database: &impl Database,
    id: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<LeasedAlert>, DatabaseError> {
    let update = Statement::new(LEASE).bind(id).bind(at(now)).bind(at(until));
    let Some(row) = database.run(update).await?.first::<Row>()? else { return Ok(None) };
    let decode = |error: serde_json::Error| DatabaseError::Decode(error.to_string());
    let conversation: ConversationPart = serde_json::from_str(&row.conversation).map_err(decode)?;
    let people: Vec<PersonPart> = serde_json::from_str(&row.people).map_err(decode)?;
    let person = |one: PersonPart| Colleague {
        account: one.account,
        available: one.state == "available",
        seen_at: DateTime::from_timestamp_millis(one.seen_at).unwrap_or_default(),
        load: one.load,
    };
    Ok(Some(LeasedAlert {
        id: row.id,
        store: serde_json::from_str(&row.profile).map_err(decode)?,
        conversation: conversation.id,
        kind: row.kind,
        account: row.account,
        except: row.except,
        channel: row.channel,
        target: row.target,
        text: row.text,
        attempts: row.attempts,
        line: conversation.line_id,
        peer: conversation.peer,
        topic: conversation.topic,
        language: Language::from_code(&conversation.language).unwrap_or_default(),
        customer_name: conversation.customer_name,
        with_person: conversation.handling == "person",
        joined: conversation.joined_at.is_some(),
        assignee: conversation.assignee,
        people: people.into_iter().map(person).collect(),
        sms_line: row.sms_line.as_deref().map(serde_json::from_str).transpose().map_err(decode)?,
    }))
}

/// One way to reach one person with an alert.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct AlertCopy<'a> {
    pub id: &'a str,
    pub account: &'a str,
    /// `push` or `sms`.
    pub channel: &'a str,
    /// Id of the subscription, or a phone number.
    pub target: &'a str,
    pub text: &'a str,
}

/// Writes what reaches one person of an alert that is being spread.
pub fn put_alert_copy(alert: &str, copy: &AlertCopy, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO alerts (id, store_id, conversation_id, kind, account, channel, target, text, due_at, created_at, updated_at) \
         SELECT ?2, store_id, conversation_id, kind, ?3, ?4, ?5, ?6, ?7, ?7, ?7 FROM alerts WHERE id = ?1 AND status = 'sending' \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(alert)
    .bind(copy.id)
    .bind(copy.account)
    .bind(copy.channel)
    .bind(copy.target)
    .bind(copy.text)
    .bind(at(now))
}

/// Records that an alert is done: sent, or dropped because it is pointless or cannot be sent.
pub fn settle_alert(alert: &str, sent: bool, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE alerts SET status = ?2, leased_until = 0, updated_at = ?3 WHERE id = ?1 AND status = 'sending'",
    )
    .bind(alert)
    .bind(if sent { "sent" } else { "dropped" })
    .bind(at(now))
}

/// Records that an alert is to be tried again.
pub fn retry_alert(alert: &str, due_at: DateTime<Utc>, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE alerts SET status = 'pending', leased_until = 0, due_at = ?2, updated_at = ?3 WHERE id = ?1 AND status = 'sending'",
    )
    .bind(alert)
    .bind(at(due_at))
    .bind(at(now))
}

/// Ids of alerts that are due and free: their wake-up was lost, or it is only now their time.
pub async fn due_alerts(database: &impl Database, now: DateTime<Utc>, most: u32) -> Result<Vec<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Found {
        id: String,
    }
    let select = Statement::new(
        "SELECT id FROM alerts WHERE status IN ('pending', 'sending') AND due_at <= ?1 AND leased_until <= ?1 \
         AND (status = 'pending' OR channel IS NOT 'sms') AND EXISTS (SELECT 1 FROM stores s WHERE s.id = alerts.store_id AND s.standing = 'here') ORDER BY due_at LIMIT ?2",
    );
    let found: Vec<Found> = database.run(select.bind(at(now)).bind(most)).await?.decode()?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// Forgets alerts that were made before this.
pub async fn forget_alerts(database: &impl Database, before: DateTime<Utc>) -> Result<(), DatabaseError> {
    let delete = Statement::new(
        "DELETE FROM alerts WHERE created_at < ?1 AND EXISTS (SELECT 1 FROM stores s WHERE s.id = alerts.store_id \
           AND s.standing = 'here')",
    );
    database.run(delete.bind(at(before))).await.map(drop)
}

/// Expects a conversation of somebody whom the routing found, as a turn of its own, unless somebody has joined it or it is
/// expected of somebody else than `instead_of` by now.
pub fn assign_by_routing(
    (store, conversation): (&str, &str),
    account: &str,
    instead_of: Option<&str>,
    event: &str,
    now: DateTime<Utc>,
) -> [Statement; 3] {
    const STILL: &str =
        "WHERE id = ?1 AND store_id = ?2 AND handling = 'person' AND joined_at IS NULL AND assignee IS ?3";
    let bind = |sql: String| Statement::new(sql).bind(conversation).bind(store).bind(instead_of);
    [
        bind(format!(
            "INSERT INTO conversation_events (id, store_id, conversation_id, event, detail, at) \
             SELECT ?4, store_id, id, 'assigned', ?5, ?6 FROM conversations {STILL}"
        ))
        .bind(event)
        .bind(json!({"to": account}).to_string())
        .bind(at(now)),
        bind(format!(
            "INSERT INTO turns (conversation_id, number, store_id, act, created_at) \
             SELECT id, turns + 1, store_id, 'route', ?4 FROM conversations {STILL}"
        ))
        .bind(at(now)),
        bind(format!("UPDATE conversations SET turns = turns + 1, assignee = ?4, updated_at = ?5 {STILL}"))
            .bind(account)
            .bind(at(now)),
    ]
}
