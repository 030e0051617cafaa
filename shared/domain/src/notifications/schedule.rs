//! When a message is due, and until when it makes sense.

use super::kind::{Class, Kind};
use super::texting_hours::TextingHours;
use crate::Store;
use chrono::{DateTime, Days, Duration, Utc};

/// Who has only just heard of an appointment is not reminded of it: a reminder keeps this much distance, in hours.
const REMINDS_AFTER: i64 = 4;

/// From when on and until when a message of this kind and class may be sent. `event` is the start of the appointment
/// for its reminders and for who did not come, the day on which regular work is due, and else the instant at which it
/// happened. `None` when there is no time at which it would be both allowed and of use.
///
/// Nothing but replies to what the customer just did comes due outside the hours for texting at the customer's place.
pub fn due_and_expiry(
    (kind, class): (Kind, Class),
    event: DateTime<Utc>,
    now: DateTime<Utc>,
    store: &Store,
    hours: &TextingHours,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let (due, expires) = match kind {
        Kind::Reminder24h => {
            let due = nearest(hours, the_day_before(store, event)?)?;
            (due, hours.end(due).min(event - Duration::hours(1)))
        }
        Kind::Reminder2h => {
            let due = hours.next(event - Duration::hours(2))?;
            (due, event - Duration::minutes(30))
        }
        // A person has written it; it is worth trying for long.
        Kind::Reply => {
            let due = if class == Class::Conversational { now } else { hours.next(now)? };
            (due, due + Duration::days(1))
        }
        _ if class == Class::Conversational => (now, hours.end(now).max(now + Duration::hours(1))),
        _ => {
            let due = hours.next(wanted(kind, event, store).max(now))?;
            (due, usefulness(kind).map_or_else(|| hours.end(due), |lasts| due + lasts))
        }
    };
    let reminds = matches!(kind, Kind::Reminder24h | Kind::Reminder2h);
    let too_soon = reminds && due <= now + Duration::hours(REMINDS_AFTER);
    (due < expires && !too_soon).then_some((due, expires))
}

/// When it should be sent if it were never night.
fn wanted(kind: Kind, event: DateTime<Utc>, store: &Store) -> DateTime<Utc> {
    let settings = &store.notifications;
    match kind {
        Kind::Satisfaction => event + Duration::hours(settings.satisfaction_after_hours.into()),
        Kind::NoShow => event + Duration::hours(settings.no_show_follow_up_hours.into()),
        Kind::MaintenanceDue => event - Duration::days(settings.maintenance_ahead_days.into()),
        Kind::DeclinedWork => event + Duration::days(settings.declined_after_days.into()),
        _ => event,
    }
}

/// How long it makes sense once it is due. What could not be sent before the night (a provider was down, say) waits for
/// the morning. `None`: it is stale by then.
fn usefulness(kind: Kind) -> Option<Duration> {
    match kind {
        Kind::AddedWork | Kind::Ready | Kind::NoShow => Some(Duration::days(2)),
        Kind::Satisfaction => Some(Duration::days(3)),
        Kind::MaintenanceDue | Kind::DeclinedWork => Some(Duration::days(14)),
        _ => None,
    }
}

/// The same time on the store's clocks the day before.
fn the_day_before(store: &Store, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let eve = store.local(start).checked_sub_days(Days::new(1))?;
    // Where the clocks are put forward over it, an hour later exists.
    store.instant(eve).or_else(|| store.instant(eve + Duration::hours(1)))
}

