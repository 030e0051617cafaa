//! Who may move the clock.

use lanekeeper_platform::{Request, Response};
use subtle::ConstantTimeEq;

/// Why this request may not move the clock; `None` when it may.
pub fn refusal(request: &Request, secret: Option<&str>) -> Option<Response> {
    let Some(secret) = secret else {
        return Some(Response::problem(404, "Not found", "Set INTERNAL_SECRET to enable the clock's route."));
    };
    let token = request.bearer().unwrap_or_default();
    if !bool::from(token.as_bytes().ct_eq(secret.as_bytes())) {
        let detail = "Send INTERNAL_SECRET as `Authorization: Bearer …`.";
        return Some(Response::problem(403, "Forbidden", detail));
    }
    (request.method != "POST")
        .then(|| Response::problem(405, "Method not allowed", "Use POST.").with_header("allow", "POST"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, authorization: Option<&str>, secret: Option<&str>) -> Option<u16> {
        let headers = authorization.map(|value| ("authorization".to_owned(), value.to_owned())).into_iter().collect();
        let request = Request { method: method.to_owned(), headers, ..Request::default() };
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
