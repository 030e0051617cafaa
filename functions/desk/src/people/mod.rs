//! The people of the stores: who may do what, who is invited, whose account is closed.
//!
//! Managers see and change the roles at their stores; what reaches further (a way in for somebody, the closing of an account)
//! is theirs only where all of the person's roles are. Accounts stand in the directory's database, and what is done to them
//! is logged there.

mod change;
mod invite;
mod list;
mod roles;

pub use change::{change, close, open, show};
pub use invite::{form, invite, link};
pub use list::list;

use crate::desk::Desk;
use crate::error::DeskError;
use lanekeeper_domain::staff::{Membership, Permission};
use lanekeeper_platform::{Database, DatabaseError, Platform, Statement};
use lanekeeper_storage::{Person, Session, is_last_owner, people};

/// Whether this person manages the whole group.
fn manages_all(person: &Session) -> bool {
    person.memberships.iter().any(|held| held.store.is_none() && held.role.may(Permission::Manage))
}

/// Whether somebody is shown to this person: who manages the whole group sees everybody, others whom they meet at their stores.
fn is_seen_by(person: &Person, by: &Session) -> bool {
    let meets = |held: &Membership| match &held.store {
        None => true,
        Some(store) => by.stores_with(Permission::Manage).any(|mine| mine.id == *store),
    };
    manages_all(by) || person.memberships.iter().any(meets)
}

/// Whether all that somebody may do is this person's to give.
fn is_in_reach(person: &Person, of: &Session) -> bool {
    let all = person.memberships.iter().all(|held| held.may_be_changed_by(&of.memberships));
    all && (manages_all(of) || !person.memberships.is_empty())
}

/// The person that the path names, if they are shown to whoever asks.
async fn named<P: Platform>(desk: &Desk<'_, P>) -> Result<Person, DeskError> {
    let directory = desk.platform().directory();
    let found = people(directory, &desk.person.group, Some(desk.place("account")), desk.now()).await?;
    found.into_iter().find(|person| is_seen_by(person, &desk.person)).ok_or(DeskError::NotFound)
}

/// The person that the path names, with whom everything may be done.
async fn named_in_reach<P: Platform>(desk: &Desk<'_, P>) -> Result<Person, DeskError> {
    let person = named(desk).await?;
    if is_in_reach(&person, &desk.person) { Ok(person) } else { Err(DeskError::Forbidden) }
}

/// Runs a batch on the directory's database. The group always keeps an owner.
async fn run<P: Platform>(desk: &Desk<'_, P>, batch: Vec<Statement>) -> Result<(), DeskError> {
    let refusal = |error: DatabaseError| {
        if is_last_owner(&error) {
            return DeskError::Conflict("people_last_owner");
        }
        if error.is_conflict_on("accounts") { DeskError::field("email", "people_email_taken") } else { error.into() }
    };
    desk.platform().directory().batch(batch).await.map(drop).map_err(refusal)
}
