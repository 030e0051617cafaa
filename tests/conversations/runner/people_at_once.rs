//! People and the AI at the same moment: who acts first speaks, and nobody speaks after somebody else has taken over.

#![allow(clippy::unwrap_used)] // helpers of tests are outside what clippy knows as tests

use lanekeeper_conversations::Shop;
use lanekeeper_domain::handling::{HandlingAct, Refusal};
use lanekeeper_handling::{HandlingError, Person};
use lanekeeper_native::block_on;
use lanekeeper_platform::{Row, Statement};

const CUSTOMER: &str = "+13125550123";
const DANA: Person<'_> = Person { account: "dana", name: "Dana" };
const MARCUS: Person<'_> = Person { account: "marcus", name: "Marcus" };
const TAKE_OVER: HandlingAct = HandlingAct::TakeOver { from: None };

fn shop() -> Shop {
    let shop = Shop::open("lakeside", "2026-11-20T10:00:00".parse().unwrap());
    shop.say(CUSTOMER, &["oil change"]);
    shop
}

fn rows(shop: &Shop, sql: &'static str) -> Vec<Row> {
    shop.rows(Statement::new(sql).bind(CUSTOMER))
}

/// Turns in which the AI said something after a person had joined and before one left.
fn spoken_over(shop: &Shop) -> usize {
    let turns = rows(
        shop,
        "SELECT t.act, t.said FROM conversations c JOIN turns t ON t.conversation_id = c.id WHERE c.peer = ?1 ORDER BY t.number",
    );
    let mut held = false;
    let mut count = 0;
    for turn in turns {
        match turn["act"].as_str() {
            Some("take_over" | "reply" | "hand_over") => held = true,
            Some("hand_back" | "close") => held = false,
            _ => count += usize::from(held && turn["said"] != "[]"),
        }
    }
    count
}

/// Plays a turn once per place in it at which something else can happen, until it is over before that.
fn at_every_place(text: &str, act: &HandlingAct) {
    for steps in 1.. {
        let shop = shop();
        let (reply, outcome) = shop.say_while(CUSTOMER, text, steps, || block_on(shop.acting(CUSTOMER, DANA, act)));
        let Some(outcome) = outcome else { return };
        outcome.unwrap();
        assert_eq!(spoken_over(&shop), 0, "after {steps} steps of '{text}'");
        let messages = rows(
            &shop,
            "SELECT m.author FROM conversations c JOIN messages m ON m.conversation_id = c.id WHERE c.peer = ?1 \
             ORDER BY m.created_at, m.position",
        );
        let of_ai = messages.iter().filter(|row| row["author"] == "ai").count();
        assert_eq!(of_ai, 1 + reply.len(), "what is said is written down, and only that");
        assert_eq!(messages.iter().filter(|row| row["author"] == "customer").count(), 2, "no message is lost");
        assert!(shop.say(CUSTOMER, &["hello?"]).is_empty(), "the AI is silent from now on");
        let held = rows(&shop, "SELECT handling, assignee FROM conversations WHERE peer = ?1");
        assert_eq!((held[0]["handling"].as_str(), held[0]["assignee"].as_str()), (Some("person"), Some("dana")));
    }
}

#[test]
fn nobody_is_spoken_over_wherever_in_a_turn_a_person_takes_over() {
    // A turn with two batches and one with three; a reply takes over as well.
    let reply = HandlingAct::Reply { text: "I'll do that for you.".to_owned() };
    for text in ["what time do you close", "tuesday at 9", "can I talk to a person"] {
        at_every_place(text, &TAKE_OVER);
        at_every_place(text, &reply);
    }
}

#[test]
fn a_turn_that_was_over_before_is_not_taken_back() {
    let shop = shop();
    let (reply, outcome) = shop.say_while(CUSTOMER, "what time do you close", 99, || ());
    assert_eq!((reply.len(), outcome), (1, None));
    shop.act(CUSTOMER, "Dana", &TAKE_OVER).unwrap();
    assert_eq!(spoken_over(&shop), 0);
}

