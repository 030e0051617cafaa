//! Added work that waits for an answer: for how long, and what can be done about it.

use super::board::promised;
use crate::day::said;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, Page, Tone, button, chip, empty_state, header, hidden, link_button};
use lanekeeper_conversation::phrases;
use lanekeeper_domain::Store;
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{BoardOrder, board};
use maud::{Markup, html};

/// `GET /desk/stores/{store}/waiting`: the longest waiting first.
pub async fn show<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let mut found = board(at.shard.database, (&desk.person.group, &at.store.id), desk.now()).await?;
    found.orders.retain(|order| order.order.open_lines().next().is_some());
    found.orders.sort_by_key(|order| order.asked_at);
    let words = desk.words();
    let may_change = at.store.role.may(Permission::Serve);
    let back = link_button(Kind::Plain, &format!("/desk/stores/{}/orders", at.store.id), words.say("orders_board"));
    let content = html! {
        (header(words.say("orders_waiting_title"), Some(words.say("orders_waiting_below")), &back))
        @if let Some(said) = said(desk) { (said) }
        @if found.orders.is_empty() {
            (empty_state("check", words.say("orders_none_waits"), words.say("orders_none_waits_text"), &html! {}))
        }
        div.stack { @for order in &found.orders { (one(desk, &found.store, order, may_change)) } }
    };
    let page = Page::new(words.say("orders_waiting_title"), content).section("orders").at_store(Some(&at.store.id));
    Ok(desk.page(&page))
}

fn one<P: Platform>(desk: &Desk<'_, P>, store: &Store, shown: &BoardOrder, may_change: bool) -> Markup {
    let (words, order, now) = (desk.words(), &shown.order, desk.now());
    let address = format!("/desk/stores/{}/orders/{}", store.id, order.id);
    let age = shown.asked_at.map(|asked| words.span(now - asked));
    let long = shown
        .asked_at
        .is_some_and(|asked| (now - asked).num_minutes() >= i64::from(store.added_work.remind_after_minutes));
    html! {
        section.card aria-label=(order.number) {
            div.row.spread {
                h2 {
                    a href=(address) {
                        (words.who(shown.customer.as_deref(), shown.phone.as_deref()))
                        @if let Some(car) = words.car(store, order.vehicle.as_ref()) { " · " (car) }
                    }
                }
                div.row {
                    @if let Some(age) = age { (chip(if long { Tone::Bad } else { Tone::Warn }, &words.fill("orders_waits_since", &[("span", &age)]))) }
                    @if order.nudges > 0 { (chip(Tone::Info, words.say("orders_was_reminded"))) }
                    (promised(words, store, shown, now))
                }
            }
            ul.list {
                @for line in order.open_lines() {
                    li { span { (line.name) } span.number { (phrases::money(store, store.charges.amount(line))) } }
                }
            }
            div.buttons {
                @if let Some(phone) = &shown.phone { (link_button(Kind::Main, &format!("tel:{phone}"), &words.fill("orders_call", &[("phone", phone)]))) }
                @if may_change {
                    (link_button(Kind::Plain, &format!("{address}#decide"), words.say("orders_record")))
                    @if order.nudges == 0 { (remind_form(desk, store, shown, "waiting")) }
                }
            }
        }
    }
}

/// Asks the customer once more, which the rules allow once.
pub fn remind_form<P: Platform>(desk: &Desk<'_, P>, store: &Store, shown: &BoardOrder, back: &str) -> Markup {
    html! {
        form method="post" action={ "/desk/stores/" (store.id) "/orders/" (shown.order.id) "/remind" } {
            (desk.token_field())
            (hidden("version", &shown.order.version.to_string()))
            (hidden("back", back))
            (button(Kind::Plain, desk.words().say("orders_remind")))
        }
    }
}
