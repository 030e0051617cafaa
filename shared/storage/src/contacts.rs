//! How a customer can be written to.

use crate::{Reach, ViewError};
use lanekeeper_domain::Language;
use lanekeeper_platform::{Database, Statement};
use serde::Deserialize;

/// A customer, and how they can be written to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Correspondent {
    /// Id of the customer.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// An IANA name, where it is known better than by the number.
    pub time_zone: Option<String>,
    /// In E.164.
    pub phone: Option<String>,
    /// Id of the conversation on the line that the customer prefers, or else of the latest; the next three are its line, the customer's address there, and the language.
    pub conversation_id: Option<String>,
    /// Id of a line.
    pub line_id: Option<String>,
    /// An address on the line.
    pub peer: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// Id of the store's first line for texts, for one who has no conversation yet.
    pub first_line: Option<String>,
    /// Not 0 where the customer must not be texted there.
    pub opted_out: i64,
}

/// A customer of this store.
pub async fn correspondent(database: &impl Database, store: &str, customer: &str) -> Result<Correspondent, ViewError> {
    let row = database.run(select_correspondent("?2").bind(store).bind(customer)).await?.first()?;
    row.ok_or(ViewError::NotFound("customer"))
}

/// The query for the customer whom an expression of SQL names, of the store ?1.
pub(crate) fn select_correspondent(customer: &'static str) -> Statement {
    Statement::new(format!(
        "SELECT c.id, c.name, c.time_zone, \
           (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone') AS phone, \
           k.id AS conversation_id, k.line_id, k.peer, k.language, \
           (SELECT id FROM lines l WHERE l.store_id = ?1 AND l.provider = 'twilio' ORDER BY l.id LIMIT 1) AS first_line, \
           EXISTS (SELECT 1 FROM opt_outs o \
             WHERE o.line_id = COALESCE(k.line_id, (SELECT id FROM lines l WHERE l.store_id = ?1 AND l.provider = 'twilio' ORDER BY l.id LIMIT 1)) \
               AND o.address = COALESCE(k.peer, (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone')) \
           ) AS opted_out \
         FROM customers c LEFT JOIN conversations k ON k.id = COALESCE( \
           (SELECT id FROM conversations WHERE customer_id = c.id AND line_id = c.preferred_line), \
           (SELECT id FROM conversations WHERE customer_id = c.id ORDER BY updated_at DESC LIMIT 1)) \
         WHERE c.id = {customer} AND c.store_id = ?1",
    ))
}

impl Correspondent {
    /// How the customer is written to, in `language` where they have not used one: in the conversation on the line that
    /// they prefer, in the latest one, or else by phone on the store's first line.
    pub fn reach(&self, language: Language) -> Option<Reach> {
        let time_zone = self.time_zone.as_ref().and_then(|name| name.parse().ok());
        let language = self.language.as_deref().and_then(Language::from_code).unwrap_or(language);
        let (conversation, line, address) = match (&self.line_id, &self.peer, &self.first_line, &self.phone) {
            (Some(line), Some(peer), ..) => (self.conversation_id.clone(), line, peer),
            (_, _, Some(line), Some(phone)) => (None, line, phone),
            _ => return None,
        };
        Some(Reach { conversation, line: line.clone(), address: address.clone(), language, time_zone })
    }
}
