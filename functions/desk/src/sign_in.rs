//! Signing in and out.

use crate::call::Call;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Bare, Kind, Tone, button, field, hidden, input, link_button, notice};
use crate::{password, session};
use lanekeeper_platform::{Database, Platform, Response, Settings};
use lanekeeper_storage::{Knock, end_session, forget_failures, knock};
use maud::{Markup, html};
use serde_json::json;
use std::net::{IpAddr, SocketAddr};

/// `GET /desk/sign-in?next=…`: the form.
pub fn form<P: Platform>(call: &Call<'_, P>) -> Response {
    let said = match call.parameter("elsewhere").as_deref() {
        Some("none") => Some(notice(Tone::Bad, call.words.say("sign_in_no_account"))),
        Some(_) => Some(notice(Tone::Bad, call.words.say("sign_in_elsewhere_failed"))),
        None => call.parameter("left").map(|_| notice(Tone::Good, call.words.say("sign_in_left"))),
    };
    let next = call.parameter("next").unwrap_or_default();
    page(call, 200, said, "", &next)
}

/// `POST /desk/sign-in`: lets somebody in who knows an account's password.
pub async fn enter<P: Platform>(call: &Call<'_, P>) -> Result<Response, DeskError> {
    let form = call.form()?;
    let (email, next) = (form.field("email").unwrap_or_default(), form.field("next").unwrap_or_default());
    let refuse = |status, key| {
        call.platform.log(&json!({"event": "sign_in_refused", "why": key}));
        Ok(page(call, status, Some(notice(Tone::Bad, call.words.say(key))), email, next))
    };
    let (directory, from) = (call.platform.directory(), address(call));
    let account = match knock(directory, email, from.as_deref(), call.now).await? {
        Knock::Locked(_) => return refuse(429, "sign_in_locked"),
        Knock::Open(account) => account,
    };
    let kept = account.as_ref().map(|(_, kept)| kept.as_str());
    let is_right = password::is_right(form.raw("password").unwrap_or_default(), kept);
    let Some((account, _)) = account.filter(|_| is_right) else { return refuse(403, "sign_in_wrong") };
    let (mut batch, cookie) = session::begin(call, &account);
    batch.extend(forget_failures(email, from.as_deref()));
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
pub fn destination(next: &str) -> &str {
    let is_ours = (next == "/desk" || next.starts_with("/desk/") || next.starts_with("/desk?"))
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_ours { next } else { "/desk" }
}

/// The network address that the request comes from, where the platform says so in a header that its callers cannot set.
fn address<P: Platform>(call: &Call<'_, P>) -> Option<String> {
    let header = call.platform.settings().get("CLIENT_ADDRESS_HEADER")?;
    call.request.header(&header.to_lowercase()).map(network)
}

/// What counts as one address: without a port, and of IPv6 the 64 bits that one customer of a provider has.
fn network(address: &str) -> String {
    let address = address.trim();
    let with_port = address.parse::<SocketAddr>().map(|address| address.ip());
    match with_port.or_else(|_| address.parse()) {
        Ok(IpAddr::V6(address)) => format!("{:x?}", &address.segments()[..4]),
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

fn page<P: Platform>(call: &Call<'_, P>, status: u16, said: Option<Markup>, email: &str, next: &str) -> Response {
    let words = call.words;
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
        @if call.platform.settings().get("OIDC_ISSUER").is_some() {
            (link_button(Kind::Plain, &elsewhere(next), words.say("sign_in_elsewhere")))
        }
        p.soft { (words.say("sign_in_help")) }
    };
    Bare { words, title, content }.response(status)
}

/// The way to the other server's sign-in, and from there to where somebody wanted to go.
fn elsewhere(next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/desk/sign-in/elsewhere?next={next}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_of_a_provider_is_one_address() {
        assert_eq!(network("203.0.113.7:51234"), "203.0.113.7");
        assert_eq!(network(" 203.0.113.7"), "203.0.113.7");
        assert_eq!(network("2001:db8:1:2::7"), network("[2001:db8:1:2:ffff::1]:443"));
        assert_ne!(network("2001:db8:1:2::7"), network("2001:db8:1:3::7"));
    }

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
