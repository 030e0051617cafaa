//! The customer's answers: shown with what they come to, then recorded.

use super::{Opened, view};
use crate::entry::{Way, done};
use crate::error::VisitError;
use lanekeeper_changes::decide_lines;
use lanekeeper_domain::repair_order::{Actor, Event, Method, Operation, Verdict};
use lanekeeper_links::Links;
use lanekeeper_platform::{Database, DatabaseError, Platform, Random, Response};
use lanekeeper_storage::repair_order_for_store;
use maud::{Markup, html};

const STEP: &str = "answer";

/// Shows what was chosen and the new total, and asks whether that is right.
pub fn show(opened: &Opened) -> Response {
    let pairs = form_urlencoded::parse(opened.entry.request.query.as_bytes());
    let verdicts = verdicts(opened, &pairs.into_owned().collect::<Vec<_>>());
    let mut after = opened.found.order.clone();
    match after.decide(&opened.found.store.charges, &verdicts, Method::SmsTextLink) {
        Ok(Event::Decided { total, .. }) if !verdicts.is_empty() => opened.page(200, &review(opened, &verdicts, total)),
        // Nothing was chosen, or nothing is asked any more: the order itself says what is.
        _ => opened.page(200, &view::order(opened, None)),
    }
}

/// Records the answers, each with the amount that was shown.
pub async fn commit<P: Platform>(way: &Way<'_, P>, opened: Opened<'_>) -> Result<Response, VisitError> {
    let (form, seen) = opened.entry.form(STEP)?;
    let verdicts = verdicts(&opened, form.fields());
    // The amounts are those of the version that was shown.
    if seen != opened.found.order.version || verdicts.is_empty() {
        return changed(way, opened).await;
    }
    let (links, now) = (Links::of(way.platform.settings()), opened.entry.now);
    let by = (Method::SmsTextLink, Actor::Customer);
    let new_id = || way.platform.random().id(now);
    let Ok(written) = decide_lines(&opened.found, &verdicts, by, links.as_ref(), now, &new_id) else {
        return changed(way, opened).await;
    };
    match way.shard.database.batch(written.statements).await {
        Ok(_) => {}
        Err(DatabaseError::Constraint(_)) => return changed(way, opened).await,
        Err(error) => return Err(error.into()),
    }
    way.settle(&opened.entry.link, STEP, &written.due).await;
    Ok(done(opened.entry.token, "answered"))
}

/// The page that says that somebody was quicker, with the order as it stands now.
async fn changed<P: Platform>(way: &Way<'_, P>, mut opened: Opened<'_>) -> Result<Response, VisitError> {
    let (store, id) = (&opened.entry.link.store, &opened.entry.link.id);
    opened.found = repair_order_for_store(way.shard.database, store, id).await?.ok_or(VisitError::NoSuchLink)?;
    Ok(opened.page(409, &view::order(&opened, Some("order_changed"))))
}

/// The answers among these fields, about lines that are asked about, with what they cost.
fn verdicts(opened: &Opened, fields: &[(String, String)]) -> Vec<Verdict> {
    let answer = |operation: &Operation| {
        let given = fields.iter().find(|(name, _)| name.strip_prefix("line.") == Some(&operation.id))?;
        match given.1.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    };
    let verdict = |operation: &Operation| {
        let amount = opened.cost(operation).amount;
        Some(Verdict { operation: operation.id.clone(), authorized: answer(operation)?, amount })
    };
    opened.found.order.open_lines().filter_map(verdict).collect()
}

fn review(opened: &Opened, verdicts: &[Verdict], total: i64) -> Markup {
    let (words, entry, order) = (opened.words, &opened.entry, &opened.found.order);
    let name = |verdict: &Verdict| order.operation(&verdict.operation).map_or("", |line| line.name.as_str());
    html! {
        a.back href=(entry.address("")) { (words.say("order_back")) }
        h1 { (words.say("review_title")) }
        p.soft { (view::in_short(opened)) }
        section.estimate {
            ul.lines {
                @for verdict in verdicts {
                    li.declined[!verdict.authorized] {
                        @if verdict.authorized {
                            span { (name(verdict)) small { (words.say("do_it")) } }
                            strong { (opened.money(verdict.amount)) }
                        } @else {
                            s { (name(verdict)) } span { (words.say("leave_it")) }
                        }
                    }
                }
            }
            dl.sums {
                div { dt { (words.say("total_before")) } dd { (opened.money(order.totals(&opened.found.store.charges).total)) } }
                div.total { dt { (words.say("total_new")) } dd { (opened.money(total)) } }
            }
        }
        p.soft { (words.say("review_more")) }
        form.actions method="post" action=(entry.address(STEP)) {
            (entry.hidden(STEP, order.version))
            @for verdict in verdicts {
                input type="hidden" name={ "line." (verdict.operation) } value=(if verdict.authorized { "yes" } else { "no" });
            }
            button.button.main type="submit" { (words.fill("review_confirm", &[("total", &opened.money(total))])) }
            a.button href=(entry.address("")) { (words.say("review_back")) }
        }
    }
}
