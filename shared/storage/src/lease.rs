//! Leasing a row of the outbox, with all that says whether it may still leave.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::notifications::{
    Class, Kind, Notifications, Standing, TextingHours, Topic, Verdict, home_zones,
};
use lanekeeper_domain::store::SendingHours;
use lanekeeper_platform::{Database, DatabaseError, Statement};
use lanekeeper_zones::Tz;
use serde::Deserialize;

/// A row that this consumer alone may send until its lease runs out.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct Leased {
    pub id: String,
    pub store_id: String,
    pub line_id: String,
    pub conversation_id: String,
    pub kind: String,
    pub class: String,
    pub recipient: String,
    pub text: String,
    /// How often it was leased, this time included.
    pub attempts: u32,
    /// How many of the leases before ended with a known failure.
    pub failures: u32,
    /// When it was first tried, in milliseconds since 1970.
    pub first_tried_at: i64,
    /// Pointless after this, in milliseconds since 1970.
    pub expires_at: i64,
    /// The line on which it was tried before it was given to this one.
    pub readdressed_from: Option<String>,
    pub provider: String,
    /// The line's address.
    pub sender: String,
    /// Sealed.
    pub credentials: String,
    /// The store's section `notifications`, as JSON; none where all of it is left to the defaults.
    notifications: Option<String>,
    /// The store's hours for texting, as JSON; none for the default.
    sending: Option<String>,
    store_zone: Option<String>,
    customer_zone: Option<String>,
    opted_out: i64,
    outdated: i64,
    with_person: i64,
    /// JSON: topics with 1 or 0.
    consents: String,
    /// JSON: when the customer had messages of this class.
    had: String,
}

/// What the message is about has changed so that it would be wrong or pointless: whoever changed it has withdrawn it in
/// the same batch, but a row may be written by an older version, or late. The clock's own kinds have nobody who would.
const OUTDATED: &str = "CASE
  WHEN kind IN ('booked', 'moved') THEN
    EXISTS (SELECT 1 FROM appointments a WHERE a.id = outbox.appointment_id AND a.status <> 'booked')
  WHEN kind IN ('reminder_24h', 'reminder_2h') THEN
    EXISTS (SELECT 1 FROM appointments a WHERE a.id = outbox.appointment_id
      AND (a.status <> 'booked' OR a.arrived_at IS NOT NULL))
  WHEN kind = 'satisfaction' THEN
    EXISTS (SELECT 1 FROM repair_orders r WHERE r.id = outbox.repair_order_id
      AND r.stage NOT IN ('vehicle_delivered', 'closed'))
  WHEN kind IN ('no_show', 'maintenance_due', 'declined_work') THEN
    EXISTS (SELECT 1 FROM appointments a WHERE a.id = outbox.appointment_id
      AND (a.status <> 'booked' OR a.arrived_at IS NOT NULL))
    OR EXISTS (SELECT 1 FROM appointments a WHERE a.customer_id = outbox.customer_id AND a.starts_at > ?2
      AND a.status = 'booked')
  WHEN kind = 'person_joined' THEN
    EXISTS (SELECT 1 FROM conversations c WHERE c.id = outbox.conversation_id AND c.joined_at IS NULL)
  WHEN kind = 'nobody_yet' THEN
    EXISTS (SELECT 1 FROM conversations c WHERE c.id = outbox.conversation_id
      AND (c.joined_at IS NOT NULL OR c.waiting_since IS NULL))
  WHEN kind = 'assistant_back' THEN
    EXISTS (SELECT 1 FROM conversations c WHERE c.id = outbox.conversation_id AND c.handling = 'person')
  ELSE 0 END";

