//! One request of the API, with what every handler wants to know of it.

use crate::answer::Answer;
use crate::error::ApiError;
use crate::idempotency::Key;
use crate::input;
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Database, Places, Platform, Random, Request, Rows, Shard, Statement};
use lanekeeper_storage::Caller;
use serde::de::DeserializeOwned;

/// Rows of a page, unless the caller asks for another number of at most `LONGEST_PAGE`.
const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 200;

/// A request of somebody who has shown a key.
pub struct Call<'a, P: Platform> {
    /// The runtime.
    pub platform: &'a P,
    /// The request.
    pub request: &'a Request,
    /// The database of the store that the path names; the directory's where it names none.
    pub shard: Shard<'a, P::Database>,
    /// Who asks.
    pub caller: Caller,
    /// What the places of the route's path hold.
    pub places: Places,
    /// The idempotency key, where the route creates something and the caller sent one.
    pub key: Option<Key>,
    /// The time of the request.
    pub now: DateTime<Utc>,
}

impl<P: Platform> Call<'_, P> {
    /// The database of the store that the path names.
    pub fn database(&self) -> &P::Database {
        self.shard.database
    }

    /// The group whose things the caller may see.
    pub fn group(&self) -> &str {
        &self.caller.group_id
    }

    /// What this place of the path holds: `store` of `/api/v1/stores/{store}`.
    pub fn place(&self, name: &str) -> &str {
        self.places.iter().find(|(place, _)| *place == name).map_or("", |(_, value)| value)
    }

    /// A new id.
    pub fn new_id(&self) -> String {
        self.platform.random().id(self.now)
    }

    /// The body as a `T`; an error names the field.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        input::body(&self.request.body)
    }

    /// A parameter of the query; `None` when it is absent.
    pub fn parameter(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.request.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// How many rows a page is to have.
    pub fn limit(&self) -> Result<u32, ApiError> {
        match self.parameter("limit") {
            None => Ok(PAGE),
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=LONGEST_PAGE).contains(limit))
                .ok_or_else(|| ApiError::parameter("limit", format!("must be a number from 1 to {LONGEST_PAGE}"))),
        }
    }

    /// The entity tag that the caller's change is made for; `None` for any (`*`, or no `If-Match` at all).
    pub fn if_match(&self) -> Result<Option<i64>, ApiError> {
        let Some(header) = self.request.header("if-match").map(str::trim) else { return Ok(None) };
        if header == "*" {
            return Ok(None);
        }
        // A tag that we never gave is one that nothing has.
        header
            .strip_prefix('"')
            .and_then(|tag| tag.strip_suffix('"'))
            .map(|tag| Some(tag.parse().unwrap_or(-1)))
            .ok_or_else(|| ApiError::parameter("If-Match", "must be one ETag in quotes, or *"))
    }

    /// As [`Self::if_match`], but the header must be there.
    pub fn required_match(&self) -> Result<Option<i64>, ApiError> {
        self.request.header("if-match").ok_or(ApiError::MatchRequired)?;
        self.if_match()
    }

    /// Refuses the change where the caller has read another version than this one.
    pub fn demand_match(&self, tag: i64) -> Result<(), ApiError> {
        if self.if_match()?.is_none_or(|wanted| wanted == tag) { Ok(()) } else { Err(ApiError::Stale) }
    }

    /// What was answered to this very request before, where it came with an idempotency key.
    pub async fn kept(&self) -> Result<Option<Answer>, ApiError> {
        match &self.key {
            Some(key) => key.kept(self.database(), self.place("store")).await,
            None => Ok(None),
        }
    }

    /// Runs the statements as one batch that creates what `answer` shows. With an idempotency key the answer is kept in the
    /// same batch; when another request with the key was quicker, its answer is given instead.
    pub async fn create(&self, statements: Vec<Statement>, answer: Answer) -> Result<Answer, ApiError> {
        let Some(key) = &self.key else {
            self.database().batch(statements).await?;
            return Ok(answer);
        };
        let batch = std::iter::once(key.keep(self.place("store"), &answer, self.now)).chain(statements).collect();
        match self.database().batch(batch).await {
            Ok(_) => Ok(answer),
            Err(error) if error.is_conflict_on("idempotency_keys") => self.kept().await?.ok_or_else(|| error.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Runs the statements as one batch and gives the rows of each.
    pub async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<Rows>, ApiError> {
        Ok(self.database().batch(statements).await?)
    }
}
