//! The order itself.

use super::Opened;
use crate::page::map_url;
use lanekeeper_conversation::{CarLabel, phrases};
use lanekeeper_domain::RepairOrder;
use lanekeeper_domain::repair_order::{Authorization, Operation, Stage};
use maud::{Markup, html};

/// How far a car comes in the shop, as the dashes of a road.
const DASHES: usize = 5;

/// The order: its stage, what is asked, what is agreed and what it comes to. `alert` is a phrase to begin with.
pub fn order(opened: &Opened, alert: Option<&str>) -> Markup {
    let (words, order) = (opened.words, &opened.found.order);
    let answered = opened.entry.request.query == "answered";
    html! {
        @if let Some(alert) = alert { p.notice.bad role="alert" { (words.say(alert)) } }
        @if answered { p.notice.good role="status" { (words.say("answered_done")) } }
        (ticket(opened))
        @if order.open_lines().next().is_some() { (question(opened)) }
        (estimate(opened))
    }
}

fn ticket(opened: &Opened) -> Markup {
    let (words, store, order) = (opened.words, &opened.found.store, &opened.found.order);
    let car = order.vehicle.as_ref().and_then(CarLabel::of);
    let reached = dashes(order.stage);
    let notes = order.notes_for_customer();
    html! {
        article.ticket.order {
            header {
                p.about { span { (words.fill("order_title", &[("number", &order.number)])) } }
                h1 { (words.say(&format!("stage_{}", order.stage.as_str()))) }
                @if let Some(at) = order.promised_at.filter(|_| !order.stage.is_over() && order.stage != Stage::Completed) {
                    p.soft { (words.fill("promised", &[("moment", &words.day_time(store, at))])) }
                }
                div.lane aria-hidden="true" { @for dash in 0..DASHES { i.reached[dash < reached] {} } }
            }
            dl.facts {
                @if let Some(car) = car { div { dt { (words.say("car")) } dd { (phrases::car(&car, store, words.language)) } } }
                @if let Some(what) = &order.waiting_for { div { dt { (words.say("waiting_for")) } dd { (what) } } }
                @for note in notes { div { dt { (words.say("note")) } dd { p { (note.text) } } } }
                div { dt { (words.say("where")) } dd { (store.address) p { a href=(map_url(store)) rel="noreferrer noopener" { (words.say("map")) } } } }
            }
        }
    }
}

/// How many dashes of the road the car has behind it.
fn dashes(stage: Stage) -> usize {
    match stage {
        Stage::Open | Stage::ReOpen => 0,
        Stage::VehicleReceived => 1,
        Stage::Evaluation | Stage::ProposalBuild | Stage::AwaitingCustomerAuthorization => 2,
        Stage::PartsOrdered | Stage::WorkInProgress => 3,
        Stage::Detailing | Stage::QualityAssurance => 4,
        Stage::Completed | Stage::VehicleDelivered | Stage::Closed => DASHES,
    }
}

/// The lines that the customer is asked about, each to be answered.
fn question(opened: &Opened) -> Markup {
    let (words, order) = (opened.words, &opened.found.order);
    html! {
        section.ask aria-labelledby="ask" {
            h2 #ask { (words.say("ask_title")) }
            p.soft { (words.say("ask_more")) }
            form method="get" action=(opened.entry.address("answer")) {
                input type="hidden" name="version" value=(order.version);
                @for operation in order.open_lines() { (choice(opened, operation)) }
                div.actions { button.button.main type="submit" { (words.say("ask_next")) } }
            }
        }
    }
}

fn choice(opened: &Opened, operation: &Operation) -> Markup {
    let words = opened.words;
    let name = format!("line.{}", operation.id);
    html! {
        fieldset.line {
            legend { span { (operation.name) } strong { (opened.money(opened.cost(operation).amount)) } }
            @if let Some(cause) = &operation.cause { p.soft { (cause) } }
            (parts_of(opened, operation))
            div.choices {
                @for (answer, label) in [("yes", "do_it"), ("no", "leave_it")] {
                    label { input type="radio" name=(name) value=(answer) required; span { (words.say(label)) } }
                }
            }
        }
    }
}

/// What a line's amount is made of, where it is made of several things.
fn parts_of(opened: &Opened, operation: &Operation) -> Markup {
    let cost = opened.cost(operation);
    let rows = [("labor", cost.labor), ("parts", cost.parts), ("tax", cost.tax)];
    html! { @if rows.iter().filter(|(_, amount)| *amount > 0).count() > 1 { dl.sums { (sums(opened, &rows)) } } }
}

/// Amounts, each with its name; nothing is not told.
fn sums(opened: &Opened, rows: &[(&str, i64)]) -> Markup {
    html! {
        @for (label, amount) in rows.iter().filter(|(_, amount)| *amount > 0) {
            div { dt { (opened.words.say(label)) } dd { (opened.money(*amount)) } }
        }
    }
}

/// What is agreed and what is not, and what it comes to.
fn estimate(opened: &Opened) -> Markup {
    let (words, order) = (opened.words, &opened.found.order);
    let agreed: Vec<&Operation> = order.operations.iter().filter(|line| line.authorization.is_agreed()).collect();
    let declined: Vec<&Operation> =
        order.operations.iter().filter(|line| line.authorization == Authorization::Declined).collect();
    let totals = order.totals(&opened.found.store.charges);
    let rows = [("labor", totals.labor), ("parts", totals.parts), ("fees", totals.fees), ("tax", totals.tax)];
    html! {
        @if !agreed.is_empty() || !declined.is_empty() {
            section.estimate aria-labelledby="estimate" {
                h2 #estimate { (words.say("agreed_title")) }
                ul.lines {
                    @for line in agreed { li { span { (line.name) } span { (price(opened, line)) } } }
                    @for line in declined { li.declined { s { (line.name) } span { (words.say("declined")) } } }
                }
                dl.sums {
                    (sums(opened, &rows))
                    div.total { dt { (words.say("total")) } dd { (opened.money(totals.total)) } }
                }
            }
        }
    }
}

/// What a line costs the customer before tax, in words where somebody else pays.
fn price(opened: &Opened, line: &Operation) -> String {
    match opened.cost(line) {
        cost if cost.amount == 0 => opened.words.say("free").to_owned(),
        cost => opened.money(cost.labor + cost.parts),
    }
}

/// The car and the number of an order, in one line.
pub fn in_short(opened: &Opened) -> String {
    let (words, store) = (opened.words, &opened.found.store);
    let order: &RepairOrder = &opened.found.order;
    let number = words.fill("order_title", &[("number", &order.number)]);
    match order.vehicle.as_ref().and_then(CarLabel::of) {
        Some(car) => format!("{number} · {}", phrases::car(&car, store, words.language)),
        None => number,
    }
}
