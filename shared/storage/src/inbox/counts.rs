//! How many wait, who has how many, who is there, and whether anything has changed.

use super::json;
use crate::at;
use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_platform::{DatabaseError, Rows, Statement};
use serde::Deserialize;

/// Nothing is counted beyond: who reads "99+" need not know how many more.
pub const MOST_COUNTED: u32 = 100;

/// Whose desk was not seen for so long is not there.
const THERE: TimeDelta = TimeDelta::minutes(3);

/// How many conversations there are, each up to [`MOST_COUNTED`] per store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Counts {
    pub waiting: u32,
    pub unassigned: u32,
    pub mine: u32,
    pub people: u32,
    pub snoozed: u32,
    /// The store's people who have conversations or whose desk is open.
    pub loads: Vec<Load>,
    /// The providers of the store's lines.
    pub providers: Vec<String>,
}

/// One of a store's people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The account.
    pub account: String,
    /// How many conversations it has, and in how many of them the customer waits.
    pub conversations: u32,
    /// Of these, those in which the customer waits.
    pub waiting: u32,
    /// Whether the person is there, and for customers; `None` when their desk is closed.
    pub available: Option<bool>,
}

/// Counts a store's conversations, for the account `mine`.
pub fn select_counts(store: &str, mine: &str, now: DateTime<Utc>) -> Statement {
    const IN_SIGHT: &str = "status = 'open' AND (snoozed_until IS NULL OR snoozed_until <= ?3)";
    let count = |index: &str, which: &str| {
        format!(
            "(SELECT count(*) FROM (SELECT 1 FROM conversations INDEXED BY {index} WHERE store_id = ?1 AND {which} LIMIT {MOST_COUNTED}))"
        )
    };
    let people = "conversations_with_people";
    let waiting = count(people, &format!("handling = 'person' AND waiting_since IS NOT NULL AND {IN_SIGHT}"));
    let unassigned = count(people, &format!("handling = 'person' AND assignee IS NULL AND {IN_SIGHT}"));
    let mine_count = count("conversations_by_assignee", &format!("assignee = ?2 AND {IN_SIGHT}"));
    let all = count(people, &format!("handling = 'person' AND {IN_SIGHT}"));
    let snoozed = count("conversations_asleep", "snoozed_until > ?3 AND status = 'open'");
    Statement::new(format!(
        "SELECT {waiting} AS waiting, {unassigned} AS unassigned, {mine_count} AS mine, {all} AS people, {snoozed} AS snoozed, \
         (SELECT json_group_array(json_array(assignee, conversations, waiting)) FROM (SELECT assignee, count(*) AS conversations, \
            sum(waiting_since IS NOT NULL) AS waiting FROM conversations INDEXED BY conversations_by_assignee \
            WHERE store_id = ?1 AND assignee IS NOT NULL GROUP BY assignee)) AS loads, \
         (SELECT json_group_array(json_array(account, state = 'available')) FROM presence \
            WHERE store_id = ?1 AND seen_at > ?4) AS present, \
         (SELECT json_group_array(provider) FROM (SELECT DISTINCT provider FROM lines WHERE store_id = ?1)) AS providers"
    ))
    .bind(store)
    .bind(mine)
    .bind(at(now))
    .bind(at(now - THERE))
}

#[derive(Deserialize)]
struct Row {
    waiting: u32,
    unassigned: u32,
    mine: u32,
    people: u32,
    snoozed: u32,
    loads: String,
    present: String,
    providers: String,
}

