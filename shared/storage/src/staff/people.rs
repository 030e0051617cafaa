//! The people of a group: who they are, and what those who run it do about them.

use super::json;
use crate::{at, key_hash};
use chrono::{DateTime, Utc};
use lanekeeper_domain::staff::Membership;
use lanekeeper_platform::{Database, DatabaseError, Statement, Value};
use serde::Deserialize;

/// Somebody of a group, as those who run it see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
    /// Whether they ever came in.
    pub joined: bool,
    /// Whether the account is closed.
    pub disabled: bool,
    /// Their roles.
    pub memberships: Vec<Membership>,
    /// When they were last seen, while they are signed in.
    pub seen_at: Option<DateTime<Utc>>,
    /// Until when a link to choose a password opens, where there is one.
    pub invited_until: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    email: String,
    joined: i64,
    disabled: i64,
    memberships: String,
    seen_at: Option<i64>,
    invited_until: Option<i64>,
}

/// Everybody of a group by name; with `account` that one alone, if the group has it.
pub async fn people(
    database: &impl Database,
    group: &str,
    account: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Vec<Person>, DatabaseError> {
    let select = Statement::new(
        "SELECT a.id, a.name, a.email, a.joined_at IS NOT NULL AS joined, a.disabled_at IS NOT NULL AS disabled, \
         (SELECT json_group_array(json_object('store', m.store_id, 'role', m.role)) FROM memberships m \
            WHERE m.account_id = a.id) AS memberships, \
         (SELECT max(s.seen_at) FROM sessions s WHERE s.account_id = a.id) AS seen_at, \
         (SELECT max(i.expires_at) FROM invitations i WHERE i.account_id = a.id AND i.used_at IS NULL AND i.expires_at > ?3) \
            AS invited_until \
         FROM accounts a WHERE a.group_id = ?1 AND (?2 IS NULL OR a.id = ?2) ORDER BY a.name, a.id",
    );
    let rows: Vec<Row> = database.run(select.bind(group).bind(account).bind(at(now))).await?.decode()?;
    let moment = |milliseconds: Option<i64>| milliseconds.and_then(DateTime::from_timestamp_millis);
    let person = |row: Row| {
        Ok(Person {
            memberships: json(&row.memberships)?,
            joined: row.joined != 0,
            disabled: row.disabled != 0,
            seen_at: moment(row.seen_at),
            invited_until: moment(row.invited_until),
            id: row.id,
            name: row.name,
            email: row.email,
        })
    };
    rows.into_iter().map(person).collect()
}

/// Makes an account without a password. A batch with it fails with a conflict on `accounts` where the address is taken.
pub fn open_account(id: &str, group: &str, email: &str, name: &str, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO accounts (id, group_id, email, name, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
    )
    .bind(id)
    .bind(group)
    .bind(email.to_lowercase())
    .bind(name)
    .bind(at(now))
}

/// Gives an account these roles, and takes those that it has beside them. A batch with it fails, see [`is_last_owner`], where
/// the group would have no owner left.
pub fn set_memberships(account: &str, memberships: &[Membership]) -> [Statement; 2] {
    let list = serde_json::json!(memberships).to_string();
    let put = Statement::new(
        "INSERT INTO memberships (account_id, store_id, role) SELECT ?1, value ->> 'store', value ->> 'role' \
         FROM json_each(?2) WHERE true \
         ON CONFLICT (account_id, COALESCE(store_id, '')) DO UPDATE SET role = excluded.role",
    );
    let take = Statement::new(
        "DELETE FROM memberships WHERE account_id = ?1 \
         AND NOT EXISTS (SELECT 1 FROM json_each(?2) j WHERE (j.value ->> 'store') IS memberships.store_id)",
    );
    [put, take].map(|statement| statement.bind(account).bind(&list))
}

/// Closes an account or opens it again; one that is closed is signed out everywhere. A batch with it fails, see
/// [`is_last_owner`], where the group would have no owner left.
pub fn set_disabled(account: &str, disabled: bool, now: DateTime<Utc>) -> Vec<Statement> {
    let set = Statement::new("UPDATE accounts SET disabled_at = ?2, updated_at = ?3 WHERE id = ?1")
        .bind(account)
        .bind(if disabled { at(now) } else { Value::Null })
        .bind(at(now));
    std::iter::once(set).chain(disabled.then(|| end_sessions(account, None))).collect()
}

/// Whether a batch was refused because a group would have no owner left.
pub fn is_last_owner(error: &DatabaseError) -> bool {
    matches!(error, DatabaseError::Constraint(message) | DatabaseError::Other(message) if message.contains("the last owner"))
}

/// Ends the sessions of an account, but for one of them.
pub fn end_sessions(account: &str, but: Option<&str>) -> Statement {
    Statement::new("DELETE FROM sessions WHERE account_id = ?1 AND id IS NOT ?2").bind(account).bind(but)
}

/// Keeps a password (as a PHC string) and ends the sessions of the account, but for one of them.
pub fn set_password(account: &str, password: &str, but: Option<&str>, now: DateTime<Utc>) -> [Statement; 2] {
    let set = Statement::new("UPDATE accounts SET password = ?2, updated_at = ?3 WHERE id = ?1")
        .bind(account)
        .bind(password)
        .bind(at(now));
    [set, end_sessions(account, but)]
}

/// The password of an account as it is kept, if it has one.
pub async fn password_of(database: &impl Database, account: &str) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Kept {
        password: Option<String>,
    }
    let select = Statement::new("SELECT password FROM accounts WHERE id = ?1").bind(account);
    Ok(database.run(select).await?.first::<Kept>()?.and_then(|kept| kept.password))
}

