//! What visitors say of themselves on the contact card: claimed, not verified.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_platform::Statement;

/// What a visitor says.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct NewChatContact<'a> {
    /// Id for the event of the consent log.
    pub id: &'a str,
    pub store: &'a str,
    pub line: &'a str,
    pub peer: &'a str,
    pub name: Option<&'a str>,
    /// In E.164.
    pub phone: Option<&'a str>,
    /// The words that were agreed to.
    pub consent: Option<&'a str>,
}

/// Writes what a visitor says of themselves; what is not said stays. The name becomes the customer's where there is none, and
/// what was agreed to is logged. The phone is for people to see, and for nothing else.
pub fn put_chat_contact(contact: &NewChatContact, now: DateTime<Utc>) -> Vec<Statement> {
    let NewChatContact { id, store, line, peer, name, phone, consent } = *contact;
    let of_visitor = "FROM conversations c WHERE c.line_id = ?2 AND c.peer = ?3 AND c.store_id = ?1";
    let bind = |sql: String| Statement::new(sql).bind(store).bind(line).bind(peer);
    let mut statements = vec![
        bind(format!(
            "INSERT INTO chat_contacts (conversation_id, store_id, name, phone, consent, updated_at) \
             SELECT c.id, c.store_id, ?4, ?5, ?6, ?7 {of_visitor} ON CONFLICT (conversation_id) DO UPDATE SET \
               name = COALESCE(excluded.name, name), phone = COALESCE(excluded.phone, phone), \
               consent = COALESCE(excluded.consent, consent), updated_at = excluded.updated_at"
        ))
        .bind(name)
        .bind(phone)
        .bind(consent)
        .bind(at(now)),
    ];
    if let Some(name) = name {
        let rename = format!(
            "UPDATE customers SET name = ?4, updated_at = ?5 WHERE id = (SELECT c.customer_id {of_visitor}) AND name IS NULL"
        );
        statements.push(bind(rename).bind(name).bind(at(now)));
    }
    if let (Some(phone), Some(consent)) = (phone, consent) {
        statements.push(
            bind(
                "INSERT INTO consent_events (store_id, line_id, id, address, event, how, wording, at) \
                 SELECT l.store_id, l.id, ?4, ?5, 'opted_in', 'chat, number not verified', ?6, ?7 FROM lines l \
                 WHERE l.id = ?2 AND l.store_id = ?1 AND ?3 <> ''"
                    .to_owned(),
            )
            .bind(id)
            .bind(phone)
            .bind(consent)
            .bind(at(now)),
        );
    }
    statements
}
