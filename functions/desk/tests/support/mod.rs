//! A deployment with the demo's stores and accounts, and browsers.

#![allow(dead_code)] // not every test uses everything

use lanekeeper_domain::staff::Role;
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
use lanekeeper_platform::{Database, Platform, Request, Response, Shards, Statement};
use lanekeeper_storage::{NewAccount, describe_store, enter_store, put_account, put_membership};

/// `demo-password`.
const PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bGFuZWtlZXBlciBkZW1vIQ$MtTtJYS1420AbdwueSaMiy8P6CySnH2IdQV8q/Ab+fE";

/// The desk at ten in the morning in Chicago on Friday, 20 November 2026.
pub struct Deployment {
    /// Its ports.
    pub platform: NativePlatform,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl Deployment {
    pub fn new() -> Self {
        let migrated = || {
            let database = NativeDatabase::in_memory().unwrap();
            block_on(lanekeeper_storage::migrate(&database)).unwrap();
            database.forbidding_scans()
        };
        let shards = Shards::new(migrated(), vec![migrated()]);
        let platform = NativePlatform::over(shards, "2026-11-20T16:00:00Z".parse().unwrap())
            .with_setting("SEALING_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        let app = Self { platform };
        app.put_store("lakeside", "Lakeside Motors", "demo", 1);
        app.put_store("hubin", "湖滨汽车服务", "demo", 2);
        app.put_store("elsewhere", "Elsewhere", "other", 1);
        app.put_account("owner", "Grace Lin", &[(None, Role::Owner)]);
        app.put_account("advisor", "Maya Torres", &[(Some("lakeside"), Role::Advisor), (Some("hubin"), Role::Advisor)]);
        app
    }

    fn put_store(&self, id: &str, name: &str, group: &str, shard: u32) {
        let zone = chrono_tz::America::Chicago;
        let store =
            Statement::new("INSERT INTO stores (id, group_id, profile) VALUES (?1, ?2, '{}')").bind(id).bind(group);
        block_on(self.platform.shards().get(shard).unwrap().database.run(store)).unwrap();
        block_on(self.platform.directory().batch(vec![enter_store(id, group, shard), describe_store(id, name, zone)]))
            .unwrap();
    }

    /// An account of group `demo`, `{word}@demo.example`, with the password `demo-password`.
    pub fn put_account(&self, word: &str, name: &str, memberships: &[(Option<&str>, Role)]) {
        let email = format!("{word}@demo.example");
        let account = NewAccount { id: word, group: "demo", email: &email, name, password: Some(PASSWORD) };
        let roles = memberships.iter().map(|(store, role)| put_membership(word, *store, *role));
        block_on(self.platform.directory().batch(std::iter::once(put_account(&account)).chain(roles).collect()))
            .unwrap();
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookie: String::new(), token: None, headers: Vec::new() }
    }

    pub fn signed_in(&self, email: &str) -> Browser<'_> {
        let mut browser = self.browser();
        assert_eq!(browser.sign_in(email, "demo-password").status, 303);
        browser.get("/desk/account");
        browser
    }

    pub fn batches(&self) -> u64 {
        self.platform.shards().iter().map(|shard| shard.database.batches()).sum()
    }

    pub fn run(&self, sql: &'static str) {
        block_on(self.platform.directory().run(Statement::new(sql))).unwrap();
    }
}

/// A browser: it keeps the cookie, and the token of the last page that had one.
pub struct Browser<'a> {
    pub app: &'a Deployment,
    pub cookie: String,
    pub token: Option<String>,
    pub headers: Vec<(String, String)>,
}

impl Browser<'_> {
    pub fn get(&mut self, target: &str) -> Answer {
        self.send("GET", target, Vec::new())
    }

    pub fn post(&mut self, target: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        if let Some(token) = &self.token {
            form.append_pair("csrf", token);
        }
        self.send("POST", target, form.finish().into_bytes())
    }

    pub fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/desk/sign-in", &[("email", email), ("password", password)])
    }

    fn send(&mut self, method: &str, target: &str, body: Vec<u8>) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = self.headers.clone();
        if !self.cookie.is_empty() {
            headers.push(("cookie".to_owned(), self.cookie.clone()));
        }
        let request = Request {
            method: method.to_owned(),
            origin: "https://desk.example".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body,
        };
        let Response { status, headers, body } = block_on(lanekeeper_desk::handle(&self.app.platform, &request));
        let answer = Answer { status, headers, body };
        let cookie = answer.headers.iter().find(|(name, _)| name == "set-cookie");
        if let Some((_, cookie)) = cookie {
            cookie.split(';').next().unwrap_or_default().clone_into(&mut self.cookie);
        }
        if let Some((_, rest)) = String::from_utf8_lossy(&answer.body).split_once("name=\"csrf\" value=\"") {
            self.token = rest.split_once('"').map(|(token, _)| token.to_owned());
        }
        answer
    }
}
