//! Measures, natively and in one run: how long it takes to find openings, and what a turn costs when much is stored.
//! `MEASURE_ROWS=1000,100000,1000000` says how many messages and appointments are stored.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a command-line tool, which shows where it fails
#![allow(clippy::disallowed_methods)] // it measures the machine's time, and decides nothing by it

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use lanekeeper_conversations::Shop;
use lanekeeper_domain::openings::{Booked, Load, Opening, Station, openings};
use lanekeeper_domain::{Store, Work};
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::Shards;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

fn main() {
    measure_openings();
    let rows = std::env::var("MEASURE_ROWS").unwrap_or_else(|_| "1000,100000,1000000".to_owned());
    measure_turns(&rows.split(',').map(|rows| rows.trim().parse().unwrap()).collect::<Vec<_>>());
}

fn friday() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|date| date.and_hms_opt(10, 0, 0)).unwrap()
}

/// 60 days, 20 technicians, 500 bookings.
fn measure_openings() {
    const ROUNDS: u32 = 200;
    let mut profile: serde_json::Value =
        serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap();
    let skills: BTreeSet<String> = profile["services"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|service| Some(service["skill"].as_str()?.to_owned()))
        .collect();
    let technician = |number| json!({"id": format!("t{number}"), "name": format!("T{number}"), "skills": skills});
    let technicians: Vec<_> = (1..=20).map(technician).collect();
    profile["technicians"] = json!(technicians);
    let bays = profile["bays"].as_array_mut().unwrap();
    bays.extend((bays.len() as u32 + 1..=20).map(|number| json!({"number": number})));
    profile["booking"]["days_ahead"] = json!(60);
    let store: Store = serde_json::from_value(profile).unwrap();
    assert_eq!(store.problem(), None);
    let now = store.instant(friday()).unwrap();
    let booked: Vec<Booked> = (0..500).map(|number| booking(now, number)).collect();
    let (from, until) = (friday().date(), friday().date() + Duration::days(60));
    let work = Work::of(&store, &["oil-change".to_owned()], None);
    let started = Instant::now();
    let load = Load::new(&store, from, until, booked.iter().cloned());
    let found = openings(&store, &load, &work, now).len();
    let first = started.elapsed();
    let whole = median_of(ROUNDS, || {
        let load = Load::new(&store, from, until, booked.iter().cloned());
        std::hint::black_box(openings(&store, &load, &work, now));
    });
    let search = median_of(ROUNDS, || drop(std::hint::black_box(openings(&store, &load, &work, now))));
    println!("\n| openings: 60 days, 20 technicians, 500 bookings, {found} found | µs |\n|---|---:|");
    println!("| load from the bookings and search, the first time | {} |", first.as_micros());
    println!("| the same, median of {ROUNDS} | {whole} |");
    println!("| the search alone, median of {ROUNDS} | {search} |");
}

/// How long it takes, in microseconds; the median, because other work on the machine makes some rounds longer.
fn median_of(rounds: u32, mut work: impl FnMut()) -> u128 {
    let times = (0..rounds).map(|_| {
        let started = Instant::now();
        work();
        started.elapsed().as_micros()
    });
    median(times.collect())
}

