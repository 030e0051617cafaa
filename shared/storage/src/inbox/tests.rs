use super::*;
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::{Database, Rows, Statement};
use serde_json::json as value;

const NOW: i64 = 1_700_000_000_000;

fn now() -> DateTime<Utc> {
    time(NOW)
}

/// Two stores with a line each, and the conversations of these specifications: store, id, what is set.
fn database(conversations: &[(&str, &str, &str)]) -> NativeDatabase {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(crate::migrate(&database)).unwrap();
    let ground =
        "INSERT INTO stores (id, group_id, profile) SELECT value, 'g', '{}' FROM json_each('[\"one\", \"two\"]');
        INSERT INTO lines (id, store_id, provider, address, credentials)
          SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 0, '' FROM json_each('[[\"sms\", \"one\", \"twilio\"],
            [\"chat\", \"one\", \"widget\"], [\"sms2\", \"two\", \"twilio\"]]');";
    database.script(ground).unwrap();
    for (store, id, set) in conversations {
        let line = if *store == "one" { "sms" } else { "sms2" };
        let rows = format!(
            "INSERT INTO customers (id, store_id, name, created_at, updated_at) VALUES ('u{id}', '{store}', 'Customer {id}', 0, 0);
             INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
               VALUES ('{id}', '{store}', '{line}', '+1{id}', 'u{id}', 'en', '{{}}', 0, 0);
             UPDATE conversations SET {set} WHERE id = '{id}';"
        );
        database.script(&rows).unwrap();
    }
    database.forbidding_scans()
}

fn say(database: &NativeDatabase, conversation: &str, id: &str, text: &str) {
    let message = crate::NewMessage {
        id,
        store: if conversation.starts_with('z') { "two" } else { "one" },
        conversation,
        line: "sms",
        author: "customer",
        account: None,
        text,
        media: "[]",
        provider_message: None,
        reply_to: None,
        position: 0,
    };
    block_on(database.run(crate::put_message(&message, now()))).unwrap();
}

fn page(
    database: &NativeDatabase,
    stores: &[&str],
    view: InboxView,
    facets: &Facets,
    after: Option<&str>,
) -> (String, Option<String>) {
    let selects = stores.iter().map(|store| select_inbox(store, view, facets, after, 3, now()).unwrap()).collect();
    let (rows, next) = merge(block_on(database.batch(selects)).unwrap(), 3).unwrap();
    (rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>().join(" "), next)
}

fn ids(database: &NativeDatabase, view: InboxView, facets: &Facets) -> String {
    let (mut all, mut next) = page(database, &["one", "two"], view, facets, None);
    while let Some(cursor) = next {
        let (more, after) = page(database, &["one", "two"], view, facets, Some(&cursor));
        all = format!("{all} {more}");
        next = after;
    }
    all
}

#[test]
fn each_view_has_its_own_in_its_order() {
    let person = "handling = 'person'";
    let database = database(&[
        ("one", "a", &format!("{person}, waiting_since = 50, updated_at = 90")),
        ("two", "b", &format!("{person}, waiting_since = 40, updated_at = 80")),
        ("one", "c", &format!("{person}, waiting_since = 60, priority = 5, updated_at = 60, assignee = 'dana'")),
        ("one", "d", &format!("{person}, updated_at = 99, assignee = 'dana', joined_at = 9")),
        ("two", "e", &format!("{person}, waiting_since = 1, snoozed_until = {}, updated_at = 70", NOW + 9)),
        ("two", "f", &format!("{person}, waiting_since = 70, snoozed_until = {}, updated_at = 71", NOW - 9)),
        ("one", "g", "updated_at = 95"),
        ("two", "h", "updated_at = 96, status = 'closed', result = 'booked'"),
        ("one", "i", "updated_at = 95"),
        ("two", "j", "updated_at = 20"),
    ]);
    let all = |view| ids(&database, view, &Facets::default());
    assert_eq!(all(InboxView::Waiting), "c b a f", "heat first, then who waits longest");
    assert_eq!(all(InboxView::Unassigned), "b a f");
    assert_eq!(all(InboxView::People), "d a b f c");
    assert_eq!(all(InboxView::Ai), "g i j");
    assert_eq!(all(InboxView::Open), "d g i a b f c j");
    assert_eq!(all(InboxView::Snoozed), "e");
    assert_eq!(all(InboxView::Closed), "h");
    let dana = Facets { assignee: Some("dana"), ..Facets::default() };
    assert_eq!(ids(&database, InboxView::Mine, &dana), "c d", "who waits comes first");
    assert_eq!(ids(&database, InboxView::People, &dana), "d c");
    assert_eq!(page(&database, &["two"], InboxView::Open, &Facets::default(), None).0, "b f j");
}

#[test]
fn lists_are_narrowed() {
    let database = database(&[
        ("one", "a", "mood = 'angry', language = 'zh', updated_at = 3"),
        ("one", "b", "mood = 'angry', line_id = 'chat', updated_at = 2"),
        ("two", "c", "language = 'zh', updated_at = 1"),
    ]);
    let open = |facets| ids(&database, InboxView::Open, &facets);
    assert_eq!(open(Facets { mood: Some("angry"), ..Facets::default() }), "a b");
    assert_eq!(open(Facets { language: Some("zh"), ..Facets::default() }), "a c");
    assert_eq!(open(Facets { provider: Some("widget"), ..Facets::default() }), "b");
    assert_eq!(open(Facets { provider: Some("twilio"), mood: Some("angry"), ..Facets::default() }), "a");
    assert!(matches!(
        select_inbox("one", InboxView::Open, &Facets::default(), Some("x"), 3, now()),
        Err(crate::ViewError::Cursor)
    ));
}

#[test]
fn counts_are_those_of_the_views() {
    let database = database(&[
        ("one", "a", "handling = 'person', waiting_since = 1"),
        ("two", "b", "handling = 'person', assignee = 'dana', joined_at = 1"),
        ("two", "c", "handling = 'person', assignee = 'dana', waiting_since = 2"),
        ("one", "d", &format!("handling = 'person', snoozed_until = {}", NOW + 1)),
    ]);
    block_on(database.batch(vec![
        crate::put_presence("one", "dana", false, now()),
        crate::put_presence("two", "dana", true, now()),
        crate::put_presence("two", "marcus", true, time(NOW - 9_999_999)),
    ]))
    .unwrap();
    let selects = ["one", "two"].map(|store| select_counts(store, "dana", now())).into();
    let counts = Counts::sum(block_on(database.batch(selects)).unwrap()).unwrap();
    let dana = Load { account: "dana".into(), conversations: 2, waiting: 1, available: Some(true) };
    let expected = Counts {
        waiting: 2,
        unassigned: 1,
        mine: 2,
        people: 3,
        snoozed: 1,
        loads: vec![dana],
        providers: vec!["twilio".into(), "widget".into()],
    };
    assert_eq!(counts, expected);
}

fn found(database: &NativeDatabase, store: &str, typed: &str) -> String {
    let rows = block_on(database.run(select_found(store, &Needle::new(typed).unwrap()))).unwrap();
    let (rows, _) = merge(vec![rows], MOST_FOUND).unwrap();
    rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn finds_words_names_numbers_and_cars_of_its_own_store() {
    let database =
        database(&[("one", "a", "updated_at = 1"), ("one", "b", "updated_at = 2"), ("two", "z", "updated_at = 3")]);
    say(&database, "a", "m1", "My brakes squeal, señora");
    say(&database, "b", "m2", "我想换机油和刹车片");
    say(&database, "z", "m3", "brakes brakes brakes");
    let rows = "UPDATE customers SET name = 'María del Carmen Ortiz' WHERE id = 'ua';
        UPDATE customers SET name = '王芳' WHERE id = 'ub';
        INSERT INTO identities (store_id, kind, address, customer_id) VALUES ('one', 'phone', '+13125550177', 'ua');
        INSERT INTO vehicles (id, store_id, customer_id, plate, vin, updated_at)
          VALUES ('v', 'one', 'ub', 'ABC1234', '1HGCM82633A004352', 0);";
    database.script(rows).unwrap();
    let one = |typed| found(&database, "one", typed);
    assert_eq!([one("brak"), one("squeal brakes"), one("senora"), one("brakes oil")], ["a", "a", "a", ""]);
    assert_eq!([one("刹车"), one("机油"), one("油机")], ["b", "b", "b"], "in any order");
    assert_eq!([one("ortiz"), one("carmen"), one("王芳"), one("ma")], ["a", "a", "b", "a"]);
    assert_eq!([one("0177"), one("(312) 555-0177"), one("0178")], ["a", "a", ""]);
    assert_eq!([one("abc 1234"), one("bc12"), one("004352"), one("2633A0043")], ["b", "b", "b", "b"]);
    assert_eq!([found(&database, "two", "brakes"), found(&database, "two", "ortiz")], ["z", ""]);
    let hit = block_on(database.run(select_found("one", &Needle::new("squeal").unwrap()))).unwrap();
    assert_eq!(merge(vec![hit], 9).unwrap().0[0].hit.as_deref(), Some("My brakes squeal, señora"));
}

#[test]
fn what_is_gone_or_changed_is_not_found_any_more() {
    let database = database(&[("one", "a", "updated_at = 1")]);
    say(&database, "a", "m1", "brakes");
    database.script("INSERT INTO vehicles (id, store_id, customer_id, plate, updated_at) VALUES ('v', 'one', 'ua', 'OLD777', 0)").unwrap();
    assert_eq!([found(&database, "one", "OLD777"), found(&database, "one", "brakes")], ["a", "a"]);
    database.script("UPDATE vehicles SET plate = 'NEW888'; DELETE FROM messages").unwrap();
    assert_eq!([found(&database, "one", "OLD777"), found(&database, "one", "brakes")], ["", ""]);
    assert_eq!(found(&database, "one", "new888"), "a");
    database.script("DELETE FROM vehicles").unwrap();
    assert_eq!(found(&database, "one", "new888"), "");
    let left = database.look(Statement::new("SELECT source FROM findable")).unwrap();
    assert_eq!(value!(left.0), value!([{"source": "customer"}]));
}

fn thread(database: &NativeDatabase, store: &str, before: Option<DateTime<Utc>>, most: u32) -> Option<Thread> {
    let rows: Vec<Rows> = block_on(database.batch(select_thread(store, "a", before, most).into())).unwrap();
    Thread::read(&mut rows.into_iter(), most).unwrap()
}

#[test]
fn a_thread_has_everything_in_order() {
    let profile = include_str!("../../../../demo/stores/lakeside.json").replace('\'', "''");
    let database = database(&[("one", "a", "handling = 'person', handover_reason = 'asked', tags = '[\"vip\"]'")]);
    let rows = format!(
        "UPDATE stores SET profile = '{profile}';
        INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, created_at, position) VALUES
          ('m1', 'one', 'a', 'sms', 'customer', 'hi', 10, 0), ('m2', 'one', 'a', 'sms', 'ai', 'hello', 10, 1),
          ('m3', 'one', 'a', 'sms', 'person', 'Dana here', 30, 0);
        INSERT INTO turns (conversation_id, number, store_id, message_id, understanding, said, created_at)
          VALUES ('a', 1, 'one', 'm1', '{{}}', '[\"greet\"]', 10);
        INSERT INTO outbox (id, store_id, line_id, conversation_id, kind, recipient, text, status, due_at, expires_at, last_error,
            created_at, updated_at) VALUES
          ('m3', 'one', 'sms', 'a', 'reply', '+1a', 'Dana here', 'parked', 30, 99, 'refused', 30, 30),
          ('o1', 'one', 'sms', 'a', 'booked', '+1a', 'See you', 'delivered', 20, 99, NULL, 12, 12),
          ('o2', 'one', 'sms', 'a', 'reminder_24h', '+1a', 'Tomorrow', 'pending', 90, 99, NULL, 12, 12);
        INSERT INTO conversation_events (id, store_id, conversation_id, event, at) VALUES ('e1', 'one', 'a', 'handed_over', 25);
        INSERT INTO notes (id, store_id, conversation_id, account, text, mentions, created_at)
          VALUES ('n1', 'one', 'a', 'dana', 'careful', '[\"marcus\"]', 26);"
    );
    database.script(&rows).unwrap();
    let all = thread(&database, "one", None, 50).unwrap();
    let order: Vec<&str> = all.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!((order, all.earlier), (vec!["m1", "m2", "o1", "e1", "n1", "m3"], None));
    assert_eq!((all.head.reason.as_deref(), all.head.tags.as_slice()), (Some("asked"), ["vip".to_owned()].as_slice()));
    let What::Message(asked) = &all.entries[0].what else { panic!() };
    assert_eq!(asked.turn.as_ref().unwrap().said, "[\"greet\"]");
    let What::Message(reply) = &all.entries[5].what else { panic!() };
    assert_eq!(reply.sent.as_ref().unwrap().error.as_deref(), Some("refused"));

    let last = thread(&database, "one", None, 1).unwrap();
    assert_eq!(last.entries.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>(), ["m3"]);
    let before = thread(&database, "one", last.earlier, 2).unwrap();
    assert_eq!(
        before.entries.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>(),
        ["m1", "m2", "o1", "e1", "n1"]
    );
    assert!(thread(&database, "two", None, 9).is_none(), "another store's");
}

#[test]
fn the_pulse_goes_with_every_change() {
    let database = database(&[("one", "a", "updated_at = 1"), ("two", "b", "updated_at = 1")]);
    let of = |store: &str| pulse(block_on(database.run(select_pulse(store))).unwrap()).unwrap();
    let (one, two) = (of("one"), of("two"));
    database.script("UPDATE conversations SET updated_at = 2 WHERE id = 'a'").unwrap();
    assert_ne!(of("one"), one);
    assert_eq!(of("two"), two);
    let thread = || pulse(block_on(database.run(select_pulse_of("one", "a", now()))).unwrap()).unwrap();
    let before = thread();
    database
        .script("INSERT INTO outbox (id, store_id, line_id, conversation_id, kind, recipient, text, due_at, expires_at, created_at, updated_at) \
                 VALUES ('o', 'one', 'sms', 'a', 'reply', '+1a', 'x', 0, 9, 7, 7)")
        .unwrap();
    assert_ne!(thread(), before);
    let quiet = thread();
    for store in ["two", "one"] {
        let until = now() + chrono::TimeDelta::seconds(5);
        block_on(database.run(crate::put_typing(store, "a", "dana", "Dana", until))).unwrap();
        assert_eq!(thread() == quiet, store == "two", "who is not of the store does not write in it");
    }
    let who = typing(block_on(database.run(select_typing("one", "a", now()))).unwrap()).unwrap();
    assert_eq!(who, ["dana"]);
}
