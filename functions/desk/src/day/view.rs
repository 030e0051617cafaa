//! The page of a day: a grid on a wide screen, a list on a phone.

use super::layout::{Block, By, Column, Grid, Limit, Place, Share, grid, limits, receptions};
use super::{View, is_open, standing};
use crate::page::{Kind, Tone, chip, empty_state, hidden, icon, link_button};
use crate::service_words::{advisor, technician};
use chrono::Days;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::hours::Span;
use lanekeeper_storage::{DayEntry, Days as Found};
use maud::{Markup, html};

/// The page.
pub fn page(view: &View, found: &Found, said: Option<&Markup>) -> Markup {
    let appointments: Vec<Appointment> = found.entries.iter().map(|entry| entry.appointment.clone()).collect();
    let grid = grid(view.store, view.by, view.date, &appointments, view.now);
    html! {
        (head(view, "day", &view.words.long_date(view.date)))
        @if let Some(said) = said { (said) }
        (summary(view, found, &appointments))
        @if found.entries.is_empty() {
            (empty_state("calendar", view.words.say("day_empty"), &hours(view), &html! {}))
        } @else {
            (agenda(view, found))
        }
        @if !found.entries.is_empty() || view.may_change {
            (wide(view, found, &grid, &appointments))
        }
        dialog #dialog aria-label=(view.words.say("day_dialog")) {}
    }
}

/// The top of the day's and the week's page: which day, which view, and the way to others.
pub fn head(view: &View, page: &'static str, title: &str) -> Markup {
    let (words, by) = (view.words, view.by);
    let step = Days::new(if page == "week" { 7 } else { 1 });
    let tab = |current: bool, href: &str, label: &str| {
        html! {
            a href=(href) aria-current=[current.then_some("page")] { (label) }
        }
    };
    html! {
        header.page-header {
            div { h1 { (title) } @if page == "day" { p.soft { (hours(view)) } } }
            div.actions {
                @if view.may_change {
                    (link_button(Kind::Main, &format!("/desk/stores/{}/book?day={}", view.store.id, view.date.max(view.today())), words.say("day_book")))
                }
            }
        }
        div.row.spread.day-bar {
            div.row {
                nav.row aria-label=(words.say("day_days")) {
                    a.icon-button href=(view.address(page, view.date - step, by)) rel="prev" aria-label=(words.say("day_before")) title=(words.say("day_before")) { (icon("back")) }
                    (link_button(Kind::Plain, &view.address(page, view.today(), by), words.say("day_today")))
                    a.icon-button.next href=(view.address(page, view.date + step, by)) rel="next" aria-label=(words.say("day_after")) title=(words.say("day_after")) { (icon("back")) }
                }
                form.row method="get" action={ "/desk/stores/" (view.store.id) "/" (page) } {
                    @if by == By::Bay { (hidden("by", "bay")) }
                    label.hidden for="date" { (words.say("day_date")) }
                    input.date #date type="date" name="date" value=(view.date) required;
                    button.button type="submit" { (words.say("show")) }
                }
            }
            div.row {
                nav.tabs aria-label=(words.say("day_span")) {
                    (tab(page == "day", &view.address("day", view.date, by), words.say("day_day")))
                    (tab(page == "week", &view.address("week", view.date, by), words.say("day_week")))
                }
                @if !view.store.technicians.is_empty() {
                    nav.tabs aria-label=(words.say("day_columns")) {
                        (tab(by == By::Technician, &view.address(page, view.date, By::Technician), words.say("day_technicians")))
                        (tab(by == By::Bay, &view.address(page, view.date, By::Bay), words.say("day_bays")))
                    }
                }
            }
        }
    }
}

/// The store's hours that day, in words.
fn hours(view: &View) -> String {
    let clock = |minute: u32| {
        let time =
            chrono::NaiveTime::from_num_seconds_from_midnight_opt((minute % (24 * 60)) * 60, 0).unwrap_or_default();
        lanekeeper_conversation::phrases::time(view.words.language, time)
    };
    let spans: Vec<String> = view
        .store
        .hours
        .on(view.date)
        .iter()
        .map(|span: &Span| format!("{} – {}", clock(span.opens), clock(span.closes)))
        .collect();
    match spans.as_slice() {
        [] => view.words.say("day_closed").to_owned(),
        spans => view.words.fill("day_open", &[("hours", &spans.join(", "))]),
    }
}

