//! `POST /internal/tick`: the clock, where the platform has no cron.

use lanekeeper_platform::{Platform, Request, Response, Settings};
use subtle::ConstantTimeEq;

/// Answers anything under `/internal`.
pub async fn handle<P: Platform>(platform: &P, request: &Request) -> Response {
    let secret = platform.settings().get("INTERNAL_SECRET");
    if let Some(refusal) = refusal(request, secret.as_deref()) {
        return refusal;
    }
    lanekeeper_schedule::tick(platform).await;
    Response { status: 204, ..Response::default() }
}

/// Why this request may not move the clock; `None` when it may.
fn refusal(request: &Request, secret: Option<&str>) -> Option<Response> {
    if request.path != "/internal/tick" {
        return Some(Response::problem(404, "Not found", "There is only /internal/tick here."));
    }
    let Some(secret) = secret else {
        return Some(Response::problem(404, "Not found", "Set INTERNAL_SECRET to enable the clock's route."));
    };
    let token = request.bearer().unwrap_or_default();
    if !bool::from(token.as_bytes().ct_eq(secret.as_bytes())) {
        return Some(Response::problem(403, "Forbidden", "Send INTERNAL_SECRET as `Authorization: Bearer …`."));
    }
    (request.method != "POST")
        .then(|| Response::problem(405, "Method not allowed", "Use POST.").with_header("allow", "POST"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, authorization: Option<&str>, secret: Option<&str>) -> Option<u16> {
        let headers = authorization.map(|value| ("authorization".to_owned(), value.to_owned())).into_iter().collect();
        let path = "/internal/tick".to_owned();
        let request = Request { method: method.to_owned(), path, headers, ..Request::default() };
        refusal(&request, secret).map(|response| response.status)
    }

    #[test]
    fn only_the_bearer_of_the_secret_may() {
        assert_eq!(status("POST", Some("Bearer s3cret"), Some("s3cret")), None);
        assert_eq!(status("POST", Some("Bearer s3cret!"), Some("s3cret")), Some(403));
        assert_eq!(status("POST", Some("Bearer "), Some("s3cret")), Some(403));
        assert_eq!(status("POST", None, Some("s3cret")), Some(403));
        assert_eq!(status("GET", Some("Bearer s3cret"), Some("s3cret")), Some(405));
    }

    #[test]
    fn nobody_may_while_there_is_no_secret() {
        assert_eq!(status("POST", Some("Bearer "), None), Some(404));
    }
}
