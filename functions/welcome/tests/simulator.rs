//! The page and the phone over a real schema and a demo store.

#![allow(clippy::unwrap_used)] // helpers of tests are outside what clippy knows as tests

use chrono::TimeDelta;
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
use lanekeeper_platform::{Database, HttpError, OutboundResponse, Platform, Request, Response, Statement};
use lanekeeper_storage::{enter_line, enter_store, migrate, seal};
use lanekeeper_welcome::handle;
use serde_json::{Value, json};

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const PEER: &str = "+13125550123";
const THREAD: &str = "/simulator/lakeside-sms/messages";

/// A Friday, 9:00 in Chicago.
const NOW: &str = "2026-11-20T15:00:00Z";

fn profile(change: impl FnOnce(&mut Value)) -> String {
    let mut profile = serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap();
    change(&mut profile);
    profile.to_string()
}

/// A platform with one store and its lines: one that may be simulated, and one that serves real customers.
fn platform_with(profile: &str) -> NativePlatform {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(migrate(&database)).unwrap();
    let credentials = |line: &str| {
        seal(
            KEY,
            line,
            [7; 12],
            r#"{"account_sid":"AC00000000000000000000000000000000","auth_token":"demo-twilio-token"}"#,
        )
    };
    let store =
        Statement::new("INSERT INTO stores (id, group_id, profile) VALUES ('lakeside', 'demo', ?1)").bind(profile);
    let line = |id: &str, simulated: bool| {
        Statement::new(
            "INSERT INTO lines (id, store_id, provider, address, credentials, simulated) \
             VALUES (?1, 'lakeside', 'twilio', '+15005550006', ?2, ?3)",
        )
        .bind(id)
        .bind(credentials(id).unwrap())
        .bind(simulated)
    };
    let entries = ["lakeside-sms", "lakeside-real"].map(|line| enter_line(line, "lakeside"));
    let rows = [store, line("lakeside-sms", true), line("lakeside-real", false), enter_store("lakeside", "demo", 1)];
    block_on(database.batch(rows.into_iter().chain(entries).collect())).unwrap();
    NativePlatform::new(database.forbidding_scans(), NOW.parse().unwrap())
        .with_setting("SIMULATOR", "on")
        .with_setting("SEALING_KEY", KEY)
}

fn platform() -> NativePlatform {
    platform_with(&profile(|_| ()))
}

fn request(method: &str, path: &str) -> Request {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let origin = "http://127.0.0.1:8787".to_owned();
    Request { method: method.into(), origin, path: path.into(), query: query.into(), ..Request::default() }
}

fn get(platform: &NativePlatform, path: &str) -> Response {
    block_on(handle(platform, &request("GET", path)))
}

fn post(platform: &NativePlatform, path: &str, body: &Value) -> Response {
    let mut request = request("POST", path);
    request.headers.push(("content-type".into(), "application/json; charset=utf-8".into()));
    request.body = body.to_string().into_bytes();
    block_on(handle(platform, &request))
}

fn message(number: u32, text: &str) -> Value {
    json!({"id": format!("SM{number:032x}"), "from": PEER, "text": text})
}

/// Sends a text, and gives back the thread.
fn say(platform: &NativePlatform, number: u32, text: &str) -> Value {
    platform.clock.advance(TimeDelta::seconds(20));
    let response = post(platform, THREAD, &message(number, text));
    assert_eq!(response.status, 200, "{}", body(&response));
    json_of(&response)
}

fn body(response: &Response) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

