//! Answers that are given again: the effects of `Idempotency-Key`.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// The answer that a request with an idempotency key got.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KeptAnswer {
    /// The SHA-256 of the request.
    pub fingerprint: String,
    /// JSON, in the form of whoever kept it.
    pub answer: String,
}

/// The answer that was kept under this key of this store.
pub async fn kept_answer(
    database: &impl Database,
    store: &str,
    key: &str,
) -> Result<Option<KeptAnswer>, DatabaseError> {
    let select = Statement::new("SELECT fingerprint, answer FROM idempotency_keys WHERE store_id = ?1 AND key = ?2");
    database.run(select.bind(store).bind(key)).await?.first()
}

/// Keeps an answer. A batch with this statement fails when the key is taken, with a conflict on `idempotency_keys`.
pub fn keep_answer(store: &str, key: &str, kept: &KeptAnswer, now: DateTime<Utc>) -> Statement {
    Statement::new(
        "INSERT INTO idempotency_keys (store_id, key, fingerprint, answer, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )
    .bind(store)
    .bind(key)
    .bind(&kept.fingerprint)
    .bind(&kept.answer)
    .bind(at(now))
}

/// Forgets what was kept before this time.
pub async fn forget_answers(database: &impl Database, before: DateTime<Utc>) -> Result<(), DatabaseError> {
    let delete = Statement::new(
        "DELETE FROM idempotency_keys WHERE created_at < ?1 \
         AND EXISTS (SELECT 1 FROM stores s WHERE s.id = idempotency_keys.store_id AND s.standing = 'here')",
    )
    .bind(at(before));
    database.run(delete).await.map(drop)
}
