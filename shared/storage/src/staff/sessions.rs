//! Who is signed in, and what a page must know of them: in one statement.

use super::json;
use crate::{at, key_hash};
use chrono::{DateTime, Utc};
use lanekeeper_domain::Language;
use lanekeeper_domain::staff::{Membership, Permission, Role};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use lanekeeper_zones::Tz;
use serde::Deserialize;

/// A store that somebody has a role at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreAccess {
    /// The store.
    pub id: String,
    /// Its name; its id where the directory does not know the name.
    pub name: String,
    /// Where its clocks stand; UTC where the directory does not know.
    pub time_zone: Tz,
    /// The number of its shard.
    pub shard: u32,
    /// What the person is there.
    pub role: Role,
}

/// Somebody of the same group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Colleague {
    /// The account.
    pub id: String,
    /// The name.
    pub name: String,
    /// The stores they have a role at; `None` among them is all of the group's.
    pub stores: Vec<Option<String>>,
    /// Whether the account is closed.
    pub disabled: bool,
}

/// A session with its person, and whom and what they know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The session's id.
    pub id: String,
    /// The account.
    pub account: String,
    /// The group.
    pub group: String,
    /// The person's name.
    pub name: String,
    /// Their address, in lower case.
    pub email: String,
    /// The language they chose.
    pub language: Option<Language>,
    /// Their roles, as they were given.
    pub memberships: Vec<Membership>,
    /// The stores they have a role at, by name.
    pub stores: Vec<StoreAccess>,
    /// Everybody of the group, also the person, by name.
    pub colleagues: Vec<Colleague>,
    /// Whether the request came with the session's present word and not with the one before.
    pub current: bool,
    /// When the session's word was last changed.
    pub rotated_at: DateTime<Utc>,
    /// When the session was last seen, within some minutes.
    pub seen_at: DateTime<Utc>,
}

impl Session {
    /// The name of somebody of the group; empty for an account that it does not have.
    pub fn name_of(&self, account: &str) -> &str {
        self.colleagues.iter().find(|colleague| colleague.id == account).map_or("", |colleague| &colleague.name)
    }

