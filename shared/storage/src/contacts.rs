//! How a customer can be written to.

use crate::ViewError;
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
    /// Id of the store's first line, for one who has no conversation yet.
    pub first_line: Option<String>,
    /// Not 0 where the customer must not be texted there.
    pub opted_out: i64,
}

/// A customer of this store.
pub async fn correspondent(database: &impl Database, store: &str, customer: &str) -> Result<Correspondent, ViewError> {
    let select = Statement::new(
        "SELECT c.id, c.name, c.time_zone, \
           (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone') AS phone, \
           k.id AS conversation_id, k.line_id, k.peer, k.language, \
           (SELECT id FROM lines l WHERE l.store_id = ?1 ORDER BY l.id LIMIT 1) AS first_line, \
           EXISTS (SELECT 1 FROM opt_outs o \
             WHERE o.line_id = COALESCE(k.line_id, (SELECT id FROM lines l WHERE l.store_id = ?1 ORDER BY l.id LIMIT 1)) \
               AND o.address = COALESCE(k.peer, (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone')) \
           ) AS opted_out \
         FROM customers c LEFT JOIN conversations k ON k.id = COALESCE( \
           (SELECT id FROM conversations WHERE customer_id = c.id AND line_id = c.preferred_line), \
           (SELECT id FROM conversations WHERE customer_id = c.id ORDER BY updated_at DESC LIMIT 1)) \
         WHERE c.id = ?2 AND c.store_id = ?1",
    );
    let row = database.run(select.bind(store).bind(customer)).await?.first()?;
    row.ok_or(ViewError::NotFound("customer"))
}