/// Leases this row until `until`, if it is due and free. Whether it may leave says [`Leased::verdict`].
pub async fn lease_delivery(
    database: &impl Database,
    id: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<Leased>, DatabaseError> {
    let update = Statement::new(format!(
        "UPDATE outbox SET status = 'sending', attempts = attempts + 1, leased_until = ?3,
           first_tried_at = COALESCE(first_tried_at, ?2), updated_at = ?2
         WHERE id = ?1 AND status IN ('pending', 'sending') AND due_at <= ?2 AND leased_until <= ?2 AND expires_at > ?2
         RETURNING id, store_id, line_id, conversation_id, kind, class, recipient, text, attempts, failures,
           first_tried_at, expires_at, readdressed_from,
           (SELECT provider FROM lines l WHERE l.id = outbox.line_id) AS provider,
           (SELECT address FROM lines l WHERE l.id = outbox.line_id) AS sender,
           (SELECT credentials FROM lines l WHERE l.id = outbox.line_id) AS credentials,
           (SELECT json_extract(profile, '$.notifications') FROM stores s WHERE s.id = outbox.store_id) AS notifications,
           (SELECT json_extract(profile, '$.sending') FROM stores s WHERE s.id = outbox.store_id) AS sending,
           (SELECT json_extract(profile, '$.time_zone') FROM stores s WHERE s.id = outbox.store_id) AS store_zone,
           (SELECT time_zone FROM customers c WHERE c.id = outbox.customer_id) AS customer_zone,
           EXISTS (SELECT 1 FROM opt_outs o WHERE o.line_id = outbox.line_id AND o.address = outbox.recipient)
             AS opted_out,
           {OUTDATED} AS outdated,
           EXISTS (SELECT 1 FROM conversations c WHERE c.id = outbox.conversation_id AND c.handling = 'person')
             AS with_person,
           (SELECT json_group_array(json_array(topic, agreed)) FROM consents c
              WHERE c.store_id = outbox.store_id AND c.address = outbox.recipient) AS consents,
           (SELECT json_group_array(first_tried_at) FROM (SELECT o.first_tried_at FROM outbox o
              WHERE o.customer_id = outbox.customer_id AND o.class = outbox.class
                AND o.status IN ('sending', 'sent', 'delivered') AND o.id <> outbox.id
              ORDER BY o.first_tried_at DESC LIMIT 100)) AS had"
    ))
    .bind(id)
    .bind(at(now))
    .bind(at(until));
    database.run(update).await?.first()
}

impl Leased {
    /// Its kind, if this version knows it.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_name(&self.kind)
    }

    /// The store's section `notifications`.
    pub fn notifications(&self) -> Notifications {
        let section = self.notifications.as_deref().and_then(|json| serde_json::from_str(json).ok());
        section.unwrap_or_default()
    }

    /// Whether it may leave now.
    pub fn verdict(&self, now: DateTime<Utc>) -> Verdict {
        let sending: Option<SendingHours> = self.sending.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let sending = sending.unwrap_or_default();
        let zone = |name: &Option<String>| name.as_deref().and_then(|name| name.parse::<Tz>().ok());
        let zones = home_zones(zone(&self.store_zone).unwrap_or(Tz::UTC), zone(&self.customer_zone), &self.recipient);
        let hours = TextingHours::in_zones(&sending, zones);
        let class = Class::from_name(&self.class).unwrap_or(Class::Promotional);
        match self.standing().verdict((self.kind(), class), &self.notifications(), &hours, now) {
            Verdict::Wait(due) if due.timestamp_millis() >= self.expires_at => Verdict::Withdraw("its time was over"),
            verdict => verdict,
        }
    }

    fn standing(&self) -> Standing {
        let consents: Vec<(String, i64)> = serde_json::from_str(&self.consents).unwrap_or_default();
        let had: Vec<i64> = serde_json::from_str(&self.had).unwrap_or_default();
        Standing {
            opted_out: self.opted_out != 0,
            outdated: self.outdated != 0,
            with_person: self.with_person != 0,
            consents: consents
                .into_iter()
                .filter_map(|(topic, agreed)| Some((Topic::from_name(&topic)?, agreed != 0)))
                .collect(),
            had: had.into_iter().filter_map(DateTime::from_timestamp_millis).collect(),
        }
    }
}

/// Gives a leased row back untried, to be leased again at `due`.
pub fn put_back(row: &Leased, due: DateTime<Utc>, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE outbox SET status = 'pending', attempts = attempts - 1, leased_until = 0, due_at = ?3, updated_at = ?4, \
           first_tried_at = CASE WHEN attempts = 1 THEN NULL ELSE first_tried_at END \
         WHERE id = ?1 AND store_id = ?2 AND status = 'sending'",
    )
    .bind(&row.id)
    .bind(&row.store_id)
    .bind(at(due))
    .bind(at(now))
}

/// A message that is to be tried on another line of the store.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Readdress<'a> {
    pub delivery: &'a str,
    pub store: &'a str,
    pub from_line: &'a str,
    pub to_line: &'a str,
    /// Id of the conversation on that line, should the customer have none there.
    pub conversation: &'a str,
    /// Why.
    pub error: &'a str,
}

/// Gives a message that this line could not deliver to another one, to be sent from there as if it were new. Once: what
/// was given to another line already, or what the store has no such line for, stays as it is.
pub fn readdress(to: &Readdress, now: DateTime<Utc>) -> Vec<Statement> {
    let conversation = Statement::new(
        "INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at) \
         SELECT ?5, o.store_id, l.id, o.recipient, c.customer_id, c.language, '{}', ?6, ?6 \
         FROM outbox o JOIN conversations c ON c.id = o.conversation_id JOIN lines l ON l.id = ?4 AND l.store_id = ?2 \
         WHERE o.id = ?1 AND o.store_id = ?2 AND o.line_id = ?3 AND o.readdressed_from IS NULL \
         ON CONFLICT (line_id, peer) DO NOTHING",
    );
    let conversation = conversation.bind(to.delivery).bind(to.store).bind(to.from_line).bind(to.to_line);
    let update = Statement::new(
        "UPDATE outbox SET line_id = ?4, readdressed_from = ?3, status = 'pending', attempts = 0, failures = 0, \
           first_tried_at = NULL, provider_message_id = NULL, leased_until = 0, due_at = ?5, last_error = ?6, \
           updated_at = ?5, \
           conversation_id = (SELECT c.id FROM conversations c WHERE c.line_id = ?4 AND c.peer = outbox.recipient) \
         WHERE id = ?1 AND store_id = ?2 AND line_id = ?3 AND readdressed_from IS NULL AND expires_at > ?5 \
           AND status IN ('sending', 'undelivered') AND EXISTS (SELECT 1 FROM lines WHERE id = ?4 AND store_id = ?2)",
    );
    let update = update.bind(to.delivery).bind(to.store).bind(to.from_line).bind(to.to_line);
    vec![conversation.bind(to.conversation).bind(at(now)), update.bind(at(now)).bind(to.error)]
}