    /// The stores at which the person has this permission.
    pub fn stores_with(&self, permission: Permission) -> impl Iterator<Item = &StoreAccess> {
        self.stores.iter().filter(move |store| store.role.may(permission))
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    account_id: String,
    group_id: String,
    name: String,
    email: String,
    language: Option<String>,
    memberships: String,
    placements: String,
    colleagues: String,
    current: i64,
    rotated_at: i64,
    seen_at: i64,
}

#[derive(Deserialize)]
struct Placement {
    id: String,
    shard: u32,
    name: Option<String>,
    time_zone: Option<String>,
}

/// The session with this word, unless it is over: it was not seen since `idle_since`, or its time is up. A word that was
/// replaced before `replaced_since` opens nothing.
pub async fn load_session(
    database: &impl Database,
    word: &str,
    now: DateTime<Utc>,
    idle_since: DateTime<Utc>,
    replaced_since: DateTime<Utc>,
) -> Result<Option<Session>, DatabaseError> {
    let select = Statement::new(
        "SELECT s.id, s.account_id, s.group_id, s.hash = ?1 AS current, s.rotated_at, s.seen_at, a.name, a.email, a.language, \
         (SELECT json_group_array(json_object('store', m.store_id, 'role', m.role)) FROM memberships m \
            WHERE m.account_id = a.id) AS memberships, \
         (SELECT json_group_array(json_object('id', p.store_id, 'shard', p.shard, 'name', p.name, 'time_zone', p.time_zone)) \
            FROM placements p WHERE p.group_id = a.group_id) AS placements, \
         (SELECT json_group_array(json_object('id', c.id, 'name', c.name, \
              'disabled', json(iif(c.disabled_at IS NULL, 'false', 'true')), \
              'stores', json((SELECT json_group_array(m.store_id) FROM memberships m WHERE m.account_id = c.id)))) \
            FROM (SELECT * FROM accounts WHERE group_id = a.group_id ORDER BY name, id) AS c) AS colleagues \
         FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.group_id = s.group_id \
         WHERE (s.hash = ?1 OR (s.previous_hash = ?1 AND s.rotated_at >= ?4)) \
           AND s.expires_at > ?2 AND s.seen_at >= ?3 AND a.disabled_at IS NULL",
    )
    .bind(key_hash(word))
    .bind(at(now))
    .bind(at(idle_since))
    .bind(at(replaced_since));
    let row: Option<Row> = database.run(select).await?.first()?;
    row.map(Row::session).transpose()
}

impl Row {
    fn session(self) -> Result<Session, DatabaseError> {
        let memberships: Vec<Membership> = json(&self.memberships)?;
        let placements: Vec<Placement> = json(&self.placements)?;
        let mut stores: Vec<StoreAccess> =
            placements.into_iter().filter_map(|placement| placement.access(&memberships)).collect();
        stores.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        let moment = |milliseconds| DateTime::from_timestamp_millis(milliseconds).unwrap_or_default();
        Ok(Session {
            id: self.id,
            account: self.account_id,
            group: self.group_id,
            name: self.name,
            email: self.email,
            language: self.language.as_deref().and_then(Language::from_code),
            colleagues: json(&self.colleagues)?,
            current: self.current != 0,
            rotated_at: moment(self.rotated_at),
            seen_at: moment(self.seen_at),
            memberships,
            stores,
        })
    }
}

impl Placement {
    fn access(self, memberships: &[Membership]) -> Option<StoreAccess> {
        let here = memberships.iter().filter(|held| held.store.as_ref().is_none_or(|store| *store == self.id));
        let role = here.map(|held| held.role).max()?;
        let time_zone = self.time_zone.and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC);
        Some(StoreAccess {
            name: self.name.unwrap_or_else(|| self.id.clone()),
            id: self.id,
            time_zone,
            shard: self.shard,
            role,
        })
    }
}

/// A session that begins.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// A new id.
    pub id: &'a str,
    /// The account.
    pub account: &'a str,
    /// What the browser keeps: long and random.
    pub word: &'a str,
    /// When.
    pub now: DateTime<Utc>,
    /// When it is over, whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// Begins a session; marks the account's person as having come in.
pub fn start_session(session: &NewSession) -> [Statement; 2] {
    let insert = Statement::new(
        "INSERT INTO sessions (id, group_id, account_id, hash, created_at, rotated_at, seen_at, expires_at) \
         SELECT ?1, group_id, id, ?3, ?4, ?4, ?4, ?5 FROM accounts WHERE id = ?2 AND disabled_at IS NULL",
    )
    .bind(session.id)
    .bind(session.account)
    .bind(key_hash(session.word))
    .bind(at(session.now))
    .bind(at(session.expires_at));
    let join = Statement::new("UPDATE accounts SET joined_at = ?2 WHERE id = ?1 AND joined_at IS NULL")
        .bind(session.account)
        .bind(at(session.now));
    [insert, join]
}

/// Gives a session a new word in place of its present one, unless another request was quicker. Returns a row when it did.
pub fn rotate_session(id: &str, old_word: &str, new_word: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "UPDATE sessions SET hash = ?3, previous_hash = hash, rotated_at = ?4, seen_at = ?4 WHERE id = ?1 AND hash = ?2 \
         RETURNING id",
    )
    .bind(id)
    .bind(key_hash(old_word))
    .bind(key_hash(new_word))
    .bind(at(now))
}

/// Notes that a session is in use.
pub fn see_session(id: &str, now: DateTime<Utc>) -> Statement {
    Statement::new("UPDATE sessions SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?2").bind(id).bind(at(now))
}

/// Ends a session.
pub fn end_session(id: &str) -> Statement {
    Statement::new("DELETE FROM sessions WHERE id = ?1").bind(id)
}
