//! Serves HTTP/1.1 and hands each request to an instance.

use crate::arguments::Arguments;
use crate::bindings::{key_value, sqlite, variables};
use crate::component::{self, MOST_INSTANCES};
use crate::instances::Instances;
use crate::state::{Shared, Spin, State};
use bytes::Bytes;
use http::uri::{Authority, Scheme};
use http::{Request, Response, StatusCode, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use std::convert::Infallible;
use std::io::Write;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use wasmtime::component::Linker;
use wasmtime::error::Context;
use wasmtime::{Engine, Result};
use wasmtime_wasi_http::handler::{ErrorCode, ProxyHandler};
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::p3::bindings::ServicePre;
use wasmtime_wasi_http::p3::bindings::http::types::ErrorCode as WasiError;

type Body = UnsyncBoxBody<Bytes, wasmtime::Error>;

/// Serves until it is told to end; then ends the process.
pub async fn run(arguments: Arguments) -> Result<()> {
    let engine = component::engine()?;
    let linker = linker(&engine)?;
    let shared = Arc::new(Shared::new(&arguments));
    let mut components = Vec::new();
    for (route, file) in &arguments.components {
        let component = component::load(&engine, file)?;
        let service = ServicePre::new(linker.instantiate_pre(&component)?)?;
        let instances = Instances { service, shared: Arc::clone(&shared), sharing: arguments.sharing };
        components.push((route.clone(), ProxyHandler::new(instances)));
    }
    let host = Host {
        components: components.into(),
        // Half the pool: an instance that still delivers after its last answer keeps its place in the pool.
        places: Arc::new(Semaphore::new(MOST_INSTANCES as usize / 2 * arguments.sharing.concurrency)),
    };

    let listener = TcpListener::bind(arguments.listen).await.context("cannot listen")?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on http://{}", listener.local_addr()?)?;
    stdout.flush()?;

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    loop {
        tokio::select! {
            // What is under way breaks off. Nothing is lost by it that SQLite has committed.
            _ = terminate.recv() => std::process::exit(0),
            _ = interrupt.recv() => std::process::exit(0),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { tokio::spawn(serve(host.clone(), stream)); }
                Err(error) => eprintln!("spin-host: cannot accept: {error}"),
            },
        }
    }
}

fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    // Rust's standard library for this target still speaks WASI 0.2.
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
    sqlite::add_to_linker::<_, Spin>(&mut linker, |state| state)?;
    key_value::add_to_linker::<_, Spin>(&mut linker, |state| state)?;
    variables::add_to_linker::<_, Spin>(&mut linker, |state| state)?;
    Ok(linker)
}

#[derive(Clone)]
struct Host {
    /// By route, the longest first.
    components: Arc<[(String, ProxyHandler<Instances>)]>,
    places: Arc<Semaphore>,
}

impl Host {
    fn component_at(&self, path: &str) -> Option<&ProxyHandler<Instances>> {
        let fits = |route: &str| path.strip_prefix(route).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.components.iter().find(|(route, _)| fits(route)).map(|(_, component)| component)
    }
}

async fn serve(host: Host, stream: TcpStream) {
    // Spin leaves Nagle's algorithm on: there, a body that is ready a moment after its head waits for the client's
    // acknowledgement (40 ms on Linux). Off, so that what is measured is the component.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| answer(&host, request));
    // A client that goes away is its own business.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(host: &Host, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let Some(request) = absolute(request) else {
        return Ok(plain(StatusCode::BAD_REQUEST, "no usable Host header"));
    };
    let Some(component) = host.component_at(request.uri().path()) else {
        return Ok(plain(StatusCode::NOT_FOUND, "no component has this route"));
    };
    let _place = host.places.acquire().await;
    let request = request.map(|body| body.map_err(|error| ErrorCode::P3(received(&error))).boxed_unsync());
    Ok(component.handle((), request).await.unwrap_or_else(|error| {
        eprintln!("spin-host: {error:?}");
        plain(StatusCode::INTERNAL_SERVER_ERROR, "the component failed")
    }))
}

/// The component learns scheme and authority from the URI, which on the wire holds the path alone.
fn absolute(mut request: Request<Incoming>) -> Option<Request<Incoming>> {
    let authority: Authority = request.headers().get(http::header::HOST)?.to_str().ok()?.parse().ok()?;
    let mut parts = request.uri().clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(authority);
    *request.uri_mut() = Uri::from_parts(parts).ok()?;
    Some(request)
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response =
        Response::new(Full::new(Bytes::from_static(text.as_bytes())).map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = status;
    response
}

fn received(error: &hyper::Error) -> WasiError {
    WasiError::InternalError(Some(error.to_string()))
}
