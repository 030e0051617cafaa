//! A store with its app, as a test stands it up.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use lanekeeper_domain::Store;
use lanekeeper_domain::handling::HandlingAct;
use lanekeeper_domain::repair_order::{Method, OperationEdit, Stage};
use lanekeeper_domain::understanding::VehicleMention;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_handling::{Done, HandlingError, Person, perform};
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on, json_answer};
use lanekeeper_platform::{Clock, Database, Platform, Request, Response, Row, Shards, Statement};
use serde_json::json;
use sha1::Sha1;
use std::cell::Cell;
use std::future::poll_fn;
use std::hash::{Hash, Hasher};
use std::pin::Pin;
use std::task::Poll;

const TOKEN: &str = "transcript-token";
const ORIGIN: &str = "https://edge.test";

/// One demo store with one line, on a platform in memory.
pub struct Shop {
    /// Its platform: open for a test to script and to look.
    pub platform: NativePlatform,
    /// The store.
    pub store: Store,
    revision: i64,
    messages: Cell<u32>,
}

impl Shop {
    /// The demo store with this id, at this time on its clocks.
    pub fn open(store: &str, now: NaiveDateTime) -> Self {
        Self::with(store, &[], now)
    }

    /// The same with parts of its profile replaced, each by its path (`booking.per_day`).
    pub fn with(store: &str, changes: &[(String, serde_json::Value)], now: NaiveDateTime) -> Self {
        Self::on(Shards::new(migrated(), vec![migrated()]), store, changes, now)
    }

    /// The same on these databases, of which there are two.
    pub fn on(
        shards: Shards<NativeDatabase>,
        store: &str,
        changes: &[(String, serde_json::Value)],
        now: NaiveDateTime,
    ) -> Self {
        // The second store has the second shard, so that both are used.
        let (profile, shard) = match store {
            "lakeside" => (include_str!("../../../demo/stores/lakeside.json"), 1),
            "hubin" => (include_str!("../../../demo/stores/hubin.json"), 2),
            other => panic!("there is no store '{other}'"),
        };
        let mut profile: serde_json::Value = serde_json::from_str(profile).unwrap();
        for (path, value) in changes {
            change(&mut profile, path, value);
        }
        let profile = profile.to_string();
        // Tests of one thread share its memory of playbooks, which are told apart by their revision.
        let mut hasher = std::hash::DefaultHasher::new();
        profile.hash(&mut hasher);
        let revision = if changes.is_empty() { 1 } else { i64::from(hasher.finish() as u32) };
        let store: Store = serde_json::from_str(&profile).unwrap();
        assert_eq!(store.problem(), None, "the profile");
        let instant = store.instant(now).expect("a time that exists on the store's clocks");
        let key = STANDARD.encode([7; 32]);
        let line = format!("{}-sms", store.id);
        let credentials = json!({"account_sid": "AC1", "auth_token": TOKEN}).to_string();
        let sealed = lanekeeper_storage::seal(&key, &line, [1; 12], &credentials).unwrap();
        let entries = vec![
            lanekeeper_storage::enter_store(&store.id, &store.group, shard),
            lanekeeper_storage::enter_line(&line, &store.id),
        ];
        block_on(shards.directory().batch(entries)).unwrap();
        let rows = vec![
            Statement::new("INSERT INTO stores (id, group_id, profile, revision) VALUES (?1, ?2, ?3, ?4)")
                .bind(&store.id)
                .bind(&store.group)
                .bind(&profile)
                .bind(revision),
            Statement::new(
                "INSERT INTO lines (id, store_id, provider, address, credentials) VALUES (?1, ?2, 'twilio', '+15005550006', ?3)",
            )
            .bind(&line)
            .bind(&store.id)
            .bind(sealed),
        ];
        block_on(shards.get(shard).unwrap().database.batch(rows)).unwrap();
        let platform = NativePlatform::over(shards, instant).with_setting("SEALING_KEY", &key);
        platform
            .http
            .serve(|_| Ok(json_answer(201, &json!({"sid": "SM00000000000000000000000000000001", "status": "queued"}))));
        Self { platform, store, revision, messages: Cell::new(0) }
    }

    /// The database that the store lives on.
    pub fn database(&self) -> &NativeDatabase {
        block_on(lanekeeper_storage::database_of(&self.platform, &self.store.id)).unwrap().unwrap().database
    }

    /// Sends texts at the same moment, as Twilio would, and gives back the texts of the replies.
    pub fn say(&self, from: &str, texts: &[&str]) -> Vec<String> {
        let requests: Vec<Request> = texts
            .iter()
            .map(|text| {
                self.next_message();
                self.webhook(from, text, self.messages.get())
            })
            .collect();
        self.post(requests)
    }

    /// Sends one text, and gives back the batches that its turn ran, on whichever database. What was to be delivered is left.
    pub fn batches_of(&self, from: &str, text: &str) -> Vec<Vec<Statement>> {
        self.next_message();
        let request = self.webhook(from, text, self.messages.get());
        self.platform.shards().iter().for_each(|shard| shard.database.record());
        let response = block_on(lanekeeper_router::handle(&self.platform, request));
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        self.platform.shards().iter().flat_map(|shard| shard.database.recorded()).collect()
    }

