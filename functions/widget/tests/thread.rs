//! The thread: sent, answered, waited for, tapped.

#![allow(clippy::unwrap_used)]

mod support;

use chrono::TimeDelta;
use lanekeeper_native::block_on;
use lanekeeper_platform::{Clock, Database, Platform, Statement};
use serde_json::{Value, json};
use support::*;

#[test]
fn a_visitor_books_by_tapping_and_no_model_is_asked() {
    let shop = shop("lakeside");
    shop.platform.settings.set("LLM_BASE_URL", "http://model.test");
    shop.platform.settings.set("LLM_MODEL", "any");
    let visitor = Visitor::new(&shop, 'a');
    let starters = visitor.post(&json!({"text": "Book an appointment", "tap": 0}));
    assert_eq!(starters["choices"]["form"], "answers", "{starters}");
    visitor.post(&json!({"text": "Oil change", "tap": 0}));
    let openings = visitor.look("messages");
    let openings = openings["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(openings["choices"]["form"], "cards", "{openings}");
    assert!(openings["choices"]["options"][1]["time"].as_str().unwrap().ends_with('M'));
    visitor.tap(1);
    let chosen = visitor.look("messages");
    assert!(texts(&chosen).contains(&openings["choices"]["options"][1]["label"].as_str().unwrap().to_owned()));
    assert!(shop.platform.http.requests().is_empty(), "what is tapped costs no model call");

    visitor.say("2019 Honda CR-V");
    let sum_up = visitor.say("Dana");
    assert_eq!(sum_up["choices"]["options"][0]["label"], "Yes", "{sum_up}");
    assert!(sum_up["text"].as_str().unwrap().contains(openings["choices"]["options"][1]["label"].as_str().unwrap()));
    let booked = visitor.tap(0);
    assert_eq!(booked["appointment"]["what"], "Oil change", "{booked}");
    let page = booked["appointment"]["calendar"].as_str().unwrap().strip_prefix("..").unwrap();
    let file = send(&shop, request("GET", page));
    assert_eq!((file.status, header(&file, "content-type")), (200, "text/calendar; charset=utf-8"));
}

#[test]
fn every_starter_is_understood_in_every_language() {
    let words = [
        ("lakeside", ["Is my car ready?", "What does it cost?", "When are you open?"], "Talk to a person"),
        ("lakeside", ["¿Ya está mi auto?", "¿Cuánto cuesta?", "¿Qué horario tienen?"], "Hablar con una persona"),
        ("hubin", ["我的车好了吗？", "多少钱？", "几点营业？"], "转人工"),
    ];
    for (store, starters, person) in words {
        let shop = shop(store);
        for (letter, text) in ('a'..).zip(starters) {
            Visitor::new(&shop, letter).post(&json!({"text": text, "tap": 0}));
            let peer = Visitor::new(&shop, letter).peer();
            let said = "SELECT t.said FROM conversations c JOIN turns t ON t.conversation_id = c.id WHERE c.line_id = ?1 AND c.peer = ?2";
            let said = shop.rows(Statement::new(said).bind(line_of(&shop)).bind(peer));
            let said = said[0]["said"].as_str().unwrap();
            assert!(!said.contains("not_understood") && !said.contains("offer_person"), "{text}: {said}");
        }
        let visitor = Visitor::new(&shop, 'z');
        visitor.post(&json!({"text": person, "tap": 0}));
        assert_eq!(visitor.look("messages")["person"], true, "{person}");
    }
}

#[test]
fn the_same_message_again_gives_the_same_answer_once() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    let message = json!({"id": "the-same-id", "text": "when are you open?"});
    let first = visitor.call("POST", "messages", &message).1;
    let again = visitor.call("POST", "messages", &message).1;
    assert_eq!(first, again);
    assert_eq!(count(&shop, "SELECT count(*) AS n FROM messages WHERE +store_id = 'lakeside'"), 2);
    // Another visitor's id may be the same.
    let other = Visitor::new(&shop, 'b').call("POST", "messages", &message).1;
    assert_ne!(first["messages"][0]["id"], other["messages"][0]["id"]);
}

