//! The part of forms that says who is what where.

use crate::error::DeskError;
use crate::form::Form;
use crate::page::{field, select};
use crate::words::Words;
use lanekeeper_domain::staff::{Membership, Permission, Role};
use lanekeeper_storage::Session;
use maud::{Markup, html};

/// What stands for the whole group in a field's name, where else a store's id stands. No store has it as its id.
const EVERYWHERE: &str = "*";

fn field_name(store: Option<&str>) -> String {
    format!("role.{}", store.unwrap_or(EVERYWHERE))
}

/// Where this person may give roles: at all of the group's stores, and at each where they manage.
fn places(by: &Session) -> Vec<(Option<&str>, Option<&str>)> {
    let all = super::manages_all(by).then_some((None, None));
    let stores = by.stores_with(Permission::Manage).map(|store| (Some(store.id.as_str()), Some(store.name.as_str())));
    all.into_iter().chain(stores).collect()
}

/// One choice of a role per place.
pub fn choices(words: Words, by: &Session, held: &[Membership]) -> Markup {
    html! {
        fieldset.stack {
            legend { (words.say("people_roles")) }
            @for (store, name) in places(by) {
                @let role = held.iter().find(|held| held.store.as_deref() == store).map(|held| held.role);
                @let name_of_field = field_name(store);
                (field(&name_of_field, name.unwrap_or(words.say("all_stores")), None,
                    &select(&name_of_field, &options(words, by, store), role.map_or("", Role::as_str))))
            }
        }
    }
}

fn options(words: Words, by: &Session, store: Option<&str>) -> Vec<(String, String)> {
    let givable = |role: &Role| {
        let membership = Membership { store: store.map(str::to_owned), role: *role };
        membership.may_be_changed_by(&by.memberships) && (store.is_none() || *role != Role::Owner)
    };
    let roles = Role::ALL.into_iter().filter(givable);
    let named = roles.map(|role| (role.as_str().to_owned(), words.role(role).to_owned()));
    std::iter::once((String::new(), words.say("people_no_role").to_owned())).chain(named).collect()
}

/// The roles that somebody has after this form. What is not this person's to change stays as it is, whatever the form says.
pub fn chosen(form: &Form, by: &Session, held: &[Membership]) -> Result<Vec<Membership>, DeskError> {
    let is_mine = |membership: &Membership| membership.may_be_changed_by(&by.memberships);
    let mut memberships: Vec<Membership> = held.iter().filter(|held| !is_mine(held)).cloned().collect();
    for (store, _) in places(by) {
        let Some(word) = form.field(&field_name(store)) else { continue };
        let role = Role::from_word(word).ok_or(DeskError::field("role", "input_wrong"))?;
        let membership = Membership { store: store.map(str::to_owned), role };
        if !is_mine(&membership) || (role == Role::Owner && store.is_some()) {
            return Err(DeskError::Forbidden);
        }
        if memberships.iter().all(|kept| kept.store != membership.store) {
            memberships.push(membership);
        }
    }
    Ok(memberships)
}
