//! Stores, bookings and wishes at random.

use crate::Store;
use crate::capacity::{Advisor, Bay, Leave, Shifts, Technician};
use crate::hours::{Span, Week};
use crate::openings::{Booked, Load, Opening, Station, openings};
use crate::transport::{DropOff, Loaners, PickUp, Shuttle, Transport, TransportOptions, Waiting};
use crate::work::{Step, Work};
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use lanekeeper_zones::Tz;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Zones with whole, half and quarter hours, whose clocks change by an hour, by half an hour, at midnight, or never; each
/// with days around the changes.
pub(super) const PLACES: [(&str, &[&str]); 7] = [
    ("America/Chicago", &["2026-10-31", "2027-03-13", "2026-11-24"]),
    ("Europe/Berlin", &["2026-10-24", "2027-03-27"]),
    ("America/Santiago", &["2026-09-05", "2027-04-03"]),
    ("Australia/Lord_Howe", &["2026-10-03", "2027-04-03"]),
    ("Asia/Shanghai", &["2027-02-05"]),
    ("Asia/Kathmandu", &["2026-11-24"]),
    ("UTC", &["2026-12-31"]),
];

/// Work that anybody can do in any bay.
pub(super) fn lasting(minutes: u32) -> Work {
    Work { steps: vec![Step { minutes, skill: None, bay: None }], ..Work::default() }
}

pub(super) fn base() -> Store {
    serde_json::from_str(include_str!("../../../../../demo/stores/lakeside.json")).unwrap()
}

/// Up to three spans in order and apart, at any quarter of an hour from midnight to midnight.
pub(super) fn spans() -> impl Strategy<Value = Vec<Span>> {
    proptest::collection::btree_set(0..=96u32, 0..=6).prop_map(|marks| {
        let marks: Vec<u32> = marks.into_iter().collect();
        marks.chunks_exact(2).map(|pair| Span { opens: pair[0] * 15, closes: pair[1] * 15 }).collect()
    })
}

#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) store: Store,
    pub(super) now: DateTime<Utc>,
    pub(super) work: Work,
    pub(super) booked: Vec<Booked>,
    pub(super) from: NaiveDate,
    pub(super) until: NaiveDate,
}

impl Case {
    pub(super) fn load(&self) -> Load {
        Load::new(&self.store, self.from, self.until, self.booked.clone())
    }

    pub(super) fn openings(&self) -> Vec<Opening> {
        openings(&self.store, &self.load(), &self.work, self.now)
    }
}

pub(super) const KINDS: [&str; 2] = ["alignment", "ev"];

/// Some of two kinds of bay, or skills.
pub(super) fn kinds() -> impl Strategy<Value = BTreeSet<String>> {
    proptest::sample::subsequence(KINDS.to_vec(), 0..=2)
        .prop_map(|kinds| kinds.into_iter().map(str::to_owned).collect())
}

pub(super) fn kind() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(proptest::sample::select(KINDS.to_vec()).prop_map(str::to_owned))
}

pub(super) fn technicians() -> impl Strategy<Value = Vec<Technician>> {
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

pub(super) fn advisors() -> impl Strategy<Value = Vec<Advisor>> {
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

pub(super) fn shifts() -> impl Strategy<Value = Shifts> {
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

pub(super) fn every_day(spans: &[Span]) -> Week {
    let [mon, tue, wed, thu, fri, sat, sun] = std::array::from_fn(|_| spans.to_vec());
    Week { mon, tue, wed, thu, fri, sat, sun }
}

pub(super) fn options() -> impl Strategy<Value = TransportOptions> {
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

pub(super) fn transport() -> impl Strategy<Value = Option<Transport>> {
    proptest::option::of(proptest::sample::select(Transport::ALL.to_vec()))
}

prop_compose! {
    pub(super) fn bookings()(
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
    pub(super) fn stores()(
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
    pub(super) fn cases()(
        (mut store, exceptions) in stores(),
        place in 0..PLACES.len(),
        day in any::<prop::sample::Index>(),
        minute_of_now in 0..2880i64,
        steps in proptest::collection::vec((1..150u32, kind(), kind()), 1..3),
        services in proptest::sample::subsequence(vec!["one".to_owned(), "two".to_owned()], 1..=2),
        (transport, advisor) in (transport(), proptest::option::weighted(0.3, 0..3usize)),
        (technician, bay) in (proptest::option::weighted(0.2, 0..4usize), proptest::option::weighted(0.2, 1..5u32)),
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
        let advisor = advisor.map(|number| format!("a{number}"));
        let technician = technician.map(|number| format!("t{number}"));
        let work = Work { services, steps, transport, advisor, technician, bay, class: None };
        let from = date - Days::new(before);
        Case { now, work, booked: booked.collect(), from, until: from + Days::new(days), store }
    }
}
