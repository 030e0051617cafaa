//! The search for openings: every start that the rules allow, and for each the places and people that are free.

use super::bits::Bits;
use super::{Load, Obstacle, Opening, Station, quarters, window};
use crate::capacity::Shifts;
use crate::claims::{self, day_unit, half_hour, pick_up_window};
use crate::hours::Span;
use crate::transport::Transport;
use crate::work::{Step, Work};
use crate::{Store, capacity};
use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use std::ops::Range;

/// Every opening for this work on the dates that the load tells about, in order of time.
pub fn openings(store: &Store, load: &Load, work: &Work, now: DateTime<Utc>) -> Vec<Opening> {
    let earliest = now + Duration::minutes(store.booking.notice_minutes.into());
    let dates = dates(store, load, now);
    let search = Search::new(store, load, work, &dates);
    dates
        .iter()
        .filter(|date| search.lacking_that_day(**date).is_none())
        .flat_map(|date| starts(store, *date, work.minutes()))
        .filter(|start| *start >= earliest)
        .filter_map(|start| search.opening(start))
        .collect()
}

/// The dates that the load tells about and that can be booked.
pub(super) fn dates(store: &Store, load: &Load, now: DateTime<Utc>) -> Vec<NaiveDate> {
    let (first, last) = window(store, now);
    let dates = load.from.max(first)..=load.until.min(last);
    dates.start().iter_days().take_while(|date| dates.contains(date)).collect()
}

/// Whether the store's rules still allow an opening that was offered earlier; whether its places are free is another
/// matter.
pub fn allowed(store: &Store, opening: &Opening, now: DateTime<Utc>) -> bool {
    let date = store.local(opening.start).date();
    let (first, last) = window(store, now);
    let earliest = now + Duration::minutes(store.booking.notice_minutes.into());
    let spans = store.hours.on(date);
    let range = quarters(date.and_time(NaiveTime::MIN).and_utc() - Duration::days(1), 3 * 24 * 60);
    let on_shift = |shifts: &Shifts, quarters: &Range<i64>| {
        shift_bits(store, &range, shifts.on(date, spans), date).has_all(quarters)
    };
    let stations_exist = opening.stations_at().all(|(station, quarters)| {
        let technician = |id: &String| store.technicians.iter().find(|technician| technician.id == *id);
        let works = station
            .technician
            .as_ref()
            .is_none_or(|id| technician(id).is_some_and(|technician| on_shift(&technician.shifts, &quarters)));
        works
            && station.technician.is_some() != store.technicians.is_empty()
            && store.bays.iter().any(|bay| bay.number == station.bay)
    });
    let advisor_exists = opening.advisor.as_ref().map_or(store.advisors.is_empty(), |id| {
        store.advisors.iter().any(|advisor| advisor.id == *id && receives(store, &advisor.shifts, opening.start))
    });
    (first..=last).contains(&date)
        && opening.start >= earliest
        && stations_exist
        && advisor_exists
        && starts(store, date, opening.minutes()).any(|start| start == opening.start)
}

/// Every time on this date at which work of this length can start and be done within the same span of hours.
pub(super) fn starts(store: &Store, date: NaiveDate, minutes: u32) -> impl Iterator<Item = DateTime<Utc>> {
    let instant = instants(store, date);
    let last_start = store.booking.last_start.map_or(24 * 60, |time| time.num_seconds_from_midnight() / 60);
    store.hours.on(date).iter().flat_map(move |span| {
        let instant = instant.clone();
        let close = instant(span.closes).or_else(|| end(store, date, span.closes));
        let step = store.booking.granularity_minutes as usize;
        (span.opens..span.closes).step_by(step).take_while(move |minute| *minute <= last_start).filter_map(
            move |minute| {
                let start = instant(minute)?;
                (start + Duration::minutes(minutes.into()) <= close?).then_some(start)
            },
        )
    })
}

/// The instants of this date's minutes. On most days the clocks do not change, and one look at the time zone will do.
pub(super) fn instants(store: &Store, date: NaiveDate) -> impl Fn(u32) -> Option<DateTime<Utc>> + Clone {
    let midnight = date.and_time(NaiveTime::MIN);
    let (begins, ends) = (store.instant(midnight), store.instant(midnight + Duration::days(1)));
    let regular =
        begins.zip(ends).filter(|(begins, ends)| *ends - *begins == Duration::days(1)).map(|(begins, _)| begins);
    move |minute| {
        let minutes = Duration::minutes(minute.into());
        regular.map_or_else(|| store.instant(midnight + minutes), |midnight| Some(midnight + minutes))
    }
}

