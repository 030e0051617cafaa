//! The list with what is above it: search, views, what narrows it, and who is there.

use super::row::row;
use super::{ListState, Listed, colleagues};
use crate::desk::Desk;
use crate::page::{Kind, avatar, button, empty_state, hidden, icon};
use crate::words::Words;
use lanekeeper_domain::Language;
use lanekeeper_platform::Platform;
use lanekeeper_storage::inbox::{Counts, InboxView, MOST_COUNTED, Needle};
use maud::{Markup, html};

/// The pane of the list.
pub fn pane<P: Platform>(desk: &Desk<'_, P>, state: &ListState, listed: &Listed) -> Markup {
    let words = desk.words();
    html! {
        section #list .list-pane aria-label=(words.say("inbox_list")) data-pulse=(listed.pulse) data-query=(state.query()) {
            div.list-head {
                h1 { (words.say("nav_inbox")) }
                (team(desk, state, &listed.counts))
                button.icon-button type="button" hidden data-alerts aria-pressed="false" title=(words.say("inbox_alerts"))
                    aria-label=(words.say("inbox_alerts")) data-title=(words.say("inbox_alert")) data-denied=(words.say("inbox_alerts_denied")) { (icon("bell")) }
            }
            (search(state, words))
            @if state.search.is_none() {
                (views(state, &listed.counts, words))
                (narrowing(desk, state, &listed.counts))
            }
            div.list-scroll { (conversations(desk, state, listed, false)) }
        }
    }
}

/// The conversations themselves; `apart` puts them into their place in a page that is there already.
pub fn conversations<P: Platform>(desk: &Desk<'_, P>, state: &ListState, listed: &Listed, apart: bool) -> Markup {
    let words = desk.words();
    let needle = state.search.as_deref().and_then(Needle::new);
    html! {
        div #conversations hx-swap-oob=[apart.then_some("true")] hx-boost="true" hx-target="#conversation" hx-swap="outerHTML" {
            @if let Some(typed) = &state.search {
                p.found role="status" { (words.fill("inbox_found", &[("number", &listed.rows.len().to_string()), ("typed", typed)])) }
            }
            @if listed.rows.is_empty() {
                (nothing(state, words))
            } @else {
                ol.conversations {
                    @for found in &listed.rows { (row(desk, state, found, needle.as_ref())) }
                }
            }
            @if let Some(next) = &listed.next {
                p.more { a.button href=(ListState { after: Some(next.clone()), ..state.clone() }.address()) { (words.say("inbox_more")) } }
            }
            @if state.after.is_some() {
                p.more { a href=(ListState { after: None, ..state.clone() }.address()) { (words.say("inbox_to_the_top")) } }
            }
        }
    }
}

fn nothing(state: &ListState, words: Words) -> Markup {
    let (drawing, title, text) = if state.search.is_some() {
        ("search", "inbox_nothing_found", "inbox_nothing_found_text")
    } else if state.narrowed() > 0 {
        ("inbox", "inbox_nothing_so", "inbox_nothing_so_text")
    } else if state.view == InboxView::Waiting {
        ("check", "inbox_nobody_waits", "inbox_nobody_waits_text")
    } else {
        ("inbox", "inbox_nothing", "inbox_nothing_text")
    };
    empty_state(drawing, words.say(title), words.say(text), &html! {})
}

fn search(state: &ListState, words: Words) -> Markup {
    html! {
        form.search role="search" method="get" action="/desk/inbox" {
            @if state.view != InboxView::Waiting { (hidden("view", state.view.as_str())) }
            @if let Some(store) = &state.store { (hidden("store", store)) }
            (icon("search"))
            input #search name="q" type="search" value=[state.search.as_ref()] maxlength="100" autocomplete="off"
                placeholder=(words.say("inbox_search_hint")) aria-label=(words.say("inbox_search"));
            @if state.search.is_some() {
                a.icon-button href=(state.in_view(state.view).address()) title=(words.say("inbox_search_end")) aria-label=(words.say("inbox_search_end")) { (icon("close")) }
            }
        }
    }
}

