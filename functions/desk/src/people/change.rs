//! One person: their roles, and whether their account is open.

use super::{is_in_reach, named, named_in_reach, roles, run};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, Page, Tone, button, card, header, notice};
use crate::sign_in::to;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{set_disabled, set_memberships};
use lanekeeper_zones::Tz;
use maud::html;
use serde_json::json;

/// `GET /desk/people/{account}`.
pub async fn show<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let (words, by) = (desk.words(), &desk.person);
    let person = named(desk).await?;
    let zone = by.stores.first().map_or(Tz::UTC, |store| store.time_zone);
    let address = format!("/desk/people/{}", person.id);
    let said = desk.parameter("saved").map(|_| notice(Tone::Good, words.say("saved")));
    let content = html! {
        (header(&person.name, Some(&person.email), &super::list::state(words, &person, zone, desk.now())))
        @if let Some(said) = said { (said) }
        div.columns {
            (card(words.say("people_roles_title"), &html! {
                form.stack method="post" action=(address) {
                    (desk.token_field())
                    (roles::choices(words, by, &person.memberships))
                    (button(Kind::Main, words.say("save")))
                }
            }))
            @if is_in_reach(&person, by) {
                (card(words.say("people_access"), &html! {
                    div.stack {
                        @if !person.disabled {
                            p.soft { (words.say("people_link_hint")) }
                            form method="post" action={ (address) "/link" } { (desk.token_field()) (button(Kind::Plain, words.say("people_link"))) }
                        }
                        @if person.id != by.account {
                            p.soft { (words.say(if person.disabled { "people_open_hint" } else { "people_close_hint" })) }
                            @if person.disabled {
                                form method="post" action={ (address) "/open" } { (desk.token_field()) (button(Kind::Plain, words.say("people_open"))) }
                            } @else {
                                form method="post" action={ (address) "/close" } { (desk.token_field()) (button(Kind::Danger, words.say("people_close"))) }
                            }
                        }
                    }
                }))
            }
        }
    };
    Ok(desk.page(&Page::new(person.name.clone(), content).section("people")))
}

/// `POST /desk/people/{account}`: other roles.
pub async fn change<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let person = named(desk).await?;
    let memberships = roles::chosen(&desk.form()?, &desk.person, &person.memberships)?;
    let mut batch: Vec<_> = set_memberships(&person.id, &memberships).into();
    batch.push(desk.audit(
        None,
        "account.roles",
        &person.id,
        &json!({"before": person.memberships, "after": memberships}),
    ));
    run(desk, batch).await?;
    Ok(to(&format!("/desk/people/{}?saved=1", person.id)))
}

/// `POST /desk/people/{account}/close`: nobody signs in with it, and whoever has is signed out.
pub async fn close<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    if desk.place("account") == desk.person.account {
        return Err(DeskError::Conflict("people_not_oneself"));
    }
    set(desk, true, "account.close").await
}

/// `POST /desk/people/{account}/open`.
pub async fn open<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    set(desk, false, "account.open").await
}

async fn set<P: Platform>(desk: &Desk<'_, P>, disabled: bool, action: &str) -> Result<Response, DeskError> {
    let person = named_in_reach(desk).await?;
    let mut batch = set_disabled(&person.id, disabled, desk.now());
    batch.push(desk.audit(None, action, &person.id, &json!({})));
    run(desk, batch).await?;
    Ok(to(&format!("/desk/people/{}?saved=1", person.id)))
}
