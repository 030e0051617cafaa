//! The four stores and their customers, through a month.

use crate::chance::Chance;
use crate::person::{Errand, PATIENCE, Person};
use crate::provider::{Book, Provider};
use crate::stores::{Place, places};
use crate::workshop::{self, Step};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use lanekeeper_domain::Language;
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Request, Response, Row, Shards, Statement};
use serde_json::json;
use sha1::Sha1;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

const TOKEN: &str = "month-token";
const ORIGIN: &str = "https://edge.test";

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Tick,
    /// Somebody takes up an errand.
    Begin {
        person: usize,
        errand: u8,
    },
    /// Somebody writes this.
    Write {
        person: usize,
        text: String,
    },
    /// Somebody's appointment has come.
    Visit {
        person: usize,
        appointment: String,
        starts_at: i64,
    },
    Workshop {
        order: usize,
        step: Step,
    },
    /// The provider tells what became of its n-th message.
    Receipt {
        message: usize,
        status: &'static str,
    },
}

const ERRANDS: [Errand; 6] =
    [Errand::Book, Errand::Move, Errand::Cancel, Errand::Complain, Errand::Stop, Errand::Answer];

/// An order that was opened, and whose it is.
#[derive(Debug)]
pub struct Opened {
    pub place: usize,
    pub person: usize,
    pub id: String,
}

/// Four stores with their customers.
pub struct Town {
    pub platform: NativePlatform,
    pub places: Vec<Place>,
    pub people: Vec<Person>,
    pub book: Rc<RefCell<Book>>,
    pub orders: Vec<Opened>,
    /// Every text that was sent, by its id at the provider, with the replies that it got.
    pub texts: BTreeMap<String, Vec<String>>,
    chance: Chance,
    agenda: BinaryHeap<Reverse<(DateTime<Utc>, usize, Event)>>,
    planned: usize,
    noticed: usize,
    troubled: bool,
    counts: BTreeMap<&'static str, usize>,
}

impl Town {
    /// The stores on the evening before the month begins.
    pub fn open(seed: u64) -> Self {
        let begins: DateTime<Utc> = "2026-10-19T00:00:00Z".parse().unwrap();
        let database = || {
            let database = NativeDatabase::in_memory().unwrap();
            block_on(lanekeeper_storage::migrate(&database)).unwrap();
            database.forbidding_scans()
        };
        let shards = Shards::new(database(), vec![database()]);
        let key = STANDARD.encode([7; 32]);
        let places = places();
        for place in &places {
            let entries = vec![
                lanekeeper_storage::enter_store(&place.store.id, &place.store.group, place.shard),
                lanekeeper_storage::enter_line(&place.line, &place.store.id),
            ];
            block_on(shards.directory().batch(entries)).unwrap();
            let credentials = json!({"account_sid": "AC1", "auth_token": TOKEN}).to_string();
            let sealed = lanekeeper_storage::seal(&key, &place.line, [1; 12], &credentials).unwrap();
            let rows = vec![
                Statement::new("INSERT INTO stores (id, group_id, profile, revision) VALUES (?1, ?2, ?3, 77)")
                    .bind(&place.store.id)
                    .bind(&place.store.group)
                    .bind(&place.profile),
                Statement::new(
                    "INSERT INTO lines (id, store_id, provider, address, credentials, revision) \
                     VALUES (?1, ?2, 'twilio', ?3, ?4, 77)",
                )
                .bind(&place.line)
                .bind(&place.store.id)
                .bind(&place.number)
                .bind(sealed),
            ];
            block_on(shards.get(place.shard).unwrap().database.batch(rows)).unwrap();
        }
        let platform = NativePlatform::over(shards, begins)
            .with_setting("SEALING_KEY", &key)
            .with_setting("PUBLIC_URL", ORIGIN)
            .with_seed(seed);
        let book = Rc::new(RefCell::new(Book::default()));
        let provider = Provider::new(book.clone(), platform.clock.clone(), seed + 1);
        platform.http.serve(move |request| provider.answer(request));
        Self {
            platform,
            places,
            people: Vec::new(),
            book,
            orders: Vec::new(),
            texts: BTreeMap::new(),
            chance: Chance::new(seed + 2),
            agenda: BinaryHeap::new(),
            planned: 0,
            noticed: 0,
            troubled: true,
            counts: BTreeMap::new(),
        }
    }

