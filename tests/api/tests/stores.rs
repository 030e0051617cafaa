//! Stores' profiles, whole and in parts.

use lanekeeper_api_tests::{Answer, Deployment};
use serde_json::{Value, json};

fn put(app: &Deployment, path: &str, body: &Value) -> Answer {
    app.call("PUT", path, &[], body)
}

#[test]
fn a_profile_is_replaced_only_by_who_has_read_it() {
    let app = Deployment::new();
    let read = app.get("stores/lakeside");
    let mut profile = read.body.clone();
    profile["name"] = "Lakeside Autos".into();
    assert_eq!(put(&app, "stores/lakeside", &profile).status, 428);
    let replace = |tag: &str| app.call("PUT", "stores/lakeside", &[("if-match", tag)], &profile);
    assert_eq!(replace("\"7\"").status, 412);
    let replaced = replace(read.etag());
    assert_eq!((replaced.status, replaced.etag(), &replaced.body["name"]), (200, "\"2\"", &json!("Lakeside Autos")));
    assert_eq!(app.get("stores/lakeside").body, replaced.body);
    assert_eq!(replace(read.etag()).status, 412);
    assert_eq!(app.get("stores/lakeside").etag(), "\"2\"");
}

#[test]
fn a_wrong_profile_is_refused_with_the_field() {
    let app = Deployment::new();
    let good = app.get("stores/lakeside").body;
    let with = |path: &str, value: Value| {
        let mut profile = good.clone();
        *profile.pointer_mut(path).unwrap() = value;
        app.call("PUT", "stores/lakeside", &[("if-match", "*")], &profile)
    };
    for (path, value, field) in [
        ("/time_zone", json!("Mars/Olympus"), "time_zone"),
        ("/currency", json!("dollars"), "currency"),
        ("/hours/week/mon", json!(["08:00-30:00"]), "hours.week.mon[0]"),
        ("/hours/week/mon", json!(["08:00-12:00", "11:00-15:00"]), "hours.week.mon"),
        ("/hours/exceptions", json!({"2026-02-30": []}), "hours.exceptions.2026-02-30"),
        ("/services/3/minutes", json!("long"), "services[3].minutes"),
        ("/services/1/minutes", json!(1800), "services.tire-rotation"),
        ("/id", json!("hubin"), "id"),
        ("/group", json!("other"), "group"),
    ] {
        let answer = with(path, value);
        assert_eq!((answer.status, answer.fields()), (422, vec![field]), "{path}: {}", answer.body);
    }
    let mut profile = good.clone();
    profile["surprise"] = json!(1);
    assert_eq!(app.call("PUT", "stores/lakeside", &[("if-match", "*")], &profile).fields(), ["surprise"]);
    assert_eq!(app.get("stores/lakeside").body, good);
}

#[test]
fn the_menu_is_changed_item_by_item() {
    let app = Deployment::new();
    let count = || app.get("stores/lakeside/services").body["items"].as_array().unwrap().len();
    assert_eq!(count(), 12);
    let wiper = json!({"op_code": "WB1", "minutes": 15, "names": {"en": ["Wiper fluid"]}, "price": {"amount": 900}});
    let created = put(&app, "stores/lakeside/services/wiper-fluid", &wiper);
    assert_eq!((created.status, created.etag()), (201, "\"2\""));
    assert_eq!(created.header("location"), Some("/api/v1/stores/lakeside/services/wiper-fluid"));
    assert_eq!(app.get("stores/lakeside/services/wiper-fluid").body["id"], "wiper-fluid");
    assert_eq!(put(&app, "stores/lakeside/services/wiper-fluid", &wiper).status, 200);
    assert_eq!(count(), 13);

    for (field, value, named) in [
        ("minutes", json!(-5), "minutes"),
        ("price", json!({"amount": "9.00"}), "price.amount"),
        ("surprise", json!(1), "surprise"),
        ("id", json!("other"), "id"),
        ("names", json!({}), "body"),
        ("price", json!({"amount": -900}), "body"),
    ] {
        let mut wrong = wiper.clone();
        wrong[field] = value;
        let answer = put(&app, "stores/lakeside/services/wiper-fluid", &wrong);
        assert_eq!((answer.status, answer.fields()), (422, vec![named]), "{field}: {}", answer.body);
    }
    assert_eq!(put(&app, "stores/lakeside/services/Wiper%20Fluid", &wiper).status, 422, "not a slug");
    let stale = app.call("PUT", "stores/lakeside/services/wiper-fluid", &[("if-match", "\"1\"")], &wiper);
    assert_eq!(stale.status, 412);

    let remove = || app.call("DELETE", "stores/lakeside/services/wiper-fluid", &[], &Value::Null).status;
    assert_eq!((remove(), remove(), count()), (204, 404, 12));
}

#[test]
fn days_get_other_hours() {
    let app = Deployment::new();
    let path = "stores/lakeside/hours/exceptions/2026-12-24";
    assert_eq!(put(&app, path, &json!({"hours": ["08:00-12:00"]})).status, 201);
    assert_eq!(put(&app, path, &json!({"hours": []})).status, 200);
    let items = app.get("stores/lakeside/hours/exceptions").body["items"].clone();
    assert!(items.as_array().unwrap().contains(&json!({"date": "2026-12-24", "hours": []})), "{items}");
    assert_eq!(put(&app, path, &json!({"hours": ["08:00-30:00"]})).fields(), ["hours[0]"]);
    assert_eq!(put(&app, path, &json!({"hours": ["10:00-12:00", "11:00-13:00"]})).fields(), ["hours"]);
    assert_eq!(put(&app, "stores/lakeside/hours/exceptions/2026-02-30", &json!({"hours": []})).fields(), ["date"]);
    let remove = || app.call("DELETE", path, &[], &Value::Null).status;
    assert_eq!((remove(), remove()), (204, 404));
}

#[test]
fn people_and_bays_are_changed_one_by_one() {
    let app = Deployment::new();
    let bays = app.get("stores/lakeside/bays").body["items"].as_array().unwrap().len();
    let next = format!("stores/lakeside/bays/{}", bays + 1);
    assert_eq!(put(&app, &next, &json!({"name": "Alignment", "kinds": ["alignment"]})).status, 201);
    assert_eq!(app.get(&next).body["number"], bays + 1);
    assert_eq!(put(&app, "stores/lakeside/bays/first", &json!({})).fields(), ["id"]);
    assert_eq!(put(&app, "stores/lakeside/bays/0", &json!({})).status, 422);
    let ann = json!({"name": "Ann", "skills": ["ev"], "shifts": {"week": {"mon": ["08:00-12:00", "13:00-17:00"]}}});
    assert_eq!(put(&app, "stores/lakeside/technicians/ann", &ann).status, 201);
    let mut wrong = ann.clone();
    wrong["shifts"]["week"]["mon"] = json!(["08:00-12:00", "11:00-17:00"]);
    let refused = put(&app, "stores/lakeside/technicians/ann", &wrong);
    assert_eq!((refused.status, refused.fields()), (422, vec!["shifts.week.mon"]), "{}", refused.body);
    assert_eq!(put(&app, "stores/lakeside/advisors/bo", &json!({"name": "Bo", "per_half_hour": 0})).status, 422);
    assert_eq!(put(&app, "stores/lakeside/advisors/bo", &json!({"name": "Bo"})).status, 201);
    assert_eq!(app.call("DELETE", "stores/lakeside/technicians/ann", &[], &Value::Null).status, 204);
}
