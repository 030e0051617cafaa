//! What has come about, as statements that write it into a deployment's database.

use crate::history::told;
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::Statement;
use lanekeeper_storage::{TABLES, Table};
use serde::Deserialize;

/// The longest list of rows in one statement, in bytes: D1 takes statements of up to 100 kB.
const LONGEST: usize = 50_000;

/// Written last: while it is not there, the history is not whole.
const LAST: &str = "outbox";

/// What the demo loads itself, and what is nobody's history.
const LEFT_OUT: [&str; 3] = ["lines", "freed", "idempotency_keys"];

/// Statements that write all rows of this store, unless they have been written already or the store has a history of its
/// own. What was interrupted goes on.
pub fn statements(database: &NativeDatabase, store: &str) -> Result<Vec<Statement>, String> {
    let unless = guard(database, store)?;
    let tables = TABLES.iter().filter(|table| !LEFT_OUT.contains(&table.name));
    let (last, others): (Vec<_>, Vec<_>) = tables.partition(|table| table.name == LAST);
    let mut statements = Vec::new();
    for table in others.into_iter().chain(last) {
        let columns = block_on(table.columns(database)).map_err(told)?;
        let rows = rows(database, table, &columns, store)?;
        statements.extend(chunks(&rows).into_iter().map(|chunk| insert(table, &columns, &chunk, &unless)));
    }
    Ok(statements)
}

/// The condition under which rows are written: the last one is not there, and no conversation but ours.
fn guard(database: &NativeDatabase, store: &str) -> Result<String, String> {
    let last = format!("SELECT id FROM {LAST} WHERE store_id = ?1 ORDER BY rowid DESC LIMIT 1");
    let last = ids(database, last, store)?;
    let ours = ids(database, "SELECT id FROM conversations WHERE store_id = ?1".to_owned(), store)?;
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    Ok(format!(
        "NOT EXISTS (SELECT 1 FROM {LAST} WHERE id = {}) AND NOT EXISTS (SELECT 1 FROM conversations \
         WHERE store_id = {} AND id NOT IN (SELECT value FROM json_each({})))",
        literal(last.first().map_or("", String::as_str)),
        literal(store),
        literal(&serde_json::json!(ours).to_string()),
    ))
}

fn ids(database: &NativeDatabase, query: String, store: &str) -> Result<Vec<String>, String> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    let rows: Vec<Row> = database.look(Statement::new(query).bind(store)).map_err(told)?.decode().map_err(told)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The rows, each a JSON list of its columns' values, in the order in which they can be written.
fn rows(database: &NativeDatabase, table: &Table, columns: &[String], store: &str) -> Result<Vec<String>, String> {
    #[derive(Deserialize)]
    struct Row {
        row: String,
    }
    let query = format!(
        "SELECT json_array({}) AS row FROM {} WHERE store_id = ?1 ORDER BY {}",
        columns.join(", "),
        table.name,
        table.key.join(", ")
    );
    let rows: Vec<Row> = database.look(Statement::new(query).bind(store)).map_err(told)?.decode().map_err(told)?;
    Ok(rows.into_iter().map(|row| row.row).collect())
}

/// The rows in lists that one statement can carry.
fn chunks(rows: &[String]) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    for row in rows {
        match chunks.last_mut().filter(|chunk| chunk.len() + row.len() < LONGEST) {
            Some(chunk) => {
                chunk.push_str(",\n");
                chunk.push_str(row);
            }
            None => chunks.push(row.clone()),
        }
    }
    chunks
}

fn insert(table: &Table, columns: &[String], rows: &str, unless: &str) -> Statement {
    let values: Vec<String> = (0..columns.len()).map(|place| format!("value ->> {place}")).collect();
    Statement::new(format!(
        "INSERT INTO {} ({}) SELECT {} FROM json_each(?1) WHERE {unless} ON CONFLICT DO NOTHING",
        table.name,
        columns.join(", "),
        values.join(", ")
    ))
    .bind(format!("[{rows}]"))
}
