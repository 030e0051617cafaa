//! Customers and their cars.

use lanekeeper_api_tests::Deployment;
use serde_json::{Value, json};

fn customer(app: &Deployment) -> Value {
    let body = json!({"name": " Dana ", "phone": "(312) 555-0100", "external_id": "C-7"});
    let created = app.post("stores/lakeside/customers", &body);
    assert_eq!(created.status, 201);
    created.body
}

#[test]
fn what_is_created_is_read_and_found() {
    let app = Deployment::new();
    let created = customer(&app);
    assert_eq!(created["name"], "Dana");
    let id = created["id"].as_str().unwrap();
    assert_eq!(app.get(&format!("stores/lakeside/customers/{id}")).body, created);
    for query in
        ["", "?phone=3125550100", "?phone=%2B13125550100", "?external_id=C-7", "?external_id=C-7&phone=3125550100"]
    {
        assert_eq!(app.get(&format!("stores/lakeside/customers{query}")).body["items"], json!([created]), "{query}");
    }
    for query in ["?phone=3125550101", "?external_id=C-8", "?external_id=C-8&phone=3125550100"] {
        assert_eq!(app.get(&format!("stores/lakeside/customers{query}")).body["items"], json!([]), "{query}");
    }
    assert_eq!(app.get(&format!("stores/hubin/customers/{id}")).status, 404, "a customer belongs to one store");
}

#[test]
fn a_change_is_made_for_what_was_read() {
    let app = Deployment::new();
    let id = customer(&app)["id"].as_str().unwrap().to_owned();
    let path = format!("stores/lakeside/customers/{id}");
    let tag = app.get(&path).etag().to_owned();
    let change = |tag: &str, body: Value| app.call("PATCH", &path, &[("if-match", tag)], &body);
    let changed = change(&tag, json!({"name": null, "phone": "+13125550199"}));
    assert_eq!(
        (changed.status, &changed.body["name"], &changed.body["external_id"]),
        (200, &Value::Null, &json!("C-7"))
    );
    assert_ne!(changed.etag(), tag, "also within the same millisecond");
    assert_eq!(app.get(&path).body, changed.body);
    assert_eq!(change(&tag, json!({"name": "Late"})).status, 412);
    assert_eq!(change("*", json!({"name": "Any"})).status, 200);
    assert_eq!(change("weak", json!({"name": "Any"})).fields(), ["If-Match"]);
    assert_eq!(
        app.get("stores/lakeside/customers?phone=3125550100").body["items"],
        json!([]),
        "the old number is free"
    );
}

#[test]
fn the_preferred_line_is_one_of_the_store() {
    let app = Deployment::new();
    let created = customer(&app);
    assert_eq!(created["preferred_line"], Value::Null);
    let path = format!("stores/lakeside/customers/{}", created["id"].as_str().unwrap());
    let prefer = |line: Value| app.call("PATCH", &path, &[], &json!({"preferred_line": line}));
    for line in ["elsewhere-sms", "hubin-sms", "no-line", ""] {
        let refused = prefer(json!(line));
        assert_eq!((refused.status, refused.fields()), (422, vec!["preferred_line"]), "{line}");
    }
    assert_eq!(app.get(&path).body, created);
    assert_eq!(prefer(json!("lakeside-sms")).body["preferred_line"], "lakeside-sms");
    let renamed = app.call("PATCH", &path, &[], &json!({"name": "Dana B."}));
    assert_eq!(renamed.body["preferred_line"], "lakeside-sms", "what is absent stays");
    assert_eq!(app.get("stores/lakeside/customers").body["items"], json!([renamed.body]));
    assert_eq!(prefer(Value::Null).body["preferred_line"], Value::Null);
}

