//! The appointment itself.

use super::{Course, Opened};
use crate::page::map_url;
use lanekeeper_storage::Visit;
use maud::{Markup, html};

/// The appointment, what there is to know about it, and what can be done.
pub fn appointment(opened: &Opened) -> Markup {
    let (words, course) = (opened.words, opened.course());
    let done = match (opened.entry.request.query.as_str(), course) {
        ("moved", Course::Coming) => Some("moved_done"),
        ("cancelled", Course::CalledOff) => Some("cancelled_done"),
        _ => None,
    };
    html! {
        @if let Some(done) = done { p.notice.good role="status" { (words.say(done)) } }
        (ticket(opened))
    }
}

/// The same, after somebody was quicker.
pub fn changed(opened: &Opened) -> Markup {
    html! {
        p.notice.bad role="alert" { (opened.words.say("changed")) }
        (ticket(opened))
    }
}

fn ticket(opened: &Opened) -> Markup {
    let (words, course) = (opened.words, opened.course());
    let Visit { store, appointment, customer, .. } = &opened.visit;
    let start = store.local(appointment.opening.start);
    let state = match course {
        Course::Coming => "booked",
        Course::CalledOff => "cancelled",
        Course::Over => "over",
    };
    let title = match customer.name.as_deref().and_then(first_name) {
        Some(name) => words.fill("name_appointment", &[("name", name)]),
        None => words.say("your_appointment").to_owned(),
    };
    html! {
        article.ticket.(state) {
            header {
                p.about { span { (title) } span.pill { (words.say(state)) } }
                h1 {
                    time datetime=(appointment.opening.start.to_rfc3339()) {
                        span.day { (words.day(start.date())) } " "
                        span.time { (words.time(start.time())) }
                    }
                }
                p.soft { (words.fill("minutes", &[("minutes", &appointment.opening.minutes().to_string())])) }
            }
            (facts(opened))
        }
        (actions(opened, course))
    }
}

fn facts(opened: &Opened) -> Markup {
    let words = opened.words;
    let Visit { store, appointment, .. } = &opened.visit;
    let bring = words.bring(store, appointment);
    html! {
        dl.facts {
            div { dt { (words.say("work")) } dd { (words.work(store, appointment)) } }
            @if let Some(car) = words.car(store, appointment) { div { dt { (words.say("car")) } dd { (car) } } }
            div {
                dt { (words.say("where")) }
                dd {
                    (store.address)
                    @if let Some(directions) = store.directions.get(&words.language) { p.soft { (directions) } }
                    p { a href=(map_url(store)) rel="noreferrer noopener" { (words.say("map")) } }
                }
            }
            @if let Some(transport) = appointment.transport {
                div { dt { (words.say("transport")) } dd { (words.say(&format!("transport_{}", transport.as_str()))) } }
            }
            @if !bring.is_empty() {
                div { dt { (words.say("bring")) } dd { @for what in &bring { p { (what) } } } }
            }
        }
    }
}

fn actions(opened: &Opened, course: Course) -> Markup {
    let (words, entry) = (opened.words, &opened.entry);
    html! {
        @match course {
            Course::Coming => {
                div.actions {
                    a.button.main href=(entry.address("calendar.ics")) { (calendar_icon()) (words.say("add_to_calendar")) }
                    a.button href=(entry.address("move")) { (words.say("move")) }
                    a.button href=(entry.address("cancel")) { (words.say("call_off")) }
                }
            }
            Course::CalledOff => {
                p.after { (words.say("cancelled_more")) }
                div.actions { a.button href=(entry.address("calendar.ics")) { (calendar_icon()) (words.say("remove_from_calendar")) } }
            }
            Course::Over => p.after { (words.say("over_more")) }
        }
    }
}

fn calendar_icon() -> Markup {
    html! {
        svg.icon viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" {
            rect x="3" y="4.5" width="14" height="12.5" rx="2.5" {}
            path d="M3 8.5h14M7 2.8v3M13 2.8v3" {}
        }
    }
}

/// The first name of a name. A Chinese one is not taken apart: nobody is addressed by half of it.
pub fn first_name(name: &str) -> Option<&str> {
    name.split_whitespace().next().filter(|first| first.chars().all(|character| character < '\u{2e80}'))
}

#[cfg(test)]
mod tests {
    use super::first_name;

    #[test]
    fn only_the_first_name_is_shown() {
        assert_eq!(first_name("Dana Whitfield"), Some("Dana"));
        assert_eq!(first_name("Lucía"), Some("Lucía"));
        assert_eq!(first_name("王小明"), None);
        assert_eq!(first_name(" "), None);
    }
}
