//! SQLite itself.

use crate::{give_way, plans};
use lanekeeper_platform::{Database, DatabaseError, Row, Rows, Statement, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Transaction, TransactionBehavior, params_from_iter};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::time::Duration;

/// How long a batch waits for another connection's batch to end.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The greatest whole number that survives a trip through D1, which carries numbers as doubles.
const GREATEST_INTEGER: u64 = 1 << 53;

/// One connection to an SQLite database. It keeps to what all runtimes have in common, and refuses what only it could
/// do: several statements in one, and integers that a double cannot hold.
#[derive(Debug)]
pub struct NativeDatabase {
    connection: Connection,
    batches: Cell<u64>,
    /// What becomes of the next batches.
    failures: RefCell<VecDeque<Fate>>,
    recording: RefCell<Option<Vec<Vec<Statement>>>>,
    /// The statements that were found to read no whole table; `None` where that does not matter.
    planned: RefCell<Option<BTreeSet<String>>>,
}

/// What becomes of a batch.
#[derive(Debug, Clone)]
enum Fate {
    Passes,
    /// Nothing of it is kept.
    Fails(DatabaseError),
    /// It is kept, and its answer is lost.
    IsLost(DatabaseError),
}

impl NativeDatabase {
    /// An empty database that lives as long as this value.
    pub fn in_memory() -> Result<Self, DatabaseError> {
        Self::over(Connection::open_in_memory())
    }

    /// The database in this file, which is made if need be. Several connections, also of other threads and processes,
    /// may use one file at once.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DatabaseError> {
        Self::over(Connection::open(path))
    }

    fn over(connection: rusqlite::Result<Connection>) -> Result<Self, DatabaseError> {
        let connection = connection.map_err(|error| translate(&error))?;
        connection
            .busy_timeout(BUSY_TIMEOUT)
            // Plans go by the schema alone. Otherwise SQLite looks at the values of parameters, and plans a statement anew
            // whenever they change, which takes longer than to run it.
            .and_then(|()| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true))
            // A database in memory has no write-ahead log, and ignores the wish for one.
            .and_then(|_| {
                connection
                    .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")
            })
            .map_err(|error| translate(&error))?;
        connection.set_prepared_statement_cache_capacity(256);
        Ok(Self {
            connection,
            batches: Cell::default(),
            failures: RefCell::default(),
            recording: RefCell::default(),
            planned: RefCell::default(),
        })
    }

    /// Runs a script of several statements, such as a migration, outside any count and any scripted failure.
    pub fn script(&self, sql: &str) -> Result<(), DatabaseError> {
        self.connection.execute_batch(sql).map_err(|error| translate(&error))
    }

    /// From now on a statement that would read a whole table is a bug, and panics. [`NativeDatabase::look`] may.
    #[must_use]
    pub fn forbidding_scans(self) -> Self {
        self.planned.replace(Some(BTreeSet::new()));
        self
    }

    /// The rows of a query that a test asks to see what has come about: no batch of the product's, and none that counts.
    #[allow(clippy::needless_pass_by_value)] // as the port takes it
    pub fn look(&self, query: Statement) -> Result<Rows, DatabaseError> {
        run_one(&self.connection, &query)
    }

    fn plan(&self, statements: &[Statement]) {
        let mut planned = self.planned.borrow_mut();
        let Some(planned) = planned.as_mut() else { return };
        for statement in statements {
            if planned.contains(statement.sql.as_ref()) {
                continue;
            }
            // What cannot be prepared fails when it is run.
            let scans = plans::scans(&self.connection, &statement.sql).unwrap_or_default();
            assert!(scans.is_empty(), "this reads a whole table ({}):\n{}", scans.join("; "), statement.sql);
            planned.insert(statement.sql.clone().into_owned());
        }
    }

    /// How many batches were asked for so far, the failed ones included.
    pub fn batches(&self) -> u64 {
        self.batches.get()
    }

    /// Makes the next batch that is not yet spoken for fail with this error, with nothing of it kept.
    pub fn fail_next(&self, error: DatabaseError) {
        self.fail_after(0, error);
    }

    /// The same after this many batches that pass.
    pub fn fail_after(&self, passing: usize, error: DatabaseError) {
        self.fate_after(passing, Fate::Fails(error));
    }

    /// Lets this many batches pass; the next one is kept, but its answer is lost: to whoever asked it fails.
    pub fn lose_answer_after(&self, passing: usize, error: DatabaseError) {
        self.fate_after(passing, Fate::IsLost(error));
    }

    fn fate_after(&self, passing: usize, fate: Fate) {
        let fates = std::iter::repeat_n(Fate::Passes, passing).chain([fate]);
        self.failures.borrow_mut().extend(fates);
    }

    /// Takes back the failures that have not come yet.
    pub fn heal(&self) {
        self.failures.borrow_mut().clear();
    }

    /// Keeps every batch from now on, until [`NativeDatabase::recorded`] takes them.
    pub fn record(&self) {
        self.recording.replace(Some(Vec::new()));
    }

    /// The batches since [`NativeDatabase::record`], which keeps no more of them.
    pub fn recorded(&self) -> Vec<Vec<Statement>> {
        self.recording.take().unwrap_or_default()
    }

    fn run_all(&self, statements: &[Statement]) -> Result<Vec<Rows>, DatabaseError> {
        // Dropped before its commit, the transaction is rolled back.
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)
            .map_err(|error| translate(&error))?;
        let rows = statements.iter().map(|statement| run_one(&transaction, statement)).collect::<Result<_, _>>()?;
        transaction.commit().map_err(|error| translate(&error))?;
        Ok(rows)
    }
}

