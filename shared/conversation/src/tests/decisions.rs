//! Decisions where a transcript is too coarse: doubtful wishes to stop, and what changed meanwhile.

use crate::tasks::{Book, Cancel};
use crate::{Act, Change, Decision, Fit, Needs, Situation, State, Task, decide};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use lanekeeper_domain::appointment::{Appointment, Customer};
use lanekeeper_domain::group::GroupSettings;
use lanekeeper_domain::openings::{Booked, Load, Opening, Station, Wish};
use lanekeeper_domain::understanding::{Asked, Details, Intent, IntentGuess, VehicleMention};
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::{Language, Store, Understanding};

fn store() -> Store {
    serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-20T16:00:00Z".parse().unwrap()
}

/// Tuesday, November 24 at nine.
fn opening() -> Opening {
    let stations = vec![Station { bay: 1, technician: Some("ben".to_owned()), minutes: 45 }];
    Opening { start: "2026-11-24T15:00:00Z".parse().unwrap(), stations, advisor: Some("maya".to_owned()) }
}

fn situation(store: &Store) -> Situation<'_> {
    Situation {
        store,
        state: State { introduced: true, ..State::default() },
        language: Language::En,
        words: "",
        with_person: false,
        opted_out: false,
        consent_confirmed: false,
        pictures: false,
        customer: Customer { id: "dana".to_owned(), name: Some("Dana".to_owned()), ..Customer::default() },
        vehicles: vec![Vehicle { id: "crv".to_owned(), model: Some("CR-V".to_owned()), ..Vehicle::default() }],
        appointments: Vec::new(),
        repair_orders: Vec::new(),
        waitlist: Vec::new(),
        questions: Vec::new(),
        group: GroupSettings::default(),
        load: None,
        sisters: Vec::new(),
    }
}

fn appointment() -> Appointment {
    Appointment {
        id: "a1".to_owned(),
        services: vec!["oil-change".to_owned()],
        opening: opening(),
        transport: None,
        vehicle: None,
        sequence: 0,
    }
}

fn heard(intents: &[(Intent, f32)], details: Details) -> Understanding {
    let intents = intents.iter().map(|&(name, confidence)| IntentGuess { name, confidence }).collect();
    Understanding { intents, details, ..Understanding::default() }
}

fn decided(situation: &Situation<'_>, heard: &Understanding) -> Decision {
    decide(situation, heard, now()).unwrap()
}

/// A booking that has been summed up.
fn summed_up(store: &Store) -> Situation<'_> {
    let book = Book {
        services: vec!["oil-change".to_owned()],
        opening: Some(opening()),
        wish: Wish { date: NaiveDate::from_ymd_opt(2026, 11, 24), ..Wish::default() },
        ..Book::default()
    };
    let mut situation = situation(store);
    situation.state.tasks = vec![Task::Book(Box::new(book))];
    situation.state.asked = Some(Asked::Confirm);
    situation
}

fn load(booked: &[(u32, Opening)]) -> Load {
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let booked = booked.iter().map(|(bay, opening)| Booked {
        opening: Opening::in_bay(*bay, opening.start, opening.minutes()),
        services: Vec::new(),
        transport: None,
    });
    Load::new(&store(), day(21), day(30), booked)
}

#[test]
fn a_bare_cancel_stops_the_messages_only_where_nothing_else_can_be_cancelled() {
    let store = store();
    let bare = heard(&[(Intent::Cancel, 0.8), (Intent::OptOut, 0.3)], Details::default());
    let mut situation = situation(&store);
    assert!(decided(&situation, &bare).changes.contains(&Change::OptOut("message")));

    situation.appointments = vec![appointment()];
    let decision = decided(&situation, &bare);
    assert_eq!((decision.say, decision.changes), (vec![Act::AskCancelOrStop], vec![]));
    assert_eq!(decision.state.asked, Some(Asked::CancelOrStop));

    // Asked which it is: STOP is taken at its word, the appointment too.
    situation.state.asked = Some(Asked::CancelOrStop);
    let stop = heard(&[(Intent::OptOut, 0.4)], Details::default());
    assert!(decided(&situation, &stop).changes.contains(&Change::OptOut("message")));
    let cancel = decided(&situation, &bare);
    assert!(cancel.changes.is_empty() && matches!(cancel.state.tasks.as_slice(), [Task::Cancel(_)]));
}

#[test]
fn stop_is_heard_also_with_a_person_and_said_once() {
    let store = store();
    let stop = heard(&[(Intent::OptOut, 0.99)], Details::default());
    let mut situation = situation(&store);
    situation.with_person = true;
    let decision = decided(&situation, &stop);
    assert_eq!((decision.say, decision.changes), (vec![Act::OptedOut], vec![Change::OptOut("message")]));
    situation.consent_confirmed = true;
    assert_eq!(decided(&situation, &stop).say, vec![], "the platform has said so itself");
    situation.opted_out = true;
    assert_eq!(decided(&situation, &stop).changes, vec![], "it was so already");
}

