//! Moving an appointment: which one, to when; then a summary; then yes.

use crate::act::{Act, CarLabel};
use crate::decide::Turn;
use crate::decision::{Change, Needs};
use crate::notices;
use lanekeeper_domain::Work;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::openings::{Opening, Wish};
use lanekeeper_domain::understanding::Asked;
use serde::{Deserialize, Serialize};

/// What is known of the move.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Move {
    /// Id of the appointment.
    pub appointment: Option<String>,
    /// When it should be instead.
    pub wish: Wish,
    /// The opening chosen.
    pub opening: Option<Opening>,
}

impl Turn<'_> {
    /// Hears what was said and goes one step further; `None` when it is done. `resumed` means that the words were for
    /// another task.
    pub(crate) fn advance_move(&mut self, mut task: Move, resumed: bool) -> Result<Option<Move>, Needs> {
        let confirming = self.state.asked == Some(Asked::Confirm) && !resumed;
        let (situation, details) = (self.situation, &self.understanding.details);
        let Some(appointment) = self.which_appointment(task.appointment.as_deref()).map(|found| found.id.clone())
        else {
            let asking = self.say.last().is_some_and(|act| matches!(act, Act::AskWhichAppointment { .. }));
            if asking && details.has_when() {
                task.wish.take(details);
            }
            return Ok(asking.then_some(task));
        };
        let Some(appointment) = situation.appointment(&appointment) else { return Ok(None) };
        let heard = !resumed && self.hear_move(&mut task, appointment);
        task.appointment = Some(appointment.id.clone());
        if confirming && !heard {
            if self.affirmed() {
                return self.confirm_move(task, appointment);
            }
            if self.negated() {
                self.got_further = true;
                self.forget_question();
                self.state.asked = Some(Asked::Anything);
                self.say.push(Act::Kept { appointment: appointment.into() });
                return Ok(None);
            }
        }
        self.ask_next_of_move(&mut task, appointment, heard)?;
        Ok(Some(task))
    }

    fn hear_move(&mut self, task: &mut Move, appointment: &Appointment) -> bool {
        let details = &self.understanding.details;
        let at = self.situation.store.local(appointment.opening.start);
        // The words that tell which appointment do not say where to move it.
        let names_it =
            details.date == Some(at.date()) && details.time.is_none_or(|time| time == at.time()) && !self.says_period();
        let told_which = task.appointment.is_none() && (self.state.asked == Some(Asked::Appointment) || names_it);
        if let Some(opening) = self.chosen_opening() {
            let local = self.situation.store.local(opening.start);
            task.wish = Wish { date: Some(local.date()), time: Some(local.time()), ..Wish::default() };
            task.opening = Some(opening);
        } else if !told_which && self.hear_when(&mut task.wish, task.opening.as_ref()) {
            if task.wish.date.is_none() && details.time.is_some() {
                task.wish.date = Some(at.date());
            }
            task.opening = None;
        } else if !self.refuse_offered() {
            self.got_further |= task.appointment.is_none();
            return false;
        }
        self.got_further = true;
        true
    }

    fn says_period(&self) -> bool {
        let details = &self.understanding.details;
        details.date_end.is_some()
            || details.time_after.is_some()
            || details.time_before.is_some()
            || details.part_of_day.is_some()
    }

    fn ask_next_of_move(&mut self, task: &mut Move, appointment: &Appointment, heard: bool) -> Result<(), Needs> {
        if task.opening.is_none() {
            if task.wish.is_empty() {
                self.ask(Asked::When, Act::AskMoveTo { appointment: appointment.into() });
                return Ok(());
            }
            if self.too_far_ahead(&task.wish) {
                task.wish = Wish::default();
                return Ok(());
            }
            if !heard && self.remind_of_offered(&appointment.services) {
                return Ok(());
            }
            let work = self.work_of(appointment);
            task.opening = match self.same_time(&work, &task.wish, appointment)? {
                None => self.find_or_offer(&work, &mut task.wish, Some(appointment))?,
                same_time => same_time,
            };
        }
        if let Some(opening) = &task.opening {
            self.state.offered.clear();
            self.ask(Asked::Confirm, Act::SumUpMove { from: appointment.into(), to: opening.start });
        }
        Ok(())
    }

    /// Who names only another day most likely means the same time of day: that opening, if it is to be had.
    fn same_time(&self, work: &Work, wish: &Wish, appointment: &Appointment) -> Result<Option<Opening>, Needs> {
        let store = self.situation.store;
        let Some(date) = wish.date else { return Ok(None) };
        if *wish != (Wish { date: Some(date), not_dates: wish.not_dates.clone(), ..Wish::default() }) {
            return Ok(None);
        }
        let start = store.instant(date.and_time(store.local(appointment.opening.start).time()));
        let openings = self.openings(work, wish, Some(&appointment.id))?;
        Ok(openings
            .into_iter()
            .find(|opening| Some(opening.start) == start && opening.start != appointment.opening.start))
    }

    fn confirm_move(&mut self, mut task: Move, appointment: &Appointment) -> Result<Option<Move>, Needs> {
        let Some(chosen) = task.opening.clone() else { return Ok(Some(task)) };
        self.got_further = true;
        task.opening = self.secure(chosen, &self.work_of(appointment), &task.wish, Some(&appointment.id))?;
        let Some(opening) = task.opening.clone() else { return Ok(Some(task)) };
        let vehicle = appointment.vehicle.as_ref().and_then(CarLabel::of);
        let (services, id) = (&appointment.services, appointment.id.as_str());
        self.notices.extend(notices::about(Some(id), services, opening.start, vehicle.as_ref(), self.now));
        self.say.push(Act::Moved { services: services.clone(), start: opening.start });
        self.changes.push(Change::Move {
            appointment: id.to_owned(),
            to: opening,
            services: services.clone(),
            transport: appointment.transport,
        });
        self.forget_question();
        self.state.asked = Some(Asked::Anything);
        Ok(None)
    }
}
