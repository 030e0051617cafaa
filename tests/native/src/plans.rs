//! How SQLite would run a statement, so that none reads a whole table.

use rusqlite::Connection;
use std::collections::BTreeSet;

/// Statements that may read a whole table, by a part of their text, and why.
const MAY_SCAN: &[(&str, &str)] = &[
    ("FROM d1_migrations", "there are as many rows as migrations"),
    ("AS key, json_array(", "a move goes along the key of a table, chunk by chunk, to spare the sorting"),
];

/// The steps of a statement's plan that read a table, or an index, from one end to the other. Only the schema counts:
/// statistics and the values of parameters do not.
pub fn scans(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    if MAY_SCAN.iter().any(|(part, _)| sql.contains(part)) || sql.starts_with("PRAGMA") {
        return Ok(Vec::new());
    }
    // What foreign keys add to a plan is seen to by a test of the schema: their look-ups run only where rows are deleted.
    connection.pragma_update(None, "foreign_keys", false)?;
    let steps = steps(connection, sql);
    connection.pragma_update(None, "foreign_keys", true)?;
    let steps = steps?;
    let made_on_the_way: BTreeSet<&str> = steps
        .iter()
        .filter_map(|step| step.strip_prefix("CO-ROUTINE ").or_else(|| step.strip_prefix("MATERIALIZE ")))
        .collect();
    let is_scan = |step: &&String| {
        step.strip_prefix("SCAN ").is_some_and(|what| {
            let harmless = what.contains("VIRTUAL TABLE") || what == "CONSTANT ROW" || what.starts_with('(');
            !harmless && !made_on_the_way.contains(what)
        })
    };
    Ok(steps.iter().filter(is_scan).cloned().collect())
}

fn steps(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = explain.raw_query();
    let mut steps: Vec<String> = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get("detail")?);
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sql: &str) -> Vec<String> {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE bays (id TEXT PRIMARY KEY, store_id TEXT NOT NULL, name TEXT);
                 CREATE INDEX bays_by_store ON bays (store_id)",
            )
            .unwrap();
        scans(&connection, sql).unwrap()
    }

    #[test]
    fn a_scan_is_found_wherever_it_hides() {
        for sql in [
            "SELECT * FROM bays",
            "SELECT count(*) FROM bays",
            "SELECT store_id FROM bays ORDER BY store_id",
            "UPDATE bays SET name = ?1 WHERE name = ?2",
            "SELECT EXISTS (SELECT 1 FROM bays WHERE name = ?1)",
            "SELECT a.id FROM bays a JOIN bays b ON b.name = a.name WHERE a.store_id = ?1",
        ] {
            assert!(!found(sql).is_empty(), "{sql}");
        }
    }

    #[test]
    fn what_finds_its_rows_is_none() {
        for sql in [
            "SELECT * FROM bays WHERE id = ?1",
            "SELECT value FROM json_each(?1) j JOIN bays b ON b.id = j.value",
            "SELECT name FROM (SELECT name FROM bays WHERE store_id = ?1 ORDER BY id LIMIT 9) AS some",
            "INSERT INTO bays (id, store_id) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        ] {
            assert_eq!(found(sql), Vec::<String>::new(), "{sql}");
        }
    }
}
