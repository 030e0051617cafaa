//! How a store's people are reached: what the directory's database knows of it.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_domain::Language;
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// Somebody who may answer a store's customers, and how an alert reaches them.
#[derive(Debug, Clone)]
pub struct Reachable {
    /// The account.
    pub account: String,
    /// The language they chose.
    pub language: Option<Language>,
    /// Where they want texts, if they do: in E.164.
    pub phone: Option<String>,
    /// Ids of their browsers' subscriptions.
    pub subscriptions: Vec<String>,
}

/// A browser's subscription, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct StoredSubscription {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

/// Everybody who may answer customers of this store.
pub async fn reachable(directory: &impl Database, store: &str) -> Result<Vec<Reachable>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        language: Option<String>,
        phone: Option<String>,
        subscriptions: String,
    }
    let select = Statement::new(
        "SELECT a.id, a.language, CASE WHEN a.alert_by_text THEN a.phone END AS phone, \
           (SELECT json_group_array(p.id) FROM push_subscriptions p WHERE p.account_id = a.id) AS subscriptions \
         FROM placements s JOIN accounts a ON a.group_id = s.group_id \
         WHERE s.store_id = ?1 AND a.disabled_at IS NULL AND EXISTS (SELECT 1 FROM memberships m WHERE m.account_id = a.id \
           AND (m.store_id IS NULL OR m.store_id = ?1) AND m.role <> 'viewer') ORDER BY a.name, a.id",
    );
    let rows: Vec<Row> = directory.run(select.bind(store)).await?.decode()?;
    let read = |row: Row| {
        let subscriptions =
            serde_json::from_str(&row.subscriptions).map_err(|error| DatabaseError::Decode(error.to_string()))?;
        let language = row.language.as_deref().and_then(Language::from_code);
        Ok(Reachable { account: row.id, language, phone: row.phone, subscriptions })
    };
    rows.into_iter().map(read).collect()
}

/// Keeps what a browser gave out to somebody of this group. A browser has one owner: who signs in there last.
pub fn put_push_subscription(
    (group, account): (&str, &str),
    id: &str,
    subscription: &StoredSubscription,
    now: DateTime<Utc>,
) -> Statement {
    Statement::new(
        "INSERT INTO push_subscriptions (id, group_id, account_id, endpoint, p256dh, auth, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (endpoint) DO UPDATE SET group_id = excluded.group_id, \
           account_id = excluded.account_id, p256dh = excluded.p256dh, auth = excluded.auth",
    )
    .bind(id)
    .bind(group)
    .bind(account)
    .bind(&subscription.endpoint)
    .bind(&subscription.p256dh)
    .bind(&subscription.auth)
    .bind(at(now))
}

/// A subscription, while there is one.
pub async fn push_subscription(
    directory: &impl Database,
    id: &str,
) -> Result<Option<StoredSubscription>, DatabaseError> {
    let select = Statement::new("SELECT endpoint, p256dh, auth FROM push_subscriptions WHERE id = ?1").bind(id);
    directory.run(select).await?.first()
}

/// Forgets a subscription that is no more.
pub fn forget_push_subscription(id: &str) -> Statement {
    Statement::new("DELETE FROM push_subscriptions WHERE id = ?1").bind(id)
}

/// Forgets the subscription with this endpoint, where it is this account's: its browser asks for it.
pub fn end_push_subscription(account: &str, endpoint: &str) -> Statement {
    Statement::new("DELETE FROM push_subscriptions WHERE endpoint = ?2 AND account_id = ?1")
        .bind(account)
        .bind(endpoint)
}

/// How somebody wants to be told, as their own page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaysToReach {
    /// Where they can be texted: in E.164.
    pub phone: Option<String>,
    /// Whether they want to be.
    pub by_text: bool,
    /// The endpoints of their browsers' subscriptions.
    pub endpoints: Vec<String>,
}

/// How this account wants to be told.
pub async fn ways_to_reach(directory: &impl Database, account: &str) -> Result<WaysToReach, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        phone: Option<String>,
        alert_by_text: i64,
        endpoints: String,
    }
    let select = Statement::new(
        "SELECT a.phone, a.alert_by_text, \
           (SELECT json_group_array(p.endpoint) FROM push_subscriptions p WHERE p.account_id = a.id) AS endpoints \
         FROM accounts a WHERE a.id = ?1",
    );
    let row: Option<Row> = directory.run(select.bind(account)).await?.first()?;
    let row = row.ok_or_else(|| DatabaseError::Decode("there is no such account".to_owned()))?;
    let endpoints = serde_json::from_str(&row.endpoints).map_err(|error| DatabaseError::Decode(error.to_string()))?;
    Ok(WaysToReach { phone: row.phone, by_text: row.alert_by_text != 0, endpoints })
}

/// Sets where somebody can be texted (in E.164), and whether they want to be.
pub fn set_alert_phone(account: &str, phone: Option<&str>, by_text: bool, now: DateTime<Utc>) -> Statement {
    Statement::new("UPDATE accounts SET phone = ?2, alert_by_text = ?3, updated_at = ?4 WHERE id = ?1")
        .bind(account)
        .bind(phone)
        .bind(by_text && phone.is_some())
        .bind(at(now))
}