/// How many there are, who has come, and what is left of what is limited.
fn summary(view: &View, found: &Found, appointments: &[Appointment]) -> Markup {
    let words = view.words;
    let own =
        || found.entries.iter().filter(|entry| view.store.local(entry.appointment.opening.start).date() == view.date);
    let here = own().filter(|entry| entry.arrived_at.is_some() || entry.order.is_some()).count();
    let held = found.held.iter().filter(|held| view.store.local(held.opening.start).date() == view.date).count();
    let number = |key: &str, number: usize| words.fill(key, &[("number", &number.to_string())]);
    html! {
        ul.row.day-summary aria-label=(words.say("day_summary")) {
            li { (chip(Tone::Plain, &number("day_appointments", own().count()))) }
            li { (chip(Tone::Info, &number("day_have_come", here))) }
            @if held > 0 { li { (chip(Tone::Plain, &number("day_held", held))) } }
            @for (limit, share) in limits(view.store, view.date, appointments) {
                li { (chip(if share.is_full() { Tone::Bad } else { Tone::Plain }, &limit_words(view, &limit, share))) }
            }
        }
    }
}

/// A limit in words, e.g. "Loaners 1 of 2".
pub fn limit_words(view: &View, limit: &Limit, share: Share) -> String {
    let what = match limit {
        Limit::Day => view.words.say("day_limit_day").to_owned(),
        Limit::Service(id) => view.words.work(view.store, std::slice::from_ref(id)),
        Limit::Wait => view.words.say("day_limit_wait").to_owned(),
        Limit::Loaner => view.words.say("day_limit_loaner").to_owned(),
    };
    view.words.fill("day_limit", &[("what", &what), ("taken", &share.taken.to_string()), ("of", &share.of.to_string())])
}

/// The day as a list, for phones.
fn agenda(view: &View, found: &Found) -> Markup {
    html! {
        ol.agenda {
            @for entry in &found.entries {
                li {
                    a href=(view.appointment(entry)) {
                        span.agenda-time { (view.words.clock(view.store, entry.appointment.opening.start)) }
                        span.agenda-what {
                            strong { (view.who(entry)) }
                            span { (view.what(entry)) }
                            small.soft { (by_whom(view, entry)) }
                            (view.chip(entry))
                        }
                    }
                }
            }
        }
    }
}

fn by_whom(view: &View, entry: &DayEntry) -> String {
    let station = entry.appointment.opening.stations.iter().map(|station| {
        let bay = view.words.bay(view.store, station.bay);
        station.technician.as_ref().map_or(bay.clone(), |id| format!("{} · {bay}", technician(view.store, id)))
    });
    station.collect::<Vec<_>>().join(", ")
}

