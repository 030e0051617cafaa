//! What customers have agreed to, and the log of how that came to be.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::notifications::Topic;
use lanekeeper_platform::{Database, DatabaseError, Statement, Value};
use serde::Deserialize;

/// Records that this address wants no more messages on this line.
pub fn opt_out(store: &str, line: &str, address: &str, event: &str, how: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let put = Statement::new(
        "INSERT INTO opt_outs (line_id, address, store_id, since) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    );
    vec![
        put.bind(line).bind(address).bind(store).bind(at(now)),
        consent_event(store, line, address, (event, "opted_out", None, how), now),
    ]
}

/// Records that this address wants messages on this line again.
pub fn opt_in(store: &str, line: &str, address: &str, event: &str, how: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let delete = Statement::new("DELETE FROM opt_outs WHERE line_id = ?1 AND address = ?2 AND store_id = ?3");
    vec![
        delete.bind(line).bind(address).bind(store),
        consent_event(store, line, address, (event, "opted_in", None, how), now),
    ]
}

fn consent_event(
    store: &str,
    line: &str,
    address: &str,
    (id, event, topic, how): (&str, &str, Option<Topic>, &str),
    now: DateTime<Utc>,
) -> Statement {
    let topic = topic.map_or(Value::Null, |topic| topic.as_str().into());
    let values: [Value; 8] =
        [id.into(), store.into(), line.into(), address.into(), event.into(), topic, how.into(), at(now)];
    let insert = "INSERT INTO consent_events (id, store_id, line_id, address, event, topic, how, at) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    Statement { sql: insert.into(), parameters: values.into() }
}

/// What an address says of one kind of messages.
#[derive(Debug, Clone, Copy)]
pub struct Consent<'a> {
    /// The address.
    pub address: &'a str,
    /// Which messages.
    pub topic: Topic,
    /// Whether they are welcome.
    pub agreed: bool,
    /// How that was expressed, e.g. `message`, `api`, `import`.
    pub how: &'a str,
}

/// Records what an address agrees to or does not want, and writes it to the log. What is queued already is withdrawn
/// when its turn to leave comes.
pub fn put_consent(store: &str, line: &str, event: &str, consent: &Consent, now: DateTime<Utc>) -> Vec<Statement> {
    let name = if consent.agreed { "opted_in" } else { "opted_out" };
    let put = Statement::new(
        "INSERT INTO consents (store_id, address, topic, agreed, since) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (store_id, address, topic) DO UPDATE SET agreed = ?4, since = ?5",
    )
    .bind(store)
    .bind(consent.address)
    .bind(consent.topic.as_str())
    .bind(consent.agreed)
    .bind(at(now));
    vec![put, consent_event(store, line, consent.address, (event, name, Some(consent.topic), consent.how), now)]
}

/// What somebody has said of one kind of messages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Wish {
    /// Name of the topic.
    pub topic: String,
    /// Not 0 where such messages are welcome.
    pub agreed: i64,
    /// In milliseconds since 1970.
    pub since: i64,
}

/// What the addresses of one customer of this store have agreed to or do not want. Of two words on one topic a no counts.
pub async fn wishes(database: &impl Database, store: &str, addresses: &[&str]) -> Result<Vec<Wish>, DatabaseError> {
    let select = Statement::new(
        "SELECT c.topic, MIN(c.agreed) AS agreed, c.since FROM json_each(?2) j JOIN consents c \
           ON c.store_id = ?1 AND c.address = j.value GROUP BY c.topic",
    );
    database.run(select.bind(store).bind(serde_json::json!(addresses).to_string())).await?.decode()
}
