//! Nobody sees or changes what is another group's, or another store's: every route of the document, with ids of others.

use lanekeeper_api_tests::{Answer, Deployment};
use lanekeeper_native::NativeDatabase;
use lanekeeper_platform::{Row, Shard, Statement};
use serde_json::Value;

/// The id of one of everything that store `lakeside` of group `demo` has.
const THEIRS: &str = "theirs";

/// A part of what `lakeside` has: it must never show.
const SECRET: &str = "Nobody's Business";

/// Store `lakeside` has one of everything.
fn deployment() -> Deployment {
    let app = Deployment::new();
    let rows = "
        INSERT INTO customers (id, store_id, name, created_at, updated_at) VALUES ('theirs', 'lakeside', 'Nobody''s Business', 0, 0);
        INSERT INTO identities (store_id, kind, address, customer_id) VALUES ('lakeside', 'phone', '+13125550199', 'theirs');
        INSERT INTO vehicles (id, store_id, customer_id, make, updated_at) VALUES ('theirs', 'lakeside', 'theirs', 'Nobody''s Business', 0);
        INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, handling, state, opened_at, updated_at)
          VALUES ('theirs', 'lakeside', 'lakeside-sms', '+13125550199', 'theirs', 'en', 'person', '{}', 0, 0);
        INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, created_at)
          VALUES ('theirs', 'lakeside', 'theirs', 'lakeside-sms', 'customer', 'Nobody''s Business', 0);
        INSERT INTO appointments (id, store_id, customer_id, vehicle_id, service_id, starts_at, ends_at, bay, created_at, updated_at)
          VALUES ('theirs', 'lakeside', 'theirs', 'theirs', 'oil-change', 1795532400000, 1795536000000, 1, 0, 0);
        INSERT INTO waitlist (id, store_id, customer_id, conversation_id, services, concern, wish, until, queued_at, created_at, updated_at)
          VALUES ('theirs', 'lakeside', 'theirs', 'theirs', '[\"oil-change\"]', 'Nobody''s Business', '{}', 1795532400000, 0, 0, 0);
        INSERT INTO repair_orders (id, store_id, customer_id, vehicle_id, number, stage, updated_at)
          VALUES ('theirs', 'lakeside', 'theirs', 'theirs', '1', 'in-progress', 0);
        INSERT INTO outbox (id, store_id, line_id, conversation_id, customer_id, kind, recipient, text, status, due_at, expires_at,
          created_at, updated_at)
          VALUES ('theirs', 'lakeside', 'lakeside-sms', 'theirs', 'theirs', 'booked', '+13125550199', 'Nobody''s Business', 'parked',
            0, 9007199254740991, 0, 0);";
    app.platform.shards.directory().script(rows).unwrap();
    app
}

/// Everything that there is of the group's stores, row by row.
fn everything(app: &Deployment) -> Vec<Row> {
    let tables = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c ON c.name = 'store_id' WHERE m.type = 'table'";
    let rows = |shard: Shard<'_, NativeDatabase>| {
        let look = |sql: String| shard.database.look(Statement::new(sql)).unwrap().0;
        let of_table = |table: &Row| {
            let select = "store_id IN ('lakeside', 'hubin')";
            look(format!("SELECT * FROM {} WHERE {select}", table["name"].as_str().unwrap()))
        };
        let mut all: Vec<Row> = look(tables.to_owned()).iter().flat_map(of_table).collect();
        all.extend(look("SELECT * FROM stores WHERE group_id = 'demo'".to_owned()));
        all
    };
    app.platform.shards.iter().flat_map(rows).collect()
}

/// Every method and path of the document, with ids in its places; `store` is what stands for the store.
fn requests(app: &Deployment, store: &str) -> Vec<(String, String)> {
    let document = app.send("GET", "/api/openapi.json", &[], b"").body;
    let paths = document["paths"].as_object().unwrap();
    let requests = paths.iter().flat_map(|(pattern, methods)| {
        let fill = |segment: &str| match segment {
            "{store}" => store.to_owned(),
            "{date}" => "2026-12-24".to_owned(),
            "{kind}" => "customers".to_owned(),
            "{topic}" => "ads".to_owned(),
            place if place.starts_with('{') => THEIRS.to_owned(),
            word => word.to_owned(),
        };
        let path = pattern.split('/').map(fill).collect::<Vec<_>>().join("/");
        let methods = methods.as_object().unwrap().keys();
        let methods = methods.filter(|key| ["get", "put", "post", "patch", "delete"].contains(&key.as_str()));
        methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    });
    requests.filter(|(_, path)| path.starts_with("/api/v1/")).collect()
}

