//! Repair orders by the API.

use lanekeeper_api_tests::{Answer, Deployment};
use serde_json::{Value, json};

struct Desk {
    app: Deployment,
    customer: String,
}

impl Desk {
    fn new() -> Self {
        let app = Deployment::new();
        let created = app.post("stores/lakeside/customers", &json!({"name": "Dana", "phone": "312 555 0100"}));
        let customer = created.body["id"].as_str().unwrap().to_owned();
        Self { app, customer }
    }

    fn open(&self, more: &Value) -> Answer {
        let mut body = json!({"customer_id": self.customer});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.app.post("stores/lakeside/repair-orders", &body)
    }

    /// An order with brakes for 240.00 and wipers for 38.97.
    fn with_lines(&self) -> Answer {
        let brakes = json!({"name": "Front brake pads", "labor": 12_000,
            "parts": [{"name": "Pad", "quantity": 2000, "unit_price": 6000}]});
        let order = self.open(&json!({"operations": [brakes, {"name": "Wiper blades", "labor": 3897}]}));
        assert_eq!(order.status, 201, "{}", order.body);
        order
    }

    /// A change of an order as it was read.
    fn act(&self, method: &str, order: &Answer, path: &str, body: &Value) -> Answer {
        self.act_on(order.etag(), method, order, path, body)
    }

    fn act_on(&self, etag: &str, method: &str, order: &Answer, path: &str, body: &Value) -> Answer {
        let id = order.body["id"].as_str().unwrap();
        self.app.call(method, &format!("stores/lakeside/repair-orders/{id}{path}"), &[("if-match", etag)], body)
    }

    fn sent(&self) -> Vec<(String, String)> {
        let rows = self.app.rows("SELECT kind, text FROM outbox ORDER BY rowid");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        rows.iter().map(|row| (text(&row["kind"]), text(&row["text"]))).collect()
    }
}

fn line<'a>(order: &'a Answer, name: &str) -> &'a Value {
    order.body["operations"].as_array().unwrap().iter().find(|line| line["name"] == name).unwrap()
}

#[test]
fn an_order_is_opened_from_an_appointment_which_has_then_arrived() {
    let desk = Desk::new();
    let body = json!({"customer_id": desk.customer, "services": ["oil-change", "alignment"], "concern": "pulls left",
        "starts_at": "2026-11-24T15:00:00Z"});
    let booked = desk.app.post("stores/lakeside/appointments", &body).body;
    let order = desk.app.post("stores/lakeside/repair-orders", &json!({"appointment_id": booked["id"]}));
    assert_eq!(order.status, 201, "{}", order.body);
    assert_eq!((&order.body["number"], &order.body["stage"]), (&json!("1001"), &json!("vehicle_received")));
    let line = line(&order, "Oil change");
    assert_eq!((&line["complaint"], &line["authorization"]), (&json!("pulls left"), &json!("draft")));
    let id = booked["id"].as_str().unwrap();
    let arrived = desk.app.get(&format!("stores/lakeside/appointments/{id}")).body["arrived_at"].clone();
    assert!(arrived.is_string());
    let twice = desk.app.post("stores/lakeside/repair-orders", &json!({"appointment_id": booked["id"]}));
    assert_eq!(twice.status, 409, "{}", twice.body);
    assert!(desk.sent().iter().any(|(kind, _)| kind == "arrived"));
    let path = format!("stores/lakeside/repair-orders/{}", order.body["id"].as_str().unwrap());
    let read = desk.app.get(&path);
    assert_eq!((&read.body, read.etag()), (&order.body, order.etag()), "what was answered is what is read");
    assert_eq!(desk.app.get("stores/lakeside/repair-orders").body["items"][0]["number"], "1001");
}

