//! The outbox: everything that leaves, and what became of it.
//!
//! A row is `pending` until a consumer leases it, then `sending` until its outcome is recorded. A lease that ran out
//! without an outcome leaves it unknown whether the provider has the message: `attempts` then exceeds `failures`.

use crate::at;
use crate::lease::Leased;
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// A message to be sent.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewDelivery<'a> {
    pub id: &'a str,
    pub store: &'a str,
    pub line: &'a str,
    pub conversation: &'a str,
    pub customer: Option<&'a str>,
    pub appointment: Option<&'a str>,
    pub repair_order: Option<&'a str>,
    /// Its kind and its class, as `lanekeeper_domain::notifications` names them.
    pub kind: &'a str,
    pub class: &'a str,
    /// A store writes each key once.
    pub dedupe_key: Option<&'a str>,
    pub recipient: &'a str,
    pub text: &'a str,
    /// What the customer is asked in it, as JSON.
    pub question: Option<&'a str>,
    /// Not before this.
    pub due_at: DateTime<Utc>,
    /// Pointless after this.
    pub expires_at: DateTime<Utc>,
}

/// Writes a message to be sent, unless there is one with its key.
pub fn put_delivery(delivery: &NewDelivery, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO outbox (id, store_id, line_id, conversation_id, customer_id, appointment_id, repair_order_id, kind, \
         class, dedupe_key, recipient, text, question, due_at, expires_at, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16) \
         ON CONFLICT (store_id, dedupe_key) DO NOTHING",
    )
    .bind(delivery.id)
    .bind(delivery.store)
    .bind(delivery.line)
    .bind(delivery.conversation)
    .bind(delivery.customer)
    .bind(delivery.appointment)
    .bind(delivery.repair_order)
    .bind(delivery.kind)
    .bind(delivery.class)
    .bind(delivery.dedupe_key)
    .bind(delivery.recipient)
    .bind(delivery.text)
    .bind(delivery.question)
    .bind(at(delivery.due_at))
    .bind(at(delivery.expires_at))
    .bind(at(now))
}

/// Records that a turn has taken up the questions of these messages.
pub fn take_up_questions(store: &str, deliveries: &[String]) -> Statement {
    Statement::new("UPDATE outbox SET question = NULL WHERE store_id = ?1 AND id IN (SELECT value FROM json_each(?2))")
        .bind(store)
        .bind(serde_json::json!(deliveries).to_string())
}

/// Withdraws what has not left yet about an appointment. Its keys are free again: the appointment may get another time
/// and come back to this one.
pub fn withdraw_for_appointment(store: &str, appointment: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'withdrawn', dedupe_key = NULL, updated_at = ?3 \
         WHERE appointment_id = ?2 AND store_id = ?1 AND status IN ('pending', 'sending')",
    )
    .bind(store)
    .bind(appointment)
    .bind(at(now))
}

/// Withdraws messages of these kinds about a repair order that have not left yet.
pub fn withdraw_for_repair_order(store: &str, order: &str, kinds: &[&str], now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'withdrawn', dedupe_key = NULL, updated_at = ?4 \
         WHERE repair_order_id = ?2 AND store_id = ?1 AND kind IN (SELECT value FROM json_each(?3)) \
           AND status IN ('pending', 'sending')",
    )
    .bind(store)
    .bind(order)
    .bind(serde_json::json!(kinds).to_string())
    .bind(at(now))
}

/// Withdraws the reminders of an appointment, to write them anew.
pub fn withdraw_reminders(store: &str, appointment: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'withdrawn', dedupe_key = NULL, updated_at = ?3 \
         WHERE appointment_id = ?2 AND store_id = ?1 AND kind IN ('reminder_24h', 'reminder_2h') \
           AND status IN ('pending', 'sending')",
    )
    .bind(store)
    .bind(appointment)
    .bind(at(now))
}

