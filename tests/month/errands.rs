//! What customers and the stores' people do.

use crate::person::{Errand, PATIENCE};
use crate::town::{Event, Opened, Town};
use crate::webhook::{signed, texts_of};
use crate::workshop::{self, Step};
use chrono::DateTime;
use lanekeeper_native::block_on;
use lanekeeper_platform::{Database, Response, Statement};

impl Town {
    pub(crate) fn begin(&mut self, person: usize, errand: Errand) {
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
    pub(crate) fn write(&mut self, person: usize, text: &str) {
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
    pub(crate) fn visit(&mut self, person: usize, appointment: &str, starts_at: i64) {
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

    pub(crate) fn work(&mut self, order: usize, step: Step) {
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
    pub(crate) fn notice(&mut self) {
        let fresh: Vec<_> = self.book.borrow().accepted[self.noticed..].to_vec();
        for message in fresh {
            let index = self.noticed;
            self.noticed += 1;
            self.plan_receipts(index);
            let Some(person) = self.people.iter().position(|person| person.phone == message.to) else { continue };
            let select = Statement::new("SELECT kind FROM outbox WHERE id = ?1").bind(&message.delivery);
            let rows = self.database(self.people[person].place).look(select).unwrap().0;
            let kind = rows.first().and_then(|row| row["kind"].as_str()).unwrap_or_default().to_owned();
            let Some(text) = self.people[person].reaction(&kind, &self.chance) else { continue };
            let when = self.now() + self.chance.minutes(1, 240);
            self.plan(when, Event::Write { person, text });
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

    pub(crate) fn receipt(&mut self, message: usize, status: &'static str) {
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
