//! The waitlist, and the openings that are held for those on it.

use crate::claims::{give_up, mark_freed, take};
use crate::{Revised, at};
use chrono::{DateTime, Utc};
use lanekeeper_domain::claims::claims;
use lanekeeper_domain::openings::Opening;
use lanekeeper_domain::waitlist::Waiting;
use lanekeeper_domain::{Language, Store, Transport, VehicleClass, class_of};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// Puts a customer on the waitlist until `until`.
pub fn join_waitlist(
    (store, customer, conversation): (&str, &str, &str),
    id: &str,
    waiting: &Waiting,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Statement {
    Statement::new(
        "INSERT INTO waitlist (id, store_id, customer_id, conversation_id, appointment_id, vehicle_id, services, concern, \
         transport, transport_address, advisor, wish, until, queued_at, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?14)",
    )
    .bind(id)
    .bind(store)
    .bind(customer)
    .bind(conversation)
    .bind(waiting.appointment.as_deref())
    .bind(waiting.vehicle.as_deref())
    .bind(serde_json::json!(waiting.services).to_string())
    .bind(waiting.concern.as_deref())
    .bind(waiting.transport.map(Transport::as_str))
    .bind(waiting.transport_address.as_deref())
    .bind(waiting.advisor.as_deref())
    .bind(serde_json::json!(waiting.wish).to_string())
    .bind(at(until))
    .bind(at(now))
}

/// Id of the entry with which a customer waits for these services already.
pub async fn waits_for(
    database: &impl Database,
    store: &str,
    customer: &str,
    services: &[String],
) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Entry {
        id: String,
    }
    let select = Statement::new(
        "SELECT id FROM waitlist WHERE customer_id = ?2 AND +store_id = ?1 AND status IN ('waiting', 'offered') \
         AND services = ?3",
    );
    let services = serde_json::json!(services).to_string();
    let row: Option<Entry> = database.run(select.bind(store).bind(customer).bind(services)).await?.first()?;
    Ok(row.map(|row| row.id))
}

/// Takes a customer off the waitlist, and gives up what is held for them.
pub fn leave_waitlist(store: &str, id: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let update = Statement::new(
        "UPDATE waitlist SET status = 'withdrawn', offered = NULL, offered_until = NULL, updated_at = ?3 \
         WHERE id = ?1 AND store_id = ?2 AND status IN ('waiting', 'offered')",
    );
    vec![update.bind(id).bind(store).bind(at(now)), give_up(store, id), mark_freed(store, now)]
}

/// Takes everybody off the waitlist who waits for an earlier time of an appointment that has been called off.
pub fn leave_waitlist_of(store: &str, appointment: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let claims = "DELETE FROM claims WHERE store_id = ?2 AND holder IN \
         (SELECT id FROM waitlist WHERE appointment_id = ?1 AND store_id = ?2 AND status = 'offered')";
    let update = "UPDATE waitlist SET status = 'withdrawn', offered = NULL, offered_until = NULL, updated_at = ?3 \
         WHERE appointment_id = ?1 AND store_id = ?2 AND status IN ('waiting', 'offered')";
    vec![
        Statement::new(claims).bind(appointment).bind(store),
        Statement::new(update).bind(appointment).bind(store).bind(at(now)),
    ]
}

/// Makes the batch fail unless the entry has this status: a required column becomes NULL where it has another.
fn expect(store: &str, id: &str, status: &'static str) -> Statement {
    Statement::new("UPDATE waitlist SET services = NULL WHERE id = ?1 AND store_id = ?2 AND status <> ?3")
        .bind(id)
        .bind(store)
        .bind(status)
}