/// Withdraws what has not left yet for an address on a line.
pub fn withdraw_for_address(store: &str, line: &str, address: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'withdrawn', updated_at = ?4 \
         WHERE line_id = ?2 AND recipient = ?3 AND store_id = ?1 AND status IN ('pending', 'sending')",
    )
    .bind(store)
    .bind(line)
    .bind(address)
    .bind(at(now))
}

/// Records that the provider has the message, and puts it into the conversation. A code that proves a phone number is
/// forgotten then: nobody but its recipient needs it.
pub fn settle_sent(row: &Leased, provider_message: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let update = Statement::new(
        "UPDATE outbox SET status = 'sent', provider_message_id = ?3, leased_until = 0, last_error = NULL, updated_at = ?4, \
           text = CASE WHEN kind = 'phone_code' THEN '' ELSE text END WHERE id = ?1 AND store_id = ?2 AND status IN ('sending', 'withdrawn')",
    )
    .bind(&row.id)
    .bind(&row.store_id)
    .bind(provider_message)
    .bind(at(now));
    vec![update, join_conversation(&row.id, &row.line_id, now)]
}

/// Puts a message that has left into its conversation, once. A code has no place there. Nor has a confirmation in a chat of
/// what has just been said in it; see [`text_as_well`].
fn join_conversation(delivery: &str, line: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, created_at, position) \
         SELECT id, store_id, conversation_id, line_id, 'ai', text, ?3, 9 FROM outbox \
         WHERE id = ?1 AND line_id = ?2 AND status IN ('sent', 'delivered') AND kind <> 'phone_code' \
           AND NOT (class = 'conversational' AND kind IN ('booked', 'moved', 'cancelled', 'authorization') \
             AND EXISTS (SELECT 1 FROM lines l WHERE l.id = ?2 AND l.provider = 'widget')) ON CONFLICT (id) DO NOTHING",
    )
    .bind(delivery)
    .bind(line)
    .bind(at(now))
}

/// Who is told something in a chat may have left the page. Where a phone number is verified, the store's first SMS line tells
/// it as well: a row of its own, once, in the customer's conversation on that line. What people write in a chat is not texted.
pub fn text_as_well(row: &Leased, id: &str, conversation: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let reach = "FROM outbox o JOIN identities i ON i.customer_id = o.customer_id AND i.store_id = o.store_id AND i.kind = 'phone' \
        JOIN lines l ON l.id = (SELECT id FROM lines WHERE store_id = ?2 AND provider = 'twilio' ORDER BY id LIMIT 1) \
        WHERE o.id = ?1 AND o.store_id = ?2 AND o.kind NOT IN ('reply', 'person_joined', 'assistant_back')";
    let bind = |sql: String| Statement::new(sql).bind(&row.id).bind(&row.store_id).bind(at(now));
    vec![
        bind(format!(
            "INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at) \
             SELECT ?4, o.store_id, l.id, i.address, o.customer_id, \
               (SELECT c.language FROM conversations c WHERE c.id = o.conversation_id), '{{}}', ?3, ?3 {reach} \
             LIMIT 1 ON CONFLICT (line_id, peer) DO NOTHING"
        ))
        .bind(conversation),
        bind(format!(
            "INSERT INTO outbox (id, store_id, line_id, conversation_id, customer_id, appointment_id, repair_order_id, kind, \
               class, dedupe_key, recipient, text, question, due_at, expires_at, created_at, updated_at) \
             SELECT ?4, o.store_id, l.id, (SELECT c.id FROM conversations c WHERE c.line_id = l.id AND c.peer = i.address), \
               o.customer_id, o.appointment_id, o.repair_order_id, o.kind, o.class, 'text:' || o.id, i.address, o.text, \
               o.question, ?3, o.expires_at, ?3, ?3 {reach} LIMIT 1 ON CONFLICT (store_id, dedupe_key) DO NOTHING"
        ))
        .bind(id),
    ]
}

