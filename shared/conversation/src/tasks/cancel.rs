//! Cancelling an appointment: which one; then yes.

use crate::act::Act;
use crate::decide::Turn;
use crate::decision::Change;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::understanding::{Asked, Choice};
use serde::{Deserialize, Serialize};

/// What is known of the appointment to be cancelled.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cancel {
    /// Its id.
    pub appointment: Option<String>,
}

impl<'a> Turn<'a> {
    /// Goes one step further; `None` when it is done. `resumed` means that the words were for another task.
    pub(crate) fn advance_cancel(&mut self, mut cancel: Cancel, resumed: bool) -> Option<Cancel> {
        let confirming = self.state.asked == Some(Asked::Confirm) && !resumed;
        if let Some(appointment) =
            cancel.appointment.as_ref().and_then(|id| self.situation.appointment(id)).filter(|_| confirming)
        {
            // "Cancel it" to the question whether to cancel is a yes.
            let again = self.understanding.wants(lanekeeper_domain::understanding::Intent::Cancel);
            if self.negated() {
                return self.end_cancel(Act::Kept { appointment: appointment.into() });
            }
            if self.affirmed() || again {
                self.changes.push(Change::Cancel { appointment: appointment.id.clone() });
                return self.end_cancel(Act::Cancelled { appointment: appointment.into() });
            }
        }
        let Some(appointment) = self.which_appointment(cancel.appointment.as_deref()) else {
            return self.say.last().is_some_and(|act| matches!(act, Act::AskWhichAppointment { .. })).then_some(cancel);
        };
        self.got_further |= cancel.appointment.is_none();
        cancel.appointment = Some(appointment.id.clone());
        self.ask(Asked::Confirm, Act::AskCancel { appointment: appointment.into() });
        Some(cancel)
    }

    fn end_cancel(&mut self, act: Act) -> Option<Cancel> {
        self.got_further = true;
        self.forget_question();
        self.state.asked = Some(Asked::Anything);
        self.say.push(act);
        None
    }

    /// The appointment that is meant. When that is not clear it is asked; when there is none, that is said.
    pub(crate) fn which_appointment(&mut self, known: Option<&str>) -> Option<&'a Appointment> {
        let situation = self.situation;
        if let Some(appointment) = known.and_then(|id| situation.appointment(id)) {
            return Some(appointment);
        }
        match situation.appointments.as_slice() {
            [] => {
                self.got_further = true;
                self.forget_question();
                self.state.asked = Some(Asked::Anything);
                self.say.push(Act::NoAppointment);
                return None;
            }
            [only] => return Some(only),
            _ => {}
        }
        if let Some(appointment) = self.chosen_appointment() {
            return Some(appointment);
        }
        let appointments = &situation.appointments;
        self.got_further |= self.state.asked != Some(Asked::Appointment);
        self.state.offered.clear();
        self.state.listed = appointments.iter().map(|appointment| appointment.id.clone()).collect();
        let act = Act::AskWhichAppointment { appointments: appointments.iter().map(Into::into).collect() };
        self.ask(Asked::Appointment, act);
        None
    }

    /// The appointment that the words single out.
    pub(crate) fn chosen_appointment(&self) -> Option<&'a Appointment> {
        let (situation, details) = (self.situation, &self.understanding.details);
        if self.state.asked == Some(Asked::Appointment) {
            let listed = &self.state.listed;
            let id = match details.choice {
                Some(Choice::Nth(nth)) => listed.get(usize::from(nth).checked_sub(1)?),
                Some(Choice::Earliest) => listed.first(),
                Some(Choice::Last | Choice::Latest) => listed.last(),
                Some(Choice::Any) | None => None,
            };
            if let Some(appointment) = id.and_then(|id| situation.appointment(id)) {
                return Some(appointment);
            }
        }
        // The words may also say where to move it: then the work or the car must tell which.
        let what = |appointment: &&Appointment| {
            let vehicle = details.vehicle.as_ref();
            details.service.as_ref().is_none_or(|service| appointment.services.contains(service))
                && vehicle.is_none_or(|said| appointment.vehicle.as_ref().is_some_and(|known| known.fits(said)))
        };
        let when = |appointment: &&Appointment| {
            let local = situation.store.local(appointment.opening.start);
            details.date.is_none_or(|date| date == local.date()) && details.time.is_none_or(|time| time == local.time())
        };
        let all = || situation.appointments.iter().filter(what);
        only(all().filter(when)).or_else(|| only(all()))
    }
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}
