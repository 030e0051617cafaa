//! What is sent about an appointment apart from the reply: a confirmation now, a reminder the day before.

use crate::act::{Act, CarLabel};
use crate::decision::{Notice, NoticeKind, Subject};
use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use lanekeeper_domain::Store;

/// The messages about an appointment that is booked or moved now. `appointment` is `None` for a new one.
pub fn about(
    store: &Store,
    appointment: Option<&str>,
    services: &[String],
    start: DateTime<Utc>,
    vehicle: Option<&CarLabel>,
    now: DateTime<Utc>,
) -> Vec<Notice> {
    let act = Act::Confirmation {
        services: services.to_vec(),
        start,
        vehicle: vehicle.cloned(),
        moved: appointment.is_some(),
    };
    let confirmation = Notice {
        kind: NoticeKind::Confirmation,
        subject: subject(appointment),
        act,
        question: None,
        due_at: now,
        expires_at: start.min(quiet_from(store, now).max(now + Duration::hours(1))),
    };
    std::iter::once(confirmation).chain(reminder(store, appointment, services, start, vehicle, now)).collect()
}

/// The reminder of an appointment, when there is to be one.
pub fn reminder(
    store: &Store,
    appointment: Option<&str>,
    services: &[String],
    start: DateTime<Utc>,
    vehicle: Option<&CarLabel>,
    now: DateTime<Utc>,
) -> Option<Notice> {
    let due_at = reminder_time(store, start, now)?;
    Some(Notice {
        kind: NoticeKind::Reminder,
        subject: subject(appointment),
        question: None,
        act: Act::Reminder { services: services.to_vec(), start, vehicle: vehicle.cloned() },
        due_at,
        expires_at: quiet_from(store, due_at).min(start - Duration::hours(1)),
    })
}

fn subject(appointment: Option<&str>) -> Subject {
    appointment.map_or(Subject::Booked, |id| Subject::Appointment(id.to_owned()))
}

/// When the store's hours for texting end on the day of this instant. What could not be sent by then, because a provider
/// or we were down, is not sent in the night.
fn quiet_from(store: &Store, instant: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = store.local(instant).date().and_time(NaiveTime::MIN);
    let local = midnight + Duration::hours(store.sending.until.into());
    store.instant(local).or_else(|| store.instant(local + Duration::hours(1))).unwrap_or(instant)
}

/// When to remind: at the same time the day before, within the hours in which the store may text. Not at all when the
/// appointment is made so late that the confirmation has only just arrived.
fn reminder_time(store: &Store, start: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let eve = store.local(start).checked_sub_days(Days::new(1))?;
    let hour = |hour: u32| NaiveTime::from_hms_opt(hour.min(23), 0, 0).unwrap_or(NaiveTime::MIN);
    let time = eve.time().clamp(hour(store.sending.from), hour(store.sending.until - 1));
    // Where the clocks are put forward over it, an hour later exists.
    let local = eve.date().and_time(time);
    let due = store.instant(local).or_else(|| store.instant(local + Duration::hours(1)))?;
    (due > now + Duration::hours(4)).then_some(due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDateTime;

    fn store() -> Store {
        serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap()
    }

    /// When an appointment at `start` that is made at `now` is reminded of; all of it on the store's clocks.
    fn reminded(store: &Store, start: &str, now: &str) -> Option<String> {
        let local = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        let (start, now) = (store.instant(local(start)).unwrap(), store.instant(local(now)).unwrap());
        reminder_time(store, start, now).map(|due| store.local(due).format("%Y-%m-%d %H:%M").to_string())
    }

    #[test]
    fn reminds_at_the_same_hour_the_day_before() {
        let store = store();
        let at = |start, now| reminded(&store, start, now);
        assert_eq!(at("2026-11-24 09:00", "2026-11-20 10:00").as_deref(), Some("2026-11-23 09:00"));
        // Over the nights in which the clocks change: the same hour on the clocks, 23 or 25 hours before.
        assert_eq!(at("2027-03-15 09:00", "2027-03-11 10:00").as_deref(), Some("2027-03-14 09:00"));
        assert_eq!(at("2027-03-14 09:00", "2027-03-11 10:00").as_deref(), Some("2027-03-13 09:00"));
        assert_eq!(at("2026-11-01 09:00", "2026-10-29 10:00").as_deref(), Some("2026-10-31 09:00"));
    }

    #[test]
    fn reminds_only_within_the_hours_for_texting() {
        let mut store = store();
        assert_eq!(reminded(&store, "2026-11-24 07:30", "2026-11-20 10:00").as_deref(), Some("2026-11-23 08:00"));
        assert_eq!(reminded(&store, "2026-11-24 23:00", "2026-11-20 10:00").as_deref(), Some("2026-11-23 20:00"));
        // A store that texts around the clock: an hour that is skipped is made up for.
        store.sending = lanekeeper_domain::store::SendingHours { from: 0, until: 24 };
        assert_eq!(reminded(&store, "2027-03-15 02:30", "2027-03-11 10:00").as_deref(), Some("2027-03-14 03:30"));
    }

    #[test]
    fn nothing_is_tried_into_the_night() {
        let store = store();
        let local = |text: &str| store.instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()).unwrap();
        let expiries = |now: &str| {
            let notices = about(&store, None, &[], local("2026-11-24 09:00"), None, local(now));
            notices
                .iter()
                .map(|notice| store.local(notice.expires_at).format("%d %H:%M").to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(expiries("2026-11-20 10:00"), ["20 21:00", "23 21:00"]);
        assert_eq!(expiries("2026-11-20 23:50"), ["21 00:50", "23 21:00"], "who books at night is awake");
        assert_eq!(expiries("2026-11-24 08:30"), ["24 09:00"], "never after the appointment has begun");
    }

    #[test]
    fn does_not_remind_of_what_was_only_just_confirmed() {
        let store = store();
        assert_eq!(reminded(&store, "2026-11-21 09:00", "2026-11-20 10:00"), None, "due in the past");
        assert_eq!(reminded(&store, "2026-11-21 13:30", "2026-11-20 10:00"), None, "due in less than four hours");
        assert_eq!(reminded(&store, "2026-11-24 14:00", "2026-11-23 09:59").as_deref(), Some("2026-11-23 14:00"));
    }
}
