//! What is sent about an appointment apart from the reply.

use crate::act::{Act, CarLabel};
use crate::decision::{Notice, Subject};
use chrono::{DateTime, Utc};
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::notifications::Kind;

/// The messages about an appointment that the customer books or moves now. `appointment` is `None` for a new one.
pub fn about(
    appointment: Option<&str>,
    services: &[String],
    start: DateTime<Utc>,
    vehicle: Option<&CarLabel>,
    now: DateTime<Utc>,
) -> Vec<Notice> {
    let moved = appointment.is_some();
    let act = Act::Confirmation { services: services.to_vec(), start, vehicle: vehicle.cloned(), moved };
    let kind = if moved { Kind::Moved } else { Kind::Booked };
    let confirmation = Notice::new(kind, subject(appointment), now, act).until(start);
    std::iter::once(confirmation).chain(reminders(appointment, services, start, vehicle)).collect()
}

/// To a customer whose appointment somebody else has called off.
pub fn called_off(appointment: &Appointment, now: DateTime<Utc>) -> Notice {
    let act = Act::CalledOff { appointment: appointment.into() };
    Notice::new(Kind::Cancelled, Subject::Appointment(appointment.id.clone()), now, act)
        .until(appointment.opening.start)
}

/// The reminders of an appointment.
pub fn reminders(
    appointment: Option<&str>,
    services: &[String],
    start: DateTime<Utc>,
    vehicle: Option<&CarLabel>,
) -> Vec<Notice> {
    let act = Act::Reminder { services: services.to_vec(), start, vehicle: vehicle.cloned() };
    let kinds = [Kind::Reminder24h, Kind::Reminder2h];
    kinds.into_iter().map(|kind| Notice::new(kind, subject(appointment), start, act.clone())).collect()
}

fn subject(appointment: Option<&str>) -> Subject {
    appointment.map_or(Subject::Booked, |id| Subject::Appointment(id.to_owned()))
}
