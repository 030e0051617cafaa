//! Whose request it is: the line's playbook and the visitor.

use crate::error::WidgetError;
use crate::words::Words;
use lanekeeper_channels::{Provider, widget};
use lanekeeper_domain::Language;
use lanekeeper_domain::widget::Widget;
use lanekeeper_platform::{Clock, Platform, Random, Request, Statement};
use lanekeeper_storage::{Playbook, Visitor, begin_chat};
use lanekeeper_turn::remembered;
use serde::de::DeserializeOwned;
use std::rc::Rc;

/// A request of a visitor's frame.
pub struct Entry<'a> {
    /// The request.
    pub request: &'a Request,
    /// The line and its store.
    pub playbook: Rc<Playbook>,
    /// The visitor's address.
    pub peer: String,
}

impl<'a> Entry<'a> {
    /// Lets a request in that comes from our own frame and bears a secret.
    pub async fn of<P: Platform>(platform: &P, request: &'a Request, line: &str) -> Result<Self, WidgetError> {
        // Only browsers say so, and only they have to: a secret cannot be sent along by a foreign page that does not know it.
        if request.header("sec-fetch-site").is_some_and(|site| site != "same-origin") {
            return Err(WidgetError::NotTheFrame);
        }
        let peer = request.bearer().and_then(widget::visitor).ok_or(WidgetError::NoVisitor)?;
        Ok(Self { request, playbook: playbook_of(platform, line).await?, peer })
    }

    /// The body, as JSON.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, WidgetError> {
        let wrong = WidgetError::Invalid { field: "body", problem: "is not what this route takes" };
        serde_json::from_slice(&self.request.body).map_err(|_| wrong)
    }

    /// The database of the line's store, and a batch that begins the visitor's conversation unless there is one.
    pub fn beginning<'p, P: Platform>(
        &self,
        platform: &'p P,
    ) -> Result<(&'p P::Database, Vec<Statement>), WidgetError> {
        let now = platform.clock().now();
        let id = || platform.random().id(now);
        let visitor = Visitor {
            store: &self.playbook.store.id,
            line: &self.playbook.line.id,
            peer: &self.peer,
            language: self.words().language.code(),
            customer: &id(),
            conversation: &id(),
        };
        Ok((self.playbook.shard_of(platform)?.database, begin_chat(&visitor, now)))
    }

    /// The frame's own words, in its language.
    pub fn words(&self) -> Words {
        language(self.request, &self.playbook, &look(&self.playbook))
    }

    /// The value of a field of the query, as it came.
    pub fn query(&self, name: &str) -> Option<&'a str> {
        query(self.request, name)
    }
}

/// The playbook of this widget.
pub async fn playbook_of<P: Platform>(platform: &P, line: &str) -> Result<Rc<Playbook>, WidgetError> {
    let playbook = remembered(platform, line).await?;
    if is_widget(&playbook) { Ok(playbook) } else { Err(WidgetError::NoSuchWidget) }
}

/// Whether the line is a widget at all.
pub fn is_widget(playbook: &Playbook) -> bool {
    Provider::from_slug(&playbook.line.provider) == Some(Provider::Widget)
}

/// The look of a line. One that cannot be read is no reason to leave a visitor alone.
pub fn look(playbook: &Playbook) -> Widget {
    serde_json::from_str(&playbook.line.settings).unwrap_or_default()
}

/// The language of the frame's own words: the line's, else the first of the browser's that we speak, else the store's.
pub fn language(request: &Request, playbook: &Playbook, look: &Widget) -> Words {
    let browser = request.header("accept-language").unwrap_or_default();
    let wished = query(request, "lang").into_iter().chain(browser.split([',', ';']));
    let language = look.language.or_else(|| wished.map(str::trim).find_map(Language::from_code));
    Words::of(language.unwrap_or(playbook.store.language))
}

/// The value of a field of the query, as it came.
pub fn query<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}
