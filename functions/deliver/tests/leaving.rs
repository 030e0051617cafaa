//! What is asked at the last moment before a message leaves, and what becomes of one that a line cannot deliver.

#![allow(clippy::unwrap_used)] // helpers of tests are outside what clippy knows as tests

use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_channels::twilio::sign;
use lanekeeper_deliver::{Outcome, deliver};
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on, json_answer};
use lanekeeper_platform::{Clock, Database, Platform, Request, Row, Statement};
use lanekeeper_storage::{enter_line, enter_store, migrate, seal};
use serde_json::{Value, json};
use std::time::Duration;

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const TOKEN: &str = "token";

/// A Friday, noon in Chicago.
const NOON: &str = "2026-11-20T18:00:00Z";

/// A store with two lines and one customer, who lives in Chicago.
fn shop(notifications: &Value, now: &str) -> NativePlatform {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(migrate(&database)).unwrap();
    let mut profile: Value = serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap();
    profile["notifications"] = notifications.clone();
    let store = Statement::new("INSERT INTO stores (id, group_id, profile) VALUES ('lakeside', 'demo', ?1)");
    let line = |id: &str, address: &str| {
        let credentials = json!({"account_sid": "AC1", "auth_token": TOKEN}).to_string();
        let sealed = seal(KEY, id, [7; 12], &credentials).unwrap();
        Statement::new("INSERT INTO lines (id, store_id, provider, address, credentials) VALUES (?1, 'lakeside', 'twilio', ?2, ?3)")
            .bind(id)
            .bind(address)
            .bind(sealed)
    };
    let rows = vec![
        store.bind(profile.to_string()),
        line("first", "+15005550006"),
        line("second", "+15005550007"),
        enter_store("lakeside", "demo", 1),
        enter_line("first", "lakeside"),
        enter_line("second", "lakeside"),
    ];
    block_on(database.batch(rows)).unwrap();
    let people = "INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('dana', 'lakeside', 0, 0);
        INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
          VALUES ('talk', 'lakeside', 'first', '+13125550123', 'dana', 'es', '{}', 0, 0);
        INSERT INTO appointments (id, store_id, customer_id, service_id, starts_at, ends_at, bay, created_at, updated_at)
          VALUES ('visit', 'lakeside', 'dana', 'oil-change', 1795618800000, 1795622400000, 1, 0, 0);";
    database.script(people).unwrap();
    let platform = NativePlatform::new(database, now.parse().unwrap()).with_setting("SEALING_KEY", KEY);
    platform.http.serve(|_| Ok(json_answer(201, &json!({"sid": "SM1", "status": "queued"}))));
    platform
}

fn run(platform: &NativePlatform, statement: Statement) -> Vec<Row> {
    block_on(platform.shards().directory().run(statement)).unwrap().0
}

fn sql(platform: &NativePlatform, script: &str) {
    platform.shards().directory().script(script).unwrap();
}

/// Writes a message that is due since a minute ago and makes sense for a day.
fn queue(platform: &NativePlatform, id: &str, kind: &str, class: &str) {
    let now = platform.clock().now();
    let insert = Statement::new(
        "INSERT INTO outbox (id, store_id, line_id, conversation_id, customer_id, appointment_id, kind, class, recipient, \
         text, due_at, expires_at, created_at, updated_at) \
         VALUES (?1, 'lakeside', 'first', 'talk', 'dana', 'visit', ?2, ?3, '+13125550123', 'Hola', ?4, ?5, ?4, ?4)",
    );
    let at = |time: DateTime<Utc>| time.timestamp_millis();
    let insert = insert.bind(id).bind(kind).bind(class);
    run(platform, insert.bind(at(now - TimeDelta::minutes(1))).bind(at(now + TimeDelta::days(1))));
}

fn leave(platform: &NativePlatform, id: &str) -> Outcome {
    block_on(deliver(platform, &[id.to_owned()])).pop().unwrap()
}

