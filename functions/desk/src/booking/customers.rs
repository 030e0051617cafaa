//! Whom an appointment is for: found by name or number, or new.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, avatar, button, card, field, hidden};
use crate::sign_in::to;
use crate::words::Words;
use lanekeeper_domain::Store;
use lanekeeper_domain::phone::e164;
use lanekeeper_platform::{Database, DatabaseError, Platform, Response};
use lanekeeper_storage::{CustomerKey, CustomerRow, FoundCustomer, customer, insert_customer, store_profile};
use maud::{Markup, html};
use serde_json::json;

/// The most characters of a name.
const LONGEST_NAME: usize = 80;

/// The words that a search is made with: the beginning of a name, and that of a number in E.164.
pub fn searched(text: &str, calling_code: &str) -> (Option<String>, Option<String>) {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 3 && text.chars().all(|c| c.is_ascii_digit() || " +()-.".contains(c));
    if !is_number {
        return (Some(text.trim().to_owned()).filter(|text| !text.is_empty()), None);
    }
    let begun =
        if text.trim_start().starts_with('+') { format!("+{digits}") } else { format!("+{calling_code}{digits}") };
    (None, Some(e164(text, calling_code).unwrap_or(begun)))
}

/// The search, what it has found, and the form for somebody new; `rest` are the other parameters of the booking.
pub fn step<P: Platform>(
    desk: &Desk<'_, P>,
    store: &Store,
    text: &str,
    found: Option<&[FoundCustomer]>,
    rest: &[(&str, String)],
) -> Markup {
    let words = desk.words();
    let path = format!("/desk/stores/{}/book", store.id);
    let more: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
    let digits = text.chars().filter(char::is_ascii_digit).count() >= 3;
    html! {
        (card(words.say("booking_who"), &html! {
            form.filters role="search" method="get" action=(path) {
                @for (name, value) in rest { (hidden(name, value)) }
                div.field {
                    label for="field-q" { (words.say("booking_search")) }
                    input #field-q type="search" name="q" value=(text) autocomplete="off" required;
                }
                (button(Kind::Plain, words.say("booking_find")))
            }
            @match found {
                None => "",
                Some([]) => p.soft { (words.say("booking_nobody_found")) },
                Some(found) => (results(words, &path, found, &more)),
            }
        }))
        (card(words.say("booking_new_customer"), &html! {
            form.stack method="post" action={ "/desk/stores/" (store.id) "/customers" } {
                (desk.token_field())
                @for (name, value) in rest { (hidden(name, value)) }
                (field("name", words.say("field_name"), None, &html! {
                    input #field-name name="name" value=[(!digits && !text.is_empty()).then_some(text)] maxlength=(LONGEST_NAME) autocomplete="off";
                }))
                (field("phone", words.say("field_phone"), Some(words.say("booking_phone_hint")), &html! {
                    input #field-phone name="phone" type="tel" value=[digits.then_some(text)] autocomplete="off" required aria-describedby="hint-phone";
                }))
                (button(Kind::Plain, words.say("booking_go_on")))
            }
        }))
    }
}

fn results(words: Words, path: &str, found: &[FoundCustomer], more: &str) -> Markup {
    html! {
        ul.list aria-label=(words.say("booking_found")) {
            @for one in found {
                @let name = words.who(one.name.as_deref(), one.phone.as_deref());
                li {
                    a.person href={ (path) "?customer=" (one.id) @if !more.is_empty() { "&" (more) } } {
                        (avatar(&name))
                        span {
                            strong { (name) }
                            small {
                                @if let Some(phone) = one.phone.as_ref().filter(|_| one.name.is_some()) { (phone) }
                                @if let Some(car) = one.car.as_ref().filter(|car| !car.is_empty()) { " · " (car) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /desk/stores/{store}/customers`: somebody new, who is then booked for. Who has the number already is no other person.
pub async fn create<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let form = desk.form()?;
    let (group, database) = (desk.person.group.as_str(), at.shard.database);
    let store = store_profile(database, group, &at.store.id).await?;
    let phone = e164(form.text("phone", 40)?, &store.calling_code).ok_or(DeskError::Field("phone", "input_wrong"))?;
    let name = form.field("name").map(|_| form.text("name", LONGEST_NAME)).transpose()?.map(str::to_owned);
    let now = desk.now().timestamp_millis();
    let row = CustomerRow {
        id: desk.call.new_id(),
        name,
        phone: Some(phone.clone()),
        external_id: None,
        preferred_line: None,
        created_at: now,
        updated_at: now,
    };
    let mut batch = insert_customer(&store.id, &row);
    batch.push(desk.audit(Some(&store.id), "customer.create", &row.id, &json!({})));
    let id = match database.batch(batch).await {
        Ok(_) => row.id,
        Err(error @ DatabaseError::Constraint(_)) if error.is_conflict_on("identities") => {
            let known = customer(database, group, &store.id, CustomerKey::Phone(&phone)).await?;
            known.ok_or(DeskError::Conflict("booking_contended"))?.id
        }
        Err(error) => return Err(error.into()),
    };
    let mut rest = form_urlencoded::Serializer::new(String::new());
    rest.append_pair("customer", &id);
    for name in ["conversation", "day"] {
        if let Some(value) = form.field(name) {
            rest.append_pair(name, value);
        }
    }
    Ok(to(&format!("/desk/stores/{}/book?{}", store.id, rest.finish())))
}

#[cfg(test)]
mod tests {
    use super::searched;

    #[test]
    fn numbers_are_searched_as_they_are_kept() {
        let search = |text: &str| searched(text, "1");
        assert_eq!(search("(312) 555-0123"), (None, Some("+13125550123".to_owned())));
        assert_eq!(search("312 55"), (None, Some("+131255".to_owned())), "a beginning");
        assert_eq!(search("+86 170"), (None, Some("+86170".to_owned())));
        assert_eq!(search(" Dana W "), (Some("Dana W".to_owned()), None));
        assert_eq!(search("12"), (Some("12".to_owned()), None));
        assert_eq!(search("  "), (None, None));
    }
}
