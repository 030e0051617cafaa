//! Which handler answers which path and method, and for whom.

use crate::call::Call;
use crate::desk::Desk;
use crate::error::DeskError;
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{NoRoute, Places, Platform, Response, find_route};
use std::pin::Pin;

/// What a handler comes to.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Response, DeskError>> + 'a>>;
/// A handler for people who are signed in.
pub type Handler<P> = for<'a> fn(&'a Desk<'a, P>) -> Answer<'a>;
/// A handler for everybody.
pub type OpenHandler<P> = for<'a> fn(&'a Call<'a, P>) -> Answer<'a>;

/// What a route asks of the person who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing more than that: their own account.
    Person,
    /// The permission at one store at least. The handler shows what is of the stores where they have it, and no other.
    Somewhere(Permission),
    /// The permission at the store that the path names, in its place `{store}`. Where the person has no role there, the store
    /// does not exist for them.
    Store(Permission),
}

/// Who answers.
pub enum Answering<P: Platform> {
    /// For everybody.
    Anybody(OpenHandler<P>),
    /// For people who are signed in and have the right.
    SignedIn(Access, Handler<P>),
}

/// A path with a method and who answers it. Words in braces stand for one segment of the path each.
pub struct Route<P: Platform> {
    /// `GET` or `POST`. What changes something is a `POST`, with the session's token against forgery.
    pub method: &'static str,
    /// E.g. `/desk/stores/{store}/day`.
    pub pattern: &'static str,
    /// Who answers.
    pub answering: Answering<P>,
}

impl<P: Platform> Route<P> {
    /// A page.
    pub fn get(pattern: &'static str, access: Access, handler: Handler<P>) -> Self {
        Self { method: "GET", pattern, answering: Answering::SignedIn(access, handler) }
    }

    /// A change.
    pub fn post(pattern: &'static str, access: Access, handler: Handler<P>) -> Self {
        Self { method: "POST", pattern, answering: Answering::SignedIn(access, handler) }
    }

    /// A page for everybody.
    pub fn open_get(pattern: &'static str, handler: OpenHandler<P>) -> Self {
        Self { method: "GET", pattern, answering: Answering::Anybody(handler) }
    }

    /// A form for everybody. It must ask for a proof of its own.
    pub fn open_post(pattern: &'static str, handler: OpenHandler<P>) -> Self {
        Self { method: "POST", pattern, answering: Answering::Anybody(handler) }
    }

    /// What it asks of its caller; `None` when it is open to all.
    pub fn access(&self) -> Option<Access> {
        match self.answering {
            Answering::Anybody(_) => None,
            Answering::SignedIn(access, _) => Some(access),
        }
    }
}

/// The place of the route of this method and path in the table, and what its places hold.
pub fn find<P: Platform>(routes: &[Route<P>], method: &str, path: &str) -> Result<(usize, Places), DeskError> {
    find_route(routes.iter().map(|route| (route.method, route.pattern)), method, path).map_err(|none| match none {
        NoRoute::Path => DeskError::NotFound,
        NoRoute::Method(allowed) => DeskError::Method(allowed),
    })
}
