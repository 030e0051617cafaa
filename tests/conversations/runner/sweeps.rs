//! What the clock finds: once, and only where it should.

#![allow(clippy::unwrap_used)] // helpers of tests are outside what clippy knows as tests

use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
use lanekeeper_platform::{Database, Platform, Row, Statement};
use lanekeeper_schedule::tick;
use lanekeeper_storage::{enter_line, enter_store, migrate};
use serde_json::{Value, json};

/// A Friday, noon in Chicago.
const NOON: &str = "2026-11-20T18:00:00Z";

/// A store with a line and a customer who once wrote and has a car.
fn shop(change: impl FnOnce(&mut Value)) -> NativePlatform {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(migrate(&database)).unwrap();
    let mut profile: Value = serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap();
    change(&mut profile);
    let store = Statement::new("INSERT INTO stores (id, group_id, profile) VALUES ('lakeside', 'demo', ?1)");
    let line =
        "INSERT INTO lines (id, store_id, provider, address, credentials) VALUES ('l', 'lakeside', 'twilio', '+1', '')";
    let rows = vec![
        store.bind(profile.to_string()),
        Statement::new(line),
        enter_store("lakeside", "demo", 1),
        enter_line("l", "lakeside"),
    ];
    block_on(database.batch(rows)).unwrap();
    let people = "INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('dana', 'lakeside', 0, 0);
        INSERT INTO identities (store_id, kind, address, customer_id) VALUES ('lakeside', 'phone', '+13125550123', 'dana');
        INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
          VALUES ('talk', 'lakeside', 'l', '+13125550123', 'dana', 'en', '{}', 0, 0);
        INSERT INTO vehicles (id, store_id, customer_id, year, make, model, updated_at)
          VALUES ('crv', 'lakeside', 'dana', 2019, 'Honda', 'CR-V', 0);";
    database.script(people).unwrap();
    NativePlatform::new(database, NOON.parse().unwrap())
}

fn run(platform: &NativePlatform, sql: &'static str) -> Vec<Row> {
    block_on(platform.shards().directory().run(Statement::new(sql))).unwrap().0
}

/// A visit that ended at this date with this mileage, and at which the oil was changed.
fn visit(platform: &NativePlatform, number: &str, date: &str, mileage: u32) {
    let left: DateTime<Utc> = format!("{date}T18:00:00Z").parse().unwrap();
    platform.clock.set(left);
    let order = Statement::new(
        "INSERT INTO repair_orders (id, store_id, customer_id, vehicle_id, number, stage, mileage_in, opened_at, updated_at) \
         VALUES (?1, 'lakeside', 'dana', 'crv', ?1, 'closed', ?2, ?3, ?3)",
    );
    let line = Statement::new(
        "INSERT INTO operations (id, store_id, order_id, position, name, service_id, pay_type, labor, parts, authorization, \
         progress) VALUES (?1 || '-1', 'lakeside', ?1, 1, 'Oil change', 'oil-change', 'customer_pay', 1000, '[]', 'authorized', \
         'completed')",
    );
    let batch = vec![order.bind(number).bind(mileage).bind(left.timestamp_millis()), line.bind(number)];
    block_on(platform.shards().directory().batch(batch)).unwrap();
    block_on(tick(platform));
}

