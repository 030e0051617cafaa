//! The waitlist: customers who would like an earlier time, or any at all.

use crate::openings::{Opening, Wish, window};
use crate::{Store, Transport};
use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// How long an opening is held for the customer to whom it is offered, in minutes.
pub const HELD_MINUTES: i64 = 30;

/// What somebody waits for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// Ids of menu items, the main one first.
    pub services: Vec<String>,
    /// What is wrong with the car, in the customer's words.
    pub concern: Option<String>,
    /// When it should be.
    pub wish: Wish,
    /// Id of the appointment that would be moved to an earlier time; `None` where there is none yet.
    pub appointment: Option<String>,
    /// Id of the car, when it is known.
    pub vehicle: Option<String>,
    /// How the customer gets about meanwhile.
    pub transport: Option<Transport>,
    /// Where the car is fetched.
    pub transport_address: Option<String>,
    /// The advisor asked for, by id.
    pub advisor: Option<String>,
}

/// An entry of the waitlist, as its customer's turns see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// What is waited for.
    pub waiting: Waiting,
    /// The opening that is held for the customer, and until when.
    pub offered: Option<(Opening, DateTime<Utc>)>,
}

/// Until when it makes sense to wait: the end of the days that are wished for, the appointment that there is already
/// (`earlier_than`), or the last date that can be booked.
pub fn until(store: &Store, wish: &Wish, earlier_than: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    let last = window(store, now).1;
    let day = wish.date_end.or(wish.date).unwrap_or(last).min(last);
    let midnight = (day + Days::new(1)).and_time(NaiveTime::MIN);
    let end = store.instant(midnight).unwrap_or_else(|| midnight.and_utc());
    earlier_than.map_or(end, |earlier_than| earlier_than.min(end))
}

/// The opening to offer to somebody who waits: the first that suits, was not refused before, leaves time to answer and is
/// earlier than the appointment that there is already (`before`).
pub fn fitting<'a>(
    store: &Store,
    openings: &'a [Opening],
    waiting: &Waiting,
    refused: &[DateTime<Utc>],
    before: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<&'a Opening> {
    let notice = Duration::minutes(i64::from(store.booking.notice_minutes) + HELD_MINUTES);
    openings.iter().find(|opening| {
        opening.start >= now + notice
            && before.is_none_or(|before| opening.start < before)
            && !refused.contains(&opening.start)
            && waiting.wish.suits(store, opening)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{NaiveDate, NaiveTime};

    #[test]
    fn waits_as_long_as_it_makes_sense() {
        let store: Store = serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap();
        let date = |day| NaiveDate::from_ymd_opt(2026, 11, day);
        let midnight = |date: NaiveDate| store.instant(date.and_hms_opt(0, 0, 0).unwrap()).unwrap();
        let now = midnight(date(20).unwrap()) + Duration::hours(10);
        let end_of = |wish: &Wish| until(&store, wish, None, now);
        let tuesday = Wish { date: date(24), ..Wish::default() };
        assert_eq!(end_of(&tuesday), midnight(date(25).unwrap()));
        assert_eq!(end_of(&Wish { date_end: date(26), ..tuesday.clone() }), midnight(date(27).unwrap()));
        assert_eq!(end_of(&Wish::default()), midnight(window(&store, now).1 + Days::new(1)), "as far as can be booked");
        assert_eq!(until(&store, &tuesday, Some(now), now), now, "there is nothing earlier than the appointment then");
    }

    #[test]
    fn offers_what_suits_is_earlier_and_leaves_time_to_answer() {
        let store: Store = serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap();
        let date = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let at = |hour| store.instant(date.and_hms_opt(hour, 0, 0).unwrap()).unwrap();
        let openings: Vec<Opening> = [8, 9, 14, 16].map(|hour| Opening::in_bay(1, at(hour), 45)).to_vec();
        let any = Waiting::default();
        let hour = |waiting: &Waiting, refused: &[DateTime<Utc>], before, now| {
            let found = fitting(&store, &openings, waiting, refused, before, now)?;
            Some(store.local(found.start).format("%H").to_string())
        };
        assert_eq!(hour(&any, &[], None, at(6)).as_deref(), Some("08"));
        assert_eq!(hour(&any, &[at(8)], None, at(6)).as_deref(), Some("09"), "8:00 was refused");
        assert_eq!(hour(&any, &[], None, at(7)).as_deref(), Some("09"), "8:00 is too soon to be answered");
        assert_eq!(hour(&any, &[], Some(at(8)), at(6)), None, "not earlier");
        let afternoon = Wish { time_after: NaiveTime::from_hms_opt(15, 0, 0), ..Wish::default() };
        assert_eq!(hour(&Waiting { wish: afternoon, ..any }, &[], None, at(6)).as_deref(), Some("16"));
    }
}
