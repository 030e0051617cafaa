//! Files that pages bring along, built into the program.

use crate::{Request, Response};

/// A script or a style sheet. Its address names its content (`?v=` and its version), so that browsers keep it for good.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// The media type.
    pub content_type: &'static str,
    /// The file itself.
    pub content: &'static str,
}

impl Asset {
    /// Differs from that of any other content.
    pub fn version(&self) -> String {
        format!("{:x}", fingerprint(self.content))
    }

    /// Answers a `GET`.
    pub fn serve(&self, request: &Request) -> Response {
        let version = self.version();
        let etag = format!("\"{version}\"");
        let known = request.header("if-none-match").is_some_and(|tags| tags.contains(&etag));
        let response = if known {
            Response { status: 304, ..Response::default() }
        } else {
            Response::new(200, self.content_type, self.content)
        };
        // Only an address that names this very content may be kept: another deployment may answer the same address
        // otherwise.
        let caching = if request.query.strip_prefix("v=") == Some(version.as_str()) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        response
            .with_header("etag", &etag)
            .with_header("cache-control", caching)
            .with_header("x-content-type-options", "nosniff")
    }
}

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>): enough to tell two versions of one file apart.
fn fingerprint(content: &str) -> u64 {
    content.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Asset = Asset { content_type: "text/css; charset=utf-8", content: "p { margin: 0 }" };

    fn get(query: &str, etag: Option<&str>) -> Request {
        let headers = etag.map(|etag| ("if-none-match".to_owned(), etag.to_owned())).into_iter().collect();
        Request { method: "GET".into(), query: query.into(), headers, ..Request::default() }
    }

    fn header<'a>(response: &'a Response, name: &str) -> &'a str {
        response.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    #[test]
    fn fingerprints_are_fnv_1a() {
        // From the test vectors there.
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn only_the_address_of_this_version_is_kept_for_good() {
        let current = STYLE.serve(&get(&format!("v={}", STYLE.version()), None));
        assert!(header(&current, "cache-control").contains("immutable"));
        assert_eq!(header(&STYLE.serve(&get("v=0", None)), "cache-control"), "no-cache");
        let again = STYLE.serve(&get("", Some(header(&current, "etag"))));
        assert_eq!((again.status, again.body.len()), (304, 0));
        let other = Asset { content: "p { margin: 1px }", ..STYLE };
        assert_ne!(header(&other.serve(&get("", None)), "etag"), header(&current, "etag"));
    }
}
