//! Moving an appointment: a choice of times, the question whether to move it there, or why it does not fit, and the deed.
//!
//! Whoever is dragged onto a technician or a bay wants that one to do all of the work (`technician=…`, `bay=…`); without,
//! the rules choose, as they do for customers.

use super::choice::{Choice, at as at_parameter, choice, days_around};
use super::commit::{Deed, Outcome, TRIES, change, reach, telling, telling_words};
use super::why::why;
use super::{answer, day_address, found, is_open};
use crate::desk::{AtStore, Desk};
use crate::error::DeskError;
use crate::page::{Kind, Tone, button, hidden, link_button, notice};
use crate::service_words::technician;
use crate::sign_in::to;
use crate::words::Words;
use chrono::{DateTime, NaiveDate, Utc};
use lanekeeper_conversation::{CarLabel, Change, Notice, notices};
use lanekeeper_domain::Store;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::openings::{Load, Obstacle, Offer, Opening, Wish, obstacle, offer, openings};
use lanekeeper_domain::work::Work;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{AppointmentInStore, load_between};
use maud::{Markup, html};
use serde_json::json;

/// How many other times are named for one that does not fit.
const OTHERS: usize = 6;

/// Who is to do the work, or where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Pin {
    technician: Option<String>,
    bay: Option<u32>,
}

impl Pin {
    fn read(field: impl Fn(&str) -> Option<String>) -> Self {
        Self { technician: field("technician"), bay: field("bay").and_then(|bay| bay.parse().ok()) }
    }

    /// As the end of an address.
    fn query(&self) -> String {
        let technician = self
            .technician
            .as_ref()
            .map(|id| format!("&technician={}", form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>()));
        let bay = self.bay.map(|bay| format!("&bay={bay}"));
        technician.into_iter().chain(bay).collect()
    }

    fn work(&self, store: &Store, appointment: &Appointment) -> Work {
        let work = Work::of_appointment(store, appointment);
        Work { technician: self.technician.clone(), bay: self.bay, ..work }
    }
}

/// `GET …/move?at=1795532400000&technician=rosa`, or `?day=2026-11-24`, or nothing: then there is a choice.
pub async fn question<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let found = found(desk, &at).await?;
    if !is_open(&found) {
        return Err(DeskError::Conflict("booking_gone"));
    }
    let pin = Pin::read(|name| desk.parameter(name));
    let instant = desk.parameter("at").and_then(|at| at.parse().ok()).and_then(DateTime::<Utc>::from_timestamp_millis);
    match instant {
        None => choose(desk, &at, &found, &pin).await,
        Some(start) => {
            let load = load_for(desk, &at, &found, Some(local_date(&found, start))).await?;
            match opening_at(&found, &load, &pin, start, desk.now()) {
                Some(opening) => Ok(ask(desk, &found, &pin, &opening)),
                None => Ok(refuse(desk, &found, &load, &pin, start)),
            }
        }
    }
}

/// `POST …/move`.
pub async fn commit<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let form = desk.form()?;
    let seen: u32 = form.field("sequence").and_then(|text| text.parse().ok()).ok_or(DeskError::Forged)?;
    let start = form.field("at").and_then(|at| at.parse().ok()).and_then(DateTime::<Utc>::from_timestamp_millis);
    let start = start.ok_or(DeskError::Field("at", "input_wrong"))?;
    let pin = Pin::read(|name| form.field(name).map(str::to_owned));
    for _ in 0..TRIES {
        let found = found(desk, &at).await?;
        let visit = &found.visit;
        if !is_open(&found) || visit.appointment.sequence != seen {
            return Err(DeskError::Conflict("booking_changed"));
        }
        let load = load_for(desk, &at, &found, Some(local_date(&found, start))).await?;
        let Some(to_opening) = opening_at(&found, &load, &pin, start, desk.now()) else {
            return Ok(refuse(desk, &found, &load, &pin, start));
        };
        let deed = Deed {
            action: "appointment.move",
            details: json!({"from": visit.appointment.opening.start, "to": start, "stations": to_opening.stations}),
            changes: &[Change::Move {
                appointment: visit.appointment.id.clone(),
                to: to_opening,
                services: visit.appointment.services.clone(),
                transport: visit.appointment.transport,
            }],
            notices: &told(&visit.appointment, start, desk.now()),
            more: Vec::new(),
        };
        match change(desk, &at, &found, deed).await? {
            Outcome::Done => {
                let by = if pin.bay.is_some() { "&by=bay" } else { "" };
                let date = visit.store.local(start).date();
                return Ok(to(&format!("{}{by}", day_address(&visit.store.id, date, "moved"))));
            }
            Outcome::Changed => return Err(DeskError::Conflict("booking_changed")),
            // Somebody took this bay, or this person; others may be free at the same time.
            Outcome::Taken => {}
        }
    }
    Err(DeskError::Conflict("booking_contended"))
}

