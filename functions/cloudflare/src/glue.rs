//! The functions of `glue.js`, and the two of the runtime that `worker` does not offer.

use wasm_bindgen::prelude::*;
use worker::js_sys::{self, Promise, Uint8Array, futures::JsFuture};
use worker::web_sys;

#[wasm_bindgen(module = "/src/glue.js")]
extern "C" {
    /// The method, the URL and the headers of a request, as JSON.
    pub fn head(request: &web_sys::Request) -> String;

    /// The headers of a response, as JSON.
    #[wasm_bindgen(js_name = headers)]
    pub fn headers_of(response: &web_sys::Response) -> String;

    #[wasm_bindgen(catch)]
    fn bytes(message: &JsValue, limit: u32) -> Result<Promise, JsValue>;

    /// A response; `headers` is a JSON array of pairs. Fails on a status or a header that HTTP does not allow.
    #[wasm_bindgen(catch)]
    pub fn respond(status: u16, headers: &str, body: &[u8]) -> Result<web_sys::Response, JsValue>;

    #[wasm_bindgen(catch)]
    fn forward(service: &JsValue, request: &web_sys::Request) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch)]
    fn batch(database: &JsValue, statements: &str) -> Result<Promise, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// Fills at most 65,536 bytes.
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    pub fn get_random_values(buffer: &mut [u8]);

    #[wasm_bindgen(catch)]
    fn fetch(url: &str, init: &web_sys::RequestInit) -> Result<Promise, JsValue>;
}

/// Calls out.
pub async fn call(url: &str, init: &web_sys::RequestInit) -> Result<web_sys::Response, JsValue> {
    Ok(JsFuture::from(fetch(url, init)?).await?.unchecked_into())
}

/// Hands a request to another Worker. Fails where the service is not one.
pub async fn forward_to(service: &JsValue, request: &web_sys::Request) -> Result<web_sys::Response, JsValue> {
    Ok(JsFuture::from(forward(service, request)?).await?.unchecked_into())
}

/// The bytes of a request's or a response's body; `None` if there are more than `limit` of them.
pub async fn body_of(message: &JsValue, limit: u32) -> Result<Option<Vec<u8>>, JsValue> {
    let bytes = JsFuture::from(bytes(message, limit)?).await?;
    Ok((!bytes.is_null()).then(|| Uint8Array::new(&bytes).to_vec()))
}

/// Runs `[[sql, [parameter, …]], …]` as one batch on a D1 database and returns the rows of each, both as JSON.
pub async fn batch_on(database: &JsValue, statements: &str) -> Result<String, JsValue> {
    Ok(JsFuture::from(batch(database, statements)?).await?.as_string().unwrap_or_default())
}

/// What a thrown value says.
pub fn message_of(thrown: &JsValue) -> String {
    let error: Option<&js_sys::Error> = thrown.dyn_ref();
    error.map_or_else(|| format!("{thrown:?}"), |error| error.message().into())
}