/// The instant at which the local time is no longer before this minute. Where the clocks are put forward over it (in some
/// countries at midnight) that is when they are.
pub(super) fn end(store: &Store, date: NaiveDate, minute: u32) -> Option<DateTime<Utc>> {
    let local: NaiveDateTime = date.and_time(NaiveTime::MIN) + Duration::minutes(minute.into());
    let minutes = (1..=180).map(Duration::minutes);
    minutes.into_iter().find_map(|back| store.instant(local - back)).map(|last| last + Duration::minutes(1))
}

/// What is free for one piece of work.
pub(super) struct Search<'a> {
    pub(super) store: &'a Store,
    pub(super) load: &'a Load,
    pub(super) work: &'a Work,
    /// For each step the bays that are equipped for it, the least special first.
    pub(super) bays: Vec<Vec<Place<'a>>>,
    /// For each step the technicians who are trained for it, the least special first.
    pub(super) technicians: Vec<Vec<Person<'a>>>,
}

pub(super) struct Place<'a> {
    number: u32,
    pub(super) taken: Option<&'a Bits>,
}

pub(super) struct Person<'a> {
    id: &'a str,
    /// On shift and not taken.
    free: Bits,
}

impl<'a> Search<'a> {
    pub(super) fn new(store: &'a Store, load: &'a Load, work: &'a Work, dates: &[NaiveDate]) -> Self {
        let bays = work.steps.iter().map(|step| equipped(store, load, (work, step))).collect();
        let technicians = work.steps.iter().map(|step| trained(store, load, (work, step), dates)).collect();
        Self { store, load, work, bays, technicians }
    }

    /// Which of the limits that hold for a whole day leaves no room on this date.
    pub(super) fn lacking_that_day(&self, date: NaiveDate) -> Option<Obstacle> {
        let (store, unit) = (self.store, day_unit(date));
        let room =
            |resource: &str, seats: Option<u32>| seats.is_none_or(|seats| self.load.count(resource, unit) < seats);
        if !room(claims::DAY, store.booking.per_day) {
            return Some(Obstacle::DayFull);
        }
        let full = self.work.services.iter().find(|id| {
            let seats = store.service(id).and_then(|service| service.per_day);
            seats.is_some() && !room(&claims::service_resource(id), seats)
        });
        if let Some(service) = full {
            return Some(Obstacle::ServiceFull(service.clone()));
        }
        let options = &store.transport;
        let offered = |transport: &Transport| match transport {
            Transport::Wait => {
                options.can_wait_for(self.work.minutes())
                    && room(claims::WAIT, options.wait.as_ref().and_then(|wait| wait.per_day))
            }
            Transport::Loaner => room(claims::LOANER, Some(options.loaner.as_ref().map_or(0, |loaner| loaner.fleet))),
            other => options.has(*other),
        };
        self.work.transport.filter(|transport| !offered(transport)).map(Obstacle::NoTransport)
    }

    fn opening(&self, start: DateTime<Utc>) -> Option<Opening> {
        if !self.transport_has_room(start) {
            return None;
        }
        let mut stations: Vec<Station> = Vec::with_capacity(self.work.steps.len());
        let mut begins = start;
        for (index, step) in self.work.steps.iter().enumerate() {
            let station = self.station(index, step, begins, stations.last())?;
            stations.push(station);
            begins += Duration::minutes(step.minutes.into());
        }
        let advisor = if self.store.advisors.is_empty() { None } else { Some(self.advisor(start)?.to_owned()) };
        Some(Opening { start, stations, advisor })
    }

    /// A bay and a technician for one step; those of the step before where they will do.
    pub(super) fn station(
        &self,
        index: usize,
        step: &Step,
        begins: DateTime<Utc>,
        before: Option<&Station>,
    ) -> Option<Station> {
        let quarters = quarters(begins, step.minutes);
        let mut bays = self.bays[index].iter().filter(|bay| bay.taken.is_none_or(|taken| taken.has_none(&quarters)));
        let first = bays.next()?.number;
        let same = before.filter(|before| first == before.bay || bays.any(|bay| bay.number == before.bay));
        let bay = same.map_or(first, |before| before.bay);
        if self.store.technicians.is_empty() && self.work.technician.is_none() {
            return Some(Station { bay, technician: None, minutes: step.minutes });
        }
        let mut people = self.technicians[index].iter().filter(|person| person.free.has_all(&quarters));
        let first = people.next()?.id;
        let same = before.and_then(|before| before.technician.as_deref());
        let same = same.filter(|same| first == *same || people.any(|person| person.id == *same));
        Some(Station { bay, technician: Some(same.unwrap_or(first).to_owned()), minutes: step.minutes })
    }