fn messages(platform: &NativePlatform, kind: &'static str) -> Vec<(String, String)> {
    let rows = run(platform, "SELECT kind, status, text FROM outbox ORDER BY created_at, id");
    let rows = rows.into_iter().filter(|row| row["kind"] == kind);
    rows.map(|row| (row["status"].as_str().unwrap().to_owned(), row["text"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn what_follows_a_visit_is_arranged_once() {
    let platform = shop(|_| ());
    visit(&platform, "1", "2026-11-20", 30_000);
    block_on(tick(&platform));
    run(&platform, "UPDATE repair_orders SET followed_up_at = NULL");
    block_on(tick(&platform));
    assert_eq!(messages(&platform, "satisfaction").len(), 1, "its key lets no second one in");
}

#[test]
fn regular_work_is_told_of_when_the_odometer_will_have_come_so_far() {
    let platform = shop(|profile| profile["services"][0]["every"] = json!({"months": 12, "mileage": 5000}));
    visit(&platform, "1", "2026-08-12", 25_000);
    // 50 miles a day: the next 5000 are driven in 100 days.
    visit(&platform, "2", "2026-11-20", 30_000);
    let due: DateTime<Utc> = "2027-02-28T18:00:00Z".parse().unwrap();
    let plans = run(&platform, "SELECT due_at, tell_at, told_at FROM maintenance");
    assert_eq!(plans[0]["due_at"], json!(due.timestamp_millis()));
    assert_eq!(plans[0]["tell_at"], json!((due - TimeDelta::days(14)).timestamp_millis()));
    platform.clock.set(due - TimeDelta::days(14) - TimeDelta::minutes(1));
    block_on(tick(&platform));
    assert!(messages(&platform, "maintenance_due").is_empty());
    platform.clock.advance(TimeDelta::minutes(1));
    block_on(tick(&platform));
    block_on(tick(&platform));
    let told = messages(&platform, "maintenance_due");
    assert_eq!(told.len(), 1);
    assert!(told[0].1.contains("Oil change") && told[0].1.contains("2019 Honda CR-V"), "{}", told[0].1);
    // Done again: the next time is planned anew.
    visit(&platform, "3", "2027-03-10", 35_500);
    assert_eq!(run(&platform, "SELECT told_at FROM maintenance")[0]["told_at"], Value::Null);
}

#[test]
fn a_store_that_records_no_arrivals_misses_nobody() {
    let missed = |minutes: Value| {
        let platform = shop(|profile| profile["notifications"] = json!({"no_show_after_minutes": minutes}));
        let noon = NOON.parse::<DateTime<Utc>>().unwrap().timestamp_millis();
        let insert = Statement::new(
            "INSERT INTO appointments (id, store_id, customer_id, service_id, starts_at, ends_at, bay, created_at, updated_at) \
             VALUES ('a', 'lakeside', 'dana', 'oil-change', ?1 - 1800000, ?1, 1, 0, 0)",
        );
        block_on(platform.shards().directory().run(insert.bind(noon))).unwrap();
        block_on(tick(&platform));
        block_on(tick(&platform));
        (
            messages(&platform, "no_show").len(),
            run(&platform, "SELECT no_show_at FROM appointments")[0]["no_show_at"].is_i64(),
        )
    };
    assert_eq!(missed(Value::Null), (0, false));
    assert_eq!(missed(json!(30)), (1, true));
    assert_eq!(missed(json!(31)), (0, false));
}

/// Puts this many customers on the waitlist at once, behind those who are there, all with this wish (JSON).
fn queue(platform: &NativePlatform, from: u32, count: u32, time_zone: &str, wish: &str) {
    let people = format!(
        "CREATE TEMP TABLE new AS WITH RECURSIVE n (id) AS (VALUES ({from}) UNION ALL SELECT id + 1 FROM n WHERE id < {from} + {count} - 1)
           SELECT 'w' || id AS id, '+1312555' || id AS peer FROM n;
         INSERT INTO customers (id, store_id, time_zone, created_at, updated_at) SELECT id, 'lakeside', '{time_zone}', 0, 0 FROM new;
         INSERT INTO identities (store_id, kind, address, customer_id) SELECT 'lakeside', 'phone', peer, id FROM new;
         INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
           SELECT id, 'lakeside', 'l', peer, id, 'en', '{{}}', 0, 0 FROM new;
         INSERT INTO waitlist (id, store_id, customer_id, conversation_id, services, wish, until, queued_at, created_at, updated_at)
           SELECT id, 'lakeside', id, id, '[\"oil-change\"]', '{wish}', 1e15, {from}, 0, 0 FROM new;
         DROP TABLE new;
         INSERT INTO freed (store_id, at) VALUES ('lakeside', 1) ON CONFLICT DO UPDATE SET at = at + 1;"
    );
    platform.shards().directory().script(&people).unwrap();
}

/// What nobody offers: the store is closed at that time.
const NEVER: &str = r#"{"time_after": "23:00:00"}"#;

fn offered(platform: &NativePlatform) -> Vec<String> {
    let rows = run(platform, "SELECT id FROM waitlist WHERE status = 'offered' AND store_id = 'lakeside' ORDER BY id");
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn whoever_waits_is_looked_at_however_long_the_queue() {
    let platform = shop(|_| ());
    queue(&platform, 1000, 130, "America/Chicago", NEVER);
    queue(&platform, 2000, 1, "America/Chicago", "{}");
    let ticks = (1..9).find(|_| {
        block_on(tick(&platform));
        !offered(&platform).is_empty()
    });
    assert_eq!(offered(&platform), ["w2000"]);
    assert_eq!(ticks, Some(3), "fifty at a time");
    assert_eq!(run(&platform, "SELECT * FROM freed WHERE store_id = 'lakeside'").len(), 0, "all have been looked at");
}

#[test]
fn who_must_not_be_texted_now_keeps_nobody_waiting_and_comes_first_in_the_morning() {
    let platform = shop(|_| ());
    platform.clock.set("2026-11-20T16:00:00Z".parse().unwrap()); // ten in Chicago, six in Honolulu
    queue(&platform, 1000, 60, "Pacific/Honolulu", "{}");
    queue(&platform, 2000, 1, "America/Chicago", "{}");
    block_on(tick(&platform));
    assert_eq!(offered(&platform), Vec::<String>::new());
    block_on(tick(&platform));
    assert_eq!(offered(&platform), ["w2000"]);
    platform.clock.set("2026-11-20T18:30:00Z".parse().unwrap());
    // Whatever part of the queue it was at: two ticks look through all of it.
    (0..2).for_each(|_| block_on(tick(&platform)));
    assert!(offered(&platform).contains(&"w1000".to_owned()), "{:?}", offered(&platform));
}

#[test]
fn what_becomes_free_while_the_queue_is_looked_through_is_offered_to_the_first() {
    let platform = shop(|_| ());
    queue(&platform, 1000, 60, "America/Chicago", NEVER);
    block_on(tick(&platform));
    let now_it_fits = "UPDATE waitlist SET wish = '{}' WHERE id = 'w1000' AND store_id = 'lakeside'";
    run(&platform, now_it_fits);
    run(&platform, "UPDATE freed SET at = at + 1 WHERE store_id = 'lakeside'");
    block_on(tick(&platform));
    assert_eq!(offered(&platform), Vec::<String>::new(), "this tick went on from the fiftieth");
    block_on(tick(&platform));
    assert_eq!(offered(&platform), ["w1000"]);
}
