//! Openings and offers against what is slow and obvious.

mod cases;
mod oracle;

use super::*;
use crate::claims::claims;
use crate::understanding::{Details, PartOfDay};
use crate::work::{Step, Work};
use cases::{Case, base, cases, lasting};
use chrono::{Datelike, NaiveTime, Timelike};
use lanekeeper_zones::Tz;
use oracle::{advisor_fits, bay_fits, oracle, technician_fits};
use proptest::prelude::*;
use std::collections::BTreeMap;

prop_compose! {
    /// A wish for days counted from the first of the year 2000.
    fn wishes()(
        date in proptest::option::of(1..7u32),
        range in proptest::option::of(0..3u32),
        not in proptest::collection::vec(1..7u32, 0..2),
        (time, after, before) in (
            proptest::option::weighted(0.3, 0..48u32),
            proptest::option::weighted(0.2, 0..48u32),
            proptest::option::weighted(0.2, 0..48u32),
        ),
        part in proptest::option::weighted(0.3, prop::sample::select(vec![
            PartOfDay::Morning, PartOfDay::Midday, PartOfDay::Afternoon, PartOfDay::Evening, PartOfDay::Night,
        ])),
    ) -> Wish {
        let time_of = |half_hour: u32| NaiveTime::from_hms_opt(half_hour / 2, half_hour % 2 * 30, 0).unwrap();
        let day = |day: u32| NaiveDate::from_ymd_opt(2000, 1, day).unwrap();
        Wish {
            date: date.map(day),
            date_end: date.zip(range).map(|(first, more)| day(first + more)),
            not_dates: not.into_iter().map(day).collect(),
            time: time.map(time_of),
            time_after: after.map(time_of),
            time_before: before.map(time_of),
            part_of_day: part,
        }
    }
}

/// The same wish for days counted from this one.
fn counted_from(first: NaiveDate, wish: Wish) -> Wish {
    let shift = |date: NaiveDate| first + Days::new(date.day0().into());
    Wish {
        date: wish.date.map(shift),
        date_end: wish.date_end.map(shift),
        not_dates: wish.not_dates.into_iter().map(shift).collect(),
        ..wish
    }
}

fn satisfies(store: &Store, opening: &Opening, wish: &Wish) -> bool {
    let local = store.local(opening.start);
    let (date, time) = (local.date(), local.time());
    let minute = time.hour() * 60 + time.minute();
    wish.date.is_none_or(|first| date >= first && date <= wish.date_end.unwrap_or(first))
        && !wish.not_dates.contains(&date)
        && wish.time.is_none_or(|wanted| time == wanted)
        && wish.time_after.is_none_or(|after| time >= after)
        && wish.time_before.is_none_or(|before| time <= before)
        && wish.part_of_day.is_none_or(|part| minute >= part.span().0 && minute < part.span().1)
}

