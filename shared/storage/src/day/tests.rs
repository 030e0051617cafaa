//! What the desk reads of a day, of the board and at the counter: each in one batch, on an index, of one store only.

use crate::{
    NewAppointment, Revised, appointment_in_store, board, book, customer_at_counter, days, find_customers,
    open_repair_order, order_page, save_repair_order,
};
use chrono::{DateTime, NaiveDate, Utc};
use lanekeeper_domain::openings::{Opening, Station};
use lanekeeper_domain::repair_order::{Actor, Event, OperationEdit, OrderEdit, RepairOrder, Stage};
use lanekeeper_domain::{Store, Transport};
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::{Database, Statement};

const LAKESIDE: &str = include_str!("../../../../demo/stores/lakeside.json");
const HERE: (&str, &str) = ("demo", "lakeside");

fn store() -> Store {
    serde_json::from_str(LAKESIDE).unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-23T16:00:00Z".parse().unwrap()
}

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn database() -> NativeDatabase {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(crate::migrate(&database)).unwrap();
    let insert = Statement::new("INSERT INTO stores (id, group_id, profile) VALUES (?1, ?2, ?3)");
    block_on(database.run(insert.bind("lakeside").bind("demo").bind(LAKESIDE))).unwrap();
    database
        .script(
            "INSERT INTO lines (id, store_id, provider, address, credentials) VALUES ('sms', 'lakeside', 'twilio', '+1', '');
             INSERT INTO customers (id, store_id, name, created_at, updated_at) VALUES
               ('dana', 'lakeside', 'Dana Whitfield', 0, 0), ('dan', 'lakeside', 'dan Ortiz', 0, 0), ('li', 'lakeside', '李雷', 0, 0);
             INSERT INTO identities (store_id, kind, address, customer_id) VALUES
               ('lakeside', 'phone', '+13125550123', 'dana'), ('lakeside', 'phone', '+13125550199', 'dan');
             INSERT INTO vehicles (id, store_id, customer_id, year, make, model, updated_at)
               VALUES ('crv', 'lakeside', 'dana', 2019, 'Honda', 'CR-V', 0);",
        )
        .unwrap();
    database.forbidding_scans()
}

fn booked(id: &str, start: &str, bay: u32) -> Vec<Statement> {
    let opening = Opening {
        start: start.parse().unwrap(),
        stations: vec![Station { bay, technician: Some("ben".to_owned()), minutes: 45 }],
        advisor: Some("maya".to_owned()),
    };
    let appointment = NewAppointment {
        id,
        customer: "dana",
        conversation: None,
        vehicle: Some("crv"),
        services: &["oil-change".to_owned()],
        concern: Some("squeaks"),
        opening: &opening,
        transport: Some(Transport::Wait),
        transport_address: None,
    };
    book(Revised { profile: &store(), revision: 1 }, &appointment, now())
}

#[test]
fn a_day_is_the_stores_own_and_one_batch() {
    let database = database();
    // Half past seven in the morning and in the evening of the 24th at the store; the latter is the 25th in UTC.
    block_on(database.batch(booked("morning", "2026-11-24T13:30:00Z", 1))).unwrap();
    block_on(database.batch(booked("evening", "2026-11-25T01:30:00Z", 1))).unwrap();
    block_on(database.batch(booked("next", "2026-11-25T13:30:00Z", 1))).unwrap();
    let before = database.batches();
    let found = block_on(days(&database, HERE, date(24), date(24))).unwrap();
    assert_eq!(database.batches() - before, 1);
    let ids: Vec<&str> = found.entries.iter().map(|entry| entry.appointment.id.as_str()).collect();
    assert_eq!(ids, ["morning", "evening"]);
    let entry = &found.entries[0];
    assert_eq!(entry.customer.name.as_deref(), Some("Dana Whitfield"));
    assert_eq!(entry.phone.as_deref(), Some("+13125550123"));
    assert_eq!(entry.appointment.opening.stations[0].technician.as_deref(), Some("ben"));
    assert_eq!((entry.concern.as_deref(), &entry.order), (Some("squeaks"), &None));
    for place in [("other", "lakeside"), ("demo", "hubin")] {
        assert!(block_on(days(&database, place, date(24), date(24))).is_err(), "{place:?}");
    }
}

