//! The desk natively: three stores of two groups with one of everything each, people of every role, and browsers.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc)] // for tests only

use lanekeeper_domain::staff::Role;
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
use lanekeeper_platform::{Database, Platform, Request, Response, Row, Shard, Shards, Statement};
use lanekeeper_storage::{NewAccount, describe_store, enter_line, enter_store, put_account, put_membership};
use serde_json::Value;

/// Their ids, names, groups and shards.
const STORES: [(&str, &str, &str, u32); 3] = [
    ("lakeside", "Lakeside Motors", "demo", 1),
    ("hubin", "Hubin <Motors>", "demo", 2),
    ("elsewhere", "Elsewhere Motors", "other", 1),
];

/// One of everything that a store has. Its names say whose they are, as secrets that must not show elsewhere, and try to be
/// more than text.
const EVERYTHING: &str = "
    INSERT INTO lines (id, store_id, provider, address, credentials) VALUES ('line-STORE', 'STORE', 'twilio', '+1500555STORE', '');
    INSERT INTO customers (id, store_id, name, created_at, updated_at)
      VALUES ('customer-STORE', 'STORE', '<script>secret-of-STORE</script>\"''&', 0, 0);
    INSERT INTO identities (store_id, kind, address, customer_id) VALUES ('STORE', 'phone', '+1500STORE', 'customer-STORE');
    INSERT INTO vehicles (id, store_id, customer_id, make, model, plate, updated_at)
      VALUES ('vehicle-STORE', 'STORE', 'customer-STORE', '<script>secret-of-STORE</script>', '\"''&', '<i>STORE', 0);
    INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, handling, state, opened_at, updated_at)
      VALUES ('conversation-STORE', 'STORE', 'line-STORE', '+1500STORE', 'customer-STORE', 'en', 'person', '{}', 0, 0);
    INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, media, created_at)
      VALUES ('message-STORE', 'STORE', 'conversation-STORE', 'line-STORE', 'customer', '<script>secret-of-STORE</script>\"''&',
        '[{\"url\": \"file:file-STORE\", \"content_type\": \"image/svg+xml\"}]', 0);
    INSERT INTO files (id, store_id, conversation_id, content_type, name, bytes, created_at)
      VALUES ('file-STORE', 'STORE', 'conversation-STORE', 'image/svg+xml', 'x.svg', 3, 0);
    INSERT INTO file_parts (file_id, part, store_id, content) VALUES ('file-STORE', 0, 'STORE', 'PGE+');
    INSERT INTO appointments (id, store_id, customer_id, vehicle_id, service_id, concern, starts_at, ends_at, bay, created_at, updated_at)
      VALUES ('appointment-STORE', 'STORE', 'customer-STORE', 'vehicle-STORE', 'oil-change', '<script>secret-of-STORE</script>',
        1795532400000, 1795536000000, 1, 0, 0);
    INSERT INTO repair_orders (id, store_id, customer_id, vehicle_id, number, stage, waiting_for, updated_at)
      VALUES ('order-STORE', 'STORE', 'customer-STORE', 'vehicle-STORE', '1', 'work_in_progress', '<script>secret-of-STORE</script>', 0);
";

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
    /// The status code.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl Default for Deployment {
    fn default() -> Self {
        Self::new()
    }
}