/// What the customer is told. Who does the work is the store's business: where the time stays, only the reminders are
/// written anew.
fn told(appointment: &Appointment, start: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Notice> {
    let car = appointment.vehicle.as_ref().and_then(CarLabel::of);
    let (id, services) = (appointment.id.as_str(), appointment.services.as_slice());
    if start == appointment.opening.start {
        notices::reminders(Some(id), services, start, car.as_ref())
    } else {
        notices::about(Some(id), services, start, car.as_ref(), now)
    }
}

async fn load_for<P: Platform>(
    desk: &Desk<'_, P>,
    at: &AtStore<'_, '_, P>,
    found: &AppointmentInStore,
    day: Option<NaiveDate>,
) -> Result<Load, DeskError> {
    let (from, until) = days_around(&found.visit.store, day, desk.now());
    let id = found.visit.appointment.id.as_str();
    Ok(load_between(at.shard.database, &found.visit.store, from, until, Some(id)).await?)
}

fn local_date(found: &AppointmentInStore, at: DateTime<Utc>) -> NaiveDate {
    found.visit.store.local(at).date()
}

fn opening_at(
    found: &AppointmentInStore,
    load: &Load,
    pin: &Pin,
    start: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<Opening> {
    let store = &found.visit.store;
    let work = pin.work(store, &found.visit.appointment);
    openings(store, load, &work, now).into_iter().find(|opening| opening.start == start)
}

async fn choose<P: Platform>(
    desk: &Desk<'_, P>,
    at: &AtStore<'_, '_, P>,
    found: &AppointmentInStore,
    pin: &Pin,
) -> Result<Response, DeskError> {
    let words = desk.words();
    let asked = desk.parameter("day").and_then(|day| day.parse().ok());
    let load = load_for(desk, at, found, asked).await?;
    let work = pin.work(&found.visit.store, &found.visit.appointment);
    let choice = choice(&found.visit.store, &load, &work, asked, desk.now());
    let content = html! {
        (head(words, found, words.say("booking_move_title"), desk.now()))
        (pin_form(words, found, pin, choice.day))
        (times(words, found, &choice, pin))
    };
    Ok(answer(desk, 200, words.say("booking_move_title"), content))
}

fn page_address(found: &AppointmentInStore) -> String {
    format!("/desk/stores/{}/appointments/{}", found.visit.store.id, found.visit.appointment.id)
}

fn times(words: Words, found: &AppointmentInStore, choice: &Choice, pin: &Pin) -> Markup {
    let (path, pin) = (format!("{}/move", page_address(found)), pin.query());
    choice.render(words, &found.visit.store, &|what| format!("{path}?{what}{pin}"))
}

/// Who or where, as a form of its own.
fn pin_form(words: Words, found: &AppointmentInStore, pin: &Pin, day: NaiveDate) -> Markup {
    let store = &found.visit.store;
    html! {
        form.filters method="get" action={ (page_address(found)) "/move" } {
            (hidden("day", &day.to_string()))
            @if !store.technicians.is_empty() {
                div.field {
                    label for="field-technician" { (words.say("booking_technician")) }
                    select #field-technician name="technician" {
                        option value="" { (words.say("booking_any")) }
                        @for one in &store.technicians { option value=(one.id) selected[pin.technician.as_ref() == Some(&one.id)] { (one.name) } }
                    }
                }
            }
            div.field {
                label for="field-bay" { (words.say("booking_bay")) }
                select #field-bay name="bay" {
                    option value="" { (words.say("booking_any")) }
                    @for bay in &store.bays { option value=(bay.number) selected[pin.bay == Some(bay.number)] { (words.bay(store, bay.number)) } }
                }
            }
            button.button type="submit" { (words.say("show")) }
        }
    }
}

/// Whose appointment it is and when it is now.
fn head(words: Words, found: &AppointmentInStore, title: &str, now: DateTime<Utc>) -> Markup {
    let visit = &found.visit;
    html! {
        h1 { (title) }
        p.soft {
            strong { (words.customer(&visit.customer, found.entry.phone.as_deref())) }
            " · " (words.work(&visit.store, &visit.appointment.services))
            " · " (words.day_and_time(&visit.store, visit.appointment.opening.start, now))
        }
    }
}