/// Holds an opening for an entry until `until`. The batch fails with a conflict on `claims` where a seat is not to be had,
/// and fails where the entry no longer waits.
pub fn hold_opening(
    store: Revised,
    id: &str,
    (opening, waiting): (&Opening, &Waiting),
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<Statement> {
    let slug = store.profile.id.as_str();
    let seats = claims(store.profile, opening, &waiting.services, waiting.transport);
    let update = Statement::new(
        "UPDATE waitlist SET status = 'offered', offered = ?3, offered_until = ?4, updated_at = ?5 \
         WHERE id = ?1 AND store_id = ?2",
    )
    .bind(id)
    .bind(slug)
    .bind(serde_json::json!(opening).to_string())
    .bind(at(until))
    .bind(at(now));
    vec![expect(slug, id, "waiting"), take(slug, store.revision, id, &seats), update]
}

/// Ends an entry whose offer the customer takes: its seats are free for the booking in the same batch. The batch fails
/// where the offer no longer stands.
pub fn take_offer(store: &str, id: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let update =
        Statement::new("UPDATE waitlist SET status = 'booked', updated_at = ?3 WHERE id = ?1 AND store_id = ?2");
    vec![expect(store, id, "offered"), update.bind(id).bind(store).bind(at(now)), give_up(store, id)]
}

/// Gives back what was held for an entry, which waits on for something else, behind the others.
pub fn decline_offer(store: &str, id: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let update = Statement::new(
        "UPDATE waitlist SET status = 'waiting', refused = json_insert(refused, '$[#]', offered ->> 'start'), \
           offered = NULL, offered_until = NULL, queued_at = ?3, updated_at = ?3 \
         WHERE id = ?1 AND store_id = ?2 AND status = 'offered'",
    );
    vec![give_up(store, id), update.bind(id).bind(store).bind(at(now)), mark_freed(store, now)]
}

/// An offer that nobody has answered in time.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Lapsed {
    pub id: String,
    pub store_id: String,
}

/// Offers whose time is over.
pub async fn lapsed_offers(
    database: &impl Database,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<Lapsed>, DatabaseError> {
    let select = Statement::new(
        "SELECT id, store_id FROM waitlist WHERE status = 'offered' AND offered_until <= ?1 \
         AND EXISTS (SELECT 1 FROM stores s WHERE s.id = waitlist.store_id AND s.standing = 'here') \
         ORDER BY offered_until LIMIT ?2",
    );
    database.run(select.bind(at(now)).bind(most)).await?.decode()
}

/// A store in which something became free while somebody waits, and how far its queue has been looked through.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Freed {
    pub store_id: String,
    /// When, in milliseconds since 1970; later for each time, also within one millisecond.
    pub at: i64,
    /// JSON.
    pub profile: String,
    pub revision: i64,
    /// `at` as the pass through the queue began.
    started: i64,
    after_queued_at: i64,
    /// Id of the entry that was looked at last; empty before the first.
    after_id: String,
}

/// Stores in which something became free, those that wait longest first.
pub async fn freed_stores(database: &impl Database, most: u32) -> Result<Vec<Freed>, DatabaseError> {
    let select = Statement::new(
        "SELECT f.store_id, f.at, f.started, f.after_queued_at, f.after_id, s.profile, s.revision \
         FROM freed f JOIN stores s ON s.id = f.store_id \
         WHERE f.at > 0 AND s.standing = 'here' ORDER BY f.at LIMIT ?1",
    );
    database.run(select.bind(most)).await?.decode()
}

/// Records that the queue has been looked through as far as `last`, or to its end with `None`. At the end it is forgotten
/// that something became free, unless something else has since: then another pass begins.
pub fn looked_through(freed: &Freed, last: Option<&Candidate>) -> Vec<Statement> {
    let started = if freed.after_id.is_empty() { freed.at } else { freed.started };
    let advance = |started: i64, queued_at: i64, id: &str| {
        let update = "UPDATE freed SET started = ?2, after_queued_at = ?3, after_id = ?4 WHERE store_id = ?1";
        Statement::new(update).bind(&freed.store_id).bind(started).bind(queued_at).bind(id)
    };
    match last {
        Some(last) => vec![advance(started, last.queued_at, &last.id)],
        None => vec![
            Statement::new("DELETE FROM freed WHERE store_id = ?1 AND at = ?2").bind(&freed.store_id).bind(started),
            advance(0, 0, ""),
        ],
    }
}

