//! SQLite-dialect storage: one operation, an atomic batch.

use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// A value bound to a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL `NULL`.
    Null,
    /// An integer. Keep its magnitude below 2^53: D1 carries numbers as doubles.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// UTF-8 text.
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}
impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}
impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One SQL statement with its parameters, numbered `?1`, `?2` … in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The text: always a literal of ours, never built from input.
    pub sql: Cow<'static, str>,
    /// What `?1`, `?2` … stand for.
    pub parameters: Vec<Value>,
}

impl Statement {
    /// A statement without parameters.
    pub fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { sql: sql.into(), parameters: Vec::new() }
    }

    /// The same statement with the next parameter bound.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.parameters.push(value.into());
        self
    }
}

/// One row: column name to value, as JSON.
pub type Row = serde_json::Map<String, serde_json::Value>;

/// The rows that one statement returned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows(pub Vec<Row>);

impl Rows {
    /// Every row as a `T`, whose fields bear the columns' names.
    pub fn decode<T: DeserializeOwned>(self) -> Result<Vec<T>, DatabaseError> {
        self.0
            .into_iter()
            .map(|row| serde_json::from_value(row.into()).map_err(|error| DatabaseError::Decode(error.to_string())))
            .collect()
    }

    /// The first row, if there is one, as a `T`.
    pub fn first<T: DeserializeOwned>(mut self) -> Result<Option<T>, DatabaseError> {
        self.0.truncate(1);
        Ok(self.decode()?.pop())
    }

    /// Whether the statement returned no row.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a batch can fail with.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DatabaseError {
    /// A `UNIQUE`, `CHECK`, `NOT NULL` or foreign key constraint refused the batch; nothing of it was kept. The text
    /// names the constraint as SQLite does, e.g. `UNIQUE constraint failed: turns.conversation_id, turns.number`.
    #[error("the database refused the change: {0}")]
    Constraint(String),
    /// Busy, overloaded or out of reach: nothing was kept, or it is not known. Try again later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A row did not have the form that the code expects.
    #[error("a row has an unexpected form: {0}")]
    Decode(String),
    /// Anything else: a mistake of ours.
    #[error("the database failed: {0}")]
    Other(String),
}

/// What the guards of migration `0007_shards.sql` say when something is written for a store that is on its way to
/// another shard, or is there already. Whoever tries again finds it.
const MOVING: &str = "the store is moving";

impl DatabaseError {
    /// The store is on its way to another shard.
    pub fn moving() -> Self {
        Self::Unavailable(MOVING.to_owned())
    }

    /// Sorts a message of SQLite's (or of D1's, which repeats it) by what it means.
    pub fn from_message(message: impl Into<String>) -> Self {
        let message = message.into();
        let has = |needles: &[&str]| needles.iter().any(|needle| message.contains(needle));
        if has(&[MOVING]) {
            Self::moving()
        } else if has(&["constraint failed", "SQLITE_CONSTRAINT"]) {
            Self::Constraint(message)
        } else if has(&[
            "database is locked",
            "SQLITE_BUSY",
            "overloaded",
            "Network connection lost",
            "reset",
            "timeout",
        ]) {
            Self::Unavailable(message)
        } else {
            Self::Other(message)
        }
    }

    /// Whether it was the `UNIQUE` constraint over a column of this table.
    pub fn is_conflict_on(&self, table: &str) -> bool {
        matches!(self, Self::Constraint(message) if message.contains(&format!(" {table}.")))
    }
}

/// SQLite-dialect storage.
#[allow(async_fn_in_trait)]
pub trait Database {
    /// Runs the statements in order as one atomic batch (all or nothing), in one round trip where the runtime allows
    /// it, and returns the rows of each.
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError>;

    /// Runs one statement.
    async fn run(&self, statement: Statement) -> Result<Rows, DatabaseError> {
        Ok(self.batch(vec![statement]).await?.pop().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_messages_by_meaning() {
        let conflict = DatabaseError::from_message(
            "D1_ERROR: UNIQUE constraint failed: turns.conversation_id, turns.number: SQLITE_CONSTRAINT",
        );
        assert!(conflict.is_conflict_on("turns"));
        assert!(!conflict.is_conflict_on("messages"));
        assert!(matches!(DatabaseError::from_message("database is locked"), DatabaseError::Unavailable(_)));
        let moving = DatabaseError::from_message("D1_ERROR: the store is moving: SQLITE_CONSTRAINT_TRIGGER");
        assert_eq!(moving, DatabaseError::moving());
        assert!(matches!(DatabaseError::from_message("no such table: x"), DatabaseError::Other(_)));
    }

    #[test]
    fn decodes_rows_by_column_name() {
        #[derive(serde::Deserialize, PartialEq, Debug)]
        struct Bay {
            id: i64,
            name: Option<String>,
        }
        let row = |value: serde_json::Value| value.as_object().cloned().unwrap();
        let rows =
            Rows(vec![row(serde_json::json!({"id": 1, "name": null})), row(serde_json::json!({"id": 2, "name": "B"}))]);
        assert_eq!(rows.clone().first::<Bay>().unwrap(), Some(Bay { id: 1, name: None }));
        assert_eq!(rows.decode::<Bay>().unwrap().len(), 2);
        assert!(Rows(vec![row(serde_json::json!({"id": "x"}))]).decode::<Bay>().is_err());
    }
}
