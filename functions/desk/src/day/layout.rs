//! Where things stand on the page of a day: pure arithmetic in quarters of an hour. Rows are counted in time that passes, not
//! in what clocks show, so that a day of 23 or 25 hours has as many rows as it is long.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Timelike, Utc};
use lanekeeper_domain::Store;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::capacity::Shifts;
use lanekeeper_domain::hours::Span;
use lanekeeper_domain::openings::{QUARTER_MILLISECONDS, quarters};
use std::collections::BTreeMap;
use std::ops::Range;

/// What the columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The people who work on cars.
    Technician,
    /// The places where they do.
    Bay,
}

/// Whose work a column shows, or which place's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A technician's, by id.
    Technician(String),
    /// A bay's, by number.
    Bay(u32),
    /// Work that nobody has yet, or somebody who is no longer there.
    Nobody,
}

/// A day as a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The quarter of an hour, since 1970 in UTC, of the first row.
    pub first: i64,
    /// How many rows there are.
    pub rows: usize,
    /// The rows in which an hour begins, each with the instant.
    pub hours: Vec<(usize, DateTime<Utc>)>,
    /// The row in which it is now, where that is on this day.
    pub now: Option<usize>,
    /// One column for each technician or bay, and one for work that nobody has where there is any.
    pub columns: Vec<Column>,
    /// For each row how much of what there is is taken.
    pub load: Vec<Share>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Whose.
    pub place: Place,
    /// Rows in which nobody works there.
    pub off: Vec<Range<usize>>,
    /// What is done there.
    pub blocks: Vec<Block>,
    /// How much of its time is taken.
    pub share: Share,
}

/// One step of an appointment's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The place of the appointment among those of the day.
    pub entry: usize,
    /// Which of its steps.
    pub step: usize,
    /// Its rows.
    pub rows: Range<usize>,
    /// Beside how many others it stands, and in which place, where steps overlap.
    pub lane: usize,
    /// How many stand beside each other there.
    pub lanes: usize,
}

/// So much of so much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// What is taken.
    pub taken: u32,
    /// What there is.
    pub of: u32,
}

impl Share {
    /// In hundredths, rounded down; more than all counts as all.
    pub fn percent(self) -> u32 {
        let whole = if self.taken > 0 { 100 } else { 0 };
        (self.taken * 100).checked_div(self.of).map_or(whole, |percent| percent.min(100))
    }

    /// Whether nothing is left.
    pub fn is_full(self) -> bool {
        self.taken >= self.of
    }
}

/// The columns that a store has, without the one for work that nobody has.
pub fn places(store: &Store, by: By) -> Vec<Place> {
    match by {
        By::Technician => store.technicians.iter().map(|one| Place::Technician(one.id.clone())).collect(),
        By::Bay => store.bays.iter().map(|bay| Place::Bay(bay.number)).collect(),
    }
}

/// The day as a grid: `appointments` are those that take time on it.
pub fn grid(store: &Store, by: By, date: NaiveDate, appointments: &[Appointment], now: DateTime<Utc>) -> Grid {
    let day = day_quarters(store, date);
    let known = places(store, by);
    let mut blocks: BTreeMap<Place, Vec<(usize, usize, Range<i64>)>> = BTreeMap::new();
    for (entry, appointment) in appointments.iter().enumerate() {
        for (step, (station, taken)) in appointment.opening.stations_at().enumerate() {
            let place = match by {
                By::Technician => station.technician.clone().map_or(Place::Nobody, Place::Technician),
                By::Bay => Place::Bay(station.bay),
            };
            let place = if known.contains(&place) { place } else { Place::Nobody };
            let taken = taken.start.max(day.start)..taken.end.min(day.end);
            if !taken.is_empty() {
                blocks.entry(place).or_default().push((entry, step, taken));
            }
        }
    }
    let hours = store.hours.on(date);
    let open = span_quarters(store, date, hours);
    let work_ranges = blocks.values().flatten().map(|(_, _, taken)| taken.clone());
    let shown = open.iter().cloned().chain(work_ranges).reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
    let shown = whole_hours(store, &shown.unwrap_or_else(|| day.start + 32..day.start + 72), &day);
    let row = |quarter: i64| usize::try_from((quarter - shown.start).max(0)).unwrap_or_default();
    let rows = row(shown.end);

    let unowned = blocks.remove(&Place::Nobody).map(|blocks| (Place::Nobody, blocks));
    let mut load = vec![Share::default(); rows];
    let columns = known.into_iter().map(|place| {
        let blocks = blocks.remove(&place).unwrap_or_default();
        (place, blocks)
    });
    let columns: Vec<Column> = columns
        .chain(unowned)
        .map(|(place, blocks)| {
            let there = there(store, &place, date, hours);
            let mut present = vec![false; rows];
            for at in there.iter().flat_map(|range| row(range.start)..row(range.end).min(rows)) {
                present[at] = true;
            }
            let mut share = Share { taken: 0, of: count(present.iter().filter(|there| **there).count()) };
            let blocks: Vec<(usize, usize, Range<usize>)> = blocks
                .into_iter()
                .map(|(entry, step, taken)| (entry, step, row(taken.start)..row(taken.end)))
                .collect();
            for (at, share_of_row) in load.iter_mut().enumerate() {
                let taken = blocks.iter().any(|(_, _, rows)| rows.contains(&at));
                share.taken += u32::from(taken);
                share_of_row.taken += u32::from(taken);
                share_of_row.of += u32::from(present[at]);
            }
            let off = if place == Place::Nobody { Vec::new() } else { gaps(&present) };
            Column { place, off, blocks: side_by_side(blocks), share }
        })
        .collect();
    let begins = |row: usize| at_quarter(shown.start + i64::try_from(row).unwrap_or_default());
    let hours = (0..rows).filter(|row| store.local(begins(*row)).minute() == 0).map(|row| (row, begins(row))).collect();
    let this_quarter = quarters(now, 1).start;
    let now = shown.contains(&this_quarter).then(|| row(this_quarter));
    Grid { first: shown.start, rows, hours, now, columns, load }
}

