//! A store moves to another shard in the middle of its day, with databases that fail, and no customer notices.

#![allow(clippy::unwrap_used, clippy::panic)] // a test: what goes wrong is to be seen

use chrono::NaiveDate;
use lanekeeper_conversations::Shop;
use lanekeeper_native::{NativeDatabase, block_on, json_answer};
use lanekeeper_platform::{Clock, DatabaseError, HttpError, Method, Platform, Statement};
use lanekeeper_storage::{MoveError, Step, database_of, move_store};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Her confirmation is under way: whether Twilio has it is not known. Her reminder waits.
const BOOKED: &str = "+13125550101";
/// He is in the middle of booking.
const BOOKING: &str = "+13125550102";

/// A store where one customer has just booked and another is about to, and the texts that Twilio has taken.
fn busy_shop() -> (Shop, Rc<RefCell<Vec<Value>>>) {
    let now = NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|date| date.and_hms_opt(10, 0, 0)).unwrap();
    let shop = Shop::open("lakeside", now);
    let taken: Rc<RefCell<Vec<Value>>> = Rc::default();
    let (server, clock) = (Rc::clone(&taken), shop.platform.clock.clone());
    shop.platform.http.serve(move |request| {
        if request.method == Method::Get {
            return Ok(json_answer(200, &json!({"messages": *server.borrow()})));
        }
        let form: BTreeMap<String, String> = form_urlencoded::parse(&request.body).into_owned().collect();
        let mut texts = server.borrow_mut();
        let sid = format!("SM{:032}", texts.len() + 1);
        let created = clock.now().to_rfc2822();
        texts.push(json!({"sid": sid, "to": form["To"], "body": form["Body"], "direction": "outbound-api", "date_created": created}));
        // The answer to the first one is lost.
        if texts.len() == 1 { Err(HttpError::Timeout) } else { Ok(json_answer(201, &json!({"sid": sid}))) }
    });
    for text in ["I need an oil change on Tuesday at 3pm, it's a 2019 Honda CR-V", "Maria Lopez", "yes"] {
        shop.say(BOOKED, &[text]);
    }
    shop.say(BOOKING, &["Hi, I need a tire rotation on Wednesday at 10am"]);
    (shop, taken)
}

/// Rows of the store on a database, table by table.
fn rows_of(database: &NativeDatabase, store: &str) -> BTreeMap<String, i64> {
    let tables = Statement::new(
        "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'store_id' WHERE m.type = 'table' \
         AND m.name NOT IN ('placements', 'line_entries', 'moves')",
    );
    let count = |table: &str| {
        let count = Statement::new(format!("SELECT count(*) AS n FROM {table} WHERE store_id = ?1")).bind(store);
        database.look(count).unwrap().0[0]["n"].as_i64().unwrap()
    };
    let names = database.look(tables).unwrap().0;
    let names = names.iter().map(|row| row["name"].as_str().unwrap());
    names.map(|name| (name.to_owned(), count(name))).filter(|(_, count)| *count > 0).collect()
}

/// Moves the store step by step. In between the customer who is booking writes again until he is answered. A failure of
/// a database is the operator's reason to call again.
fn move_while_writing(shop: &Shop, to: u32) {
    shop.next_message();
    let mut answered = false;
    for _ in 0..200 {
        if !answered {
            let status = shop.try_again(BOOKING, "2018 Toyota Camry").status;
            assert!(status == 200 || status == 503, "{status}");
            answered = status == 200;
        }
        match block_on(move_store(&shop.platform, "lakeside", to, 2)) {
            Ok(progress) if progress.step == Step::Done => break,
            Ok(_) | Err(MoveError::Database(DatabaseError::Unavailable(_))) => {}
            Err(error) => panic!("{error}"),
        }
    }
    shop.platform.shards().iter().for_each(|shard| shard.database.heal());
    assert_eq!(shop.try_again(BOOKING, "2018 Toyota Camry").status, 200);
}

