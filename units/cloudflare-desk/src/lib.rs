//! The desk as a Worker. The front hands it what is the desk's; it has no address of its own.

use worker::{Context, Env, event, web_sys};

/// A request.
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    lanekeeper_cloudflare::answer(&request, env, context, lanekeeper_router::desk).await
}
