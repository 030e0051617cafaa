//! Openings and offers against what is slow and obvious.

use super::*;
use crate::hours::Span;
use chrono::Datelike;
use chrono_tz::Tz;
use proptest::prelude::*;

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
    minutes: u32,
    booked: Vec<(u32, DateTime<Utc>, u32)>,
    from: NaiveDate,
    until: NaiveDate,
}

impl Case {
    fn openings(&self) -> Vec<Opening> {
        openings(&self.store, &Load::new(self.from, self.until, self.booked.clone()), self.minutes, self.now)
    }
}

prop_compose! {
    fn cases()(
        place in 0..PLACES.len(),
        day in any::<prop::sample::Index>(),
        minute_of_now in 0..2880i64,
        (week, exceptions) in (proptest::collection::vec(spans(), 7), proptest::collection::vec((0..5u64, spans()), 0..3)),
        (granularity, notice, days_ahead, bays) in (1..=4u32, 0..180u32, 1..4u32, 1..3u32),
        minutes in 1..240u32,
        booked in proptest::collection::vec((1..3u32, -1440..7200i64, 1..300u32), 0..8),
        (before, days) in (0..2u64, 0..5u64),
    ) -> Case {
        let (zone, days_of_change) = PLACES[place];
        let date: NaiveDate = day.get(days_of_change).parse().unwrap();
        let mut store = base();
        store.time_zone = zone.parse::<Tz>().unwrap();
        let mut week = week.into_iter();
        let mut next = || week.next().unwrap();
        store.hours.week = crate::hours::Week {
            mon: next(), tue: next(), wed: next(), thu: next(), fri: next(), sat: next(), sun: next(),
        };
        store.hours.exceptions = exceptions.into_iter().map(|(day, spans)| (date + Days::new(day), spans)).collect();
        store.booking.granularity_minutes = granularity * 15;
        store.booking.notice_minutes = notice;
        store.booking.days_ahead = days_ahead;
        store.bays = bays;
        store.services.clear();
        let midnight = date.and_time(NaiveTime::MIN).and_utc();
        let now = midnight + Duration::minutes(minute_of_now - 720);
        let booked = booked.into_iter().map(|(bay, at, minutes)| (bay, midnight + Duration::minutes(at), minutes)).collect();
        let from = date - Days::new(before);
        Case { store, now, minutes, booked, from, until: from + Days::new(days) }
    }
}

/// Goes through every minute there is, and asks of each what a person would ask.
fn oracle(case: &Case) -> Vec<Opening> {
    let store = &case.store;
    let today = store.local(case.now).date();
    let last = today + Days::new(store.booking.days_ahead.into());
    let span_at = |at: DateTime<Utc>| {
        let local = store.local(at);
        let minute = local.hour() * 60 + local.minute();
        let date = local.date();
        store.hours.on(date).iter().copied().find(|span| span.contains(minute)).map(|span| (date, span))
    };
    let quarter_floor = |at: DateTime<Utc>| at.timestamp().div_euclid(900) * 900;
    let quarter_ceil = |at: DateTime<Utc>| (at.timestamp() + 899).div_euclid(900) * 900;
    let first_minute = (case.from - Days::new(1)).and_time(NaiveTime::MIN).and_utc();
    let all_minutes = (case.until - case.from).num_days() * 1440 + 3 * 1440;
    let mut found = Vec::new();
    for start in (0..all_minutes).map(|minute| first_minute + Duration::minutes(minute)) {
        let end = start + Duration::minutes(case.minutes.into());
        let Some((date, span)) = span_at(start) else { continue };
        let local = store.local(start);
        let on_the_grid =
            (local.hour() * 60 + local.minute() - span.opens).is_multiple_of(store.booking.granularity_minutes);
        let first_of_two = store.instant(local) == Some(start);
        let bookable = (today..=last).contains(&date) && (case.from..=case.until).contains(&date);
        let soon_enough = start >= case.now + Duration::minutes(store.booking.notice_minutes.into());
        if !(on_the_grid && first_of_two && bookable && soon_enough) {
            continue;
        }
        // Once open, a store stays open until its clocks first show the closing time, also where they are put back.
        let closes = date.and_time(NaiveTime::MIN) + Duration::minutes(span.closes.into());
        let mut minutes = (0..case.minutes).map(|minute| start + Duration::minutes(minute.into()));
        let open_throughout = minutes.all(|at| store.local(at) < closes);
        let free = (1..=store.bays).find(|bay| {
            case.booked.iter().filter(|(booked, ..)| booked == bay).all(|(_, at, minutes)| {
                let until = *at + Duration::minutes((*minutes).into());
                quarter_ceil(until) <= quarter_floor(start) || quarter_ceil(end) <= quarter_floor(*at)
            })
        });
        if let Some(bay) = free.filter(|_| open_throughout) {
            found.push(Opening { start, minutes: case.minutes, bay });
        }
    }
    found
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
        prop_assert_eq!(case.openings(), oracle(&case));
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
    let starts: Vec<String> = openings(&store, &Load::new(date, date, []), 60, now)
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
    let all = openings(&store, &Load::new(date(20), date(30), []), 45, now);
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
