//! Inviting somebody, and giving somebody a new link. The link is shown once, to be handed on: the desk sends no email.

use super::{named_in_reach, roles, run};
use crate::account::LONGEST_NAME;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, Page, Tone, button, card, field, header, input, link_button, notice};
use crate::session::new_word;
use chrono::TimeDelta;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{open_account, put_invitation, set_memberships};
use maud::html;
use serde_json::json;

/// How long a link opens.
const OPENS_FOR: TimeDelta = TimeDelta::days(3);

/// No address is longer (RFC 5321, 4.5.3.1.3, less the angle brackets).
const LONGEST_EMAIL: usize = 254;

/// `GET /desk/people/invite`.
pub fn form<P: Platform>(desk: &Desk<'_, P>) -> Response {
    let words = desk.words();
    let content = html! {
        (header(words.say("people_invite"), Some(words.say("people_invite_below")), &html! {}))
        (card(words.say("people_who"), &html! {
            form.stack method="post" action="/desk/people/invite" {
                (desk.token_field())
                (field("name", words.say("field_name"), None, &input("name", "text", "", "off")))
                (field("email", words.say("field_email"), Some(words.say("people_email_hint")), &input("email", "email", "", "off")))
                (roles::choices(words, &desk.person, &[]))
                (button(Kind::Main, words.say("people_invite")))
            }
        }))
    };
    desk.page(&Page::new(words.say("people_invite"), content).section("people"))
}

/// `POST /desk/people/invite`: an account, its roles, and a link.
pub async fn invite<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let (name, email) = (form.text("name", LONGEST_NAME)?, form.text("email", LONGEST_EMAIL)?);
    if !is_address(email) {
        return Err(DeskError::field("email", "input_wrong"));
    }
    let memberships = roles::chosen(&form, &desk.person, &[])?;
    if memberships.is_empty() {
        return Err(DeskError::field("role", "people_one_role"));
    }
    let (account, word) = (desk.call.new_id(), new_word(desk.platform()));
    let mut batch = vec![open_account(&account, &desk.person.group, email, name, desk.now())];
    batch.extend(set_memberships(&account, &memberships));
    batch.extend(put_invitation(&account, &word, desk.now(), desk.now() + OPENS_FOR));
    batch.push(desk.audit(
        None,
        "account.invite",
        &account,
        &json!({"email": email.to_lowercase(), "roles": memberships}),
    ));
    run(desk, batch).await?;
    Ok(show_link(desk, name, &account, &word))
}

/// `POST /desk/people/{account}/link`: another link, for somebody who has lost the first one or the password.
pub async fn link<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let person = named_in_reach(desk).await?;
    if person.disabled {
        return Err(DeskError::Conflict("people_is_closed"));
    }
    let word = new_word(desk.platform());
    let mut batch: Vec<_> = put_invitation(&person.id, &word, desk.now(), desk.now() + OPENS_FOR).into();
    batch.push(desk.audit(None, "account.link", &person.id, &json!({})));
    run(desk, batch).await?;
    Ok(show_link(desk, &person.name, &person.id, &word))
}

fn show_link<P: Platform>(desk: &Desk<'_, P>, name: &str, account: &str, word: &str) -> Response {
    let words = desk.words();
    let link = desk.call.url(&format!("/desk/invitations/{word}"));
    let content = html! {
        (header(&words.fill("people_link_for", &[("name", name)]), None, &html! {}))
        (notice(Tone::Warn, words.say("people_link_once")))
        (card(words.say("people_link_title"), &html! {
            div.stack {
                input #field-link .number readonly value=(link) aria-label=(words.say("people_link_title")) data-select;
                p.soft { (words.say("people_link_use")) }
                (link_button(Kind::Plain, &format!("/desk/people/{account}"), words.say("done")))
            }
        }))
    };
    desk.page(&Page::new(words.say("people_link_title"), content).section("people"))
}

/// Whether it looks like an address: something, an at sign, and a domain with a dot. Only a mail could tell more.
fn is_address(text: &str) -> bool {
    let fits =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@' || c.is_control());
    text.split_once('@').is_some_and(|(local, domain)| {
        fits(local) && fits(domain) && domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_address() {
        assert!(
            ["a@b.example", "maya.torres+desk@demo.example", "李@湖滨.example"].iter().all(|text| is_address(text))
        );
        let not = ["", "a", "a@b", "@b.example", "a@", "a b@c.example", "a@b..example", "a@b@c.example", "a@.example"];
        assert!(not.iter().all(|text| !is_address(text)));
    }
}