#[test]
fn only_who_knows_the_secret_reads_and_only_on_this_line() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    visitor.say("my secret wish");
    assert!(texts(&visitor.look("messages")).contains(&"my secret wish".to_owned()));
    assert!(texts(&Visitor::new(&shop, 'b').look("messages")).is_empty());
    let sms = Visitor { line: "lakeside-sms".to_owned(), ..Visitor::new(&shop, 'a') };
    assert_eq!(sms.call("GET", "messages", &Value::Null).0, 404, "a line of another provider is no widget");
    let nobody = Visitor { secret: "guess".to_owned(), ..Visitor::new(&shop, 'a') };
    assert_eq!(nobody.call("GET", "messages", &Value::Null).0, 401);
    let mut foreign = visitor.request("GET", "messages", &Value::Null);
    foreign.headers.push(("sec-fetch-site".to_owned(), "cross-site".to_owned()));
    assert_eq!(send(&shop, foreign).status, 403);
    let kept = shop.rows(Statement::new("SELECT peer FROM conversations WHERE line_id = 'lakeside-chat'"));
    assert_eq!(kept[0]["peer"].as_str(), Some(visitor.peer().as_str()));
    assert!(!visitor.peer().contains(&visitor.secret[..8]));
}

#[test]
fn a_phone_that_looks_like_a_visitor_is_another_customer() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    visitor.say("hi");
    let kinds = shop.rows(Statement::new("SELECT kind FROM identities WHERE store_id = 'lakeside'"));
    assert_eq!(kinds.iter().map(|row| row["kind"].as_str().unwrap()).collect::<Vec<_>>(), ["visitor"]);
}

#[test]
fn nothing_new_is_waited_for_and_told_within_two_seconds() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    visitor.say("hi");
    let thread = visitor.look("messages");
    let (cursor, mark) = (thread["cursor"].as_str().unwrap(), thread["mark"].as_str().unwrap());
    let poll = format!("messages?after={cursor}&mark={mark}&wait=25");

    // Nothing happens: one request, and a statement per look.
    let (began, batches) = (shop.platform.clock().now(), shop.database().batches());
    let idle = visitor.look(&poll);
    let waited = shop.platform.clock().now() - began;
    assert!(texts(&idle).is_empty());
    assert_eq!(idle["cursor"], cursor);
    assert!((TimeDelta::seconds(23)..=TimeDelta::seconds(25)).contains(&waited), "{waited}");
    assert!(shop.database().batches() - batches <= 19, "{}", shop.database().batches() - batches);

    // Somebody writes meanwhile.
    let began = shop.platform.clock().now();
    let write = async {
        shop.platform.clock().sleep(std::time::Duration::from_secs(4)).await;
        let put = "INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, created_at) \
                   SELECT 'new', store_id, id, line_id, 'person', 'Hello from Maria', ?1 FROM conversations WHERE line_id = 'lakeside-chat'";
        shop.database().run(Statement::new(put).bind(shop.platform.clock().now().timestamp_millis())).await.unwrap();
    };
    let request = visitor.request("GET", &poll, &Value::Null);
    let (response, ()) = block_on(both(lanekeeper_router::handle(&shop.platform, request), write));
    let news: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(texts(&news), ["Hello from Maria"]);
    assert_eq!(news["messages"][0]["from"], "person");
    assert!(shop.platform.clock().now() - began <= TimeDelta::seconds(8));
}

#[test]
fn a_person_who_takes_over_is_seen_and_the_assistant_is_silent() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    visitor.post(&json!({"text": "Talk to a person", "tap": 0}));
    let thread = visitor.look("messages");
    assert_eq!(thread["person"], true);
    let before = texts(&thread).len();
    visitor.say("are you there?");
    assert_eq!(texts(&visitor.look("messages")).len(), before + 1, "only what the visitor wrote");
}

#[test]
fn the_answer_to_a_message_takes_three_batches() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    visitor.say("hi");
    let database = shop.database();
    database.record();
    visitor.say("when are you open?");
    let batches: Vec<String> =
        database.recorded().iter().map(|batch| batch[0].sql.chars().take(60).collect()).collect();
    assert_eq!(batches.len(), 3, "load, commit, and the thread to show: {batches:#?}");
}