/// Records a failure that is known to be one, and when to try again.
pub fn keep_trying(row: &Leased, error: &str, due_at: DateTime<Utc>, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'pending', failures = attempts, leased_until = 0, due_at = ?3, last_error = ?4, \
           updated_at = ?5 WHERE id = ?1 AND store_id = ?2 AND status = 'sending'",
    )
    .bind(&row.id)
    .bind(&row.store_id)
    .bind(at(due_at))
    .bind(error)
    .bind(at(now))
}

/// Records that it is not tried any more; people see it and can replay it. `certain` says that the provider does not
/// have it; otherwise a replay asks first.
pub fn park_delivery(row: &Leased, error: &str, certain: bool, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'parked', failures = CASE WHEN ?5 THEN attempts ELSE failures END, leased_until = 0, \
           last_error = ?3, updated_at = ?4 WHERE id = ?1 AND store_id = ?2 AND status = 'sending'",
    )
    .bind(&row.id)
    .bind(&row.store_id)
    .bind(error)
    .bind(at(now))
    .bind(certain)
}

/// What came of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The kind of the message whose status is now the receipt's.
    pub kind: Option<String>,
    /// Whether the line is served from here: if not, its store has moved.
    pub served: bool,
}

/// Records the provider's receipt for a message that it has. A receipt can overtake the answer to our own request, so
/// the row is found by its own id, which the receipt's address carries. Receipts come in any order: an earlier status
/// never overrides a later one.
pub async fn record_receipt(
    database: &impl Database,
    line: &str,
    delivery: &str,
    provider_message: &str,
    status: &str,
    error: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Recorded, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        kind: String,
    }
    let update = Statement::new(
        "UPDATE outbox SET status = ?4, provider_message_id = ?3, leased_until = 0, last_error = ?5, updated_at = ?6 \
         WHERE id = ?2 AND line_id = ?1 \
           AND (status IN ('pending', 'sending', 'withdrawn') OR (status = 'sent' AND ?4 <> 'sent')) \
           AND (provider_message_id IS NULL OR provider_message_id = ?3) \
         RETURNING kind",
    )
    .bind(line)
    .bind(delivery)
    .bind(provider_message)
    .bind(status)
    .bind(error)
    .bind(at(now));
    let served = Statement::new(
        "SELECT 1 FROM lines l JOIN stores s ON s.id = l.store_id WHERE l.id = ?1 AND s.standing = 'here'",
    );
    let batch = vec![update, join_conversation(delivery, line, now), served.bind(line)];
    let mut results = database.batch(batch).await?.into_iter();
    let kind = results.next().unwrap_or_default().first::<Row>()?.map(|row| row.kind);
    Ok(Recorded { kind, served: results.last().is_some_and(|rows| !rows.is_empty()) })
}

/// Ids of rows that are due and free: their wake-up was lost, or it is only now their time.
pub async fn due_deliveries(
    database: &impl Database,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    let select = Statement::new(
        "SELECT id FROM outbox WHERE status IN ('pending', 'sending') AND due_at <= ?1 AND leased_until <= ?1 \
         AND EXISTS (SELECT 1 FROM stores s WHERE s.id = outbox.store_id AND s.standing = 'here') \
         ORDER BY due_at LIMIT ?2",
    )
    .bind(at(now))
    .bind(most);
    Ok(database.run(select).await?.decode::<Row>()?.into_iter().map(|row| row.id).collect())
}

/// Withdraws what has become pointless: its time is over, or its recipient has opted out.
pub async fn expire_deliveries(database: &impl Database, now: DateTime<Utc>) -> Result<(), DatabaseError> {
    let update = Statement::new(
        "UPDATE outbox SET status = 'withdrawn', last_error = 'its time was over', updated_at = ?1 \
         WHERE status IN ('pending', 'sending') AND due_at <= ?1 AND leased_until <= ?1 AND expires_at <= ?1 \
         AND EXISTS (SELECT 1 FROM stores s WHERE s.id = outbox.store_id AND s.standing = 'here')",
    )
    .bind(at(now));
    database.run(update).await.map(drop)
}

