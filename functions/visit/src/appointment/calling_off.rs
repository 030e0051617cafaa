//! Calling an appointment off: the question, and the deed.

use super::{Course, Opened, Outcome, change, changed, view};
use crate::entry::{Way, done};
use crate::error::VisitError;
use lanekeeper_conversation::Change;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::Visit;
use maud::html;

const STEP: &str = "cancel";

/// Asks whether to call it off.
pub fn show(opened: &Opened) -> Response {
    if opened.course() != Course::Coming {
        return opened.page(200, &view::appointment(opened));
    }
    let (words, entry) = (opened.words, &opened.entry);
    let Visit { store, appointment, .. } = &opened.visit;
    opened.page(200, &html! {
        a.back href=(entry.address("")) { (words.say("back")) }
        h1 { (words.say("cancel_title")) }
        div.box {
            p.strong { (words.day_time(store, appointment.opening.start)) }
            p.soft { (words.work(store, appointment)) @if let Some(car) = words.car(store, appointment) { " · " (car) } }
        }
        p.soft { (words.say("cancel_hint")) }
        form.actions method="post" {
            (entry.hidden(STEP, opened.state()))
            button.button.danger type="submit" { (words.say("cancel_confirm")) }
            a.button href=(entry.address("move")) { (words.say("move_instead")) }
            a.button href=(entry.address("")) { (words.say("keep")) }
        }
    })
}

/// Calls it off.
pub async fn commit<P: Platform>(way: &Way<'_, P>, opened: Opened<'_>) -> Result<Response, VisitError> {
    if opened.form(STEP)?.is_none() {
        return changed(way, opened).await;
    }
    let cancel = Change::Cancel { appointment: opened.visit.appointment.id.clone() };
    match change(way, &opened, cancel, &[]).await? {
        Outcome::Done => Ok(done(opened.entry.token, "cancelled")),
        Outcome::Changed | Outcome::Taken => changed(way, opened).await,
    }
}