fn median(mut times: Vec<u128>) -> u128 {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The n-th booking: eight to nine a day, an hour each, in turns of bays and technicians.
fn booking(now: DateTime<Utc>, number: i64) -> Booked {
    let start = now + Duration::days(1 + number / 9) + Duration::minutes(45 * (number % 9));
    let seat = (number % 20) as u32 + 1;
    let station = Station { bay: seat, technician: Some(format!("t{seat}")), minutes: 60 };
    let opening = Opening { start, stations: vec![station], advisor: None };
    Booked { opening, services: vec!["oil-change".to_owned()], transport: None }
}

/// What each customer of the measurement texts. Some are new, some have been there for years.
const TEXTS: [&str; 7] = [
    "Hi, I need a tire rotation",
    "What time do you close on Saturday?",
    "the first one",
    "2019 Honda CR-V",
    "Dana Reed",
    "yes",
    "How much is an oil change?",
];
const CUSTOMERS: u32 = 40;

fn measure_turns(sizes: &[u32]) {
    let mut columns = Vec::new();
    for size in sizes {
        let directory = std::env::temp_dir().join(format!("lanekeeper-measure-{}-{size}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let times = turns_over(*size, &directory);
        std::fs::remove_dir_all(&directory).unwrap();
        columns.push(times);
    }
    let heads: Vec<String> = sizes.iter().map(|size| format!("{size}")).collect();
    println!("\n| µs per turn, by stored messages and as many appointments | {} | last to first |", heads.join(" | "));
    println!("|---|{}", "---:|".repeat(sizes.len() + 1));
    for (place, text) in TEXTS.iter().enumerate() {
        let times: Vec<u128> = columns.iter().map(|times| times[place]).collect();
        let cells: Vec<String> = times.iter().map(u128::to_string).collect();
        let ratio = times[times.len() - 1] as f64 / times[0].max(1) as f64;
        println!("| {text} | {} | {ratio:.2} |", cells.join(" | "));
    }
}

/// The median of what each turn takes, in microseconds, on files with this much in them.
fn turns_over(rows: u32, directory: &Path) -> Vec<u128> {
    let open = |name: &str| {
        let database = NativeDatabase::open(directory.join(name)).unwrap();
        block_on(lanekeeper_storage::migrate(&database)).unwrap();
        database
    };
    let shop = Shop::on(Shards::new(open("1.db"), vec![open("2.db")]), "lakeside", &[], friday());
    eprint!("  {rows} messages and appointments: storing … ");
    fill(shop.database(), rows, shop.now());
    eprint!("measuring … ");
    let mut times: Vec<Vec<u128>> = vec![Vec::new(); TEXTS.len()];
    for customer in 0..CUSTOMERS {
        // Every other one has a history.
        let from = if customer % 2 == 0 { format!("+1312555{customer:04}") } else { format!("+1773555{customer:04}") };
        for (text, times) in TEXTS.iter().zip(&mut times) {
            shop.next_message();
            let started = Instant::now();
            let answer = shop.try_again(&from, text);
            times.push(started.elapsed().as_micros());
            assert_eq!(answer.status, 200);
        }
        shop.platform.clock.advance(Duration::seconds(1));
    }
    eprintln!("done");
    times.into_iter().map(median).collect()
}

/// Stores messages and appointments: a hundred of each per customer, over the years; and some appointments to come.
fn fill(database: &NativeDatabase, rows: u32, now: DateTime<Utc>) {
    let (customers, now) = (rows.div_ceil(100), now.timestamp_millis());
    database
        .script(&format!(
            "BEGIN;
            CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);
            WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {rows}) INSERT INTO n SELECT i FROM c;
            INSERT INTO customers (id, store_id, name, created_at, updated_at)
              SELECT 'c' || i, 'lakeside', 'Customer ' || i, 0, 0 FROM n WHERE i <= {customers};
            INSERT INTO identities (store_id, kind, address, customer_id)
              SELECT 'lakeside', 'phone', printf('+1773555%04d', i), 'c' || i FROM n WHERE i <= {customers};
            INSERT INTO vehicles (id, store_id, customer_id, year, make, model, updated_at)
              SELECT 'v' || i, 'lakeside', 'c' || i, 2019, 'Honda', 'CR-V', 0 FROM n WHERE i <= {customers};
            INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
              SELECT 'k' || i, 'lakeside', 'lakeside-sms', printf('+1773555%04d', i), 'c' || i, 'en', '{{}}', 0, i
              FROM n WHERE i <= {customers};
            INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, provider_message_id, created_at)
              SELECT 'm' || i, 'lakeside', 'k' || (1 + i % {customers}), 'lakeside-sms', 'customer',
                'Hello, is there anything free on Tuesday after three for an oil change?', 'P' || i, {now} - i * 60000 FROM n;
            INSERT INTO appointments (id, store_id, customer_id, vehicle_id, service_id, starts_at, ends_at, bay, created_at, updated_at)
              SELECT 'a' || i, 'lakeside', 'c' || (1 + i % {customers}), 'v' || (1 + i % {customers}), 'oil-change',
                {now} - 86400000 - i * 900000, {now} - 86400000 - i * 900000 + 2700000, 1 + i % 4, 0, 0 FROM n;
            INSERT INTO appointments (id, store_id, customer_id, service_id, starts_at, ends_at, bay, created_at, updated_at)
              SELECT 'b' || i, 'lakeside', 'c1', 'oil-change', {now} + i * 10800000, {now} + i * 10800000 + 2700000, 1, 0, 0
              FROM n WHERE i <= 400;
            DROP TABLE n;
            COMMIT;"
        ))
        .unwrap();
}