/// Records that the recipient of a delivery has opted out, as the provider says.
pub fn opt_out_of_delivery(store: &str, line: &str, delivery: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let recipient = "FROM outbox WHERE id = ?3 AND line_id = ?2 AND store_id = ?1";
    let bind = |sql: String| Statement::new(sql).bind(store).bind(line).bind(delivery).bind(at(now));
    vec![
        bind(format!(
            "INSERT INTO consent_events (id, store_id, line_id, address, event, how, at) \
             SELECT ?3, store_id, line_id, recipient, 'opted_out', 'provider', ?4 {recipient} ON CONFLICT (id) DO NOTHING"
        )),
        bind(format!(
            "INSERT INTO opt_outs (line_id, address, store_id, since) SELECT line_id, recipient, store_id, ?4 {recipient} \
             ON CONFLICT DO NOTHING"
        )),
        bind(format!(
            "UPDATE outbox SET status = 'withdrawn', updated_at = ?4 WHERE line_id = ?2 AND store_id = ?1 \
             AND recipient = (SELECT recipient {recipient}) AND status IN ('pending', 'sending')"
        )),
    ]
}

/// Withdraws a leased row.
pub fn withdraw_delivery(row: &Leased, error: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'withdrawn', leased_until = 0, last_error = ?3, updated_at = ?4 \
         WHERE id = ?1 AND store_id = ?2 AND status IN ('sending', 'withdrawn')",
    )
    .bind(&row.id)
    .bind(&row.store_id)
    .bind(error)
    .bind(at(now))
}

/// Those of the provider's messages that deliveries of this line have recorded as theirs.
pub async fn recorded_messages(
    database: &impl Database,
    line: &str,
    messages: &[String],
) -> Result<Vec<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        provider_message_id: String,
    }
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let select = Statement::new(
        "SELECT provider_message_id FROM outbox WHERE line_id = ?1 AND provider_message_id IN (SELECT value FROM json_each(?2))",
    )
    .bind(line)
    .bind(serde_json::json!(messages).to_string());
    Ok(database.run(select).await?.decode::<Row>()?.into_iter().map(|row| row.provider_message_id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanekeeper_native::{NativeDatabase, block_on};

    /// What a delivery's status is after these receipts, in the order in which they came.
    fn after(receipts: &[&str]) -> String {
        #[derive(Deserialize)]
        struct Row {
            status: String,
        }
        let database = NativeDatabase::in_memory().unwrap();
        block_on(crate::migrate(&database)).unwrap();
        let rows = "INSERT INTO stores (id, group_id, profile) VALUES ('s', 'g', '{}');
            INSERT INTO lines (id, store_id, provider, address, credentials) VALUES ('l', 's', 'twilio', '+1', '');
            INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('u', 's', 0, 0);
            INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
              VALUES ('c', 's', 'l', '+2', 'u', 'en', '{}', 0, 0);
            INSERT INTO outbox (id, store_id, line_id, conversation_id, kind, recipient, text, status, due_at, expires_at,
              created_at, updated_at) VALUES ('d', 's', 'l', 'c', 'reminder', '+2', 'x', 'sending', 0, 9, 0, 0);";
        database.script(rows).unwrap();
        for status in receipts {
            block_on(record_receipt(&database, "l", "d", "SM1", status, None, DateTime::UNIX_EPOCH)).unwrap();
        }
        block_on(database.run(Statement::new("SELECT status FROM outbox")))
            .unwrap()
            .first::<Row>()
            .unwrap()
            .unwrap()
            .status
    }

    #[test]
    fn receipts_may_come_in_any_order() {
        assert_eq!(after(&["sent", "delivered"]), "delivered");
        assert_eq!(after(&["delivered", "sent"]), "delivered");
        assert_eq!(after(&["sent", "sent"]), "sent");
        assert_eq!(after(&["sent", "undelivered"]), "undelivered");
        assert_eq!(after(&["delivered", "undelivered"]), "delivered", "the first of the final ones stays");
        assert_eq!(after(&["undelivered", "delivered"]), "undelivered");
    }
}
