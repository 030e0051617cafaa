//! Openings and offers against what is slow and obvious.

use super::*;
use crate::capacity::{Advisor, Bay, Leave, Shifts, Technician};
use crate::claims::claims;
use crate::hours::{Span, Week};
use crate::transport::{DropOff, Loaners, PickUp, Shuttle, Transport, TransportOptions, Waiting};
use crate::understanding::{Details, PartOfDay};
use crate::work::{Step, Work};
use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Zones with whole, half and quarter hours, whose clocks change by an hour, by half an hour, at midnight, or never; each
/// with days around the changes.
const PLACES: [(&str, &[&str]); 7] = [
    ("America/Chicago", &["2026-10-31", "2027-03-13", "2026-11-24"]),
    ("Europe/Berlin", &["2026-10-24", "2027-03-27"]),
    ("America/Santiago", &["2026-09-05", "2027-04-03"]),
    ("Australia/Lord_Howe", &["2026-10-03", "2027-04-03"]),
    ("Asia/Shanghai", &["2027-02-05"]),
    ("Asia/Kathmandu", &["2026-11-24"]),
    ("UTC", &["2026-12-31"]),
];

/// Work that anybody can do in any bay.
fn lasting(minutes: u32) -> Work {
    Work { steps: vec![Step { minutes, skill: None, bay: None }], ..Work::default() }
}

fn base() -> Store {
    serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap()
}

/// Up to three spans in order and apart, at any quarter of an hour from midnight to midnight.
fn spans() -> impl Strategy<Value = Vec<Span>> {
    proptest::collection::btree_set(0..=96u32, 0..=6).prop_map(|marks| {
        let marks: Vec<u32> = marks.into_iter().collect();
        marks.chunks_exact(2).map(|pair| Span { opens: pair[0] * 15, closes: pair[1] * 15 }).collect()
    })
}

#[derive(Debug, Clone)]
struct Case {
    store: Store,
    now: DateTime<Utc>,
    work: Work,
    booked: Vec<Booked>,
    from: NaiveDate,
    until: NaiveDate,
}

impl Case {
    fn load(&self) -> Load {
        Load::new(&self.store, self.from, self.until, self.booked.clone())
    }

    fn openings(&self) -> Vec<Opening> {
        openings(&self.store, &self.load(), &self.work, self.now)
    }
}

const KINDS: [&str; 2] = ["alignment", "ev"];

/// Some of two kinds of bay, or skills.
fn kinds() -> impl Strategy<Value = BTreeSet<String>> {
    proptest::sample::subsequence(KINDS.to_vec(), 0..=2)
        .prop_map(|kinds| kinds.into_iter().map(str::to_owned).collect())
}

fn kind() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(proptest::sample::select(KINDS.to_vec()).prop_map(str::to_owned))
}

fn technicians() -> impl Strategy<Value = Vec<Technician>> {
    proptest::collection::vec((kinds(), shifts()), 0..3).prop_map(|people| {
        let technician = |(number, (skills, shifts))| Technician {
            id: format!("t{number}"),
            name: "Somebody".to_owned(),
            skills,
            shifts,
        };
        people.into_iter().enumerate().map(technician).collect()
    })
}

fn advisors() -> impl Strategy<Value = Vec<Advisor>> {
    proptest::collection::vec((1..3u32, shifts()), 0..3).prop_map(|people| {
        let advisor = |(number, (per_half_hour, shifts))| Advisor {
            id: format!("a{number}"),
            name: "Somebody".to_owned(),
            per_half_hour,
            shifts,
        };
        people.into_iter().enumerate().map(advisor).collect()
    })
}

fn shifts() -> impl Strategy<Value = Shifts> {
    let exceptions = proptest::collection::vec((-1..5i64, spans()), 0..2);
    (proptest::option::of(spans()), exceptions, proptest::option::weighted(0.2, 0..4i64)).prop_map(
        |(shift, exceptions, away)| {
            // Around the days of change, which differ from place to place: all of them.
            let dates = |day: i64| {
                let all = PLACES.iter().flat_map(|(_, days)| days.iter());
                all.map(move |date| date.parse::<NaiveDate>().unwrap() + Duration::days(day))
            };
            let exceptions = exceptions.into_iter();
            let leave = away.into_iter().flat_map(dates).map(|from| Leave { from, until: from + Days::new(1) });
            Shifts {
                week: shift.map(|spans| every_day(&spans)),
                exceptions: exceptions
                    .flat_map(|(day, spans)| dates(day).map(move |date| (date, spans.clone())))
                    .collect(),
                leave: leave.collect(),
            }
        },
    )
}

