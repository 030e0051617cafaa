//! The waitlist.

use chrono::TimeDelta;
use lanekeeper_api_tests::{Answer, Deployment};
use lanekeeper_native::block_on;
use lanekeeper_platform::{Database, Platform, Statement};
use serde_json::{Value, json};

const LIST: &str = "stores/lakeside/waitlist";

struct Desk {
    app: Deployment,
    customer: String,
}

impl Desk {
    fn new() -> Self {
        let app = Deployment::new();
        let customer = person(&app, "Dana", "312 555 0100");
        Self { app, customer }
    }

    fn join(&self, more: &Value) -> Answer {
        let mut body = json!({"customer_id": self.customer, "services": ["tire-rotation"]});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.app.post(LIST, &body)
    }

    fn book(&self, customer: &str, starts_at: &str) -> Answer {
        let body = json!({"customer_id": customer, "services": ["oil-change"], "starts_at": starts_at});
        self.app.post("stores/lakeside/appointments", &body)
    }

    fn entries(&self) -> i64 {
        self.app.count("SELECT count(*) AS n FROM waitlist")
    }
}

fn person(app: &Deployment, name: &str, phone: &str) -> String {
    let created = app.post("stores/lakeside/customers", &json!({"name": name, "phone": phone}));
    created.body["id"].as_str().unwrap().to_owned()
}

#[test]
fn who_joins_is_listed_until_they_leave() {
    let desk = Desk::new();
    let wish = json!({"date": "2026-11-24", "date_end": "2026-11-25", "time_after": "13:00", "time_before": "17:00"});
    let joined = desk.join(&json!({"wish": wish, "concern": " worn unevenly ", "transport": "wait"}));
    assert_eq!(joined.status, 201, "{}", joined.body);
    assert_eq!(joined.body["until"], "2026-11-26T06:00:00.000Z", "midnight in Chicago, after the last day");
    assert_eq!((&joined.body["concern"], &joined.body["phone"]), (&json!("worn unevenly"), &json!("+13125550100")));
    let path = joined.header("location").unwrap().strip_prefix("/api/v1/").unwrap();
    let read = desk.app.get(path);
    assert_eq!((&read.body, read.etag()), (&joined.body, joined.etag()), "what was answered is what is read");
    assert_eq!(desk.app.get(LIST).body["items"], json!([joined.body]));

    let delete = |tag: &str| desk.app.call("DELETE", path, &[("if-match", tag)], &Value::Null);
    assert_eq!(delete("\"1\"").status, 412);
    assert_eq!(delete(joined.etag()).status, 204);
    assert_eq!(delete("*").status, 404, "it is done already");
    assert_eq!(desk.app.get(path).status, 404);
    assert_eq!(desk.app.get(LIST).body["items"], json!([]));
    assert_eq!(desk.join(&json!({})).status, 201, "who has left can come back");
}

#[test]
fn the_longest_waiting_come_first_page_by_page() {
    let desk = Desk::new();
    let mut expected = Vec::new();
    for number in 0..5 {
        let customer = person(&desk.app, "Kim", &format!("312 555 020{number}"));
        let joined = desk.join(&json!({"customer_id": customer}));
        expected.push(["queued_at", "id"].map(|field| joined.body[field].as_str().unwrap().to_owned()));
        desk.app.platform.clock.advance(TimeDelta::minutes(i64::from(number % 2)));
    }
    expected.sort(); // those of one moment, by their ids
    let (mut seen, mut path) = (Vec::new(), format!("{LIST}?limit=2"));
    loop {
        let page = desk.app.get(&path).body;
        let items = page["items"].as_array().unwrap().iter();
        seen.extend(items.map(|item| ["queued_at", "id"].map(|field| item[field].as_str().unwrap().to_owned())));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{LIST}?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, expected);
    assert_eq!(desk.app.get(&format!("{LIST}?cursor=x")).status, 400);
}

#[test]
fn an_entry_names_what_is_wrong_with_it() {
    let desk = Desk::new();
    let other = person(&desk.app, "Kim", "312 555 0101");
    let theirs = desk.book(&other, "2026-11-24T15:00:00Z").body;
    let own = desk.book(&desk.customer, "2026-11-24T15:00:00Z").body;
    let silent = desk.app.post("stores/lakeside/customers", &json!({"external_id": "no phone"})).body;
    for (more, field) in [
        (json!({"customer_id": "nobody"}), "customer_id"),
        (json!({"customer_id": silent["id"]}), "customer_id"),
        (json!({"services": []}), "services"),
        (json!({"services": ["teleport"]}), "services"),
        (json!({"transport": "horse"}), "transport"),
        (json!({"advisor": "nobody"}), "advisor"),
        (json!({"vehicle_id": "none"}), "vehicle_id"),
        (json!({"concern": " "}), "concern"),
        (json!({"appointment_id": "none"}), "appointment_id"),
        (json!({"appointment_id": theirs["id"]}), "appointment_id"),
        (json!({"appointment_id": own["id"]}), "services"),
        (json!({"appointment_id": own["id"], "services": [], "transport": "wait"}), "transport"),
        (json!({"wish": {"date": "soon"}}), "wish.date"),
        (json!({"wish": {"date": "2026-11-19"}}), "wish"),
        (json!({"wish": {"date": "2027-11-19"}}), "wish.date"),
        (json!({"wish": {"date_end": "2026-11-24"}}), "wish.date_end"),
        (json!({"wish": {"date": "2026-11-25", "date_end": "2026-11-24"}}), "wish.date_end"),
        (json!({"wish": {"time_after": "15:00", "time_before": "14:00"}}), "wish.time_before"),
        (json!({"wish": {"weekday": "mon"}}), "wish.weekday"),
        (json!({"status": "offered"}), "status"),
    ] {
        let answer = desk.join(&more);
        assert_eq!((answer.status, answer.fields()), (422, vec![field]), "{more}: {}", answer.body);
    }
    assert_eq!(desk.entries(), 0);
}

