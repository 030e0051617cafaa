//! Which handler answers which path and method.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_platform::Platform;
use percent_encoding::percent_decode_str;
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

/// The values of the words in braces, by name.
pub type Places = Vec<(&'static str, String)>;

/// The place of the route of this method and path in the table, and what its places hold. HEAD is answered as GET.
pub fn find<P: Platform>(routes: &[Route<P>], method: &str, path: &str) -> Result<(usize, Places), ApiError> {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut allowed = Vec::new();
    for (number, route) in routes.iter().enumerate() {
        let Some(places) = places(route.pattern, path) else { continue };
        if route.method == method {
            return Ok((number, places));
        }
        allowed.push(route.method);
    }
    if allowed.is_empty() {
        return Err(ApiError::NoSuchRoute);
    }
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    allowed.push("OPTIONS");
    Err(ApiError::Method(allowed.join(", ")))
}

fn places(pattern: &'static str, path: &str) -> Option<Places> {
    let mut segments = path.split('/');
    let mut places = Vec::new();
    for word in pattern.split('/') {
        let segment = segments.next()?;
        match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            Some(name) => {
                let value = percent_decode_str(segment).decode_utf8().ok().filter(|value| !value.is_empty())?;
                places.push((name, value.into_owned()));
            }
            None if word == segment => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_whole_segments_decoded() {
        assert_eq!(places("/a/{x}/b/{y}", "/a/1%20%E6%97%A9/b/2"), Some(vec![("x", "1 早".into()), ("y", "2".into())]));
        assert_eq!(places("/a/{x}", "/a/"), None, "an empty segment is no value");
        assert_eq!(places("/a/{x}", "/a/1/2"), None);
        assert_eq!(places("/a/{x}", "/a/%ff"), None, "not UTF-8");
    }
}
