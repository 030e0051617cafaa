//! The days of one store, lived through once more.

use crate::file::{Line, Setup};
use crate::history::agenda::{Agenda, Event};
use crate::history::bookings::{callers, day_in_words, in_hours, time_to_write};
use crate::history::people::Person;
use crate::history::scenes::Scene;
use crate::history::shop::Order;
use crate::history::{scenes, texts, told, workshop};
use chrono::{DateTime, Days, TimeDelta, Timelike, Utc};
use lanekeeper_channels::{Inbound, Provider};
use lanekeeper_domain::Store;
use lanekeeper_native::{NativeDatabase, NativePlatform, block_on, json_answer};
use lanekeeper_platform::{Clock, Database, Platform, Random, Row, Shard, Shards, Statement};
use lanekeeper_storage::{CustomerRow, Playbook, VehicleRow, insert_customer, insert_vehicle, migrate, record_receipt};
use serde_json::{Value, json};
use std::rc::Rc;

/// Seals the credentials of a line that reaches nobody.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// More texts than that nobody writes about one thing.
const PATIENCE: usize = 14;

/// The first number of those who only ask something, and of those who play in scenes.
const ASKERS: usize = 300;
const PLAYERS: usize = 400;

/// The number of the first of these who texts takes no texts itself.
const UNREACHABLE: std::ops::Range<usize> = 17..60;

/// A store with its customers.
pub struct Replay<'a> {
    pub platform: NativePlatform,
    pub store: &'a Store,
    pub ends: DateTime<Utc>,
    pub people: Vec<Person>,
    pub orders: Vec<Order>,
    pub agenda: Agenda,
    /// Who has come so far, in order.
    pub visits: Vec<usize>,
    /// Who will have come at the end, in order, where that is known.
    pub all_visits: Vec<usize>,
    shard: u32,
    /// The line for texts, and the one of the chat.
    texts: Rc<Playbook>,
    chat: Rc<Playbook>,
    pub scenes: &'static [Scene],
    /// How many messages customers have written.
    written: usize,
}

impl<'a> Replay<'a> {
    /// The store before the first of its customers writes, in a database in memory. It ends at `ends`; `all_visits` says who
    /// will have come until then, where that is known.
    pub fn open(setup: &Setup, store: &'a Store, ends: DateTime<Utc>, all_visits: Vec<usize>) -> Result<Self, String> {
        let shard = setup.shard_of(&store.id);
        let mut databases = Vec::new();
        for number in 1..=setup.profiles.iter().map(|store| setup.shard_of(&store.id)).max().unwrap_or(1) {
            let database = NativeDatabase::in_memory().map_err(told)?;
            block_on(migrate(&database)).map_err(told)?;
            block_on(database.batch(setup.statements(KEY, number)?)).map_err(told)?;
            databases.push(database);
        }
        let platform = NativePlatform::over(Shards::new(databases.remove(0), databases), ends)
            .with_setting("SEALING_KEY", KEY)
            .with_seed(u64::from(shard));
        let unreachable = UNREACHABLE.map(|number| Person::number(store, number)).find(|person| !person.chats);
        serve(&platform, &unreachable.ok_or("nobody texts")?.address);
        let line = |provider: Provider| {
            let has = |line: &&Line| line.store == store.id && line.provider == provider.slug();
            let line =
                setup.lines.iter().find(has).ok_or_else(|| format!("{} has no line at {provider:?}", store.id))?;
            block_on(lanekeeper_turn::fresh(&platform, &line.id)).map_err(told)
        };
        let (texts, chat) = (line(Provider::Twilio)?, line(Provider::Widget)?);
        let numbers = Statement::new("INSERT INTO order_numbers (store_id, last) VALUES (?1, ?2)");
        let last = if store.calling_code == "86" { 3306 } else { 10_482 };
        let database = platform.shards().get(shard).ok_or("there is no such shard")?.database;
        block_on(database.run(numbers.bind(&store.id).bind(last))).map_err(told)?;
        let mut replay = Self {
            platform,
            store,
            ends,
            people: Vec::new(),
            orders: Vec::new(),
            agenda: Agenda::default(),
            visits: Vec::new(),
            all_visits,
            shard,
            texts,
            chat,
            scenes: scenes::of(&store.id),
            written: 0,
        };
        replay.invite()?;
        Ok(replay)
    }

