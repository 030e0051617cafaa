//! Capacity holds whatever runs at once: random histories of customers who look, and book, move or cancel on what they
//! saw, which by then may be old.

use crate::{NewAppointment, Revised, book, cancel, load_between, reschedule};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use lanekeeper_domain::openings::{Opening, Station, openings};
use lanekeeper_domain::{Store, Transport, Work};
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::{Database, Statement};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What somebody does next.
#[derive(Debug, Clone)]
enum Step {
    /// Looks at what is free, and remembers one of the openings.
    Look { who: usize, work: usize, pick: prop::sample::Index },
    /// Books what was seen.
    Book { who: usize },
    /// Moves one of the appointments to what was seen.
    Move { who: usize, which: prop::sample::Index },
    /// Cancels one of the appointments.
    Cancel { which: prop::sample::Index },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = any::<prop::sample::Index>;
    let look = (0..4usize, 0..WORK.len(), index()).prop_map(|(who, work, pick)| Step::Look { who, work, pick });
    let step = prop_oneof![
        5 => look,
        4 => (0..4usize).prop_map(|who| Step::Book { who }),
        1 => (0..4usize, index()).prop_map(|(who, which)| Step::Move { who, which }),
        1 => index().prop_map(|which| Step::Cancel { which }),
    ];
    proptest::collection::vec(step, 1..60)
}

const WORK: [(&[&str], Option<Transport>); 5] = [
    (&["oil-change"], None),
    (&["brakes", "alignment"], Some(Transport::Loaner)),
    (&["tire-rotation"], Some(Transport::Wait)),
    (&["diagnosis"], Some(Transport::Shuttle)),
    (&["recall"], None),
];

/// The demo store with little room: two bays, two technicians, one advisor, one loaner, and a few caps.
fn narrow_store() -> Store {
    let mut store: Store = serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap();
    store.bays.remove(0);
    store.technicians.remove(0);
    store.advisors.truncate(1);
    store.advisors[0].per_half_hour = 1;
    store.transport.loaner.as_mut().unwrap().fleet = 1;
    store.transport.wait.as_mut().unwrap().per_day = Some(2);
    store.transport.shuttle.as_mut().unwrap().seats = 1;
    store.booking.per_day = Some(7);
    store.services.iter_mut().find(|service| service.id == "recall").unwrap().per_day = Some(1);
    assert_eq!(store.problem(), None);
    store
}

struct World {
    store: Store,
    database: NativeDatabase,
    now: DateTime<Utc>,
    day: NaiveDate,
    seen: [Option<(usize, Opening)>; 4],
    booked: Vec<(String, usize)>,
    made: usize,
}

impl World {
    fn new() -> Self {
        let store = narrow_store();
        let database = NativeDatabase::in_memory().unwrap();
        block_on(crate::migrate(&database)).unwrap();
        let insert = Statement::new("INSERT INTO stores (id, group_id, profile) VALUES (?1, ?2, ?3)");
        let profile = serde_json::to_string(&store).unwrap();
        block_on(database.run(insert.bind(&store.id).bind(&store.group).bind(profile))).unwrap();
        let now = "2026-11-23T18:00:00Z".parse().unwrap();
        block_on(database.batch(crate::start_customer(&store.id, "c", "+1", now))).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        Self { store, database, now, day, seen: [const { None }; 4], booked: Vec::new(), made: 0 }
    }

    fn work(&self, kind: usize) -> Work {
        let (services, transport) = WORK[kind];
        let services: Vec<String> = services.iter().map(|id| (*id).to_owned()).collect();
        Work { transport, ..Work::of(&self.store, &services, None) }
    }

    fn run(&mut self, step: &Step) {
        let rules = Revised { profile: &self.store, revision: 1 };
        match step {
            Step::Look { who, work, pick } => {
                let load = block_on(load_between(&self.database, &self.store, self.day, self.day, None)).unwrap();
                let free = openings(&self.store, &load, &self.work(*work), self.now);
                self.seen[*who] = (!free.is_empty()).then(|| (*work, pick.get(&free).clone()));
            }
            Step::Book { who } => {
                let Some((kind, opening)) = self.seen[*who].clone() else { return };
                let (id, work) = (format!("a{}", self.made), self.work(kind));
                let appointment = NewAppointment {
                    id: &id,
                    customer: "c",
                    conversation: None,
                    vehicle: None,
                    services: &work.services,
                    concern: None,
                    opening: &opening,
                    transport: work.transport,
                    transport_address: None,
                };
                let booked = self.commit(book(rules, &appointment, self.now));
                self.made += 1;
                self.booked.extend(booked.then_some((id, kind)));
            }
            Step::Move { who, which } => {
                let Some((kind, opening)) = self.seen[*who].clone() else { return };
                let same: Vec<&String> = self.booked.iter().filter(|(_, of)| *of == kind).map(|(id, _)| id).collect();
                if !same.is_empty() {
                    let work = self.work(kind);
                    let id = which.get(&same).as_str();
                    self.commit(reschedule(rules, id, &opening, &work.services, work.transport, self.now));
                }
            }
            Step::Cancel { which } => {
                if !self.booked.is_empty() {
                    let (id, _) = self.booked.remove(which.index(self.booked.len()));
                    assert!(self.commit(cancel(&self.store.id, &id, self.now)));
                }
            }
        }
    }

