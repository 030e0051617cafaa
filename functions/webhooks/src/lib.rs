//! Channel webhooks: verify, one turn, reply.
//!
//! `POST /channels/{provider}/{line}` takes a customer's message, `POST /channels/{provider}/{line}/status` a receipt for
//! one of ours.

mod error;
mod receipt;
mod twilio;

pub use error::WebhookError;
pub use twilio::credentials;

use lanekeeper_channels::Provider;
use lanekeeper_platform::{Platform, Request, Response};

/// Answers a provider's webhook.
pub async fn handle<P: Platform>(platform: &P, request: &Request) -> Response {
    let parts: Vec<&str> = request.path.split('/').skip(2).collect();
    let (provider, line, step) = match parts.as_slice() {
        [provider, line] => (*provider, *line, ""),
        [provider, line, step] => (*provider, *line, *step),
        _ => return WebhookError::NoSuchRoute.response(platform),
    };
    if Provider::from_slug(provider).is_none() || !matches!(step, "" | "status") {
        return WebhookError::NoSuchRoute.response(platform);
    }
    if request.method != "POST" {
        return Response::problem(405, "Method not allowed", "Webhooks are POST requests.")
            .with_header("allow", "POST");
    }
    let answer = match step {
        "" => twilio::message(platform, request, line).await,
        _ => twilio::status(platform, request, line).await,
    };
    answer.unwrap_or_else(|error| error.response(platform))
}
