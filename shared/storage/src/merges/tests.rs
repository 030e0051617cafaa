use super::*;
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::Database;
use std::collections::BTreeSet;

/// Ann, who texts, and a visitor whose id is younger. Each has a conversation, a car, an appointment, an order, a wish.
fn two() -> NativeDatabase {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(crate::migrate(&database)).unwrap();
    let stores = "INSERT INTO stores (id, group_id, profile) VALUES ('s', 'g', '{}');
        INSERT INTO lines (id, store_id, provider, address, credentials) VALUES ('sms', 's', 'twilio', '+1', ''),
          ('chat', 's', 'widget', 'w', '');
        INSERT INTO customers (id, store_id, name, created_at, updated_at) VALUES ('ann', 's', NULL, 0, 0), ('visitor', 's', 'Ann', 0, 0);
        INSERT INTO identities (store_id, kind, address, customer_id) VALUES ('s', 'phone', '+1312', 'ann'), ('s', 'visitor', 'abc', 'visitor');";
    let of = |(who, line, peer): (&str, &str, &str)| {
        format!(
            "INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
               VALUES ('c-{who}', 's', '{line}', '{peer}', '{who}', 'en', '{{}}', 0, 0);
             INSERT INTO vehicles (id, store_id, customer_id, updated_at) VALUES ('v-{who}', 's', '{who}', 0);
             INSERT INTO maintenance (vehicle_id, service_id, store_id, customer_id, done_at, mileage, due_at, tell_at)
               VALUES ('v-{who}', 'oil', 's', '{who}', 0, 0, 0, 0);
             INSERT INTO appointments (id, store_id, customer_id, conversation_id, vehicle_id, service_id, starts_at, ends_at, bay, created_at, updated_at)
               VALUES ('a-{who}', 's', '{who}', 'c-{who}', 'v-{who}', 'oil', 1, 2, 1, 0, 0);
             INSERT INTO repair_orders (id, store_id, customer_id, number, stage, updated_at) VALUES ('o-{who}', 's', '{who}', '{who}', 'completed', 0);
             INSERT INTO waitlist (id, store_id, customer_id, conversation_id, services, wish, until, queued_at, created_at, updated_at)
               VALUES ('w-{who}', 's', '{who}', 'c-{who}', '[\"{who}\"]', '{{}}', 9, 0, 0, 0);
             INSERT INTO satisfaction (id, store_id, customer_id, conversation_id, score, at) VALUES ('s-{who}', 's', '{who}', 'c-{who}', 5, 0);
             INSERT INTO outbox (id, store_id, line_id, conversation_id, customer_id, kind, recipient, text, due_at, expires_at, created_at, updated_at)
               VALUES ('d-{who}', 's', '{line}', 'c-{who}', '{who}', 'booked', '{peer}', 'x', 0, 9, 0, 0);"
        )
    };
    let rows = [("ann", "sms", "+1312"), ("visitor", "chat", "abc")].map(of).concat();
    database.script(&format!("{stores}{rows}")).unwrap();
    database.forbidding_scans()
}

/// Whose each row is, of every table that has a customer.
fn owners(database: &NativeDatabase) -> Vec<String> {
    let rows = |sql: String| database.look(Statement::new(sql)).unwrap().0;
    let tables = rows("SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'customer_id' WHERE m.type = 'table' ORDER BY 1".to_owned());
    let tables: Vec<String> = tables.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
    let known: BTreeSet<&str> = OWNED.into_iter().chain(["identities", "maintenance"]).collect();
    assert_eq!(
        tables.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        known,
        "merges.rs lists every table with a customer"
    );
    let of = |table: &String| {
        let key = match table.as_str() {
            "identities" => "address",
            "maintenance" => "vehicle_id",
            _ => "id",
        };
        rows(format!("SELECT '{table} ' || {key} || ' ' || customer_id AS line FROM {table} ORDER BY {key}"))
    };
    tables.iter().flat_map(of).map(|row| row["line"].as_str().unwrap().to_owned()).collect()
}

