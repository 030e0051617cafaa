//! The board: a column for each stage, and the orders that are at it.

use crate::day::said;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, Page, Tone, chip, empty_state, header, hidden, link_button};
use crate::service_words::technician;
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_conversation::phrases;
use lanekeeper_domain::Store;
use lanekeeper_domain::repair_order::Stage;
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{Board, BoardOrder, board};
use maud::{Markup, html};

/// `GET /desk/stores/{store}/orders`.
pub async fn show<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    page(desk, 200, said(desk)).await
}

/// The board, below what is to be said.
pub async fn page<P: Platform>(desk: &Desk<'_, P>, status: u16, said: Option<Markup>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let found = board(at.shard.database, (&desk.person.group, &at.store.id), desk.now()).await?;
    let words = desk.words();
    let may_change = at.store.role.may(Permission::Serve);
    let waiting = found.orders.iter().filter(|order| order.order.open_lines().next().is_some()).count();
    let actions = html! {
        (link_button(Kind::Plain, &format!("/desk/stores/{}/waiting", at.store.id), &words.fill("orders_waiting", &[("number", &waiting.to_string())])))
    };
    let content = html! {
        (header(words.say("nav_orders"), Some(&words.fill("orders_under_way", &[("number", &found.orders.len().to_string())])), &actions))
        @if let Some(said) = said { (said) }
        @if found.orders.is_empty() {
            (empty_state("wrench", words.say("orders_none"), words.say("orders_none_text"), &html! {}))
        } @else {
            @if may_change { p.soft.grid-help #grid-help { (words.say("orders_help")) } }
            (columns(desk, &found, may_change))
        }
        p.hidden #grid-live role="status" aria-live="assertive" {}
    };
    let page = Page::new(words.say("nav_orders"), content)
        .section("orders")
        .at_store(Some(&at.store.id))
        .style("orders.css")
        .script("day.js");
    Ok(Response { status, ..desk.page(&page) })
}

fn columns<P: Platform>(desk: &Desk<'_, P>, board: &Board, may_change: bool) -> Markup {
    let words = desk.words();
    let of = |stage: Stage| board.orders.iter().filter(move |order| order.order.stage == stage);
    // Orders that are taken up again are rare, and closed ones are gone: their columns are there when somebody is in them.
    let shown = |stage: &Stage| !matches!(stage, Stage::ReOpen | Stage::Closed) || of(*stage).next().is_some();
    html! {
        div.board #board role="region" tabindex="0" aria-label=(words.say("nav_orders"))
            data-picked-up=(words.say("day_picked_up")) data-put-back=(words.say("day_put_back")) data-not-there=(words.say("orders_not_there")) {
            @for stage in Stage::ALL.into_iter().filter(shown) {
                section.board-column .few[of(stage).next().is_none()] data-stage=(stage.as_str()) data-name=(words.stage(stage)) aria-label=(words.stage(stage)) {
                    h2 { (words.stage(stage)) " " span.soft { (of(stage).count()) } }
                    @for order in of(stage) { (card(desk, &board.store, order, may_change)) }
                }
            }
        }
    }
}

fn card<P: Platform>(desk: &Desk<'_, P>, store: &Store, shown: &BoardOrder, may_change: bool) -> Markup {
    let (words, order, now) = (desk.words(), &shown.order, desk.now());
    let next: Vec<Stage> = Stage::ALL.into_iter().filter(|to| order.stage.may_become(*to)).collect();
    let stages = next.iter().map(|stage| stage.as_str()).collect::<Vec<_>>().join(" ");
    let who = words.who(shown.customer.as_deref(), shown.phone.as_deref());
    let address = format!("/desk/stores/{}/orders/{}", store.id, order.id);
    html! {
        article.order-card data-carry=[may_change.then_some("")] data-stages=(stages) title={ (order.number) " · " (who) } {
            a.order-link href=(address) draggable="false" aria-describedby=[may_change.then_some("grid-help")] {
                span.soft { (order.number) }
                strong { (who) }
                @if let Some(car) = words.car(store, order.vehicle.as_ref()) { span { (car) } }
            }
            div.row.order-chips {
                (promised(words, store, shown, now))
                @if let Some(asked) = open_amount(words, store, shown, now) { (chip(Tone::Warn, &asked)) }
            }
            @if let Some(waiting_for) = &order.waiting_for { p.soft { (words.fill("orders_waits_for", &[("what", waiting_for)])) } }
            @if let Some(id) = &order.technician { p.soft { (technician(store, id)) } }
            @if may_change && !next.is_empty() {
                form.row.stage-form method="post" action={ (address) "/stage" } {
                    (desk.token_field())
                    (hidden("version", &order.version.to_string()))
                    (hidden("back", "board"))
                    label.hidden for={ "stage-" (order.id) } { (words.fill("orders_stage_of", &[("number", &order.number)])) }
                    select id={ "stage-" (order.id) } name="stage" {
                        option value="" selected disabled { (words.say("orders_set_stage")) }
                        @for stage in &next { option value=(stage.as_str()) { (words.stage(*stage)) } }
                    }
                    button.button.quiet type="submit" { (words.say("orders_set")) }
                }
            }
        }
    }
}

/// When the car was promised; a promise that is over and not kept stands out.
pub fn promised(words: Words, store: &Store, shown: &BoardOrder, now: DateTime<Utc>) -> Markup {
    let order = &shown.order;
    html! {
        @if let Some(promised) = order.promised_at {
            @let late = promised < now && order.stage < Stage::Completed;
            (chip(if late { Tone::Bad } else { Tone::Plain }, &words.fill(if late { "orders_was_promised" } else { "orders_promised" }, &[("time", &words.moment(store.time_zone, promised, now))])))
        }
    }
}

/// What waits for the customer's answer: how much, and for how long.
pub fn open_amount(words: Words, store: &Store, shown: &BoardOrder, now: DateTime<Utc>) -> Option<String> {
    let open: i64 = shown.order.open_lines().map(|line| store.charges.amount(line)).sum();
    shown.order.open_lines().next()?;
    let since = shown.asked_at.map_or_else(String::new, |asked| words.span(now - asked));
    Some(words.fill("orders_asked", &[("amount", &phrases::money(store, open)), ("since", &since)]))
}