    /// Whether the database took it; what it refuses, it refuses for want of a seat, and keeps nothing of.
    fn commit(&self, statements: Vec<Statement>) -> bool {
        let before = self.appointments();
        match block_on(self.database.batch(statements)) {
            Ok(_) => true,
            Err(error) => {
                assert!(error.is_conflict_on("claims"), "{error}");
                assert_eq!(self.appointments(), before);
                false
            }
        }
    }

    fn appointments(&self) -> Vec<Row> {
        let select = "SELECT starts_at, stations, advisor, transport, \
                        json_insert(more_services, '$[#]', service_id) AS services \
                      FROM appointments WHERE status = 'booked' ORDER BY id";
        block_on(self.database.run(Statement::new(select))).unwrap().decode().unwrap()
    }

    /// Counts what is booked, without a look at the seats.
    fn check(&self) {
        let rows = self.appointments();
        let mut taken: BTreeMap<(String, i64), u32> = BTreeMap::new();
        for (what, unit) in rows.iter().flat_map(Row::uses) {
            *taken.entry((what, unit)).or_default() += 1;
        }
        for ((what, unit), count) in taken {
            let most = match what.as_str() {
                "day" => 7,
                "wait" => 2,
                other if other.starts_with("service ") && other != "service recall" => u32::MAX,
                _ => 1,
            };
            assert!(count <= most, "{what} at {unit}: {count}");
        }
        let held = "SELECT COUNT(DISTINCT holder) AS count FROM claims";
        let held = block_on(self.database.run(Statement::new(held))).unwrap().first::<Count>().unwrap().unwrap();
        assert_eq!(held.count, rows.len(), "who is booked holds seats, and nobody else does");
    }
}

#[derive(Debug, PartialEq, Deserialize)]
struct Row {
    starts_at: i64,
    stations: String,
    advisor: Option<String>,
    transport: Option<String>,
    services: String,
}

impl Row {
    /// Everything that this appointment uses, and when; each thing once at a time.
    fn uses(&self) -> BTreeSet<(String, i64)> {
        let half_hour = self.starts_at / 1_800_000;
        let advisor = format!("advisor {}", self.advisor.as_deref().unwrap());
        let mut uses = BTreeSet::from([("day".to_owned(), 0), (advisor, half_hour)]);
        let services: Vec<String> = serde_json::from_str(&self.services).unwrap();
        uses.extend(services.into_iter().map(|id| (format!("service {id}"), 0)));
        let unit = if self.transport.as_deref() == Some("shuttle") { half_hour } else { 0 };
        uses.extend(self.transport.clone().map(|transport| (transport, unit)));
        let mut start = DateTime::from_timestamp_millis(self.starts_at).unwrap();
        for station in serde_json::from_str::<Vec<Station>>(&self.stations).unwrap() {
            let end = start + Duration::minutes(station.minutes.into());
            for quarter in start.timestamp() / 900..(end.timestamp() + 899) / 900 {
                uses.insert((format!("bay {}", station.bay), quarter));
                uses.insert((format!("technician {}", station.technician.clone().unwrap()), quarter));
            }
            start = end;
        }
        uses
    }
}

#[derive(Deserialize)]
struct Count {
    count: usize,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_history_breaks_a_limit(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.run(step);
            world.check();
        }
    }
}

#[test]
fn what_was_decided_on_old_rules_is_refused() {
    let mut world = World::new();
    let load = block_on(load_between(&world.database, &world.store, world.day, world.day, None)).unwrap();
    let opening = openings(&world.store, &load, &world.work(0), world.now).remove(0);
    world.seen[0] = Some((0, opening));
    block_on(world.database.run(Statement::new("UPDATE stores SET revision = 2"))).unwrap();
    world.run(&Step::Book { who: 0 });
    assert!(world.booked.is_empty());
}
