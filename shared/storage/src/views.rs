//! What the API shows. Every query names the group that the caller belongs to.

use crate::directory::stores_of_group;
use chrono::{DateTime, Utc};
use lanekeeper_domain::Store;
use lanekeeper_platform::{Database, DatabaseError, Platform, Row, Statement};
use serde::Deserialize;
use serde_json::json;

/// Why there is no view.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ViewError {
    /// The caller may not see it, or it does not exist: the two look alike from outside.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The cursor was not made by us.
    #[error("the cursor is not one that a previous page gave")]
    Cursor,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// One page of a list.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The rows, ready to be shown.
    pub items: Vec<serde_json::Value>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
}

/// The profile of a store of this group.
pub async fn store_profile(database: &impl Database, group: &str, store: &str) -> Result<Store, ViewError> {
    #[derive(Deserialize)]
    struct Profile {
        profile: String,
    }
    let select = Statement::new("SELECT profile FROM stores WHERE id = ?1 AND group_id = ?2").bind(store).bind(group);
    let row: Profile = database.run(select).await?.first()?.ok_or(ViewError::NotFound("store"))?;
    serde_json::from_str(&row.profile).map_err(|error| DatabaseError::Decode(error.to_string()).into())
}

/// A list of a store's things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Appointments, in order of time.
    Appointments,
    /// Customers, in the order in which they came.
    Customers,
    /// Who is on the waitlist, those who wait longest first.
    Waitlist,
    /// Repair orders, the latest first.
    RepairOrders,
    /// Conversations, the latest first.
    Conversations,
    /// Deliveries, the latest first.
    Deliveries,
    /// Who must not be texted, the latest first.
    OptOuts,
    /// How consent was given and taken back, the latest first.
    Consents,
}

impl Listing {
    fn list(self) -> &'static List {
        match self {
            Self::Appointments => &APPOINTMENTS,
            Self::Waitlist => &WAITLIST,
            Self::RepairOrders => &REPAIR_ORDERS,
            Self::Conversations => &CONVERSATIONS,
            Self::Deliveries => &DELIVERIES,
            Self::Customers => &CUSTOMERS,
            Self::OptOuts => &OPT_OUTS,
            Self::Consents => &CONSENTS,
        }
    }
}

/// One page of a list of a store of this group, after the cursor of the page before.
pub async fn list(
    database: &impl Database,
    group: &str,
    store: &str,
    listing: Listing,
    after: Option<&str>,
    limit: u32,
) -> Result<Page, ViewError> {
    listing.list().page(database, group, store, after, limit).await
}

/// One page of a list over all stores of this group, on whichever shards they are.
pub async fn list_in_group<P: Platform>(
    platform: &P,
    group: &str,
    listing: Listing,
    after: Option<&str>,
    limit: u32,
) -> Result<Page, ViewError> {
    let list = listing.list();
    let mut rows = Vec::new();
    for (shard, stores) in stores_of_group(platform, group).await? {
        let selects = stores.iter().map(|store| list.select(store, after, limit)).collect::<Result<_, _>>()?;
        rows.extend(shard.database.batch(selects).await?.into_iter().flat_map(|found| found.0));
    }
    list.sort(&mut rows);
    Ok(list.first_of(rows, limit))
}

/// A list to be read page by page, in the order of a time and an id.
struct List {
    sql: &'static str,
    /// The column that the list is ordered by.
    key: &'static str,
    /// Columns that hold times.
    times: &'static [&'static str],
    /// Columns that hold JSON.
    json: &'static [&'static str],
    /// Whether the list begins with the latest.
    latest_first: bool,
}

