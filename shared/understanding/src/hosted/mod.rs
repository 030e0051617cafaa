//! Understanding by a hosted model: within a budget of time, checked, and given up on when the endpoint keeps failing.
//!
//! The model fills in a typed form about what the customer said. Whatever goes wrong ends in a [`Failure`], upon which
//! the caller takes the built-in understanding in the same turn.

mod answer;
mod anthropic;
mod breaker;
mod config;
mod openai;
mod prompt;
mod sanitise;
mod schema;
mod words;

pub use answer::Failure;
pub use breaker::{Breaker, of_this_instance};
pub use config::{ConfigError, ModelConfig, Protocol};
pub use prompt::Question;

use answer::Answer;
use chrono::{DateTime, Utc};
use lanekeeper_domain::Understanding;
use lanekeeper_platform::{Clock, HttpClient, HttpError, Method, OutboundRequest, OutboundResponse};
use serde_json::Value;
use std::cell::RefCell;

/// A filled-in form takes about 1 kB; what is larger than this is not read.
const LARGEST_ANSWER: usize = 64 * 1024;

/// What came of asking a model, and what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The understanding, checked, with [`Source::Model`](lanekeeper_domain::understanding::Source::Model). It never
    /// holds `opt_out` or `opt_in`: consent is for the built-in understanding to find.
    pub outcome: Result<Understanding, Failure>,
    /// Tokens read, cached ones included; 0 when the endpoint did not say.
    pub tokens_in: u32,
    /// Tokens written; 0 when the endpoint did not say.
    pub tokens_out: u32,
    /// How long it took, in milliseconds.
    pub latency_ms: u32,
}

/// Asks the model what the customer means. At most one request, aborted after the budget; the breaker decides whether
/// it is made at all, and learns from it.
pub async fn understand(
    http: &impl HttpClient,
    clock: &impl Clock,
    config: &ModelConfig,
    breaker: &RefCell<Breaker>,
    question: &Question<'_>,
) -> Attempt {
    let asked = clock.now();
    if !breaker.borrow_mut().allows(asked) {
        return Attempt { outcome: Err(Failure::BreakerOpen), tokens_in: 0, tokens_out: 0, latency_ms: 0 };
    }
    let response = http.send(request(config, question)).await;
    let answered = clock.now();

    let answer = match &response {
        Ok(response) => read(config.protocol, response),
        Err(HttpError::Timeout) => Answer::useless(Failure::Timeout),
        Err(error) => Answer::useless(Failure::Unreachable(error.to_string())),
    };
    let retry_after = response.iter().find_map(|response| response.header("retry-after"));
    learn(&mut breaker.borrow_mut(), answered, answer.form.as_ref().err(), retry_after);

    Attempt {
        outcome: answer.form.and_then(|form| sanitise::sanitise(&form, question)),
        tokens_in: answer.tokens_in,
        tokens_out: answer.tokens_out,
        latency_ms: u32::try_from((answered - asked).num_milliseconds()).unwrap_or(0),
    }
}

/// The request that puts the question.
fn request(config: &ModelConfig, question: &Question<'_>) -> OutboundRequest {
    let (url, mut headers, body) = match config.protocol {
        Protocol::OpenAi => (openai::url(config), openai::headers(config), openai::body(config, question)),
        Protocol::Anthropic => (anthropic::url(config), anthropic::headers(config), anthropic::body(config, question)),
    };
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    OutboundRequest { method: Method::Post, url, headers, body: body.to_string().into_bytes(), timeout: config.timeout }
}

/// The form in the response, unchecked.
fn read(protocol: Protocol, response: &OutboundResponse) -> Answer {
    if !(200..300).contains(&response.status) {
        return Answer::useless(Failure::Status(response.status));
    }
    if response.body.len() > LARGEST_ANSWER {
        return Answer::useless(Failure::TooLarge);
    }
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else {
        return Answer::useless(Failure::Malformed);
    };
    match protocol {
        Protocol::OpenAi => openai::read(&body),
        Protocol::Anthropic => anthropic::read(&body),
    }
}

/// Tells the breaker how the request went. A refusal is the model's judgement of one text and no fault of the endpoint.
fn learn(breaker: &mut Breaker, now: DateTime<Utc>, failure: Option<&Failure>, retry_after: Option<&str>) {
    let pause = retry_after.and_then(|header| breaker::retry_after(header, now));
    match failure {
        None | Some(Failure::Refused) => breaker.record(now, true),
        Some(Failure::Status(401 | 403 | 404 | 429)) => breaker.pause(now, pause),
        Some(Failure::Status(500..)) if pause.is_some() => breaker.pause(now, pause),
        Some(_) => breaker.record(now, false),
    }
}
