//! What must hold whatever a customer says: conversations of random understandings.

use crate::phrases::render;
use crate::{Act, Booking, Change, Decision, Needs, Situation, State, decide};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use lanekeeper_domain::appointment::{Appointment, Customer};
use lanekeeper_domain::group::GroupSettings;
use lanekeeper_domain::openings::{Booked, Load, Opening};
use lanekeeper_domain::understanding::{Choice, Details, Intent, IntentGuess, PartOfDay, VehicleMention};
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::{Language, Store, Understanding};
use proptest::prelude::*;
use proptest::sample::select;

const INTENTS: [Intent; 19] = [
    Intent::Book,
    Intent::Reschedule,
    Intent::Cancel,
    Intent::Status,
    Intent::Price,
    Intent::Hours,
    Intent::Location,
    Intent::Question,
    Intent::Affirm,
    Intent::Affirm,
    Intent::Affirm,
    Intent::Negate,
    Intent::Choose,
    Intent::Details,
    Intent::Greeting,
    Intent::Thanks,
    Intent::Goodbye,
    Intent::Repeat,
    Intent::Other,
];

prop_compose! {
    fn details()(
        (day, days) in (proptest::option::weighted(0.3, 18..30u32), proptest::option::weighted(0.1, 1..5u32)),
        (hour, part) in (
            proptest::option::weighted(0.3, 6..19u32),
            proptest::option::weighted(0.1, select(vec![PartOfDay::Morning, PartOfDay::Afternoon])),
        ),
        not_day in proptest::option::weighted(0.05, 21..30u32),
        service in proptest::option::weighted(0.3, select(vec!["oil-change", "brakes", "tires"])),
        car in proptest::option::weighted(0.2, select(vec!["CR-V", "Corolla"])),
        name in proptest::option::weighted(0.1, Just("Dana".to_owned())),
        choice in proptest::option::weighted(0.2, select(vec![Choice::Nth(1), Choice::Nth(3), Choice::Last, Choice::Any])),
    ) -> Details {
        let date = |day| NaiveDate::from_ymd_opt(2026, 11, day);
        Details {
            date: day.and_then(date),
            date_end: day.zip(days).and_then(|(day, days)| date((day + days).min(30))),
            not_dates: not_day.and_then(date).into_iter().collect(),
            time: hour.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0)),
            part_of_day: part,
            service: service.map(str::to_owned),
            vehicle: car.map(|model| VehicleMention { model: Some(model.to_owned()), ..VehicleMention::default() }),
            name,
            choice,
            ..Details::default()
        }
    }
}

prop_compose! {
    fn understandings()(
        intents in proptest::collection::vec(select(&INTENTS[..]), 1..3),
        details in proptest::option::weighted(0.6, details()),
        language in select(&Language::ALL[..]),
    ) -> Understanding {
        let intents = intents.into_iter().map(|name| IntentGuess { name, confidence: 0.9 }).collect();
        Understanding { language, intents, details: details.unwrap_or_default(), ..Understanding::default() }
    }
}

/// A store and what is booked there, as the database would keep it.
struct World {
    store: Store,
    now: DateTime<Utc>,
    state: State,
    /// What was asked last.
    asked: Vec<Act>,
    name: Option<String>,
    vehicles: Vec<Vehicle>,
    appointments: Vec<Appointment>,
    taken: Vec<Opening>,
}

impl World {
    fn new() -> Self {
        let store: Store = serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap();
        let now: DateTime<Utc> = "2026-11-20T16:00:00Z".parse().unwrap();
        // Monday morning is taken.
        let monday = "2026-11-23T13:30:00Z".parse().unwrap();
        let taken = store.bays.iter().map(|bay| Opening::in_bay(bay.number, monday, 240)).collect();
        Self {
            store,
            now,
            state: State::default(),
            asked: vec![],
            name: None,
            vehicles: vec![],
            appointments: vec![],
            taken,
        }
    }

