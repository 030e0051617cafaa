//! Outbound HTTP, over WASI.

use crate::body;
use crate::rules::url;
use futures::future::{Either, select};
use lanekeeper_platform::{HttpClient, HttpError, Method, OutboundRequest, OutboundResponse};
use spin_sdk::wasip3::http::client;
use spin_sdk::wasip3::http::types::{ErrorCode, Fields, Method as WasiMethod, Request, Response, Scheme};
use spin_sdk::wasip3::wit_future;
use std::pin::pin;

/// Longer answers are refused, in bytes: an instance's memory is shared by all its requests.
const LARGEST_BODY: usize = 1024 * 1024;

/// WASI's HTTP client. Hosts are limited by `allowed_outbound_hosts` in the manifest.
pub struct WasiHttp;

impl HttpClient for WasiHttp {
    async fn send(&self, request: OutboundRequest) -> Result<OutboundResponse, HttpError> {
        let timeout = request.timeout;
        let exchange = pin!(exchange(request));
        let alarm = pin!(spin_sdk::time::sleep(timeout));
        // Whichever is late is dropped, and dropping an exchange cancels it and closes its connection.
        match select(exchange, alarm).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(((), _)) => Err(HttpError::Timeout),
        }
    }
}

async fn exchange(request: OutboundRequest) -> Result<OutboundResponse, HttpError> {
    let response = client::send(wasi_request(request)?).await.map_err(|error| failed(&error))?;
    let status = response.get_status_code();
    let headers = response
        .get_headers()
        .copy_all()
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), String::from_utf8_lossy(&value).into_owned()))
        .collect();

    // A writer that is dropped unused writes its default: we had no trouble with the body.
    let (_, fine) = wit_future::new(|| Ok(()));
    let (stream, trailers) = Response::consume_body(response, fine);
    let body = body::read(stream, LARGEST_BODY).await;
    let body = body.map_err(|body::TooLong| HttpError::Unreachable("the answer is longer than 1 MiB".to_owned()))?;
    // Only the trailers tell whether the body ended or broke off.
    trailers.await.map_err(|error| failed(&error))?;
    Ok(OutboundResponse { status, headers, body })
}

fn wasi_request(request: OutboundRequest) -> Result<Request, HttpError> {
    let url = url::parse(&request.url).ok_or_else(|| HttpError::Invalid("not an absolute HTTP URL".to_owned()))?;
    let mut headers: Vec<(String, Vec<u8>)> =
        request.headers.into_iter().map(|(name, value)| (name, value.into_bytes())).collect();
    if !request.body.is_empty() {
        headers.push(("content-length".to_owned(), request.body.len().to_string().into_bytes()));
    }
    let headers = Fields::from_list(&headers).map_err(|error| HttpError::Invalid(error.to_string()))?;
    let (stream, trailers) = body::stream(request.body);
    let (wasi, _sent) = Request::new(headers, stream, trailers, None);

    let method = match request.method {
        Method::Get => WasiMethod::Get,
        Method::Post => WasiMethod::Post,
        Method::Put => WasiMethod::Put,
        Method::Delete => WasiMethod::Delete,
    };
    let scheme = if url.secure { Scheme::Https } else { Scheme::Http };
    wasi.set_method(&method)
        .and_then(|()| wasi.set_scheme(Some(&scheme)))
        .and_then(|()| wasi.set_authority(Some(url.authority)))
        .and_then(|()| wasi.set_path_with_query(Some(&url.path_with_query)))
        .map_err(|()| HttpError::Invalid("malformed URL".to_owned()))?;
    Ok(wasi)
}

fn failed(error: &ErrorCode) -> HttpError {
    match error {
        ErrorCode::DnsTimeout
        | ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => HttpError::Timeout,
        ErrorCode::HttpRequestDenied | ErrorCode::HttpRequestUriInvalid | ErrorCode::HttpRequestMethodInvalid => {
            HttpError::Invalid(error.to_string())
        }
        other => HttpError::Unreachable(other.to_string()),
    }
}
