//! The page of one repair order.

use super::board::{open_amount, promised};
use super::history::{history, method_words};
use super::lines;
use super::waiting::remind_form;
use crate::day::said;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, Page, Tone, button, card, chip, field, header, hidden};
use crate::service_words::advisor;
use crate::words::Words;
use lanekeeper_conversation::phrases;
use lanekeeper_domain::Store;
use lanekeeper_domain::repair_order::{Audience, Authorization, Method, RepairOrder, Stage};
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{OrderPage, order_page};
use maud::{Markup, html};

/// `GET /desk/stores/{store}/orders/{order}`.
pub async fn show<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    page(desk, 200, said(desk)).await
}

/// The order as it is now, below what is to be said.
pub async fn page<P: Platform>(desk: &Desk<'_, P>, status: u16, said: Option<Markup>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let place = (desk.person.group.as_str(), at.store.id.as_str());
    let found = order_page(at.shard.database, place, desk.place("order")).await?;
    Ok(render(desk, &found, status, said.as_ref(), at.store.role.may(Permission::Serve)))
}

/// The page of an order that was read.
pub fn render<P: Platform>(
    desk: &Desk<'_, P>,
    found: &OrderPage,
    status: u16,
    said: Option<&Markup>,
    may_change: bool,
) -> Response {
    let (words, store, order) = (desk.words(), &found.found.store, &found.found.order);
    let who = words.who(found.shown.customer.as_deref(), found.shown.phone.as_deref());
    let title = words.fill("booking_order", &[("number", &order.number)]);
    let open = may_change && !order.stage.is_over();
    let content = html! {
        p { a.link href={ "/desk/stores/" (store.id) "/orders" } { (words.say("orders_board")) } }
        (header(&who, Some(&subtitle(words, store, order, &title)), &html! { @if may_change { (stage_form(desk, store, order)) } }))
        @if let Some(said) = said { (said) }
        div.row {
            (chip(if order.stage.is_over() { Tone::Plain } else { Tone::Info }, words.stage(order.stage)))
            (promised(words, store, &found.shown, desk.now()))
            @if let Some(asked) = open_amount(words, store, &found.shown, desk.now()) { (chip(Tone::Warn, &asked)) }
        }
        div.order-page {
            div.stack {
                (lines::card(desk, store, order, open))
                @if open && order.open_lines().next().is_some() { (decide(desk, store, found)) }
                (card(words.say("orders_history"), &history(words, store, &found.history, desk.now())))
            }
            div.stack {
                (totals(words, store, order))
                (facts(desk, store, found, open))
                (notes(desk, order, open))
            }
        }
    };
    let page = Page::new(title, content).section("orders").at_store(Some(&store.id)).style("orders.css");
    Response { status, ..desk.page(&page) }
}

fn subtitle(words: Words, store: &Store, order: &RepairOrder, title: &str) -> String {
    let car = words.car(store, order.vehicle.as_ref());
    let plate = order.vehicle.as_ref().and_then(|vehicle| vehicle.plate.clone());
    [Some(title.to_owned()), car, plate].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The path of a form about an order.
pub fn action(store: &Store, order: &RepairOrder, step: &str) -> String {
    format!("/desk/stores/{}/orders/{}/{step}", store.id, order.id)
}

/// What every form about an order has: the token, and the version that its reader sees.
pub fn base<P: Platform>(desk: &Desk<'_, P>, order: &RepairOrder) -> Markup {
    html! { (desk.token_field()) (hidden("version", &order.version.to_string())) }
}

fn stage_form<P: Platform>(desk: &Desk<'_, P>, store: &Store, order: &RepairOrder) -> Markup {
    let words = desk.words();
    html! {
        form.row method="post" action=(action(store, order, "stage")) {
            (base(desk, order))
            label.hidden for="field-stage" { (words.say("orders_set_stage")) }
            select #field-stage name="stage" {
                @for stage in Stage::ALL.into_iter().filter(|to| order.stage.may_become(*to)) {
                    option value=(stage.as_str()) { (words.stage(stage)) }
                }
            }
            (button(Kind::Main, words.say("orders_set")))
        }
    }
}

fn totals(words: Words, store: &Store, order: &RepairOrder) -> Markup {
    let totals = order.totals(&store.charges);
    let money = |amount: i64| phrases::money(store, amount);
    let if_agreed = order.total_if_agreed(&store.charges);
    card(
        words.say("orders_totals"),
        &html! {
            dl.totals {
                @for (key, amount) in [("orders_labor", totals.labor), ("orders_parts", totals.parts), ("orders_fees", totals.fees), ("orders_tax", totals.tax)] {
                    div { dt { (words.say(key)) } dd.number { (money(amount)) } }
                }
                div.sum { dt { (words.say("orders_total")) } dd.number { (money(totals.total)) } }
                @if if_agreed != totals.total {
                    div { dt { (words.say("orders_if_agreed")) } dd.number { (money(if_agreed)) } }
                }
            }
        },
    )
}

