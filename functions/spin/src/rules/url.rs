//! The parts of a URL that WASI asks for one by one.

/// An absolute `http` or `https` URL, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// Whether it is `https`.
    pub secure: bool,
    /// Host and port, e.g. `api.example:8443`.
    pub authority: &'a str,
    /// Path and query, percent-encoded as given; starts with `/`.
    pub path_with_query: String,
}

/// Takes a URL apart. `None` for another scheme, user information, or no host; a fragment is dropped.
pub fn parse(url: &str) -> Option<Url<'_>> {
    let (scheme, rest) = url.split_once("://")?;
    let secure = match scheme {
        "http" => false,
        "https" => true,
        _ => return None,
    };
    let rest = rest.split('#').next()?;
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if authority.is_empty() || authority.contains('@') {
        return None;
    }
    let path_with_query = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    Some(Url { secure, authority, path_with_query })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> Option<(bool, &str, String)> {
        parse(url).map(|url| (url.secure, url.authority, url.path_with_query))
    }

    #[test]
    fn takes_absolute_urls_apart() {
        assert_eq!(
            parts("https://api.example/v1/chat?x=1#top"),
            Some((true, "api.example", "/v1/chat?x=1".to_owned()))
        );
        assert_eq!(parts("http://127.0.0.1:9000"), Some((false, "127.0.0.1:9000", "/".to_owned())));
        assert_eq!(parts("http://[::1]:9000?x"), Some((false, "[::1]:9000", "/?x".to_owned())));
    }

    #[test]
    fn refuses_what_cannot_be_asked() {
        for url in ["", "api.example/v1", "ftp://api.example/", "https:///v1", "https://user:word@api.example/"] {
            assert_eq!(parse(url), None, "{url}");
        }
    }
}