/// Records that somebody must be looked at again: they could not be texted at this hour, or somebody else was quicker.
pub fn look_again(store: &str, now: DateTime<Utc>) -> Statement {
    mark_freed(store, now)
}

/// Somebody on the waitlist, and how to reach them.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Candidate {
    pub id: String,
    queued_at: i64,
    pub waiting: Waiting,
    /// Starts of what was offered in vain.
    pub refused: Vec<DateTime<Utc>>,
    /// The class of the car, where it is known.
    pub class: Option<VehicleClass>,
    /// When the appointment starts that is to be moved to an earlier time.
    pub appointment_starts_at: Option<DateTime<Utc>>,
    pub customer: String,
    pub time_zone: Option<String>,
    pub conversation: String,
    pub line: String,
    pub peer: String,
    pub language: Language,
}

#[derive(Deserialize)]
struct CandidateRow {
    id: String,
    queued_at: i64,
    customer_id: String,
    conversation_id: String,
    waiting: String,
    refused: String,
    make: Option<String>,
    model: Option<String>,
    starts_at: Option<i64>,
    time_zone: Option<String>,
    line_id: String,
    peer: String,
    language: String,
}

/// Who waits at this store and has not been looked at in this pass, those who wait longest first. Who has opted out is
/// passed over.
pub async fn waiting_at(
    database: &impl Database,
    store: &Store,
    freed: &Freed,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<Candidate>, DatabaseError> {
    let select = Statement::new(
        "SELECT w.id, w.queued_at, w.customer_id, w.conversation_id, w.waiting, w.refused, v.make, v.model, a.starts_at, \
           u.time_zone, c.line_id, c.peer, c.language \
         FROM waitlist w JOIN conversations c ON c.id = w.conversation_id JOIN customers u ON u.id = w.customer_id \
           LEFT JOIN appointments a ON a.id = w.appointment_id LEFT JOIN vehicles v ON v.id = w.vehicle_id \
         WHERE w.store_id = ?1 AND w.status = 'waiting' AND w.until > ?2 AND (w.queued_at, w.id) > (?4, ?5) \
           AND NOT EXISTS (SELECT 1 FROM opt_outs o WHERE o.line_id = c.line_id AND o.address = c.peer) \
         ORDER BY w.queued_at, w.id LIMIT ?3",
    );
    let select =
        select.bind(&store.id).bind(at(now)).bind(most).bind(freed.after_queued_at).bind(freed.after_id.as_str());
    let rows: Vec<CandidateRow> = database.run(select).await?.decode()?;
    rows.into_iter().map(|row| row.candidate(store)).collect()
}

impl CandidateRow {
    fn candidate(self, store: &Store) -> Result<Candidate, DatabaseError> {
        let decode = |error: serde_json::Error| DatabaseError::Decode(error.to_string());
        Ok(Candidate {
            id: self.id,
            queued_at: self.queued_at,
            waiting: serde_json::from_str(&self.waiting).map_err(decode)?,
            refused: serde_json::from_str(&self.refused).map_err(decode)?,
            class: class_of(self.make.as_deref(), self.model.as_deref()),
            appointment_starts_at: self.starts_at.and_then(DateTime::from_timestamp_millis),
            customer: self.customer_id,
            time_zone: self.time_zone,
            conversation: self.conversation_id,
            line: self.line_id,
            peer: self.peer,
            language: Language::from_code(&self.language).unwrap_or(store.language),
        })
    }
}

/// Ends entries that have become pointless: the time that was wished for is over.
pub fn expire_waitlist(now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE waitlist SET status = 'expired', updated_at = ?1 WHERE status = 'waiting' AND until <= ?1 \
         AND EXISTS (SELECT 1 FROM stores s WHERE s.id = waitlist.store_id AND s.standing = 'here')",
    )
    .bind(at(now))
}