/// Status, line, and what was noted.
fn row(platform: &NativePlatform, id: &str) -> (String, String, String) {
    let select = Statement::new("SELECT status, line_id, COALESCE(last_error, '') AS note FROM outbox WHERE id = ?1");
    let row = run(platform, select.bind(id)).pop().unwrap();
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    (text("status"), text("line_id"), text("note"))
}

fn status(platform: &NativePlatform, id: &str) -> String {
    row(platform, id).0
}

#[test]
fn an_opt_out_holds_for_what_was_queued_before() {
    let platform = shop(&json!({}), NOON);
    queue(&platform, "m", "ready", "informational");
    sql(
        &platform,
        "INSERT INTO opt_outs (line_id, address, store_id, since) VALUES ('first', '+13125550123', 'lakeside', 0);",
    );
    leave(&platform, "m");
    assert_eq!(row(&platform, "m"), ("withdrawn".into(), "first".into(), "the recipient has opted out".into()));
    assert!(platform.http.requests().is_empty());
}

#[test]
fn a_topic_that_is_not_wanted_is_spared_and_nothing_else() {
    let platform = shop(&json!({}), NOON);
    sql(
        &platform,
        "INSERT INTO consents (store_id, address, topic, agreed, since) VALUES ('lakeside', '+13125550123', 'reminders', 0, 0);",
    );
    queue(&platform, "r", "reminder_24h", "informational");
    queue(&platform, "m", "ready", "informational");
    leave(&platform, "r");
    leave(&platform, "m");
    assert_eq!((status(&platform, "r").as_str(), status(&platform, "m").as_str()), ("withdrawn", "sent"));
}

#[test]
fn what_sells_needs_an_opt_in_and_comes_once_a_week() {
    let platform = shop(&json!({}), NOON);
    queue(&platform, "early", "declined_work", "promotional");
    sql(&platform, "UPDATE outbox SET appointment_id = NULL; UPDATE appointments SET starts_at = 0, ends_at = 1;");
    leave(&platform, "early");
    assert_eq!(status(&platform, "early"), "withdrawn");
    sql(
        &platform,
        "INSERT INTO consents (store_id, address, topic, agreed, since) VALUES ('lakeside', '+13125550123', 'ads', 1, 0);",
    );
    queue(&platform, "first", "declined_work", "promotional");
    queue(&platform, "second", "maintenance_due", "promotional");
    leave(&platform, "first");
    leave(&platform, "second");
    assert_eq!((status(&platform, "first").as_str(), status(&platform, "second").as_str()), ("sent", "withdrawn"));
    platform.clock.advance(TimeDelta::days(7));
    queue(&platform, "third", "maintenance_due", "promotional");
    leave(&platform, "third");
    assert_eq!(status(&platform, "third"), "sent", "{:?}", row(&platform, "third"));
}

#[test]
fn at_night_it_waits_for_the_morning_at_the_customers_place() {
    // 20:30 in Chicago: in New York it is night.
    let platform = shop(&json!({}), "2026-11-21T02:30:00Z");
    queue(&platform, "m", "ready", "informational");
    queue(&platform, "reply", "booked", "conversational");
    sql(&platform, "UPDATE customers SET time_zone = 'America/New_York';");
    leave(&platform, "m");
    leave(&platform, "reply");
    assert_eq!(status(&platform, "reply"), "sent", "who books at night is awake");
    let select = Statement::new("SELECT status, due_at, attempts, first_tried_at FROM outbox WHERE id = 'm'");
    let waiting = run(&platform, select).pop().unwrap();
    assert_eq!(
        (&waiting["status"], &waiting["attempts"], &waiting["first_tried_at"]),
        (&json!("pending"), &json!(0), &Value::Null)
    );
    let morning: DateTime<Utc> = "2026-11-21T13:00:00Z".parse().unwrap();
    assert_eq!(waiting["due_at"], json!(morning.timestamp_millis()));
    platform.clock.set(morning);
    leave(&platform, "m");
    assert_eq!(status(&platform, "m"), "sent");
}

