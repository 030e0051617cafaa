//! The database, over Spin's SQLite.

use crate::rules::transaction::{self, Transaction};
use futures::lock::Mutex;
use lanekeeper_platform::{Database, DatabaseError, Row, Rows, Statement, Value};
use serde_json::Value as Json;
use spin_sdk::sqlite::{Connection, Error, Value as SqliteValue};
use spin_sdk::wasip3::clocks::monotonic_clock;
use std::cell::RefCell;
use std::time::Duration;

/// How long a batch waits for another instance's transaction.
const PATIENCE: Duration = Duration::from_secs(5);

/// What makes a commit quick and yet safe when the process dies. A libSQL server decides both for itself and refuses.
const TUNING: [&str; 2] = ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"];

/// SQLite checks foreign keys only where it is told to, connection by connection.
const FOREIGN_KEYS: &str = "PRAGMA foreign_keys = ON";

/// One of the application's databases.
///
/// A batch has its connection for itself: statements of two requests on one connection would end up in each other's
/// transactions. A connection that may still be inside one is dropped, which rolls back; so it is with a request that
/// is cancelled while it waits.
pub struct SqliteDatabase {
    name: String,
    /// The connection that writes. SQLite lets one connection write at a time and makes the others poll; within an
    /// instance they queue here instead.
    writer: Mutex<Option<Connection>>,
    /// Connections that read and are not in use.
    readers: RefCell<Vec<Connection>>,
}

impl Database for SqliteDatabase {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        match transaction::needed(&statements) {
            Transaction::Write => self.write(statements).await,
            Transaction::Read => self.read(Some("BEGIN"), statements).await,
            Transaction::None => self.read(None, statements).await,
        }
    }
}

impl SqliteDatabase {
    /// The database that the manifest calls so.
    pub fn named(name: String) -> Self {
        Self { name, writer: Mutex::default(), readers: RefCell::default() }
    }

    /// Whether the manifest gives the component a database of this name. One that is there but out of reach counts.
    pub async fn is_allowed(name: &str) -> bool {
        !matches!(Connection::open(name).await, Err(Error::AccessDenied | Error::NoSuchDatabase))
    }

    async fn write(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        let mut writer = self.writer.lock().await;
        let connection = match writer.take() {
            Some(connection) => connection,
            None => open(&self.name, WRITER_WAIT).await?,
        };
        begin_writing(&connection).await?;
        let outcome = finish(&connection, statements).await;
        if outcome.is_ok() || command(&connection, "ROLLBACK").await.is_ok() {
            *writer = Some(connection);
        }
        outcome
    }

    async fn read(&self, begin: Option<&'static str>, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        let idle = self.readers.borrow_mut().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open(&self.name, READER_WAIT).await?,
        };
        let rows = match begin {
            Some(begin) => {
                command(&connection, begin).await?;
                finish(&connection, statements).await?
            }
            None => run(&connection, statements).await?,
        };
        self.readers.borrow_mut().push(connection);
        Ok(rows)
    }
}

/// SQLite waits for a lock with pauses that grow from 1 to 100 ms, and so a writer starves among busy instances. It
/// waits this long only, which takes pauses of up to 15 ms, and is then asked again.
const WRITER_WAIT: &str = "PRAGMA busy_timeout = 33";

/// A reader waits only while the file is recovered or tidied up.
const READER_WAIT: &str = "PRAGMA busy_timeout = 5000";

/// Takes the write lock from the start: to take it half-way can fail without a chance to wait.
async fn begin_writing(connection: &Connection) -> Result<(), DatabaseError> {
    let deadline = monotonic_clock::now() + PATIENCE.as_nanos() as u64;
    loop {
        match command(connection, "BEGIN IMMEDIATE").await {
            Err(DatabaseError::Unavailable(_)) if monotonic_clock::now() < deadline => {}
            outcome => return outcome,
        }
    }
}

async fn finish(connection: &Connection, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
    let rows = run(connection, statements).await?;
    command(connection, "COMMIT").await?;
    Ok(rows)
}

async fn run(connection: &Connection, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
    let mut results = Vec::with_capacity(statements.len());
    for statement in statements {
        results.push(execute(connection, &statement.sql, statement.parameters).await?);
    }
    Ok(results)
}

async fn open(name: &str, wait: &str) -> Result<Connection, DatabaseError> {
    let connection = Connection::open(name).await.map_err(|error| failed(&error))?;
    // First the patient wait, whatever comes after: several instances may open the file at once.
    for pragma in [READER_WAIT, TUNING[0], TUNING[1], wait] {
        // Refused by a libSQL server, which does without.
        let _ = command(&connection, pragma).await;
    }
    command(&connection, FOREIGN_KEYS).await?;
    Ok(connection)
}

async fn command(connection: &Connection, sql: &str) -> Result<(), DatabaseError> {
    execute(connection, sql, Vec::new()).await.map(drop)
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
