//! What belongs to a store, table by table.

use lanekeeper_platform::{Database, DatabaseError, Statement, Value};
use serde::Deserialize;

/// A table whose rows name their store.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What its rows are read in the order of: a row comes after those that it refers to.
    pub key: &'static [&'static str],
    /// How many go over at once. As JSON they must stay below what D1 binds as one value, two million bytes.
    pub chunk: u32,
}

const fn table(name: &'static str) -> Table {
    keyed(name, &["rowid"])
}

const fn keyed(name: &'static str, key: &'static [&'static str]) -> Table {
    Table { name, key, chunk: CHUNK }
}

/// Every table with a `store_id` but the directory's own; one that refers to another comes after it. A test compares
/// it with the schema.
pub const TABLES: &[Table] = &[
    table("lines"),
    table("customers"),
    keyed("identities", &["store_id", "kind", "address"]),
    table("vehicles"),
    table("conversations"),
    table("messages"),
    keyed("turns", &["conversation_id", "number"]),
    table("conversation_events"),
    table("notes"),
    table("quick_replies"),
    keyed("presence", &["store_id", "account"]),
    table("alerts"),
    table("appointments"),
    keyed("claims", &["store_id", "resource", "unit", "seat"]),
    table("waitlist"),
    keyed("freed", &["store_id"]),
    table("repair_orders"),
    table("operations"),
    keyed("order_events", &["order_id", "version"]),
    keyed("authorizations", &["order_id", "version", "operation_id"]),
    keyed("order_numbers", &["store_id"]),
    keyed("maintenance", &["vehicle_id", "service_id"]),
    keyed("opt_outs", &["line_id", "address"]),
    table("consent_events"),
    keyed("consents", &["store_id", "address", "topic"]),
    table("satisfaction"),
    table("outbox"),
    keyed("idempotency_keys", &["store_id", "key"]),
    table("audit_log"),
    table("files"),
    Table { name: "file_parts", key: &["file_id", "part"], chunk: 1 },
    keyed("chat_contacts", &["conversation_id"]),
    table("phone_codes"),
    keyed("typing", &["conversation_id", "who"]),
    table("merges"),
];

/// Rows are a few kilobytes at most.
const CHUNK: u32 = 200;

/// Some rows of a store, and where the next ones begin.
pub struct Chunk {
    /// JSON: a list of rows, each a list of its columns' values.
    pub rows: String,
    /// How many they are.
    pub count: u32,
    /// The key of the last one, as JSON.
    pub after: String,
}

impl Table {
    /// The names of the columns, in the order of the schema.
    pub async fn columns(&self, database: &impl Database) -> Result<Vec<String>, DatabaseError> {
        #[derive(Deserialize)]
        struct Column {
            name: String,
        }
        let pragma = Statement::new(format!("PRAGMA table_info({})", self.name));
        let columns: Vec<Column> = database.run(pragma).await?.decode()?;
        Ok(columns.into_iter().map(|column| column.name).collect())
    }

    /// The next rows of this store after the key of another chunk; `None` when there are no more.
    pub async fn read(
        &self,
        database: &impl Database,
        columns: &[String],
        store: &str,
        after: Option<&str>,
    ) -> Result<Option<Chunk>, DatabaseError> {
        #[derive(Deserialize)]
        struct Row {
            key: String,
            row: String,
        }
        let (key, values) = (self.key.join(", "), columns.join(", "));
        let after = after.map(values_of).transpose()?.unwrap_or_default();
        let places: Vec<String> = (2..).take(after.len()).map(|number| format!("?{number}")).collect();
        let beyond = if after.is_empty() { String::new() } else { format!("AND ({key}) > ({})", places.join(", ")) };
        // The plus keeps SQLite from sorting all of the store's rows for each chunk: it goes along the key instead.
        let plus = if self.key.contains(&"store_id") { "" } else { "+" };
        let mut select = Statement::new(format!(
            "SELECT json_array({key}) AS key, json_array({values}) AS row FROM {} WHERE {plus}store_id = ?1 {beyond} \
             ORDER BY {key} LIMIT {}",
            self.name, self.chunk
        ))
        .bind(store);
        select.parameters.extend(after);
        let rows: Vec<Row> = database.run(select).await?.decode()?;
        let Some(last) = rows.last() else { return Ok(None) };
        let texts: Vec<&str> = rows.iter().map(|row| row.row.as_str()).collect();
        Ok(Some(Chunk { rows: format!("[{}]", texts.join(",")), count: rows.len() as u32, after: last.key.clone() }))
    }

    /// Writes rows that [`Table::read`] gave, where the store is arriving; those that are there already stay as they are.
    pub fn write(&self, columns: &[String], store: &str, rows: &str) -> Statement {
        let values: Vec<String> = (0..columns.len()).map(|place| format!("value ->> '$[{place}]'")).collect();
        Statement::new(format!(
            "INSERT INTO {} ({}) SELECT {} FROM json_each(?2) \
             WHERE EXISTS (SELECT 1 FROM stores WHERE id = ?1 AND standing = 'arriving') ON CONFLICT DO NOTHING",
            self.name,
            columns.join(", "),
            values.join(", ")
        ))
        .bind(store)
        .bind(rows)
    }

    /// Deletes some rows of this store, the last ones first, where it is not served; returns rows while there were any.
    pub fn delete(&self, store: &str) -> Statement {
        let (name, key) = (self.name, self.key.join(", "));
        let order: Vec<String> = self.key.iter().map(|column| format!("{column} DESC")).collect();
        Statement::new(format!(
            "DELETE FROM {name} WHERE store_id = ?1 \
             AND EXISTS (SELECT 1 FROM stores WHERE id = ?1 AND standing IN ('arriving', 'moved')) AND ({key}) IN \
             (SELECT {key} FROM {name} WHERE store_id = ?1 ORDER BY {} LIMIT {CHUNK}) RETURNING 1",
            order.join(", ")
        ))
        .bind(store)
    }

    /// How many rows the store has, and how long they are in all, which a lost or a changed value would change.
    pub fn measure(&self, columns: &[String], store: &str) -> Statement {
        Statement::new(format!(
            "SELECT count(*) AS count, COALESCE(sum(length(json_array({}))), 0) AS length FROM {} WHERE store_id = ?1",
            columns.join(", "),
            self.name
        ))
        .bind(store)
    }
}

/// Keys are texts and whole numbers.
fn values_of(key: &str) -> Result<Vec<Value>, DatabaseError> {
    let values: Vec<serde_json::Value> =
        serde_json::from_str(key).map_err(|error| DatabaseError::Decode(error.to_string()))?;
    let value = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => Value::Text(text),
        other => other.as_i64().map_or(Value::Null, Value::Integer),
    };
    Ok(values.into_iter().map(value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanekeeper_native::{NativeDatabase, block_on};
    use std::collections::BTreeSet;

    /// What the directory has of a store, in the first database.
    const DIRECTORY: [&str; 4] = ["placements", "line_entries", "memberships", "moves"];

    /// What triggers make of the other tables.
    const DERIVED: [&str; 1] = ["findable"];

    fn names(database: &NativeDatabase, sql: impl Into<std::borrow::Cow<'static, str>>) -> BTreeSet<String> {
        #[derive(Deserialize)]
        struct Row {
            name: String,
        }
        let rows = block_on(database.run(Statement::new(sql))).unwrap();
        rows.decode::<Row>().unwrap().into_iter().map(|row| row.name).collect()
    }

    fn migrated() -> NativeDatabase {
        let database = NativeDatabase::in_memory().unwrap();
        block_on(crate::migrate(&database)).unwrap();
        database
    }

    #[test]
    fn whatever_names_a_store_moves_with_it() {
        let database = migrated();
        let with_store = names(
            &database,
            "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'store_id' WHERE m.type = 'table'",
        );
        let listed: BTreeSet<String> =
            TABLES.iter().map(|table| table.name).chain(DIRECTORY).chain(DERIVED).map(str::to_owned).collect();
        assert_eq!(with_store, listed, "TABLES in moving/tables.rs lists every table with a store_id");
    }

    #[test]
    fn what_is_referred_to_moves_first() {
        let database = migrated();
        for (place, table) in TABLES.iter().enumerate() {
            let sql = format!("SELECT \"table\" AS name FROM pragma_foreign_key_list('{}')", table.name);
            for referred in names(&database, sql).into_iter().filter(|name| name != "stores") {
                let before = TABLES[..=place].iter().any(|other| other.name == referred);
                assert!(before, "in TABLES, {referred} must stand before {}", table.name);
            }
        }
    }

    #[test]
    fn every_table_is_guarded() {
        let guards = names(&migrated(), "SELECT name FROM sqlite_schema WHERE type = 'trigger'");
        for table in TABLES {
            for (operation, row, standing) in [
                ("INSERT", "NEW", "IN ('leaving', 'moved')"),
                ("UPDATE", "NEW", "<> 'here'"),
                ("DELETE", "OLD", "= 'leaving'"),
            ] {
                let guard = format!("{}_{}_guard", table.name, operation.to_lowercase());
                assert!(
                    guards.contains(&guard),
                    "put this into 0009_moves.sql, or into a later migration:\nCREATE TRIGGER {guard} BEFORE {operation} ON {} WHEN (SELECT standing FROM \
                     stores WHERE id = {row}.store_id) {standing}\n  BEGIN SELECT RAISE(ABORT, 'the store is moving'); END;",
                    table.name
                );
            }
        }
    }
}
