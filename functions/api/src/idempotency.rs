//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that creates something can be sent again
//! without fear. The same key with the same request brings the first answer again; with another request it is refused.
//! Only what succeeded is kept: a request that was refused changed nothing, and may be sent again once it is mended.
//! Keys belong to a store, so that they move with it from one database to another.

use crate::answer::Answer;
use crate::error::ApiError;
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Database, Request, Statement};
use lanekeeper_storage::{KeptAnswer, keep_answer, kept_answer, key_hash};

/// A key and the fingerprint of the request that it came with.
pub struct Key {
    key: String,
    fingerprint: String,
}

impl Key {
    /// The key of this request, if it has one: a text in quotes (RFC 8941), or the bare text.
    pub fn of(request: &Request) -> Result<Option<Self>, ApiError> {
        let Some(header) = request.header("idempotency-key") else { return Ok(None) };
        let key = header.trim();
        let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
        if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Err(ApiError::parameter("Idempotency-Key", "must be 1 to 255 visible characters of ASCII"));
        }
        Ok(Some(Self { key: key.to_owned(), fingerprint: fingerprint(request) }))
    }

    /// The answer that was kept under the key at this store, if there is one.
    pub async fn kept(&self, database: &impl Database, store: &str) -> Result<Option<Answer>, ApiError> {
        let Some(kept) = kept_answer(database, store, &self.key).await? else { return Ok(None) };
        if kept.fingerprint != self.fingerprint {
            return Err(ApiError::KeyReused);
        }
        Ok(serde_json::from_str(&kept.answer).ok())
    }

    /// Keeps the answer at this store.
    pub fn keep(&self, store: &str, answer: &Answer, now: DateTime<Utc>) -> Statement {
        let answer = serde_json::to_string(answer).unwrap_or_default();
        keep_answer(store, &self.key, &KeptAnswer { fingerprint: self.fingerprint.clone(), answer }, now)
    }
}

fn fingerprint(request: &Request) -> String {
    let head = format!("{} {}?{}\n", request.method, request.path, request.query);
    key_hash([head.as_bytes(), &request.body].concat())
}
