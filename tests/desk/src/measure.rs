//! Measures, natively and in one run: the inbox's page when a store has many conversations, and what one idle inbox and one
//! idle chat ask of the database per minute. `MEASURE_CONVERSATIONS=1000,100000` says how many conversations there are.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a command-line tool, which shows where it fails
#![allow(clippy::disallowed_methods)] // it measures the machine's time, and decides nothing by it

use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_desk_tests::{Browser, Deployment};
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::{Clock, Database, Platform, Request, Statement};
use lanekeeper_storage::enter_line;
use serde_json::Value;
use std::time::Instant;

const PAGES: [(&str, &str); 5] = [
    ("the inbox, all stores", "/desk/inbox"),
    ("the same, unassigned", "/desk/inbox?view=unassigned"),
    ("the same, closed", "/desk/inbox?view=closed"),
    ("a word that is in every message", "/desk/inbox?q=Tuesday"),
    ("one phone number", "/desk/inbox?q=%2B17735550042"),
];
const ROUNDS: u32 = 15;

fn main() {
    let sizes = std::env::var("MEASURE_CONVERSATIONS").unwrap_or_else(|_| "1000,100000".to_owned());
    let sizes: Vec<u32> = sizes.split(',').map(|size| size.trim().parse().unwrap()).collect();
    let mut app = Deployment::new();
    for size in sizes {
        app = measure_pages(size);
    }
    measure_waiting(&app);
}

/// Opens each page in a deployment with this many conversations, and gives the deployment back.
fn measure_pages(size: u32) -> Deployment {
    let app = Deployment::new();
    let stores = app.platform.shards();
    fill(stores.get(1).unwrap().database, size, app.platform.clock().now());
    let mut browser = app.signed_in("owner@demo.example");
    println!("\n| a page of the desk at {size} conversations | batches | kB | µs |\n|---|---:|---:|---:|");
    for (name, address) in PAGES {
        let before = app.batches();
        let page = browser.get(address);
        assert_eq!(page.status, 200, "{address}");
        let (batches, size) = (app.batches() - before, page.body.len() as f64 / 1000.0);
        let mut times: Vec<u128> = (0..ROUNDS).map(|_| timed(|| browser.get(address))).collect();
        times.sort_unstable();
        println!("| {name} | {batches} | {size:.1} | {} |", times[times.len() / 2]);
    }
    app
}

fn timed<T>(mut work: impl FnMut() -> T) -> u128 {
    let started = Instant::now();
    drop(work());
    started.elapsed().as_micros()
}

/// What waiting for news costs while there are none.
fn measure_waiting(app: &Deployment) {
    println!("\n| per minute, while nothing happens | requests | batches |\n|---|---:|---:|");
    let mut browser = app.signed_in("owner@demo.example");
    let known = news_of_the_list(&mut browser);
    wait(app, "an inbox of two stores on two shards", || {
        let answer = browser.get(&format!("/desk/inbox/live?list={known}"));
        assert_eq!(answer.status, 204, "there was news");
    });
    let chat = Chat::begin(app);
    wait(app, "an open chat", || chat.wait());
}

/// The pulse of the inbox as it stands.
fn news_of_the_list(browser: &mut Browser<'_>) -> String {
    let answer = browser.get("/desk/inbox/live?list=none");
    let news: Value = serde_json::from_str(answer.header("x-news").unwrap()).unwrap();
    news["list"].as_str().unwrap().to_owned()
}

/// Runs one request that waits in vain, on the deployment's own clock.
fn wait(app: &Deployment, name: &str, mut request: impl FnMut()) {
    let (batches, begun) = (app.batches(), app.platform.clock().now());
    request();
    let minutes = (app.platform.clock().now() - begun).as_seconds_f64() / 60.0;
    println!("| {name} | {:.1} | {:.0} |", 1.0 / minutes, (app.batches() - batches) as f64 / minutes);
}

/// A visitor's chat with one message in it.
struct Chat<'a> {
    app: &'a Deployment,
    cursor: String,
    mark: String,
}

const LINE: &str = "lakeside-chat";

impl<'a> Chat<'a> {
    fn begin(app: &'a Deployment) -> Self {
        let put = "INSERT INTO lines (id, store_id, provider, address, credentials) VALUES (?1, 'lakeside', 'widget', 'widget:' || ?1, '')";
        block_on(app.platform.directory().run(Statement::new(put).bind(LINE))).unwrap();
        block_on(app.platform.directory().run(enter_line(LINE, "lakeside"))).unwrap();
        let mut chat = Self { app, cursor: String::new(), mark: String::new() };
        let answer = chat.call("POST", "messages", br#"{"id": "first-message", "text": "How much is an oil change?"}"#);
        answer["cursor"].as_str().unwrap().clone_into(&mut chat.cursor);
        answer["mark"].as_str().unwrap().clone_into(&mut chat.mark);
        chat
    }

    fn wait(&self) {
        let query = format!("messages?after={}&mark={}&wait=25", self.cursor, self.mark);
        let answer = self.call("GET", &query, b"");
        assert_eq!(answer["messages"].as_array().map(Vec::len), Some(0), "there was news");
    }

    fn call(&self, method: &str, action: &str, body: &[u8]) -> Value {
        let (path, query) = action.split_once('?').unwrap_or((action, ""));
        let request = Request {
            method: method.to_owned(),
            origin: "https://desk.example".to_owned(),
            path: format!("/widget/{LINE}/api/{path}"),
            query: query.to_owned(),
            headers: vec![("authorization".to_owned(), format!("Bearer {}", "m".repeat(43)))],
            body: body.to_vec(),
        };
        let response = block_on(lanekeeper_widget::handle(&self.app.platform, &request));
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        serde_json::from_slice(&response.body).unwrap()
    }
}

/// Conversations of two years with four messages each; a tenth are with a person, half of these wait, and a third are closed.
fn fill(database: &NativeDatabase, size: u32, now: DateTime<Utc>) {
    let (now, apart) = (now.timestamp_millis(), TimeDelta::days(730).num_milliseconds() / i64::from(size));
    database
        .script(&format!(
            "BEGIN;
            CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);
            WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {size}) INSERT INTO n SELECT i FROM c;
            INSERT INTO customers (id, store_id, name, created_at, updated_at)
              SELECT 'c' || i, 'lakeside', 'Customer ' || i, 0, 0 FROM n;
            INSERT INTO identities (store_id, kind, address, customer_id)
              SELECT 'lakeside', 'phone', printf('+1773555%04d', i), 'c' || i FROM n;
            INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at, handling,
                waiting_since, status)
              SELECT 'k' || i, 'lakeside', 'line-lakeside', printf('+1773555%04d', i), 'c' || i, 'en', '{{}}', 0, {now} - i * {apart},
                iif(i % 10 = 0, 'person', 'ai'), iif(i % 20 = 0, {now} - i * {apart}, NULL), iif(i % 3 = 0, 'closed', 'open')
              FROM n;
            INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, provider_message_id, created_at, position)
              SELECT 'm' || i || '.' || p.value, 'lakeside', 'k' || i, 'line-lakeside', iif(p.value % 2, 'ai', 'customer'),
                'Is there anything free on Tuesday after three, number ' || i || '?', 'P' || i || '.' || p.value,
                {now} - i * {apart} - (4 - p.value) * 60000, p.value
              FROM n, json_each('[0,1,2,3]') p;
            DROP TABLE n;
            COMMIT;"
        ))
        .unwrap();
}