fn facts<P: Platform>(desk: &Desk<'_, P>, store: &Store, found: &OrderPage, open: bool) -> Markup {
    let (words, order) = (desk.words(), &found.found.order);
    let promised = order.promised_at.map(|at| store.local(at).format("%Y-%m-%dT%H:%M").to_string());
    let people = |known: Vec<(String, String)>, chosen: Option<&String>| {
        let mut options: Vec<(String, String)> = vec![(String::new(), "–".to_owned())];
        options.extend(known);
        // The order may name somebody whom the profile does not have (any more).
        if let Some(other) = chosen.filter(|id| !options.iter().any(|(known, _)| known == *id)) {
            options.push((other.clone(), other.clone()));
        }
        options
    };
    let advisors = store.advisors.iter().map(|one| (one.id.clone(), one.name.clone())).collect();
    let technicians = store.technicians.iter().map(|one| (one.id.clone(), one.name.clone())).collect();
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let inputs = [
        ("promised_at", "datetime-local", promised.clone().unwrap_or_default(), None),
        ("waiting_for", "text", text(order.waiting_for.as_ref()), Some(words.say("orders_waiting_for_hint"))),
        ("mileage_in", "text", order.mileage_in.map(|it| it.to_string()).unwrap_or_default(), None),
        ("mileage_out", "text", order.mileage_out.map(|it| it.to_string()).unwrap_or_default(), None),
        ("vin", "text", text(order.vin.as_ref()), None),
    ];
    card(
        words.say("orders_details"),
        &html! {
            @if let Some(phone) = &found.shown.phone { p.order-phone { a.link href={ "tel:" (phone) } { (phone) } } }
            @if open {
                form.stack method="post" action=(action(store, order, "edit")) {
                    (base(desk, order))
                    @for (name, kind, value, hint) in inputs {
                        (field(name, words.say(&format!("field_{name}")), hint, &html! {
                            input id={ "field-" (name) } name=(name) type=(kind) value=(value) maxlength="80" autocomplete="off" inputmode=[name.starts_with("mileage").then_some("numeric")];
                        }))
                    }
                    (field("advisor", words.say("field_advisor"), None, &crate::page::select("advisor", &people(advisors, order.advisor.as_ref()), &text(order.advisor.as_ref()))))
                    (field("technician", words.say("field_technician"), None, &crate::page::select("technician", &people(technicians, order.technician.as_ref()), &text(order.technician.as_ref()))))
                    p.hint { (words.say("orders_promise_hint")) }
                    (button(Kind::Plain, words.say("save")))
                }
            } @else {
                dl.facts {
                    @for (name, _, value, _) in inputs.into_iter().filter(|(_, _, value, _)| !value.is_empty()) {
                        dt { (words.say(&format!("field_{name}"))) } dd { (value.replace('T', " ")) }
                    }
                    @if let Some(id) = &order.advisor { dt { (words.say("field_advisor")) } dd { (advisor(store, id)) } }
                }
            }
        },
    )
}

fn notes<P: Platform>(desk: &Desk<'_, P>, order: &RepairOrder, open: bool) -> Markup {
    let words = desk.words();
    let path = format!("/desk/stores/{}/orders/{}/note", desk.place("store"), order.id);
    card(
        words.say("orders_notes"),
        &html! {
            @if order.notes.is_empty() && !open { p.soft { (words.say("orders_no_notes")) } }
            ul.notes {
                @for note in &order.notes {
                    li { p { (note.text) } @if note.audience == Audience::Customer { (chip(Tone::Info, words.say("orders_note_customer"))) } }
                }
            }
            @if open {
                form.stack method="post" action=(path) {
                    (base(desk, order))
                    (field("note", words.say("orders_note"), None, &html! { textarea #field-note name="note" rows="2" maxlength="1000" required {} }))
                    label.check { input type="checkbox" name="audience" value="customer"; span { (words.say("orders_note_for_customer")) } }
                    (button(Kind::Plain, words.say("orders_add_note")))
                }
            }
        },
    )
}

/// What the customer has said on the phone or at the counter, line by line.
fn decide<P: Platform>(desk: &Desk<'_, P>, store: &Store, found: &OrderPage) -> Markup {
    let (words, order) = (desk.words(), &found.found.order);
    let methods = [Method::VerbalPhone, Method::InPersonPhysicalSignature, Method::InPersonDigitalSignature];
    let methods: Vec<(String, String)> = methods
        .map(|method| {
            (serde_json::json!(method).as_str().unwrap_or_default().to_owned(), method_words(words, method).to_owned())
        })
        .into();
    html! {
        section.card #decide {
            h2 { (words.say("orders_answer")) }
            p.soft { (words.say("orders_answer_hint")) }
            form.stack method="post" action=(action(store, order, "decide")) {
                (base(desk, order))
                @for line in order.operations.iter().filter(|line| line.authorization == Authorization::Requested) {
                    @let amount = store.charges.amount(line);
                    fieldset.row.spread {
                        legend { (line.name) " · " (phrases::money(store, amount)) }
                        (hidden(&format!("amount.{}", line.id), &amount.to_string()))
                        label.check { input type="radio" name={ "line." (line.id) } value="yes"; span { (words.say("orders_yes")) } }
                        label.check { input type="radio" name={ "line." (line.id) } value="no"; span { (words.say("orders_no")) } }
                        label.check { input type="radio" name={ "line." (line.id) } value="" checked; span { (words.say("orders_no_word")) } }
                    }
                }
                (field("method", words.say("field_method"), None, &crate::page::select("method", &methods, "verbal_phone")))
                div.buttons { (button(Kind::Main, words.say("orders_record"))) }
            }
            @if order.nudges == 0 { (remind_form(desk, store, &found.shown, "order")) }
            @else { p.soft { (words.say("orders_reminded_already")) } }
        }
    }
}
