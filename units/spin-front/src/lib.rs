//! The front as a Spin component: the component that answers whatever is not the desk's.
#![cfg(target_arch = "wasm32")]

use spin_sdk::wasip3::exports::http::handler::Guest;
use spin_sdk::wasip3::http::types::{ErrorCode, Request, Response};

struct Unit;
spin_sdk::wasip3::http::service::export!(Unit);

impl Guest for Unit {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        lanekeeper_spin::answer(request, lanekeeper_router::front).await
    }
}
