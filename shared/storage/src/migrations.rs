//! Migrations, for runtimes that have no tool of their own for them. They are recorded in the same table as wrangler's.

use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_initial.sql", include_str!("../migrations/0001_initial.sql")),
    ("0002_outbox.sql", include_str!("../migrations/0002_outbox.sql")),
    ("0003_capacity.sql", include_str!("../migrations/0003_capacity.sql")),
    ("0004_repair_orders.sql", include_str!("../migrations/0004_repair_orders.sql")),
    ("0005_notifications.sql", include_str!("../migrations/0005_notifications.sql")),
    ("0006_api.sql", include_str!("../migrations/0006_api.sql")),
    ("0007_shards.sql", include_str!("../migrations/0007_shards.sql")),
    ("0009_moves.sql", include_str!("../migrations/0009_moves.sql")),
    ("0010_repair_order_guards.sql", include_str!("../migrations/0010_repair_order_guards.sql")),
    ("0011_follow_ups.sql", include_str!("../migrations/0011_follow_ups.sql")),
    ("0012_waitlist.sql", include_str!("../migrations/0012_waitlist.sql")),
    ("0013_groups.sql", include_str!("../migrations/0013_groups.sql")),
    ("0014_staff.sql", include_str!("../migrations/0014_staff.sql")),
    ("0015_widget.sql", include_str!("../migrations/0015_widget.sql")),
    ("0016_handover.sql", include_str!("../migrations/0016_handover.sql")),
    ("0017_inbox.sql", include_str!("../migrations/0017_inbox.sql")),
    ("0018_waitlist.sql", include_str!("../migrations/0018_waitlist.sql")),
    ("0019_day.sql", include_str!("../migrations/0019_day.sql")),
    ("0021_alerts.sql", include_str!("../migrations/0021_alerts.sql")),
];

/// Applies what has not been applied yet. Safe to run by several instances at once.
pub async fn migrate(database: &impl Database) -> Result<(), DatabaseError> {
    #[derive(Deserialize)]
    struct Applied {
        name: String,
    }
    let record = "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, \
                  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)";
    // A look comes first: it takes no write lock, and most times all is done.
    let select = || Statement::new("SELECT name FROM d1_migrations");
    let rows = match database.run(select()).await {
        Ok(rows) => rows,
        Err(_) => database.batch(vec![Statement::new(record), select()]).await?.pop().unwrap_or_default(),
    };
    let applied: Vec<Applied> = rows.decode()?;
    for (name, script) in MIGRATIONS.iter().filter(|(name, _)| !applied.iter().any(|row| row.name == *name)) {
        let claim = Statement::new("INSERT INTO d1_migrations (name) VALUES (?1)").bind(*name);
        let batch = std::iter::once(claim).chain(statements(script).map(Statement::new)).collect();
        match database.batch(batch).await {
            Err(error) if error.is_conflict_on("d1_migrations") => {} // another instance was quicker
            other => drop(other?),
        }
    }
    Ok(())
}

