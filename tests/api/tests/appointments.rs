//! Openings and appointments.

use chrono::TimeDelta;
use lanekeeper_api_tests::{Answer, Deployment};
use lanekeeper_platform::Platform;
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

    fn openings(&self, query: &str) -> Vec<String> {
        let found = self.app.get(&format!("stores/lakeside/openings?{query}"));
        assert_eq!(found.status, 200, "{}", found.body);
        let items = found.body["items"].as_array().unwrap();
        items.iter().map(|item| item["starts_at"].as_str().unwrap().to_owned()).collect()
    }

    fn book(&self, more: &Value) -> Answer {
        let mut body =
            json!({"customer_id": self.customer, "services": ["oil-change"], "starts_at": "2026-11-24T15:00:00Z"});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.app.post("stores/lakeside/appointments", &body)
    }

    fn act(&self, id: &str, action: &str, body: &Value) -> Answer {
        self.app.post(&format!("stores/lakeside/appointments/{id}/{action}"), body)
    }
}

#[test]
fn openings_are_what_can_be_booked() {
    let desk = Desk::new();
    let tuesday = desk.openings("services=oil-change&from=2026-11-24&until=2026-11-24");
    assert_eq!(tuesday[0], "2026-11-24T13:30:00.000Z", "half past seven in Chicago");
    assert!(desk.openings("services=oil-change&from=2026-11-22&until=2026-11-22").is_empty(), "a Sunday");
    assert!(desk.openings("services=oil-change&from=2026-11-01&until=2026-11-02").is_empty(), "in the past");
    assert!(!desk.openings("services=oil-change").is_empty());
    for (query, field) in [
        ("from=2026-11-24", "services"),
        ("services=teleport", "services"),
        ("services=oil-change&from=2026-02-30", "from"),
        ("services=oil-change&from=2026-11-24&until=2026-11-23", "until"),
        ("services=oil-change&from=2026-11-24&until=2027-11-23", "until"),
        ("services=oil-change&transport=horse", "transport"),
        ("services=oil-change&advisor=nobody", "advisor"),
    ] {
        let answer = desk.app.get(&format!("stores/lakeside/openings?{query}"));
        assert_eq!((answer.status, answer.fields()), (400, vec![field]), "{query}");
    }
}

#[test]
fn a_booking_is_confirmed_like_any_other() {
    let desk = Desk::new();
    let cars = format!("stores/lakeside/customers/{}/vehicles", desk.customer);
    let car = desk.app.post(&cars, &json!({"year": 2019, "make": "Honda", "model": "CR-V"})).body;
    let booked =
        desk.book(&json!({"vehicle_id": car["id"], "concern": "squeaks", "external_id": "DMS-1", "language": "es"}));
    assert_eq!(booked.status, 201, "{}", booked.body);
    let id = booked.body["id"].as_str().unwrap();
    let read = desk.app.get(&format!("stores/lakeside/appointments/{id}"));
    assert_eq!((&read.body, read.etag()), (&booked.body, booked.etag()), "what was answered is what is read");
    let listed = desk.app.get("stores/lakeside/appointments").body["items"].clone();
    assert_eq!(listed, json!([booked.body]));

    let sent = desk.app.rows("SELECT kind, recipient, text FROM outbox ORDER BY due_at");
    assert_eq!((&sent[0]["kind"], &sent[0]["recipient"]), (&json!("booked"), &json!("+13125550100")));
    assert!(sent[0]["text"].as_str().unwrap().contains("CR-V") && sent.len() >= 2, "a confirmation and a reminder");
    assert!(sent[0]["text"].as_str().unwrap().contains("cita"), "in the customer's language");
    assert_eq!(desk.app.platform.queue.drain().len(), 1);
}

