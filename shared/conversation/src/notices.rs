//! What is sent about an appointment apart from the reply: a confirmation now, a reminder the day before.

use crate::act::Act;
use crate::decision::{Notice, NoticeKind};
use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use lanekeeper_domain::Store;

/// The messages about an appointment that is booked or moved now. `appointment` is `None` for a new one.
pub fn about(
    store: &Store,
    appointment: Option<&str>,
    services: &[String],
    start: DateTime<Utc>,
    vehicle: Option<&str>,
    now: DateTime<Utc>,
) -> Vec<Notice> {
    let notice = |kind, act, due_at, expires_at| Notice {
        kind,
        appointment: appointment.map(str::to_owned),
        act,
        due_at,
        expires_at,
    };
    let (services, vehicle) = (services.to_vec(), vehicle.map(str::to_owned));
    let confirmation =
        Act::Confirmation { services: services.clone(), start, vehicle: vehicle.clone(), moved: appointment.is_some() };
    let mut notices = vec![notice(NoticeKind::Confirmation, confirmation, now, start)];
    if let Some(due_at) = reminder_time(store, start, now) {
        let reminder = Act::Reminder { services, start, vehicle };
        notices.push(notice(NoticeKind::Reminder, reminder, due_at, start - Duration::hours(1)));
    }
    notices
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
