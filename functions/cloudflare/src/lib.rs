//! The shell for Cloudflare Workers: turns its events into calls of the functions, and offers D1, KV, Queues and
//! `fetch` behind the ports. Nothing here knows what the product does. The units in `units/` are made of it.

mod database;
mod glue;
mod inbound;
mod outbound;
mod platform;
mod ports;

pub use inbound::path_of;
pub use platform::Workers;

use lanekeeper_deliver::Outcome;
use lanekeeper_platform::{Request, Response};
use serde_json::json;
use wasm_bindgen::JsValue;
use worker::{Context, Env, MessageBatch, MessageExt, QueueRetryOptionsBuilder, RawMessage, js_sys, web_sys};

/// Queues allow no longer delay: twelve hours.
const MAX_RETRY_SECONDS: u64 = 43_200;

/// A request: answered by `handle`.
pub async fn answer(
    request: &web_sys::Request,
    env: Env,
    context: Context,
    handle: impl AsyncFnOnce(&Workers, Request) -> Response,
) -> worker::Result<web_sys::Response> {
    let response = match inbound::read(request).await {
        Ok(request) => handle(&Workers::new(env, Some(context)), request).await,
        Err(refusal) => refusal,
    };
    inbound::write(&response)
}

/// A request for another Worker: handed over as it came, URL and body, to the service of this binding.
pub async fn forward(request: &web_sys::Request, env: &Env, binding: &str) -> worker::Result<web_sys::Response> {
    let service = js_sys::Reflect::get(env, &JsValue::from_str(binding)).unwrap_or_default();
    match glue::forward_to(&service, request).await {
        Ok(response) => Ok(response),
        Err(thrown) => {
            let reason = glue::message_of(&thrown);
            worker::console_error!("{}", json!({"event": "forward_failed", "binding": binding, "reason": reason}));
            inbound::write(&Response::problem(503, "Service unavailable", "This part is not there. Try again soon."))
        }
    }
}

/// Wake-ups from the queue.
pub async fn deliver(batch: &MessageBatch<String>, env: Env, context: Context) {
    let messages: Vec<RawMessage> = batch.raw_iter().collect();
    // A body that is no text names no row of the outbox, and is settled as such.
    let deliveries: Vec<String> =
        messages.iter().map(|message| message.body().as_string().unwrap_or_default()).collect();
    let outcomes = lanekeeper_deliver::deliver(&Workers::new(env, Some(context)), &deliveries).await;
    for (message, outcome) in messages.iter().zip(outcomes) {
        match outcome {
            Outcome::Settled => message.ack(),
            Outcome::Again(delay) => {
                let seconds = delay.as_millis().div_ceil(1000).min(MAX_RETRY_SECONDS.into()) as u32;
                message.retry_with_options(&QueueRetryOptionsBuilder::new().with_delay_seconds(seconds).build());
            }
        }
    }
}