#[test]
fn a_pickup_takes_as_long_as_the_menu_says() {
    let desk = Desk::new();
    let mut item = desk.app.get("stores/lakeside/services/oil-change").body;
    item["classes"] = json!([{"class": "truck", "minutes": 90, "price": {"amount": 9995, "from": false}}]);
    let put = desk.app.call("PUT", "stores/lakeside/services/oil-change", &[], &item);
    assert_eq!(put.status, 200, "{}", put.body);
    let cars = format!("stores/lakeside/customers/{}/vehicles", desk.customer);
    let truck = desk.app.post(&cars, &json!({"make": "Ford", "model": "F-150"})).body;
    let booked = desk.book(&json!({"vehicle_id": truck["id"]}));
    assert_eq!((booked.status, &booked.body["ends_at"]), (201, &json!("2026-11-24T16:30:00.000Z")), "{}", booked.body);
    let day = "services=oil-change&from=2026-11-24&until=2026-11-24";
    let (any, of_truck) = (desk.openings(day), desk.openings(&format!("{day}&vehicle_class=truck")));
    assert!(of_truck.len() < any.len(), "the last times of the day are too late for it");
    let wrong = desk.app.get(&format!("stores/lakeside/openings?{day}&vehicle_class=boat"));
    assert_eq!((wrong.status, wrong.fields()), (400, vec!["vehicle_class"]));
    let order = desk.app.post("stores/lakeside/repair-orders", &json!({"appointment_id": booked.body["id"]})).body;
    assert_eq!(order["operations"][0]["labor"], 9995);
    item["classes"][0]["minutes"] = json!(0);
    let wrong = desk.app.call("PUT", "stores/lakeside/services/oil-change", &[], &item);
    assert_eq!((wrong.status, wrong.fields()), (422, vec!["classes.truck"]));
}

#[test]
fn who_comes_too_late_is_told_of_other_times() {
    let desk = Desk::new();
    let bays = desk.app.get("stores/lakeside/bays").body["items"].as_array().unwrap().len();
    let mut taken = 0;
    let refused = loop {
        let answer = desk.book(&json!({}));
        if answer.status != 201 {
            break answer;
        }
        taken += 1;
    };
    assert!(taken > 0 && taken <= bays);
    assert_eq!(refused.status, 409);
    let other = refused.body["openings"][0]["starts_at"].as_str().unwrap();
    assert_eq!(desk.book(&json!({"starts_at": other})).status, 201);
    assert_eq!(desk.book(&json!({"starts_at": "2026-11-22T15:00:00Z"})).status, 409, "a Sunday");
    assert_eq!(desk.book(&json!({"starts_at": "2020-11-22T15:00:00Z"})).status, 409, "long ago");
    assert_eq!(desk.book(&json!({"starts_at": "9999-12-31T23:59:59Z"})).status, 409, "never");
}

#[test]
fn a_booking_names_what_is_wrong_with_it() {
    let desk = Desk::new();
    let other = desk.app.post("stores/lakeside/customers", &json!({"phone": "312 555 0101"})).body;
    let cars = format!("stores/lakeside/customers/{}/vehicles", other["id"].as_str().unwrap());
    let car = desk.app.post(&cars, &json!({"make": "Honda"})).body;
    let silent = desk.app.post("stores/lakeside/customers", &json!({"external_id": "no phone"})).body;
    for (more, field) in [
        (json!({"customer_id": "nobody"}), "customer_id"),
        (json!({"customer_id": silent["id"]}), "customer_id"),
        (json!({"services": []}), "services"),
        (json!({"services": ["teleport"]}), "services"),
        (json!({"vehicle_id": "none"}), "vehicle_id"),
        (json!({"vehicle_id": car["id"]}), "vehicle_id"),
        (json!({"starts_at": "tomorrow"}), "starts_at"),
        (json!({"transport": "horse"}), "transport"),
        (json!({"concern": " "}), "concern"),
        (json!({"bay": 1}), "bay"),
        (json!({"language": "fr"}), "language"),
    ] {
        let answer = desk.book(&more);
        assert_eq!((answer.status, answer.fields()), (422, vec![field]), "{more}: {}", answer.body);
    }
    assert_eq!(desk.app.count("SELECT count(*) AS n FROM appointments"), 0);
    assert_eq!(desk.app.count("SELECT count(*) AS n FROM conversations"), 0);
}

#[test]
fn the_same_key_books_once() {
    let desk = Desk::new();
    let body = json!({"customer_id": desk.customer, "services": ["oil-change"], "starts_at": "2026-11-24T15:00:00Z"});
    let book = || desk.app.call("POST", "stores/lakeside/appointments", &[("idempotency-key", "b-1")], &body);
    assert_eq!((book().status, book()), (201, book()));
    assert_eq!(desk.app.count("SELECT count(*) AS n FROM appointments"), 1);
}

