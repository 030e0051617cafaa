//! The staff's console: pages under `/desk/`, rendered here, enhanced by htmx and a little script.
//!
//! `routes` is the table of what there is, and of what each route asks of its caller; each topic has a file with its handlers.
//! A handler gets a [`Desk`]: the request, who is signed in, and what they may do. `page` has what pages are made of.

mod account;
mod alerts;
mod assets;
mod audit;
mod booking;
mod call;
mod conversation;
mod day;
mod desk;
mod error;
mod form;
mod inbox;
mod invitation;
mod oidc;
mod orders;
mod origin;
mod page;
mod password;
mod people;
mod route;
mod routes;
mod service_words;
mod session;
mod sign_in;
mod words;

pub use route::Access;

use call::Call;
use desk::Desk;
use error::DeskError;
use lanekeeper_platform::{Clock, Platform, Request, Response};
use route::{Answering, find};
use routes::routes;

/// Nothing but our own scripts, style, pictures and routes.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    media-src 'self'; worker-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Answers a request whose path is `/desk` or begins with `/desk/`.
pub async fn handle<P: Platform>(platform: &P, request: &Request) -> Response {
    if let Some(asset) = assets::find(&request.path).filter(|_| matches!(request.method.as_str(), "GET" | "HEAD")) {
        return without_body_for_head(request, asset.serve(request));
    }
    let response = answer(Call::new(platform, request, platform.clock().now())).await;
    without_body_for_head(request, response)
        .with_header("cache-control", "no-store")
        .with_header("content-security-policy", CONTENT_SECURITY_POLICY)
        .with_header("cross-origin-opener-policy", "same-origin")
        // Forms say where they come from only where pages may say so.
        .with_header("referrer-policy", "same-origin")
        .with_header("x-content-type-options", "nosniff")
        .with_header("x-robots-tag", "noindex, nofollow")
}

/// One row of the table of routes, for a test that walks through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteView {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path; words in braces are places.
    pub pattern: &'static str,
    /// What it asks of its caller; `None` for a route that is open to all.
    pub access: Option<Access>,
}

/// Every route there is.
pub fn route_views<P: Platform>() -> Vec<RouteView> {
    let view =
        |route: &route::Route<P>| RouteView { method: route.method, pattern: route.pattern, access: route.access() };
    routes::<P>().iter().map(view).collect()
}

async fn answer<P: Platform>(mut call: Call<'_, P>) -> Response {
    let routes = routes();
    let number = match find(&routes, &call.request.method, &call.request.path) {
        Ok((number, places)) => {
            call.places = places;
            number
        }
        Err(error) => return error.response(&call),
    };
    if !origin::is_ours(&call) {
        return DeskError::Elsewhere.response(&call);
    }
    match &routes[number].answering {
        Answering::Anybody(handler) => match handler(&call).await {
            Ok(response) => response,
            Err(error) => error.response(&call),
        },
        Answering::SignedIn(access, handler) => {
            let (desk, cookie) = match Desk::enter(call).await {
                Ok(entered) => entered,
                Err((call, error)) => return error.response(&call),
            };
            let answer = match desk.check(*access) {
                Ok(()) => handler(&desk).await,
                Err(error) => Err(error),
            };
            let response = answer.unwrap_or_else(|error| error.response(&desk.call));
            match cookie {
                // A route that sets the cookie itself, as signing out does, has the last word.
                Some(cookie) if !response.headers.iter().any(|(name, _)| name == "set-cookie") => {
                    response.with_header("set-cookie", &cookie)
                }
                _ => response,
            }
        }
    }
}

fn without_body_for_head(request: &Request, response: Response) -> Response {
    if request.method == "HEAD" { Response { body: Vec::new(), ..response } } else { response }
}