/// What must hold after the move, when a day and a night have gone by.
fn all_is_well(shop: &Shop, taken: &RefCell<Vec<Value>>, to: u32) {
    assert_eq!(block_on(database_of(&shop.platform, "lakeside")).unwrap().unwrap().number, to);
    for shard in shop.platform.shards().iter().filter(|shard| shard.number != to) {
        assert_eq!(rows_of(shard.database, "lakeside"), BTreeMap::new(), "left behind on shard {}", shard.number);
    }
    let replies = [shop.say(BOOKING, &["Sam Reed"]), shop.say(BOOKING, &["yes"])].concat().join("\n");
    assert!(replies.contains("2018 Toyota Camry") && replies.contains("booked"), "{replies}");
    for (day, hour) in [(20, 11), (21, 10), (23, 15), (24, 10)] {
        let local = NaiveDate::from_ymd_opt(2026, 11, day).and_then(|date| date.and_hms_opt(hour, 5, 0)).unwrap();
        shop.wait_until(local);
    }
    let texts = taken.borrow();
    for peer in [BOOKED, BOOKING] {
        let bodies: Vec<&str> =
            texts.iter().filter(|text| text["to"] == peer).map(|text| text["body"].as_str().unwrap()).collect();
        let unique: std::collections::BTreeSet<&&str> = bodies.iter().collect();
        assert!(bodies.len() >= 2 && unique.len() == bodies.len(), "each message leaves once: {bodies:?}");
    }
    let of = |sql: &'static str| shop.rows(Statement::new(sql))[0]["n"].as_i64().unwrap();
    assert_eq!(of("SELECT count(*) AS n FROM messages WHERE author = 'customer'"), 7);
    assert_eq!(of("SELECT count(*) AS n FROM appointments WHERE status = 'booked'"), 2);
    assert_eq!(
        of("SELECT count(*) AS n FROM outbox WHERE status IN ('pending', 'sending') AND due_at < 1795536000000"),
        0
    );
}

#[test]
fn a_store_moves_there_and_back() {
    let (shop, taken) = busy_shop();
    let before = rows_of(shop.database(), "lakeside");
    while block_on(move_store(&shop.platform, "lakeside", 2, 1)).unwrap().step != Step::Done {}
    assert_eq!(rows_of(shop.database(), "lakeside"), before);
    move_while_writing(&shop, 1);
    all_is_well(&shop, &taken, 1);
}

#[test]
fn a_move_goes_on_after_a_failure_anywhere() {
    for shard in [1, 2] {
        for passing in (0..60).step_by(3) {
            let (shop, taken) = busy_shop();
            let database = shop.platform.shards().get(shard).unwrap().database;
            database.fail_after(passing, DatabaseError::Unavailable("out of reach".to_owned()));
            move_while_writing(&shop, 2);
            all_is_well(&shop, &taken, 2);
        }
    }
}

#[test]
fn a_move_can_be_called_off_until_the_directory_has_changed() {
    let (shop, taken) = busy_shop();
    block_on(move_store(&shop.platform, "lakeside", 2, 9)).unwrap();
    shop.next_message();
    assert_eq!(shop.try_again(BOOKING, "2018 Toyota Camry").status, 503);
    assert_eq!(block_on(move_store(&shop.platform, "lakeside", 1, 9)).unwrap().step, Step::Done);
    assert_eq!(shop.try_again(BOOKING, "2018 Toyota Camry").status, 200);
    while block_on(move_store(&shop.platform, "lakeside", 2, 9)).unwrap().step != Step::Done {}
    all_is_well(&shop, &taken, 2);
}

/// The store lives on the second shard, and the first one, with the directory, is out of reach.
#[test]
fn a_shard_that_is_down_stops_only_its_own_stores() {
    let (shop, taken) = busy_shop();
    while block_on(move_store(&shop.platform, "lakeside", 2, 99)).unwrap().step != Step::Done {}
    // One more text, so that this instance knows where the store is now.
    shop.say(BOOKING, &["2018 Toyota Camry"]);
    let before = taken.borrow().len();
    let first = shop.platform.shards().get(1).unwrap().database;
    for passing in [0; 20] {
        first.fail_after(passing, DatabaseError::Unavailable("out of reach".to_owned()));
    }
    shop.next_message();
    assert_eq!(shop.try_again(BOOKING, "Sam Reed").status, 200);
    shop.platform.clock.set("2026-11-23T21:05:00Z".parse().unwrap());
    block_on(lanekeeper_schedule::tick(&shop.platform));
    block_on(lanekeeper_deliver::deliver(&shop.platform, &shop.platform.queue.drain()));
    assert!(taken.borrow().len() > before, "the clock has gone on to the second shard");
}

#[test]
fn nonsense_is_refused() {
    let (shop, _) = busy_shop();
    let moved = |store, to| block_on(move_store(&shop.platform, store, to, 1)).unwrap_err();
    assert_eq!(moved("nobody", 2), MoveError::NoSuchStore("nobody".to_owned()));
    assert_eq!(moved("lakeside", 3), MoveError::NoSuchShard(3));
}
