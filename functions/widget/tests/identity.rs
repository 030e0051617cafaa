//! Who a visitor is: claimed, verified, merged and split again.

#![allow(clippy::unwrap_used)]

mod support;

use lanekeeper_conversations::Shop;
use lanekeeper_native::block_on;
use lanekeeper_platform::{Database, Statement};
use serde_json::{Value, json};
use support::*;

/// The code in the last text to this number.
fn code_sent_to(shop: &Shop, phone: &str) -> String {
    block_on(lanekeeper_deliver::deliver(&shop.platform, &shop.platform.queue.drain()));
    let number = phone.replace('+', "%2B");
    let request = shop
        .platform
        .http
        .requests()
        .into_iter()
        .rfind(|request| String::from_utf8_lossy(&request.body).contains(&number))
        .unwrap();
    let body = String::from_utf8(request.body).unwrap();
    let (_, rest) = body.split_once("code+is+").unwrap();
    rest[..6].to_owned()
}

fn verify(visitor: &Visitor<'_>, phone: &str) -> Value {
    assert_eq!(visitor.call("POST", "verify", &json!({"phone": phone})).0, 200);
    let code = code_sent_to(visitor.shop, phone);
    visitor.call("POST", "verify", &json!({"code": code})).1
}

#[test]
fn a_claimed_number_is_noted_and_nothing_else() {
    let shop = shop("lakeside");
    shop.say(DANA, &["hi, it's Dana"]);
    let visitor = Visitor::new(&shop, 'a');
    let (status, body) =
        visitor.call("POST", "contact", &json!({"name": " Eve ", "phone": "(312) 555-0123", "agreed": true}));
    assert_eq!((status, body["phone"].as_str()), (200, Some(DANA)), "{body}");
    visitor.say("what appointments do I have?");
    let thread = visitor.look("messages");
    assert_eq!(
        (&thread["claimed"], &thread["verified"], &thread["name"]),
        (&json!(DANA), &json!(false), &json!("Eve"))
    );
    let owners =
        shop.rows(Statement::new("SELECT kind, customer_id FROM identities WHERE store_id = 'lakeside' ORDER BY kind"));
    assert_eq!(owners.len(), 2, "the number is still Dana's alone");
    assert_ne!(owners[0]["customer_id"], owners[1]["customer_id"]);
    let log = shop.rows(Statement::new("SELECT address, how, wording FROM consent_events WHERE store_id = 'lakeside'"));
    assert_eq!(log[0]["address"], DANA);
    assert!(log[0]["wording"].as_str().unwrap().contains("STOP"));
}

#[test]
fn a_phone_needs_the_consent_that_stands_beside_it() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    assert_eq!(visitor.call("POST", "contact", &json!({"phone": "312 555 0123"})).0, 400);
    assert_eq!(visitor.call("POST", "contact", &json!({"phone": "12", "agreed": true})).0, 400);
    assert_eq!(visitor.call("POST", "contact", &json!({"name": ""})).0, 400);
    assert_eq!(
        count(&shop, "SELECT count(*) AS n FROM conversations WHERE +store_id = 'lakeside'"),
        0,
        "nothing is begun"
    );
}

#[test]
fn a_verified_number_brings_the_history_and_a_split_gives_it_back() {
    let shop = shop("lakeside");
    for text in ["oil change next tuesday at 9 am for my 2019 Honda CR-V, my name is Dana", "yes please"] {
        shop.say(DANA, &[text]);
    }
    let visitor = Visitor::new(&shop, 'a');
    visitor.say("when is my appointment?");
    assert!(!texts(&visitor.look("messages")).last().unwrap().contains("9:00 AM"), "a stranger learns nothing");
    assert_eq!(verify(&visitor, DANA)["verified"], true);
    visitor.say("when is my appointment?");
    let thread = visitor.look("messages");
    assert!(texts(&thread).last().unwrap().contains("9:00 AM"), "{:?}", texts(&thread));
    assert_eq!((&thread["verified"], &thread["name"]), (&json!(true), &json!("Dana")));
    assert!(!texts(&thread).iter().any(|text| text.contains("code is")), "the code is not in the thread");
    let left = shop
        .rows(Statement::new("SELECT text FROM outbox WHERE kind = 'phone_code' AND +store_id = 'lakeside'").clone());
    assert_eq!(left[0]["text"], "", "nor anywhere else");

    let merge = shop.rows(Statement::new("SELECT id FROM merges WHERE store_id = 'lakeside'"))[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let split = lanekeeper_storage::split_customers("lakeside", &merge, shop.now());
    block_on(shop.database().batch(split)).unwrap();
    let apart = visitor.look("messages");
    assert_eq!(apart["verified"], false);
    assert_eq!(texts(&apart).len(), texts(&thread).len(), "the thread stays the visitor's");
    visitor.say("when is my appointment?");
    assert!(!texts(&visitor.look("messages")).last().unwrap().contains("9:00 AM"));
}

#[test]
fn a_number_that_nobody_has_becomes_the_visitors_own() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    visitor.say("hi");
    assert_eq!(verify(&visitor, "+13125550150")["verified"], true);
    assert_eq!(count(&shop, "SELECT count(*) AS n FROM merges WHERE store_id = 'lakeside'"), 0);
    assert_eq!(visitor.look("messages")["verified"], true);
    // The same person texts: the store knows who it is.
    shop.say("+13125550150", &["hi"]);
    assert_eq!(
        count(&shop, "SELECT count(DISTINCT customer_id) AS n FROM conversations WHERE +store_id = 'lakeside'"),
        1
    );
}