proptest! {
    #[test]
    fn openings_are_what_the_rules_and_the_load_leave(case in cases()) {
        let found = case.openings();
        prop_assert_eq!(found.iter().map(|opening| opening.start).collect::<Vec<_>>(), oracle(&case));
        // Who and where: each of them is free for it.
        for opening in &found {
            let mut begins = opening.start;
            for (station, step) in opening.stations.iter().zip(&case.work.steps) {
                let bay = case.store.bays.iter().find(|bay| bay.number == station.bay).unwrap();
                prop_assert!(bay_fits(&case, bay, step, begins));
                let person = case.store.technicians.iter().find(|person| Some(&person.id) == station.technician.as_ref());
                prop_assert!(person.map_or(case.store.technicians.is_empty(), |person| technician_fits(&case, person, step, begins)));
                begins += Duration::minutes(step.minutes.into());
            }
            let advisor = case.store.advisors.iter().find(|person| Some(&person.id) == opening.advisor.as_ref());
            prop_assert!(advisor.map_or(case.store.advisors.is_empty(), |person| advisor_fits(&case, person, opening.start)));
            prop_assert!(allowed(&case.store, opening, case.now), "what is offered is allowed");
        }
    }

    /// Every quarter of an hour, and the minute after it, either is an opening or there is a reason.
    #[test]
    fn there_is_a_reason_wherever_there_is_no_opening(case in cases()) {
        let (found, load) = (case.openings(), case.load());
        let (first, last) = (case.from.and_time(NaiveTime::MIN).and_utc(), (case.until + Days::new(1)).and_time(NaiveTime::MIN).and_utc());
        let quarters = (0..(last - first).num_minutes() / 15).map(|quarter| first + Duration::minutes(quarter * 15));
        for start in quarters.flat_map(|at| [at, at + Duration::minutes(1)]) {
            if !(case.from..=case.until).contains(&case.store.local(start).date()) {
                continue;
            }
            let is_opening = found.iter().any(|opening| opening.start == start);
            let obstacle = obstacle(&case.store, &load, &case.work, start, case.now);
            prop_assert_eq!(obstacle.is_none(), is_opening, "{}: {:?}", start, obstacle);
        }
    }

    /// The search and the database count the same seats: whatever is booked one after the other from openings never takes
    /// a seat that is not there.
    #[test]
    fn seats_are_never_taken_twice(case in cases(), picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..12)) {
        let mut case = Case { booked: Vec::new(), ..case };
        for pick in picks {
            let found = case.openings();
            if found.is_empty() {
                break;
            }
            let opening = pick.get(&found).clone();
            case.booked.push(Booked { opening, services: case.work.services.clone(), transport: case.work.transport });
        }
        let mut taken: BTreeMap<(String, i64), (u32, u32)> = BTreeMap::new();
        for booked in &case.booked {
            for claim in claims(&case.store, &booked.opening, &booked.services, booked.transport) {
                for unit in claim.units {
                    let entry = taken.entry((claim.resource.clone(), unit)).or_insert((0, claim.seats));
                    entry.0 += 1;
                }
            }
        }
        for ((resource, unit), (count, seats)) in taken {
            prop_assert!(count <= seats, "{} at {}: {} of {}", resource, unit, count, seats);
        }
    }

    #[test]
    fn an_offer_is_a_choice_from_what_there_is(case in cases(), wish in wishes(), most in 1..5usize) {
        let (all, wish) = (case.openings(), counted_from(case.from, wish));
        let fits = |opening: &Opening| satisfies(&case.store, opening, &wish);
        let choice = match offer(&case.store, &all, &wish, most) {
            Offer::Exact(opening) => {
                prop_assert!(fits(&opening));
                prop_assert_eq!(all.iter().filter(|opening| fits(opening)).count(), 1);
                vec![opening]
            }
            Offer::Suiting(choice) => {
                prop_assert!(choice.iter().all(fits));
                prop_assert!(!choice.is_empty());
                // The soonest that suits is always among them.
                prop_assert_eq!(choice.first(), all.iter().find(|opening| fits(opening)));
                choice
            }
            Offer::Nearest(choice) => {
                prop_assert!(!all.is_empty() && !all.iter().any(fits));
                choice
            }
            Offer::Nothing => {
                prop_assert!(all.is_empty());
                Vec::new()
            }
        };
        prop_assert!(choice.len() <= most);
        prop_assert!(choice.windows(2).all(|pair| pair[0].start < pair[1].start), "in order and distinct");
        prop_assert!(choice.iter().all(|opening| all.contains(opening)));
        prop_assert!(choice.iter().all(|opening| !wish.not_dates.contains(&case.store.local(opening.start).date())));
    }
}

#[test]
fn a_day_whose_last_hour_is_skipped_is_not_lost() {
    // In Santiago the clocks go forward at midnight: Saturday's 24:00 is Sunday's 01:00.
    let mut store = base();
    store.time_zone = "America/Santiago".parse::<Tz>().unwrap();
    let date = NaiveDate::from_ymd_opt(2026, 9, 5).unwrap();
    store.hours.exceptions.insert(date, vec!["22:00-24:00".parse().unwrap()]);
    let now = store.instant(date.and_hms_opt(8, 0, 0).unwrap()).unwrap();
    let starts: Vec<String> = openings(&store, &Load::new(&store, date, date, []), &lasting(60), now)
        .iter()
        .map(|opening| store.local(opening.start).format("%H:%M").to_string())
        .collect();
    assert_eq!(starts, ["22:00", "22:30", "23:00"]);
}