fn json_of(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

fn last_text(thread: &Value) -> &str {
    thread["messages"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap()
}

fn count(platform: &NativePlatform, table: &'static str) -> i64 {
    let rows = platform.directory().look(Statement::new(format!("SELECT count(*) AS n FROM {table}"))).unwrap();
    rows.0[0]["n"].as_i64().unwrap()
}

#[test]
fn a_text_becomes_an_appointment_and_its_confirmation_joins_the_thread() {
    let platform = platform();
    say(&platform, 1, "I need an oil change on Tuesday at 3pm, it's a 2019 Honda CR-V");
    let asked = say(&platform, 2, "Maria Lopez");
    assert!(last_text(&asked).contains("Shall I book"), "{}", last_text(&asked));
    let booked = say(&platform, 3, "yes");
    let appointment = &booked["customer"]["appointments"][0];
    assert_eq!(appointment["starts_at"], "2026-11-24T21:00:00.000Z");
    assert_eq!(appointment["services"], json!(["Oil change"]));
    assert_eq!(booked["customer"]["name"], "Maria Lopez");
    assert_eq!(booked["messages"][0]["understanding"]["source"], "built-in");

    // What leaves goes through the stand-in for Twilio, and then shows.
    platform.settings.set("TWILIO_API_URL", "http://127.0.0.1:8787/simulator/twilio");
    platform.http.serve(|outbound| {
        let path = outbound.url.strip_prefix("http://127.0.0.1:8787").unwrap();
        let mut inner = request(outbound.method.as_str(), path);
        inner.headers.clone_from(&outbound.headers);
        inner.body.clone_from(&outbound.body);
        let response = block_on(handle(&self::platform(), &inner));
        Ok::<_, HttpError>(OutboundResponse { status: response.status, headers: response.headers, body: response.body })
    });
    let due = platform.directory().look(Statement::new("SELECT id FROM outbox WHERE kind = 'booked'")).unwrap();
    let id = due.0[0]["id"].as_str().unwrap().to_owned();
    block_on(lanekeeper_deliver::deliver(&platform, &[id]));
    let shown = json_of(&get(&platform, &format!("{THREAD}?from=%2B13125550123")));
    assert!(last_text(&shown).contains("your appointment is booked"), "{}", last_text(&shown));
}

#[test]
fn the_same_message_again_has_no_second_effect() {
    let platform = platform();
    let first = say(&platform, 1, "Are you open on Saturday?");
    assert_eq!(say(&platform, 1, "Are you open on Saturday?"), first);
    assert_eq!((count(&platform, "turns"), count(&platform, "messages")), (1, 2));
}

#[test]
fn it_works_behind_a_proxy_too() {
    let platform = platform().with_setting("PUBLIC_URL", "https://edge.example/");
    assert!(last_text(&say(&platform, 1, "How much is an oil change?")).contains("$79.95"));
    assert!(body(&get(&platform, "/")).contains("curl https://edge.example/api/v1/stores/lakeside/"));
}

#[test]
fn only_lines_for_it_and_numbers_of_nobody() {
    let platform = platform();
    let status = |path: &str, body: &Value| post(&platform, path, body).status;
    assert_eq!(status("/simulator/lakeside-real/messages", &message(1, "hi")), 404);
    assert_eq!(status("/simulator/nowhere/messages", &message(1, "hi")), 404);
    assert_eq!(get(&platform, "/simulator/lakeside-real/messages?from=%2B13125550123").status, 404);
    assert_eq!(get(&platform, &format!("{THREAD}?from=%2B13125551234")).status, 400);
    assert_eq!(get(&platform, THREAD).status, 400);
    let with = |key: &str, value: Value| {
        let mut message = message(1, "hi");
        message[key] = value;
        message
    };
    assert_eq!(status(THREAD, &with("from", json!("+13125551234"))), 400);
    assert_eq!(status(THREAD, &with("id", json!("SM1"))), 400);
    assert_eq!(status(THREAD, &with("text", json!(" "))), 400);
    assert_eq!(status(THREAD, &with("text", json!("长".repeat(1601)))), 400);
    assert_eq!(status(THREAD, &with("media", json!([]))), 400);
    assert_eq!(status(THREAD, &with("text", json!("a".repeat(30_000)))), 413);
    assert_eq!(block_on(handle(&platform, &request("POST", THREAD))).status, 415);
    assert_eq!(block_on(handle(&platform, &request("DELETE", THREAD))).status, 405);
    assert_eq!(count(&platform, "messages"), 0);
    assert_eq!(status(THREAD, &with("text", json!("长".repeat(1600)))), 200);
}

#[test]
fn one_number_cannot_fill_a_database() {
    let platform = platform();
    say(&platform, 1, "hi");
    let more = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) \
        INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, created_at) \
        SELECT 'm' || i, 'lakeside', c.id, 'lakeside-sms', 'customer', 'again', 0 FROM n, conversations c";
    platform.directory().look(Statement::new(more)).unwrap();
    let refused = post(&platform, THREAD, &message(2, "hi"));
    assert_eq!((refused.status, json_of(&refused)["title"].clone()), (429, json!("Too many messages")));
}

#[test]
fn off_means_off() {
    let platform = platform().with_setting("SIMULATOR", "off");
    for (method, path) in
        [("GET", THREAD), ("POST", THREAD), ("POST", "/simulator/twilio/2010-04-01/Accounts/AC1/Messages.json")]
    {
        let response = block_on(handle(&platform, &request(method, path)));
        assert_eq!(response.status, 404, "{path}");
        assert!(json_of(&response)["detail"].as_str().unwrap().contains("SIMULATOR=on"));
    }
    let page = get(&platform, "/");
    assert_eq!(page.status, 200);
    assert!(
        body(&page).contains("SIMULATOR=on") && !body(&page).contains("Lakeside") && !body(&page).contains("<script")
    );
    assert_eq!(get(&platform, "/simulator/app.css").status, 200);
}

