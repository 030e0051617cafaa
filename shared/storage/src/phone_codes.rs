//! Codes by text, with which a visitor proves that a phone number is theirs.

use crate::at;
use chrono::{DateTime, Duration, Utc};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// For how long a code is good.
const GOOD_FOR: Duration = Duration::minutes(10);
/// The most codes within an hour: for one conversation, for one number, and of one store.
const MOST_FOR_CONVERSATION: u32 = 3;
const MOST_FOR_PHONE: u32 = 3;
const MOST_OF_STORE: u32 = 60;

/// A code to be sent.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct NewPhoneCode<'a> {
    /// Id of the code, and of its delivery.
    pub id: &'a str,
    pub store: &'a str,
    /// The widget's line and the visitor's address on it.
    pub line: &'a str,
    pub peer: &'a str,
    /// In E.164.
    pub phone: &'a str,
    /// What the code hashes to.
    pub hash: &'a str,
    /// The text, with the code.
    pub text: &'a str,
}

/// Writes a code with its text message, which leaves by the store's SMS line. Neither is written where there is no such
/// line, or there were too many lately; the first statement returns a row when they are.
pub fn put_phone_code(code: &NewPhoneCode, now: DateTime<Utc>) -> Vec<Statement> {
    let insert = Statement::new(format!(
        "INSERT INTO phone_codes (id, store_id, conversation_id, phone, hash, created_at, expires_at) \
         SELECT ?1, c.store_id, c.id, ?5, ?6, ?7, ?8 FROM conversations c \
         WHERE c.line_id = ?3 AND c.peer = ?4 AND c.store_id = ?2 \
           AND EXISTS (SELECT 1 FROM lines l WHERE l.store_id = ?2 AND l.provider = 'twilio') \
           AND (SELECT count(*) FROM phone_codes p WHERE p.conversation_id = c.id AND p.created_at > ?9) < {MOST_FOR_CONVERSATION} \
           AND (SELECT count(*) FROM phone_codes p WHERE p.store_id = ?2 AND p.phone = ?5 AND p.created_at > ?9) < {MOST_FOR_PHONE} \
           AND (SELECT count(*) FROM phone_codes p WHERE p.store_id = ?2 AND p.created_at > ?9) < {MOST_OF_STORE} \
         RETURNING id"
    ));
    let insert = insert.bind(code.id).bind(code.store).bind(code.line).bind(code.peer).bind(code.phone).bind(code.hash);
    let insert = insert.bind(at(now)).bind(at(now + GOOD_FOR)).bind(at(now - Duration::hours(1)));
    let text = Statement::new(
        "INSERT INTO outbox (id, store_id, line_id, conversation_id, kind, class, recipient, text, due_at, expires_at, \
           created_at, updated_at) \
         SELECT p.id, p.store_id, (SELECT l.id FROM lines l WHERE l.store_id = ?2 AND l.provider = 'twilio' ORDER BY l.id LIMIT 1), \
           p.conversation_id, 'phone_code', 'conversational', p.phone, ?3, p.created_at, p.expires_at, p.created_at, p.created_at \
         FROM phone_codes p WHERE p.id = ?1 AND p.store_id = ?2",
    );
    vec![insert, text.bind(code.id).bind(code.store).bind(code.text)]
}

/// A try at the latest code of a conversation, and who would be merged.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct CodeTry {
    pub id: String,
    pub phone: String,
    pub hash: String,
    /// Whose conversation it is.
    pub customer: String,
    /// The number that is this customer's already.
    pub own_phone: Option<String>,
    /// Whose the number is.
    pub owner: Option<String>,
}

/// Counts a try at the latest code of this visitor's; `None` where it is used, too old, or was tried five times. Each try
/// is counted before the code is compared, so that no two at once count as one.
pub async fn try_phone_code(
    database: &impl Database,
    store: &str,
    line: &str,
    peer: &str,
    now: DateTime<Utc>,
) -> Result<Option<CodeTry>, DatabaseError> {
    let update = Statement::new(
        "UPDATE phone_codes SET tries = tries + 1 WHERE id = (SELECT p.id FROM conversations c JOIN phone_codes p \
             ON p.conversation_id = c.id WHERE c.line_id = ?2 AND c.peer = ?3 ORDER BY p.created_at DESC, p.id DESC LIMIT 1) \
           AND store_id = ?1 AND tries < 5 AND used_at IS NULL AND expires_at > ?4 \
         RETURNING id, phone, hash, \
           (SELECT customer_id FROM conversations c WHERE c.id = phone_codes.conversation_id) AS customer, \
           (SELECT i.address FROM conversations c JOIN identities i ON i.customer_id = c.customer_id AND i.kind = 'phone' \
              WHERE c.id = phone_codes.conversation_id LIMIT 1) AS own_phone, \
           (SELECT i.customer_id FROM identities i WHERE i.store_id = ?1 AND i.kind = 'phone' AND i.address = phone_codes.phone) AS owner",
    );
    database.run(update.bind(store).bind(line).bind(peer).bind(at(now))).await?.first()
}

/// Records that a code was the right one. The batch fails where another try came first.
pub fn use_phone_code(store: &str, id: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE phone_codes SET used_at = ?3, expires_at = CASE WHEN used_at IS NULL THEN expires_at END WHERE id = ?2 AND store_id = ?1",
    )
    .bind(store)
    .bind(id)
    .bind(at(now))
}

/// Makes a phone number a customer's own. The batch fails where it is somebody's already.
pub fn verify_phone(store: &str, customer: &str, phone: &str) -> Statement {
    Statement::new("INSERT INTO identities (store_id, kind, address, customer_id) VALUES (?1, 'phone', ?2, ?3)")
        .bind(store)
        .bind(phone)
        .bind(customer)
}