#[test]
fn nobody_waits_twice_for_the_same() {
    let desk = Desk::new();
    let body = json!({"customer_id": desk.customer, "services": ["tire-rotation"]});
    let join = |key: &str| desk.app.call("POST", LIST, &[("idempotency-key", key)], &body);
    let joined = join("w-1");
    assert_eq!((joined.status, join("w-1")), (201, joined.clone()), "the same key brings the same answer");
    let again = join("w-2");
    assert_eq!((again.status, &again.body["entry_id"]), (409, &joined.body["id"]), "the database itself refuses it");
    assert_eq!(desk.join(&json!({"services": ["oil-change"]})).status, 201, "for something else");
    assert_eq!(desk.entries(), 2);
}

#[test]
fn who_must_not_be_texted_cannot_wait() {
    let desk = Desk::new();
    let stop = "INSERT INTO opt_outs (store_id, line_id, address, since) VALUES ('lakeside', 'lakeside-sms', '+13125550100', 0)";
    block_on(desk.app.platform.directory().batch(vec![Statement::new(stop)])).unwrap();
    assert_eq!(desk.join(&json!({})).status, 409);
    assert_eq!(desk.entries(), 0);
}

#[test]
fn an_earlier_time_that_becomes_free_is_offered_and_given_back() {
    let desk = Desk::new();
    let early = "2026-11-23T15:00:00Z";
    let own = desk.book(&desk.customer, "2026-11-24T15:00:00Z").body;
    // Everybody else is at the same time on Monday; the wish leaves nothing but that.
    let others: Vec<Value> = (0..20)
        .map(|number| desk.book(&person(&desk.app, "Kim", &format!("312 555 03{number:02}")), early))
        .take_while(|booked| booked.status == 201)
        .map(|booked| booked.body)
        .collect();
    let wish = json!({"date": "2026-11-23", "time_after": "09:00", "time_before": "09:00"});
    let body = json!({"customer_id": desk.customer, "appointment_id": own["id"], "wish": wish});
    let joined = desk.app.post(LIST, &body);
    assert_eq!((joined.status, &joined.body["services"]), (201, &json!(["oil-change"])), "{}", joined.body);
    block_on(lanekeeper_schedule::tick(&desk.app.platform));
    assert_eq!(desk.app.get(LIST).body["items"][0]["status"], "waiting");

    let freed = format!("stores/lakeside/appointments/{}/cancel", others[0]["id"].as_str().unwrap());
    assert_eq!(desk.app.post(&freed, &Value::Null).status, 200);
    desk.app.platform.clock.advance(TimeDelta::minutes(1));
    block_on(lanekeeper_schedule::tick(&desk.app.platform));
    let offered = desk.app.get(LIST).body["items"][0].clone();
    assert_eq!(
        (&offered["status"], &offered["offered_starts_at"]),
        (&json!("offered"), &json!("2026-11-23T15:00:00.000Z"))
    );
    let asked = desk.app.rows("SELECT recipient FROM outbox WHERE kind = 'waitlist_offer'");
    assert_eq!(asked[0]["recipient"], "+13125550100");

    let late = person(&desk.app, "Lee", "312 555 0102");
    assert_eq!(desk.book(&late, early).status, 409, "it is held");
    let entry = format!("{LIST}/{}", offered["id"].as_str().unwrap());
    assert_eq!(desk.app.call("DELETE", &entry, &[], &Value::Null).status, 204);
    assert_eq!(desk.book(&late, early).status, 201, "it is free again");
}

#[test]
fn an_appointment_that_is_over_or_called_off_is_not_waited_for() {
    let desk = Desk::new();
    let own = desk.book(&desk.customer, "2026-11-24T15:00:00Z").body;
    let id = own["id"].as_str().unwrap();
    let join = || desk.app.post(LIST, &json!({"customer_id": desk.customer, "appointment_id": id}));
    assert_eq!(join().status, 201);
    desk.app.post(&format!("stores/lakeside/appointments/{id}/cancel"), &Value::Null);
    assert_eq!(desk.app.get(LIST).body["items"], json!([]), "nobody waits for an earlier time of what is called off");
    assert_eq!(join().status, 409);
    let other = desk.book(&desk.customer, "2026-11-24T15:00:00Z").body;
    desk.app.platform.clock.set("2026-11-24T15:20:00Z".parse().unwrap());
    let body = json!({"customer_id": desk.customer, "appointment_id": other["id"]});
    assert_eq!(desk.app.post(LIST, &body).status, 409, "it has begun");
}