fn every_day(spans: &[Span]) -> Week {
    let [mon, tue, wed, thu, fri, sat, sun] = std::array::from_fn(|_| spans.to_vec());
    Week { mon, tue, wed, thu, fri, sat, sun }
}

fn options() -> impl Strategy<Value = TransportOptions> {
    (proptest::option::of(0..3u32), 0..3u32, (1..3u32, spans()), (1..3u32, spans())).prop_map(
        |(waiting, fleet, (seats, hours), (per_window, windows))| TransportOptions {
            ask: false,
            wait: Some(Waiting { per_day: waiting, longest_minutes: Some(120) }),
            drop_off: Some(DropOff::default()),
            shuttle: Some(Shuttle { seats, radius: BTreeMap::new(), hours }),
            loaner: Some(Loaners { fleet }),
            pick_up: Some(PickUp { windows, per_window }),
        },
    )
}

fn transport() -> impl Strategy<Value = Option<Transport>> {
    proptest::option::of(proptest::sample::select(Transport::ALL.to_vec()))
}

prop_compose! {
    fn bookings()(
        stations in proptest::collection::vec((1..4u32, proptest::option::of(0..3usize), 1..200u32), 1..3),
        at in -1440..7200i64,
        advisor in proptest::option::of(0..3usize),
        transport in transport(),
        services in proptest::sample::subsequence(vec!["one".to_owned(), "two".to_owned()], 1..=2),
    ) -> (i64, Booked) {
        let station = |(bay, technician, minutes): (u32, Option<usize>, u32)| {
            Station { bay, technician: technician.map(|number| format!("t{number}")), minutes }
        };
        let opening = Opening {
            start: DateTime::UNIX_EPOCH,
            stations: stations.into_iter().map(station).collect(),
            advisor: advisor.map(|number| format!("a{number}")),
        };
        (at, Booked { opening, services, transport })
    }
}

prop_compose! {
    /// A store with hours on every day of the week and on some days others.
    fn stores()(
        (week, exceptions) in (proptest::collection::vec(spans(), 7), proptest::collection::vec((0..5u64, spans()), 0..3)),
        (granularity, notice, days_ahead) in (1..=4u32, 0..180u32, 1..4u32),
        (last_start, per_day) in (proptest::option::weighted(0.2, 0..24u32), proptest::option::weighted(0.3, 0..4u32)),
        bays in proptest::collection::vec(kinds(), 1..4),
        (technicians, advisors, transport) in (technicians(), advisors(), options()),
        cap in proptest::option::weighted(0.3, 0..3u32),
    ) -> (Store, Vec<(u64, Vec<Span>)>) {
        let mut store = base();
        let mut week = week.into_iter();
        let mut next = || week.next().unwrap();
        store.hours.week = Week { mon: next(), tue: next(), wed: next(), thu: next(), fri: next(), sat: next(), sun: next() };
        store.booking.granularity_minutes = granularity * 15;
        store.booking.notice_minutes = notice;
        store.booking.days_ahead = days_ahead;
        store.booking.last_start = last_start.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
        store.booking.per_day = per_day;
        store.bays = (1..).zip(bays).map(|(number, kinds)| Bay { number, name: None, kinds }).collect();
        (store.technicians, store.advisors, store.transport) = (technicians, advisors, transport);
        store.services.truncate(2);
        for (service, id) in store.services.iter_mut().zip(["one", "two"]) {
            service.id = id.to_owned();
        }
        store.services[0].per_day = cap;
        (store, exceptions)
    }
}

prop_compose! {
    fn cases()(
        (mut store, exceptions) in stores(),
        place in 0..PLACES.len(),
        day in any::<prop::sample::Index>(),
        minute_of_now in 0..2880i64,
        steps in proptest::collection::vec((1..150u32, kind(), kind()), 1..3),
        services in proptest::sample::subsequence(vec!["one".to_owned(), "two".to_owned()], 1..=2),
        (transport, advisor) in (transport(), proptest::option::weighted(0.3, 0..3usize)),
        booked in proptest::collection::vec(bookings(), 0..8),
        (before, days) in (0..2u64, 0..5u64),
    ) -> Case {
        let (zone, days_of_change) = PLACES[place];
        let date: NaiveDate = day.get(days_of_change).parse().unwrap();
        store.time_zone = zone.parse::<Tz>().unwrap();
        store.hours.exceptions = exceptions.into_iter().map(|(day, spans)| (date + Days::new(day), spans)).collect();
        let midnight = date.and_time(NaiveTime::MIN).and_utc();
        let now = midnight + Duration::minutes(minute_of_now - 720);
        let booked = booked.into_iter().map(|(at, mut booked)| {
            booked.opening.start = midnight + Duration::minutes(at);
            booked
        });
        let steps = steps.into_iter().map(|(minutes, skill, bay)| Step { minutes, skill, bay }).collect();
        let work = Work { services, steps, transport, advisor: advisor.map(|number| format!("a{number}")) };
        let from = date - Days::new(before);
        Case { now, work, booked: booked.collect(), from, until: from + Days::new(days), store }
    }
}

