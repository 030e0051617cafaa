//! The HTTP trigger.

use crate::body;
use crate::platform::{self, SpinPlatform};
use crate::rules::origin;
use lanekeeper_platform::{Request, Response};
use serde_json::json;
use spin_sdk::wasip3::http::types::{
    ErrorCode, Fields, Method, Request as WasiRequest, Response as WasiResponse, Scheme,
};
use spin_sdk::wasip3::wit_future;

/// Larger request bodies are refused, in bytes: an instance's memory is shared by all its requests.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// A request: answered by `handle`.
pub async fn answer(
    request: WasiRequest,
    handle: impl AsyncFnOnce(&SpinPlatform, Request) -> Response,
) -> Result<WasiResponse, ErrorCode> {
    let response = match read(request).await {
        Ok(request) => respond(request, handle).await,
        Err(body::TooLong) => Response::problem(413, "Content too large", "Send at most 10 MiB."),
    };
    write(response)
}

async fn respond(request: Request, handle: impl AsyncFnOnce(&SpinPlatform, Request) -> Response) -> Response {
    match platform::ready().await {
        Ok(platform) => handle(&platform, request).await,
        Err(error) => {
            platform::log(&json!({"event": "start.failed", "error": error.to_string()}));
            Response::problem(503, "Service unavailable", "The database is not ready. Try again soon.")
        }
    }
}

async fn read(request: WasiRequest) -> Result<Request, body::TooLong> {
    let headers: Vec<(String, String)> = request
        .get_headers()
        .copy_all()
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), String::from_utf8_lossy(&value).into_owned()))
        .collect();
    let scheme = request.get_scheme().map(scheme_name);
    let origin = origin::origin(scheme.as_deref(), request.get_authority().as_deref(), &headers);
    let path_with_query = request.get_path_with_query().unwrap_or_default();
    let (path, query) = path_with_query.split_once('?').unwrap_or((&path_with_query, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let method = method_name(request.get_method());

    // A writer that is dropped unused writes its default: we had no trouble with the body.
    let (_, fine) = wit_future::new(|| Ok(()));
    let (stream, _trailers) = WasiRequest::consume_body(request, fine);
    let body = body::read(stream, LARGEST_BODY).await?;
    Ok(Request { method, origin, path, query, headers, body })
}

fn write(response: Response) -> Result<WasiResponse, ErrorCode> {
    let mut headers: Vec<(String, Vec<u8>)> =
        response.headers.into_iter().map(|(name, value)| (name, value.into_bytes())).collect();
    // RFC 9110, section 8.6: no content-length with 204. Elsewhere a missing one makes Spin chunk the body, and the
    // last chunk then waits for Nagle's algorithm.
    if response.status != 204 {
        headers.push(("content-length".to_owned(), response.body.len().to_string().into_bytes()));
    }
    let headers = Fields::from_list(&headers).map_err(|error| ErrorCode::InternalError(Some(error.to_string())))?;
    let (stream, trailers) = body::stream(response.body);
    let (wasi, _sent) = WasiResponse::new(headers, stream, trailers);
    wasi.set_status_code(response.status).map_err(|()| ErrorCode::InternalError(None))?;
    Ok(wasi)
}

fn method_name(method: Method) -> String {
    let known = match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        Method::Other(other) => return other,
    };
    known.to_owned()
}

fn scheme_name(scheme: Scheme) -> String {
    match scheme {
        Scheme::Http => "http".to_owned(),
        Scheme::Https => "https".to_owned(),
        Scheme::Other(other) => other,
    }
}