/// The statements of a script: each ends with a semicolon at the end of a line.
fn statements(script: &'static str) -> impl Iterator<Item = &'static str> {
    script.split(";\n").map(str::trim).filter(|statement| !statement.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanekeeper_native::{NativeDatabase, block_on};

    #[test]
    fn applies_each_migration_once() {
        let database = NativeDatabase::in_memory().unwrap();
        block_on(migrate(&database)).unwrap();
        block_on(migrate(&database)).unwrap();
        let tables = Statement::new("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'claims'");
        assert_eq!(block_on(database.run(tables)).unwrap().0.len(), 1);
    }

    #[test]
    fn what_is_there_survives_the_later_migrations() {
        let database = NativeDatabase::in_memory().unwrap();
        database.script(MIGRATIONS[0].1).unwrap();
        let rows = "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE);
            INSERT INTO d1_migrations (name) VALUES ('0001_initial.sql');
            INSERT INTO stores (id, group_id, profile) VALUES ('s', 'g', '{}');
            INSERT INTO lines (id, store_id, provider, address, credentials) VALUES ('l', 's', 'twilio', '+1', '');
            INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('u', 's', 0, 0);
            INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
              VALUES ('c', 's', 'l', '+2', 'u', 'en', '{}', 0, 0);
            INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, created_at)
              VALUES ('m', 's', 'c', 'l', 'customer', 'hello', 0);
            INSERT INTO turns (conversation_id, number, store_id, message_id, understanding, said, elapsed_ms, created_at)
              VALUES ('c', 1, 's', 'm', '{}', '[]', 5, 0);
            INSERT INTO appointments (id, store_id, customer_id, service_id, starts_at, ends_at, bay, created_at, updated_at)
              VALUES ('a', 's', 'u', 'oil-change', 900000, 1800000, 2, 0, 0);
            INSERT INTO reservations (store_id, bay, quarter, appointment_id) VALUES ('s', 2, 1, 'a');
            INSERT INTO repair_orders (id, store_id, customer_id, number, stage, updated_at)
              VALUES ('o', 's', 'u', '1', 'waiting-for-parts', 7);
            INSERT INTO outbox (id, store_id, line_id, conversation_id, appointment_id, kind, recipient, text, due_at,
              expires_at, created_at, updated_at) VALUES ('d', 's', 'l', 'c', 'a', 'reminder', '+2', 'x', 0, 9, 0, 0);";
        database.script(rows).unwrap();
        block_on(migrate(&database)).unwrap();
        let kept = "SELECT o.text, o.customer_id FROM outbox o JOIN appointments a ON a.id = o.appointment_id";
        let rows = block_on(database.run(Statement::new(kept))).unwrap().0;
        assert_eq!(serde_json::json!(rows), serde_json::json!([{"text": "x", "customer_id": "u"}]));
        let seats = "SELECT c.resource, c.unit, a.stations FROM claims c JOIN appointments a ON a.id = c.holder";
        let rows = block_on(database.run(Statement::new(seats))).unwrap().0;
        let stations = r#"[{"bay":2,"minutes":15}]"#;
        assert_eq!(
            serde_json::json!(rows),
            serde_json::json!([{"resource": "bay:2", "unit": 1, "stations": stations}])
        );
        let turn = "SELECT t.number, t.elapsed_ms, t.act, m.text FROM turns t JOIN messages m ON m.id = t.message_id";
        let rows = block_on(database.run(Statement::new(turn))).unwrap().0;
        assert_eq!(
            serde_json::json!(rows),
            serde_json::json!([{"number": 1, "elapsed_ms": 5, "act": null, "text": "hello"}])
        );
        let order = Statement::new("SELECT stage, opened_at, version FROM repair_orders");
        let rows = block_on(database.run(order)).unwrap().0;
        assert_eq!(
            serde_json::json!(rows),
            serde_json::json!([{"stage": "parts_ordered", "opened_at": 7, "version": 0}])
        );
    }

    /// Whose they are is not known yet.
    const OF_NOBODY: [&str; 1] = ["sign_in_failures"];

    #[test]
    fn of_doubled_entries_of_the_waitlist_one_stays() {
        let database = NativeDatabase::in_memory().unwrap();
        let before = MIGRATIONS.iter().take_while(|(name, _)| *name != "0018_waitlist.sql");
        let record = "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE);";
        database.script(record).unwrap();
        for (name, script) in before {
            database.script(script).unwrap();
            database.script(&format!("INSERT INTO d1_migrations (name) VALUES ('{name}')")).unwrap();
        }
        let rows = "INSERT INTO stores (id, group_id, profile) VALUES ('s', 'g', '{}');
            INSERT INTO lines (id, store_id, provider, address, credentials) VALUES ('l', 's', 'twilio', '+1', '');
            INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('u', 's', 0, 0);
            INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
              VALUES ('c', 's', 'l', '+2', 'u', 'en', '{}', 0, 0);
            INSERT INTO waitlist (id, store_id, customer_id, conversation_id, services, wish, status, until, queued_at,
                created_at, updated_at)
              SELECT value ->> 0, 's', 'u', 'c', value ->> 1, '{}', value ->> 2, 9, value ->> 3, 0, 0 FROM json_each('[
                [\"first\", \"[1]\", \"waiting\", 1], [\"second\", \"[1]\", \"waiting\", 2], [\"gone\", \"[1]\", \"booked\", 0],
                [\"asked\", \"[2]\", \"waiting\", 1], [\"held\", \"[2]\", \"offered\", 2], [\"too\", \"[2]\", \"offered\", 3]]');
            INSERT INTO claims (store_id, resource, unit, seat, holder) VALUES ('s', 'bay:1', 1, 1, 'held');
            INSERT INTO claims (store_id, resource, unit, seat, holder) VALUES ('s', 'bay:1', 2, 1, 'too');";
        database.script(rows).unwrap();
        block_on(migrate(&database)).unwrap();
        let entries = "SELECT group_concat(id, ' ') AS entries, (SELECT group_concat(holder) FROM claims) AS holders FROM \
             (SELECT id FROM waitlist WHERE status IN ('waiting', 'offered') ORDER BY id)";
        let rows = database.look(Statement::new(entries)).unwrap().0;
        assert_eq!(serde_json::json!(rows), serde_json::json!([{"entries": "first held", "holders": "held"}]));
    }

    #[test]
    fn every_table_names_its_store_or_group() {
        #[derive(Deserialize)]
        struct Table {
            name: String,
            sql: String,
        }
        let database = NativeDatabase::in_memory().unwrap();
        block_on(migrate(&database)).unwrap();
        let select = Statement::new(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'd1_migrations' \
             AND name NOT GLOB 'findable_*'",
        );
        let tables: Vec<Table> = block_on(database.run(select)).unwrap().decode().unwrap();
        assert!(tables.len() > 10);
        for table in tables.iter().filter(|table| !OF_NOBODY.contains(&table.name.as_str())) {
            assert!(
                table.sql.contains("store_id") || table.sql.contains("group_id"),
                "{} belongs to nobody",
                table.name
            );
        }
    }

    /// Where a row that others refer to is deleted, SQLite looks for those others. Lines are few, and only a move deletes
    /// them.
    #[test]
    fn what_refers_to_a_row_is_found_by_an_index() {
        #[derive(Deserialize)]
        struct Reference {
            child: String,
            column: String,
        }
        let database = NativeDatabase::in_memory().unwrap();
        block_on(migrate(&database)).unwrap();
        let without_index = Statement::new(
            "SELECT m.name AS child, f.\"from\" AS \"column\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f \
             WHERE m.type = 'table' AND f.\"table\" <> 'lines' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) i \
               JOIN pragma_index_info(i.name) c ON c.seqno = 0 AND c.name = f.\"from\")",
        );
        let references: Vec<Reference> = database.look(without_index).unwrap().decode().unwrap();
        let names: Vec<String> = references.iter().map(|found| format!("{}.{}", found.child, found.column)).collect();
        assert_eq!(names, Vec::<String>::new());
    }
}
