//! What is taken already.

use super::Opening;
use super::bits::Bits;
use crate::claims::{self, counted_claims};
use crate::transport::Transport;
use crate::{Store, openings::QUARTER_MILLISECONDS};
use chrono::{Days, NaiveDate, NaiveTime};
use std::collections::BTreeMap;
use std::ops::Range;

/// Something that takes capacity: an appointment, or an opening that is held for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// When, where and by whom.
    pub opening: Opening,
    /// Ids of menu items.
    pub services: Vec<String>,
    /// How the customer gets about.
    pub transport: Option<Transport>,
}

/// What is taken already, for a range of dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// First date that it tells about.
    pub from: NaiveDate,
    /// Last date that it tells about.
    pub until: NaiveDate,
    quarters: Range<i64>,
    places: BTreeMap<String, Bits>,
    counts: BTreeMap<String, BTreeMap<i64, u32>>,
}

impl Load {
    /// The load of these dates: `booked` is whatever takes capacity then.
    pub fn new(store: &Store, from: NaiveDate, until: NaiveDate, booked: impl IntoIterator<Item = Booked>) -> Self {
        // A day's margin on both sides covers every time zone.
        let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
        let unit = |millis: i64| millis.div_euclid(QUARTER_MILLISECONDS);
        let quarters = unit(midnight(from - Days::new(1)))..unit(midnight(until + Days::new(3)));
        let mut load = Self { from, until, quarters, places: BTreeMap::new(), counts: BTreeMap::new() };
        for booked in booked {
            load.take(store, &booked);
        }
        load
    }

    /// The same, for one of its dates only; `None` for a date that it does not tell about.
    pub fn on(&self, date: NaiveDate) -> Option<Self> {
        (self.from..=self.until).contains(&date).then(|| Self { from: date, until: date, ..self.clone() })
    }

    /// Takes in one more.
    pub fn take(&mut self, store: &Store, booked: &Booked) {
        for (station, quarters) in booked.opening.stations_at() {
            self.occupy(claims::bay_resource(station.bay), quarters.clone());
            if let Some(technician) = &station.technician {
                self.occupy(claims::technician_resource(technician), quarters);
            }
        }
        for claim in counted_claims(store, &booked.opening, &booked.services, booked.transport) {
            let units = self.counts.entry(claim.resource).or_default();
            for unit in claim.units {
                *units.entry(unit).or_default() += 1;
            }
        }
    }

    fn occupy(&mut self, resource: String, quarters: Range<i64>) {
        self.places.entry(resource).or_insert_with(|| Bits::none(&self.quarters)).add(quarters);
    }

    /// The quarters that it tells about.
    pub(super) fn quarters(&self) -> &Range<i64> {
        &self.quarters
    }

    /// The quarters in which a bay or a technician is taken.
    pub(super) fn taken(&self, resource: &str) -> Option<&Bits> {
        self.places.get(resource)
    }

    /// How many seats of a resource are taken in this unit of time.
    pub(super) fn count(&self, resource: &str, unit: i64) -> u32 {
        self.counts.get(resource).and_then(|units| units.get(&unit)).copied().unwrap_or_default()
    }
}
