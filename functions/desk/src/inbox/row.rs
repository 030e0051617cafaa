//! One conversation of the list.

use super::ListState;
use super::search::marked;
use crate::desk::Desk;
use crate::page::{Tone, avatar, chip, icon};
use crate::words::Words;
use lanekeeper_platform::Platform;
use lanekeeper_storage::inbox::{InboxRow, Needle};
use lanekeeper_zones::Tz;
use maud::{Markup, html};

/// How much of the last message is shown, in characters.
const SHOWN: usize = 110;

/// One conversation of the list, as a link to it.
pub fn row<P: Platform>(desk: &Desk<'_, P>, state: &ListState, row: &InboxRow, needle: Option<&Needle>) -> Markup {
    let words = desk.words();
    let store = desk.person.stores.iter().find(|store| store.id == row.store);
    let zone = store.map_or(Tz::UTC, |store| store.time_zone);
    let name = row.customer_name.as_deref().unwrap_or(&row.peer);
    let several = state.store.is_none() && desk.person.stores.len() > 1;
    let waits = row.waiting_since.filter(|_| !row.closed);
    html! {
        li {
            a.c-row.waits[waits.is_some()] id={ "c-" (row.id) } href=(state.conversation(&row.store, &row.id)) {
                (avatar(name))
                span.c-main {
                    span.c-top {
                        strong { (name) }
                        @match waits {
                            Some(since) => time.waiting data-since=(since.timestamp()) datetime=(since.to_rfc3339()) { (words.span(desk.now() - since)) },
                            None => time.soft datetime=(row.updated_at.to_rfc3339()) { (words.moment(zone, row.updated_at, desk.now())) },
                        }
                    }
                    span.c-text { (said(row, needle, words)) }
                    span.c-foot {
                        span.c-channel { (icon(channel_icon(&row.provider))) span.hidden { (words.say(&format!("channel_{}", row.provider))) } }
                        @if let Some(store) = store.filter(|_| several) { span.soft { (store.name) } }
                        (standing(desk, row))
                        @if row.mood == "angry" || row.mood == "upset" { (chip(if row.mood == "angry" { Tone::Bad } else { Tone::Warn }, words.say(&format!("mood_{}", row.mood)))) }
                        @for tag in row.tags.iter().take(2) { (chip(Tone::Plain, tag)) }
                    }
                }
            }
        }
    }
}

/// A drawing for a channel.
pub fn channel_icon(provider: &str) -> &'static str {
    match provider {
        "widget" => "chat",
        _ => "phone",
    }
}

fn said(row: &InboxRow, needle: Option<&Needle>, words: Words) -> Markup {
    if let (Some(hit), Some(needle)) = (&row.hit, needle) {
        return marked(hit, needle, SHOWN);
    }
    let Some((author, text)) = &row.last else { return html! {} };
    let text = if text.is_empty() { words.say("inbox_picture") } else { text };
    let by = match author.as_str() {
        "customer" => "",
        "ai" => words.say("inbox_by_ai"),
        _ => words.say("inbox_by_person"),
    };
    let short: String = text.chars().take(SHOWN).collect();
    html! { @if !by.is_empty() { span.by { (by) } " " } (short) }
}

/// Who has it.
fn standing<P: Platform>(desk: &Desk<'_, P>, row: &InboxRow) -> Markup {
    let words = desk.words();
    if row.closed {
        return chip(Tone::Plain, words.say("inbox_closed"));
    }
    match (&row.assignee, row.with_person) {
        (Some(account), _) if *account == desk.person.account => chip(Tone::Info, words.say("inbox_you")),
        (Some(account), _) => chip(Tone::Info, desk.person.name_of(account)),
        (None, true) => {
            let reason = row.reason.as_ref().map_or("", |reason| words.say(&format!("reason_{reason}")));
            chip(Tone::Warn, if reason.is_empty() { words.say("inbox_nobody") } else { reason })
        }
        (None, false) => html! { span.soft { (words.say("inbox_ai")) } },
    }
}
