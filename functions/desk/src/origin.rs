//! Where a request comes from: changes only from our own pages.

use crate::call::Call;
use lanekeeper_platform::Platform;

/// Whether this request changes nothing, or was sent by one of our own pages. Browsers say so in `Sec-Fetch-Site`, and older
/// ones in `Origin`; neither can be set by a page of others. What sends neither is no browser, and has nobody's session.
pub fn is_ours<P: Platform>(call: &Call<'_, P>) -> bool {
    if matches!(call.request.method.as_str(), "GET" | "HEAD") {
        return true;
    }
    match (call.request.header("sec-fetch-site"), call.request.header("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            origin == call.request.origin
                || call.url("/").strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'))
        }
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanekeeper_native::{NativeDatabase, NativePlatform};
    use lanekeeper_platform::{Clock, Request};

    fn let_in(headers: &[(&str, &str)]) -> bool {
        let platform = NativePlatform::new(NativeDatabase::in_memory().unwrap(), chrono::DateTime::UNIX_EPOCH)
            .with_setting("PUBLIC_URL", "https://desk.example/base");
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request =
            Request { method: "POST".into(), origin: "http://10.0.0.7".into(), headers, ..Request::default() };
        is_ours(&Call::new(&platform, &request, platform.clock.now()))
    }

    #[test]
    fn only_our_own_pages_change_things() {
        assert!(let_in(&[("sec-fetch-site", "same-origin")]));
        assert!(!let_in(&[("sec-fetch-site", "same-site")]));
        assert!(!let_in(&[("sec-fetch-site", "cross-site"), ("origin", "https://desk.example")]));
        assert!(let_in(&[("origin", "https://desk.example")]), "as PUBLIC_URL has it");
        assert!(let_in(&[("origin", "http://10.0.0.7")]), "as the request came");
        assert!(!let_in(&[("origin", "https://desk.example.evil.example")]));
        assert!(!let_in(&[("origin", "https://desk")]));
        assert!(!let_in(&[("origin", "null")]));
        assert!(let_in(&[]));
    }
}