#[test]
fn added_work_goes_to_the_customer_and_waits_for_the_answer() {
    let desk = Desk::new();
    let order = desk.with_lines();
    let brakes = line(&order, "Front brake pads")["id"].as_str().unwrap().to_owned();
    let wipers = line(&order, "Wiper blades")["id"].as_str().unwrap().to_owned();
    let start = json!({"progress": "in_progress"});
    let early = desk.act("PATCH", &order, &format!("/operations/{brakes}"), &start);
    assert_eq!(early.status, 409, "{}", early.body);

    let asked = desk.act("POST", &order, "/propose", &json!({}));
    assert_eq!(
        (asked.status, &asked.body["stage"]),
        (200, &json!("awaiting_customer_authorization")),
        "{}",
        asked.body
    );
    assert_eq!((&asked.body["total_if_agreed"], &asked.body["totals"]["total"]), (&json!(27_897), &json!(0)));
    assert!(asked.body["follow_up_at"].is_string());
    let (kind, text) = desk.sent().pop().unwrap();
    assert!(kind == "added_work" && text.contains("1) Front brake pads: $240") && text.contains("$278.97"), "{text}");

    let answer = |amount: i64| {
        json!({"method": "verbal_phone", "lines": [
            {"operation": brakes, "authorized": true, "amount": amount},
            {"operation": wipers, "authorized": false, "amount": 3897}]})
    };
    let too_little = desk.act("POST", &asked, "/authorizations", &answer(20_000));
    assert_eq!(too_little.status, 409, "{}", too_little.body);
    let answered = desk.act("POST", &asked, "/authorizations", &answer(24_000));
    assert_eq!(answered.status, 200, "{}", answered.body);
    assert_eq!(line(&answered, "Front brake pads")["authorized_amount"], 24_000);
    assert_eq!(line(&answered, "Wiper blades")["authorization"], "declined");
    assert_eq!(answered.body["totals"]["total"], 24_000);
    let started = desk.act("PATCH", &answered, &format!("/operations/{brakes}"), &start);
    assert_eq!((started.status, &line(&started, "Front brake pads")["progress"]), (200, &json!("in_progress")));
    let raised = desk.act("PATCH", &started, &format!("/operations/{brakes}"), &json!({"labor": 15_000}));
    assert_eq!(line(&raised, "Front brake pads")["authorization"], "requested");

    let id = order.body["id"].as_str().unwrap();
    let events = desk.app.get(&format!("stores/lakeside/repair-orders/{id}/events")).body["items"].clone();
    let kinds: Vec<&str> = events.as_array().unwrap().iter().map(|it| it["event"]["event"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["opened", "proposed", "decided", "progressed", "operation_changed"]);
    let log = desk.app.rows("SELECT authorized, amount, method FROM authorizations ORDER BY amount");
    assert_eq!(log.len(), 2);
    assert_eq!(
        (&log[1]["amount"], &log[1]["authorized"], &log[1]["method"]),
        (&json!(24_000), &json!(1), &json!("verbal_phone"))
    );
}

#[test]
fn concurrent_edits_are_caught() {
    let desk = Desk::new();
    let order = desk.with_lines();
    let edit = json!({"promised_at": "2026-11-20T22:00:00Z", "advisor": "Pat", "mileage_in": 42_000});
    let id = order.body["id"].as_str().unwrap();
    let unread = desk.app.call("PATCH", &format!("stores/lakeside/repair-orders/{id}"), &[], &edit);
    assert_eq!(unread.status, 428);
    let edited = desk.act("PATCH", &order, "", &edit);
    assert_eq!((edited.status, &edited.body["advisor"]), (200, &json!("Pat")), "{}", edited.body);
    assert_ne!(edited.etag(), order.etag());
    let stale = desk.act("PATCH", &order, "", &json!({"advisor": "Lee"}));
    assert_eq!(stale.status, 412);
    let whatever = desk.act_on("*", "PATCH", &order, "", &json!({"advisor": null}));
    assert_eq!((whatever.status, &whatever.body["advisor"]), (200, &Value::Null));
}

#[test]
fn bad_input_names_the_field_and_changes_nothing() {
    let desk = Desk::new();
    let refused = |body: &Value| {
        let answer = desk.open(body);
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        answer.fields().join(" ")
    };
    assert_eq!(refused(&json!({"vin": "1M8GDM9AXKP042789"})), "vin");
    assert_eq!(refused(&json!({"mileage_in": -1})), "mileage_in");
    assert_eq!(refused(&json!({"stage": "completed"})), "stage");
    assert_eq!(refused(&json!({"vehicle_id": "none"})), "vehicle_id");
    assert_eq!(refused(&json!({"operations": [{"name": "a"}, {"name": "b", "labor": -5}]})), "operations[1].labor");
    assert_eq!(refused(&json!({"operations": [{"service": "teleport"}]})), "operations[0].service");
    assert_eq!(refused(&json!({"authorized": "text_message"})), "authorized");
    assert_eq!(desk.app.post("stores/lakeside/repair-orders", &json!({})).fields(), ["customer_id"]);
    assert_eq!(desk.app.rows("SELECT 1 FROM repair_orders").len(), 0);
    let order = desk.open(&json!({"vin": "WVWZZZ1JZXW000001", "vin_unverified": true, "number": "A-1"}));
    assert_eq!((order.status, &order.body["vin_status"]), (201, &json!("unverified")), "{}", order.body);
    assert_eq!(desk.open(&json!({"number": "A-1"})).status, 409);
    let skipped = desk.act("PATCH", &order, "", &json!({"stage": "closed"}));
    assert_eq!(skipped.status, 409, "{}", skipped.body);
    let nobody = desk.app.get("stores/hubin/repair-orders/nothing");
    assert_eq!(nobody.status, 404);
}

#[test]
fn work_agreed_to_at_the_counter_may_start_and_others_pay_for_warranty() {
    let desk = Desk::new();
    let lines = json!([{"service": "oil-change"}, {"name": "Airbag recall", "labor": 35_000, "pay_type": "warranty"}]);
    let order = desk.open(&json!({"operations": lines, "authorized": "in_person_digital_signature"}));
    assert_eq!(order.status, 201, "{}", order.body);
    assert_eq!(order.etag(), "\"2\"", "opened, and agreed to");
    assert_eq!(line(&order, "Oil change")["authorization"], "authorized");
    let recall = line(&order, "Airbag recall");
    assert_eq!((&recall["amount"], &recall["may_start"]), (&json!(0), &json!(true)));
    let added = desk.act("POST", &order, "/operations", &json!({"name": "Belt", "labor": 9000}));
    assert_eq!((added.status, line(&added, "Belt")["authorization"].as_str()), (201, Some("draft")), "{}", added.body);
    let belt = line(&added, "Belt")["id"].as_str().unwrap().to_owned();
    let removed = desk.act("DELETE", &added, &format!("/operations/{belt}"), &Value::Null);
    assert_eq!((removed.status, removed.body["operations"].as_array().unwrap().len()), (200, 2), "{}", removed.body);
    let done = desk.act("PATCH", &removed, "", &json!({"stage": "completed"}));
    assert_eq!(done.status, 200, "{}", done.body);
    let (kind, text) = desk.sent().pop().unwrap();
    assert!(kind == "ready" && text.contains("The total is"), "{text}");
}
