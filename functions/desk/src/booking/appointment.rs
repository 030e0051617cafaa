//! The page of one appointment.

use super::{answer, found};
use crate::day::{said, standing};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, Tone, button, card, chip, header, hidden, link_button};
use crate::service_words::{advisor, technician};
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{AppointmentInStore, DayEntry, Standing};
use maud::{Markup, html};

/// `GET /desk/stores/{store}/appointments/{appointment}`.
pub async fn show<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let found = found(desk, &at).await?;
    let words = desk.words();
    let store = &found.visit.store;
    let start = found.visit.appointment.opening.start;
    let title = words.day_and_time(store, start, desk.now());
    let actions = html! { @if at.store.role.may(Permission::Serve) { (actions(desk, &found)) } };
    let date = store.local(start).date();
    let content = html! {
        p { a.link href={ "/desk/stores/" (store.id) "/day?date=" (date) } { (words.long_date(date)) } }
        (header(&words.customer(&found.entry.customer, found.entry.phone.as_deref()), Some(&title), &actions))
        @if let Some(said) = said(desk) { (said) }
        (card(words.say("booking_appointment"), &facts(words, &found, desk.now())))
    };
    Ok(answer(desk, 200, &title, content))
}

fn actions<P: Platform>(desk: &Desk<'_, P>, found: &AppointmentInStore) -> Markup {
    let words = desk.words();
    let (entry, path) = (&found.entry, &desk.call.request.path);
    let post = |step: &str, kind: Kind, label: &str| {
        html! {
            form method="post" action={ (path) "/" (step) } {
                (desk.token_field())
                (hidden("sequence", &entry.appointment.sequence.to_string()))
                (button(kind, words.say(label)))
            }
        }
    };
    let open = super::is_open(found);
    html! {
        @if let Some(order) = &entry.order {
            (link_button(Kind::Main, &format!("/desk/stores/{}/orders/{}", found.visit.store.id, order.id), &words.fill("booking_order", &[("number", &order.number)])))
        } @else if found.visit.standing == Standing::Booked {
            (post("arrive", Kind::Main, "booking_arrive"))
            @if entry.no_show_at.is_some() {
                (post("expect", Kind::Plain, "booking_expect_again"))
            } @else if open && entry.appointment.opening.start <= desk.now() {
                (post("no-show", Kind::Plain, "booking_miss"))
            }
            @if open {
                (link_button(Kind::Plain, &format!("{path}/move"), words.say("booking_move")))
                (link_button(Kind::Danger, &format!("{path}/cancel"), words.say("booking_call_off")))
            }
        }
    }
}

/// What there is to know of an appointment.
pub fn facts(words: Words, found: &AppointmentInStore, now: DateTime<Utc>) -> Markup {
    let DayEntry { appointment, phone, conversation, concern, transport_address, .. } = &found.entry;
    let store = &found.visit.store;
    let stations = appointment.opening.stations.iter().map(|station| {
        let bay = words.bay(store, station.bay);
        station.technician.as_ref().map_or(bay.clone(), |id| format!("{}, {bay}", technician(store, id)))
    });
    let (_, how) = standing(words, &found.entry, now);
    html! {
        dl.facts {
            dt { (words.say("booking_status")) }
            dd {
                @if found.visit.standing == Standing::Cancelled { (chip(Tone::Bad, words.say("booking_called_off"))) }
                @else if let Some((tone, label)) = how { (chip(tone, label)) }
                @else { (chip(Tone::Plain, words.say("booking_booked"))) }
            }
            dt { (words.say("booking_work")) } dd { (words.work(store, &appointment.services)) }
            @if let Some(car) = words.car(store, appointment.vehicle.as_ref()) {
                dt { (words.say("booking_car")) }
                dd { (car) @if let Some(plate) = appointment.vehicle.as_ref().and_then(|car| car.plate.as_ref()) { " · " (plate) } }
            }
            @if let Some(concern) = concern { dt { (words.say("booking_concern")) } dd { (concern) } }
            @if !appointment.opening.stations.is_empty() {
                dt { (words.say("booking_where")) } dd { (stations.collect::<Vec<_>>().join(" → ")) }
            }
            @if let Some(id) = &appointment.opening.advisor {
                dt { (words.say("booking_advisor")) } dd { (advisor(store, id)) }
            }
            @if let Some(transport) = appointment.transport {
                dt { (words.say("booking_transport")) }
                dd { (words.transport(transport)) @if let Some(address) = transport_address { " · " (address) } }
            }
            @if let Some(phone) = phone { dt { (words.say("booking_phone")) } dd { a.link href={ "tel:" (phone) } { (phone) } } }
            @if let Some(id) = conversation {
                dt { (words.say("booking_conversation")) }
                dd { a.link href={ "/desk/stores/" (store.id) "/conversations/" (id) } { (words.say("booking_open_conversation")) } }
            }
        }
    }
}