impl Deployment {
    /// The stores, an owner, an advisor of both stores of their group, and the owner of another group.
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
        for (id, name, group, shard) in STORES {
            app.put_store(id, name, group, shard);
        }
        app.put_account("owner", "Grace Lin", "demo", &[(None, Role::Owner)]);
        app.put_account(
            "advisor",
            "Maya Torres",
            "demo",
            &[(Some("lakeside"), Role::Advisor), (Some("hubin"), Role::Advisor)],
        );
        app.put_account("stranger", "Stranger of elsewhere", "other", &[(None, Role::Owner)]);
        app
    }

    fn put_store(&self, id: &str, name: &str, group: &str, shard: u32) {
        let mut profile: Value = serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap();
        profile["id"] = id.into();
        profile["group"] = group.into();
        profile["name"] = name.into();
        let store = Statement::new("INSERT INTO stores (id, group_id, profile) VALUES (?1, ?2, ?3)");
        let database = self.platform.shards().get(shard).unwrap().database;
        block_on(database.run(store.bind(id).bind(group).bind(profile.to_string()))).unwrap();
        database.script(&EVERYTHING.replace("STORE", id)).unwrap();
        let line = format!("line-{id}");
        let enter = vec![
            enter_store(id, group, shard),
            enter_line(&line, id),
            describe_store(id, name, lanekeeper_zones::America::Chicago),
        ];
        block_on(self.platform.directory().batch(enter)).unwrap();
        let person = format!("<script>secret-of-{id}</script>");
        self.put_account(&format!("account-{id}"), &person, group, &[(Some(id), Role::Agent)]);
    }

    /// An account `{word}@demo.example` with the password `demo-password`; its id is the word.
    pub fn put_account(&self, word: &str, name: &str, group: &str, memberships: &[(Option<&str>, Role)]) {
        let email = format!("{word}@demo.example");
        let account = put_account(&NewAccount { id: word, group, email: &email, name, password: Some(PASSWORD) });
        let roles = memberships.iter().map(|(store, role)| put_membership(word, *store, *role));
        block_on(self.platform.directory().batch(std::iter::once(account).chain(roles).collect())).unwrap();
    }

    /// Everything that all databases hold, row by row, but what a request itself leaves: when a session or a desk was seen, and who
    /// failed to sign in.
    pub fn everything(&self) -> Vec<(String, Vec<Row>)> {
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('sessions', 'sign_in_failures', 'presence') \
           AND name NOT GLOB 'findable_*' ORDER BY name";
        let of_shard = |shard: Shard<'_, NativeDatabase>| {
            let look = |sql: String| shard.database.look(Statement::new(sql)).unwrap().0;
            let tables = look(tables.to_owned());
            let names = tables.iter().map(|row| row["name"].as_str().unwrap().to_owned());
            names.map(|name| (name.clone(), look(format!("SELECT * FROM {name}")))).collect::<Vec<_>>()
        };
        self.platform.shards().iter().flat_map(of_shard).collect()
    }

    /// A browser that nobody has signed in with.
    pub fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookie: String::new(), token: None, headers: Vec::new() }
    }

    /// A browser of somebody who has signed in.
    pub fn signed_in(&self, email: &str) -> Browser<'_> {
        let mut browser = self.browser();
        assert_eq!(browser.sign_in(email, "demo-password").status, 303);
        browser.get("/desk/account");
        browser
    }

    /// How many batches all databases were asked for so far.
    pub fn batches(&self) -> u64 {
        self.platform.shards().iter().map(|shard| shard.database.batches()).sum()
    }
}

/// A browser: it keeps the cookie, and the token of the last page that had one.
pub struct Browser<'a> {
    /// Where it goes.
    pub app: &'a Deployment,
    /// The session's cookie; empty for none.
    pub cookie: String,
    /// The token against forgery.
    pub token: Option<String>,
    /// More headers of every request.
    pub headers: Vec<(String, String)>,
}

impl Browser<'_> {
    /// Opens a page.
    pub fn get(&mut self, target: &str) -> Answer {
        self.send("GET", target)
    }

    /// Sends a form, with the token.
    pub fn post(&mut self, target: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.form(target, fields);
        self.answered(block_on(lanekeeper_desk::handle(&self.app.platform, &form)))
    }

    /// Sends the form of the sign-in.
    pub fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/desk/sign-in", &[("email", email), ("password", password)])
    }

    fn send(&mut self, method: &str, target: &str) -> Answer {
        let request = self.request(method, target, Vec::new());
        self.answered(block_on(lanekeeper_desk::handle(&self.app.platform, &request)))
    }

    /// A form as it would be sent, with the token: for several at the same moment.
    pub fn form(&self, target: &str, fields: &[(&str, &str)]) -> Request {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        if let Some(token) = &self.token {
            form.append_pair("csrf", token);
        }
        self.request("POST", target, form.finish().into_bytes())
    }

    fn request(&self, method: &str, target: &str, body: Vec<u8>) -> Request {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = self.headers.clone();
        if !self.cookie.is_empty() {
            headers.push(("cookie".to_owned(), self.cookie.clone()));
        }
        Request {
            method: method.to_owned(),
            origin: "https://desk.example".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body,
        }
    }

    fn answered(&mut self, response: Response) -> Answer {
        let Response { status, headers, body } = response;
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
