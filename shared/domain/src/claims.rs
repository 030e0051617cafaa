//! What an appointment takes of a store's capacity, as seats that can be taken once.
//!
//! Every limit is a number of seats of a resource in a unit of time: a bay has one seat in each quarter of an hour, a
//! fleet of three loaners has three on each day. Openings are found where seats are free, and the database hands out the
//! seats in the commit: what it has no seat for, it refuses.

use crate::Store;
use crate::openings::{Opening, quarters};
use crate::transport::Transport;
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

/// Seats to take: one in each unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// What it is a seat of.
    pub resource: String,
    /// In which units of time.
    pub units: Vec<i64>,
    /// How many seats there are in each.
    pub seats: u32,
}

/// What an appointment takes, all of it.
pub fn claims(store: &Store, opening: &Opening, services: &[String], transport: Option<Transport>) -> Vec<Claim> {
    let mut claims = station_claims(opening);
    claims.extend(counted_claims(store, opening, services, transport));
    claims
}

/// What it takes besides bays and technicians.
pub(crate) fn counted_claims(
    store: &Store,
    opening: &Opening,
    services: &[String],
    transport: Option<Transport>,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    let day = day_unit(store.local(opening.start).date());
    let mut per_day = |resource: String, seats: Option<u32>| {
        claims.extend(seats.map(|seats| Claim { resource, units: vec![day], seats }));
    };
    per_day(DAY.to_owned(), store.booking.per_day);
    let mut counted: Vec<&String> = Vec::new();
    for id in services {
        if !counted.contains(&id) {
            per_day(service_resource(id), store.service(id).and_then(|service| service.per_day));
            counted.push(id);
        }
    }
    let options = &store.transport;
    match transport {
        Some(Transport::Wait) => per_day(WAIT.to_owned(), options.wait.as_ref().and_then(|wait| wait.per_day)),
        Some(Transport::Loaner) => per_day(LOANER.to_owned(), options.loaner.as_ref().map(|loaner| loaner.fleet)),
        _ => {}
    }
    let half_hour = half_hour(opening.start);
    let mut once = |resource: String, unit: i64, seats: u32| {
        claims.push(Claim { resource, units: vec![unit], seats });
    };
    if let (Some(Transport::Shuttle), Some(shuttle)) = (transport, &options.shuttle) {
        once(SHUTTLE.to_owned(), half_hour, shuttle.seats);
    }
    if let (Some(Transport::PickUp), Some(pick_up)) = (transport, &options.pick_up)
        && let Some(window) = pick_up_window(store, opening.start)
    {
        once(PICK_UP.to_owned(), window, pick_up.per_window);
    }
    if let Some(id) = &opening.advisor {
        let advisor = store.advisors.iter().find(|advisor| advisor.id == *id);
        once(advisor_resource(id), half_hour, advisor.map_or(1, |advisor| advisor.per_half_hour));
    }
    claims
}

pub(crate) const DAY: &str = "day";
pub(crate) const WAIT: &str = "wait";
pub(crate) const LOANER: &str = "loaner";
pub(crate) const SHUTTLE: &str = "shuttle";
pub(crate) const PICK_UP: &str = "pick-up";

pub(crate) fn bay_resource(number: u32) -> String {
    format!("bay:{number}")
}

pub(crate) fn technician_resource(id: &str) -> String {
    format!("technician:{id}")
}

pub(crate) fn advisor_resource(id: &str) -> String {
    format!("advisor:{id}")
}

pub(crate) fn service_resource(id: &str) -> String {
    format!("service:{id}")
}

/// A date as a unit: days since the beginning of the common era.
pub(crate) fn day_unit(date: NaiveDate) -> i64 {
    date.num_days_from_ce().into()
}

/// The half hour since 1970 in UTC that an instant is in.
pub(crate) fn half_hour(instant: DateTime<Utc>) -> i64 {
    instant.timestamp().div_euclid(30 * 60)
}

/// The drivers' window in which a car for work at this time is fetched, as the quarter of an hour in which it begins: the
/// last that is over by then.
pub(crate) fn pick_up_window(store: &Store, start: DateTime<Utc>) -> Option<i64> {
    let date = store.local(start).date();
    let at = |minute: u32| store.instant(date.and_time(NaiveTime::MIN) + Duration::minutes(minute.into()));
    let windows = &store.transport.pick_up.as_ref()?.windows;
    let window = windows.iter().rev().find(|window| at(window.closes).is_some_and(|closes| closes <= start))?;
    Some(quarters(at(window.opens)?, 1).start)
}

/// Bays and technicians, by the quarter of an hour. Steps that share a quarter in the same place take it once.
fn station_claims(opening: &Opening) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut take = |resource: String, quarters: std::ops::Range<i64>| {
        let known = claims.iter().position(|claim| claim.resource == resource);
        let at = known.unwrap_or_else(|| {
            claims.push(Claim { resource, units: Vec::new(), seats: 1 });
            claims.len() - 1
        });
        let units = &mut claims[at].units;
        let last = units.last().copied();
        units.extend(quarters.filter(|quarter| last.is_none_or(|last| last < *quarter)));
    };
    for (station, quarters) in opening.stations_at() {
        take(bay_resource(station.bay), quarters.clone());
        if let Some(technician) = &station.technician {
            take(technician_resource(technician), quarters);
        }
    }
    claims
}
