//! What is slow and obvious.

use super::cases::Case;
use crate::Store;
use crate::capacity::{Advisor, Bay, Shifts, Technician};
use crate::openings::Station;
use crate::transport::Transport;
use crate::work::Step;
use chrono::{DateTime, Days, Duration, NaiveDateTime, NaiveTime, Timelike, Utc};

/// Goes through every minute there is, and asks of each what a person would ask.
pub(super) fn oracle(case: &Case) -> Vec<DateTime<Utc>> {
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
            let nobody_in_particular = store.technicians.is_empty() && case.work.technician.is_none();
            bay && (nobody_in_particular || technicians.any(|person| technician_fits(case, person, step, at)))
        });
        let advisor =
            store.advisors.is_empty() || store.advisors.iter().any(|person| advisor_fits(case, person, start));
        if open_throughout && steps_fit && advisor && limits_fit(case, start) {
            found.push(start);
        }
    }
    found
}

pub(super) fn quarter_floor(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(900) * 900
}

pub(super) fn quarter_ceil(at: DateTime<Utc>) -> i64 {
    (at.timestamp() + 899).div_euclid(900) * 900
}

/// Whether nothing that is booked takes what `uses` says during this step.
pub(super) fn is_free(case: &Case, step: &Step, at: DateTime<Utc>, uses: impl Fn(&Station) -> bool) -> bool {
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

pub(super) fn bay_fits(case: &Case, bay: &Bay, step: &Step, at: DateTime<Utc>) -> bool {
    let equipped = step.bay.as_ref().is_none_or(|kind| bay.kinds.contains(kind));
    let wanted = case.work.bay.is_none_or(|number| bay.number == number);
    wanted && equipped && is_free(case, step, at, |station| station.bay == bay.number)
}

pub(super) fn technician_fits(case: &Case, person: &Technician, step: &Step, at: DateTime<Utc>) -> bool {
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
    let wanted = case.work.technician.as_ref().is_none_or(|id| *id == person.id);
    wanted && trained && is_free(case, step, at, |station| station.technician.as_ref() == Some(&person.id))
}

/// Whether somebody works then. As with the store's hours, a shift lasts until the clocks first show its end.
pub(super) fn on_shift(store: &Store, shifts: &Shifts, at: DateTime<Utc>) -> bool {
    let today = store.local(at).date();
    [today.pred_opt().unwrap(), today].into_iter().any(|date| {
        shifts.on(date, store.hours.on(date)).iter().any(|span| {
            let clock = |minute: u32| date.and_time(NaiveTime::MIN) + Duration::minutes(minute.into());
            (first_at(store, clock(span.opens))..first_at(store, clock(span.closes))).contains(&at)
        })
    })
}

/// When the clocks first show this time or, where they are put forward over it, a later one.
pub(super) fn first_at(store: &Store, local: NaiveDateTime) -> DateTime<Utc> {
    (0..180).find_map(|later| store.instant(local + Duration::minutes(later))).unwrap()
}

pub(super) fn advisor_fits(case: &Case, person: &Advisor, start: DateTime<Utc>) -> bool {
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
pub(super) fn limits_fit(case: &Case, start: DateTime<Utc>) -> bool {
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
