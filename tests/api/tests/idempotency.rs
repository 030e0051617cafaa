//! Requests that create something, sent again.

use chrono::TimeDelta;
use lanekeeper_api_tests::{Answer, Deployment};
use lanekeeper_native::block_on;
use serde_json::json;

fn create(app: &Deployment, key: &str, phone: &str) -> Answer {
    app.call("POST", "stores/lakeside/customers", &[("idempotency-key", key)], &json!({"phone": phone}))
}

#[test]
fn the_same_key_brings_the_same_answer() {
    let app = Deployment::new();
    let first = create(&app, "\"k-1\"", "312 555 0100");
    assert_eq!(first.status, 201);
    assert_eq!(first.body["phone"], "+13125550100");
    app.platform.clock.advance(TimeDelta::hours(2));
    assert_eq!(create(&app, "k-1", "312 555 0100"), first, "with and without quotes, hours later");
    assert_eq!(app.count("SELECT count(*) AS n FROM customers"), 1);

    let other = create(&app, "k-1", "312 555 0101");
    assert_eq!((other.status, other.body["detail"].as_str().unwrap().contains("Idempotency-Key")), (422, true));
    assert_eq!(create(&app, "k-2", "312 555 0100").status, 409, "another key is another request");
    assert_eq!(create(&app, "k-2", "312 555 0102").status, 201, "what was refused is not kept");
    assert_eq!(create(&app, "", "312 555 0103").fields(), ["Idempotency-Key"]);
    assert_eq!(app.count("SELECT count(*) AS n FROM customers"), 2);
}

#[test]
fn another_group_has_other_keys() {
    let app = Deployment::new();
    assert_eq!(create(&app, "k-1", "312 555 0100").status, 201);
    let headers = [("authorization", "Bearer other-key"), ("idempotency-key", "k-1")];
    let other = app.send("POST", "/api/v1/stores/elsewhere/customers", &headers, br#"{"phone": "312 555 0100"}"#);
    assert_eq!(other.status, 201);
}

#[test]
fn keys_are_forgotten_after_a_day() {
    let app = Deployment::new();
    assert_eq!(create(&app, "k-1", "312 555 0100").status, 201);
    app.platform.clock.advance(TimeDelta::hours(23));
    block_on(lanekeeper_schedule::tick(&app.platform));
    assert_eq!(create(&app, "k-1", "312 555 0100").status, 201);
    app.platform.clock.advance(TimeDelta::hours(2));
    block_on(lanekeeper_schedule::tick(&app.platform));
    assert_eq!(create(&app, "k-1", "312 555 0100").status, 409, "the customer exists, the answer is forgotten");
}