impl List {
    async fn page(
        &self,
        database: &impl Database,
        group: &str,
        store: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page, ViewError> {
        store_exists(database, group, store).await?;
        let select = self.select(store, after, limit)?;
        Ok(self.first_of(database.run(select).await?.0, limit))
    }

    /// The rows of a page of a store, and one more if there are more.
    fn select(&self, store: &str, after: Option<&str>, limit: u32) -> Result<Statement, ViewError> {
        let start = if self.latest_first { (i64::MAX >> 11, String::new()) } else { (0, String::new()) };
        let (time, id) = after.map_or(Ok(start), |cursor| parse_cursor(cursor).ok_or(ViewError::Cursor))?;
        Ok(Statement::new(self.sql).bind(store).bind(time).bind(id).bind(limit + 1))
    }

    /// A page of these rows, which are in order.
    fn first_of(&self, mut rows: Vec<Row>, limit: u32) -> Page {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|row| self.cursor(row));
        Page { items: rows.into_iter().map(|row| present(row, self.times, self.json)).collect(), next }
    }

    /// Puts rows of several stores into the order of the list.
    fn sort(&self, rows: &mut [Row]) {
        rows.sort_by_cached_key(|row| {
            let time = row.get(self.key).and_then(serde_json::Value::as_i64).unwrap_or_default();
            let id = row.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
            (if self.latest_first { -time } else { time }, id.to_owned())
        });
    }

    fn cursor(&self, row: &Row) -> String {
        let time = row.get(self.key).and_then(serde_json::Value::as_i64).unwrap_or_default();
        format!("{time}-{}", row.get("id").and_then(serde_json::Value::as_str).unwrap_or_default())
    }
}

const APPOINTMENTS: List = List {
    sql: "SELECT a.id, a.store_id, a.external_id, a.customer_id, a.vehicle_id, a.conversation_id, a.service_id, a.more_services, a.concern, \
            a.starts_at, a.ends_at, a.bay, a.stations, a.advisor, a.transport, a.transport_address, a.status, a.arrived_at, \
            a.no_show_at, a.sequence, a.created_at, a.updated_at, c.name AS customer_name, \
            (SELECT address FROM identities i WHERE i.customer_id = a.customer_id AND i.kind = 'phone') AS phone, \
            v.year AS vehicle_year, v.make AS vehicle_make, v.model AS vehicle_model \
          FROM appointments a JOIN customers c ON c.id = a.customer_id LEFT JOIN vehicles v ON v.id = a.vehicle_id \
          WHERE a.store_id = ?1 AND (a.starts_at, a.id) > (?2, ?3) ORDER BY a.starts_at, a.id LIMIT ?4",
    key: "starts_at",
    times: APPOINTMENT_TIMES,
    json: APPOINTMENT_JSON,
    latest_first: false,
};
const APPOINTMENT_TIMES: &[&str] = &["starts_at", "ends_at", "arrived_at", "no_show_at", "created_at", "updated_at"];
const APPOINTMENT_JSON: &[&str] = &["more_services", "stations"];

const WAITLIST: List = List {
    sql: "SELECT w.id, w.store_id, w.customer_id, w.conversation_id, w.appointment_id, w.vehicle_id, w.services, w.concern, w.wish, \
            w.transport, w.transport_address, w.advisor, w.status, w.until, w.queued_at, w.created_at, w.updated_at, \
            strftime('%Y-%m-%dT%H:%M:%fZ', w.offered ->> 'start') AS offered_starts_at, w.offered_until, c.name AS customer_name, \
            (SELECT address FROM identities i WHERE i.customer_id = w.customer_id AND i.kind = 'phone') AS phone \
          FROM waitlist w JOIN customers c ON c.id = w.customer_id \
          WHERE w.store_id = ?1 AND w.status IN ('waiting', 'offered') AND (w.queued_at, w.id) > (?2, ?3) \
          ORDER BY w.queued_at, w.id LIMIT ?4",
    key: "queued_at",
    times: WAITLIST_TIMES,
    json: WAITLIST_JSON,
    latest_first: false,
};
const WAITLIST_TIMES: &[&str] = &["until", "offered_until", "queued_at", "created_at", "updated_at"];
const WAITLIST_JSON: &[&str] = &["services", "wish"];