    pub(super) fn transport_has_room(&self, start: DateTime<Utc>) -> bool {
        let options = &self.store.transport;
        match self.work.transport {
            Some(Transport::Shuttle) => options.shuttle.as_ref().is_some_and(|shuttle| {
                let local = self.store.local(start);
                let drives = shuttle.hours.is_empty() || contains(&shuttle.hours, local);
                drives && self.load.count(claims::SHUTTLE, half_hour(start)) < shuttle.seats
            }),
            Some(Transport::PickUp) => options.pick_up.as_ref().is_some_and(|pick_up| {
                let window = pick_up_window(self.store, start);
                window.is_some_and(|window| self.load.count(claims::PICK_UP, window) < pick_up.per_window)
            }),
            _ => true,
        }
    }

    /// Who can receive the customer: of those asked for the one who has the fewest others at that time.
    pub(super) fn advisor(&self, start: DateTime<Utc>) -> Option<&'a str> {
        let store = self.store;
        let unit = half_hour(start);
        let asked_for = |advisor: &&capacity::Advisor| self.work.advisor.as_ref().is_none_or(|id| advisor.id == *id);
        let received = |advisor: &capacity::Advisor| self.load.count(&claims::advisor_resource(&advisor.id), unit);
        let free = store.advisors.iter().filter(asked_for).filter_map(|advisor| {
            let received = received(advisor);
            let can = received < advisor.per_half_hour && receives(store, &advisor.shifts, start);
            can.then_some((received, advisor))
        });
        free.min_by_key(|(received, _)| *received).map(|(_, advisor)| advisor.id.as_str())
    }
}

fn equipped<'a>(store: &Store, load: &'a Load, (work, step): (&Work, &Step)) -> Vec<Place<'a>> {
    let mut bays: Vec<_> = store.bays.iter().filter(|bay| will_do(bay, work, step)).collect();
    bays.sort_by_key(|bay| (bay.kinds.len(), bay.number));
    bays.iter().map(|bay| Place { number: bay.number, taken: load.taken(&claims::bay_resource(bay.number)) }).collect()
}

/// Whether this bay is the one asked for, if any is, and is equipped for the step.
pub(super) fn will_do(bay: &capacity::Bay, work: &Work, step: &Step) -> bool {
    work.bay.is_none_or(|number| bay.number == number) && step.bay.as_ref().is_none_or(|kind| bay.kinds.contains(kind))
}

/// Whether this technician is the one asked for, if any is, and is trained for the step.
pub(super) fn can_do(technician: &capacity::Technician, work: &Work, step: &Step) -> bool {
    work.technician.as_ref().is_none_or(|id| technician.id == *id)
        && step.skill.as_ref().is_none_or(|skill| technician.skills.contains(skill))
}

fn trained<'a>(store: &'a Store, load: &Load, (work, step): (&Work, &Step), dates: &[NaiveDate]) -> Vec<Person<'a>> {
    let mut technicians: Vec<_> =
        store.technicians.iter().filter(|technician| can_do(technician, work, step)).collect();
    technicians.sort_by_key(|technician| technician.skills.len());
    technicians
        .into_iter()
        .map(|technician| {
            let mut free = Bits::none(load.quarters());
            for date in dates {
                for quarters in shift_quarters(store, technician.shifts.on(*date, store.hours.on(*date)), *date) {
                    free.add(quarters);
                }
            }
            if let Some(taken) = load.taken(&claims::technician_resource(&technician.id)) {
                free.remove(taken);
            }
            Person { id: &technician.id, free }
        })
        .collect()
}

pub(super) fn shift_bits(store: &Store, range: &Range<i64>, spans: &[Span], date: NaiveDate) -> Bits {
    let mut bits = Bits::none(range);
    for quarters in shift_quarters(store, spans, date) {
        bits.add(quarters);
    }
    bits
}

/// The whole quarters of an hour that these spans of a date cover.
fn shift_quarters(store: &Store, spans: &[Span], date: NaiveDate) -> impl Iterator<Item = Range<i64>> {
    let instant = instants(store, date);
    let at = move |minute: u32| instant(minute).or_else(|| end(store, date, minute));
    spans.iter().filter_map(move |span| {
        let (opens, closes) = (at(span.opens)?, at(span.closes)?);
        let first = quarters(opens + Duration::minutes(14), 1).start;
        Some(first..quarters(closes, 1).start)
    })
}

fn receives(store: &Store, shifts: &Shifts, start: DateTime<Utc>) -> bool {
    let local = store.local(start);
    contains(shifts.on(local.date(), store.hours.on(local.date())), local)
}

fn contains(spans: &[Span], local: NaiveDateTime) -> bool {
    let minute = local.hour() * 60 + local.minute();
    spans.iter().any(|span| span.contains(minute))
}
