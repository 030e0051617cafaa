//! Files that visitors send. They stand in the store's own database and move with it.

use crate::at;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Duration, Utc};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// The largest file, in bytes.
pub const LARGEST_FILE: usize = 4 << 20;
/// What one row holds, in bytes: as base64 it is a million characters, and D1 takes no row above two million bytes.
const PART: usize = 750_000;
/// The most files of one conversation within an hour.
const MOST_FILES: u32 = 20;

/// A file to be kept.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct NewFile<'a> {
    pub id: &'a str,
    pub store: &'a str,
    /// The line and the visitor's address on it; the conversation must be there.
    pub line: &'a str,
    pub peer: &'a str,
    pub content_type: &'a str,
    pub name: &'a str,
    pub content: &'a [u8],
}

/// Writes a file. Nothing is written where the conversation had too many lately; the first statement returns a row when it is.
pub fn put_file(file: &NewFile, now: DateTime<Utc>) -> Vec<Statement> {
    let insert = Statement::new(format!(
        "INSERT INTO files (id, store_id, conversation_id, content_type, name, bytes, created_at) \
         SELECT ?1, c.store_id, c.id, ?5, ?6, ?7, ?8 FROM conversations c \
         WHERE c.line_id = ?3 AND c.peer = ?4 AND c.store_id = ?2 \
           AND (SELECT count(*) FROM files f WHERE f.conversation_id = c.id AND f.created_at > ?9) < {MOST_FILES} RETURNING id"
    ));
    let insert = insert.bind(file.id).bind(file.store).bind(file.line).bind(file.peer).bind(file.content_type);
    let insert =
        insert.bind(file.name).bind(file.content.len() as i64).bind(at(now)).bind(at(now - Duration::hours(1)));
    let part = |(number, bytes): (i64, &[u8])| {
        let put = "INSERT INTO file_parts (file_id, store_id, part, content) SELECT id, store_id, ?3, ?4 FROM files \
                   WHERE id = ?1 AND store_id = ?2";
        Statement::new(put).bind(file.id).bind(file.store).bind(number).bind(BASE64_STANDARD.encode(bytes))
    };
    std::iter::once(insert).chain((0..).zip(file.content.chunks(PART)).map(part)).collect()
}

/// A file as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// The media type, found from its content.
    pub content_type: String,
    /// The name that the sender gave it: not to be trusted.
    pub name: String,
    /// The content.
    pub content: Vec<u8>,
}

/// A visitor's own file.
pub async fn file_of_visitor(
    database: &impl Database,
    line: &str,
    peer: &str,
    id: &str,
) -> Result<Option<StoredFile>, DatabaseError> {
    let select = "FROM conversations c JOIN files f ON f.conversation_id = c.id WHERE f.id = ?1 AND c.line_id = ?2 AND c.peer = ?3";
    read(database, select, |statement| statement.bind(id).bind(line).bind(peer)).await
}

/// A file of this store's, for the people who work there.
pub async fn file_of_store(
    database: &impl Database,
    store: &str,
    id: &str,
) -> Result<Option<StoredFile>, DatabaseError> {
    read(database, "FROM files f WHERE f.id = ?1 AND f.store_id = ?2", |statement| statement.bind(id).bind(store)).await
}

async fn read(
    database: &impl Database,
    from: &'static str,
    bind: impl Fn(Statement) -> Statement,
) -> Result<Option<StoredFile>, DatabaseError> {
    #[derive(Deserialize)]
    struct File {
        content_type: String,
        name: String,
    }
    #[derive(Deserialize)]
    struct Part {
        content: String,
    }
    let file = Statement::new(format!("SELECT f.content_type, f.name {from}"));
    let parts =
        Statement::new(format!("SELECT content FROM file_parts WHERE file_id = (SELECT f.id {from}) ORDER BY part"));
    let mut results = database.batch(vec![bind(file), bind(parts)]).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    let Some(File { content_type, name }) = next().first()? else { return Ok(None) };
    let mut content = Vec::new();
    for part in next().decode::<Part>()? {
        let bytes = BASE64_STANDARD.decode(part.content).map_err(|error| DatabaseError::Decode(error.to_string()))?;
        content.extend(bytes);
    }
    Ok(Some(StoredFile { content_type, name, content }))
}

/// The media types of a visitor's own files, by id.
pub async fn types_of_files(
    database: &impl Database,
    line: &str,
    peer: &str,
    ids: &[&str],
) -> Result<Vec<(String, String)>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        content_type: String,
    }
    let select = Statement::new(
        "SELECT f.id, f.content_type FROM json_each(?3) j CROSS JOIN files f ON f.id = j.value JOIN conversations c \
           ON c.id = f.conversation_id WHERE c.line_id = ?1 AND c.peer = ?2",
    );
    let rows: Vec<Row> =
        database.run(select.bind(line).bind(peer).bind(serde_json::json!(ids).to_string())).await?.decode()?;
    Ok(rows.into_iter().map(|row| (row.id, row.content_type)).collect())
}
