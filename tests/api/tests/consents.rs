//! What customers want to be told, topic by topic.

use lanekeeper_api_tests::{Answer, Deployment};
use serde_json::{Value, json};

struct Person {
    app: Deployment,
    path: String,
}

impl Person {
    fn new(customer: &Value) -> Self {
        let app = Deployment::new();
        let created = app.post("stores/lakeside/customers", customer).body;
        let path = format!("stores/lakeside/customers/{}/consents", created["id"].as_str().unwrap());
        Self { app, path }
    }

    fn put(&self, topic: &str, body: &Value) -> Answer {
        self.app.call("PUT", &format!("{}/{topic}", self.path), &[], body)
    }
}

#[test]
fn what_was_said_is_read_and_logged_with_who_recorded_it() {
    let dana = Person::new(&json!({"phone": "3125550100"}));
    let nothing = json!({"opted_out": false, "items": [
        {"topic": "ads", "agreed": null, "since": null},
        {"topic": "reminders", "agreed": null, "since": null},
        {"topic": "surveys", "agreed": null, "since": null},
    ]});
    assert_eq!(dana.app.get(&dana.path).body, nothing);

    let put = dana.put("ads", &json!({"agreed": true, "how": " signed the form at the counter, Pat "}));
    assert_eq!((put.status, &put.body["agreed"]), (200, &json!(true)), "{}", put.body);
    assert_eq!(dana.put("surveys", &json!({"agreed": false, "how": "by phone"})).status, 200);
    let items = dana.app.get(&dana.path).body["items"].clone();
    assert_eq!(items[0], put.body);
    assert_eq!((&items[1]["agreed"], &items[2]["agreed"]), (&Value::Null, &json!(false)));

    let log = dana.app.get("stores/lakeside/consents").body["items"].clone();
    let ads = log.as_array().unwrap().iter().find(|event| event["topic"] == "ads").unwrap();
    assert_eq!(
        (&ads["event"], &ads["address"], &ads["line_id"]),
        (&json!("opted_in"), &json!("+13125550100"), &json!("lakeside-sms"))
    );
    assert_eq!(ads["how"], "signed the form at the counter, Pat (API key test)");

    dana.put("ads", &json!({"agreed": false, "how": "called to say so"}));
    assert_eq!(dana.app.get(&dana.path).body["items"][0]["agreed"], false, "the last word counts");
    assert_eq!(dana.app.count("SELECT count(*) AS n FROM consent_events"), 3, "and the log keeps them all");
}

#[test]
fn a_consent_without_evidence_is_none() {
    let dana = Person::new(&json!({"phone": "3125550100"}));
    for (body, field) in [
        (json!({"agreed": true}), "how"),
        (json!({"agreed": true, "how": " "}), "how"),
        (json!({"agreed": true, "how": "x".repeat(201)}), "how"),
        (json!({"how": "by phone"}), "agreed"),
        (json!({"agreed": "yes", "how": "by phone"}), "agreed"),
        (json!({"agreed": true, "how": "by phone", "who": "Pat"}), "who"),
    ] {
        let answer = dana.put("ads", &body);
        assert_eq!((answer.status, answer.fields()), (422, vec![field]), "{body}");
    }
    let sound = json!({"agreed": true, "how": "by phone"});
    assert_eq!(dana.put("everything", &sound).status, 404);
    assert_eq!(dana.app.count("SELECT count(*) AS n FROM consents"), 0);

    let nowhere = Person::new(&json!({"external_id": "C-7"}));
    assert_eq!(nowhere.put("ads", &sound).status, 409, "there is nothing that could be texted");
}

#[test]
fn a_no_on_one_address_holds_for_the_customer() {
    let dana = Person::new(&json!({"phone": "3125550100"}));
    let id = dana.path.split('/').nth(3).unwrap();
    let talk = format!(
        "INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, state, opened_at, updated_at)
           VALUES ('talk', 'lakeside', 'lakeside-sms', '+13125550101', '{id}', 'en', '{{}}', 0, 0);
         INSERT INTO consents (store_id, address, topic, agreed, since) VALUES ('lakeside', '+13125550100', 'ads', 1, 1),
           ('lakeside', '+13125550101', 'ads', 0, 2);"
    );
    dana.app.platform.shards.directory().script(&talk).unwrap();
    assert_eq!(
        dana.app.get(&dana.path).body["items"][0],
        json!({"topic": "ads", "agreed": false, "since": "1970-01-01T00:00:00.002Z"})
    );
    dana.put("ads", &json!({"agreed": true, "how": "by phone"}));
    assert_eq!(dana.app.get(&dana.path).body["items"][0]["agreed"], true, "said of both");
}

#[test]
fn another_groups_customers_have_none() {
    let dana = Person::new(&json!({"phone": "3125550100"}));
    let headers = [("authorization", "Bearer other-key")];
    let path = format!("/api/v1/{}", dana.path);
    assert_eq!(dana.app.send("GET", &path, &headers, b"").status, 404);
    let body = json!({"agreed": true, "how": "by phone"}).to_string();
    assert_eq!(dana.app.send("PUT", &format!("{path}/ads"), &headers, body.as_bytes()).status, 404);
    assert_eq!(dana.app.count("SELECT count(*) AS n FROM consents"), 0);
}