#[test]
fn a_yes_books_once_and_without_another_look_at_the_load() {
    let store = store();
    let yes = heard(&[(Intent::Affirm, 0.95)], Details::default());
    let decision = decided(&summed_up(&store), &yes);
    assert!(matches!(decision.say.as_slice(), [Act::Booked { .. }]));
    assert_eq!(decision.changes.len(), 1);
    assert!(decision.state.tasks.is_empty());
}

#[test]
fn a_yes_that_comes_with_particulars_is_a_yes_unless_they_change_the_time() {
    let store = store();
    let yes = |details| heard(&[(Intent::Affirm, 0.95), (Intent::Details, 0.9)], details);
    let named = yes(Details { name: Some("Dana Reed".to_owned()), ..Details::default() });
    let decision = decided(&summed_up(&store), &named);
    assert!(decision.changes.contains(&Change::Name("Dana Reed".to_owned())));
    assert!(decision.say.iter().any(|act| matches!(act, Act::Booked { .. })));

    let same = yes(Details { date: NaiveDate::from_ymd_opt(2026, 11, 24), ..Details::default() });
    assert!(decided(&summed_up(&store), &same).say.iter().any(|act| matches!(act, Act::Booked { .. })));

    let at_ten = yes(Details { time: chrono::NaiveTime::from_hms_opt(10, 0, 0), ..Details::default() });
    let mut situation = summed_up(&store);
    assert!(
        matches!(decide(&situation, &at_ten, now()), Err(Needs { .. })),
        "ten may be taken: that is to be looked up"
    );
    situation.load = Some(load(&[]));
    let decision = decided(&situation, &at_ten);
    assert!(matches!(decision.say.as_slice(), [Act::SumUp { .. }]) && decision.changes.is_empty());
}

#[test]
fn after_a_conflict_another_bay_is_taken_or_other_times_are_offered() {
    let store = store();
    let yes = heard(&[(Intent::Affirm, 0.95)], Details::default());
    let mut situation = summed_up(&store);
    situation.load = Some(load(&[(1, opening())]));
    let decision = decided(&situation, &yes);
    assert!(
        decision
            .changes
            .iter()
            .any(|change| matches!(change, Change::Book(booking) if booking.opening.stations[0].bay == 2))
    );

    situation.load = Some(load(&[(1, opening()), (2, opening()), (3, opening())]));
    let decision = decided(&situation, &yes);
    assert_eq!(decision.changes, vec![]);
    assert!(matches!(decision.say.as_slice(), [Act::OfferOpenings { fit: Fit::Gone, .. }]));
}

#[test]
fn a_wish_to_move_takes_the_place_of_one_to_cancel() {
    let store = store();
    let mut situation = situation(&store);
    situation.appointments = vec![appointment()];
    situation.state.tasks = vec![Task::Cancel(Cancel { appointment: Some("a1".to_owned()) })];
    situation.state.asked = Some(Asked::Confirm);
    let rather_move = heard(&[(Intent::Reschedule, 0.95), (Intent::Negate, 0.5)], Details::default());
    let decision = decided(&situation, &rather_move);
    assert!(matches!(decision.say.as_slice(), [Act::AskMoveTo { .. }]));
    assert!(matches!(decision.state.tasks.as_slice(), [Task::Move(_)]));
}

#[test]
fn a_task_waits_two_days_for_its_answer() {
    let store = store();
    let yes = heard(&[(Intent::Affirm, 0.95)], Details::default());
    let mut situation = summed_up(&store);
    situation.state.at = Some(now() - Duration::hours(47));
    assert!(!decided(&situation, &yes).changes.is_empty());
    situation.state.at = Some(now() - Duration::hours(49));
    assert!(decided(&situation, &yes).changes.is_empty());
}

#[test]
fn another_car_named_after_booking_is_put_to_that_appointment() {
    let store = store();
    let mut situation = situation(&store);
    situation.appointments = vec![appointment()];
    situation.state.said =
        vec![Act::Booked { services: vec!["oil-change".to_owned()], start: opening().start, transport: None }];
    situation.state.asked = Some(Asked::Anything);
    let mention = VehicleMention { model: Some("RAV4".to_owned()), ..VehicleMention::default() };
    let other_car = heard(&[(Intent::Details, 0.8)], Details { vehicle: Some(mention.clone()), ..Details::default() });
    let decision = decided(&situation, &other_car);
    let car = crate::Car::New(mention);
    assert_eq!(decision.changes, vec![Change::Car { appointment: "a1".to_owned(), car }]);
    assert!(matches!(decision.say.as_slice(), [Act::CarChanged { .. }]));
    assert!(decision.notices.iter().all(|notice| notice.subject == crate::Subject::Appointment("a1".to_owned())));
}