/// Goes through every minute there is, and asks of each what a person would ask.
fn oracle(case: &Case) -> Vec<DateTime<Utc>> {
    let store = &case.store;
    let today = store.local(case.now).date();
    let last = today + Days::new(store.booking.days_ahead.into());
    let span_at = |at: DateTime<Utc>| {
        let local = store.local(at);
        let minute = local.hour() * 60 + local.minute();
        let date = local.date();
        store.hours.on(date).iter().copied().find(|span| span.contains(minute)).map(|span| (date, span))
    };
    let first_minute = (case.from - Days::new(1)).and_time(NaiveTime::MIN).and_utc();
    let all_minutes = (case.until - case.from).num_days() * 1440 + 3 * 1440;
    let mut found = Vec::new();
    for start in (0..all_minutes).map(|minute| first_minute + Duration::minutes(minute)) {
        let Some((date, span)) = span_at(start) else { continue };
        let local = store.local(start);
        let on_the_grid =
            (local.hour() * 60 + local.minute() - span.opens).is_multiple_of(store.booking.granularity_minutes);
        let first_of_two = store.instant(local) == Some(start);
        let bookable = (today..=last).contains(&date) && (case.from..=case.until).contains(&date);
        let soon_enough = start >= case.now + Duration::minutes(store.booking.notice_minutes.into());
        let not_too_late = store.booking.last_start.is_none_or(|last| local.time() <= last);
        if !(on_the_grid && first_of_two && bookable && soon_enough && not_too_late) {
            continue;
        }
        // Once open, a store stays open until its clocks first show the closing time, also where they are put back.
        let closes = date.and_time(NaiveTime::MIN) + Duration::minutes(span.closes.into());
        let mut minutes = (0..case.work.minutes()).map(|minute| start + Duration::minutes(minute.into()));
        let open_throughout = minutes.all(|at| store.local(at) < closes);
        let mut begins = start;
        let steps_fit = case.work.steps.iter().all(|step| {
            let at = begins;
            begins += Duration::minutes(step.minutes.into());
            let bay = store.bays.iter().any(|bay| bay_fits(case, bay, step, at));
            let mut technicians = store.technicians.iter();
            bay && (store.technicians.is_empty() || technicians.any(|person| technician_fits(case, person, step, at)))
        });
        let advisor =
            store.advisors.is_empty() || store.advisors.iter().any(|person| advisor_fits(case, person, start));
        if open_throughout && steps_fit && advisor && limits_fit(case, start) {
            found.push(start);
        }
    }
    found
}

fn quarter_floor(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(900) * 900
}

fn quarter_ceil(at: DateTime<Utc>) -> i64 {
    (at.timestamp() + 899).div_euclid(900) * 900
}

/// Whether nothing that is booked takes what `uses` says during this step.
fn is_free(case: &Case, step: &Step, at: DateTime<Utc>, uses: impl Fn(&Station) -> bool) -> bool {
    let end = at + Duration::minutes(step.minutes.into());
    case.booked.iter().all(|booked| {
        let mut begins = booked.opening.start;
        booked.opening.stations.iter().all(|station| {
            let (from, until) = (begins, begins + Duration::minutes(station.minutes.into()));
            begins = until;
            !uses(station) || quarter_ceil(until) <= quarter_floor(at) || quarter_ceil(end) <= quarter_floor(from)
        })
    })
}

fn bay_fits(case: &Case, bay: &Bay, step: &Step, at: DateTime<Utc>) -> bool {
    let equipped = step.bay.as_ref().is_none_or(|kind| bay.kinds.contains(kind));
    equipped && is_free(case, step, at, |station| station.bay == bay.number)
}

