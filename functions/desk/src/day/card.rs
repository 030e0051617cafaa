//! An appointment in few words.

use super::View;
use crate::page::{Tone, chip};
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_storage::DayEntry;
use maud::{Markup, html};

/// How an appointment stands: the class of its card, and the tone and the phrase of its chip where it has one.
pub fn standing(words: Words, entry: &DayEntry, now: DateTime<Utc>) -> (&'static str, Option<(Tone, &'static str)>) {
    if let Some(order) = &entry.order {
        let tone = if order.stage.is_over() { Tone::Plain } else { Tone::Info };
        return ("here", Some((tone, words.stage(order.stage))));
    }
    if entry.arrived_at.is_some() {
        return ("here", Some((Tone::Info, words.say("day_arrived"))));
    }
    if entry.no_show_at.is_some() {
        return ("missed", Some((Tone::Bad, words.say("day_no_show"))));
    }
    if entry.appointment.opening.start <= now {
        return ("late", Some((Tone::Warn, words.say("day_expected"))));
    }
    ("coming", None)
}

impl View<'_> {
    /// The address of an appointment's page.
    pub fn appointment(&self, entry: &DayEntry) -> String {
        format!("/desk/stores/{}/appointments/{}", self.store.id, entry.appointment.id)
    }

    /// The chip that says how an appointment stands.
    pub fn chip(&self, entry: &DayEntry) -> Markup {
        let said = standing(self.words, entry, self.now).1;
        html! { @if let Some((tone, label)) = said { (chip(tone, label)) } }
    }

    /// From when until when, e.g. "9:00 AM – 9:45 AM".
    pub fn times(&self, entry: &DayEntry) -> String {
        let opening = &entry.appointment.opening;
        let (from, until) = (self.words.clock(self.store, opening.start), self.words.clock(self.store, opening.end()));
        format!("{from} – {until}")
    }

    /// Whom an appointment is for.
    pub fn who(&self, entry: &DayEntry) -> String {
        self.words.customer(&entry.customer, entry.phone.as_deref())
    }

    /// What it is about, e.g. "Oil change · 2019 Honda CR-V".
    pub fn what(&self, entry: &DayEntry) -> String {
        let work = self.words.work(self.store, &entry.appointment.services);
        match self.words.car(self.store, entry.appointment.vehicle.as_ref()) {
            Some(car) => format!("{work} · {car}"),
            None => work,
        }
    }
}