#[test]
fn of_two_who_take_over_at_the_same_moment_one_is_told() {
    for (one, other) in [(DANA, MARCUS), (MARCUS, DANA)] {
        let shop = shop();
        let outcomes = block_on(lanekeeper_conversations::at_once(vec![
            shop.acting(CUSTOMER, one, &TAKE_OVER),
            shop.acting(CUSTOMER, other, &TAKE_OVER),
        ]));
        assert_eq!(outcomes[0].as_ref().unwrap().handling.holder(), Some(one.account));
        let taken = Refusal::AlreadyTaken { by: one.account.to_owned() };
        assert_eq!(outcomes[1], Err(HandlingError::Refused(taken)));
        let told = rows(&shop, "SELECT text FROM outbox WHERE recipient = ?1 AND kind = 'person_joined'");
        assert_eq!(told.len(), 1, "the customer is told once");
    }
}

#[test]
fn who_answers_while_the_customer_writes_has_not_answered_that() {
    let reply = HandlingAct::Reply { text: "Sure.".to_owned() };
    for steps in 1.. {
        let shop = shop();
        shop.act(CUSTOMER, "Dana", &TAKE_OVER).unwrap();
        let (said, outcome) =
            shop.say_while(CUSTOMER, "are you there?", steps, || block_on(shop.acting(CUSTOMER, DANA, &reply)));
        let Some(outcome) = outcome else { return };
        outcome.unwrap();
        assert!(said.is_empty());
        let order = rows(
            &shop,
            "SELECT t.act FROM conversations c JOIN turns t ON t.conversation_id = c.id WHERE c.peer = ?1 \
             ORDER BY t.number DESC LIMIT 1",
        );
        let waiting = rows(&shop, "SELECT waiting_since FROM conversations WHERE peer = ?1");
        assert_eq!(waiting[0]["waiting_since"].is_null(), order[0]["act"] == "reply", "after {steps} steps");
    }
}

#[test]
fn what_people_write_is_in_the_thread_once_with_its_receipt() {
    let shop = shop();
    let done = shop.act(CUSTOMER, "Dana", &HandlingAct::Reply { text: "Your car is on the lift.".to_owned() }).unwrap();
    shop.tick();
    let rows = rows(
        &shop,
        "SELECT m.id, m.author, m.account, o.status FROM messages m JOIN outbox o ON o.id = m.id WHERE o.recipient = ?1",
    );
    assert_eq!(rows.len(), 1);
    let text = |name: &str| rows[0][name].as_str().map(str::to_owned);
    assert_eq!(text("id"), done.message);
    assert_eq!(
        (text("author").as_deref(), text("account").as_deref(), text("status").as_deref()),
        (Some("person"), Some("dana"), Some("sent"))
    );
}

#[test]
fn two_ticks_at_once_tell_the_customer_once() {
    let shop = shop();
    shop.say(CUSTOMER, &["can I talk to a person"]);
    shop.platform.clock.set(shop.store.instant("2026-11-20T10:11:00".parse().unwrap()).unwrap());
    let tick = || lanekeeper_schedule::tick(&shop.platform);
    block_on(lanekeeper_conversations::at_once(vec![tick(), tick()]));
    shop.tick();
    assert_eq!(rows(&shop, "SELECT 1 FROM outbox WHERE recipient = ?1 AND kind = 'nobody_yet'").len(), 1);
    let escalations = rows(&shop, "SELECT escalations FROM conversations WHERE peer = ?1");
    assert_eq!(escalations[0]["escalations"], 1);
    let alerts = rows(
        &shop,
        "SELECT a.kind FROM conversations c JOIN alerts a ON a.conversation_id = c.id WHERE c.peer = ?1 ORDER BY a.id",
    );
    let kinds: Vec<_> = alerts.iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["handed_over", "waiting"]);
}

#[test]
fn the_clock_hands_over_without_being_spoken_over() {
    // A customer who is silent about added work is given to people by the clock; a turn that began before says nothing after.
    for steps in 1.. {
        let shop = shop();
        let hand_over = || {
            let row = rows(&shop, "SELECT id FROM conversations WHERE peer = ?1").remove(0);
            let handover = lanekeeper_storage::NewHandover {
                store: &shop.store.id,
                conversation: row["id"].as_str().unwrap(),
                event: "event",
                reason: "authorization",
                topic: "work",
                summary: None,
                priority: 25,
                waits: false,
                escalate_at: None,
            };
            let statements = lanekeeper_storage::hand_over_by_clock(&handover, shop.now());
            block_on(lanekeeper_platform::Database::batch(shop.database(), statements)).unwrap();
        };
        let (said, outcome) = shop.say_while(CUSTOMER, "tuesday at 9", steps, hand_over);
        if outcome.is_none() {
            return;
        }
        assert!(said.is_empty() && spoken_over(&shop) == 0, "after {steps} steps: {said:?}");
    }
}