#[test]
fn an_appointment_is_moved_and_called_off() {
    let desk = Desk::new();
    let booked = desk.book(&json!({}));
    let id = booked.body["id"].as_str().unwrap().to_owned();
    desk.app.platform.clock.advance(TimeDelta::minutes(1));
    let moved = desk.act(&id, "move", &json!({"starts_at": "2026-11-25T16:00:00Z"}));
    assert_eq!((moved.status, &moved.body["starts_at"]), (200, &json!("2026-11-25T16:00:00.000Z")), "{}", moved.body);
    assert_eq!(moved.body["sequence"], 1);
    let stale = desk.app.call(
        "POST",
        &format!("stores/lakeside/appointments/{id}/cancel"),
        &[("if-match", booked.etag())],
        &Value::Null,
    );
    assert_eq!(stale.status, 412);
    assert_eq!(desk.act(&id, "move", &json!({"starts_at": "2026-11-22T16:00:00Z"})).status, 409);
    assert_eq!(desk.act(&id, "move", &json!({})).fields(), ["starts_at"]);

    let cancelled = desk.act(&id, "cancel", &Value::Null);
    assert_eq!((cancelled.status, &cancelled.body["status"]), (200, &json!("cancelled")));
    assert_eq!(desk.app.count("SELECT count(*) AS n FROM claims"), 0, "its place is free again");
    let told = desk.app.rows("SELECT text FROM outbox WHERE kind = 'cancelled' AND status = 'pending'");
    assert!(told[0]["text"].as_str().unwrap().contains("called off"), "{told:?}");
    let left = desk.app.count("SELECT count(*) AS n FROM outbox WHERE kind <> 'cancelled' AND status = 'pending'");
    assert_eq!(left, 0, "no reminder of what is called off");
    for action in ["cancel", "arrive"] {
        assert_eq!(desk.act(&id, action, &Value::Null).status, 409, "{action}");
    }
    assert_eq!(desk.act("nothing", "cancel", &Value::Null).status, 404);
}

#[test]
fn a_customer_arrives_or_does_not() {
    let desk = Desk::new();
    let id = desk.book(&json!({})).body["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.act(&id, "no-show", &Value::Null).status, 409, "not begun yet");
    desk.app.platform.clock.set("2026-11-24T15:20:00Z".parse().unwrap());
    let missed = desk.act(&id, "no-show", &Value::Null);
    assert_eq!((missed.status, &missed.body["no_show_at"]), (200, &json!("2026-11-24T15:20:00.000Z")));
    assert_eq!(desk.app.count("SELECT count(*) AS n FROM outbox WHERE kind = 'no_show'"), 1, "asked for another time");
    desk.app.platform.clock.advance(TimeDelta::minutes(5));
    let arrived = desk.act(&id, "arrive", &Value::Null);
    assert_eq!(
        (&arrived.body["arrived_at"], &arrived.body["no_show_at"]),
        (&json!("2026-11-24T15:25:00.000Z"), &Value::Null)
    );
    assert_eq!(arrived.body["status"], "booked");
}

#[test]
fn who_cannot_be_told_can_be_called_off() {
    let desk = Desk::new();
    let id = desk.book(&json!({})).body["id"].as_str().unwrap().to_owned();
    let silent = "UPDATE appointments SET conversation_id = NULL; DELETE FROM outbox; DELETE FROM conversations; \
        DELETE FROM identities;";
    desk.app.platform.directory().script(silent).unwrap();
    assert_eq!(desk.act(&id, "arrive", &Value::Null).status, 200);
    let cancelled = desk.act(&id, "cancel", &Value::Null);
    assert_eq!((cancelled.status, &cancelled.body["status"]), (200, &json!("cancelled")), "{}", cancelled.body);
}

#[test]
fn who_never_wrote_is_texted_and_not_spoken_to_in_a_chat() {
    let app = Deployment::new();
    let chat = "INSERT INTO lines (id, store_id, provider, address, credentials) \
        VALUES ('lakeside-chat', 'lakeside', 'widget', 'widget:lakeside-chat', '');";
    app.platform.shards.directory().script(chat).unwrap();
    let customer = app.post("stores/lakeside/customers", &json!({"phone": "312 555 0100"})).body;
    let body = json!({"customer_id": customer["id"], "services": ["oil-change"], "starts_at": "2026-11-24T15:00:00Z"});
    assert_eq!(app.post("stores/lakeside/appointments", &body).status, 201);
    let other = app.post("stores/lakeside/customers", &json!({"phone": "312 555 0101"})).body;
    let body = json!({"customer_id": other["id"], "operations": [{"name": "Pads", "labor": 100}]});
    assert_eq!(app.post("stores/lakeside/repair-orders", &body).status, 201);
    let lines = app.rows("SELECT DISTINCT recipient, line_id FROM outbox ORDER BY recipient");
    let lines: Vec<&str> = lines.iter().map(|row| row["line_id"].as_str().unwrap()).collect();
    assert_eq!(lines, ["lakeside-sms", "lakeside-sms"]);
}
