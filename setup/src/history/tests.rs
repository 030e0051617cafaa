use super::*;
use crate::demo;
use lanekeeper_domain::repair_order::Stage;
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::{Database, Row};
use std::collections::BTreeSet;

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A Friday: the afternoon in Chicago, the night in Hangzhou.
const FRIDAY: &str = "2026-11-20T20:10:00Z";

fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

/// A shard's database with the demo's stores and nothing else.
fn bare(setup: &Setup, shard: u32) -> NativeDatabase {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(lanekeeper_storage::migrate(&database)).unwrap();
    block_on(database.batch(setup.statements(KEY, shard).unwrap())).unwrap();
    database
}

fn loaded(setup: &Setup, shard: u32, now: &str) -> NativeDatabase {
    let database = bare(setup, shard);
    block_on(database.batch(rows(setup, shard, at(now)).unwrap())).unwrap();
    database
}

fn look(database: &NativeDatabase, sql: &str) -> Vec<Row> {
    database.look(Statement::new(sql.to_owned())).unwrap().0
}

fn count(database: &NativeDatabase, what: &str) -> i64 {
    look(database, &format!("SELECT count(*) AS n FROM {what}"))[0]["n"].as_i64().unwrap()
}

/// Every row of every table that a store has.
fn everything(database: &NativeDatabase) -> Vec<Row> {
    let rows = |table: &lanekeeper_storage::Table| look(database, &format!("SELECT * FROM {}", table.name));
    lanekeeper_storage::TABLES.iter().flat_map(rows).collect()
}

#[test]
fn the_same_moment_gives_the_same_rows_and_loading_them_twice_changes_nothing() {
    let (setup, shard) = (demo::setup().unwrap(), 1);
    let statements = rows(&setup, shard, at(FRIDAY)).unwrap();
    assert_eq!(statements, rows(&setup, shard, at(FRIDAY)).unwrap());
    let longest = statements.iter().map(|statement| crate::sql::text(statement).len()).max();
    assert!(longest < Some(100_000), "D1 takes no longer statement: {longest:?}");
    let database = bare(&setup, shard);
    // It begins, is interrupted, and goes on; as text and as statements.
    for statement in &statements[..statements.len() / 2] {
        database.script(&crate::sql::text(statement)).unwrap();
    }
    block_on(database.batch(statements.clone())).unwrap();
    let all = everything(&database);
    assert!(all.len() > 3000, "{}", all.len());
    // Something is given up, and stays so when the demo is loaded again, on the same day or another.
    block_on(database.run(Statement::new("DELETE FROM claims WHERE holder = (SELECT max(holder) FROM claims)")))
        .unwrap();
    let left = everything(&database);
    assert!(left.len() < all.len());
    block_on(database.batch(statements.clone())).unwrap();
    block_on(database.batch(rows(&setup, shard, at("2026-11-21T15:00:00Z")).unwrap())).unwrap();
    assert_eq!(everything(&database), left);

    let with_its_own = bare(&setup, shard);
    let own = "INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('own', 'lakeside', 0, 0);
        INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
          VALUES ('own', 'lakeside', 'lakeside-sms', '+13125550199', 'own', 'en', '{}', 0, 0);";
    with_its_own.script(own).unwrap();
    let before = everything(&with_its_own);
    block_on(with_its_own.batch(statements)).unwrap();
    assert_eq!(everything(&with_its_own), before, "a store with a history of its own is given none");
}

/// Whatever the hour and the day, there is something on every page.
#[test]
fn every_page_has_something_to_show_whatever_the_hour() {
    let setup = demo::setup().unwrap();
    for (shard, now) in [
        (1, FRIDAY),
        (2, FRIDAY),
        (1, "2026-11-27T11:00:00Z"), // before dawn, on the day after a holiday
    ] {
        let database = loaded(&setup, shard, now);
        shows_every_page(&setup, &database, now);
        stands_to_reason(&database, at(now).timestamp_millis());
    }
}

