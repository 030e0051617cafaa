//! Outbound HTTP: to this machine, and to the hosts that were allowed. No TLS.

use bytes::Bytes;
use http::uri::Scheme;
use http::{Request, Response, Uri};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::client::conn::http1;
use std::pin::Pin;
use std::sync::Arc;
use tokio::net::TcpStream;
use wasmtime_wasi::TrappableError;
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::p3::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::p3::{RequestOptions, WasiHttpHooks};

type Body = UnsyncBoxBody<Bytes, ErrorCode>;
/// Drives a connection until it closes. wasmtime ends it when the component drops the answer.
type Driver = Box<dyn Future<Output = Result<(), ErrorCode>> + Send>;

/// Sends what the component asks for.
pub struct Outbound {
    allowed_hosts: Arc<[String]>,
}

impl Outbound {
    /// Asks this machine and these hosts.
    pub fn new(allowed_hosts: Arc<[String]>) -> Self {
        Self { allowed_hosts }
    }

    fn allows(&self, uri: &Uri) -> bool {
        let host = uri.host().unwrap_or_default();
        matches!(host, "127.0.0.1" | "localhost" | "[::1]") || self.allowed_hosts.iter().any(|allowed| allowed == host)
    }
}

impl WasiHttpHooks for Outbound {
    fn send_request(
        &mut self,
        request: Request<Body>,
        _options: Option<RequestOptions>,
        _processed: Driver,
    ) -> Box<dyn Future<Output = Result<(Response<Body>, Driver), TrappableError<ErrorCode>>> + Send> {
        let allowed = self.allows(request.uri()) && request.uri().scheme() == Some(&Scheme::HTTP);
        Box::new(async move {
            if !allowed {
                return Err(ErrorCode::HttpRequestDenied.into());
            }
            Ok(send(request).await?)
        })
    }
}

async fn send(mut request: Request<Body>) -> Result<(Response<Body>, Driver), ErrorCode> {
    let authority = request.uri().authority().ok_or(ErrorCode::HttpRequestUriInvalid)?;
    let address = (authority.host().trim_matches(['[', ']']), authority.port_u16().unwrap_or(80));
    let stream = TcpStream::connect(address).await.map_err(|_| ErrorCode::ConnectionRefused)?;
    stream.set_nodelay(true).map_err(|_| ErrorCode::ConnectionTerminated)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;

    // Towards a server the request line names the path alone.
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    *request.uri_mut() = path.parse().map_err(|_| ErrorCode::HttpRequestUriInvalid)?;

    let mut connection: Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>> = Box::pin(connection);
    let answer = sender.send_request(request);
    tokio::pin!(answer);
    let mut open = true;
    let response = loop {
        tokio::select! {
            biased;
            response = &mut answer => break response.map_err(|error| failed(&error))?,
            _ = &mut connection, if open => open = false,
        }
    };
    let driver: Driver =
        Box::new(async move { if open { connection.await.map_err(|error| failed(&error)) } else { Ok(()) } });
    Ok((response.map(|body| body.map_err(|error| failed(&error)).boxed_unsync()), driver))
}

fn failed(error: &hyper::Error) -> ErrorCode {
    if error.is_incomplete_message() {
        ErrorCode::HttpResponseIncomplete
    } else if error.is_timeout() {
        ErrorCode::ConnectionReadTimeout
    } else {
        ErrorCode::InternalError(Some(error.to_string()))
    }
}
