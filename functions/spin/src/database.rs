//! The database, over Spin's SQLite.

use crate::rules::transaction::{self, Transaction};
use futures::lock::Mutex;
use lanekeeper_platform::{Database, DatabaseError, Row, Rows, Statement, Value};
use serde_json::Value as Json;
use spin_sdk::sqlite::{Connection, Error, Value as SqliteValue};
use std::cell::RefCell;

/// How long SQLite waits for another instance's transaction before it gives up. First, so that it covers the others.
const PATIENCE: &str = "PRAGMA busy_timeout = 5000";

/// What makes a commit quick and yet safe when the process dies. A libSQL server decides both for itself and refuses.
const TUNING: [&str; 2] = ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"];

/// SQLite checks foreign keys only where it is told to, connection by connection.
const FOREIGN_KEYS: &str = "PRAGMA foreign_keys = ON";

/// The default database of the application.
#[derive(Default)]
pub struct SqliteDatabase {
    /// Connections that no batch is using. A batch takes one out and has it for itself: statements of two requests on
    /// one connection would end up in each other's transactions.
    idle: RefCell<Vec<Connection>>,
    /// SQLite lets one connection write at a time and makes the others poll; within an instance they queue here instead.
    writing: Mutex<()>,
}

impl Database for SqliteDatabase {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        let transaction = transaction::needed(&statements);
        let _turn = match transaction {
            Transaction::Write => Some(self.writing.lock().await),
            Transaction::None | Transaction::Read => None,
        };
        let idle = self.idle.borrow_mut().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open().await?,
        };
        let outcome = run_batch(&connection, transaction, statements).await;
        // A connection that may still be inside a transaction is not given back: dropping it rolls back. The same
        // happens when the request is cancelled while it waits.
        if matches!(outcome, Ok(_) | Err(BatchError { connection_is_clean: true, .. })) {
            self.idle.borrow_mut().push(connection);
        }
        outcome.map_err(|failure| failure.error)
    }
}

struct BatchError {
    error: DatabaseError,
    connection_is_clean: bool,
}

async fn run_batch(
    connection: &Connection,
    transaction: Transaction,
    statements: Vec<Statement>,
) -> Result<Vec<Rows>, BatchError> {
    let begin = match transaction {
        Transaction::None => None,
        Transaction::Read => Some("BEGIN"),
        Transaction::Write => Some("BEGIN IMMEDIATE"),
    };
    if let Some(begin) = begin {
        let begun = execute(connection, begin, Vec::new()).await;
        begun.map_err(|error| BatchError { error, connection_is_clean: false })?;
    }
    let outcome = run_statements(connection, statements).await;
    let outcome = match outcome {
        Ok(rows) if begin.is_some() => execute(connection, "COMMIT", Vec::new()).await.map(|_| rows),
        other => other,
    };
    match outcome {
        Ok(rows) => Ok(rows),
        Err(error) => {
            let connection_is_clean = begin.is_none() || execute(connection, "ROLLBACK", Vec::new()).await.is_ok();
            Err(BatchError { error, connection_is_clean })
        }
    }
}

async fn run_statements(connection: &Connection, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
    let mut results = Vec::with_capacity(statements.len());
    for statement in statements {
        results.push(execute(connection, &statement.sql, statement.parameters).await?);
    }
    Ok(results)
}

async fn open() -> Result<Connection, DatabaseError> {
    let connection = Connection::open_default().await.map_err(|error| failed(&error))?;
    // Refused by libSQL servers, which do without.
    let _ = execute(&connection, PATIENCE, Vec::new()).await;
    for pragma in TUNING {
        let _ = execute(&connection, pragma, Vec::new()).await;
    }
    execute(&connection, FOREIGN_KEYS, Vec::new()).await?;
    Ok(connection)
}

async fn execute(connection: &Connection, sql: &str, parameters: Vec<Value>) -> Result<Rows, DatabaseError> {
    let parameters = parameters.into_iter().map(bound);
    let result = connection.execute(sql, parameters).await.map_err(|error| failed(&error))?;
    let columns = result.columns().to_vec();
    let rows = result.collect().await.map_err(|error| failed(&error))?;
    rows.into_iter().map(|row| named(&columns, row.values)).collect::<Result<_, _>>().map(Rows)
}

fn bound(value: Value) -> SqliteValue {
    match value {
        Value::Null => SqliteValue::Null,
        Value::Integer(number) => SqliteValue::Integer(number),
        Value::Real(number) => SqliteValue::Real(number),
        Value::Text(text) => SqliteValue::Text(text),
    }
}

fn named(columns: &[String], values: Vec<SqliteValue>) -> Result<Row, DatabaseError> {
    columns.iter().cloned().zip(values).map(|(column, value)| Ok((column.clone(), json(&column, value)?))).collect()
}

fn json(column: &str, value: SqliteValue) -> Result<Json, DatabaseError> {
    match value {
        SqliteValue::Null => Ok(Json::Null),
        SqliteValue::Integer(number) => Ok(number.into()),
        SqliteValue::Real(number) => Ok(number.into()),
        SqliteValue::Text(text) => Ok(text.into()),
        SqliteValue::Blob(_) => Err(DatabaseError::Decode(format!("{column} holds bytes"))),
    }
}

fn failed(error: &Error) -> DatabaseError {
    match error {
        Error::Io(message) => DatabaseError::from_message(message),
        Error::DatabaseFull => DatabaseError::Unavailable("the database is full".to_owned()),
        Error::NoSuchDatabase | Error::AccessDenied | Error::InvalidConnection => {
            DatabaseError::Other(error.to_string())
        }
    }
}
