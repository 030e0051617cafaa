//! Moving an appointment: a choice of openings, the question, and the deed.

use super::choice::{Choice, choice, is_morning, opening_at};
use super::{Course, Opened, Outcome, change, changed, reload, view};
use crate::entry::{Way, done};
use crate::error::VisitError;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use lanekeeper_conversation::{CarLabel, Change, Notice, notices};
use lanekeeper_domain::openings::Opening;
use lanekeeper_links::Link;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::Visit;
use maud::{Markup, html};

const STEP: &str = "move";
/// How often a place is looked for when others take them at the same moment.
const TRIES: u32 = 8;

/// Shows other openings; where one was chosen, asks whether to move the appointment there.
pub async fn show<P: Platform>(way: &Way<'_, P>, opened: &Opened<'_>) -> Result<Response, VisitError> {
    if opened.course() != Course::Coming {
        return Ok(opened.page(200, &view::appointment(opened)));
    }
    let parameter = |name: &str| {
        let mut pairs = form_urlencoded::parse(opened.entry.request.query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let date = |name: &str| parameter(name).and_then(|text| text.parse::<NaiveDate>().ok());
    let Some(at) = parameter("at") else {
        let choice = choice(way, opened, date("from"), date("day")).await?;
        return Ok(opened.page(200, &openings(opened, &choice, None)));
    };
    let at = at.parse().unwrap_or_default();
    match opening_at(way, opened, at).await? {
        Some(opening) => Ok(opened.page(200, &question(opened, &opening))),
        None => gone(way, opened, at).await,
    }
}

/// Moves it to the opening that was chosen.
pub async fn commit<P: Platform>(way: &Way<'_, P>, mut opened: Opened<'_>) -> Result<Response, VisitError> {
    for _ in 0..TRIES {
        let Some(form) = opened.form(STEP)? else { return changed(way, opened).await };
        let at = form.number("at")?;
        let Some(to) = opening_at(way, &opened, at).await? else { return gone(way, &opened, at).await };
        // The link that was opened may end before the new time comes.
        let link = Link::to_appointment(&opened.visit.store.id, &opened.visit.appointment.id, to.start);
        let (move_it, notices) = moving_to(&opened, to);
        match change(way, &opened, move_it, &notices).await? {
            Outcome::Done => return Ok(done(&link.token(&opened.entry.keys), "moved")),
            Outcome::Changed => return changed(way, opened).await,
            // Somebody took this bay, or this person; others may be free at the same time.
            Outcome::Taken => reload(way, &mut opened).await?,
        }
    }
    Err(VisitError::Contended)
}

fn moving_to(opened: &Opened, to: Opening) -> (Change, Vec<Notice>) {
    let appointment = &opened.visit.appointment;
    let car = appointment.vehicle.as_ref().and_then(CarLabel::of);
    let (id, services) = (appointment.id.as_str(), &appointment.services);
    let notices = notices::about(Some(id), services, to.start, car.as_ref(), opened.entry.now);
    let change =
        Change::Move { appointment: id.to_owned(), to, services: services.clone(), transport: appointment.transport };
    (change, notices)
}

/// Says that the time is no longer free, and shows what else is free that day, or after it.
async fn gone<P: Platform>(way: &Way<'_, P>, opened: &Opened<'_>, at: i64) -> Result<Response, VisitError> {
    let day = DateTime::<Utc>::from_timestamp_millis(at).map(|start| opened.visit.store.local(start).date());
    let choice = choice(way, opened, None, day).await?;
    Ok(opened.page(409, &openings(opened, &choice, Some(opened.words.say("gone")))))
}

fn openings(opened: &Opened, choice: &Choice, alert: Option<&str>) -> Markup {
    let (words, entry) = (opened.words, &opened.entry);
    let Visit { store, appointment, .. } = &opened.visit;
    let now = words.day_time(store, appointment.opening.start);
    let time = |opening: &Opening| store.local(opening.start).time();
    let (morning, afternoon): (Vec<&Opening>, Vec<&Opening>) =
        choice.openings.iter().partition(|opening| is_morning(time(opening)));
    let from = choice.days.first().map_or_else(String::new, |day| format!("&from={day}"));
    html! {
        a.back href=(entry.address("")) { (words.say("back")) }
        h1 { (words.say("move_title")) }
        p.soft { (words.fill("move_now", &[("moment", &now)])) }
        @if let Some(alert) = alert { p.notice.bad role="alert" { (alert) } }
        nav.days aria-label=(words.say("days")) {
            ol {
                @for day in &choice.days {
                    li {
                        a href={ "?day=" (day) (from) } aria-current=[(Some(*day) == choice.day).then_some("date")] {
                            span { (words.short_weekday(*day)) } strong { (day.day()) } span { (words.short_month(*day)) }
                        }
                    }
                }
            }
            p.pages {
                @if let Some(earlier) = choice.earlier { a.earlier href={ "?from=" (earlier) } { (words.say("earlier_days")) } }
                @if let Some(later) = choice.later { a.later href={ "?from=" (later) } { (words.say("later_days")) } }
            }
        }
        @if let Some(day) = choice.day {
            section.times {
                h2 { (words.day(day)) }
                @for (half, openings) in [("morning", morning), ("afternoon", afternoon)] {
                    @if !openings.is_empty() {
                        h3 #(half) { (words.say(half)) }
                        ul aria-labelledby=(half) {
                            @for opening in openings {
                                li {
                                    a href={ "?at=" (opening.start.timestamp_millis()) } {
                                        (words.time(time(opening)))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        } @else {
            p.after { (words.say("none_free")) }
        }
    }
}

fn question(opened: &Opened, to: &Opening) -> Markup {
    let (words, entry) = (opened.words, &opened.entry);
    let Visit { store, appointment, .. } = &opened.visit;
    let day = store.local(to.start).date();
    html! {
        a.back href={ (entry.address("move")) "?day=" (day) } { (words.say("other_time")) }
        h1 { (words.say("move_confirm_title")) }
        dl.box.change {
            div.new { dt { (words.say("to")) } dd { (words.day_time(store, to.start)) } }
            div.old { dt { (words.say("from")) } dd { s { (words.day_time(store, appointment.opening.start)) } } }
        }
        p.soft { (words.work(store, appointment)) @if let Some(car) = words.car(store, appointment) { " · " (car) } }
        form.actions method="post" action="move" {
            input type="hidden" name="at" value=(to.start.timestamp_millis());
            (entry.hidden(STEP, opened.state()))
            button.button.main type="submit" { (words.say("move_confirm")) }
            a.button href={ (entry.address("move")) "?day=" (day) } { (words.say("other_time")) }
        }
    }
}
