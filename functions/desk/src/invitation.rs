//! The page behind an invitation: somebody chooses a name and a password and is in. Opening it changes nothing, because
//! messengers and scanners open links before people do.

use crate::account::{LONGEST_NAME, new_password};
use crate::call::Call;
use crate::error::DeskError;
use crate::page::{Bare, Kind, Tone, button, field, input, notice};
use crate::session;
use crate::sign_in::to;
use lanekeeper_platform::{Database, Platform, Response};
use lanekeeper_storage::{Audit, Invited, accept_invitation, audit, forget_failures, invitation};
use maud::{Markup, html};
use serde_json::json;

/// `GET /desk/invitations/{word}`.
pub async fn show<P: Platform>(call: &Call<'_, P>) -> Result<Response, DeskError> {
    let directory = call.platform.directory();
    Ok(match invitation(directory, call.place("word"), call.now).await? {
        Some(invited) => page(call, 200, &invited, &invited.name, None),
        None => gone(call),
    })
}

/// `POST /desk/invitations/{word}`.
pub async fn accept<P: Platform>(call: &Call<'_, P>) -> Result<Response, DeskError> {
    let (directory, word, form) = (call.platform.directory(), call.place("word"), call.form()?);
    let Some(invited) = invitation(directory, word, call.now).await? else { return Ok(gone(call)) };
    let name = form.field("name").unwrap_or_default();
    let checked =
        form.text("name", LONGEST_NAME).and_then(|name| Ok((name, new_password(call, &form, &invited.email)?)));
    let (name, password) = match checked {
        Ok(fits) => fits,
        Err(DeskError::Field(_, why)) => {
            return Ok(page(call, 422, &invited, name, Some(notice(Tone::Bad, call.words.say(why)))));
        }
        Err(error) => return Err(error),
    };
    let mut batch: Vec<_> = accept_invitation(&invited, word, name, &password, call.now).into();
    batch.extend(forget_failures(&invited.email, None));
    let used = directory.batch(batch).await?;
    if used.first().is_none_or(lanekeeper_platform::Rows::is_empty) {
        return Ok(gone(call));
    }
    let (mut batch, cookie) = session::begin(call, &invited.id);
    batch.push(audit(&Audit {
        id: &call.new_id(),
        group: &invited.group_id,
        store: None,
        account: &invited.id,
        action: "account.join",
        subject: &invited.id,
        details: &json!({}),
        now: call.now,
    }));
    directory.batch(batch).await?;
    Ok(to("/desk").with_header("set-cookie", &cookie))
}

fn page<P: Platform>(call: &Call<'_, P>, status: u16, invited: &Invited, name: &str, said: Option<Markup>) -> Response {
    let words = call.words;
    let title = words.say("invitation_title");
    let content = html! {
        h1 { (title) }
        p.soft { (words.say("invitation_below")) " " strong { (invited.email) } }
        @if let Some(said) = said { (said) }
        form.stack method="post" {
            input type="hidden" name="email" value=(invited.email) autocomplete="username";
            (field("name", words.say("field_name"), Some(words.say("account_name_hint")), &input("name", "text", name, "name")))
            (field("new_password", words.say("field_new_password"), Some(words.say("password_hint")), &input("new_password", "password", "", "new-password")))
            (button(Kind::Main, words.say("invitation_accept")))
        }
    };
    Bare { words, title, content }.response(status)
}

/// It was used, has expired, was replaced, or never was: the four look alike.
fn gone<P: Platform>(call: &Call<'_, P>) -> Response {
    let words = call.words;
    let title = words.say("invitation_gone_title");
    let content = html! { h1 { (title) } p.soft { (words.say("invitation_gone")) } };
    Bare { words, title, content }.response(404)
}
