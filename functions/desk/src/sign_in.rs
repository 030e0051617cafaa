//! Signing in and out.

use crate::call::Call;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Bare, Kind, Tone, button, field, hidden, input, notice};
use crate::words::Words;
use crate::{password, session};
use lanekeeper_platform::{Database, Platform, Response, Settings};
use lanekeeper_storage::{Knock, end_session, forget_failures, knock};
use maud::{Markup, html};
use serde_json::json;

/// `GET /desk/sign-in?next=…`: the form.
pub fn form<P: Platform>(call: &Call<'_, P>) -> Response {
    let said = call.parameter("left").map(|_| notice(Tone::Good, call.words.say("sign_in_left")));
    let next = call.parameter("next").unwrap_or_default();
    page(call.words, 200, said, "", &next)
}

/// `POST /desk/sign-in`: lets somebody in who knows an account's password.
pub async fn enter<P: Platform>(call: &Call<'_, P>) -> Result<Response, DeskError> {
    let form = call.form()?;
    let (email, next) = (form.field("email").unwrap_or_default(), form.field("next").unwrap_or_default());
    let refuse = |status, key| {
        call.platform.log(&json!({"event": "sign_in_refused", "why": key}));
        Ok(page(call.words, status, Some(notice(Tone::Bad, call.words.say(key))), email, next))
    };
    let (directory, from) = (call.platform.directory(), address(call));
    let account = match knock(directory, email, from, call.now).await? {
        Knock::Locked(_) => return refuse(429, "sign_in_locked"),
        Knock::Open(account) => account,
    };
    let kept = account.as_ref().map(|(_, kept)| kept.as_str());
    let is_right = password::is_right(form.raw("password").unwrap_or_default(), kept);
    let Some((account, _)) = account.filter(|_| is_right) else { return refuse(403, "sign_in_wrong") };
    let (mut batch, cookie) = session::begin(call, &account);
    batch.extend(forget_failures(email, from));
    directory.batch(batch).await?;
    call.platform.log(&json!({"event": "signed_in", "account": account}));
    Ok(to(destination(next)).with_header("set-cookie", &cookie))
}

/// `POST /desk/sign-out`.
pub async fn leave<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    desk.platform().directory().run(end_session(&desk.person.id)).await?;
    Ok(to("/desk/sign-in?left=1").with_header("set-cookie", &session::forget_cookie(&desk.call)))
}

/// Leads to another page after a form.
pub fn to(location: &str) -> Response {
    Response { status: 303, ..Response::default() }.with_header("location", location)
}

/// Where somebody wanted to go: a page of the desk, whatever was asked for.
fn destination(next: &str) -> &str {
    let is_ours = (next == "/desk" || next.starts_with("/desk/") || next.starts_with("/desk?"))
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_ours { next } else { "/desk" }
}

/// The network address that the request comes from, where the platform says so in a header that its callers cannot set.
fn address<'a, P: Platform>(call: &Call<'a, P>) -> Option<&'a str> {
    let header = call.platform.settings().get("CLIENT_ADDRESS_HEADER")?;
    call.request.header(&header.to_lowercase())
}

fn page(words: Words, status: u16, said: Option<Markup>, email: &str, next: &str) -> Response {
    let title = words.say("sign_in");
    let content = html! {
        h1 { (title) }
        @if let Some(said) = said { (said) }
        form.stack method="post" action="/desk/sign-in" {
            (field("email", words.say("field_email"), None, &input("email", "email", email, "username")))
            (field("password", words.say("field_password"), None, &input("password", "password", "", "current-password")))
            @if !next.is_empty() { (hidden("next", next)) }
            (button(Kind::Main, words.say("sign_in")))
        }
        p.soft { (words.say("sign_in_help")) }
    };
    Bare { words, title, content }.response(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_desk_are_led_to() {
        assert_eq!(destination("/desk/inbox?store=hubin"), "/desk/inbox?store=hubin");
        for elsewhere in
            ["", "//evil.example", "https://evil.example", "/deskx", "/desk/\\evil", "/desk/\r\nset-cookie: x"]
        {
            assert_eq!(destination(elsewhere), "/desk", "{elsewhere}");
        }
    }
}