impl Database for NativeDatabase {
    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, DatabaseError> {
        give_way().await;
        self.batches.set(self.batches.get() + 1);
        if let Some(recording) = self.recording.borrow_mut().as_mut() {
            recording.push(statements.clone());
        }
        self.plan(&statements);
        let fate = self.failures.borrow_mut().pop_front().unwrap_or(Fate::Passes);
        match fate {
            Fate::Passes => self.run_all(&statements),
            Fate::Fails(error) => Err(error),
            Fate::IsLost(error) => self.run_all(&statements).and(Err(error)),
        }
    }
}

fn run_one(connection: &Connection, statement: &Statement) -> Result<Rows, DatabaseError> {
    let parameters = statement.parameters.iter().map(parameter).collect::<Result<Vec<_>, _>>()?;
    let mut prepared = connection.prepare_cached(&statement.sql).map_err(|error| translate(&error))?;
    let columns: Vec<String> = prepared.column_names().map(str::to_owned).collect();
    let mut found = prepared.query(params_from_iter(parameters)).map_err(|error| translate(&error))?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(|error| translate(&error))? {
        let mut fields = Row::new();
        for (index, column) in columns.iter().enumerate() {
            let value = row.get_ref(index).map_err(|error| translate(&error))?;
            fields.insert(column.clone(), json(column, value)?);
        }
        rows.push(fields);
    }
    Ok(Rows(rows))
}

fn parameter(value: &Value) -> Result<rusqlite::types::Value, DatabaseError> {
    Ok(match value {
        Value::Null => rusqlite::types::Value::Null,
        Value::Integer(integer) if integer.unsigned_abs() > GREATEST_INTEGER => {
            return Err(DatabaseError::Other(format!("{integer} does not survive D1, which carries doubles")));
        }
        Value::Integer(integer) => rusqlite::types::Value::Integer(*integer),
        Value::Real(real) => rusqlite::types::Value::Real(*real),
        Value::Text(text) => rusqlite::types::Value::Text(text.clone()),
    })
}

fn json(column: &str, value: ValueRef<'_>) -> Result<serde_json::Value, DatabaseError> {
    Ok(match value {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(integer) => integer.into(),
        ValueRef::Real(real) => real.into(),
        ValueRef::Text(text) => {
            std::str::from_utf8(text).map_err(|error| DatabaseError::Decode(format!("{column}: {error}")))?.into()
        }
        ValueRef::Blob(_) => return Err(DatabaseError::Decode(format!("{column} is a blob"))),
    })
}

