//! The API's description.

use lanekeeper_api::openapi::{document, orders, routes_and_operations, schemas};
use lanekeeper_api_tests::Deployment;
use lanekeeper_native::NativePlatform;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

#[test]
fn what_is_served_is_what_the_code_says() {
    let served = Deployment::new().send("GET", "/api/openapi.json", &[], b"");
    let fresh: Value = serde_json::from_str(&document()).unwrap();
    assert!(served.body == fresh, "functions/api/openapi.json is stale. Run: make openapi");
    assert_eq!(served.body["openapi"], "3.1.0");
}

#[test]
fn every_route_is_described() {
    let (routes, operations) = routes_and_operations::<NativePlatform>();
    assert_eq!(routes, operations);
}

#[test]
fn every_schema_that_is_named_exists() {
    fn names(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| names(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| names(value, found)),
            _ => {}
        }
    }
    let document: Value = serde_json::from_str(&document()).unwrap();
    let mut found = Vec::new();
    names(&document, &mut found);
    assert!(found.len() > 50);
    for name in found {
        assert!(document.pointer(name.trim_start_matches('#')).is_some(), "{name}");
    }
}

/// Fails where an answer has other fields than its schema.
fn is<T: DeserializeOwned>(app: &Deployment, path: &str) {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}");
    if let Err(error) = serde_json::from_value::<T>(answer.body.clone()) {
        panic!("{path}: {error}: {}", answer.body);
    }
}

#[test]
fn answers_have_the_form_that_is_described() {
    let app = Deployment::new();
    app.call(
        "PUT",
        "stores/lakeside/technicians/ann",
        &[],
        &json!({"name": "Ann", "shifts": {"week": {"mon": ["08:00-12:00"]}}}),
    );
    app.call("PUT", "stores/lakeside/advisors/bo", &[], &json!({"name": "Bo"}));
    let customer = app.post("stores/lakeside/customers", &json!({"phone": "3125550100"})).body;
    let customer = customer["id"].as_str().unwrap();
    app.post(&format!("stores/lakeside/customers/{customer}/vehicles"), &json!({"make": "Honda"}));
    let openings = app.get("stores/lakeside/openings?services=oil-change").body;
    let body =
        json!({"customer_id": customer, "services": ["oil-change"], "starts_at": openings["items"][0]["starts_at"]});
    let booked = app.post("stores/lakeside/appointments", &body);
    assert_eq!(booked.status, 201, "{}", booked.body);

    is::<schemas::Group>(&app, "group");
    is::<schemas::Stores>(&app, "stores");
    is::<schemas::Profile>(&app, "stores/lakeside");
    is::<schemas::Services>(&app, "stores/lakeside/services");
    is::<schemas::Technicians>(&app, "stores/lakeside/technicians");
    is::<schemas::Advisors>(&app, "stores/lakeside/advisors");
    is::<schemas::Bays>(&app, "stores/lakeside/bays");
    is::<schemas::Exceptions>(&app, "stores/lakeside/hours/exceptions");
    is::<schemas::Customers>(&app, "stores/lakeside/customers");
    is::<schemas::CustomerConsents>(&app, &format!("stores/lakeside/customers/{customer}/consents"));
    is::<schemas::Vehicles>(&app, &format!("stores/lakeside/customers/{customer}/vehicles"));
    is::<schemas::Openings>(&app, "stores/lakeside/openings?services=oil-change");
    is::<schemas::Appointments>(&app, "stores/lakeside/appointments");
    let waits = json!({"customer_id": customer, "services": ["tire-rotation"]});
    assert_eq!(app.post("stores/lakeside/waitlist", &waits).status, 201);
    is::<schemas::Waitlist>(&app, "stores/lakeside/waitlist");
    let body = json!({"appointment_id": booked.body["id"], "photos": [{"url": "https://p.test/1"}],
        "operations": [{"name": "Pads", "labor": 9000, "parts": [{"name": "Pad", "quantity": 2000, "unit_price": 4000}]}]});
    let order = app.post("stores/lakeside/repair-orders", &body);
    assert_eq!(order.status, 201, "{}", order.body);
    let order = format!("stores/lakeside/repair-orders/{}", order.body["id"].as_str().unwrap());
    is::<orders::RepairOrders>(&app, "stores/lakeside/repair-orders");
    is::<orders::RepairOrder>(&app, &order);
    is::<orders::OrderEvents>(&app, &format!("{order}/events"));
    is::<schemas::Conversations>(&app, "stores/lakeside/conversations");
    is::<schemas::Deliveries>(&app, "stores/lakeside/deliveries");
    is::<schemas::Thread>(&app, &format!("conversations/{}", booked.body["conversation_id"].as_str().unwrap()));
}