    /// Customers, each of whom writes for the first time at some time of the first three weeks.
    pub fn invite(&mut self, people: u64) {
        let begins = self.now();
        for number in 0..people {
            let place = self.chance.below(self.places.len());
            let language = if self.places[place].store.language == Language::Zh {
                Language::Zh
            } else {
                *self.chance.pick(&[Language::En, Language::En, Language::Es])
            };
            // Some have kept the number of another place; of American ones it can be told where they are from.
            let home = if self.chance.percent(10) { self.chance.below(2) } else { place };
            let phone = format!("{}{:07}", self.places[home].prefix, 5_000_000 + number);
            let person = Person {
                place,
                zone: self.places[home].zone,
                phone,
                language,
                errand: Errand::None,
                rounds: 0,
                stopped_at: None,
            };
            self.people.push(person);
            let when = begins + self.chance.minutes(0, 21 * 24 * 60);
            self.plan(when, Event::Begin { person: number as usize, errand: 0 });
        }
    }

    /// Lives through the month, and some quiet days in which nothing fails and everything can settle.
    pub fn live(&mut self) {
        let begins = self.now();
        let (ends, settled) = (begins + TimeDelta::days(30), begins + TimeDelta::days(36));
        self.plan(begins, Event::Tick);
        while let Some(Reverse((at, _, event))) = self.agenda.pop() {
            if at > settled {
                break;
            }
            if at > ends && self.troubled {
                self.troubled = false;
                self.book.borrow_mut().well = true;
            }
            self.platform.clock.set(at.max(self.now()));
            match event {
                Event::Tick => self.tick(),
                _ if at > ends && !matches!(event, Event::Receipt { .. }) => {}
                Event::Begin { person, errand } => self.begin(person, ERRANDS[usize::from(errand)]),
                Event::Write { person, text } => self.write(person, &text),
                Event::Visit { person, appointment, starts_at } => self.visit(person, &appointment, starts_at),
                Event::Workshop { order, step } => self.work(order, step),
                Event::Receipt { message, status } => self.receipt(message, status),
            }
            self.notice();
        }
    }

    /// What came about, in a line.
    pub fn summary(&self) -> String {
        let book = self.book.borrow();
        format!(
            "{} customers, {} texts, {} messages sent, {} failures at the provider, {} orders; {:?}",
            self.people.len(),
            self.texts.len(),
            book.accepted.len(),
            book.failures,
            self.orders.len(),
            self.counts
        )
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.platform.clock().now()
    }

    /// The database of this store.
    pub fn database(&self, place: usize) -> &NativeDatabase {
        self.platform.shards().get(self.places[place].shard).unwrap().database
    }

    /// Rows that a check asks for.
    pub fn rows(&self, place: usize, query: &'static str) -> Vec<Row> {
        let query = Statement::new(query).bind(&self.places[place].store.id);
        self.database(place).look(query).unwrap().0
    }