const REPAIR_ORDERS: List = List {
    sql: "SELECT o.id, o.version, o.number, o.stage, o.customer_id, o.appointment_id, o.vehicle_id, o.advisor, o.technician, \
            o.promised_at, o.waiting_for, o.opened_at, o.updated_at, c.name AS customer_name, \
            v.year AS vehicle_year, v.make AS vehicle_make, v.model AS vehicle_model \
          FROM repair_orders o JOIN customers c ON c.id = o.customer_id LEFT JOIN vehicles v ON v.id = o.vehicle_id \
          WHERE o.store_id = ?1 AND (o.opened_at < ?2 OR (o.opened_at = ?2 AND o.id > ?3)) \
          ORDER BY o.opened_at DESC, o.id LIMIT ?4",
    key: "opened_at",
    times: &["promised_at", "opened_at", "updated_at"],
    json: &[],
    latest_first: true,
};

const CONVERSATIONS: List = List {
    sql: "SELECT c.id, c.store_id, c.line_id, c.peer, c.customer_id, c.language, c.handling, c.handover_reason, c.handed_over_at, c.mood, \
            c.status, c.result, c.closed_at, c.assignee, c.joined_at, c.waiting_since, c.snoozed_until, c.priority, c.tags, \
            c.turns, c.opened_at, c.updated_at, u.name AS customer_name, \
            EXISTS (SELECT 1 FROM opt_outs o WHERE o.line_id = c.line_id AND o.address = c.peer) AS opted_out \
          FROM conversations c JOIN customers u ON u.id = c.customer_id \
          WHERE c.store_id = ?1 AND (c.updated_at < ?2 OR (c.updated_at = ?2 AND c.id > ?3)) \
          ORDER BY c.updated_at DESC, c.id LIMIT ?4",
    key: "updated_at",
    times: CONVERSATION_TIMES,
    json: CONVERSATION_JSON,
    latest_first: true,
};

const CONVERSATION_TIMES: &[&str] =
    &["handed_over_at", "closed_at", "joined_at", "waiting_since", "snoozed_until", "opened_at", "updated_at"];
const CONVERSATION_JSON: &[&str] = &["tags"];

const DELIVERIES: List = List {
    sql: "SELECT id, line_id, conversation_id, appointment_id, kind, recipient, text, status, due_at, expires_at, attempts, \
            provider_message_id, last_error, created_at, updated_at FROM outbox \
          WHERE store_id = ?1 AND (created_at < ?2 OR (created_at = ?2 AND id > ?3)) \
          ORDER BY created_at DESC, id LIMIT ?4",
    key: "created_at",
    times: &["due_at", "expires_at", "created_at", "updated_at"],
    json: &[],
    latest_first: true,
};

const CUSTOMERS: List = List {
    sql: "SELECT c.id, c.name, c.external_id, c.preferred_line, c.created_at, c.updated_at, \
            (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone') AS phone \
          FROM customers c WHERE c.store_id = ?1 AND c.merged_into IS NULL AND (c.created_at, c.id) > (?2, ?3) ORDER BY c.created_at, c.id LIMIT ?4",
    key: "created_at",
    times: &["created_at", "updated_at"],
    json: &[],
    latest_first: false,
};

const OPT_OUTS: List = List {
    sql: "SELECT line_id || ' ' || address AS id, line_id, address, since FROM opt_outs \
          WHERE store_id = ?1 AND (since < ?2 OR (since = ?2 AND line_id || ' ' || address > ?3)) \
          ORDER BY since DESC, line_id || ' ' || address LIMIT ?4",
    key: "since",
    times: &["since"],
    json: &[],
    latest_first: true,
};

const CONSENTS: List = List {
    sql: "SELECT id, line_id, address, event, topic, how, at FROM consent_events \
          WHERE store_id = ?1 AND (at < ?2 OR (at = ?2 AND id > ?3)) ORDER BY at DESC, id LIMIT ?4",
    key: "at",
    times: &["at"],
    json: &[],
    latest_first: true,
};

