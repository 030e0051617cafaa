//! Alerts: whom they find, how they reach them, and what becomes of the conversation.

#![allow(clippy::unwrap_used)] // helpers of tests are outside what clippy knows as tests

use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_deliver::deliver;
use lanekeeper_domain::staff::Role;
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on, json_answer};
use lanekeeper_platform::{Clock, Database, OutboundRequest, OutboundResponse, Platform, Row, Statement};
use lanekeeper_storage::{
    NewAccount, NewAlert, StoredSubscription, alert_wake_up, enter_line, enter_store, keep_presence, migrate,
    put_account, put_alert, put_membership, put_push_subscription, seal, set_alert_phone,
};
use serde_json::{Value, json};

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const VAPID: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
const BROWSER: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

/// A Friday, noon in Chicago.
const NOON: &str = "2026-11-20T18:00:00Z";

/// A store with a line, and a customer who wants a person; Dana and Marcus each have a browser, Marcus a phone as well.
fn shop() -> NativePlatform {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(migrate(&database)).unwrap();
    let now: DateTime<Utc> = NOON.parse().unwrap();
    let profile = include_str!("../../../demo/stores/lakeside.json");
    let credentials = json!({"account_sid": "AC1", "auth_token": "token"}).to_string();
    let mut rows = vec![
        Statement::new("INSERT INTO stores (id, group_id, profile) VALUES ('lakeside', 'demo', ?1)").bind(profile),
        Statement::new(
            "INSERT INTO lines (id, store_id, provider, address, credentials) \
             VALUES ('sms', 'lakeside', 'twilio', '+15005550006', ?1)",
        )
        .bind(seal(KEY, "sms", [7; 12], &credentials).unwrap()),
        enter_store("lakeside", "demo", 1),
        enter_line("sms", "lakeside"),
    ];
    for (id, role) in [("dana", Role::Advisor), ("marcus", Role::Agent), ("vera", Role::Viewer)] {
        let email = format!("{id}@demo.example");
        rows.push(put_account(&NewAccount { id, group: "demo", email: &email, name: id, password: None }));
        rows.push(put_membership(id, Some("lakeside"), role));
        let subscription = StoredSubscription {
            endpoint: format!("https://push.example.net/{id}"),
            p256dh: BROWSER.to_owned(),
            auth: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
        };
        rows.push(put_push_subscription(("demo", id), &format!("browser-{id}"), &subscription, now));
    }
    rows.push(set_alert_phone("marcus", Some("+13125550199"), true, now));
    block_on(database.batch(rows)).unwrap();
    let people = "INSERT INTO customers (id, store_id, name, created_at, updated_at) VALUES ('ana', 'lakeside', 'Ana', 0, 0);
        INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, handling, state, opened_at, updated_at)
          VALUES ('talk', 'lakeside', 'sms', '+13125550123', 'ana', 'en', 'person', '{}', 0, 0);";
    database.script(people).unwrap();
    let platform = NativePlatform::new(database, now)
        .with_setting("SEALING_KEY", KEY)
        .with_setting("VAPID_PRIVATE_KEY", VAPID)
        .with_setting("VAPID_SUBJECT", "mailto:ops@demo.example");
    answer_with(&platform, 201);
    platform
}

/// Push services answer with this status; Twilio takes whatever it gets.
fn answer_with(platform: &NativePlatform, status: u16) {
    platform.http.serve(move |request: &OutboundRequest| {
        let twilio = request.url.contains("twilio");
        let accepted = json!({"sid": "SM1", "status": "queued"});
        Ok(if twilio {
            json_answer(201, &accepted)
        } else {
            OutboundResponse { status, ..OutboundResponse::default() }
        })
    });
}

fn run(platform: &NativePlatform, statement: Statement) -> Vec<Row> {
    block_on(platform.shards().directory().run(statement)).unwrap().0
}

fn rows(platform: &NativePlatform, sql: &'static str) -> Vec<Row> {
    run(platform, Statement::new(sql))
}

fn there(platform: &NativePlatform, account: &str) {
    run(platform, keep_presence("lakeside", account, platform.clock().now()));
}

/// Alerts, and gives back where requests went.
fn alert(platform: &NativePlatform, id: &str, kind: &str, account: Option<&str>, except: Option<&str>) -> Vec<String> {
    let now = platform.clock().now();
    let before = platform.http.requests().len();
    let alert = NewAlert { id, store: "lakeside", conversation: "talk", kind, account, except, due_at: now };
    run(platform, put_alert(&alert, now));
    block_on(deliver(platform, &[alert_wake_up(id)]));
    platform.http.requests().into_iter().skip(before).map(|request| request.url).collect()
}

fn assignee(platform: &NativePlatform) -> Value {
    rows(platform, "SELECT assignee FROM conversations")[0]["assignee"].clone()
}

#[test]
fn it_finds_who_is_there_and_expects_it_of_them() {
    let platform = shop();
    there(&platform, "dana");
    assert_eq!(alert(&platform, "a", "handed_over", None, None), ["https://push.example.net/dana"]);
    assert_eq!(assignee(&platform), "dana");
    let request = platform.http.requests().pop().unwrap();
    let header = |name: &str| request.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!(
        (header("content-encoding"), header("topic"), header("ttl")),
        (Some("aes128gcm"), Some("talk"), Some("7200"))
    );
    assert!(header("authorization").unwrap().starts_with("vapid t="));
    let events = rows(&platform, "SELECT event, account, detail FROM conversation_events");
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0]["event"], &events[0]["account"]), (&json!("assigned"), &Value::Null));
    assert_eq!(rows(&platform, "SELECT number, act FROM turns")[0]["act"], "route", "a turn of its own");
}

