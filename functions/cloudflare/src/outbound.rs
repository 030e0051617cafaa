//! Outbound HTTP over `fetch`.

use crate::glue;
use lanekeeper_platform::{HttpClient, HttpError, OutboundRequest, OutboundResponse};
use wasm_bindgen::JsValue;
use worker::js_sys::Uint8Array;
use worker::web_sys::{AbortSignal, Headers, RequestInit, RequestRedirect};

/// A longer answer is not what we asked for; reading on would only cost memory.
const MAX_ANSWER_BYTES: u32 = 1 << 20;

/// The runtime's `fetch`.
pub struct Fetch;

impl HttpClient for Fetch {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, HttpError> {
        // The signal aborts whatever is under way when it fires: the connection, the headers or the body.
        let signal = AbortSignal::timeout_with_f64(request.timeout.as_millis() as f64);
        let init = init(&request, &signal).map_err(|thrown| HttpError::Invalid(glue::message_of(&thrown)))?;
        let failure = |thrown: JsValue| match glue::message_of(&thrown) {
            _ if signal.aborted() => HttpError::Timeout,
            message if is_refusal(&message) => HttpError::Invalid(message),
            message => HttpError::Unreachable(message),
        };
        let response = glue::call(&request.url, &init).await.map_err(failure)?;
        let body = glue::body_of(&response, MAX_ANSWER_BYTES).await.map_err(failure)?;
        Ok(OutboundResponse {
            status: response.status(),
            headers: serde_json::from_str(&glue::headers_of(&response)).unwrap_or_default(),
            body: body.ok_or_else(|| HttpError::Unreachable("the answer is longer than 1 MiB".to_owned()))?,
        })
    }
}

/// Whether the runtime would not even try, by what its errors say: a malformed URL, or a scheme that is not HTTP.
fn is_refusal(message: &str) -> bool {
    message.starts_with("Invalid URL") || message.starts_with("Fetch API cannot load")
}

fn init(request: &OutboundRequest, signal: &AbortSignal) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(signal));
    if !request.body.is_empty() {
        init.set_body(&Uint8Array::from(request.body.as_slice()));
    }
    Ok(init)
}