/// How many of what is limited by the day are taken, for each limit that the store has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// Appointments.
    Day,
    /// Appointments with this service, by id.
    Service(String),
    /// Customers who wait.
    Wait,
    /// Loaners.
    Loaner,
}

/// The limits of a day with what is taken of each.
pub fn limits(store: &Store, date: NaiveDate, appointments: &[Appointment]) -> Vec<(Limit, Share)> {
    use lanekeeper_domain::Transport;
    let that_day =
        || appointments.iter().filter(move |appointment| store.local(appointment.opening.start).date() == date);
    let by = |transport| count(that_day().filter(|appointment| appointment.transport == Some(transport)).count());
    let mut limits = Vec::new();
    if let Some(of) = store.booking.per_day {
        limits.push((Limit::Day, Share { taken: count(that_day().count()), of }));
    }
    for (service, of) in store.services.iter().filter_map(|service| Some((service, service.per_day?))) {
        let taken = that_day().filter(|appointment| appointment.services.contains(&service.id)).count();
        limits.push((Limit::Service(service.id.clone()), Share { taken: count(taken), of }));
    }
    if let Some(of) = store.transport.wait.as_ref().and_then(|wait| wait.per_day) {
        limits.push((Limit::Wait, Share { taken: by(Transport::Wait), of }));
    }
    if let Some(loaner) = &store.transport.loaner {
        limits.push((Limit::Loaner, Share { taken: by(Transport::Loaner), of: loaner.fleet }));
    }
    limits
}

/// For each advisor, by id, the half hours in which they receive customers: the first row, and how many of how many.
pub fn receptions(store: &Store, grid: &Grid, appointments: &[Appointment]) -> Vec<(String, Vec<(usize, Share)>)> {
    let half_hour = |at: DateTime<Utc>| quarters(at, 1).start.div_euclid(2) * 2;
    let advisors = store.advisors.iter().map(|advisor| {
        let mut halves: BTreeMap<i64, u32> = BTreeMap::new();
        for appointment in appointments {
            if appointment.opening.advisor.as_ref() == Some(&advisor.id) {
                *halves.entry(half_hour(appointment.opening.start)).or_default() += 1;
            }
        }
        let halves = halves.into_iter().filter_map(|(quarter, taken)| {
            let row = usize::try_from(quarter - grid.first).ok().filter(|row| *row < grid.rows)?;
            Some((row, Share { taken, of: advisor.per_half_hour }))
        });
        (advisor.id.clone(), halves.collect())
    });
    advisors.collect()
}

/// What is taken of a column's day: minutes on which somebody works there against those that are there.
pub fn share_of_day(store: &Store, place: &Place, date: NaiveDate, appointments: &[Appointment]) -> Share {
    let there = there(store, place, date, store.hours.on(date));
    let day = day_quarters(store, date);
    let mut taken = 0;
    for appointment in appointments {
        for (station, quarters) in appointment.opening.stations_at() {
            let here = match place {
                Place::Technician(id) => station.technician.as_ref() == Some(id),
                Place::Bay(number) => station.bay == *number,
                Place::Nobody => false,
            };
            if here {
                taken += (quarters.end.min(day.end) - quarters.start.max(day.start)).max(0);
            }
        }
    }
    let of: i64 = there.iter().map(|range| range.end - range.start).sum();
    Share { taken: u32::try_from(taken).unwrap_or_default(), of: u32::try_from(of).unwrap_or_default() }
}

