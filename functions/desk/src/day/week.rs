//! The page of a week: a row for each technician or bay, a column for each day.

use super::layout::{Limit, Place, Share, limits, places, share_of_day};
use super::view::{head, limit_words, place_words};
use super::{View, is_open, standing};
use chrono::{Days, NaiveDate};
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_storage::{DayEntry, Days as Found};
use maud::{Markup, html};

/// The page.
pub fn page(view: &View, found: &Found, said: Option<&Markup>) -> Markup {
    let words = view.words;
    let days: Vec<NaiveDate> = (0..7).map(|day| view.date + Days::new(day)).collect();
    let title = words.fill(
        "day_week_of",
        &[("from", &words.long_date(days[0])), ("until", &words.long_date(view.date + Days::new(6)))],
    );
    let appointments: Vec<Appointment> = found.entries.iter().map(|entry| entry.appointment.clone()).collect();
    let mut rows = places(view.store, view.by);
    if found.entries.iter().any(|entry| is_at(view, &rows, &Place::Nobody, entry)) {
        rows.push(Place::Nobody);
    }
    html! {
        (head(view, "week", &title))
        @if let Some(said) = said { (said) }
        @if view.may_change { p.soft.grid-help #grid-help { (words.say("day_week_help")) } }
        div.scroll tabindex="0" role="region" aria-label=(title) {
            table.week-grid #week-grid data-picked-up=(words.say("day_picked_up")) data-would-be=(words.say("day_would_be"))
                data-put-back=(words.say("day_put_back")) {
                thead {
                    tr {
                        th scope="col" { span.hidden { (words.say(if view.by == super::By::Bay { "day_bays" } else { "day_technicians" })) } }
                        @for day in &days { (day_head(view, *day, &appointments)) }
                    }
                }
                tbody {
                    @for place in &rows {
                        @let (name, key) = place_words(view, place);
                        tr {
                            th scope="row" { (name) }
                            @for day in &days {
                                td data-place=(key) data-day=(day) data-name={ (name) ", " (words.short_date(*day)) } {
                                    (self::share(view, place, *day, &appointments))
                                    @for entry in found.entries.iter().filter(|entry| is_on(view, *day, entry) && is_at(view, &rows, place, entry)) {
                                        (self::entry(view, entry))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        p.hidden #grid-live role="status" aria-live="assertive" {}
        dialog #dialog aria-label=(words.say("day_dialog")) {}
    }
}

fn day_head(view: &View, day: NaiveDate, appointments: &[Appointment]) -> Markup {
    let full: Vec<(Limit, Share)> =
        limits(view.store, day, appointments).into_iter().filter(|(_, share)| share.is_full()).collect();
    html! {
        th scope="col" .today[day == view.today()] {
            a href=(view.address("day", day, view.by)) { (view.words.short_date(day)) }
            @if view.store.hours.on(day).is_empty() { small.soft { (view.words.say("day_closed_short")) } }
            @for (limit, share) in full { small.full { (limit_words(view, &limit, share)) } }
        }
    }
}

fn share(view: &View, place: &Place, day: NaiveDate, appointments: &[Appointment]) -> Markup {
    let share = share_of_day(view.store, place, day, appointments);
    let percent = share.percent();
    html! {
        @if share.of > 0 {
            meter min="0" max="100" high="85" value=(percent) title={ (percent) " %" }
                aria-label=(view.words.fill("day_percent", &[("percent", &percent.to_string())])) {}
        }
    }
}

fn entry(view: &View, entry: &DayEntry) -> Markup {
    let movable = view.may_change && is_open(entry);
    html! {
        a class={ "week-slot " (standing(view.words, entry, view.now).0) } href=(view.appointment(entry)) draggable="false"
            title={ (view.times(entry)) " · " (view.who(entry)) " · " (view.what(entry)) }
            data-move=[movable.then(|| format!("{}/move", view.appointment(entry)))] aria-describedby=[movable.then_some("grid-help")] {
            span.slot-time { (view.words.clock(view.store, entry.appointment.opening.start)) }
            strong { (view.who(entry)) }
            span { (view.words.work(view.store, &entry.appointment.services)) }
        }
    }
}

fn is_on(view: &View, day: NaiveDate, entry: &DayEntry) -> bool {
    view.store.local(entry.appointment.opening.start).date() == day
}

/// Whether some of the work is done at this place; work that none of the known places has is nobody's.
fn is_at(view: &View, known: &[Place], place: &Place, entry: &DayEntry) -> bool {
    entry.appointment.opening.stations.iter().any(|station| {
        let at = match view.by {
            super::By::Technician => station.technician.clone().map_or(Place::Nobody, Place::Technician),
            super::By::Bay => Place::Bay(station.bay),
        };
        if *place == Place::Nobody { !known.contains(&at) || at == Place::Nobody } else { at == *place }
    })
}