#[test]
fn the_page_stands_without_stores_and_without_a_database() {
    let empty =
        NativePlatform::new(NativeDatabase::in_memory().unwrap(), NOW.parse().unwrap()).with_setting("SIMULATOR", "on");
    assert!(body(&get(&empty, "/")).contains("The database does not answer"));
    block_on(migrate(empty.directory())).unwrap();
    let page = get(&empty, "/");
    assert!(page.status == 200 && body(&page).contains("make run"));
}

#[test]
fn names_come_out_as_text() {
    let evil = "</div><script>alert(1)</script>\"'&";
    let platform = platform_with(&profile(|profile| {
        profile["name"] = json!(evil);
        profile["address"] = json!(evil);
    }));
    let customer = "INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('c', 'lakeside', 0, 0)";
    let identity = "INSERT INTO identities VALUES ('lakeside', 'phone', '+15005550100', 'c')";
    let vehicle = "INSERT INTO vehicles (id, store_id, customer_id, make, model, updated_at) \
        VALUES ('v', 'lakeside', 'c', '<script>alert(2)</script>', '''', 0)";
    let order = "INSERT INTO repair_orders (id, store_id, customer_id, vehicle_id, number, stage, updated_at) \
        VALUES ('o', 'lakeside', 'c', 'v', '1', 'completed', 0)";
    block_on(platform.directory().batch([customer, identity, vehicle, order].map(Statement::new).into())).unwrap();
    let page = body(&get(&platform, "/"));
    assert_eq!(page.matches("<script").count(), 1, "only the page's own");
    assert!(page.contains("&lt;/div&gt;&lt;script&gt;alert(1)") && page.contains("alert(2)"));

    // A thread is JSON, and says so; the page's script puts it in as text.
    let thread = post(&platform, THREAD, &message(1, evil));
    assert!(thread.headers.contains(&("content-type".to_owned(), "application/json".to_owned())));
    assert_eq!(json_of(&thread)["messages"][0]["text"], evil);
}

#[test]
fn real_customers_are_nobody_to_play() {
    let platform = platform();
    let script = [
        "INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('c', 'lakeside', 0, 0)",
        "INSERT INTO identities VALUES ('lakeside', 'phone', '+13125551234', 'c')",
        "INSERT INTO vehicles (id, store_id, customer_id, make, updated_at) VALUES ('v', 'lakeside', 'c', 'Saab', 0)",
        "INSERT INTO repair_orders (id, store_id, customer_id, vehicle_id, number, stage, updated_at) \
         VALUES ('o', 'lakeside', 'c', 'v', '1', 'completed', 0)",
    ];
    block_on(platform.directory().batch(script.map(Statement::new).into())).unwrap();
    let page = body(&get(&platform, "/"));
    assert!(!page.contains("3125551234") && !page.contains("Saab"));
}

#[test]
fn the_page_is_light_and_loads_nothing_from_elsewhere() {
    let platform = platform();
    let page = get(&platform, "/");
    let html = body(&page);
    let style = body(&get(&platform, "/simulator/app.css"));
    let script = body(&get(&platform, "/simulator/app.js"));
    assert!(html.len() + style.len() + script.len() <= 40_000);
    let policy = &page.headers.iter().find(|(name, _)| name == "content-security-policy").unwrap().1;
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains(" onclick="));
    assert!(!script.contains("innerHTML") && !style.contains("url("));
}

#[test]
fn the_stand_in_answers_as_twilio_does() {
    let platform = platform();
    let path = "/simulator/twilio/2010-04-01/Accounts/AC1/Messages.json";
    let ask = |method: &str, authorization: Option<&str>, body: &str| {
        let mut request = request(method, path);
        request.headers.extend(authorization.map(|value| ("authorization".to_owned(), value.to_owned())));
        request.body = body.into();
        block_on(handle(&platform, &request))
    };
    let secret = "Basic QUMxOnNlY3JldA==";
    assert_eq!(json_of(&ask("POST", None, ""))["code"], 20003);
    assert_eq!(json_of(&ask("POST", Some(secret), "From=%2B1&Body=x"))["code"], 21604);
    let sent = ask("POST", Some(secret), "To=%2B13125550123&From=%2B15005550006&Body=Hello");
    let answer = json_of(&sent);
    assert_eq!((sent.status, &answer["status"], &answer["body"]), (201, &json!("queued"), &json!("Hello")));
    let sid = answer["sid"].as_str().unwrap();
    assert!(sid.len() == 34 && sid.starts_with("SM"));
    assert!(!body(&sent).contains("QUMx") && platform.logged().is_empty());
    assert_eq!(json_of(&ask("GET", Some(secret), ""))["messages"], json!([]));
    assert_eq!(ask("PUT", Some(secret), "").status, 405);
}
