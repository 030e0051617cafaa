//! What is sent apart from the reply: about an appointment, and after a visit.

use crate::act::{Act, CarLabel};
use crate::decision::{Notice, Subject};
use crate::tasks::{Book, Satisfaction, Task};
use chrono::{DateTime, NaiveDate, Utc};
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::notifications::Kind;
use lanekeeper_domain::understanding::Asked;

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

/// To who did not come: the next message may name another time.
pub fn missed(appointment: &Appointment) -> Notice {
    let services = appointment.services.clone();
    let act = Act::Missed { services: services.clone() };
    Notice::new(Kind::NoShow, Subject::Appointment(appointment.id.clone()), appointment.opening.start, act)
        .asking(Asked::When, booking(services))
}

/// How was it? `left` is when the car was picked up.
pub fn satisfaction(repair_order: &str, vehicle: Option<CarLabel>, left: DateTime<Utc>) -> Notice {
    let task = Task::Satisfaction(Satisfaction { repair_order: Some(repair_order.to_owned()), asked_again: false });
    let act = Act::AskRating { vehicle };
    Notice::new(Kind::Satisfaction, Subject::RepairOrder(repair_order.to_owned()), left, act)
        .asking(Asked::Rating, task)
}

/// Work that was declined then may be wanted now. `work` is what the order calls it.
pub fn declined_work(
    repair_order: &str,
    work: Vec<String>,
    services: Vec<String>,
    vehicle: Option<CarLabel>,
    left: DateTime<Utc>,
) -> Notice {
    let act = Act::DeclinedWork { work, vehicle };
    Notice::new(Kind::DeclinedWork, Subject::RepairOrder(repair_order.to_owned()), left, act)
        .asking(Asked::When, booking(services))
}

/// Regular work that is due at `due`, which is this date on the store's clocks.
pub fn maintenance_due(
    services: Vec<String>,
    vehicle: Option<CarLabel>,
    (due, date): (DateTime<Utc>, NaiveDate),
) -> Notice {
    let act = Act::MaintenanceDue { services: services.clone(), vehicle, date };
    Notice::new(Kind::MaintenanceDue, Subject::Customer, due, act).asking(Asked::When, booking(services))
}

fn booking(services: Vec<String>) -> Task {
    Task::Book(Box::new(Book { services, ..Book::default() }))
}

fn subject(appointment: Option<&str>) -> Subject {
    appointment.map_or(Subject::Booked, |id| Subject::Appointment(id.to_owned()))
}