#[test]
fn two_proven_numbers_are_never_merged_without_a_person() {
    let shop = shop("lakeside");
    shop.say(DANA, &["hi"]);
    let visitor = Visitor::new(&shop, 'a');
    assert_eq!(verify(&visitor, "+13125550150")["verified"], true);
    let answer = verify(&visitor, DANA);
    assert_eq!((&answer["verified"], &answer["conflict"]), (&json!(false), &json!(true)));
    assert_eq!(count(&shop, "SELECT count(*) AS n FROM merges WHERE store_id = 'lakeside'"), 0);
}

#[test]
fn a_code_is_tried_five_times_and_lives_ten_minutes() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    visitor.call("POST", "verify", &json!({"phone": DANA}));
    let code = code_sent_to(&shop, DANA);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(visitor.call("POST", "verify", &json!({"code": wrong})).1["verified"], false);
    }
    assert_eq!(visitor.call("POST", "verify", &json!({"code": code})).1["verified"], false, "too many tries");
    visitor.call("POST", "verify", &json!({"phone": DANA}));
    let code = code_sent_to(&shop, DANA);
    shop.platform.clock.advance(chrono::TimeDelta::minutes(11));
    assert_eq!(visitor.call("POST", "verify", &json!({"code": code})).1["verified"], false, "too old");
    assert_eq!(count(&shop, "SELECT count(*) AS n FROM identities WHERE store_id = 'lakeside' AND kind = 'phone'"), 0);
}

#[test]
fn codes_are_few_for_a_visitor_and_for_a_number() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    let ask = |visitor: &Visitor<'_>, phone: &str| visitor.call("POST", "verify", &json!({"phone": phone})).0;
    assert_eq!([1, 2, 3, 4].map(|n| ask(&visitor, &format!("+1312555015{n}"))), [200, 200, 200, 429]);
    let others: Vec<u16> = ('b'..='e').map(|letter| ask(&Visitor::new(&shop, letter), DANA)).collect();
    assert_eq!(others, [200, 200, 200, 429]);
    shop.platform.clock.advance(chrono::TimeDelta::minutes(61));
    assert_eq!(ask(&visitor, DANA), 200);
}

#[test]
fn another_visitors_code_proves_nothing() {
    let shop = shop("lakeside");
    let (visitor, other) = (Visitor::new(&shop, 'a'), Visitor::new(&shop, 'b'));
    visitor.call("POST", "verify", &json!({"phone": DANA}));
    let code = code_sent_to(&shop, DANA);
    other.call("POST", "verify", &json!({"phone": "+13125550150"}));
    assert_eq!(other.call("POST", "verify", &json!({"code": code})).1["verified"], false);
}

#[test]
fn a_booking_in_the_chat_is_confirmed_there_and_texted_where_the_number_is_verified() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    visitor.say("oil change next tuesday at 9 am for my 2019 Honda CR-V, my name is Dana");
    assert_eq!(verify(&visitor, DANA)["verified"], true);
    visitor.say("yes");
    visitor.deliver();
    shop.tick();
    let thread = texts(&visitor.look("messages"));
    assert_eq!(
        thread.iter().filter(|text| text.contains("9:00 AM") && text.contains("booked")).count(),
        1,
        "said once: {thread:#?}"
    );
    let texted = shop.rows(Statement::new("SELECT text FROM outbox WHERE line_id = 'lakeside-sms' AND recipient = ?1 AND kind = 'booked' AND status = 'sent'").bind(DANA));
    assert_eq!(texted.len(), 1);
    // The reminder comes to both.
    shop.wait_until(at("2026-11-23 10:00"));
    shop.tick();
    let thread = texts(&visitor.look("messages"));
    assert!(thread.last().unwrap().contains("9:00 AM"), "{thread:#?}");
    let reminders = shop.rows(Statement::new("SELECT line_id FROM outbox WHERE kind = 'reminder_24h' AND status = 'sent' AND +store_id = 'lakeside' ORDER BY line_id"));
    assert_eq!(json!(reminders), json!([{"line_id": "lakeside-chat"}, {"line_id": "lakeside-sms"}]));
}

#[test]
fn a_turn_that_was_loaded_before_a_merge_is_run_again_after_it() {
    let shop = shop("lakeside");
    shop.say(DANA, &["hi"]);
    let visitor = Visitor::new(&shop, 'a');
    visitor.say("hi");
    visitor.call("POST", "verify", &json!({"phone": DANA}));
    let code = code_sent_to(&shop, DANA);
    let said =
        visitor.request("POST", "messages", &json!({"id": "at-the-same-time", "text": "my car is a 2019 Honda CR-V"}));
    let proof = visitor.request("POST", "verify", &json!({"code": code}));
    let handle = |request| lanekeeper_router::handle(&shop.platform, request);
    let (answered, proven) = block_on(both(handle(said), handle(proof)));
    assert_eq!((answered.status, proven.status), (200, 200));
    assert_eq!(
        count(
            &shop,
            "SELECT count(*) AS n FROM vehicles v JOIN customers u ON u.id = v.customer_id WHERE v.store_id = 'lakeside' AND u.merged_into IS NOT NULL"
        ),
        0
    );
}