/// The request as the holder of the other group's key makes it.
fn as_other(app: &Deployment, method: &str, path: &str, body: &Value) -> Answer {
    let headers = [("authorization", "Bearer other-key"), ("content-type", "application/json")];
    let body = if matches!(method, "GET" | "DELETE") { String::new() } else { body.to_string() };
    app.send(method, path, &headers, body.as_bytes())
}

/// Bodies that would do something where they fit.
fn bodies() -> Vec<Value> {
    let customer = serde_json::json!({"name": "Mallory", "phone": "+13125550166"});
    let appointment =
        serde_json::json!({"customer_id": THEIRS, "services": ["oil-change"], "starts_at": "2026-11-24T15:00:00Z"});
    let moved = serde_json::json!({"starts_at": "2026-11-25T15:00:00Z"});
    let waiting = serde_json::json!({"customer_id": THEIRS, "services": ["oil-change"]});
    let consent = serde_json::json!({"agreed": true, "how": "Mallory says so"});
    vec![serde_json::json!({}), customer, appointment, moved, waiting, consent]
}

#[test]
fn another_groups_stores_do_not_exist() {
    let app = deployment();
    assert!(app.get("conversations/theirs").body.to_string().contains(SECRET), "whose it is sees it");
    let before = everything(&app);
    for store in ["lakeside", "hubin"] {
        let requests = requests(&app, store);
        assert!(requests.len() > 40, "{}", requests.len());
        for (method, path) in requests.iter().filter(|(_, path)| path.matches('/').count() > 3) {
            for body in bodies() {
                let answer = as_other(&app, method, path, &body);
                assert_eq!(answer.status, 404, "{method} {path} {body}: {}", answer.body);
                assert!(!answer.body.to_string().contains(SECRET), "{method} {path}");
            }
        }
    }
    assert_eq!(everything(&app), before);
}

#[test]
fn what_is_another_stores_is_not_found_in_ones_own() {
    let app = deployment();
    let before = everything(&app);
    for (method, path) in requests(&app, "elsewhere") {
        for body in bodies() {
            let answer = as_other(&app, &method, &path, &body);
            assert!(!answer.body.to_string().contains(SECRET), "{method} {path} shows it: {}", answer.body);
            // What a profile consists of has ids of the caller's choice; everything else has an id of its own.
            let names_theirs = path.contains(THEIRS)
                && !["services", "technicians", "advisors", "bays"].iter().any(|part| path.contains(part));
            assert!(!names_theirs || answer.status >= 400, "{method} {path} {body}: {}", answer.body);
        }
    }
    assert_eq!(everything(&app), before);
    let own = app.rows("SELECT customer_id FROM appointments WHERE store_id = 'elsewhere'");
    assert!(own.iter().all(|row| row["customer_id"] != THEIRS), "an appointment of a customer of another store");
}

/// Two stores on two shards have appointments in turns, some at the same time.
#[test]
fn pages_of_a_group_run_over_all_its_shards_in_order() {
    let app = deployment();
    for (shard, store, first) in [(1, "lakeside", 0), (2, "hubin", 1), (1, "elsewhere", 0)] {
        let rows = format!(
            "INSERT INTO customers (id, store_id, created_at, updated_at) VALUES ('c-{store}', '{store}', 0, 0);
             WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 2 FROM n WHERE i < 9)
             INSERT INTO appointments (id, store_id, customer_id, service_id, starts_at, ends_at, bay, created_at, updated_at)
               SELECT '{store}-' || i, '{store}', 'c-{store}', 'oil-change', i / 3 * 900000, i / 3 * 900000 + 1, 1, 0, 0 FROM n;"
        );
        app.platform.shards.get(shard).unwrap().database.script(&rows).unwrap();
    }
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut path = "appointments?limit=3".to_owned();
    loop {
        let page = app.get(&path).body;
        let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| (text(item, "starts_at"), text(item, "id"))));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("appointments?limit=3&cursor={cursor}");
    }
    assert_eq!(seen.len(), 12, "eleven, and the one that was there: {seen:?}");
    assert!(seen.is_sorted() && seen.iter().all(|(_, id)| !id.starts_with("elsewhere")), "{seen:?}");
}

#[test]
fn lists_of_the_group_hold_only_its_own() {
    let app = deployment();
    let stores = as_other(&app, "GET", "/api/v1/stores", &Value::Null);
    assert_eq!(stores.status, 200);
    let shown = stores.body.to_string();
    assert!(shown.contains("elsewhere") && !shown.contains("lakeside") && !shown.contains("hubin"), "{shown}");
}
