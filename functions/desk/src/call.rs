//! One request of the desk, whoever makes it.

use crate::error::DeskError;
use crate::form::Form;
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_channels::public_url;
use lanekeeper_domain::Language;
use lanekeeper_platform::{Places, Platform, Random, Request, Settings};

/// A request, and in which words it is answered.
pub struct Call<'a, P: Platform> {
    /// The runtime.
    pub platform: &'a P,
    /// The request.
    pub request: &'a Request,
    /// The time of the request.
    pub now: DateTime<Utc>,
    /// The words of the person's language, or else of the browser's.
    pub words: Words,
    /// What the places of the route's path hold.
    pub places: Places,
}

impl<'a, P: Platform> Call<'a, P> {
    /// A request at this time, in the browser's language.
    pub fn new(platform: &'a P, request: &'a Request, now: DateTime<Utc>) -> Self {
        let words = Words::of(wished(request.header("accept-language").unwrap_or_default()));
        Self { platform, request, now, words, places: Places::new() }
    }

    /// What this place of the path holds: `store` of `/desk/stores/{store}/day`.
    pub fn place(&self, name: &str) -> &str {
        self.places.iter().find(|(place, _)| *place == name).map_or("", |(_, value)| value)
    }

    /// A parameter of the query; `None` when it is absent or empty.
    pub fn parameter(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.request.query.as_bytes())
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    }

    /// The form that came with the request.
    pub fn form(&self) -> Result<Form, DeskError> {
        Form::read(self.request)
    }

    /// A new id.
    pub fn new_id(&self) -> String {
        self.platform.random().id(self.now)
    }

    /// Whether htmx asks, which wants a piece of a page.
    pub fn is_htmx(&self) -> bool {
        self.request.header("hx-request").is_some()
    }

    /// The address of a path of the desk's, e.g. `/desk/sign-in`, as the world knows it.
    pub fn url(&self, path: &str) -> String {
        let page = Request { origin: self.request.origin.clone(), path: path.to_owned(), ..Request::default() };
        public_url(&page, self.platform.settings().get("PUBLIC_URL").as_deref())
    }

    /// Whether the desk is reached over TLS, so that cookies may be bound to it.
    pub fn is_secure(&self) -> bool {
        self.url("/").starts_with("https:")
    }
}

/// The first language of `Accept-Language` that is one of ours; browsers list them in the order of liking.
fn wished(header: &str) -> Language {
    let mut tags = header.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
    tags.find_map(Language::from_code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_language_that_we_speak() {
        assert_eq!(wished("fr-CH, zh-CN;q=0.9, en;q=0.8"), Language::Zh);
        assert_eq!(wished("es-419,es;q=0.9"), Language::Es);
        assert_eq!(wished(""), Language::En);
        assert_eq!(wished("*"), Language::En);
    }
}
