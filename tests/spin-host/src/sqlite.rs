//! `spin:sqlite`, on SQLite files.

use crate::bindings::sqlite::{Error, Host, HostConnection, HostConnectionWithStore, RowResult, Value};
use crate::state::{Spin, State};
use rusqlite::types::{Value as Sqlite, ValueRef};
use rusqlite::{CachedStatement, params_from_iter};
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::component::{Accessor, FutureReader, Resource, StreamReader};
use wasmtime::{Error as Trap, Result};

/// An open connection. A query that is under way when the component drops it keeps it open until it ends.
#[derive(Clone)]
pub struct Connection(Arc<Mutex<rusqlite::Connection>>);

type Answer = (Vec<String>, StreamReader<RowResult>, FutureReader<Result<(), Error>>);

impl Host for State {}

impl HostConnection for State {
    fn drop(&mut self, connection: Resource<Connection>) -> Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

impl<T> HostConnectionWithStore<T> for Spin {
    async fn open_async(accessor: &Accessor<T, Self>, database: String) -> Result<Result<Resource<Connection>, Error>> {
        let file = accessor.with(|mut access| access.get().shared.sqlite.get(&database).cloned());
        let Some(file) = file else { return Ok(Err(Error::AccessDenied)) };
        match tokio::task::spawn_blocking(move || rusqlite::Connection::open(file)).await? {
            Ok(connection) => {
                let connection = Connection(Arc::new(Mutex::new(connection)));
                accessor.with(|mut access| Ok(Ok(access.get().table.push(connection)?)))
            }
            Err(error) => Ok(Err(Error::Io(error.to_string()))),
        }
    }

    async fn execute_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Connection>,
        statement: String,
        parameters: Vec<Value>,
    ) -> Result<Result<Answer, Error>> {
        let connection = accessor.with(|mut access| access.get().table.get(&connection).cloned())?;
        let work = move || {
            // A panic elsewhere leaves the connection itself in order.
            let connection = connection.0.lock().unwrap_or_else(PoisonError::into_inner);
            query(&connection, &statement, parameters)
        };
        // As Spin does it, what SQLite objects to is told at the end of the rows, and not by the call.
        let (columns, rows, end) = match tokio::task::spawn_blocking(work).await? {
            Ok((columns, rows)) => (columns, rows, Ok(())),
            Err(error) => (Vec::new(), Vec::new(), Err(Error::Io(error.to_string()))),
        };
        accessor.with(|mut access| {
            let rows = StreamReader::new(&mut access, rows)?;
            let end = FutureReader::new(&mut access, async move { Ok::<_, Trap>(end) })?;
            Ok(Ok((columns, rows, end)))
        })
    }
}

fn query(
    connection: &rusqlite::Connection,
    sql: &str,
    parameters: Vec<Value>,
) -> rusqlite::Result<(Vec<String>, Vec<RowResult>)> {
    let mut statement: CachedStatement<'_> = connection.prepare_cached(sql)?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query(params_from_iter(parameters.into_iter().map(bound)))?;
    let mut results = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (0..columns.len()).map(|index| row.get_ref(index).map(found)).collect::<Result<_, _>>()?;
        results.push(RowResult { values });
    }
    Ok((columns, results))
}

fn bound(value: Value) -> Sqlite {
    match value {
        Value::Integer(number) => Sqlite::Integer(number),
        Value::Real(number) => Sqlite::Real(number),
        Value::Text(text) => Sqlite::Text(text),
        Value::Blob(bytes) => Sqlite::Blob(bytes),
        Value::Null => Sqlite::Null,
    }
}

fn found(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Null => Value::Null,
    }
}