    /// Plans who writes first, and what happens in the scenes.
    fn invite(&mut self) -> Result<(), String> {
        let mut begins = self.ends;
        for caller in callers(self.store, self.ends) {
            begins = begins.min(caller.at);
            let person = self.welcome(caller.person);
            self.agenda.plan(caller.at, Event::Write { person, text: caller.text });
        }
        let today = self.store.local(self.ends).date();
        for (number, question) in texts::QUESTIONS.iter().cycle().take(14).enumerate() {
            let asker = Person::number(self.store, ASKERS + number);
            let day = today - Days::new(asker.chance.below(7) as u64);
            let at = self.store.instant(day.and_time(time_to_write(&asker.chance)));
            let text = question.in_language(asker.language).to_owned();
            let person = self.welcome(asker);
            if let Some(at) = at {
                self.agenda.plan(at, Event::Write { person, text });
            }
        }
        for (place, scene) in self.scenes.iter().enumerate() {
            let named = (PLAYERS..).step_by(self.scenes.len());
            let speaks = |number: &usize| {
                let person = Person::number(self.store, number + place);
                person.language == scene.language && !person.chats
            };
            let number = named.take(200).find(speaks).unwrap_or(PLAYERS) + place;
            let player = Person { scene: Some(place), ..Person::number(self.store, number) };
            let person = self.welcome(player);
            for (beat, (minutes, _)) in scene.beats.iter().enumerate() {
                let at = self.ends - TimeDelta::minutes(*minutes);
                begins = begins.min(at);
                self.agenda.plan(at, Event::Scene { person, beat });
            }
        }
        self.platform.clock.set(begins - TimeDelta::minutes(1));
        self.agenda.plan(begins, Event::Tick);
        self.know_players()
    }

    /// Those of the scenes have been here before: the store knows their names and cars.
    fn know_players(&self) -> Result<(), String> {
        let now = self.now();
        let known = |person: &Person| {
            let id = || self.platform.random().id(now);
            let customer = CustomerRow {
                id: id(),
                name: Some(person.name.clone()),
                phone: Some(person.address.clone()),
                external_id: None,
                preferred_line: None,
                created_at: now.timestamp_millis(),
                updated_at: now.timestamp_millis(),
            };
            let car = VehicleRow {
                id: id(),
                customer_id: customer.id.clone(),
                external_id: None,
                year: Some(person.car.year),
                make: Some(person.car.make.to_owned()),
                model: Some(person.car.model.to_owned()),
                plate: Some(workshop::plate(self.store, &person.chance)),
                vin: None,
                mileage: None,
                updated_at: now.timestamp_millis(),
            };
            [insert_customer(&self.store.id, &customer), vec![insert_vehicle(&self.store.id, &car)]].concat()
        };
        let statements = self.people.iter().filter(|person| person.scene.is_some()).flat_map(known).collect();
        block_on(self.database().batch(statements)).map(drop).map_err(told)
    }

    fn welcome(&mut self, person: Person) -> usize {
        self.people.push(person);
        self.people.len() - 1
    }

    /// Lives through all of it.
    pub fn live(&mut self) -> Result<(), String> {
        while let Some((at, event)) = self.agenda.next(self.ends) {
            self.platform.clock.set(at.max(self.now()));
            match event {
                Event::Tick => {
                    block_on(lanekeeper_schedule::tick(&self.platform));
                    // The last one leaves nothing undone that is due by now.
                    let last = self.ends - TimeDelta::seconds(1);
                    let next = self.now() + TimeDelta::minutes(15);
                    self.agenda.plan(if self.now() < last { next.min(last) } else { self.ends }, Event::Tick);
                }
                Event::Write { person, text } => self.write(person, &text)?,
                Event::Visit { person, appointment, comes } => self.visit(person, &appointment, comes)?,
                Event::Work { order } => self.work(order)?,
                Event::Scene { person, beat } => self.play(person, beat)?,
                Event::Attend { person, done } => self.attend(person, done)?,
            }
            self.deliver()?;
        }
        Ok(())
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.platform.clock().now()
    }

