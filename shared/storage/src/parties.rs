//! Whom the clock writes to.

use crate::{Contact, Revised};
use lanekeeper_domain::appointment::Customer;
use lanekeeper_domain::{Language, Store};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// A store, one of its customers, and how they are written to.
#[derive(Debug, Clone)]
pub struct Party {
    /// The store.
    pub store: Store,
    /// Counts the changes of its rules.
    pub revision: i64,
    /// The customer.
    pub customer: Customer,
    /// `None` for one who never wrote.
    pub contact: Option<Contact>,
}

impl Party {
    /// The store's rules with their revision.
    pub fn revised(&self) -> Revised<'_> {
        Revised { profile: &self.store, revision: self.revision }
    }
}

#[derive(Deserialize)]
struct Row {
    profile: String,
    revision: i64,
    id: String,
    name: Option<String>,
    time_zone: Option<String>,
    conversation_id: Option<String>,
    line_id: Option<String>,
    peer: Option<String>,
    language: Option<String>,
}

/// Loads a customer of this store, with the conversation on the line that they prefer or else their latest.
pub async fn load_party(database: &impl Database, store: &str, customer: &str) -> Result<Option<Party>, DatabaseError> {
    let select = Statement::new(
        "SELECT s.profile, s.revision, u.id, u.name, u.time_zone, k.id AS conversation_id, k.line_id, k.peer, k.language \
         FROM customers u JOIN stores s ON s.id = u.store_id LEFT JOIN conversations k ON k.id = COALESCE( \
           (SELECT id FROM conversations WHERE customer_id = u.id AND line_id = u.preferred_line), \
           (SELECT id FROM conversations WHERE customer_id = u.id ORDER BY updated_at DESC LIMIT 1)) \
         WHERE u.id = ?2 AND u.store_id = ?1",
    );
    let Some(row) = database.run(select.bind(store).bind(customer)).await?.first::<Row>()? else { return Ok(None) };
    let contact = row.conversation_id.zip(row.line_id).zip(row.peer).map(|((conversation, line), peer)| Contact {
        line,
        conversation,
        peer,
        language: row.language.as_deref().and_then(Language::from_code).unwrap_or_default(),
    });
    let time_zone = row.time_zone.and_then(|name| name.parse().ok());
    Ok(Some(Party {
        store: serde_json::from_str(&row.profile).map_err(|error| DatabaseError::Decode(error.to_string()))?,
        revision: row.revision,
        customer: Customer { id: row.id, name: row.name, time_zone },
        contact,
    }))
}
