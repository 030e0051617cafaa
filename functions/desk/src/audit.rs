//! The log of what people changed.

use crate::desk::{Desk, Scope};
use crate::error::DeskError;
use crate::page::{Kind, Page, avatar, button, empty_state, field, header, hidden, link_button, moment, select};
use crate::words::Words;
use chrono::DateTime;
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{AuditFilter, AuditRow, audit_log};
use lanekeeper_zones::Tz;
use maud::{Markup, html};
use serde_json::Value;

/// Rows of a page.
const PAGE: u32 = 50;

/// `GET /desk/audit?store=…&person=…&before=…`.
pub async fn list<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let words = desk.words();
    let scope = desk.scope(Permission::Manage)?;
    let (person, before) = (desk.parameter("person"), desk.parameter("before"));
    let filter = AuditFilter { account: person.as_deref(), before: before.as_deref(), limit: PAGE + 1 };
    let mut rows = load(desk, &scope, &filter).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let content = html! {
        (header(words.say("nav_audit"), Some(words.say("audit_below")), &html! {}))
        (filters(desk, &scope, person.as_deref()))
        @if rows.is_empty() { (empty_state("log", words.say("audit_none"), words.say("audit_none_text"), &html! {})) }
        @else { (table(desk, &rows)) }
        @if let Some(last) = rows.last().filter(|_| more) {
            div.pages { (link_button(Kind::Plain, &older(&scope, person.as_deref(), &last.id), words.say("older"))) }
        }
    };
    let store = scope.chosen.map(|store| store.id.as_str());
    Ok(desk.page(&Page::new(words.say("nav_audit"), content).section("audit").at_store(store)))
}

/// The rows of all shards, the latest first: those of the stores, and where all of them are asked for by somebody who manages
/// the whole group, also what concerned the group.
async fn load<P: Platform>(
    desk: &Desk<'_, P>,
    scope: &Scope<'_>,
    filter: &AuditFilter<'_>,
) -> Result<Vec<AuditRow>, DeskError> {
    let group = &desk.person.group;
    let of_group = scope.chosen.is_none()
        && desk.person.memberships.iter().any(|held| held.store.is_none() && held.role.may(Permission::Manage));
    let mut shards: Vec<(u32, Vec<&str>)> = scope
        .by_shard()
        .into_iter()
        .map(|(shard, stores)| (shard, stores.into_iter().map(|store| store.id.as_str()).collect()))
        .collect();
    if of_group && shards.iter().all(|(shard, _)| *shard != 1) {
        shards.push((1, Vec::new()));
    }
    let mut rows = Vec::new();
    for (number, stores) in shards {
        let database = desk.shard(number)?.database;
        rows.append(&mut audit_log(database, group, &stores, of_group && number == 1, filter).await?);
    }
    rows.sort_by(|a, b| b.id.cmp(&a.id));
    Ok(rows)
}

fn filters<P: Platform>(desk: &Desk<'_, P>, scope: &Scope<'_>, person: Option<&str>) -> Markup {
    let words = desk.words();
    let manages_all = desk.person.memberships.iter().any(|held| held.store.is_none());
    let met = |stores: &[Option<String>]| {
        stores.iter().any(|store| store.as_ref().is_none_or(|id| scope.stores.iter().any(|mine| mine.id == *id)))
    };
    let colleagues = desk.person.colleagues.iter().filter(|colleague| manages_all || met(&colleague.stores));
    let people: Vec<(String, String)> = std::iter::once((String::new(), words.say("audit_everybody").to_owned()))
        .chain(colleagues.map(|colleague| (colleague.id.clone(), colleague.name.clone())))
        .collect();
    html! {
        form.filters method="get" action="/desk/audit" {
            @if let Some(store) = scope.chosen { (hidden("store", &store.id)) }
            (field("person", words.say("audit_person"), None, &select("person", &people, person.unwrap_or_default())))
            (button(Kind::Plain, words.say("show")))
        }
    }
}

fn table<P: Platform>(desk: &Desk<'_, P>, rows: &[AuditRow]) -> Markup {
    let (words, person) = (desk.words(), &desk.person);
    let store_of = |id: &str| person.stores.iter().find(|store| store.id == id);
    let first_zone = person.stores.first().map_or(Tz::UTC, |store| store.time_zone);
    html! {
        div.scroll {
            table.table.cards {
                thead { tr {
                    th { (words.say("audit_when")) } th { (words.say("audit_person")) } th { (words.say("audit_what")) } th { (words.say("store")) }
                } }
                tbody {
                    @for row in rows {
                        @let store = row.store_id.as_deref().and_then(store_of);
                        @let at = DateTime::from_timestamp_millis(row.at).unwrap_or_default();
                        tr {
                            td { (moment(words, store.map_or(first_zone, |store| store.time_zone), at, desk.now())) }
                            td { span.person { (avatar(person.name_of(&row.account_id))) span { (person.name_of(&row.account_id)) } } }
                            td {
                                strong { (action(words, &row.action)) } " " (subject(desk, row))
                                @if let Some(details) = details(row) { details { summary.soft { (words.say("audit_details")) } code { (details) } } }
                            }
                            td { @match store { Some(store) => (store.name), None => span.soft { (words.say("audit_group")) } } }
                        }
                    }
                }
            }
        }
    }
}

/// What was done, in words; an action that has none yet says its own name.
fn action(words: Words, action: &str) -> String {
    let said = words.say(&format!("audit_{}", action.replace('.', "_")));
    if said.is_empty() { action.to_owned() } else { said.to_owned() }
}

/// Of people the name, of anything else its id.
fn subject<P: Platform>(desk: &Desk<'_, P>, row: &AuditRow) -> Markup {
    let name = desk.person.name_of(&row.subject);
    html! { @if name.is_empty() { code.soft { (row.subject) } } @else { (name) } }
}

fn details(row: &AuditRow) -> Option<String> {
    let details: Value = serde_json::from_str(&row.details).ok()?;
    let says_something = details.as_object().is_some_and(|object| !object.is_empty());
    says_something.then(|| details.to_string())
}

fn older(scope: &Scope<'_>, person: Option<&str>, last: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(scope.chosen.map(|store| ("store", store.id.as_str())));
    query.extend_pairs(person.map(|person| ("person", person)));
    query.append_pair("before", last);
    format!("/desk/audit?{}", query.finish())
}
