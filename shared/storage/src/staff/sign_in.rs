//! The way in: an address and a password, and how often they may be tried.

use crate::{at, key_hash};
use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_domain::staff::{FAILURES_FORGOTTEN_AFTER, account_back_off, address_back_off};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// What is known of somebody who tries to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knock {
    /// Too many have failed before: nothing is looked at until then.
    Locked(DateTime<Utc>),
    /// The try counts, as a failure until it succeeds. The account and its password, if there are such.
    Open(Option<(String, String)>),
}

/// Counts a try to sign in with this address, in any case of letters, and looks up the account. It counts before the password
/// is compared, so that tries at the same moment are counted as well. `from` is the network address, where it is known.
pub async fn knock(
    database: &impl Database,
    email: &str,
    from: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Knock, DatabaseError> {
    #[derive(Deserialize)]
    struct Lock {
        locked_until: i64,
    }
    #[derive(Deserialize)]
    struct Account {
        id: String,
        password: String,
    }
    let email = email.to_lowercase();
    let subjects = subjects(&email, from);
    let mut batch = vec![
        Statement::new("SELECT max(locked_until) AS locked_until FROM json_each(?1) j JOIN sign_in_failures f ON f.subject = j.value \
             WHERE locked_until > ?2 HAVING count(*) > 0")
            .bind(serde_json::json!(subjects.iter().map(|(subject, _)| subject).collect::<Vec<_>>()).to_string())
            .bind(at(now)),
    ];
    batch.extend(subjects.iter().map(|(subject, waits)| count(subject, *waits, now)));
    let select = "SELECT id, password FROM accounts WHERE email = ?1 AND password IS NOT NULL AND disabled_at IS NULL";
    batch.push(Statement::new(select).bind(&email));
    let mut rows = database.batch(batch).await?;
    let account: Option<Account> = rows.pop().unwrap_or_default().first()?;
    let lock: Option<Lock> = rows.swap_remove(0).first()?;
    Ok(match lock {
        Some(lock) => Knock::Locked(DateTime::from_timestamp_millis(lock.locked_until).unwrap_or(now)),
        None => Knock::Open(account.map(|account| (account.id, account.password))),
    })
}

/// After a success, forgets the account's failures, and takes back that this try counted for the network address; others from
/// there stay counted, because somebody who guesses may have an account too.
pub fn forget_failures(email: &str, from: Option<&str>) -> Vec<Statement> {
    let (subject, _) = of_email(&email.to_lowercase());
    let forget = Statement::new("DELETE FROM sign_in_failures WHERE subject = ?1").bind(subject);
    let take_back = from.map(|from| {
        Statement::new("UPDATE sign_in_failures SET failures = max(failures - 1, 0) WHERE subject = ?1")
            .bind(of_address(from).0)
    });
    std::iter::once(forget).chain(take_back).collect()
}

/// For how many failures the waits are listed; beyond, the last one holds.
const LISTED: u32 = 64;

type Waits = fn(u32) -> TimeDelta;

fn of_email(email: &str) -> (String, Waits) {
    (key_hash(format!("email\n{email}")), account_back_off)
}

fn of_address(from: &str) -> (String, Waits) {
    (key_hash(format!("address\n{from}")), address_back_off)
}

fn subjects(email: &str, from: Option<&str>) -> Vec<(String, Waits)> {
    std::iter::once(of_email(email)).chain(from.map(of_address)).collect()
}

/// Counts one more failure, unless the subject is locked.
fn count(subject: &str, waits: Waits, now: DateTime<Utc>) -> Statement {
    let waits: Vec<i64> = (0..=LISTED).map(|failures| waits(failures).num_milliseconds()).collect();
    Statement::new(
        "INSERT INTO sign_in_failures (subject, failures, last_at, locked_until) VALUES (?1, 1, ?2, ?2 + (?4 ->> '$[1]')) \
         ON CONFLICT (subject) DO UPDATE SET last_at = ?2, \
           failures = min(iif(last_at < ?3, 1, failures + 1), ?5), \
           locked_until = ?2 + (?4 ->> ('$[' || min(iif(last_at < ?3, 1, failures + 1), ?5) || ']')) \
         WHERE locked_until <= ?2",
    )
    .bind(subject)
    .bind(at(now))
    .bind(at(now - FAILURES_FORGOTTEN_AFTER))
    .bind(serde_json::json!(waits).to_string())
    .bind(LISTED)
}