    /// Sends the last text (once more), and gives back whatever the webhook answers.
    pub fn try_again(&self, from: &str, text: &str) -> Response {
        block_on(lanekeeper_router::handle(&self.platform, self.webhook(from, text, self.messages.get())))
    }

    /// The next text is another message.
    pub fn next_message(&self) {
        self.messages.set(self.messages.get() + 1);
    }

    /// Sends the last text once more, as Twilio does when it has seen no answer.
    pub fn say_again(&self, from: &str, text: &str) -> Vec<String> {
        self.post(vec![self.webhook(from, text, self.messages.get())])
    }

    /// Sends one text that another thing happens beside: `steps` after its turn has begun, in batches. Gives back the texts of the
    /// reply and what came of the other, or `None` where the turn was over by then.
    pub fn say_while<T>(
        &self,
        from: &str,
        text: &str,
        steps: usize,
        other: impl FnOnce() -> T,
    ) -> (Vec<String>, Option<T>) {
        self.next_message();
        let request = self.webhook(from, text, self.messages.get());
        let mut turn = Box::pin(lanekeeper_router::handle(&self.platform, request));
        let first = block_on(poll_fn(|context| {
            let over = (0..steps).find_map(|_| match turn.as_mut().poll(context) {
                Poll::Ready(response) => Some(response),
                Poll::Pending => None,
            });
            Poll::Ready(over)
        }));
        if let Some(response) = first {
            return (replies(&response), None);
        }
        let outcome = other();
        (replies(&block_on(turn)), Some(outcome))
    }

    fn post(&self, requests: Vec<Request>) -> Vec<String> {
        let turns = requests.into_iter().map(|request| lanekeeper_router::handle(&self.platform, request)).collect();
        let texts = block_on(at_once(turns)).iter().flat_map(replies).collect();
        self.deliver();
        texts
    }

    /// The signed webhook of the n-th text. `[photo]` at its beginning stands for a picture.
    fn webhook(&self, from: &str, text: &str, number: u32) -> Request {
        let sid = format!("SM{number:032x}");
        let (body, pictures) = match text.strip_prefix("[photo]") {
            Some(rest) => (rest.trim(), "1"),
            None => (text, "0"),
        };
        let mut fields = vec![
            ("AccountSid", "AC1"),
            ("Body", body),
            ("From", from),
            ("MessageSid", &sid),
            ("NumMedia", pictures),
            ("To", "+15005550006"),
        ];
        if pictures == "1" {
            let picture = [("MediaContentType0", "image/jpeg"), ("MediaUrl0", "https://api.twilio.test/media/0")];
            fields.splice(3..3, picture);
        }
        let path = format!("/channels/twilio/{}-sms", self.store.id);
        let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
        mac.update(format!("{ORIGIN}{path}").as_bytes());
        for (name, value) in &fields {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        Request {
            method: "POST".to_owned(),
            origin: ORIGIN.to_owned(),
            path,
            query: String::new(),
            headers: vec![
                ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
                ("x-twilio-signature".to_owned(), STANDARD.encode(mac.finalize().into_bytes())),
            ],
            body: form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes(),
        }
    }

    /// Puts the clock to this time of the store's, and does what is due by then.
    pub fn wait_until(&self, local: NaiveDateTime) {
        self.platform.clock.set(self.store.instant(local).expect("a time that exists on the store's clocks"));
        self.tick();
    }

    /// Does what is due.
    pub fn tick(&self) {
        block_on(lanekeeper_schedule::tick(&self.platform));
        self.deliver();
    }

    /// A person of the store does something to whoever's conversation.
    pub fn act(&self, from: &str, by: &str, act: &HandlingAct) -> Result<Done, HandlingError> {
        let account = by.to_lowercase();
        let by = Person { account: &account, name: by };
        let done = block_on(self.acting(from, by, act));
        self.deliver();
        done
    }

    /// The same, to be run beside others. What is to be delivered is left.
    pub async fn acting(&self, from: &str, by: Person<'_>, act: &HandlingAct) -> Result<Done, HandlingError> {
        let select = Statement::new("SELECT id FROM conversations WHERE peer = ?1").bind(from);
        let id = self.rows(select).pop().expect("a conversation")["id"].as_str().unwrap().to_owned();
        let shard = lanekeeper_storage::database_of(&self.platform, &self.store.id).await?.expect("the store's shard");
        perform(&self.platform, shard, (&self.store.id, &id), by, act, &[]).await
    }

    fn revised(&self) -> lanekeeper_storage::Revised<'_> {
        lanekeeper_storage::Revised { profile: &self.store, revision: self.revision }
    }