fn shows_every_page(setup: &Setup, database: &NativeDatabase, now: &str) {
    let id = look(database, "SELECT id FROM stores")[0]["id"].as_str().unwrap().to_owned();
    let store = setup.profiles.iter().find(|store| store.id == id).unwrap();
    let has = |least: i64, what: &str| {
        let found = count(database, what);
        assert!(found >= least, "{id} at {now}: {found} of {what}");
    };
    has(90, "conversations");
    has(60, "appointments");
    has(40, "repair_orders");
    has(8, "conversations WHERE line_id LIKE '%-chat'");
    let days = (1..15).map(|days| store.local(at(now)).date() + chrono::Days::new(days));
    let next = days.into_iter().find(|day| !store.hours.on(*day).is_empty()).unwrap();
    let [from, until] = [next, next + chrono::Days::new(1)]
        .map(|day| store.instant(day.and_hms_opt(0, 0, 0).unwrap()).unwrap().timestamp_millis());
    has(4, &format!("appointments WHERE status = 'booked' AND starts_at BETWEEN {from} AND {until}"));
    has(1, "appointments WHERE no_show_at IS NOT NULL");
    has(1, "appointments WHERE status = 'cancelled'");
    has(1, "appointments WHERE sequence > 0 AND status = 'booked'");
    for stage in [
        Stage::VehicleReceived,
        Stage::Evaluation,
        Stage::AwaitingCustomerAuthorization,
        Stage::PartsOrdered,
        Stage::WorkInProgress,
        Stage::QualityAssurance,
        Stage::Completed,
        Stage::Closed,
    ] {
        has(1, &format!("repair_orders WHERE stage = '{}'", stage.as_str()));
    }
    has(1, "operations WHERE authorization = 'requested'");
    has(1, "operations WHERE authorization = 'declined'");
    has(1, "conversations WHERE mood = 'angry' AND handling = 'person' AND assignee IS NULL");
    has(2, "conversations WHERE handling = 'person' AND waiting_since IS NOT NULL AND assignee IS NULL");
    has(1, "conversations WHERE joined_at IS NOT NULL AND snoozed_until IS NULL");
    has(1, "conversations WHERE assignee IS NOT NULL AND joined_at IS NULL");
    has(1, &format!("conversations WHERE snoozed_until > {}", at(now).timestamp_millis()));
    has(1, "conversations WHERE result = 'settled'");
    has(1, "conversations WHERE result = 'lead'");
    has(3, "conversations WHERE tags <> '[]'");
    has(2, "notes");
    has(9, "audit_log");
    has(1, "waitlist WHERE status IN ('waiting', 'offered')");
    has(1, "opt_outs");
    has(1, "outbox WHERE status = 'parked'");
    has(5, "satisfaction WHERE score = 5");
    has(1, "satisfaction WHERE comment IS NOT NULL");
}

/// Nothing is in the future or left undone, seats are taken as they must be, and nobody's phone number is anybody's.
fn stands_to_reason(database: &NativeDatabase, now: i64) {
    for (table, column) in [
        ("messages", "created_at"),
        ("turns", "created_at"),
        ("order_events", "at"),
        ("conversation_events", "at"),
        ("conversations", "updated_at"),
        ("outbox", "updated_at"),
        ("appointments", "arrived_at"),
    ] {
        assert_eq!(count(database, &format!("{table} WHERE {column} > {now}")), 0, "{table}.{column}");
    }
    assert_eq!(count(database, &format!("outbox WHERE status = 'pending' AND due_at <= {now} - 60000")), 0);
    assert_eq!(look(database, "PRAGMA foreign_key_check").len(), 0);
    let without_seats =
        "appointments a WHERE status = 'booked' AND NOT EXISTS (SELECT 1 FROM claims WHERE holder = a.id)";
    assert_eq!(count(database, without_seats), 0);
    let of_nobody = "claims c WHERE NOT EXISTS (SELECT 1 FROM appointments WHERE id = c.holder AND status = 'booked') \
         AND NOT EXISTS (SELECT 1 FROM waitlist WHERE id = c.holder AND status = 'offered')";
    assert_eq!(count(database, of_nobody), 0);
    let phones = look(database, "SELECT address FROM identities WHERE kind = 'phone'");
    let phones: BTreeSet<&str> = phones.iter().map(|row| row["address"].as_str().unwrap()).collect();
    assert!(phones.len() > 90);
    let nobodys = |phone: &str| phone.starts_with("+86120") || phone.get(5..10) == Some("55501");
    assert!(phones.iter().all(|phone| nobodys(phone)), "{phones:?}");
}

/// The names that customers read are those of the accounts.
#[test]
fn who_acts_has_an_account() {
    let accounts = demo::staff::accounts(&["lakeside"]);
    let text: String = accounts.iter().map(crate::sql::text).collect();
    for person in [demo::staff::OWNER, demo::staff::ADVISOR, demo::staff::SECOND_ADVISOR] {
        assert!(text.contains(&format!("'{}'", person.account)) && text.contains(person.name), "{}", person.account);
    }
}
