//! A group of stores: what its stores do for one another.

use crate::openings::{Load, Opening, Wish, openings};
use crate::{Store, Work};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a group wants of all its stores; nothing unless it says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroupSettings {
    /// A store that has nothing on the wished day names an opening of a sister store.
    pub offer_sister_stores: bool,
    /// A store takes over the name and the cars of a customer whom it does not know and a sister store does.
    pub share_customers: bool,
}

/// Another store of the group, with what is taken there.
#[derive(Debug, Clone)]
pub struct Sister {
    /// Its rules.
    pub store: Store,
    /// What is taken there on the dates under discussion.
    pub load: Load,
}

impl Sister {
    /// The first opening there that is all that was wished, on its own clocks and by its own rules.
    pub fn opening(&self, work: &Work, wish: &Wish, now: DateTime<Utc>) -> Option<Opening> {
        // Advisors are people of one store.
        let work = Work { transport: work.transport, ..Work::of(&self.store, &work.services, work.class) };
        let found = openings(&self.store, &self.load, &work, now);
        found.into_iter().find(|opening| wish.suits(&self.store, opening))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openings::Booked;
    use chrono::{Days, NaiveDate, NaiveTime};

    fn sister(edit: impl FnOnce(&mut Store), taken: bool) -> Sister {
        let mut store: Store = serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap();
        edit(&mut store);
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let start = store.instant(day.and_time(NaiveTime::MIN)).unwrap();
        let blocked =
            |bay: u32| Booked { opening: Opening::in_bay(bay, start, 24 * 60), services: Vec::new(), transport: None };
        let bays: Vec<Booked> = store.bays.iter().filter(|_| taken).map(|bay| blocked(bay.number)).collect();
        let load = Load::new(&store, day - Days::new(3), day + Days::new(10), bays);
        Sister { store, load }
    }

    fn local_start(sister: &Sister, wish: &Wish) -> Option<String> {
        let work = Work::of(&sister.store, &["oil-change".to_owned()], None);
        let opening = sister.opening(&work, wish, "2026-11-20T16:00:00Z".parse().unwrap())?;
        Some(sister.store.local(opening.start).format("%m-%d %H:%M").to_string())
    }

    fn tuesday(time: Option<&str>) -> Wish {
        let time = time.map(|time| time.parse().unwrap());
        Wish { date: NaiveDate::from_ymd_opt(2026, 11, 24), time, ..Wish::default() }
    }

    #[test]
    fn only_what_suits_is_named() {
        assert_eq!(local_start(&sister(|_| {}, false), &tuesday(Some("09:00:00"))).as_deref(), Some("11-24 09:00"));
        assert_eq!(local_start(&sister(|_| {}, true), &tuesday(None)), None, "full that day too");
        assert_eq!(local_start(&sister(|_| {}, false), &tuesday(Some("23:00:00"))), None, "closed then too");
    }

    #[test]
    fn a_time_is_on_the_sisters_own_clocks() {
        let denver = sister(|store| store.time_zone = "America/Denver".parse().unwrap(), false);
        assert_eq!(local_start(&denver, &tuesday(Some("09:00:00"))).as_deref(), Some("11-24 09:00"));
    }
}