    fn plan(&mut self, at: DateTime<Utc>, event: Event) {
        self.planned += 1;
        self.agenda.push(Reverse((at, self.planned, event)));
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Lets the database fail soon, now and then: before it has done something, or after.
    fn shake(&mut self) {
        if !self.troubled || !self.chance.percent(8) {
            return;
        }
        let busy = DatabaseError::Unavailable("database is locked".to_owned());
        let shard = 1 + self.chance.below(2) as u32;
        let database = self.platform.shards().get(shard).unwrap().database;
        let passing = self.chance.below(5);
        if self.chance.percent(50) {
            database.fail_after(passing, busy);
        } else {
            database.lose_answer_after(passing, busy);
        }
        self.count("failures of the database");
    }

    fn heal(&self) {
        self.platform.shards().iter().for_each(|shard| shard.database.heal());
    }

    fn tick(&mut self) {
        self.shake();
        block_on(lanekeeper_schedule::tick(&self.platform));
        self.heal();
        self.deliver();
        let next = self.now() + TimeDelta::minutes(5);
        self.plan(next, Event::Tick);
    }

    /// Wakes who is to be woken; now and then nobody is.
    fn deliver(&mut self) {
        let woken = self.platform.queue.drain();
        if woken.is_empty() {
            return;
        }
        if self.troubled && self.chance.percent(10) {
            self.count("wake-ups lost");
            return;
        }
        self.shake();
        block_on(lanekeeper_deliver::deliver(&self.platform, &woken));
        self.heal();
        if self.troubled && self.chance.percent(10) {
            self.count("wake-ups twice");
            block_on(lanekeeper_deliver::deliver(&self.platform, &woken));
        }
    }

    fn begin(&mut self, person: usize, errand: Errand) {
        let stopped = self.people[person].stopped_at.is_some();
        if stopped || self.people[person].errand != Errand::None {
            return;
        }
        self.people[person].errand = errand;
        self.people[person].rounds = 0;
        let store = &self.places[self.people[person].place].store;
        let text = self.people[person].opening_words(store, self.now(), &self.chance);
        self.write(person, &text);
    }

    /// Somebody writes, and their provider sends it until it is taken.
    fn write(&mut self, person: usize, text: &str) {
        let sid = format!("SM{:032x}", self.texts.len() + 1);
        self.texts.insert(sid.clone(), Vec::new());
        let place = self.people[person].place;
        let mut replies = None;
        for attempt in 0.. {
            assert!(attempt < 20, "the webhook is never taken: {text}");
            self.shake();
            let response = self.post(place, &self.people[person].phone.clone(), text, &sid);
            self.heal();
            if response.status != 200 {
                assert!(response.status >= 500, "{}", String::from_utf8_lossy(&response.body));
                self.count("webhooks sent again");
                continue;
            }
            let texts = texts_of(&response);
            if let Some(before) = &replies {
                assert_eq!(*before, texts, "the same text again, and another answer");
            }
            replies = Some(texts);
            if !self.troubled || !self.chance.percent(10) {
                break;
            }
            self.count("webhooks twice");
        }
        self.texts.insert(sid, replies.unwrap_or_default());
        self.deliver();
        self.go_on(person);
    }

    fn post(&self, place: usize, from: &str, text: &str, sid: &str) -> Response {
        let to = self.places[place].number.clone();
        let fields = [
            ("AccountSid", "AC1"),
            ("Body", text),
            ("From", from),
            ("MessageSid", sid),
            ("NumMedia", "0"),
            ("To", &to),
        ];
        let path = format!("/channels/twilio/{}", self.places[place].line);
        block_on(lanekeeper_router::handle(&self.platform, signed(&path, "", &fields)))
    }

    /// What somebody does after the answer to their last text.
    fn go_on(&mut self, person: usize) {
        let acts = self.last_acts(person);
        let said = |name: &str| acts.iter().any(|act| act == name);
        let now = self.now();
        if said("opted_out") {
            self.people[person].stopped_at = Some(now);
            self.people[person].errand = Errand::None;
            self.count("stopped");
            return;
        }
        if said("booked") || said("moved") {
            self.people[person].errand = Errand::None;
            self.count(if said("booked") { "booked" } else { "moved" });
            self.after_booking(person);
            return;
        }
        if said("cancelled") {
            self.count("cancelled");
        }
        self.people[person].rounds += 1;
        let tired = self.people[person].rounds > PATIENCE;
        match self.people[person].answer(&acts, &self.chance).filter(|_| !tired) {
            Some(text) => {
                let when = now + self.chance.minutes(0, if self.chance.percent(5) { 600 } else { 4 });
                self.plan(when, Event::Write { person, text });
            }
            None => self.people[person].errand = Errand::None,
        }
    }

    fn last_acts(&self, person: usize) -> Vec<String> {
        let person = &self.people[person];
        let select = Statement::new(
            "SELECT t.said FROM conversations c JOIN turns t ON t.conversation_id = c.id AND t.number = c.turns \
             WHERE c.line_id = ?1 AND c.peer = ?2",
        );
        let line = &self.places[person.place].line;
        let rows = self.database(person.place).look(select.bind(line).bind(&person.phone)).unwrap().0;
        let said = rows.first().and_then(|row| row["said"].as_str()).unwrap_or("[]");
        let acts: Vec<serde_json::Value> = serde_json::from_str(said).unwrap();
        let name = |act: &serde_json::Value| {
            let name = act.as_str().or_else(|| act.as_object()?.keys().next().map(String::as_str));
            name.map(str::to_owned)
        };
        acts.iter().filter_map(name).collect()
    }

    /// What becomes of an appointment: kept, moved, called off, or forgotten.
    fn after_booking(&mut self, person: usize) {
        let (place, phone) = (self.people[person].place, self.people[person].phone.clone());
        let select = Statement::new(
            "SELECT a.id, a.starts_at FROM identities i JOIN appointments a ON a.customer_id = i.customer_id \
             WHERE i.store_id = ?1 AND i.kind = 'phone' AND i.address = ?2 AND a.status = 'booked' \
               AND a.starts_at > ?3 AND a.arrived_at IS NULL",
        );
        let select = select.bind(&self.places[place].store.id).bind(&phone).bind(self.now().timestamp_millis());
        for row in self.database(place).look(select).unwrap().0 {
            let starts_at = row["starts_at"].as_i64().unwrap();
            let appointment = row["id"].as_str().unwrap().to_owned();
            let start = DateTime::from_timestamp_millis(starts_at).unwrap();
            let ahead = usize::try_from((start - self.now()).num_minutes()).unwrap_or_default().max(2);
            let later = self.now() + self.chance.minutes(1, ahead);
            match self.chance.below(100) {
                0..15 => self.plan(later, Event::Begin { person, errand: 1 }),
                15..30 => self.plan(later, Event::Begin { person, errand: 2 }),
                30..33 => self.plan(later, Event::Begin { person, errand: 3 }),
                33..37 => self.plan(later, Event::Begin { person, errand: 4 }),
                // Whoever does not come just does not come.
                37..47 => continue,
                _ => {}
            }
            let comes = start + self.chance.minutes(0, 10);
            self.plan(comes, Event::Visit { person, appointment, starts_at });
        }
    }

    /// Somebody comes, if the appointment is still theirs and still then.
    fn visit(&mut self, person: usize, appointment: &str, starts_at: i64) {
        let place = self.people[person].place;
        let select = Statement::new(
            "SELECT customer_id, json_insert(more_services, '$[#]', service_id) AS services FROM appointments \
             WHERE id = ?1 AND starts_at = ?2 AND status = 'booked' AND arrived_at IS NULL",
        );
        let Some(row) = self.database(place).look(select.bind(appointment).bind(starts_at)).unwrap().0.pop() else {
            return;
        };
        let arrive = Statement::new("UPDATE appointments SET arrived_at = ?2 WHERE id = ?1")
            .bind(appointment)
            .bind(self.now().timestamp_millis());
        block_on(self.database(place).run(arrive)).unwrap();
        let services: Vec<String> = serde_json::from_str(row["services"].as_str().unwrap()).unwrap();
        let Some(id) = workshop::open(self, place, row["customer_id"].as_str().unwrap(), &services) else { return };
        self.count("arrived");
        self.orders.push(Opened { place, person, id });
        let order = self.orders.len() - 1;
        let mut at = self.now();
        let mut steps = vec![Step::Evaluate, Step::Work, Step::Complete, Step::HandOver];
        if self.chance.percent(40) {
            steps.insert(1, Step::AddWork);
            if self.chance.percent(25) {
                steps.insert(2, Step::AskAgain);
            }
        }
        for step in steps {
            at += self.chance.minutes(10, 120);
            self.plan(at, Event::Workshop { order, step });
        }
    }

    fn work(&mut self, order: usize, step: Step) {
        let Opened { place, id, .. } = &self.orders[order];
        let (place, id) = (*place, id.clone());
        // The desk's people see an error, and press the button again.
        let taken = (0..3).any(|_| {
            self.shake();
            let taken = workshop::take(self, place, &id, step, &self.chance);
            self.heal();
            taken
        });
        self.count(if taken { "steps in the workshop" } else { "steps refused" });
    }

    /// Customers read what has come, and answer some of it.
    fn notice(&mut self) {
        let fresh: Vec<_> = self.book.borrow().accepted[self.noticed..].to_vec();
        for message in fresh {
            let index = self.noticed;
            self.noticed += 1;
            self.plan_receipts(index);
            let Some(person) = self.people.iter().position(|person| person.phone == message.to) else { continue };
            let select = Statement::new("SELECT kind FROM outbox WHERE id = ?1").bind(&message.delivery);
            let rows = self.database(self.people[person].place).look(select).unwrap().0;
            let kind = rows.first().and_then(|row| row["kind"].as_str()).unwrap_or_default().to_owned();
            let Some(text) = self.reaction(&kind, self.people[person].language) else { continue };
            let when = self.now() + self.chance.minutes(1, 240);
            self.plan(when, Event::Write { person, text });
        }
    }

    fn reaction(&self, kind: &str, language: Language) -> Option<String> {
        let of = |texts: &[[&str; 3]]| {
            let [en, es, zh] = *self.chance.pick(texts);
            Some(match language {
                Language::En => en.to_owned(),
                Language::Es => es.to_owned(),
                Language::Zh => zh.to_owned(),
            })
        };
        match kind {
            "added_work" if self.chance.percent(80) => of(&[
                ["yes", "sí", "同意"],
                ["yes go ahead with all of it", "sí, haga todo", "都做吧"],
                ["no thanks", "no, gracias", "都不做"],
                ["do the brakes, skip the wipers", "haga las pastillas, los limpiaparabrisas no", "只做第一个"],
                ["just the first one", "solo el primero", "第一项就行"],
            ]),
            "cost_change" if self.chance.percent(50) => {
                of(&[["ok yes", "sí, está bien", "可以"], ["no", "no", "不做了"]])
            }
            "satisfaction" if self.chance.percent(60) => {
                of(&[["5", "5", "5"], ["4", "4", "4"], ["1", "1", "1"], ["great!", "excelente", "很满意"]])
            }
            "waitlist_offer" if self.chance.percent(70) => of(&[["yes", "sí", "好的"], ["no", "no", "不要了"]]),
            _ => None,
        }
    }

    fn plan_receipts(&mut self, message: usize) {
        let arrives = if self.chance.percent(4) { "undelivered" } else { "delivered" };
        for status in ["sent", arrives] {
            if self.chance.percent(90) {
                let when = self.now() + self.chance.minutes(0, 3);
                self.plan(when, Event::Receipt { message, status });
            }
        }
    }

    fn receipt(&mut self, message: usize, status: &'static str) {
        let accepted = self.book.borrow().accepted[message].clone();
        let Some(place) = self.places.iter().position(|place| place.number == accepted.from) else { return };
        let path = format!("/channels/twilio/{}/status", self.places[place].line);
        let query = format!("delivery={}", accepted.delivery);
        let fields = [("AccountSid", "AC1"), ("MessageSid", accepted.sid.as_str()), ("MessageStatus", status)];
        self.shake();
        let response = block_on(lanekeeper_router::handle(&self.platform, signed(&path, &query, &fields)));
        self.heal();
        assert!(response.status == 204 || response.status >= 500, "{}", response.status);
    }
}

/// A webhook as Twilio signs it; the fields in the order of their names.
fn signed(path: &str, query: &str, fields: &[(&str, &str)]) -> Request {
    let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).unwrap();
    let separator = if query.is_empty() { "" } else { "?" };
    mac.update(format!("{ORIGIN}{path}{separator}{query}").as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    Request {
        method: "POST".to_owned(),
        origin: ORIGIN.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("x-twilio-signature".to_owned(), STANDARD.encode(mac.finalize().into_bytes())),
        ],
        body: form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes(),
    }
}

/// The texts of a TwiML answer, as they stand there.
fn texts_of(response: &Response) -> Vec<String> {
    let body = String::from_utf8_lossy(&response.body);
    body.split("<Message>").skip(1).filter_map(|rest| rest.split("</Message>").next().map(str::to_owned)).collect()
}
