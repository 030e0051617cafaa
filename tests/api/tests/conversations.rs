//! What people do to a conversation.

use lanekeeper_api_tests::Deployment;
use serde_json::{Value, json};

/// A customer who wants a person.
fn deployment() -> Deployment {
    let app = Deployment::new();
    let rows = "
        INSERT INTO customers (id, store_id, name, created_at, updated_at) VALUES ('ana', 'lakeside', 'Ana', 0, 0);
        INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, handling, waiting_since, state, opened_at,
          updated_at) VALUES ('talk', 'lakeside', 'lakeside-sms', '+13125550199', 'ana', 'en', 'person', 1, '{}', 0, 0);";
    app.platform.shards.directory().script(rows).unwrap();
    app
}

fn post(app: &Deployment, act: &str, body: &Value) -> (u16, Value) {
    let answer = app.post(&format!("conversations/talk/{act}"), body);
    (answer.status, answer.body)
}

#[test]
fn a_person_takes_over_answers_and_gives_it_back() {
    let app = deployment();
    let (status, thread) = post(&app, "take-over", &json!({"account": "dana", "name": "Dana"}));
    assert_eq!((status, &thread["assignee"], thread["joined_at"].is_string()), (200, &json!("dana"), true));
    let (_, thread) = post(&app, "replies", &json!({"account": "dana", "name": "Dana", "text": "On my way."}));
    assert_eq!(thread["waiting_since"], Value::Null);
    let written = &thread["messages"][0];
    assert_eq!(
        (&written["author"], &written["account"], &written["text"]),
        (&json!("person"), &json!("dana"), &json!("On my way."))
    );
    let leaves = app.rows("SELECT kind, text FROM outbox ORDER BY rowid");
    assert_eq!(
        json!(leaves),
        json!([
            {"kind": "person_joined", "text": "Dana from Lakeside Motors is with you now."},
            {"kind": "reply", "text": "On my way."},
        ])
    );
    let (status, thread) = post(&app, "hand-back", &Value::Null);
    assert_eq!((status, &thread["handling"]), (200, &json!("ai")));
    assert_eq!(post(&app, "hand-back", &Value::Null).0, 200, "what was so before is so now");
    let events: Vec<&str> =
        thread["events"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["joined", "left"]);
}

#[test]
fn who_comes_second_is_told_who_was_first() {
    let app = deployment();
    post(&app, "take-over", &json!({"account": "dana", "name": "Dana"}));
    let marcus = json!({"account": "marcus", "name": "Marcus"});
    let (status, problem) = post(&app, "take-over", &marcus);
    assert_eq!((status, &problem["taken_by"]), (409, &json!("dana")));
    assert_eq!(post(&app, "replies", &json!({"account": "marcus", "name": "Marcus", "text": "Hi"})).0, 409);
    let from_dana = json!({"account": "marcus", "name": "Marcus", "from": "dana"});
    assert_eq!(post(&app, "take-over", &from_dana).1["assignee"], "marcus");
}

#[test]
fn it_is_expected_of_somebody_noted_and_closed() {
    let app = deployment();
    let (_, thread) = post(&app, "assign", &json!({"to": "maya"}));
    assert_eq!((&thread["assignee"], &thread["joined_at"]), (&json!("maya"), &Value::Null));
    let (_, thread) = post(&app, "notes", &json!({"account": "dana", "text": "She is right.", "mentions": ["maya"]}));
    assert_eq!(
        (&thread["notes"][0]["text"], &thread["notes"][0]["mentions"]),
        (&json!("She is right."), &json!(["maya"]))
    );
    assert_eq!(app.count("SELECT count(*) AS n FROM messages"), 0, "notes are for the store's people");
    let told = app.rows("SELECT kind, account FROM alerts ORDER BY rowid");
    assert_eq!(json!(told), json!([{"kind": "assigned", "account": "maya"}, {"kind": "mentioned", "account": "maya"}]));
    let (_, thread) = post(&app, "close", &json!({"result": "settled"}));
    assert_eq!(
        (&thread["status"], &thread["result"], &thread["handling"]),
        (&json!("closed"), &json!("settled"), &json!("ai"))
    );
    assert_eq!(post(&app, "close", &json!({"result": "settled"})).0, 409);
}

#[test]
fn names_the_field_that_is_wrong_and_changes_nothing() {
    let app = deployment();
    for (act, body, field) in [
        ("replies", json!({"account": "dana", "name": "Dana", "text": " "}), "text"),
        ("replies", json!({"account": "", "name": "Dana", "text": "Hi"}), "account"),
        ("take-over", json!({"account": "dana", "name": "x".repeat(81)}), "name"),
        ("notes", json!({"account": "dana", "text": ""}), "text"),
        ("close", json!({"result": "won"}), "result"),
    ] {
        let answer = app.post(&format!("conversations/talk/{act}"), &body);
        assert_eq!((answer.status, answer.fields()), (422, vec![field]), "{act} {body}");
    }
    assert_eq!(app.count("SELECT count(*) AS n FROM turns"), 0);
    app.platform.shards.directory().script(
        "INSERT INTO opt_outs (line_id, address, store_id, since) VALUES ('lakeside-sms', '+13125550199', 'lakeside', 0);",
    ).unwrap();
    assert_eq!(post(&app, "replies", &json!({"account": "dana", "name": "Dana", "text": "Hi"})).0, 409);
    assert_eq!(app.count("SELECT count(*) AS n FROM outbox"), 0);
}