#[test]
fn an_appointment_comes_with_all_that_is_needed_to_change_it() {
    let database = database();
    block_on(database.batch(booked("a", "2026-11-24T13:30:00Z", 1))).unwrap();
    let before = database.batches();
    let found = block_on(appointment_in_store(&database, HERE, "a")).unwrap();
    assert_eq!(database.batches() - before, 1);
    assert_eq!(found.visit.appointment.id, found.entry.appointment.id);
    assert_eq!(found.person.phone.as_deref(), Some("+13125550123"));
    let reach = found.person.reach(store().language).unwrap();
    assert_eq!((reach.conversation, reach.line.as_str()), (None, "sms"), "by phone, on the first line");
    assert!(block_on(appointment_in_store(&database, ("other", "lakeside"), "a")).is_err());
    assert!(block_on(appointment_in_store(&database, ("demo", "hubin"), "a")).is_err());
}

fn order(id: &str, number: &str) -> Vec<Statement> {
    let mut order = RepairOrder {
        id: id.to_owned(),
        number: number.to_owned(),
        customer: "dana".to_owned(),
        stage: Stage::VehicleReceived,
        ..RepairOrder::default()
    };
    let edit = OperationEdit { name: Some("Pads".to_owned()), labor: Some(100), ..OperationEdit::default() };
    order.add_operation(&store().charges, &format!("{id}-1"), edit).unwrap();
    let staff = Actor::Staff("Pat".to_owned());
    let mut statements = open_repair_order("lakeside", &order, &staff, &Event::Opened { stage: order.stage }, now());
    order.version = 1;
    let event = order.propose(&store().charges, None).unwrap();
    statements.extend(save_repair_order("lakeside", &order, &staff, &event, None, now()));
    statements
}

#[test]
fn the_board_has_what_is_under_way() {
    let database = database();
    block_on(database.batch(order("o1", "1"))).unwrap();
    block_on(database.batch(order("o2", "2"))).unwrap();
    let left = "UPDATE repair_orders SET stage = 'vehicle_delivered', updated_at = updated_at + ?1 WHERE id = 'o2' AND store_id = 'lakeside'";
    let before = database.batches();
    let shown = |after: i64| {
        block_on(database.run(Statement::new(left).bind(after))).unwrap();
        let board = block_on(board(&database, HERE, now())).unwrap();
        board.orders.iter().map(|order| order.order.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(shown(0), ["o1", "o2"], "the customer has just left");
    assert_eq!(shown(-24 * 3_600_000), ["o1"]);
    assert_eq!(database.batches() - before, 4, "one for each board");
    let board = block_on(board(&database, HERE, now())).unwrap();
    assert_eq!((board.orders[0].asked_at, board.orders[0].customer.as_deref()), (Some(now()), Some("Dana Whitfield")));
    assert!(block_on(crate::board(&database, ("other", "lakeside"), now())).is_err());
}

#[test]
fn an_order_comes_with_its_history_the_latest_first() {
    let database = database();
    block_on(database.batch(order("o1", "1"))).unwrap();
    let before = database.batches();
    let page = block_on(order_page(&database, HERE, "o1")).unwrap();
    assert_eq!(database.batches() - before, 1);
    assert_eq!(page.history.iter().map(|line| line.version).collect::<Vec<_>>(), [2, 1]);
    assert!(matches!(page.history[0].event, Event::Proposed { .. }));
    assert_eq!(page.found.order, page.shown.order);
    assert!(block_on(order_page(&database, ("other", "lakeside"), "o1")).is_err());
    assert!(block_on(order_page(&database, ("demo", "hubin"), "o1")).is_err());
    // What is decided no longer waits.
    let mut order = page.found.order;
    order.edit(OrderEdit { waiting_for: Some(Some("a lift".to_owned())), ..OrderEdit::default() }).unwrap();
    order.remove_operation(&store().charges, "o1-1").unwrap();
    let gone = Event::Reminded;
    block_on(database.batch(save_repair_order("lakeside", &order, &Actor::Clock, &gone, None, now()))).unwrap();
    assert_eq!(block_on(order_page(&database, HERE, "o1")).unwrap().shown.asked_at, None);
}

#[test]
fn customers_are_found_by_the_beginning_of_name_or_number() {
    let database = database();
    let find = |name, phone| {
        let (_, found) = block_on(find_customers(&database, HERE, (name, phone))).unwrap();
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(find(Some("DAN"), None), ["dan", "dana"], "in any case of letters");
    assert_eq!(find(Some("李"), None), ["li"]);
    assert_eq!(find(Some("dana w"), Some("+13125550199")), ["dan", "dana"]);
    assert_eq!(find(None, Some("+1312555")), ["dana", "dan"]);
    assert!(find(Some("%"), None).is_empty());
    assert!(block_on(find_customers(&database, ("other", "lakeside"), (Some("d"), None))).is_err());
    let at_counter = block_on(customer_at_counter(&database, HERE, "dana")).unwrap();
    assert_eq!(at_counter.cars[0].id, "crv");
    assert!(block_on(customer_at_counter(&database, ("demo", "hubin"), "dana")).is_err());
}
