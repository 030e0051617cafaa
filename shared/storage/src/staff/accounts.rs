//! Accounts.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::Language;
use lanekeeper_domain::staff::Role;
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// Gives an account another name and language.
pub fn change_account(account: &str, name: &str, language: Option<Language>, now: DateTime<Utc>) -> Statement {
    Statement::new("UPDATE accounts SET name = ?2, language = ?3, updated_at = ?4 WHERE id = ?1")
        .bind(account)
        .bind(name)
        .bind(language.map(Language::code))
        .bind(at(now))
}

/// An account that a tool makes.
#[derive(Debug, Clone)]
pub struct NewAccount<'a> {
    /// A new id.
    pub id: &'a str,
    /// The group.
    pub group: &'a str,
    /// The address to sign in with, in lower case.
    pub email: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// The password as it is kept, if there is one already; its person counts as having come in.
    pub password: Option<&'a str>,
}

/// Makes an account, unless there is one with the id or the address.
pub fn put_account(account: &NewAccount) -> Statement {
    Statement::new(
        "INSERT INTO accounts (id, group_id, email, name, password, joined_at, created_at, updated_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, iif(?5 IS NULL, NULL, unixepoch() * 1000), unixepoch() * 1000, unixepoch() * 1000) \
         ON CONFLICT DO NOTHING",
    )
    .bind(account.id)
    .bind(account.group)
    .bind(account.email)
    .bind(account.name)
    .bind(account.password)
}

/// Gives an account a role at a store, or without one at all stores of its group, unless it has one there.
pub fn put_membership(account: &str, store: Option<&str>, role: Role) -> Statement {
    Statement::new("INSERT INTO memberships (account_id, store_id, role) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .bind(account)
        .bind(store)
        .bind(role.as_str())
}

/// The open account with this address, in any case of letters.
pub async fn account_of(database: &impl Database, email: &str) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Account {
        id: String,
    }
    let select = Statement::new("SELECT id FROM accounts WHERE email = ?1 AND disabled_at IS NULL");
    let row: Option<Account> = database.run(select.bind(email.to_lowercase())).await?.first()?;
    Ok(row.map(|account| account.id))
}