    /// Takes every bay from one time of the store's to another.
    pub fn take(&self, from: NaiveDateTime, until: NaiveDateTime) {
        let instant = |local| self.store.instant(local).unwrap();
        let (start, end) = (instant(from), instant(until));
        let customer = format!("blocker-{start}");
        let mut batch = lanekeeper_storage::start_customer(&self.store.id, &customer, &customer, self.now());
        for bay in self.store.bays.iter().map(|bay| bay.number) {
            let opening = lanekeeper_domain::openings::Opening::in_bay(bay, start, (end - start).num_minutes() as u32);
            let id = format!("{customer}-{bay}");
            let appointment = lanekeeper_storage::NewAppointment {
                id: &id,
                customer: &customer,
                conversation: None,
                vehicle: None,
                services: &["oil-change".to_owned()],
                concern: None,
                opening: &opening,
                transport: None,
                transport_address: None,
            };
            batch.extend(lanekeeper_storage::book(self.revised(), &appointment, self.now()));
        }
        block_on(self.database().batch(batch)).unwrap();
    }

    /// Opens a repair order for a customer, who is written down if need be.
    pub fn open_repair_order(&self, from: &str, order: &RepairOrder) {
        let (store, now) = (&self.store.id, self.now());
        let known = self.rows(Statement::new("SELECT customer_id FROM identities WHERE address = ?1").bind(from)).pop();
        let customer = known.and_then(|row| row["customer_id"].as_str().map(str::to_owned));
        let mut batch = Vec::new();
        let customer = customer.unwrap_or_else(|| {
            batch.extend(lanekeeper_storage::start_customer(store, from, from, now));
            from.to_owned()
        });
        let car = format!("car-{}", order.number);
        batch.push(lanekeeper_storage::put_vehicle(store, &customer, &car, &order.car, now));
        let VehicleMention { year, make, model, plate, vin, mileage, .. } = order.car.clone();
        let mut opened = lanekeeper_domain::RepairOrder {
            id: order.number.clone(),
            number: order.number.clone(),
            customer,
            stage: Stage::from_name(&order.stage).expect("a stage"),
            vehicle: Some(Vehicle { id: car, year, make, model, plate, vin, mileage }),
            waiting_for: order.waiting_for.clone(),
            promised_at: order.promised.and_then(|local| self.store.instant(local)),
            ..lanekeeper_domain::RepairOrder::default()
        };
        for (place, (name, price)) in order.agreed.iter().enumerate() {
            let edit = OperationEdit { name: Some(name.clone()), labor: Some(*price), ..OperationEdit::default() };
            opened.add_operation(&self.store.charges, &format!("{}-{}", order.number, place + 1), edit).unwrap();
        }
        opened.authorize_all(&self.store.charges, Method::InPersonPhysicalSignature);
        batch.extend(crate::workshop::opened(self, &opened));
        block_on(self.database().batch(batch)).unwrap();
    }

    /// Rows of a query.
    pub fn rows(&self, query: Statement) -> Vec<Row> {
        self.database().look(query).unwrap().0
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        self.platform.clock().now()
    }

    fn deliver(&self) {
        let due = self.platform.queue.drain();
        block_on(lanekeeper_deliver::deliver(&self.platform, &due));
    }
}

/// Replaces a part of a profile by its path.
pub(crate) fn change(profile: &mut serde_json::Value, path: &str, value: &serde_json::Value) {
    let place = path.split('.').fold(profile, |place, part| match part.parse::<usize>() {
        Ok(index) => &mut place[index],
        Err(_) => &mut place[part],
    });
    place.clone_from(value);
}

fn migrated() -> NativeDatabase {
    let database = NativeDatabase::in_memory().unwrap();
    block_on(lanekeeper_storage::migrate(&database)).unwrap();
    database.forbidding_scans()
}

/// A car in the shop, as a transcript tells of it.
#[derive(Debug, Default)]
pub struct RepairOrder {
    /// The number that is printed on it.
    pub number: String,
    /// STAR's name of it, e.g. `parts_ordered`.
    pub stage: String,
    /// The car.
    pub car: VehicleMention,
    /// What is being waited for.
    pub waiting_for: Option<String>,
    /// When the car was promised, on the store's clocks.
    pub promised: Option<NaiveDateTime>,
    /// The lines that were agreed when the car came, with their prices in minor units.
    pub agreed: Vec<(String, i64)>,
}

/// Runs futures at once: each goes on wherever another one waits. Their outcomes come in the futures' order.
pub async fn at_once<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut outcomes: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (future, outcome) in futures.iter_mut().zip(&mut outcomes).filter(|(_, outcome)| outcome.is_none()) {
            if let Poll::Ready(ready) = future.as_mut().poll(context) {
                *outcome = Some(ready);
            }
        }
        if outcomes.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outcomes.into_iter().flatten().collect()
}

/// The texts in a TwiML answer.
fn replies(response: &Response) -> Vec<String> {
    let body = std::str::from_utf8(&response.body).unwrap();
    assert_eq!(response.status, 200, "{body}");
    let document = roxmltree::Document::parse(body).unwrap();
    let messages = document.descendants().filter(|node| node.has_tag_name("Message"));
    messages.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}
