//! The person's own account.

use crate::alerts;
use crate::call::Call;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::form::Form;
use crate::page::{Kind, Page, Tone, button, card, chip, field, header, input, notice, select};
use crate::password;
use crate::sign_in::to;
use crate::words::Words;
use lanekeeper_domain::Language;
use lanekeeper_platform::{Database, Platform, Response};
use lanekeeper_storage::{Knock, change_account, end_sessions, forget_failures, knock, password_of, set_password};
use maud::{Markup, html};
use serde_json::json;

/// The most characters of a name.
pub const LONGEST_NAME: usize = 80;

/// `GET /desk`: where one's work begins.
pub fn start<P: Platform>(desk: &Desk<'_, P>) -> Response {
    to(if desk.person.stores.is_empty() { "/desk/account" } else { "/desk/inbox" })
}

/// `GET /desk/account`.
pub async fn show<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let (words, person) = (desk.words(), &desk.person);
    let said = desk.parameter("saved").map(|_| notice(Tone::Good, words.say("saved")));
    let said = said.or_else(|| desk.parameter("password").map(|_| notice(Tone::Good, words.say("password_changed"))));
    let languages: Vec<(String, String)> =
        std::iter::once((String::new(), words.say("language_of_browser").to_owned()))
            .chain(Language::ALL.map(|language| (language.code().to_owned(), own_name(language).to_owned())))
            .collect();
    let language = person.language.map_or("", Language::code);
    let alerts = alerts::section(desk).await?;
    let content = html! {
        (header(words.say("account"), Some(&person.email), &html! {}))
        @if let Some(said) = said { (said) }
        div.columns {
            (card(words.say("account_you"), &html! {
                form.stack method="post" action="/desk/account" {
                    (desk.token_field())
                    (field("name", words.say("field_name"), Some(words.say("account_name_hint")), &input("name", "text", &person.name, "name")))
                    (field("language", words.say("field_language"), None, &select("language", &languages, language)))
                    (button(Kind::Main, words.say("save")))
                }
            }))
            (alerts)
            (password_card(desk))
            (card(words.say("account_stores"), &html! {
                ul.list {
                    @for store in &person.stores {
                        li { span { (store.name) } (chip(Tone::Plain, words.role(store.role))) }
                    }
                }
            }))
        }
    };
    Ok(desk.page(&Page::new(words.say("account"), content).script("alerts.js")))
}

fn password_card<P: Platform>(desk: &Desk<'_, P>) -> Markup {
    let words = desk.words();
    card(
        words.say("field_password"),
        &html! {
            div.stack {
                form.stack method="post" action="/desk/account/password" {
                    (desk.token_field())
                    input type="hidden" name="email" value=(desk.person.email) autocomplete="username";
                    (field("password", words.say("password_present"), None, &input("password", "password", "", "current-password")))
                    (field("new_password", words.say("field_new_password"), Some(words.say("password_hint")), &input("new_password", "password", "", "new-password")))
                    (button(Kind::Plain, words.say("password_change")))
                }
                form.stack method="post" action="/desk/account/sign-out-everywhere" {
                    (desk.token_field())
                    p.soft { (words.say("sign_out_everywhere_hint")) }
                    (button(Kind::Plain, words.say("sign_out_everywhere")))
                }
            }
        },
    )
}

/// `POST /desk/account`: another name, another language.
pub async fn change<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let form = desk.form()?;
    let name = form.text("name", LONGEST_NAME)?;
    let language = match form.field("language") {
        None => None,
        Some(code) => Some(Language::from_code(code).ok_or(DeskError::field("language", "input_wrong"))?),
    };
    let account = &desk.person.account;
    let change = change_account(account, name, language, desk.now());
    let log = desk.audit(None, "account.change", account, &json!({"name": name, "language": language}));
    desk.platform().directory().batch(vec![change, log]).await?;
    Ok(to("/desk/account?saved=1"))
}

/// `POST /desk/account/password`: another password, for who knows the present one. Every other session ends.
pub async fn change_password<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let (form, person, directory) = (desk.form()?, &desk.person, desk.platform().directory());
    // Whoever sits down at somebody's open desk guesses no quicker than at the sign-in.
    if let Knock::Locked(_) = knock(directory, &person.email, None, desk.now()).await? {
        return Err(DeskError::Conflict("sign_in_locked"));
    }
    let kept = password_of(directory, &person.account).await?;
    if !password::is_right(form.raw("password").unwrap_or_default(), kept.as_deref()) {
        return Err(DeskError::field("password", "password_wrong"));
    }
    let hash = new_password(&desk.call, &form, &person.email)?;
    let mut batch: Vec<_> = set_password(&person.account, &hash, Some(&person.id), desk.now()).into();
    batch.extend(forget_failures(&person.email, None));
    batch.push(desk.audit(None, "account.password", &person.account, &json!({})));
    directory.batch(batch).await?;
    Ok(to("/desk/account?password=1"))
}

/// `POST /desk/account/sign-out-everywhere`.
pub async fn leave_everywhere<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let account = &desk.person.account;
    let log = desk.audit(None, "account.sign_out_everywhere", account, &json!({}));
    desk.platform().directory().batch(vec![end_sessions(account, None), log]).await?;
    Ok(to("/desk/sign-in?left=1").with_header("set-cookie", &crate::session::forget_cookie(&desk.call)))
}

/// The new password in this form, as it is to be kept.
pub fn new_password<P: Platform>(call: &Call<'_, P>, form: &Form, email: &str) -> Result<String, DeskError> {
    let password = form.raw("new_password").unwrap_or_default();
    let length = password.chars().count();
    if length < password::SHORTEST || password.eq_ignore_ascii_case(email) {
        return Err(DeskError::field("new_password", "password_too_easy"));
    }
    if length > password::LONGEST {
        return Err(DeskError::field("new_password", "input_too_long"));
    }
    password::hash(password, call.platform.random()).ok_or(DeskError::field("new_password", "input_wrong"))
}

/// What its speakers call a language.
fn own_name(language: Language) -> &'static str {
    Words::of(language).say("language_own_name")
}