fn technician_fits(case: &Case, person: &Technician, step: &Step, at: DateTime<Utc>) -> bool {
    let store = &case.store;
    let trained = step.skill.as_ref().is_none_or(|skill| person.skills.contains(skill));
    let end = DateTime::from_timestamp(quarter_ceil(at + Duration::minutes(step.minutes.into())), 0).unwrap();
    let mut minute = DateTime::from_timestamp(quarter_floor(at), 0).unwrap();
    while minute < end {
        if !on_shift(store, &person.shifts, minute) {
            return false;
        }
        minute += Duration::minutes(1);
    }
    trained && is_free(case, step, at, |station| station.technician.as_ref() == Some(&person.id))
}

/// Whether somebody works then. As with the store's hours, a shift lasts until the clocks first show its end.
fn on_shift(store: &Store, shifts: &Shifts, at: DateTime<Utc>) -> bool {
    let today = store.local(at).date();
    [today.pred_opt().unwrap(), today].into_iter().any(|date| {
        shifts.on(date, store.hours.on(date)).iter().any(|span| {
            let clock = |minute: u32| date.and_time(NaiveTime::MIN) + Duration::minutes(minute.into());
            (first_at(store, clock(span.opens))..first_at(store, clock(span.closes))).contains(&at)
        })
    })
}

/// When the clocks first show this time or, where they are put forward over it, a later one.
fn first_at(store: &Store, local: NaiveDateTime) -> DateTime<Utc> {
    (0..180).find_map(|later| store.instant(local + Duration::minutes(later))).unwrap()
}

fn advisor_fits(case: &Case, person: &Advisor, start: DateTime<Utc>) -> bool {
    let store = &case.store;
    let local = store.local(start);
    let minute = local.hour() * 60 + local.minute();
    let works = person.shifts.on(local.date(), store.hours.on(local.date())).iter().any(|span| span.contains(minute));
    let half_hour = |at: DateTime<Utc>| at.timestamp().div_euclid(1800);
    let received = case.booked.iter().filter(|booked| {
        booked.opening.advisor.as_ref() == Some(&person.id) && half_hour(booked.opening.start) == half_hour(start)
    });
    let wanted = case.work.advisor.as_ref().is_none_or(|id| *id == person.id);
    wanted && works && received.count() < person.per_half_hour as usize
}

/// Whether the limits of the day and of transport leave room.
fn limits_fit(case: &Case, start: DateTime<Utc>) -> bool {
    let (store, work) = (&case.store, &case.work);
    let local = store.local(start);
    let that_day = || case.booked.iter().filter(move |booked| store.local(booked.opening.start).date() == local.date());
    let with = |transport| that_day().filter(move |booked| booked.transport == Some(transport)).count();
    let below = |count: usize, cap: Option<u32>| cap.is_none_or(|cap| count < cap as usize);
    let services = work.services.iter().all(|id| {
        let booked = that_day().filter(|booked| booked.services.contains(id)).count();
        below(booked, store.service(id).unwrap().per_day)
    });
    let options = &store.transport;
    let transport = match work.transport {
        None | Some(Transport::DropOff) => true,
        Some(Transport::Wait) => {
            work.minutes() <= 120 && below(with(Transport::Wait), options.wait.as_ref().unwrap().per_day)
        }
        Some(Transport::Loaner) => below(with(Transport::Loaner), Some(options.loaner.as_ref().unwrap().fleet)),
        Some(Transport::Shuttle) => {
            let shuttle = options.shuttle.as_ref().unwrap();
            let half_hour = |at: DateTime<Utc>| at.timestamp().div_euclid(1800);
            let others = case.booked.iter().filter(|booked| {
                booked.transport == Some(Transport::Shuttle) && half_hour(booked.opening.start) == half_hour(start)
            });
            let minute = local.hour() * 60 + local.minute();
            let drives = shuttle.hours.is_empty() || shuttle.hours.iter().any(|span| span.contains(minute));
            drives && others.count() < shuttle.seats as usize
        }
        Some(Transport::PickUp) => {
            let window = |at: DateTime<Utc>| {
                let date = store.local(at).date();
                let clock =
                    |minute: u32| store.instant(date.and_time(NaiveTime::MIN) + Duration::minutes(minute.into()));
                let windows = options.pick_up.as_ref().unwrap().windows.iter();
                let over = windows.filter(|span| clock(span.closes).is_some_and(|closes| closes <= at));
                over.max_by_key(|span| span.closes).and_then(|span| clock(span.opens))
            };
            let others = case.booked.iter().filter(|booked| {
                booked.transport == Some(Transport::PickUp)
                    && window(booked.opening.start).map(quarter_floor) == window(start).map(quarter_floor)
            });
            window(start).is_some() && others.count() < options.pick_up.as_ref().unwrap().per_window as usize
        }
    };
    services && transport && below(that_day().count(), store.booking.per_day)
}

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