fn place(words: Words, store: &Store, opening: &Opening) -> String {
    let station = opening.stations.iter().map(|station| {
        let bay = words.bay(store, station.bay);
        station.technician.as_ref().map_or(bay.clone(), |id| format!("{}, {bay}", technician(store, id)))
    });
    station.collect::<Vec<_>>().join(" → ")
}

fn ask<P: Platform>(desk: &Desk<'_, P>, found: &AppointmentInStore, pin: &Pin, to: &Opening) -> Response {
    let (words, visit, now) = (desk.words(), &found.visit, desk.now());
    let store = &visit.store;
    let same_time = to.start == visit.appointment.opening.start;
    let notices = told(&visit.appointment, to.start, now);
    let telling = telling(store, &found.person, reach(found).as_ref(), notices.first().filter(|_| !same_time), now);
    let title = words.say("booking_move_question");
    let back = page_address(found);
    let content = html! {
        (head(words, found, title, now))
        dl.change-of {
            div.new {
                dt { (words.say("booking_to")) }
                dd { (words.day_and_time(store, to.start, now)) }
                dd.soft { (place(words, store, to)) }
            }
            div {
                dt { (words.say("booking_from")) }
                dd { s { (words.day_and_time(store, visit.appointment.opening.start, now)) } }
                dd.soft { (place(words, store, &visit.appointment.opening)) }
            }
        }
        (telling_words(words, &telling))
        form.buttons method="post" action={ (back) "/move" } {
            (desk.token_field())
            (hidden("at", &to.start.timestamp_millis().to_string()))
            (hidden("sequence", &visit.appointment.sequence.to_string()))
            @if let Some(technician) = &pin.technician { (hidden("technician", technician)) }
            @if let Some(bay) = pin.bay { (hidden("bay", &bay.to_string())) }
            (button(Kind::Main, words.say("booking_move_yes")))
            @if desk.call.is_htmx() {
                button.button type="button" data-closes { (words.say("booking_keep")) }
            } @else { (link_button(Kind::Plain, &back, words.say("booking_keep"))) }
            (link_button(Kind::Quiet, &format!("{back}/move?day={}{}", store.local(to.start).date(), pin.query()), words.say("booking_other_time")))
        }
    };
    answer(desk, 200, title, content)
}

/// Says why it does not fit there, and what would: others at the same time, and the nearest times.
fn refuse<P: Platform>(
    desk: &Desk<'_, P>,
    found: &AppointmentInStore,
    load: &Load,
    pin: &Pin,
    start: DateTime<Utc>,
) -> Response {
    let (words, now, store) = (desk.words(), desk.now(), &found.visit.store);
    let work = pin.work(store, &found.visit.appointment);
    let reason = match obstacle(store, load, &work, start, now) {
        Some(obstacle) => why(words, store, &obstacle, now),
        // It was free a moment ago, and is again.
        None => why(words, store, &Obstacle::NoBay, now),
    };
    let anybody = opening_at(found, load, &Pin::default(), start, now).filter(|_| *pin != Pin::default());
    let local = store.local(start);
    let wish = Wish { date: Some(local.date()), time: Some(local.time()), ..Wish::default() };
    let near = match offer(store, &openings(store, load, &work, now), &wish, OTHERS) {
        Offer::Exact(opening) => vec![opening],
        Offer::Suiting(openings) | Offer::Nearest(openings) => openings,
        Offer::Nothing => Vec::new(),
    };
    let path = format!("{}/move", page_address(found));
    let title = words.say("booking_does_not_fit");
    let content = html! {
        (head(words, found, title, now))
        (notice(Tone::Warn, &format!("{}: {reason}", words.day_and_time(store, start, now))))
        @if let Some(opening) = anybody {
            p { (words.fill("booking_others_can", &[("who", &place(words, store, &opening))])) }
            p { (link_button(Kind::Plain, &format!("{path}?{}", at_parameter(&opening)), words.say("booking_take_others"))) }
        }
        @if !near.is_empty() {
            h2 { (words.say("booking_nearest")) }
            ul.times-choice {
                @for opening in &near {
                    li { a href={ (path) "?" (at_parameter(opening)) (pin.query()) } { (words.day_and_time(store, opening.start, now)) } }
                }
            }
        }
        div.buttons {
            (link_button(Kind::Quiet, &format!("{path}?day={}", local.date()), words.say("booking_other_time")))
            @if desk.call.is_htmx() { button.button type="button" data-closes { (words.say("booking_keep")) } }
            @else { (link_button(Kind::Plain, &page_address(found), words.say("booking_keep"))) }
        }
    };
    answer(desk, 409, title, content)
}