fn merge() -> Merge<'static> {
    Merge { id: "m", store: "s", into: "ann", from: "visitor", how: "phone_code" }
}

fn names(database: &NativeDatabase) -> String {
    let rows = database.look(Statement::new("SELECT id, name, merged_into FROM customers ORDER BY id")).unwrap().0;
    serde_json::json!(rows).to_string()
}

#[test]
fn all_becomes_the_first_ones_and_goes_back_again() {
    let database = two();
    let (before, named) = (owners(&database), names(&database));
    block_on(database.batch(merge_customers(&merge(), DateTime::UNIX_EPOCH))).unwrap();
    assert!(owners(&database).iter().all(|line| line.ends_with(" ann")), "{:?}", owners(&database));
    assert!(names(&database).starts_with(r#"[{"id":"ann","merged_into":null,"name":"Ann"}"#), "{}", names(&database));
    block_on(database.batch(split_customers("s", "m", DateTime::UNIX_EPOCH))).unwrap();
    assert_eq!(owners(&database), before);
    assert_eq!(names(&database), named);
    block_on(database.batch(split_customers("s", "m", DateTime::UNIX_EPOCH))).unwrap();
    assert_eq!(owners(&database), before, "again changes nothing");
}

#[test]
fn what_came_through_the_chat_since_goes_with_it() {
    let database = two();
    block_on(database.batch(merge_customers(&merge(), DateTime::UNIX_EPOCH))).unwrap();
    database
        .script(
            "INSERT INTO vehicles (id, store_id, customer_id, updated_at) VALUES ('n-car', 's', 'ann', 0);
             INSERT INTO appointments (id, store_id, customer_id, conversation_id, vehicle_id, service_id, starts_at, ends_at, bay, created_at, updated_at)
               VALUES ('a-new', 's', 'ann', 'c-visitor', 'n-car', 'oil', 3, 4, 1, 0, 0), ('a-texted', 's', 'ann', 'c-ann', 'v-ann', 'oil', 5, 6, 1, 0, 0);",
        )
        .unwrap();
    block_on(database.batch(split_customers("s", "m", DateTime::UNIX_EPOCH))).unwrap();
    let owners = owners(&database);
    for line in ["appointments a-new visitor", "vehicles n-car visitor", "appointments a-texted ann"] {
        assert!(owners.iter().any(|other| other == line), "{line}: {owners:?}");
    }
}

#[test]
fn who_waits_twice_for_the_same_waits_once() {
    let database = two();
    database
        .script(
            "UPDATE waitlist SET services = '[\"oil\"]' WHERE id LIKE 'w-%';
             INSERT INTO claims (store_id, resource, unit, seat, holder) VALUES ('s', 'bay:1', 1, 1, 'w-visitor');",
        )
        .unwrap();
    block_on(database.batch(merge_customers(&merge(), DateTime::UNIX_EPOCH))).unwrap();
    let waiting = database.look(Statement::new("SELECT id FROM waitlist WHERE status = 'waiting'")).unwrap().0;
    assert_eq!(serde_json::json!(waiting).to_string(), r#"[{"id":"w-ann"}]"#);
    assert!(database.look(Statement::new("SELECT 1 FROM claims")).unwrap().is_empty());
}

#[test]
fn nobody_is_merged_twice_or_with_themselves_or_into_somebody_elsewhere() {
    let database = two();
    let fails = |merge: Merge| block_on(database.batch(merge_customers(&merge, DateTime::UNIX_EPOCH))).is_err();
    assert!(fails(Merge { from: "ann", ..merge() }));
    assert!(fails(Merge { store: "other", ..merge() }));
    block_on(database.batch(merge_customers(&merge(), DateTime::UNIX_EPOCH))).unwrap();
    assert!(fails(Merge { id: "m2", ..merge() }));
}
