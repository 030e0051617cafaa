use super::*;
use lanekeeper_domain::repair_order::{Method, OperationEdit, OrderEdit, Stage, Verdict};
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_native::{NativeDatabase, block_on};

const LAKESIDE: &str = include_str!("../../../../demo/stores/lakeside.json");

fn now() -> DateTime<Utc> {
    "2026-11-20T16:00:00Z".parse().unwrap()
}

fn database() -> NativeDatabase {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(crate::migrate(&database)).unwrap();
    let rows = "INSERT INTO lines (id, store_id, provider, address, credentials) VALUES ('sms', 'lakeside', 'twilio', '+1', '');
        INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('dana', 'lakeside', 0, 0);
        INSERT INTO identities (store_id, kind, address, customer_id) VALUES ('lakeside', 'phone', '+13125550123', 'dana');
        INSERT INTO vehicles (id, store_id, customer_id, year, make, model, updated_at)
          VALUES ('crv', 'lakeside', 'dana', 2019, 'Honda', 'CR-V', 0);";
    let store = Statement::new("INSERT INTO stores (id, group_id, profile) VALUES ('lakeside', 'great-lakes', ?1)");
    block_on(database.run(store.bind(LAKESIDE))).unwrap();
    database.script(rows).unwrap();
    database
}

fn staff() -> Actor {
    Actor::Staff("Pat".to_owned())
}

/// An order in every respect, with one line.
fn full(id: &str) -> RepairOrder {
    let mut order = RepairOrder {
        id: id.to_owned(),
        customer: "dana".to_owned(),
        stage: Stage::VehicleReceived,
        vehicle: Some(Vehicle {
            id: "crv".to_owned(),
            year: Some(2019),
            make: Some("Honda".to_owned()),
            model: Some("CR-V".to_owned()),
            ..Vehicle::default()
        }),
        ..RepairOrder::default()
    };
    let edit = r#"{"vin": "1M8GDM9AXKP042788", "mileage_in": 42000, "advisor": "Pat", "technician": "Lee",
        "promised_at": "2026-11-20T22:00:00.123Z", "waiting_for": "a lift",
        "notes": [{"text": "squeaks", "audience": "internal"}], "photos": [{"url": "https://p.test/1"}]}"#;
    order.edit(serde_json::from_str::<OrderEdit>(edit).unwrap()).unwrap();
    let store: Store = serde_json::from_str(LAKESIDE).unwrap();
    let brakes = r#"{"name": "Front brakes", "service": "brakes", "labor": 12000, "complaint": "squeaks",
        "parts": [{"number": "45022", "name": "Pads", "quantity": 1000, "unit_price": 4999}]}"#;
    order.add_operation(&store.charges, &format!("{id}-brakes"), serde_json::from_str(brakes).unwrap()).unwrap();
    order
}

fn opened(order: &RepairOrder, number: &str) -> Vec<Statement> {
    let order = RepairOrder { number: number.to_owned(), ..order.clone() };
    open_repair_order("lakeside", &order, &staff(), &Event::Opened { stage: order.stage }, now())
}

fn load(database: &NativeDatabase, id: &str) -> OrderInStore {
    block_on(repair_order_for_store(database, "lakeside", id)).unwrap().unwrap()
}

#[test]
fn an_order_comes_back_as_it_was_saved() {
    let database = database();
    let order = full("o1");
    block_on(database.batch(opened(&order, "A-17"))).unwrap();
    let loaded = load(&database, "o1");
    assert_eq!(loaded.order, RepairOrder { version: 1, number: "A-17".to_owned(), ..order });
    let reach = Reach {
        conversation: None,
        line: "sms".to_owned(),
        address: "+13125550123".to_owned(),
        language: Language::En,
        time_zone: None,
    };
    assert_eq!(loaded.reach, Some(reach), "somebody who has never written is reached by phone");
    assert!(block_on(repair_order_for_store(&database, "hubin", "o1")).unwrap().is_none());
}

#[test]
fn numbers_follow_one_another_and_are_never_given_twice() {
    let database = database();
    let next = || block_on(next_order_number(&database, "lakeside")).unwrap();
    assert_eq!(next(), 1001);
    for (id, number) in [("o1", "1001"), ("o2", "A-17"), ("o3", "2040"), ("o4", "1500")] {
        block_on(database.batch(opened(&full(id), number))).unwrap();
    }
    assert_eq!(next(), 2041);
    let taken = block_on(database.batch(opened(&full("o5"), "2040"))).unwrap_err();
    assert!(taken.is_conflict_on("repair_orders"), "{taken}");
}