    pub fn shard(&self) -> Shard<'_, NativeDatabase> {
        let first = Shard { number: 1, database: self.platform.shards().directory() };
        self.platform.shards().get(self.shard).unwrap_or(first)
    }

    /// The store's database.
    pub fn database(&self) -> &NativeDatabase {
        self.shard().database
    }

    /// Rows that a query with the store as its first parameter gives.
    pub fn rows(&self, query: Statement) -> Result<Vec<Row>, String> {
        self.database().look(query).map(|rows| rows.0).map_err(told)
    }

    /// A customer writes, and goes on after the answer.
    pub fn write(&mut self, person: usize, text: &str) -> Result<(), String> {
        self.written += 1;
        let Person { address, chats, .. } = &self.people[person];
        let playbook = if *chats { &self.chat } else { &self.texts };
        let number = (0xde30_u128 << 64) + self.written as u128;
        let inbound = Inbound {
            provider_message_id: if *chats { format!("{address}:{number:032x}") } else { format!("SM{number:032x}") },
            from: address.clone(),
            to: playbook.line.address.clone(),
            text: text.to_owned(),
            media: Vec::new(),
            provider_opt_out: None,
            tapped: None,
        };
        block_on(lanekeeper_turn::answer(&self.platform, playbook.clone(), &inbound)).map_err(told)?;
        self.go_on(person)
    }

    /// What a customer does after the answer to their last text.
    fn go_on(&mut self, person: usize) -> Result<(), String> {
        let Some(talk) = self.conversation(person)? else { return Ok(()) };
        let scene = self.people[person].scene.map(|place| &self.scenes[place]);
        if talk.with_person {
            if scene.is_none() && !self.people[person].attended {
                self.people[person].attended = true;
                let chance = &self.people[person].chance;
                let at = in_hours(self.store, self.now() + TimeDelta::minutes(chance.between(6, 50)), chance);
                self.agenda.plan(at, Event::Attend { person, done: false });
            }
            return Ok(());
        }
        let said = |name: &str| talk.said.iter().any(|act| act == name);
        if said("booked") || said("moved") {
            self.people[person].rounds = 0;
            self.await_visits(person)?;
        }
        self.people[person].rounds += 1;
        let answers = scene.is_none_or(|scene| scene.chats) && self.people[person].rounds <= PATIENCE;
        if let Some(text) = texts::answer(&self.people[person], &talk.said).filter(|_| answers) {
            let chance = &self.people[person].chance;
            let pause = if chance.percent(6) { chance.between(600, 7200) } else { chance.between(15, 240) };
            self.agenda.plan(self.now() + TimeDelta::seconds(pause), Event::Write { person, text });
        }
        Ok(())
    }

    /// A customer's conversation, and what was said last in it.
    pub fn conversation(&self, person: usize) -> Result<Option<Talk>, String> {
        let select = Statement::new(
            "SELECT c.id, c.handling, c.handover_reason, t.said FROM conversations c JOIN turns t ON t.conversation_id = c.id AND t.number = c.turns \
             WHERE c.store_id = ?1 AND c.peer = ?2",
        );
        let rows = self.rows(select.bind(&self.store.id).bind(&self.people[person].address))?;
        Ok(rows.first().map(|row| {
            let said: Vec<Value> = serde_json::from_str(text(row, "said")).unwrap_or_default();
            let name = |act: &Value| {
                act.as_str().or_else(|| act.as_object()?.keys().next().map(String::as_str)).map(str::to_owned)
            };
            Talk {
                id: text(row, "id").to_owned(),
                with_person: text(row, "handling") == "person",
                displeased: text(row, "handover_reason") == "satisfaction",
                said: said.iter().filter_map(name).collect(),
            }
        }))
    }

    /// What becomes of a customer's coming appointments: most are kept, some moved, called off or forgotten.
    fn await_visits(&mut self, person: usize) -> Result<(), String> {
        let select = Statement::new(
            "SELECT a.id, a.starts_at FROM identities i JOIN appointments a ON a.customer_id = i.customer_id \
             WHERE i.store_id = ?1 AND i.address = ?2 AND a.status = 'booked' AND a.starts_at > ?3",
        );
        let now = self.now();
        let select = select.bind(&self.store.id).bind(&self.people[person].address).bind(now.timestamp_millis());
        for row in self.rows(select)? {
            let Some(start) = row["starts_at"].as_i64().and_then(DateTime::from_timestamp_millis) else { continue };
            let Person { chance, language, .. } = &self.people[person];
            let comes = chance.percent(94);
            let at = start + TimeDelta::minutes(if comes { chance.between(-4, 9) } else { 40 });
            self.agenda.plan(at, Event::Visit { person, appointment: text(&row, "id").to_owned(), comes });
            let minutes = (start - now).num_minutes();
            if minutes < 600 {
                continue;
            }
            let later = self.awake(now + TimeDelta::minutes(chance.between(60, minutes - 300)));
            let words = match chance.below(100) {
                0..9 => {
                    let (today, day) = (self.store.local(later).date(), self.store.local(start).date());
                    texts::another_day(*language, &day_in_words(today, day + Days::new(1), *language))
                }
                9..15 => chance.pick(&texts::CALL_OFF).in_language(*language).to_owned(),
                _ => continue,
            };
            self.agenda.plan(later, Event::Write { person, text: words });
        }
        Ok(())
    }

    /// This time, or the next morning if people sleep then.
    fn awake(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let local = self.store.local(at);
        let morning = match local.hour() {
            0..7 => local.date(),
            7..22 => return at,
            _ => local.date() + Days::new(1),
        };
        let minute = TimeDelta::minutes(i64::from(local.minute()));
        morning.and_hms_opt(8, 0, 0).and_then(|local| self.store.instant(local)).map_or(at, |eight| eight + minute)
    }

    /// Everything that is due leaves and arrives, and some of it is answered.
    fn deliver(&mut self) -> Result<(), String> {
        let woken = self.platform.queue.drain();
        if woken.is_empty() {
            return Ok(());
        }
        block_on(lanekeeper_deliver::deliver(&self.platform, &woken));
        let select = Statement::new(
            "SELECT id, line_id, kind, recipient, provider_message_id FROM outbox WHERE store_id = ?1 AND status = 'sent'",
        );
        for row in self.rows(select.bind(&self.store.id))? {
            let (id, sid) = (text(&row, "id"), text(&row, "provider_message_id"));
            let received =
                record_receipt(self.database(), text(&row, "line_id"), id, sid, "delivered", None, self.now());
            block_on(received).map_err(told)?;
            let Some(person) = self.people.iter().position(|person| person.address == row["recipient"]) else {
                continue;
            };
            let plays = self.people[person].scene.is_some();
            let silent = text(&row, "kind") == "added_work" && self.is_left_waiting(person);
            let Some(words) = texts::reaction(&self.people[person], text(&row, "kind")).filter(|_| !plays && !silent)
            else {
                continue;
            };
            let at = self.awake(self.now() + TimeDelta::minutes(self.people[person].chance.between(3, 50)));
            self.agenda.plan(at, Event::Write { person, text: words });
        }
        Ok(())
    }
}

/// How a conversation stands.
pub struct Talk {
    pub id: String,
    pub with_person: bool,
    /// Whether a person is wanted because of a poor score.
    pub displeased: bool,
    /// The names of the acts of the last turn.
    said: Vec<String>,
}

/// A provider that takes all messages but those to one number.
fn serve(platform: &NativePlatform, unreachable: &str) {
    let refused = format!("To={}", unreachable.replace('+', "%2B"));
    let mut taken = 0_u64;
    platform.http.serve(move |request| {
        if String::from_utf8_lossy(&request.body).contains(&refused) {
            return Ok(json_answer(400, &json!({"code": 21211, "message": "Invalid 'To' Phone Number"})));
        }
        taken += 1;
        Ok(json_answer(
            201,
            &json!({"sid": format!("SM{:032x}", (0xde31_u128 << 64) + u128::from(taken)), "status": "queued"}),
        ))
    });
}

/// A text of a row; empty for none.
pub fn text<'r>(row: &'r Row, name: &str) -> &'r str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}
