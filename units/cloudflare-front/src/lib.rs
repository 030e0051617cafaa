//! The front as a Worker: the one that the world reaches. What is the desk's goes to the Worker bound as `DESK`.

use lanekeeper_cloudflare::{Workers, answer, deliver, forward, path_of};
use lanekeeper_router::Unit;
use worker::{Context, Env, MessageBatch, ScheduleContext, ScheduledEvent, event, web_sys};

/// A request.
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    match Unit::of(&path_of(&request)) {
        Unit::Front => answer(&request, env, context, lanekeeper_router::front).await,
        Unit::Desk => forward(&request, &env, "DESK").await,
    }
}

/// Wake-ups from the queue. Always `Ok`: an `Err` would run the messages again that are already acknowledged.
#[event(queue)]
async fn queue(batch: MessageBatch<String>, env: Env, context: Context) -> worker::Result<()> {
    deliver(&batch, env, context).await;
    Ok(())
}

/// The cron.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    lanekeeper_schedule::tick(&Workers::new(env, None)).await;
}