fn views(state: &ListState, counts: &Counts, words: Words) -> Markup {
    let count = |view| match view {
        InboxView::Waiting => counts.waiting,
        InboxView::Unassigned => counts.unassigned,
        InboxView::Mine => counts.mine,
        InboxView::People => counts.people,
        InboxView::Snoozed => counts.snoozed,
        InboxView::Ai | InboxView::Open | InboxView::Closed => 0,
    };
    html! {
        nav.views aria-label=(words.say("inbox_views")) {
            div.tabs {
                @for view in InboxView::ALL {
                    a href=(state.in_view(view).address()) aria-current=[(view == state.view).then_some("page")] {
                        (words.say(&format!("inbox_view_{}", view.as_str())))
                        @if count(view) > 0 { span.count { (number(count(view))) } }
                    }
                }
            }
        }
    }
}

/// A number that was counted up to a limit.
pub fn number(count: u32) -> String {
    if count >= MOST_COUNTED { format!("{}+", MOST_COUNTED - 1) } else { count.to_string() }
}

fn narrowing<P: Platform>(desk: &Desk<'_, P>, state: &ListState, counts: &Counts) -> Markup {
    let words = desk.words();
    let label = match state.narrowed() {
        0 => words.say("inbox_filters").to_owned(),
        number => format!("{} · {number}", words.say("inbox_filters")),
    };
    let choice = |name: &str, chosen: Option<&String>, options: Vec<(String, String)>| {
        html! {
            label { span { (words.say(&format!("inbox_filter_{name}"))) }
                select name=(name) data-send {
                    option value="" { (words.say("inbox_any")) }
                    @for (value, label) in options {
                        option value=(value) selected[chosen == Some(&value)] { (label) }
                    }
                }
            }
        }
    };
    let named = |key: &str, value: &str| (value.to_owned(), words.say(&format!("{key}_{value}")).to_owned());
    let channels = counts.providers.iter().map(|provider| named("channel", provider)).collect();
    let moods = ["angry", "upset", "calm", "happy"].map(|mood| named("mood", mood)).into();
    let languages = Language::ALL
        .map(|language| (language.code().to_owned(), Words::of(language).say("language_own_name").to_owned()))
        .into();
    let people = colleagues(desk).map(|colleague| (colleague.id.clone(), colleague.name.clone())).collect();
    html! {
        details.narrowing open[state.narrowed() > 0] {
            summary { (label) (icon("chevron")) }
            form method="get" action="/desk/inbox" {
                @if state.view != InboxView::Waiting { (hidden("view", state.view.as_str())) }
                @if let Some(store) = &state.store { (hidden("store", store)) }
                (choice("channel", state.channel.as_ref(), channels))
                (choice("mood", state.mood.as_ref(), moods))
                (choice("language", state.language.as_ref(), languages))
                @if state.view != InboxView::Mine { (choice("assignee", state.assignee.as_ref(), people)) }
                noscript { (button(Kind::Plain, words.say("show"))) }
                @if state.narrowed() > 0 {
                    a.button.quiet href=(ListState { search: state.search.clone(), ..state.in_view(state.view) }.without_facets().address()) { (words.say("inbox_filters_off")) }
                }
            }
        }
    }
}

/// Who is there, and how much they have.
fn team<P: Platform>(desk: &Desk<'_, P>, state: &ListState, counts: &Counts) -> Markup {
    let words = desk.words();
    let known = |account: &str| colleagues(desk).find(|colleague| colleague.id == account);
    let people: Vec<_> = counts.loads.iter().filter_map(|load| Some((load, &known(&load.account)?.name))).collect();
    let there = people.iter().filter(|(load, _)| load.available == Some(true)).count();
    html! {
        details.menu.team {
            summary title=(words.say("inbox_team")) { span.dot.on[there > 0] {} (words.fill("inbox_there", &[("number", &there.to_string())])) (icon("chevron")) }
            div.pop {
                h2 { (words.say("inbox_team")) }
                ul.list {
                    @for (load, name) in people {
                        li {
                            a.person href=(ListState { assignee: Some(load.account.clone()), ..state.in_view(InboxView::People) }.address()) {
                                (avatar(name))
                                span { strong { (name) }
                                    small { (words.say(match load.available { Some(true) => "inbox_available", Some(false) => "inbox_away", None => "inbox_not_there" })) }
                                }
                            }
                            span.number { (words.fill("inbox_load", &[("number", &load.conversations.to_string()), ("waiting", &load.waiting.to_string())])) }
                        }
                    }
                }
            }
        }
    }
}