/// The error in SQLite's own words. Never the SQL: words in it would be mistaken for the reason.
fn translate(error: &rusqlite::Error) -> DatabaseError {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => DatabaseError::from_message(msg.as_str()),
        other => DatabaseError::from_message(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;

    const SCHEMA: &str = "
        CREATE TABLE stores (id TEXT PRIMARY KEY) STRICT;
        CREATE TABLE turns (
            store_id TEXT NOT NULL REFERENCES stores (id),
            conversation_id TEXT NOT NULL,
            number INTEGER NOT NULL CHECK (number > 0),
            seconds REAL,
            UNIQUE (conversation_id, number)
        ) STRICT;
        INSERT INTO stores VALUES ('lakeside');";

    fn database() -> NativeDatabase {
        let database = NativeDatabase::in_memory().unwrap();
        database.script(SCHEMA).unwrap();
        database
    }

    fn turn(store: &str, number: i64) -> Statement {
        Statement::new("INSERT INTO turns VALUES (?1, 'c1', ?2, ?3)").bind(store).bind(number).bind(0.5)
    }

    fn count(database: &NativeDatabase) -> i64 {
        let rows = block_on(database.run(Statement::new("SELECT count(*) AS turns FROM turns"))).unwrap();
        rows.0[0]["turns"].as_i64().unwrap()
    }

    #[test]
    fn answers_every_statement_with_its_rows() {
        let database = database();
        let all = Statement::new("SELECT number, seconds, NULL AS absent, 'é' AS text FROM turns ORDER BY number");
        let answers = block_on(database.batch(vec![turn("lakeside", 1), turn("lakeside", 2), all])).unwrap();
        assert!(answers[0].is_empty() && answers[1].is_empty());
        assert_eq!(
            serde_json::to_value(&answers[2].0).unwrap(),
            serde_json::json!([
                {"number": 1, "seconds": 0.5, "absent": null, "text": "é"},
                {"number": 2, "seconds": 0.5, "absent": null, "text": "é"},
            ])
        );
    }

    #[test]
    fn a_refused_statement_undoes_its_whole_batch() {
        let database = database();
        let refused = block_on(database.batch(vec![turn("lakeside", 1), turn("lakeside", 1)])).unwrap_err();
        let expected = "UNIQUE constraint failed: turns.conversation_id, turns.number";
        assert_eq!(refused, DatabaseError::Constraint(expected.to_owned()));
        assert!(refused.is_conflict_on("turns"));
        assert_eq!(count(&database), 0);
        block_on(database.run(turn("lakeside", 1))).unwrap();
        assert_eq!(count(&database), 1);
    }

    #[test]
    fn checks_and_foreign_keys_hold() {
        let database = database();
        let text = |statement| block_on(database.run(statement)).unwrap_err();
        assert_eq!(text(turn("lakeside", 0)), DatabaseError::Constraint("CHECK constraint failed: number > 0".into()));
        assert_eq!(text(turn("nobody", 1)), DatabaseError::Constraint("FOREIGN KEY constraint failed".into()));
    }

    #[test]
    fn a_mistake_of_ours_is_not_taken_for_an_outage() {
        let database = database();
        let error = block_on(database.run(Statement::new("SELECT 'timeout' FROM nowhere"))).unwrap_err();
        assert_eq!(error, DatabaseError::Other("no such table: nowhere".into()));
        for statement in [
            Statement::new("SELECT 1; SELECT 2"),
            Statement::new("SELECT ?1"),
            Statement::new("SELECT ?1").bind(1_i64 << 54),
        ] {
            assert!(matches!(block_on(database.run(statement)), Err(DatabaseError::Other(_))));
        }
    }

    #[test]
    fn fails_when_told_and_counts() {
        let database = database();
        database.fail_next(DatabaseError::Unavailable("overloaded".into()));
        assert!(matches!(block_on(database.run(turn("lakeside", 1))), Err(DatabaseError::Unavailable(_))));
        assert_eq!(count(&database), 0);
        assert_eq!(database.batches(), 2);
    }

    #[test]
    fn records_while_it_is_wanted() {
        let database = database();
        let batch = |number| block_on(database.batch(vec![turn("lakeside", number)])).unwrap();
        batch(1);
        database.record();
        batch(2);
        assert_eq!(database.recorded(), [[turn("lakeside", 2)]]);
        batch(3);
        assert!(database.recorded().is_empty());
    }

    #[test]
    fn joined_futures_interleave_at_batches() {
        let database = database();
        let next = || async {
            let rows = database.run(Statement::new("SELECT count(*) + 1 AS next FROM turns")).await.unwrap();
            database.run(turn("lakeside", rows.0[0]["next"].as_i64().unwrap())).await
        };
        let outcomes = block_on(futures_util::future::join_all([next(), next(), next()]));
        let lost = outcomes.iter().filter(|outcome| outcome.is_err()).count();
        assert_eq!((lost, count(&database)), (2, 1), "all three read before the first wrote");
    }

    #[test]
    fn connections_of_one_file_take_turns() {
        let path = std::env::temp_dir().join(format!("lanekeeper-native-{}.sqlite", std::process::id()));
        let remove = || {
            for ending in ["", "-wal", "-shm"] {
                std::fs::remove_file(format!("{}{ending}", path.display())).ok();
            }
        };
        remove();
        NativeDatabase::open(&path).unwrap().script(SCHEMA).unwrap();
        std::thread::scope(|scope| {
            for worker in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    let database = NativeDatabase::open(path).unwrap();
                    for number in 1..=25 {
                        block_on(database.run(turn("lakeside", worker * 25 + number))).unwrap();
                    }
                });
            }
        });
        let database = NativeDatabase::open(&path).unwrap();
        assert_eq!(count(&database), 100);
        let mode = block_on(database.run(Statement::new("SELECT journal_mode FROM pragma_journal_mode"))).unwrap();
        assert_eq!(mode.0[0]["journal_mode"], "wal");
        drop(database);
        remove();
    }
}
