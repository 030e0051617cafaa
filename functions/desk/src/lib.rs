//! The JSON API: `/api/v1/…`, for holders of an API key.

mod error;
mod understand;

use error::ApiError;
use lanekeeper_platform::{Platform, Request, Response, Shard};
use lanekeeper_storage::{
    Caller, Listing, Page, caller, conversation_thread, database_in_group, find_in_group, hand_back, list,
    replay_delivery,
};
use serde_json::{Value, json};

/// Rows of a page, unless the caller asks for another number of at most `LONGEST_PAGE`.
const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 200;

/// Answers a request of the API.
pub async fn handle<P: Platform>(platform: &P, request: &Request) -> Response {
    match answer(platform, request).await {
        Ok(body) => Response::json(200, &body).with_header("cache-control", "no-store"),
        Err(error) => error.response(platform),
    }
}

async fn answer<P: Platform>(platform: &P, request: &Request) -> Result<Value, ApiError> {
    let parts: Vec<&str> = request.path.split('/').skip(2).collect();
    let caller = signed_in(platform, request).await?;
    match (request.method.as_str(), parts.as_slice()) {
        ("POST", ["v1", "stores", store, "understand"]) => {
            understand::answer(platform, &caller, store, &request.body).await
        }
        ("GET", ["v1", "stores", store, "appointments"]) => {
            page(platform, request, &caller, store, Listing::Appointments).await
        }
        ("GET", ["v1", "stores", store, "conversations"]) => {
            page(platform, request, &caller, store, Listing::Conversations).await
        }
        ("GET", ["v1", "stores", store, "deliveries"]) => {
            page(platform, request, &caller, store, Listing::Deliveries).await
        }
        ("GET", ["v1", "conversations", id]) => {
            let group = caller.group_id.as_str();
            let thread = async |shard: Shard<'_, _>| conversation_thread(shard.database, group, id).await;
            Ok(find_in_group(platform, group, "conversation", thread).await?)
        }
        ("POST", ["v1", "conversations", id, "hand-back"]) => {
            let group = caller.group_id.as_str();
            let thread = async |shard: Shard<'_, _>| {
                hand_back(shard.database, group, id).await?;
                conversation_thread(shard.database, group, id).await
            };
            Ok(find_in_group(platform, group, "conversation", thread).await?)
        }
        ("POST", ["v1", "deliveries", id, "replay"]) => replay(platform, &caller, id).await,
        (
            _,
            ["v1", "stores", _, "understand" | "appointments" | "conversations" | "deliveries"]
            | ["v1", "conversations" | "deliveries", _, ..],
        ) => Err(ApiError::Method),
        _ => Err(ApiError::NoSuchRoute),
    }
}

async fn signed_in<P: Platform>(platform: &P, request: &Request) -> Result<Caller, ApiError> {
    let key = request.bearer().filter(|key| !key.is_empty()).ok_or(ApiError::NoKey)?;
    caller(platform.directory(), key).await?.ok_or(ApiError::WrongKey)
}

async fn page<P: Platform>(
    platform: &P,
    request: &Request,
    caller: &Caller,
    store: &str,
    listing: Listing,
) -> Result<Value, ApiError> {
    let parameter = |name: &str| {
        form_urlencoded::parse(request.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let limit = match parameter("limit") {
        None => PAGE,
        Some(text) => text.parse().ok().filter(|limit| (1..=LONGEST_PAGE).contains(limit)).ok_or(ApiError::Limit)?,
    };
    let cursor = parameter("cursor");
    let group = caller.group_id.as_str();
    let database = database_in_group(platform, group, store).await?.database;
    let Page { items, next } = list(database, group, store, listing, cursor.as_deref(), limit).await?;
    Ok(json!({"items": items, "next_cursor": next}))
}

/// Tries a parked delivery once more.
async fn replay<P: Platform>(platform: &P, caller: &Caller, id: &str) -> Result<Value, ApiError> {
    use lanekeeper_platform::{Clock, Queue};
    let (group, now) = (caller.group_id.as_str(), platform.clock().now());
    let replay = async |shard: Shard<'_, _>| {
        replay_delivery(shard.database, group, id, now).await?;
        Ok(shard.wake_up(id))
    };
    let wake_up = find_in_group(platform, group, "parked delivery", replay).await?;
    if let Err(error) = platform.queue().wake(&[wake_up]).await {
        platform.log(&json!({"event": "wake_failed", "error": error.to_string()}));
    }
    Ok(json!({"id": id, "status": "pending"}))
}