#[test]
fn where_nobody_is_there_everybody_hears_of_it_in_every_way_they_have() {
    let platform = shop();
    let mut went = alert(&platform, "a", "handed_over", None, None);
    went.sort();
    let twilio = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json";
    assert_eq!(
        went,
        [twilio, "https://push.example.net/dana", "https://push.example.net/marcus"],
        "but not who only looks"
    );
    assert_eq!(assignee(&platform), Value::Null);
    let text = platform.http.requests().into_iter().find(|request| request.url == twilio).unwrap();
    let text = String::from_utf8(text.body).unwrap();
    assert!(text.contains("To=%2B13125550199") && text.contains("Ana+wants+a+person."), "{text}");
}

#[test]
fn who_did_not_answer_is_passed_over() {
    let platform = shop();
    there(&platform, "dana");
    there(&platform, "marcus");
    run(&platform, Statement::new("UPDATE conversations SET assignee = 'dana'"));
    let went = alert(&platform, "a", "waiting", None, Some("dana"));
    assert!(went.contains(&"https://push.example.net/marcus".to_owned()) && went.len() == 2, "{went:?}");
    assert_eq!(assignee(&platform), "marcus");
}

#[test]
fn who_is_in_the_conversation_is_told_and_nobody_takes_it_from_them() {
    let platform = shop();
    there(&platform, "marcus");
    run(&platform, Statement::new("UPDATE conversations SET assignee = 'dana', joined_at = 1"));
    assert_eq!(alert(&platform, "a", "waiting", None, Some("dana")), ["https://push.example.net/dana"]);
    assert_eq!(assignee(&platform), "dana");
    assert!(alert(&platform, "b", "handed_over", None, None).is_empty(), "somebody has come already");
}

#[test]
fn the_same_wake_up_twice_alerts_once() {
    let platform = shop();
    there(&platform, "dana");
    assert_eq!(alert(&platform, "a", "handed_over", None, None).len(), 1);
    block_on(deliver(&platform, &[alert_wake_up("a"), alert_wake_up("a")]));
    assert_eq!(platform.http.requests().len(), 1);
    assert_eq!(rows(&platform, "SELECT DISTINCT status FROM alerts")[0]["status"], "sent");
}

#[test]
fn a_subscription_that_is_gone_is_forgotten() {
    for status in [404, 410] {
        let platform = shop();
        there(&platform, "dana");
        answer_with(&platform, status);
        alert(&platform, "a", "handed_over", None, None);
        let left = rows(&platform, "SELECT id FROM push_subscriptions ORDER BY id");
        assert_eq!(left.len(), 2, "only that one");
        assert!(alert(&platform, "b", "assigned", Some("dana"), None).is_empty());
    }
}

#[test]
fn a_push_service_that_is_busy_is_asked_again_for_a_while() {
    let platform = shop();
    there(&platform, "dana");
    answer_with(&platform, 503);
    alert(&platform, "a", "handed_over", None, None);
    let copy = rows(&platform, "SELECT id, status, due_at FROM alerts WHERE channel = 'push'").remove(0);
    assert_eq!(copy["status"], "pending");
    answer_with(&platform, 201);
    platform.clock.advance(TimeDelta::minutes(1));
    block_on(deliver(&platform, &[alert_wake_up(copy["id"].as_str().unwrap())]));
    assert_eq!(rows(&platform, "SELECT status FROM alerts WHERE channel = 'push'")[0]["status"], "sent");
}

#[test]
fn a_phone_that_said_stop_is_left_alone() {
    let platform = shop();
    run(
        &platform,
        Statement::new(
            "INSERT INTO opt_outs (line_id, address, store_id, since) VALUES ('sms', '+13125550199', 'lakeside', 0)",
        ),
    );
    assert_eq!(alert(&platform, "a", "assigned", Some("marcus"), None), [] as [&str; 0], "it is not his");
    run(&platform, Statement::new("UPDATE conversations SET assignee = 'marcus'"));
    assert_eq!(alert(&platform, "b", "assigned", Some("marcus"), None), ["https://push.example.net/marcus"]);
}

#[test]
fn a_text_that_may_have_left_is_not_sent_again() {
    let platform = shop();
    run(&platform, Statement::new("UPDATE conversations SET assignee = 'marcus'"));
    run(&platform, Statement::new("DELETE FROM push_subscriptions WHERE account_id = 'marcus'"));
    platform.http.serve(|_| Err(lanekeeper_platform::HttpError::Timeout));
    assert_eq!(alert(&platform, "a", "assigned", Some("marcus"), None).len(), 1);
    platform.clock.advance(TimeDelta::minutes(5));
    let copy = rows(&platform, "SELECT id FROM alerts WHERE channel = 'sms'").remove(0);
    block_on(deliver(&platform, &[alert_wake_up(copy["id"].as_str().unwrap())]));
    assert_eq!(platform.http.requests().len(), 1);
}