/// The day as a grid, for wide screens.
fn wide(view: &View, found: &Found, grid: &Grid, appointments: &[Appointment]) -> Markup {
    let words = view.words;
    let step = view.store.booking.granularity_minutes / 15;
    let announcements = ["day_picked_up", "day_would_be", "day_put_back", "day_help"];
    html! {
        @if view.may_change { p.soft.grid-help #grid-help { (words.say("day_help")) } }
        div.grid-scroll tabindex="0" role="region" aria-label=(words.say("day_grid")) {
            div.day-grid #day-grid data-first=(grid.first) data-rows=(grid.rows) data-step=(step) data-zone=(view.store.time_zone.name())
                data-language=(words.tag()) data-picked-up=(words.say(announcements[0])) data-would-be=(words.say(announcements[1]))
                data-put-back=(words.say(announcements[2])) {
                div.times aria-hidden="true" {
                    div.column-head {}
                    div.lane {
                        @for (row, at) in &grid.hours { span class={ "hour-label y" (row) " h2" } { (words.clock(view.store, *at)) } }
                    }
                }
                (load(view, grid))
                @for column in &grid.columns { (self::column(view, found, grid, column)) }
                @for (id, halves) in receptions(view.store, grid, appointments) {
                    section.advisor-column aria-label=(words.fill("day_receptions", &[("name", &advisor(view.store, &id))])) {
                        div.column-head { strong { (advisor(view.store, &id)) } small.soft { (words.say("day_advisor")) } }
                        div.lane {
                            @for (row, share) in halves {
                                span class={ "reception y" (row) " h2" @if share.is_full() { " full" } } { (share.taken) "/" (share.of) }
                            }
                            (end(grid))
                        }
                    }
                }
            }
        }
        p.hidden #grid-live role="status" aria-live="assertive" {}
    }
}

/// The load of all columns by the quarter of an hour, as bars.
fn load(view: &View, grid: &Grid) -> Markup {
    let peak = grid.load.iter().map(|share| share.percent()).max().unwrap_or_default();
    let label = view.words.fill("day_load_peak", &[("percent", &peak.to_string())]);
    html! {
        div.load-column {
            div.column-head { small.soft { (view.words.say("day_load")) } }
            div.lane { svg class={ "load y0 h" (grid.rows) } viewBox={ "0 0 100 " (grid.rows * 16) } preserveAspectRatio="none" role="img" aria-label=(label) {
                @for (row, share) in grid.load.iter().enumerate().filter(|(_, share)| share.taken > 0) {
                    rect .full[share.is_full()] x="0" y=(row * 16 + 1) width=(share.percent()) height="14" {}
                }
            } }
        }
    }
}

fn column(view: &View, found: &Found, grid: &Grid, column: &Column) -> Markup {
    let words = view.words;
    let (name, key) = place_words(view, &column.place);
    let percent = column.share.percent();
    let share = words.fill("day_percent", &[("percent", &percent.to_string())]);
    html! {
        section.day-column aria-label=(name) {
            div.column-head {
                strong { (name) }
                @if column.place != Place::Nobody {
                    small.soft { (share) }
                    meter min="0" max="100" high="85" value=(percent) aria-label={ (name) ": " (share) } {}
                } @else { small.soft { (words.say("day_nobody_hint")) } }
            }
            div.lane data-place=(key) data-name=(name) {
                @for off in &column.off { span class={ "off y" (off.start) " h" (off.len()) } {} }
                @if let Some(row) = grid.now { span class={ "now y" (row) " h1" } {} }
                @for block in &column.blocks {
                    @if let Some(entry) = found.entries.get(block.entry) { (slot(view, entry, block)) }
                }
                (end(grid))
            }
        }
    }
}

/// Holds a lane as high as the day is long.
fn end(grid: &Grid) -> Markup {
    html! { @if grid.rows > 0 { span class={ "end y" (grid.rows - 1) " h1" } {} } }
}

/// What a place is called, and how the address of a page names it.
pub fn place_words(view: &View, place: &Place) -> (String, String) {
    match place {
        Place::Technician(id) => (technician(view.store, id), format!("technician={id}")),
        Place::Bay(number) => (view.words.bay(view.store, *number), format!("bay={number}")),
        Place::Nobody => (view.words.say("day_nobody").to_owned(), String::new()),
    }
}

fn slot(view: &View, entry: &DayEntry, block: &Block) -> Markup {
    let (class, _) = standing(view.words, entry, view.now);
    let movable = view.may_change && is_open(entry);
    let steps = entry.appointment.opening.stations.len();
    let size = match block.rows.len() {
        0..=2 => " short",
        3 => " middling",
        _ => "",
    };
    let start = entry.appointment.opening.start.timestamp_millis();
    let other = other_place(view, entry, block.step);
    html! {
        a class={ "slot " (class) (size) " y" (block.rows.start) " h" (block.rows.len()) " lane-" (block.lane.min(3)) "-" (block.lanes.min(4)) }
            href=(view.appointment(entry)) title={ (view.times(entry)) " · " (view.who(entry)) " · " (view.what(entry)) }
            data-move=[movable.then(|| format!("{}/move", view.appointment(entry)))] data-start=[movable.then_some(start)]
            data-steps=[movable.then_some(steps)] aria-describedby=[movable.then_some("grid-help")] draggable="false" {
            span.slot-head {
                span.slot-time { (view.words.clock(view.store, entry.appointment.opening.start)) @if block.step > 0 { " · " (block.step + 1) "/" (steps) } }
                strong { (view.who(entry)) }
                (view.chip(entry))
            }
            span { (view.what(entry)) }
            @if let Some(other) = other { span.soft { (other) } }
        }
    }
}

/// The bay where the columns are technicians, and the other way round.
fn other_place(view: &View, entry: &DayEntry, step: usize) -> Option<String> {
    let station = entry.appointment.opening.stations.get(step)?;
    match view.by {
        By::Technician => Some(view.words.bay(view.store, station.bay)),
        By::Bay => station.technician.as_ref().map(|id| technician(view.store, id)),
    }
}
