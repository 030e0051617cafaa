//! Keys, groups, paths and methods.

use lanekeeper_api_tests::Deployment;

#[test]
fn wants_a_key_and_shows_another_group_nothing() {
    let app = Deployment::new();
    let none = app.send("GET", "/api/v1/stores", &[], b"");
    assert_eq!((none.status, none.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(app.send("GET", "/api/v1/stores", &[("authorization", "Bearer guess")], b"").status, 401);
    let stores = app.get("stores").body;
    assert_eq!(stores["items"][0]["id"], "hubin");
    assert_eq!(stores["items"][1]["time_zone"], "America/Chicago");
    assert_eq!(stores["items"].as_array().unwrap().len(), 2);
    let lists = [
        "",
        "/services",
        "/hours/exceptions",
        "/customers",
        "/appointments",
        "/opt-outs",
        "/consents",
        "/conversations",
        "/deliveries",
        "/customers?phone=%2B13125550100",
    ];
    for list in lists {
        assert_eq!(app.get(&format!("stores/lakeside{list}")).status, 200, "{list}");
        assert_eq!(app.get(&format!("stores/elsewhere{list}")).status, 404, "{list}");
        assert_eq!(app.get(&format!("stores/nowhere{list}")).status, 404, "{list}");
    }
}

#[test]
fn says_which_methods_there_are() {
    let app = Deployment::new();
    let wrong = app.call("DELETE", "stores/lakeside", &[], &serde_json::Value::Null);
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET, PUT, HEAD, OPTIONS")));
    assert_eq!(wrong.header("content-type"), Some("application/problem+json"));
    let options = app.send("OPTIONS", "/api/v1/stores/lakeside", &[], b"");
    assert_eq!((options.status, options.header("allow")), (204, Some("GET, PUT, HEAD, OPTIONS")));
    let head = app.call("HEAD", "stores/lakeside", &[], &serde_json::Value::Null);
    assert_eq!((head.status, head.body.is_null(), head.etag()), (200, true, "\"1\""));
    assert_eq!(app.get("stores/lakeside/nothing").status, 404);
    assert_eq!(app.send("GET", "/api/v2/stores", &[("authorization", "Bearer demo-key")], b"").status, 404);
}

#[test]
fn parameters_that_are_wrong_are_named() {
    let app = Deployment::new();
    for (query, field) in
        [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("cursor=zebra", "cursor")]
    {
        let answer = app.get(&format!("stores/lakeside/customers?{query}"));
        assert_eq!((answer.status, answer.fields()), (400, vec![field]), "{query}");
    }
    let answer = app.get("stores/lakeside/customers?phone=nobody");
    assert_eq!((answer.status, answer.fields()), (400, vec!["phone"]));
}
