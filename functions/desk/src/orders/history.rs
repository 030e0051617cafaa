//! What happened to an order, in words.

use crate::page::moment;
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_conversation::phrases;
use lanekeeper_domain::Store;
use lanekeeper_domain::repair_order::{Actor, Event, Method, OrderEdit};
use lanekeeper_storage::HistoryLine;
use maud::{Markup, html};

/// The history as a list, the latest first.
pub fn history(words: Words, store: &Store, lines: &[HistoryLine], now: DateTime<Utc>) -> Markup {
    html! {
        ol.history {
            @for line in lines {
                li {
                    p { (what(words, store, &line.event)) }
                    p.soft { (actor(words, &line.actor)) " · " (moment(words, store.time_zone, line.at, now)) }
                }
            }
        }
    }
}

/// Who did it.
pub fn actor(words: Words, actor: &Actor) -> String {
    match actor {
        Actor::Customer => words.say("event_by_customer").to_owned(),
        Actor::Staff(name) => name.clone(),
        Actor::Clock => "Lanekeeper".to_owned(),
    }
}

fn what(words: Words, store: &Store, event: &Event) -> String {
    let money = |amount: i64| phrases::money(store, amount);
    let line = |key: &str, name: &str, amount: i64| words.fill(key, &[("name", name), ("amount", &money(amount))]);
    match event {
        Event::Opened { stage } => words.fill("event_opened", &[("stage", words.stage(*stage))]),
        Event::Edited { stage: Some(change), .. } => {
            words.fill("event_stage", &[("from", words.stage(change.from)), ("to", words.stage(change.to))])
        }
        Event::Edited { edit, stage: None } => edited(words, store, edit),
        Event::OperationAdded { line: added } => line("event_added", &added.name, added.amount),
        Event::OperationChanged { line: changed, asks_again: true, .. } => {
            line("event_raised", &changed.name, changed.amount)
        }
        Event::OperationChanged { line: changed, .. } => line("event_changed", &changed.name, changed.amount),
        Event::OperationRemoved { line: removed, .. } => line("event_removed", &removed.name, removed.amount),
        Event::Progressed { progress, .. } => {
            let progress = serde_json::json!(progress);
            let progress = words.say(&format!("progress_{}", progress.as_str().unwrap_or_default()));
            words.fill("event_progressed", &[("progress", progress)])
        }
        Event::Proposed { lines, .. } => {
            let names: Vec<String> = lines.iter().map(|line| format!("{} {}", line.name, money(line.amount))).collect();
            words.fill("event_proposed", &[("lines", &names.join(", "))])
        }
        Event::Decided { rulings, method, total } => {
            let rulings = rulings.iter().map(|ruling| {
                let key = if ruling.authorized { "event_yes" } else { "event_no" };
                line(key, &ruling.line.name, ruling.line.amount)
            });
            let rulings = rulings.collect::<Vec<_>>().join(", ");
            words.fill(
                "event_decided",
                &[("rulings", &rulings), ("method", method_words(words, *method)), ("total", &money(*total))],
            )
        }
        Event::Reminded => words.say("event_reminded").to_owned(),
        Event::AdvisorTold => words.say("event_advisor_told").to_owned(),
    }
}

/// How an answer was given.
pub fn method_words(words: Words, method: Method) -> &'static str {
    words.say(match method {
        Method::TextMessage => "method_text_message",
        Method::SmsTextLink => "method_sms_text_link",
        Method::VerbalPhone => "method_verbal_phone",
        Method::InPersonPhysicalSignature => "method_in_person_physical_signature",
        Method::InPersonDigitalSignature => "method_in_person_digital_signature",
    })
}

fn edited(words: Words, store: &Store, edit: &OrderEdit) -> String {
    let named = |key: &str, value: Option<&str>| {
        words.fill("event_field", &[("field", words.say(key)), ("value", value.unwrap_or("–"))])
    };
    let mut said = Vec::new();
    if let Some(promised) = edit.promised_at {
        let promised = promised.map(|at| words.day_and_time(store, at, at));
        said.push(named("field_promised_at", promised.as_deref()));
    }
    for (key, value) in [
        ("field_waiting_for", &edit.waiting_for),
        ("field_advisor", &edit.advisor),
        ("field_technician", &edit.technician),
        ("field_vin", &edit.vin),
    ] {
        if let Some(value) = value {
            said.push(named(key, value.as_deref()));
        }
    }
    for (key, value) in [("field_mileage_in", edit.mileage_in), ("field_mileage_out", edit.mileage_out)] {
        if let Some(value) = value {
            said.push(named(key, value.map(|mileage| mileage.to_string()).as_deref()));
        }
    }
    if edit.notes.is_some() {
        said.push(words.say("event_note").to_owned());
    }
    if edit.photos.is_some() {
        said.push(words.say("event_photo").to_owned());
    }
    if said.is_empty() { words.say("event_edited").to_owned() } else { said.join(" · ") }
}
