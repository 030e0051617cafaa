//! What a store often writes.

use lanekeeper_platform::{DatabaseError, Rows, Statement};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A text that is written often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickReply {
    /// What calls it up.
    pub shortcut: String,
    /// The text per language (ISO 639-1), with `{placeholders}`.
    pub texts: BTreeMap<String, String>,
}

/// All of a store's, by their shortcuts.
pub fn select_quick_replies(store: &str) -> Statement {
    Statement::new("SELECT shortcut, texts FROM quick_replies WHERE store_id = ?1 ORDER BY shortcut LIMIT 100")
        .bind(store)
}

impl QuickReply {
    /// What the rows of [`select_quick_replies`] tell.
    pub fn read(rows: Rows) -> Result<Vec<Self>, DatabaseError> {
        #[derive(Deserialize)]
        struct Row {
            shortcut: String,
            texts: String,
        }
        let read = |row: Row| {
            let texts = serde_json::from_str(&row.texts).map_err(|error| DatabaseError::Decode(error.to_string()))?;
            Ok(Self { shortcut: row.shortcut, texts })
        };
        rows.decode::<Row>()?.into_iter().map(read).collect()
    }
}