#[test]
fn a_customer_is_told_on_the_line_that_they_prefer() {
    let app = Deployment::new();
    let id = customer(&app)["id"].as_str().unwrap().to_owned();
    let lines = format!(
        "INSERT INTO lines (id, store_id, provider, address, credentials) VALUES ('lakeside-two', 'lakeside', 'twilio', '+15005550009', '');
         INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
           SELECT id, 'lakeside', id, '+13125550100', '{id}', 'en', '{{}}', 0, id = 'lakeside-sms' FROM lines WHERE store_id = 'lakeside';"
    );
    app.platform.shards.directory().script(&lines).unwrap();
    let book = |starts_at: &str| {
        let body = json!({"customer_id": id, "services": ["oil-change"], "starts_at": starts_at});
        app.post("stores/lakeside/appointments", &body).body["conversation_id"].clone()
    };
    assert_eq!(book("2026-11-23T15:00:00Z"), "lakeside-sms", "where they wrote last");
    let prefer = json!({"preferred_line": "lakeside-two"});
    assert_eq!(app.call("PATCH", &format!("stores/lakeside/customers/{id}"), &[], &prefer).status, 200);
    assert_eq!(book("2026-11-24T15:00:00Z"), "lakeside-two");
}

#[test]
fn what_is_wrong_is_named_and_changes_nothing() {
    let app = Deployment::new();
    customer(&app);
    let create = |body: Value| app.post("stores/lakeside/customers", &body);
    let wrong = create(json!({"name": "", "phone": "call me", "external_id": "x".repeat(101)}));
    assert_eq!((wrong.status, wrong.fields()), (422, vec!["name", "phone", "external_id"]));
    assert_eq!(create(json!({"name": "Nobody"})).fields(), ["phone"]);
    assert_eq!(create(json!({"phone": 3_125_550_100_i64})).fields(), ["phone"]);
    assert_eq!(create(json!({"phone": "3125550100", "age": 3})).fields(), ["age"]);
    let taken = create(json!({"phone": "312-555-0100"}));
    assert_eq!((taken.status, taken.body["customer_id"].is_string()), (409, true));
    let taken = create(json!({"phone": "312-555-0111", "external_id": "C-7"}));
    assert_eq!((taken.status, taken.body["detail"].as_str().unwrap().contains("external_id")), (409, true));
    let headers = [("authorization", "Bearer demo-key")];
    assert_eq!(app.send("POST", "/api/v1/stores/lakeside/customers", &headers, b"{").status, 400);
    assert_eq!(app.count("SELECT count(*) AS n FROM customers"), 1);
}

#[test]
fn cars_come_and_go() {
    let app = Deployment::new();
    let id = customer(&app)["id"].as_str().unwrap().to_owned();
    let cars = format!("stores/lakeside/customers/{id}/vehicles");
    let created =
        app.post(&cars, &json!({"year": 2019, "make": "Honda", "vin": "1m8gdm9axkp042788", "mileage": 41000}));
    assert_eq!((created.status, &created.body["vin"]), (201, &json!("1M8GDM9AXKP042788")));
    let path = created.header("location").unwrap().strip_prefix("/api/v1/").unwrap().to_owned();
    assert_eq!(app.get(&path).body, created.body);
    assert_eq!(app.get(&cars).body["items"], json!([created.body]));

    let change = |body: Value| app.call("PATCH", &path, &[], &body);
    assert_eq!(change(json!({"vin": "1M8GDM9AXKP042789"})).fields(), ["vin"], "a wrong check digit");
    assert_eq!(change(json!({"year": 3000, "mileage": -1})).fields(), ["year", "mileage"]);
    let changed = change(json!({"vin": null, "plate": "ABC 123"}));
    assert_eq!((changed.status, &changed.body["vin"], &changed.body["year"]), (200, &Value::Null, &json!(2019)));

    assert_eq!(app.call("DELETE", &path, &[("if-match", "\"1\"")], &Value::Null).status, 412);
    assert_eq!(app.call("DELETE", &path, &[], &Value::Null).status, 204);
    assert_eq!(app.get(&path).status, 404);
}

#[test]
fn pages_hold_everyone_once() {
    let app = Deployment::new();
    for number in 0..5 {
        let created = app.post("stores/lakeside/customers", &json!({"phone": format!("312 555 010{number}")}));
        assert_eq!(created.status, 201);
    }
    let (mut phones, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("stores/lakeside/customers?limit=2{cursor}")).body;
        let items = page["items"].as_array().unwrap();
        phones.extend(items.iter().map(|item| item["phone"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    phones.sort();
    assert_eq!(phones.len(), 5);
    phones.dedup();
    assert_eq!(phones.len(), 5);
}
