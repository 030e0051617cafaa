//! Calling an appointment off.

use super::commit::{Deed, Outcome, change, reach, telling, telling_words};
use super::{answer, appointment, day_address, found, is_open};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, button, hidden, link_button};
use crate::sign_in::to;
use lanekeeper_conversation::{Change, notices};
use lanekeeper_platform::{Platform, Response};
use maud::html;
use serde_json::json;

/// `GET …/cancel`.
pub async fn question<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let found = found(desk, &at).await?;
    let (words, visit) = (desk.words(), &found.visit);
    if !is_open(&found) {
        return Err(DeskError::Conflict("booking_gone"));
    }
    let notice = notices::called_off(&visit.appointment, desk.now());
    let telling = telling(&visit.store, &found.person, reach(&found).as_ref(), Some(&notice), desk.now());
    let title = words.say("booking_call_off_title");
    let back = format!("/desk/stores/{}/appointments/{}", visit.store.id, visit.appointment.id);
    let content = html! {
        h1 { (title) }
        p.strong { (words.customer(&visit.customer, found.entry.phone.as_deref())) " · " (words.day_and_time(&visit.store, visit.appointment.opening.start, desk.now())) }
        (appointment::facts(words, &found, desk.now()))
        (telling_words(words, &telling))
        form.buttons method="post" action={ (back) "/cancel" } {
            (desk.token_field())
            (hidden("sequence", &visit.appointment.sequence.to_string()))
            (button(Kind::Danger, words.say("booking_call_off_yes")))
            (link_button(Kind::Plain, &back, words.say("booking_keep")))
        }
    };
    Ok(answer(desk, 200, title, content))
}

/// `POST …/cancel`.
pub async fn call_off<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let found = found(desk, &at).await?;
    let visit = &found.visit;
    let seen = desk.form()?.field("sequence").and_then(|text| text.parse().ok());
    if !is_open(&found) || seen != Some(visit.appointment.sequence) {
        return Err(DeskError::Conflict("booking_changed"));
    }
    let deed = Deed {
        action: "appointment.cancel",
        details: json!({"start": visit.appointment.opening.start}),
        changes: &[Change::Cancel { appointment: visit.appointment.id.clone() }],
        notices: &[notices::called_off(&visit.appointment, desk.now())],
        more: Vec::new(),
    };
    match change(desk, &at, &found, deed).await? {
        Outcome::Done => {
            let date = visit.store.local(visit.appointment.opening.start).date();
            Ok(to(&day_address(&visit.store.id, date, "cancelled")))
        }
        Outcome::Changed | Outcome::Taken => Err(DeskError::Conflict("booking_changed")),
    }
}
