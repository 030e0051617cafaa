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
    let act = Act::Confirmation {
        services: services.to_vec(),
        start,
        vehicle: vehicle.map(str::to_owned),
        moved: appointment.is_some(),
    };
    let confirmation = Notice {
        kind: NoticeKind::Confirmation,
        appointment: appointment.map(str::to_owned),
        act,
        due_at: now,
        expires_at: start,
    };
    std::iter::once(confirmation).chain(reminder(store, appointment, services, start, vehicle, now)).collect()
}

/// The reminder of an appointment, when there is to be one.
pub fn reminder(
    store: &Store,
    appointment: Option<&str>,
    services: &[String],
    start: DateTime<Utc>,
    vehicle: Option<&str>,
    now: DateTime<Utc>,
) -> Option<Notice> {
    Some(Notice {
        kind: NoticeKind::Reminder,
        appointment: appointment.map(str::to_owned),
        act: Act::Reminder { services: services.to_vec(), start, vehicle: vehicle.map(str::to_owned) },
        due_at: reminder_time(store, start, now)?,
        expires_at: start - Duration::hours(1),
    })
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