#[test]
fn of_two_changes_of_the_same_version_one_is_refused() {
    let database = database();
    block_on(database.batch(opened(&full("o1"), "1001"))).unwrap();
    let OrderInStore { order, store, .. } = load(&database, "o1");
    let mut asked = order.clone();
    let event = asked.propose(&store.charges, None).unwrap();
    block_on(database.batch(save_repair_order("lakeside", &asked, &staff(), &event, None, now()))).unwrap();
    let mut edited = order;
    let event = edited.edit(OrderEdit { mileage_out: Some(Some(42_003)), ..OrderEdit::default() }).unwrap();
    let late = block_on(database.batch(save_repair_order("lakeside", &edited, &staff(), &event, None, now())));
    assert!(late.unwrap_err().is_conflict_on("order_events"));
    let loaded = load(&database, "o1").order;
    assert_eq!((loaded.version, loaded.mileage_out), (2, None));
}

#[test]
fn the_customers_word_is_kept_line_by_line_and_silence_comes_up_when_it_is_due() {
    let database = database();
    block_on(database.batch(opened(&full("o1"), "1001"))).unwrap();
    let OrderInStore { mut order, store, .. } = load(&database, "o1");
    let event = order.propose(&store.charges, None).unwrap();
    order.wait_for_answer(&store, now());
    block_on(database.batch(save_repair_order("lakeside", &order, &staff(), &event, None, now()))).unwrap();
    let due = |minutes| {
        let orders = block_on(silent_repair_orders(&database, now() + chrono::Duration::minutes(minutes), 10)).unwrap();
        orders.into_iter().map(|found| found.order.id).collect::<Vec<_>>()
    };
    assert_eq!((due(59), due(60)), (vec![], vec!["o1".to_owned()]));

    let mut order = load(&database, "o1").order;
    let amount = store.charges.amount(&order.operations[0]);
    let verdict = Verdict { operation: "o1-brakes".to_owned(), authorized: true, amount };
    let event = order.decide(&store.charges, &[verdict], Method::TextMessage).unwrap();
    block_on(database.batch(save_repair_order("lakeside", &order, &Actor::Customer, &event, None, now()))).unwrap();
    assert_eq!(due(60), Vec::<String>::new());
    let log = Statement::new("SELECT version, operation_id, authorized, amount, method, actor FROM authorizations");
    assert_eq!(
        json!(block_on(database.run(log)).unwrap().0),
        json!([{"version": 3, "operation_id": "o1-brakes", "authorized": 1, "amount": 16_999, "method": "text_message",
            "actor": "{\"kind\":\"customer\"}"}])
    );
    let events = block_on(repair_order_events(&database, "lakeside", "o1")).unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event["event"]["event"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["opened", "proposed", "decided"]);
    assert!(block_on(repair_order_events(&database, "hubin", "o1")).unwrap().is_empty());
}

#[test]
fn the_database_refuses_work_without_authorization() {
    let database = database();
    block_on(database.batch(opened(&full("o1"), "1001"))).unwrap();
    let start = Statement::new("UPDATE operations SET progress = 'in_progress' WHERE id = 'o1-brakes'");
    assert!(matches!(block_on(database.run(start)), Err(DatabaseError::Constraint(_))));
}

#[test]
fn lines_that_are_taken_off_are_gone() {
    let database = database();
    block_on(database.batch(opened(&full("o1"), "1001"))).unwrap();
    let OrderInStore { mut order, store, .. } = load(&database, "o1");
    let wipers = OperationEdit { name: Some("Wipers".to_owned()), ..OperationEdit::default() };
    let event = order.add_operation(&store.charges, "wipers", wipers).unwrap();
    block_on(database.batch(save_repair_order("lakeside", &order, &staff(), &event, None, now()))).unwrap();
    let mut order = load(&database, "o1").order;
    let event = order.remove_operation(&store.charges, "o1-brakes").unwrap();
    block_on(database.batch(save_repair_order("lakeside", &order, &staff(), &event, None, now()))).unwrap();
    let left: Vec<String> = load(&database, "o1").order.operations.into_iter().map(|line| line.id).collect();
    assert_eq!(left, ["wipers"]);
}

#[test]
fn every_query_runs_on_an_index() {
    let database = database();
    let by_two =
        |clause: &str| Statement::new(format!("EXPLAIN QUERY PLAN {SELECT} WHERE {clause}")).bind("a").bind("b");
    let plans = [by_two("o.id = ?1 AND o.store_id = ?2"), by_two("o.nudge_at <= ?1 ORDER BY o.nudge_at LIMIT ?2")];
    for plan in plans {
        let steps = block_on(database.run(plan)).unwrap().0;
        let steps: Vec<_> = steps.iter().map(|step| step["detail"].as_str().unwrap()).collect();
        // What is scanned is what a subquery has already picked out.
        let scans = |table: &str| steps.iter().any(|step| step.starts_with(&format!("SCAN {table}")));
        assert!(!["o", "s", "v", "p", "c", "u", "i", "l"].iter().any(|table| scans(table)), "{steps:#?}");
    }
}