/// One appointment of a store of this group, as the list has it, and the time of its last change.
pub async fn appointment_view(
    database: &impl Database,
    group: &str,
    store: &str,
    id: &str,
) -> Result<(serde_json::Value, i64), ViewError> {
    let select = Statement::new(
        "SELECT a.id, a.store_id, a.external_id, a.customer_id, a.vehicle_id, a.conversation_id, a.service_id, a.more_services, a.concern, \
           a.starts_at, a.ends_at, a.bay, a.stations, a.advisor, a.transport, a.transport_address, a.status, a.arrived_at, \
           a.no_show_at, a.sequence, a.created_at, a.updated_at, c.name AS customer_name, \
           (SELECT address FROM identities i WHERE i.customer_id = a.customer_id AND i.kind = 'phone') AS phone, \
           v.year AS vehicle_year, v.make AS vehicle_make, v.model AS vehicle_model \
         FROM appointments a JOIN stores s ON s.id = a.store_id JOIN customers c ON c.id = a.customer_id \
           LEFT JOIN vehicles v ON v.id = a.vehicle_id WHERE a.id = ?3 AND a.store_id = ?1 AND s.group_id = ?2",
    );
    let rows = database.run(select.bind(store).bind(group).bind(id)).await?.0;
    let row = rows.into_iter().next().ok_or(ViewError::NotFound("appointment"))?;
    let changed = row.get("updated_at").and_then(serde_json::Value::as_i64).unwrap_or_default();
    Ok((present(row, APPOINTMENT_TIMES, APPOINTMENT_JSON), changed))
}

/// An entry of the waitlist of a store of this group, as the list has it, and the time of its last change.
pub async fn waitlist_entry_view(
    database: &impl Database,
    group: &str,
    store: &str,
    id: &str,
) -> Result<(serde_json::Value, i64), ViewError> {
    let select = Statement::new(
        "SELECT w.id, w.store_id, w.customer_id, w.conversation_id, w.appointment_id, w.vehicle_id, w.services, w.concern, w.wish, \
           w.transport, w.transport_address, w.advisor, w.status, w.until, w.queued_at, w.created_at, w.updated_at, \
           strftime('%Y-%m-%dT%H:%M:%fZ', w.offered ->> 'start') AS offered_starts_at, w.offered_until, c.name AS customer_name, \
           (SELECT address FROM identities i WHERE i.customer_id = w.customer_id AND i.kind = 'phone') AS phone \
         FROM waitlist w JOIN stores s ON s.id = w.store_id JOIN customers c ON c.id = w.customer_id \
         WHERE w.id = ?3 AND w.store_id = ?1 AND s.group_id = ?2 AND w.status IN ('waiting', 'offered')",
    );
    let rows = database.run(select.bind(store).bind(group).bind(id)).await?.0;
    let row = rows.into_iter().next().ok_or(ViewError::NotFound("entry on the waitlist"))?;
    let changed = row.get("updated_at").and_then(serde_json::Value::as_i64).unwrap_or_default();
    Ok((present(row, WAITLIST_TIMES, WAITLIST_JSON), changed))
}

