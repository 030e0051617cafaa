//! The JSON API: `/api/v1/…`, for holders of an API key, and its description at `/api/openapi.json`.
//!
//! `routes` is the table of what there is; each topic has a file with its handlers.

mod answer;
mod appointments;
mod call;
mod check;
mod consents;
mod contact;
mod conversations;
mod customers;
mod deliveries;
mod error;
mod exceptions;
mod group;
mod idempotency;
mod imports;
mod input;
#[cfg(feature = "openapi")]
pub mod openapi;
mod openings;
mod pages;
mod parts;
mod profile;
mod repair_orders;
mod route;
mod routes;
mod stores;
mod understand;
mod vehicles;
mod waitlist;

use answer::Answer;
use call::Call;
use error::ApiError;
use idempotency::Key;
use lanekeeper_platform::{Clock, Platform, Request, Response, Shard};
use lanekeeper_storage::{Caller, caller, database_in_group};
use route::find;
use routes::routes;

/// The API's description. `make openapi` writes it anew.
const DESCRIPTION: &str = include_str!("../openapi.json");

/// Answers a request of the API.
pub async fn handle<P: Platform>(platform: &P, request: &Request) -> Response {
    if request.path == "/api/openapi.json" && matches!(request.method.as_str(), "GET" | "HEAD") {
        let body = if request.method == "GET" { DESCRIPTION } else { "" };
        return Response::new(200, "application/json", body);
    }
    let response = match answer(platform, request).await {
        Ok(answer) => answer.response(),
        Err(ApiError::Method(allowed)) if request.method == "OPTIONS" => {
            Response { status: 204, ..Response::default() }.with_header("allow", &allowed)
        }
        Err(error) => error.response(platform),
    };
    if request.method == "HEAD" { Response { body: Vec::new(), ..response } } else { response }
}

async fn answer<P: Platform>(platform: &P, request: &Request) -> Result<Answer, ApiError> {
    let routes = routes();
    let found = find(&routes, &request.method, &request.path);
    if request.method == "OPTIONS" {
        found.as_ref().map_err(Clone::clone)?;
    }
    let caller = signed_in(platform, request).await?;
    let (number, places) = found?;
    let route = &routes[number];
    let shard = match places.iter().find(|(name, _)| *name == "store") {
        Some((_, store)) => database_in_group(platform, &caller.group_id, store).await?,
        None => Shard { number: 1, database: platform.directory() },
    };
    let key = if route.creates { Key::of(request)? } else { None };
    let call = Call { platform, request, shard, caller, places, key, now: platform.clock().now() };
    if let Some(kept) = call.kept().await? {
        return Ok(kept);
    }
    (route.handler)(&call).await
}

async fn signed_in<P: Platform>(platform: &P, request: &Request) -> Result<Caller, ApiError> {
    let key = request.bearer().filter(|key| !key.is_empty()).ok_or(ApiError::NoKey)?;
    caller(platform.directory(), key).await?.ok_or(ApiError::WrongKey)
}
