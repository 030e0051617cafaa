//! The four stores and their customers, through a month.

use crate::chance::Chance;
use crate::person::{Errand, Person};
use crate::provider::{Book, Provider};
use crate::stores::{Place, places};
use crate::webhook::{ORIGIN, TOKEN};
use crate::workshop::Step;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_domain::Language;
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Row, Shards, Statement};
use serde_json::json;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
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
    pub(crate) chance: Chance,
    agenda: BinaryHeap<Reverse<(DateTime<Utc>, usize, Event)>>,
    planned: usize,
    pub(crate) noticed: usize,
    pub(crate) troubled: bool,
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

    pub(crate) fn plan(&mut self, at: DateTime<Utc>, event: Event) {
        self.planned += 1;
        self.agenda.push(Reverse((at, self.planned, event)));
    }

    pub(crate) fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Lets the database fail soon, now and then: before it has done something, or after.
    pub(crate) fn shake(&mut self) {
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

    pub(crate) fn heal(&self) {
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
    pub(crate) fn deliver(&mut self) {
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
}
