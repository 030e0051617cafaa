//! Which handler answers which path and method.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_platform::{NoRoute, Places, Platform, find_route};
use std::pin::Pin;

/// What a handler comes to.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Answer, ApiError>> + 'a>>;
/// A handler.
pub type Handler<P> = for<'a> fn(&'a Call<'a, P>) -> Answering<'a>;

/// A path with a method and who answers it. Words in braces stand for one segment of the path each.
pub struct Route<P: Platform> {
    /// `GET`, `POST` …
    pub method: &'static str,
    /// E.g. `/api/v1/stores/{store}`.
    pub pattern: &'static str,
    /// Who answers.
    pub handler: Handler<P>,
    /// Whether it creates something, so that `Idempotency-Key` is heeded.
    pub creates: bool,
}

impl<P: Platform> Route<P> {
    /// A route that reads.
    pub fn get(pattern: &'static str, handler: Handler<P>) -> Self {
        Self { method: "GET", pattern, handler, creates: false }
    }

    /// A route that creates something. Its handler writes through [`Call::create`].
    pub fn create(pattern: &'static str, handler: Handler<P>) -> Self {
        Self { method: "POST", pattern, handler, creates: true }
    }

    /// A route that does something which is the same when done twice.
    pub fn post(pattern: &'static str, handler: Handler<P>) -> Self {
        Self { method: "POST", pattern, handler, creates: false }
    }

    /// A route that replaces something.
    pub fn put(pattern: &'static str, handler: Handler<P>) -> Self {
        Self { method: "PUT", pattern, handler, creates: false }
    }

    /// A route that changes some fields.
    pub fn patch(pattern: &'static str, handler: Handler<P>) -> Self {
        Self { method: "PATCH", pattern, handler, creates: false }
    }

    /// A route that removes something.
    pub fn delete(pattern: &'static str, handler: Handler<P>) -> Self {
        Self { method: "DELETE", pattern, handler, creates: false }
    }
}

/// The place of the route of this method and path in the table, and what its places hold.
pub fn find<P: Platform>(routes: &[Route<P>], method: &str, path: &str) -> Result<(usize, Places), ApiError> {
    find_route(routes.iter().map(|route| (route.method, route.pattern)), method, path).map_err(|none| match none {
        NoRoute::Path => ApiError::NoSuchRoute,
        NoRoute::Method(allowed) => ApiError::Method(allowed),
    })
}