/// Lets the holder of this word choose a password for the account, until then; words that were given out before open nothing.
pub fn put_invitation(account: &str, word: &str, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> [Statement; 2] {
    let forget = Statement::new("DELETE FROM invitations WHERE account_id = ?1 AND used_at IS NULL").bind(account);
    let put = Statement::new(
        "INSERT INTO invitations (hash, group_id, account_id, created_at, expires_at) \
         SELECT ?2, group_id, id, ?3, ?4 FROM accounts WHERE id = ?1",
    )
    .bind(account)
    .bind(key_hash(word))
    .bind(at(now))
    .bind(at(expires_at));
    [forget, put]
}

/// Whom an invitation is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Invited {
    /// The account.
    pub id: String,
    /// Its group.
    pub group_id: String,
    /// The address to sign in with.
    pub email: String,
    /// The name, as it was written by whoever invited.
    pub name: String,
}

/// Whom this word invites; nobody when it was used, has expired or was replaced.
pub async fn invitation(
    database: &impl Database,
    word: &str,
    now: DateTime<Utc>,
) -> Result<Option<Invited>, DatabaseError> {
    let select = Statement::new(
        "SELECT a.id, a.group_id, a.email, a.name FROM invitations i JOIN accounts a ON a.id = i.account_id \
         WHERE i.hash = ?1 AND i.used_at IS NULL AND i.expires_at > ?2 AND a.disabled_at IS NULL",
    );
    database.run(select.bind(key_hash(word)).bind(at(now))).await?.first()
}

/// Uses up an invitation: sets name and password, and ends the sessions there are. The first statement returns a row where the
/// word still opened; else nothing is changed.
pub fn accept_invitation(
    invited: &Invited,
    word: &str,
    name: &str,
    password: &str,
    now: DateTime<Utc>,
) -> [Statement; 3] {
    let hash = key_hash(word);
    let open = "(SELECT account_id FROM invitations WHERE hash = ?1 AND used_at IS NULL AND expires_at > ?2)";
    let set = format!(
        "UPDATE accounts SET name = ?4, password = ?5, updated_at = ?2, joined_at = COALESCE(joined_at, ?2) \
         WHERE id = ?3 AND id = {open} AND disabled_at IS NULL RETURNING id"
    );
    let set = Statement::new(set).bind(&hash).bind(at(now)).bind(&invited.id).bind(name).bind(password);
    let end = Statement::new(format!("DELETE FROM sessions WHERE account_id = {open}")).bind(&hash).bind(at(now));
    let used =
        Statement::new("UPDATE invitations SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL AND expires_at > ?2")
            .bind(&hash)
            .bind(at(now));
    [set, end, used]
}

/// Forgets sessions and failures to sign in whose time is over.
pub fn forget_past_staff(now: DateTime<Utc>) -> Vec<Statement> {
    let past = |sql: &'static str, time: DateTime<Utc>| Statement::new(sql).bind(at(time));
    vec![
        past("DELETE FROM sessions WHERE expires_at < ?1", now),
        past(
            "DELETE FROM sign_in_failures WHERE last_at < ?1",
            now - lanekeeper_domain::staff::FAILURES_FORGOTTEN_AFTER,
        ),
    ]
}
