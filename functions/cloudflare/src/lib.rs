//! The shell for Cloudflare Workers: turns its events into calls of the functions, and offers D1, KV, Queues and
//! `fetch` behind the ports. Nothing here knows what the product does.

mod database;
mod glue;
mod inbound;
mod outbound;
mod platform;
mod ports;

use lanekeeper_deliver::Outcome;
use platform::Workers;
use worker::{
    Context, Env, MessageBatch, MessageExt, QueueRetryOptionsBuilder, RawMessage, ScheduleContext, ScheduledEvent,
    event, web_sys,
};

/// Queues allow no longer delay: twelve hours.
const MAX_RETRY_SECONDS: u64 = 43_200;

/// A request: routed, answered.
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    let response = match inbound::read(&request).await {
        Ok(request) => lanekeeper_router::handle(&Workers::new(env, Some(context)), request).await,
        Err(refusal) => refusal,
    };
    inbound::write(&response)
}

/// Wake-ups from the queue. Always `Ok`: an `Err` would run the messages again that are already acknowledged.
#[event(queue)]
async fn queue(batch: MessageBatch<String>, env: Env, context: Context) -> worker::Result<()> {
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
    Ok(())
}

/// The cron.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    lanekeeper_schedule::tick(&Workers::new(env, None)).await;
}
