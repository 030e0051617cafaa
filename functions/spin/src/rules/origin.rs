//! Where the client believes that it sent its request.

/// Scheme and authority as the client used them, e.g. `https://edge.example`.
///
/// A proxy in front tells by `x-forwarded-proto` and `x-forwarded-host` (the first value is the client's). They may be
/// forged where no proxy overwrites them; a deployment whose signatures depend on it sets `PUBLIC_URL`.
pub fn origin(scheme: Option<&str>, authority: Option<&str>, headers: &[(String, String)]) -> String {
    let scheme = forwarded(headers, "x-forwarded-proto").or(scheme).unwrap_or("http");
    let host = forwarded(headers, "x-forwarded-host").or_else(|| header(headers, "host")).or(authority);
    format!("{}://{}", scheme.to_ascii_lowercase(), host.unwrap_or("localhost"))
}

fn forwarded<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let first = header(headers, name)?.split(',').next()?.trim();
    (!first.is_empty()).then_some(first)
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn is_the_host_when_nothing_stands_before() {
        assert_eq!(
            origin(Some("http"), Some("127.0.0.1:3000"), &headers(&[("host", "shop.example:3000")])),
            "http://shop.example:3000"
        );
        assert_eq!(origin(Some("https"), Some("shop.example"), &[]), "https://shop.example");
        assert_eq!(origin(None, None, &[]), "http://localhost");
    }

    #[test]
    fn is_what_the_outermost_proxy_saw() {
        let headers = headers(&[
            ("host", "10.0.0.7:3000"),
            ("x-forwarded-host", "edge.example, inner.example"),
            ("x-forwarded-proto", "HTTPS, http"),
        ]);
        assert_eq!(origin(Some("http"), None, &headers), "https://edge.example");
    }

    #[test]
    fn ignores_empty_forwarded_headers() {
        let headers = headers(&[("host", "shop.example"), ("x-forwarded-host", " "), ("x-forwarded-proto", "")]);
        assert_eq!(origin(Some("http"), None, &headers), "http://shop.example");
    }
}