    fn hear(&self, heard: &Understanding) -> Decision {
        let mut situation = Situation {
            store: &self.store,
            state: self.state.clone(),
            language: Language::En,
            words: "",
            with_person: false,
            opted_out: false,
            consent_confirmed: false,
            pictures: false,
            customer: Customer { id: "c".to_owned(), name: self.name.clone(), ..Customer::default() },
            vehicles: self.vehicles.clone(),
            appointments: self.appointments.clone(),
            repair_orders: vec![],
            waitlist: Vec::new(),
            questions: Vec::new(),
            group: GroupSettings::default(),
            load: None,
            sisters: Vec::new(),
        };
        // At most twice: around the day, then all that can be booked.
        for _ in 0..3 {
            match decide(&situation, heard, self.now) {
                Ok(decision) => return decision,
                Err(Needs { from, until, except, .. }) => {
                    let others =
                        self.appointments.iter().filter(|appointment| Some(&appointment.id) != except.as_ref());
                    let booked = others.map(|other| other.opening.clone()).chain(self.taken.iter().cloned());
                    let booked = booked.map(|opening| Booked { opening, services: Vec::new(), transport: None });
                    situation.load = Some(Load::new(&self.store, from, until, booked));
                }
            }
        }
        panic!("asks for the load without end: {heard:?}");
    }

    fn apply(&mut self, decision: &Decision, turn: usize) {
        for change in &decision.changes {
            match change {
                Change::Book(Booking { services, opening, .. }) => self.appointments.push(Appointment {
                    id: format!("a{turn}"),
                    services: services.clone(),
                    opening: opening.clone(),
                    transport: None,
                    vehicle: None,
                    sequence: 0,
                }),
                Change::Move { appointment, to, .. } => {
                    self.appointments
                        .iter_mut()
                        .filter(|one| one.id == *appointment)
                        .for_each(|one| one.opening = to.clone());
                }
                Change::Cancel { appointment } => self.appointments.retain(|one| one.id != *appointment),
                Change::Name(name) => self.name = Some(name.clone()),
                _ => {}
            }
        }
        self.appointments.sort_by_key(|appointment| appointment.opening.start);
        self.state = decision.state.clone();
        if decision.say.iter().any(Act::asks) {
            self.asked = decision.say.iter().filter(|act| act.asks()).cloned().collect();
        }
    }

    /// Whether this change is what the customer was asked about last.
    fn was_put(&self, change: &Change) -> bool {
        let start_of = |id: &str| {
            let known = self.appointments.iter().find(|appointment| appointment.id == *id);
            known.map(|appointment| appointment.opening.start)
        };
        self.asked.iter().any(|act| match (change, act) {
            (Change::Book(booking), Act::SumUp { services, start, .. }) => {
                booking.services == *services && booking.opening.start == *start
            }
            (Change::Move { appointment, to, .. }, Act::SumUpMove { from, to: said }) => {
                to.start == *said && start_of(appointment) == Some(from.start)
            }
            (Change::Cancel { appointment }, Act::AskCancel { appointment: said }) => {
                start_of(appointment) == Some(said.start)
            }
            _ => false,
        })
    }
}

proptest! {
    #[test]
    fn nothing_is_done_unasked_and_one_thing_is_asked_at_a_time(
        conversation in proptest::collection::vec(understandings(), 1..14),
    ) {
        let mut world = World::new();
        for (turn, heard) in conversation.iter().enumerate() {
            let decision = world.hear(heard);
            prop_assert!(!decision.say.is_empty(), "silence after {heard:?}");
            let questions = decision.say.iter().filter(|act| act.asks()).count();
            prop_assert!(questions <= 1, "{questions} questions at once: {:?}", decision.say);
            for change in &decision.changes {
                let needs_yes = matches!(change, Change::Book(_) | Change::Move { .. } | Change::Cancel { .. });
                prop_assert!(!needs_yes || world.was_put(change), "{change:?} after {:?}", world.asked);
                let (Change::Book(Booking { opening, .. }) | Change::Move { to: opening, .. }) = change else { continue };
                let local = world.store.local(opening.start);
                prop_assert!(world.store.hours.open_at(local.date(), local.time()));
                prop_assert!(opening.start >= world.now + Duration::minutes(world.store.booking.notice_minutes.into()));
            }
            let text = render(&decision.say, &world.store, decision.language, world.now);
            prop_assert!(!text.contains(['{', '}']) && text.chars().count() <= 700, "{text}");
            if decision.changes.iter().any(|change| matches!(change, Change::HandOver(_))) {
                break;
            }
            world.apply(&decision, turn);
        }
    }
}