/// The instant in the hours for texting that is nearest to the one wanted.
fn nearest(hours: &TextingHours, wanted: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (before, after) = (hours.last(wanted)?, hours.next(wanted)?);
    Some(if wanted - before < after - wanted { before } else { after })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SendingHours;
    use chrono::{NaiveDateTime, Timelike};
    use lanekeeper_zones::{America, Asia, Europe, Pacific, Tz};
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    fn lakeside() -> Store {
        serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap()
    }

    fn local(store: &Store, text: &str) -> DateTime<Utc> {
        store.instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()).unwrap()
    }

    /// From when until when, for a customer in `zone`; all of it on the store's clocks.
    fn times(store: &Store, kind: Kind, event: &str, zone: Tz) -> Option<(String, String)> {
        let hours = TextingHours::in_zones(&store.sending, vec![zone]);
        let event = local(store, event);
        // Whatever looks ahead was made long before.
        let ahead = matches!(kind, Kind::Reminder24h | Kind::Reminder2h | Kind::MaintenanceDue);
        let now = if ahead { event - Duration::days(90) } else { event };
        let (due, expires) = due_and_expiry((kind, kind.class()), event, now, store, &hours)?;
        let shown = |instant| store.local(instant).format("%Y-%m-%d %H:%M").to_string();
        Some((shown(due), shown(expires)))
    }

    fn due(store: &Store, kind: Kind, event: &str) -> Option<String> {
        times(store, kind, event, store.time_zone).map(|(due, _)| due)
    }

    #[test]
    fn reminds_at_the_same_hour_the_day_before() {
        let store = lakeside();
        let at = |start| due(&store, Kind::Reminder24h, start);
        assert_eq!(at("2026-11-24 09:00").as_deref(), Some("2026-11-23 09:00"));
        // Over the nights in which the clocks change: the same hour on the clocks, 23 or 25 hours before.
        assert_eq!(at("2027-03-15 09:00").as_deref(), Some("2027-03-14 09:00"));
        assert_eq!(at("2027-03-14 09:00").as_deref(), Some("2027-03-13 09:00"));
        assert_eq!(at("2026-11-01 09:00").as_deref(), Some("2026-10-31 09:00"));
    }

    #[test]
    fn reminds_only_within_the_hours_for_texting() {
        let mut store = lakeside();
        assert_eq!(due(&store, Kind::Reminder24h, "2026-11-24 07:30").as_deref(), Some("2026-11-23 08:00"));
        assert_eq!(due(&store, Kind::Reminder24h, "2026-11-24 23:00").as_deref(), Some("2026-11-23 20:00"));
        assert_eq!(due(&store, Kind::Reminder2h, "2026-11-24 13:00").as_deref(), Some("2026-11-24 11:00"));
        assert_eq!(due(&store, Kind::Reminder2h, "2026-11-24 09:00").as_deref(), Some("2026-11-24 08:00"));
        assert_eq!(due(&store, Kind::Reminder2h, "2026-11-24 08:00"), None, "it would come at the start");
        // A store that texts around the clock: an hour that is skipped is made up for.
        store.sending = SendingHours { from: 0, until: 24 };
        assert_eq!(due(&store, Kind::Reminder24h, "2027-03-15 02:30").as_deref(), Some("2027-03-14 03:30"));
    }

    #[test]
    fn does_not_remind_of_what_was_only_just_confirmed() {
        let store = lakeside();
        let reminded = |kind: Kind, start, now| {
            let hours = TextingHours::in_zones(&store.sending, vec![store.time_zone]);
            due_and_expiry((kind, kind.class()), local(&store, start), local(&store, now), &store, &hours).is_some()
        };
        let eve = |start, now| reminded(Kind::Reminder24h, start, now);
        assert!(!eve("2026-11-21 09:00", "2026-11-20 10:00"), "due in the past");
        assert!(!eve("2026-11-21 13:30", "2026-11-20 10:00"), "due in less than four hours");
        assert!(eve("2026-11-24 14:00", "2026-11-23 09:59"));
        assert!(!reminded(Kind::Reminder2h, "2026-11-24 14:00", "2026-11-24 08:30"));
        assert!(reminded(Kind::Reminder2h, "2026-11-24 14:00", "2026-11-23 17:00"));
    }

    #[test]
    fn what_is_late_is_sent_when_it_may_and_what_the_store_does_at_night_waits() {
        let store = lakeside();
        let hours = TextingHours::in_zones(&store.sending, vec![store.time_zone]);
        let due = |kind, class, event, now| {
            let (due, _) =
                due_and_expiry((kind, class), local(&store, event), local(&store, now), &store, &hours).unwrap();
            store.local(due).format("%Y-%m-%d %H:%M").to_string()
        };
        let late = due(Kind::MaintenanceDue, Class::Promotional, "2026-11-20 12:00", "2026-11-20 22:00");
        assert_eq!(late, "2026-11-21 08:00");
        let by_the_store = due(Kind::Moved, Class::Informational, "2026-11-20 22:00", "2026-11-20 22:00");
        assert_eq!(by_the_store, "2026-11-21 08:00");
    }

    #[test]
    fn it_is_the_customers_night_that_counts() {
        let store = lakeside();
        let seen = |kind, event, zone| times(&store, kind, event, zone).map(|(due, _)| due).unwrap();
        assert_eq!(seen(Kind::Reminder24h, "2026-11-24 08:00", America::Los_Angeles), "2026-11-23 10:00");
        assert_eq!(seen(Kind::Ready, "2026-11-24 20:30", America::New_York), "2026-11-25 07:00");
        assert_eq!(seen(Kind::Ready, "2026-11-24 20:30", America::Los_Angeles), "2026-11-24 20:30");
    }

    #[test]
    fn nothing_is_tried_into_the_night() {
        let store = lakeside();
        let until = |kind, event| times(&store, kind, event, store.time_zone).map(|(_, expires)| expires).unwrap();
        assert_eq!(until(Kind::Booked, "2026-11-20 10:00"), "2026-11-20 21:00");
        assert_eq!(until(Kind::Booked, "2026-11-20 23:50"), "2026-11-21 00:50", "who books at night is awake");
        assert_eq!(until(Kind::Reminder24h, "2026-11-24 09:00"), "2026-11-23 21:00");
        assert_eq!(until(Kind::Reminder2h, "2026-11-24 13:00"), "2026-11-24 12:30");
        assert_eq!(until(Kind::Stage, "2026-11-24 13:00"), "2026-11-24 21:00");
        assert_eq!(until(Kind::Ready, "2026-11-24 13:00"), "2026-11-26 13:00", "the car still waits tomorrow");
    }

    #[test]
    fn what_follows_a_visit_keeps_its_distance() {
        let store = lakeside();
        assert_eq!(due(&store, Kind::Satisfaction, "2026-11-24 16:00").as_deref(), Some("2026-11-24 19:00"));
        assert_eq!(due(&store, Kind::Satisfaction, "2026-11-24 18:30").as_deref(), Some("2026-11-25 08:00"));
        assert_eq!(due(&store, Kind::NoShow, "2026-11-24 09:00").as_deref(), Some("2026-11-24 11:00"));
        assert_eq!(due(&store, Kind::DeclinedWork, "2026-11-24 16:00").as_deref(), Some("2026-12-24 16:00"));
        assert_eq!(due(&store, Kind::MaintenanceDue, "2027-05-24 16:00").as_deref(), Some("2027-05-10 16:00"));
    }

    proptest! {
        #[test]
        fn no_message_that_nobody_waits_for_comes_due_in_the_night_of_any_zone(
            kind in select(&Kind::ALL[..]),
            zones in subsequence(
                vec![
                    America::New_York, America::Chicago, America::Denver, America::Phoenix, America::Los_Angeles,
                    America::St_Johns, Pacific::Honolulu, Asia::Shanghai, Europe::Madrid,
                ],
                1..=3,
            ),
            // Minutes of 2026 to 2028, half of them around clock changes.
            minute in prop_oneof![0..1_578_240_i64, 102_000..106_000_i64, 437_000..442_000_i64],
            ago in -500..500_i64,
            (from, until) in (0..20_u32).prop_flat_map(|from| (Just(from), from + 1..=24)),
        ) {
            let mut store = lakeside();
            store.sending = SendingHours { from, until };
            let event = DateTime::from_timestamp(1_767_225_600 + minute * 60, 0).unwrap();
            let hours = TextingHours::in_zones(&store.sending, zones.clone());
            let now = event - Duration::hours(ago);
            let scheduled = due_and_expiry((kind, kind.class()), event, now, &store, &hours);
            let Some((due, expires)) = scheduled else { return Ok(()) };
            prop_assert!(now <= due && due < expires);
            if kind.class() != Class::Conversational {
                for zone in zones {
                    let hour = due.with_timezone(&zone).hour();
                    prop_assert!((from..until).contains(&hour), "{hour} o'clock in {zone}");
                }
            }
            if matches!(kind, Kind::Reminder24h | Kind::Reminder2h) {
                prop_assert!(expires < event, "a reminder of what has begun");
            }
        }
    }
}