impl Counts {
    /// The counts of several stores together.
    pub fn sum(pages: Vec<Rows>) -> Result<Self, DatabaseError> {
        let mut all = Self::default();
        for rows in pages {
            let Some(row) = rows.first::<Row>()? else { continue };
            all.waiting += row.waiting;
            all.unassigned += row.unassigned;
            all.mine += row.mine;
            all.people += row.people;
            all.snoozed += row.snoozed;
            for (account, conversations, waiting) in json::<Vec<(String, u32, u32)>>(&row.loads)? {
                let load = all.load_of(account);
                load.conversations += conversations;
                load.waiting += waiting;
            }
            for (account, available) in json::<Vec<(String, u8)>>(&row.present)? {
                let load = all.load_of(account);
                load.available = Some(available != 0 || load.available == Some(true));
            }
            all.providers.extend(json::<Vec<String>>(&row.providers)?);
        }
        all.loads.sort_by(|a, b| a.account.cmp(&b.account));
        all.providers.sort();
        all.providers.dedup();
        Ok(all)
    }

    fn load_of(&mut self, account: String) -> &mut Load {
        let place = self.loads.iter().position(|load| load.account == account).unwrap_or_else(|| {
            self.loads.push(Load { account, conversations: 0, waiting: 0, available: None });
            self.loads.len() - 1
        });
        &mut self.loads[place]
    }
}

/// What tells whether a store's conversations have changed: as long as it is the same text, nothing has.
pub fn select_pulse(store: &str) -> Statement {
    Statement::new(
        "SELECT group_concat(updated_at || id) AS pulse FROM (SELECT updated_at, id FROM conversations \
         INDEXED BY conversations_by_store WHERE store_id = ?1 ORDER BY updated_at DESC, id LIMIT 3)",
    )
    .bind(store)
}

/// The same for one conversation of this store, with its deliveries, and with who is writing in it.
pub fn select_pulse_of(store: &str, conversation: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "SELECT updated_at || ' ' || turns || ' ' || COALESCE((SELECT max(updated_at) FROM outbox WHERE conversation_id = ?2), 0) \
           || ' ' || COALESCE((SELECT group_concat(who) FROM typing WHERE conversation_id = ?2 AND until > ?3), '') AS pulse FROM conversations WHERE id = ?2 AND store_id = ?1",
    )
    .bind(store)
    .bind(conversation)
    .bind(at(now))
}

/// Who is writing in a conversation of this store just now: `customer`, or an account.
pub fn select_typing(store: &str, conversation: &str, now: DateTime<Utc>) -> Statement {
    Statement::new("SELECT who FROM typing WHERE conversation_id = ?2 AND store_id = ?1 AND until > ?3 ORDER BY who")
        .bind(store)
        .bind(conversation)
        .bind(at(now))
}

/// Whom the rows of [`select_typing`] name.
pub fn typing(rows: Rows) -> Result<Vec<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Typing {
        who: String,
    }
    Ok(rows.decode::<Typing>()?.into_iter().map(|row| row.who).collect())
}

/// The pulse that these rows bring.
pub fn pulse(rows: Rows) -> Result<String, DatabaseError> {
    #[derive(Deserialize)]
    struct Pulse {
        pulse: Option<String>,
    }
    Ok(rows.first::<Pulse>()?.and_then(|row| row.pulse).unwrap_or_default())
}

/// A conversation in which a customer has begun to wait.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct NewlyWaiting {
    pub id: String,
    pub store_id: String,
    pub customer_name: Option<String>,
    pub peer: String,
    /// Milliseconds since 1970.
    pub waiting_since: i64,
    pub assignee: Option<String>,
}

/// The conversations of a store whose customers began to wait after this instant, a few at most.
pub fn select_newly_waiting(store: &str, after: DateTime<Utc>) -> Statement {
    Statement::new(
        "SELECT c.id, c.store_id, u.name AS customer_name, c.peer, c.waiting_since, c.assignee \
         FROM conversations c INDEXED BY conversations_with_people JOIN customers u ON u.id = c.customer_id \
         WHERE c.store_id = ?1 AND c.handling = 'person' AND c.waiting_since > ?2 AND c.status = 'open' \
         ORDER BY c.waiting_since DESC LIMIT 5",
    )
    .bind(store)
    .bind(at(after))
}
