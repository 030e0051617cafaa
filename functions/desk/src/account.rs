//! The person's own account.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, Page, Tone, button, card, chip, field, header, input, notice, select};
use crate::sign_in::to;
use crate::words::Words;
use lanekeeper_domain::Language;
use lanekeeper_platform::{Database, Platform, Response};
use lanekeeper_storage::change_account;
use maud::html;
use serde_json::json;

/// The most characters of a name.
pub const LONGEST_NAME: usize = 80;

/// `GET /desk`: where one's work begins.
pub fn start() -> Response {
    to("/desk/account")
}

/// `GET /desk/account`.
pub fn show<P: Platform>(desk: &Desk<'_, P>) -> Response {
    let (words, person) = (desk.words(), &desk.person);
    let said = desk.parameter("saved").map(|_| notice(Tone::Good, words.say("saved")));
    let languages: Vec<(String, String)> =
        std::iter::once((String::new(), words.say("language_of_browser").to_owned()))
            .chain(Language::ALL.map(|language| (language.code().to_owned(), own_name(language).to_owned())))
            .collect();
    let language = person.language.map_or("", Language::code);
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
            (card(words.say("account_stores"), &html! {
                ul.list {
                    @for store in &person.stores {
                        li { span { (store.name) } (chip(Tone::Plain, words.role(store.role))) }
                    }
                }
            }))
        }
    };
    desk.page(&Page::new(words.say("account"), content))
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

/// What its speakers call a language.
fn own_name(language: Language) -> &'static str {
    Words::of(language).say("language_own_name")
}