/// The quarters of an hour of a date: 96, or fewer or more where the clocks change.
fn day_quarters(store: &Store, date: NaiveDate) -> Range<i64> {
    instant(store, date, 0)..instant(store, date + Days::new(1), 0)
}

/// The quarter in which a minute of a date begins; where the clocks are put forward over it, in which they are.
fn instant(store: &Store, date: NaiveDate, minute: u32) -> i64 {
    let local = date.and_time(NaiveTime::MIN) + Duration::minutes(minute.into());
    let found = (0..=180).find_map(|later| store.instant(local + Duration::minutes(later)));
    quarters(found.unwrap_or_else(|| local.and_utc()), 1).start
}

fn span_quarters(store: &Store, date: NaiveDate, spans: &[Span]) -> Vec<Range<i64>> {
    spans.iter().map(|span| instant(store, date, span.opens)..instant(store, date, span.closes)).collect()
}

/// When a place is worked in: a technician's shifts, the store's hours for a bay.
fn there(store: &Store, place: &Place, date: NaiveDate, hours: &[Span]) -> Vec<Range<i64>> {
    let shifts = |shifts: &Shifts| span_quarters(store, date, shifts.on(date, hours));
    match place {
        Place::Technician(id) => {
            let technician = store.technicians.iter().find(|technician| technician.id == *id);
            technician.map(|technician| shifts(&technician.shifts)).unwrap_or_default()
        }
        Place::Bay(_) => span_quarters(store, date, hours),
        Place::Nobody => Vec::new(),
    }
}

/// The same range from a whole hour of the store's clocks to another one, within the day.
fn whole_hours(store: &Store, shown: &Range<i64>, day: &Range<i64>) -> Range<i64> {
    let is_whole = |quarter: &i64| store.local(at_quarter(*quarter)).minute() == 0;
    let start = (day.start..=shown.start).rev().find(is_whole).unwrap_or(day.start);
    let end = (shown.end..day.end).find(is_whole).unwrap_or(day.end);
    start..end
}

fn at_quarter(quarter: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(quarter * QUARTER_MILLISECONDS).unwrap_or_default()
}

/// The runs of rows in which nobody is there.
fn gaps(present: &[bool]) -> Vec<Range<usize>> {
    let mut gaps: Vec<Range<usize>> = Vec::new();
    for (row, _) in present.iter().enumerate().filter(|(_, there)| !**there) {
        match gaps.last_mut().filter(|gap| gap.end == row) {
            Some(gap) => gap.end = row + 1,
            None => gaps.push(row..row + 1),
        }
    }
    gaps
}