#[test]
fn nobody_is_reminded_of_what_was_called_off() {
    let platform = shop(&json!({}), NOON);
    queue(&platform, "r", "reminder_2h", "informational");
    sql(&platform, "UPDATE appointments SET status = 'cancelled';");
    leave(&platform, "r");
    assert_eq!(row(&platform, "r").2, "it was no longer true");
}

#[test]
fn a_number_that_one_line_cannot_reach_is_tried_on_the_next_one_once() {
    let platform = shop(&json!({"lines": ["first", "second"]}), NOON);
    queue(&platform, "m", "ready", "informational");
    platform.http.answer(Ok(json_answer(400, &json!({"code": 21614, "status": 400}))));
    assert_eq!(leave(&platform, "m"), Outcome::Again(Duration::ZERO));
    assert_eq!((status(&platform, "m").as_str(), row(&platform, "m").1.as_str()), ("pending", "second"));
    leave(&platform, "m");
    let sent = String::from_utf8(platform.http.requests().pop().unwrap().body).unwrap();
    assert!(sent.contains("From=%2B15005550007"), "{sent}");
    let joined =
        Statement::new("SELECT c.line_id, c.language FROM messages m JOIN conversations c ON c.id = m.conversation_id");
    let joined = run(&platform, joined).pop().unwrap();
    assert_eq!((&joined["line_id"], &joined["language"]), (&json!("second"), &json!("es")));

    queue(&platform, "n", "ready", "informational");
    for _ in 0..2 {
        platform.http.answer(Ok(json_answer(400, &json!({"code": 21614, "status": 400}))));
        leave(&platform, "n");
    }
    assert_eq!(row(&platform, "n").0, "parked", "there is no third line");
}

#[test]
fn a_refusal_that_is_not_the_lines_is_not_tried_elsewhere() {
    let platform = shop(&json!({"lines": ["first", "second"]}), NOON);
    queue(&platform, "m", "ready", "informational");
    platform.http.answer(Ok(json_answer(400, &json!({"code": 21610, "status": 400}))));
    leave(&platform, "m");
    assert_eq!((row(&platform, "m").0.as_str(), row(&platform, "m").1.as_str()), ("withdrawn", "first"));
}

/// Twilio's receipt for a message, as its webhook.
fn receipt(platform: &NativePlatform, delivery: &str, message: &str, code: &str) -> u16 {
    let query = format!("delivery={delivery}");
    let url = format!("https://edge.test/channels/twilio/first/status?{query}");
    let body = format!("ErrorCode={code}&MessageSid={message}&MessageStatus=undelivered").into_bytes();
    let request = Request {
        method: "POST".to_owned(),
        origin: "https://edge.test".to_owned(),
        path: "/channels/twilio/first/status".to_owned(),
        query,
        headers: vec![
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("x-twilio-signature".to_owned(), sign(&body, &url, TOKEN).unwrap()),
        ],
        body,
    };
    block_on(lanekeeper_webhooks::handle(platform, &request)).status
}

#[test]
fn what_a_carrier_could_not_deliver_is_tried_on_the_next_line() {
    let platform = shop(&json!({"lines": ["first", "second"]}), NOON);
    for (delivery, code, wanted) in
        [("landline", "30006", ("pending", "second")), ("blocked", "30004", ("undelivered", "first"))]
    {
        let sid = format!("SM{code:0>32}");
        let answered = sid.clone();
        platform.http.serve(move |_| Ok(json_answer(201, &json!({"sid": answered, "status": "queued"}))));
        queue(&platform, delivery, "ready", "informational");
        leave(&platform, delivery);
        assert_eq!(status(&platform, delivery), "sent");
        assert_eq!(receipt(&platform, delivery, &sid, code), 204);
        let (status, line, _) = row(&platform, delivery);
        assert_eq!((status.as_str(), line.as_str()), wanted, "{delivery}");
    }
}
