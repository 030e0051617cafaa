//! Calls the JSON API natively: two of the demo's stores of group `demo`, one of another group, a key for each group.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc)] // for tests only

use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
use lanekeeper_platform::{Database, Platform, Request, Response, Row, Shard, Shards, Statement};
use lanekeeper_storage::key_hash;
use serde_json::Value;

/// A deployment with data.
pub struct Deployment {
    /// Its ports: reach in to move the clock and to look.
    pub platform: NativePlatform,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; null for none.
    pub body: Value,
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The entity tag.
    pub fn etag(&self) -> &str {
        self.header("etag").unwrap_or_default()
    }

    /// The fields that a problem names.
    pub fn fields(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().map_or(&[][..], Vec::as_slice);
        errors.iter().filter_map(|error| error["field"].as_str()).collect()
    }
}

impl Default for Deployment {
    fn default() -> Self {
        Self::new()
    }
}

impl Deployment {
    /// At ten in the morning in Chicago on Friday, 20 November 2026.
    pub fn new() -> Self {
        let shards = Shards::new(migrated(), vec![migrated()]);
        let platform = NativePlatform::over(shards, "2026-11-20T16:00:00Z".parse().unwrap());
        let put_store = |group: &str, profile: &str| {
            let mut profile: Value = serde_json::from_str(profile).unwrap();
            if group == "other" {
                profile["id"] = "elsewhere".into();
            }
            profile["group"] = group.into();
            Statement::new("INSERT INTO stores (id, group_id, profile) VALUES (?1, ?2, ?3)")
                .bind(profile["id"].as_str())
                .bind(group)
                .bind(profile.to_string())
        };
        let enter = lanekeeper_storage::enter_store;
        let put_key = |group: &str, key: &str| {
            Statement::new("INSERT INTO api_keys (hash, group_id, name, created_at) VALUES (?1, ?2, 'test', 0)")
                .bind(key_hash(key))
                .bind(group)
        };
        let put_line = |store: &str, address: &str| {
            Statement::new(
                "INSERT INTO lines (id, store_id, provider, address, credentials) VALUES (?1 || '-sms', ?1, 'twilio', ?2, '')",
            )
            .bind(store)
            .bind(address)
        };
        let (lakeside, hubin) =
            (include_str!("../../../demo/stores/lakeside.json"), include_str!("../../../demo/stores/hubin.json"));
        let data = vec![
            put_store("demo", lakeside),
            put_store("other", lakeside),
            enter("lakeside", "demo", 1),
            enter("hubin", "demo", 2),
            enter("elsewhere", "other", 1),
            put_line("lakeside", "+15005550006"),
            put_line("elsewhere", "+15005550008"),
            put_key("demo", "demo-key"),
            put_key("other", "other-key"),
        ];
        block_on(platform.directory().batch(data)).unwrap();
        let on_second = vec![put_store("demo", hubin), put_line("hubin", "+15005550007")];
        block_on(platform.shards().get(2).unwrap().database.batch(on_second)).unwrap();
        Self { platform }
    }

    /// A request as it stands.
    pub fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let request = Request {
            method: method.to_owned(),
            origin: "https://edge.example".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.to_vec(),
        };
        let Response { status, headers, body } = block_on(lanekeeper_router::handle(&self.platform, request));
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        Answer { status, headers, body }
    }

    /// A request of group `demo` with more headers; a null body is none. `path` is what follows `/api/v1/`.
    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut headers = headers.to_vec();
        headers.push(("authorization", "Bearer demo-key"));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, &format!("/api/v1/{path}"), &headers, body.as_bytes())
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], &Value::Null)
    }

    /// Posts.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, &[], body)
    }

    /// The rows of one query, from all databases.
    pub fn rows(&self, sql: &'static str) -> Vec<Row> {
        let rows = |shard: Shard<'_, NativeDatabase>| shard.database.look(Statement::new(sql)).unwrap().0;
        self.platform.shards().iter().flat_map(rows).collect()
    }

    /// The number that one query selects as `n`, all databases together.
    pub fn count(&self, sql: &'static str) -> i64 {
        self.rows(sql).iter().map(|row| row["n"].as_i64().unwrap()).sum()
    }
}

fn migrated() -> NativeDatabase {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(lanekeeper_storage::migrate(&database)).unwrap();
    database.forbidding_scans()
}