/// A conversation with its messages and turns.
pub async fn conversation_thread(
    database: &impl Database,
    group: &str,
    id: &str,
) -> Result<serde_json::Value, ViewError> {
    let conversation = Statement::new(
        "SELECT c.id, c.store_id, c.line_id, c.peer, c.customer_id, u.name AS customer_name, c.language, c.handling, \
           c.handover_reason, c.handed_over_at, c.mood, c.status, c.result, c.closed_at, c.assignee, c.joined_at, \
           c.waiting_since, c.snoozed_until, c.priority, c.tags, c.opened_at, c.updated_at, \
           EXISTS (SELECT 1 FROM opt_outs o WHERE o.line_id = c.line_id AND o.address = c.peer) AS opted_out \
         FROM conversations c JOIN stores s ON s.id = c.store_id JOIN customers u ON u.id = c.customer_id \
         WHERE c.id = ?1 AND s.group_id = ?2",
    );
    let messages = Statement::new(
        "SELECT id, author, account, text, media, provider_message_id, reply_to, created_at FROM \
           (SELECT * FROM messages WHERE conversation_id = ?1 ORDER BY created_at DESC, position DESC LIMIT 500) \
         ORDER BY created_at, position",
    );
    let turns = Statement::new(
        "SELECT number, message_id, act, account, understanding, said, model, elapsed_ms, created_at FROM \
           (SELECT * FROM turns WHERE conversation_id = ?1 ORDER BY number DESC LIMIT 250) ORDER BY number",
    );
    let events = Statement::new(
        "SELECT id, event, account, detail, at FROM (SELECT rowid AS place, * FROM conversation_events \
           WHERE conversation_id = ?1 ORDER BY at DESC, rowid DESC LIMIT 250) ORDER BY at, place",
    );
    let notes = Statement::new(
        "SELECT id, account, text, mentions, created_at FROM (SELECT rowid AS place, * FROM notes \
           WHERE conversation_id = ?1 ORDER BY created_at DESC, rowid DESC LIMIT 250) ORDER BY created_at, place",
    );
    let batch =
        vec![conversation.bind(id).bind(group), messages.bind(id), turns.bind(id), events.bind(id), notes.bind(id)];
    let mut results = database.batch(batch).await?.into_iter();
    let mut next = || results.next().unwrap_or_default().0;
    let Some(row) = next().into_iter().next() else { return Err(ViewError::NotFound("conversation")) };
    let mut conversation = present(row, CONVERSATION_TIMES, CONVERSATION_JSON);
    let messages: Vec<_> = next().into_iter().map(|row| present(row, &["created_at"], &["media"])).collect();
    let turns: Vec<_> =
        next().into_iter().map(|row| present(row, &["created_at"], &["understanding", "said", "model"])).collect();
    let events: Vec<_> = next().into_iter().map(|row| present(row, &["at"], &["detail"])).collect();
    let notes: Vec<_> = next().into_iter().map(|row| present(row, &["created_at"], &["mentions"])).collect();
    conversation["events"] = json!(events);
    conversation["notes"] = json!(notes);
    conversation["messages"] = json!(messages);
    conversation["turns"] = json!(turns);
    Ok(conversation)
}

async fn store_exists(database: &impl Database, group: &str, store: &str) -> Result<(), ViewError> {
    let select = Statement::new("SELECT 1 FROM stores WHERE id = ?1 AND group_id = ?2").bind(store).bind(group);
    if database.run(select).await?.is_empty() { Err(ViewError::NotFound("store")) } else { Ok(()) }
}

fn parse_cursor(cursor: &str) -> Option<(i64, String)> {
    let (time, id) = cursor.split_once('-')?;
    Some((time.parse().ok()?, id.to_owned()))
}

/// A row as it is shown: times in RFC 3339, JSON as JSON, flags as booleans.
fn present(mut row: Row, times: &[&str], json_columns: &[&str]) -> serde_json::Value {
    for column in times {
        if let Some(time) =
            row.get(*column).and_then(serde_json::Value::as_i64).and_then(DateTime::<Utc>::from_timestamp_millis)
        {
            row.insert((*column).to_owned(), json!(time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)));
        }
    }
    for column in json_columns {
        if let Some(value) = row.get(*column).and_then(|value| serde_json::from_str(value.as_str()?).ok()) {
            row.insert((*column).to_owned(), value);
        }
    }
    if let Some(flag) = row.get("opted_out").and_then(serde_json::Value::as_i64) {
        row.insert("opted_out".to_owned(), json!(flag != 0));
    }
    row.into()
}

/// Makes a parked delivery of this group due again for an hour, unless its appointment has begun: whoever asks for it
/// chooses the moment.
pub async fn replay_delivery(
    database: &impl Database,
    group: &str,
    id: &str,
    now: DateTime<Utc>,
) -> Result<(), ViewError> {
    let update = Statement::new(
        "UPDATE outbox SET status = 'pending', due_at = ?3, expires_at = ?3 + 3600000, updated_at = ?3, \
           attempts = (attempts > failures), failures = 0 \
         WHERE id = ?1 AND status = 'parked' AND store_id IN (SELECT id FROM stores WHERE group_id = ?2) \
           AND NOT EXISTS (SELECT 1 FROM appointments a WHERE a.id = outbox.appointment_id \
             AND (a.starts_at <= ?3 OR a.status <> 'booked')) RETURNING id",
    );
    let rows = database.run(update.bind(id).bind(group).bind(crate::at(now))).await?;
    if rows.is_empty() { Err(ViewError::NotFound("parked delivery")) } else { Ok(()) }
}
