//! Who calls the API.

use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The holder of an API key: it may see the stores of its group and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Caller {
    /// The group.
    pub group_id: String,
    /// What the key is called.
    pub name: String,
}

/// The form in which a key is kept: its SHA-256 in hexadecimal. Keys are long and random, so no salt is needed.
pub fn key_hash(key: impl AsRef<[u8]>) -> String {
    use std::fmt::Write;
    Sha256::digest(key.as_ref()).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The holder of this API key, if it is one.
pub async fn caller(database: &impl Database, key: &str) -> Result<Option<Caller>, DatabaseError> {
    let select = Statement::new("SELECT group_id, name FROM api_keys WHERE hash = ?1").bind(key_hash(key));
    database.run(select).await?.first()
}
