//! One request of somebody who is signed in: who they are, what they may do, and the way to their stores.

use crate::call::Call;
use crate::error::DeskError;
use crate::form::Form;
use crate::page::{Frame, Page};
use crate::route::Access;
use crate::session::{self, TOKEN_FIELD, TOKEN_HEADER};
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_domain::staff::Permission;
use lanekeeper_links::Keys;
use lanekeeper_platform::{DatabaseError, Platform, Response, Shard, Statement};
use lanekeeper_storage::{Audit, Session, StoreAccess, audit};
use maud::Markup;
use serde_json::Value;

/// A request of somebody who is signed in.
pub struct Desk<'a, P: Platform> {
    /// The request itself.
    pub call: Call<'a, P>,
    /// Who is signed in, their roles, their stores, and the names of everybody in the group.
    pub person: Session,
    /// The token that forms of this session carry; [`Desk::token_field`] puts it into a form, htmx sends it by itself.
    pub token: String,
}

/// A store, with the way to its database.
pub struct AtStore<'a, 'p, P: Platform> {
    /// The store, and the person's role there.
    pub store: &'a StoreAccess,
    /// Where it lives.
    pub shard: Shard<'p, P::Database>,
}

/// The stores that a page is about.
pub struct Scope<'a> {
    /// The one that was chosen; `None` is all of them.
    pub chosen: Option<&'a StoreAccess>,
    /// All of them.
    pub stores: Vec<&'a StoreAccess>,
}

impl<'a, P: Platform> Desk<'a, P> {
    /// Lets a request in whose session is alive. One that changes something must carry the session's token as well. Also gives
    /// the cookie to be set, if there is one.
    pub async fn enter(mut call: Call<'a, P>) -> Result<(Self, Option<String>), (Call<'a, P>, DeskError)> {
        let (person, cookie) = match session::session_of(&call).await {
            Ok(found) => found,
            Err(error) => return Err((call, error)),
        };
        if let Some(language) = person.language {
            call.words = Words::of(language);
        }
        let keys = match Keys::of(call.platform.settings()) {
            Ok(keys) => keys,
            Err(error) => return Err((call, error.into())),
        };
        if !matches!(call.request.method.as_str(), "GET" | "HEAD") && !has_token(&call, &keys, &person) {
            return Err((call, DeskError::Forged));
        }
        let token = session::token(&keys, &person);
        Ok((Self { call, person, token }, cookie))
    }

    /// Whether the person has what a route asks for.
    pub fn check(&self, access: Access) -> Result<(), DeskError> {
        match access {
            Access::Person => Ok(()),
            Access::Somewhere(permission) => {
                if !self.person.memberships.iter().any(|held| held.role.may(permission)) {
                    return Err(DeskError::Forbidden);
                }
                // A choice of a store that is not theirs is refused whether the handler heeds it or not.
                self.scope(permission).map(drop)
            }
            Access::Store(permission) => self.store(self.place("store"), permission).map(drop),
        }
    }

    /// The runtime.
    pub fn platform(&self) -> &'a P {
        self.call.platform
    }

    /// The time of the request.
    pub fn now(&self) -> DateTime<Utc> {
        self.call.now
    }

    /// The words of the person's language.
    pub fn words(&self) -> Words {
        self.call.words
    }

    /// What this place of the path holds.
    pub fn place(&self, name: &str) -> &str {
        self.call.place(name)
    }

    /// A parameter of the query; `None` when it is absent or empty.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.call.parameter(name)
    }

    /// The form that came with the request.
    pub fn form(&self) -> Result<Form, DeskError> {
        self.call.form()
    }

    /// A store at which the person has this permission. One where they have no role does not exist for them.
    pub fn store(&self, id: &str, permission: Permission) -> Result<AtStore<'_, 'a, P>, DeskError> {
        let store = self.person.stores.iter().find(|store| store.id == id).ok_or(DeskError::NotFound)?;
        if !store.role.may(permission) {
            return Err(DeskError::Forbidden);
        }
        Ok(AtStore { store, shard: self.shard(store.shard)? })
    }

    /// The store that the path names in its place `{store}`; the route has checked the permission already.
    pub fn here(&self) -> Result<AtStore<'_, 'a, P>, DeskError> {
        self.store(self.place("store"), Permission::Look)
    }

    /// The shard of this number, e.g. of a [`StoreAccess`].
    pub fn shard(&self, number: u32) -> Result<Shard<'a, P::Database>, DeskError> {
        let missing = || DatabaseError::Unavailable(format!("shard {number} is not among this deployment's databases"));
        Ok(self.platform().shards().get(number).ok_or_else(missing)?)
    }

    /// The stores that a list is about: the one in the parameter `store`, or all at which the person has this permission.
    pub fn scope(&self, permission: Permission) -> Result<Scope<'_>, DeskError> {
        let chosen = self.parameter("store").map(|id| self.store(&id, permission)).transpose()?.map(|at| at.store);
        let stores = match chosen {
            Some(store) => vec![store],
            None => self.person.stores_with(permission).collect(),
        };
        Ok(Scope { chosen, stores })
    }

    /// Logs a change. It belongs into the batch that makes the change: on the store's shard, or where it concerns the group as a
    /// whole, in the directory's database. `action` is `subject.verb` (a phrase `audit_…` says it), `subject` the id of what
    /// was changed, `details` an object without secrets and without what customers wrote.
    pub fn audit(&self, store: Option<&str>, action: &str, subject: &str, details: &Value) -> Statement {
        audit(&Audit {
            id: &self.call.new_id(),
            group: &self.person.group,
            store,
            account: &self.person.account,
            action,
            subject,
            details,
            now: self.now(),
        })
    }

    /// The hidden field that every form with method `post` needs.
    pub fn token_field(&self) -> Markup {
        crate::page::hidden(TOKEN_FIELD, &self.token)
    }

    /// A page as it goes out, with everything around it.
    pub fn page(&self, page: &Page) -> Response {
        let frame = Frame { words: self.words(), person: &self.person, token: &self.token };
        Response::new(200, "text/html; charset=utf-8", frame.render(page))
    }
}

impl<'a> Scope<'a> {
    /// The stores by the number of their shard.
    pub fn by_shard(&self) -> Vec<(u32, Vec<&'a StoreAccess>)> {
        let mut shards: Vec<(u32, Vec<&StoreAccess>)> = Vec::new();
        for store in &self.stores {
            match shards.iter_mut().find(|(shard, _)| *shard == store.shard) {
                Some((_, stores)) => stores.push(store),
                None => shards.push((store.shard, vec![store])),
            }
        }
        shards
    }
}

fn has_token<P: Platform>(call: &Call<'_, P>, keys: &Keys, person: &Session) -> bool {
    let sent = match call.request.header(TOKEN_HEADER) {
        Some(token) => Some(token.to_owned()),
        None => call.form().ok().and_then(|form| form.field(TOKEN_FIELD).map(str::to_owned)),
    };
    sent.is_some_and(|token| session::is_token(keys, person, &token))
}