/// Blocks that overlap stand side by side: each takes the first lane that is free, and all of a cluster are as narrow.
fn side_by_side(mut blocks: Vec<(usize, usize, Range<usize>)>) -> Vec<Block> {
    blocks.sort_by_key(|(entry, step, rows)| (rows.start, rows.end, *entry, *step));
    let mut placed: Vec<Block> = Vec::new();
    let (mut cluster, mut ends, mut cluster_end) = (0, Vec::<usize>::new(), 0);
    for (entry, step, rows) in blocks {
        if rows.start >= cluster_end {
            (cluster, ends) = (placed.len(), Vec::new());
        }
        let lane = ends.iter().position(|end| *end <= rows.start).unwrap_or(ends.len());
        if lane == ends.len() {
            ends.push(rows.end);
        } else {
            ends[lane] = rows.end;
        }
        cluster_end = cluster_end.max(rows.end);
        placed.push(Block { entry, step, rows, lane, lanes: 0 });
        for block in &mut placed[cluster..] {
            block.lanes = ends.len();
        }
    }
    placed
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanekeeper_domain::openings::{Opening, Station};

    fn store() -> Store {
        serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn appointment(store: &Store, local: &str, stations: &[(u32, &str, u32)]) -> Appointment {
        let station = |(bay, technician, minutes): &(u32, &str, u32)| Station {
            bay: *bay,
            technician: (!technician.is_empty()).then(|| (*technician).to_owned()),
            minutes: *minutes,
        };
        Appointment {
            id: local.to_owned(),
            services: vec!["oil-change".to_owned()],
            opening: Opening {
                start: store.instant(local.parse().unwrap()).unwrap(),
                stations: stations.iter().map(station).collect(),
                advisor: Some("maya".to_owned()),
            },
            transport: None,
            vehicle: None,
            sequence: 0,
        }
    }

    fn now() -> DateTime<Utc> {
        "2026-11-24T16:05:00Z".parse().unwrap()
    }

    #[test]
    fn steps_stand_where_and_when_they_are_done() {
        let store = store();
        let day = [appointment(&store, "2026-11-24T09:00:00", &[(1, "ben", 45), (3, "rosa", 60)])];
        let grid = grid(&store, By::Technician, date("2026-11-24"), &day, now());
        // Open from 7:30 to 18:00; shown from seven.
        assert_eq!((grid.rows, grid.hours.len(), grid.now), (44, 11, Some(12)));
        let of =
            |id: &str| grid.columns.iter().find(|column| column.place == Place::Technician(id.to_owned())).unwrap();
        assert_eq!(of("ben").blocks[0].rows, 8..11);
        assert_eq!(of("rosa").blocks[0].rows, 11..15, "after it");
        assert_eq!((of("ben").off.len(), of("ben").off[0].clone()), (1, 0..2), "before the store opens");
        assert_eq!(of("ben").share, Share { taken: 3, of: 42 });
        assert_eq!((grid.load[8], grid.load[0]), (Share { taken: 1, of: 3 }, Share { taken: 0, of: 0 }));
        let bays = super::grid(&store, By::Bay, date("2026-11-24"), &day, now());
        let busy: Vec<usize> = bays.columns.iter().map(|column| column.blocks.len()).collect();
        assert_eq!(busy, [1, 0, 1]);
    }

    #[test]
    fn work_that_nobody_has_gets_a_column_of_its_own() {
        let store = store();
        let day = [
            appointment(&store, "2026-11-24T09:00:00", &[(1, "", 45)]),
            appointment(&store, "2026-11-24T09:15:00", &[(2, "left-the-store", 60)]),
            appointment(&store, "2026-11-24T09:45:00", &[(2, "", 30)]),
        ];
        let grid = grid(&store, By::Technician, date("2026-11-24"), &day, now());
        let nobodys = grid.columns.last().unwrap();
        assert_eq!((&nobodys.place, nobodys.off.len()), (&Place::Nobody, 0));
        // The first and the third follow one another; the second stands beside both.
        let lanes: Vec<_> = nobodys.blocks.iter().map(|block| (block.entry, block.lane, block.lanes)).collect();
        assert_eq!(lanes, [(0, 0, 2), (1, 1, 2), (2, 0, 2)]);
    }

    #[test]
    fn days_on_which_the_clocks_change_are_as_long_as_they_are() {
        let mut store = store();
        for day in ["2026-11-01", "2027-03-14"] {
            store.hours.exceptions.insert(date(day), vec!["00:00-24:00".parse().unwrap()]);
        }
        let rows = |day: &str| grid(&store, By::Bay, date(day), &[], now()).rows;
        assert_eq!((rows("2026-11-01"), rows("2027-03-14")), (100, 92));
        let long = grid(&store, By::Bay, date("2026-11-01"), &[], now());
        let clocks: Vec<String> =
            long.hours.iter().take(4).map(|(_, at)| store.local(*at).format("%H").to_string()).collect();
        assert_eq!(clocks, ["00", "01", "01", "02"], "one o'clock comes twice");
        let late = [appointment(&store, "2026-11-01T03:00:00", &[(1, "ben", 30)])];
        let block = grid(&store, By::Bay, date("2026-11-01"), &late, now()).columns[0].blocks[0].rows.clone();
        assert_eq!(block, 16..18, "four hours after midnight");
    }

    #[test]
    fn a_day_that_is_closed_can_still_be_looked_at() {
        let thanksgiving = grid(&store(), By::Technician, date("2026-11-26"), &[], now());
        assert_eq!((thanksgiving.rows, thanksgiving.now), (40, None));
        assert!(thanksgiving.columns.iter().all(|column| column.off.first() == Some(&(0..40))));
    }

    #[test]
    fn limits_and_receptions_are_counted() {
        let mut store = store();
        store.booking.per_day = Some(2);
        let mut day = vec![appointment(&store, "2026-11-24T09:00:00", &[(1, "ben", 45)])];
        day.push(Appointment {
            transport: Some(lanekeeper_domain::Transport::Loaner),
            ..appointment(&store, "2026-11-24T09:15:00", &[(2, "rosa", 45)])
        });
        let all = limits(&store, date("2026-11-24"), &day);
        let of = |limit: Limit| all.iter().find(|(known, _)| *known == limit).unwrap().1;
        assert_eq!(of(Limit::Day), Share { taken: 2, of: 2 });
        assert!(of(Limit::Day).is_full());
        assert_eq!(of(Limit::Loaner), Share { taken: 1, of: 2 });
        let grid = grid(&store, By::Bay, date("2026-11-24"), &day, now());
        let halves = receptions(&store, &grid, &day);
        assert_eq!(halves[0], ("maya".to_owned(), vec![(8, Share { taken: 2, of: 2 })]));
        assert!(halves[1].1.is_empty());
    }

    #[test]
    fn shares_are_whole_hundredths() {
        let percent = |taken, of| Share { taken, of }.percent();
        assert_eq!([percent(1, 3), percent(0, 0), percent(1, 0), percent(9, 3)], [33, 0, 100, 100]);
    }
}
