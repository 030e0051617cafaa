//! Everybody.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Kind, Page, Tone, avatar, chip, header, link_button, moment};
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{Person, people};
use lanekeeper_zones::Tz;
use maud::{Markup, html};

/// `GET /desk/people?store=…`.
pub async fn list<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let (words, by) = (desk.words(), &desk.person);
    let scope = desk.scope(Permission::Manage)?;
    let all = people(desk.platform().directory(), &by.group, None, desk.now()).await?;
    let is_there = |person: &Person| {
        let at = |id: &str| person.memberships.iter().any(|held| held.store.as_deref().is_none_or(|store| store == id));
        super::is_seen_by(person, by) && scope.chosen.is_none_or(|store| at(&store.id))
    };
    let zone = scope.stores.first().map_or(Tz::UTC, |store| store.time_zone);
    let content = html! {
        (header(words.say("nav_people"), Some(words.say("people_below")), &link_button(Kind::Main, "/desk/people/invite", words.say("people_invite"))))
        div.scroll {
            table.table.cards {
                thead { tr { th { (words.say("field_name")) } th { (words.say("people_roles")) } th { (words.say("people_state")) } } }
                tbody {
                    @for person in all.iter().filter(|person| is_there(person)) {
                        tr {
                            td {
                                a.person href={ "/desk/people/" (person.id) } {
                                    (avatar(&person.name)) span { strong { (person.name) } small { (person.email) } }
                                }
                            }
                            td { (roles(words, desk, person)) }
                            td { (state(words, person, zone, desk.now())) }
                        }
                    }
                }
            }
        }
    };
    let store = scope.chosen.map(|store| store.id.as_str());
    Ok(desk.page(&Page::new(words.say("nav_people"), content).section("people").at_store(store)))
}

/// The roles that the reader may know of: those at stores that are theirs too.
fn roles<P: Platform>(words: Words, desk: &Desk<'_, P>, person: &Person) -> Markup {
    let name_of = |id: &str| desk.person.stores.iter().find(|store| store.id == id).map(|store| store.name.as_str());
    html! {
        span.row {
            @for held in &person.memberships {
                @match held.store.as_deref() {
                    None => (chip(Tone::Info, &format!("{} · {}", words.role(held.role), words.say("all_stores")))),
                    Some(id) => @if let Some(name) = name_of(id) { (chip(Tone::Plain, &format!("{} · {name}", words.role(held.role)))) },
                }
            }
        }
    }
}

/// How it stands with somebody's account.
pub fn state(words: Words, person: &Person, zone: Tz, now: DateTime<Utc>) -> Markup {
    html! {
        @if person.disabled { (chip(Tone::Bad, words.say("people_closed"))) }
        @else if let Some(seen) = person.seen_at { span.soft { (words.say("people_seen")) " " (moment(words, zone, seen, now)) } }
        @else if let Some(until) = person.invited_until {
            (chip(Tone::Warn, words.say("people_invited"))) " " span.soft { (words.say("people_until")) " " (moment(words, zone, until, now)) }
        }
        @else if !person.joined { (chip(Tone::Warn, words.say("people_never"))) }
        @else { span.soft { (words.say("people_away")) } }
    }
}