#[test]
fn nearest_is_the_same_day_first_and_spread_when_no_time_was_said() {
    let store = base();
    let date = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let now = store.instant(date(20).and_hms_opt(10, 0, 0).unwrap()).unwrap();
    let all = openings(&store, &Load::new(&store, date(20), date(30), []), &lasting(45), now);
    let local = |wish: &Wish| match offer(&store, &all, wish, 3) {
        Offer::Nearest(choice) => {
            choice.iter().map(|opening| store.local(opening.start).format("%d %H:%M").to_string()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let thanksgiving = Wish { date: Some(date(26)), ..Wish::default() };
    assert_eq!(local(&thanksgiving), ["27 07:30", "27 12:00", "27 17:00"]);
    let at_six = Wish { date: Some(date(24)), time: NaiveTime::from_hms_opt(6, 0, 0), ..Wish::default() };
    assert_eq!(local(&at_six), ["24 07:30", "24 08:00", "24 08:30"]);
    assert_eq!(date(26).weekday(), chrono::Weekday::Thu);
}

#[test]
fn a_wish_keeps_what_was_not_said_anew() {
    let date = NaiveDate::from_ymd_opt;
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
    let mut wish = Wish::default();
    assert!(wish.is_empty());
    wish.take(&Details { date: date(2026, 11, 24), time: time(9), ..Details::default() });
    // Another day: the hour stands.
    wish.take(&Details { date: date(2026, 11, 25), ..Details::default() });
    assert_eq!((wish.date, wish.time), (date(2026, 11, 25), time(9)));
    // Another time of day: the day stands, the hour does not.
    wish.take(&Details { part_of_day: Some(PartOfDay::Afternoon), ..Details::default() });
    assert_eq!((wish.date, wish.time, wish.part_of_day), (date(2026, 11, 25), None, Some(PartOfDay::Afternoon)));
    // Days that will not do add up, also when nothing else matters any more.
    wish.take(&Details { not_dates: date(2026, 11, 25).into_iter().collect(), ..Details::default() });
    assert_eq!(wish.date, None, "the day under discussion is the one that will not do");
    wish.take(&Details { soonest: true, ..Details::default() });
    assert!(wish.is_empty());
    assert_eq!(wish.not_dates, [date(2026, 11, 25).unwrap()]);
}

#[test]
fn reasons_are_those_that_a_person_would_give() {
    let store = base();
    let date = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let at = |hour, minute| store.instant(date.and_hms_opt(hour, minute, 0).unwrap()).unwrap();
    let now = store.instant((date - Days::new(4)).and_hms_opt(10, 0, 0).unwrap()).unwrap();
    let booked = |technician: &str, bay| Booked {
        opening: Opening {
            start: at(9, 0),
            stations: vec![Station { bay, technician: Some(technician.to_owned()), minutes: 60 }],
            advisor: None,
        },
        services: vec!["oil-change".to_owned()],
        transport: None,
    };
    let load = Load::new(&store, date, date, [booked("ben", 1)]);
    let why = |work: &Work, start| obstacle(&store, &load, work, start, now);
    let with = |technician: Option<&str>, bay| Work { technician: technician.map(str::to_owned), bay, ..lasting(45) };
    assert_eq!(why(&with(None, None), at(9, 0)), None);
    assert_eq!(why(&with(Some("ben"), None), at(9, 0)), Some(Obstacle::Busy("ben".to_owned())));
    assert_eq!(why(&with(None, Some(1)), at(9, 0)), Some(Obstacle::BayTaken(1)));
    assert_eq!(why(&with(Some("ben"), Some(1)), at(10, 0)), None);
    assert_eq!(why(&with(Some("nobody"), None), at(10, 0)), Some(Obstacle::NotTrained("nobody".to_owned())));
    let alignment = |technician: &str| Work {
        technician: Some(technician.to_owned()),
        steps: vec![Step { minutes: 60, skill: Some("alignment".to_owned()), bay: Some("alignment".to_owned()) }],
        ..Work::default()
    };
    assert_eq!(why(&alignment("ben"), at(11, 0)), Some(Obstacle::NotTrained("ben".to_owned())));
    assert_eq!(why(&alignment("sam"), at(11, 0)), None);
    let in_bay = Work { bay: Some(2), ..alignment("sam") };
    assert_eq!(why(&in_bay, at(11, 0)), Some(Obstacle::BayNotEquipped(2)));
    assert_eq!(why(&lasting(45), at(9, 10)), Some(Obstacle::BetweenStarts { step: 30 }));
    assert_eq!(why(&lasting(45), at(17, 30)), Some(Obstacle::RunsOver { closes: at(18, 0) }));
    assert_eq!(why(&lasting(45), at(19, 0)), Some(Obstacle::Closed));
    let holiday = at(9, 0) + Duration::days(2);
    assert_eq!(why(&lasting(45), holiday), Some(Obstacle::ClosedThatDay));
    assert_eq!(why(&lasting(45), now - Duration::minutes(1)), Some(Obstacle::Past));
    assert!(matches!(why(&lasting(45), now + Duration::minutes(30)), Some(Obstacle::TooSoon { .. })));
    assert!(matches!(why(&lasting(45), at(9, 0) + Duration::days(90)), Some(Obstacle::TooFar { .. })));
}
