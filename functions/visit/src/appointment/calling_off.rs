//! Calling an appointment off: the question, and the deed.

use super::{Course, Opened, Outcome, done, view};
use crate::error::VisitError;
use crate::form::about;
use lanekeeper_conversation::Change;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::Visit;
use maud::html;

const STEP: &str = "cancel";

/// Asks whether to call it off.
pub fn show<P: Platform>(opened: &Opened<P>) -> Response {
    if opened.course() != Course::Coming {
        return opened.page(&view::appointment(opened));
    }
    let (words, up, token) = (opened.words, opened.up(), opened.token);
    let Visit { store, appointment, .. } = &opened.visit;
    opened.page(&html! {
        a.back href={ (up) (token) } { (words.say("back")) }
        h1 { (words.say("cancel_title")) }
        div.box {
            p.strong { (words.day_time(store, appointment.opening.start)) }
            p.soft { (words.work(store, appointment)) @if let Some(car) = words.car(store, appointment) { " · " (car) } }
        }
        p.soft { (words.say("cancel_hint")) }
        form.actions method="post" {
            input type="hidden" name="sequence" value=(appointment.sequence);
            input type="hidden" name="proof" value=(opened.keys.proof(&about(token, STEP, appointment.sequence)));
            button.button.danger type="submit" { (words.say("cancel_confirm")) }
            a.button href={ (up) (token) "/move" } { (words.say("move_instead")) }
            a.button href={ (up) (token) } { (words.say("keep")) }
        }
    })
}

/// Calls it off.
pub async fn commit<P: Platform>(opened: &mut Opened<'_, P>) -> Result<Response, VisitError> {
    if opened.form(STEP)?.is_none() {
        return opened.changed().await;
    }
    let change = Change::Cancel { appointment: opened.visit.appointment.id.clone() };
    match opened.change(change, &[]).await? {
        Outcome::Done => Ok(done(opened.token, "cancelled")),
        Outcome::Changed | Outcome::Taken => opened.changed().await,
    }
}
