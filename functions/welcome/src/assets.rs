//! The page's script and style. Their addresses name their content, so that browsers keep them for good.

use lanekeeper_platform::{Request, Response};

const SCRIPT: &str = include_str!("../assets/app.js");
const STYLE: &str = include_str!("../assets/app.css");

/// The address of the script.
pub fn script_url() -> String {
    format!("/simulator/app.js?v={:x}", fingerprint(SCRIPT))
}

/// The address of the style sheet.
pub fn style_url() -> String {
    format!("/simulator/app.css?v={:x}", fingerprint(STYLE))
}

/// Serves `app.js`, or else the style sheet.
pub fn serve(request: &Request, name: &str) -> Response {
    let (content_type, content) = match name {
        "app.js" => ("text/javascript; charset=utf-8", SCRIPT),
        _ => ("text/css; charset=utf-8", STYLE),
    };
    let version = format!("{:x}", fingerprint(content));
    let etag = format!("\"{version}\"");
    let known = request.header("if-none-match").is_some_and(|tags| tags.contains(&etag));
    let response =
        if known { Response { status: 304, ..Response::default() } } else { Response::new(200, content_type, content) };
    // Only an address that names this very content may be kept: another deployment may answer the same address otherwise.
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

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>): enough to tell two versions of one file apart.
fn fingerprint(content: &str) -> u64 {
    content.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let url = script_url();
        let current = serve(&get(url.split_once('?').unwrap().1, None), "app.js");
        assert!(header(&current, "cache-control").contains("immutable"));
        assert_eq!(header(&serve(&get("v=0", None), "app.js"), "cache-control"), "no-cache");
        let again = serve(&get("", Some(header(&current, "etag"))), "app.js");
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_ne!(header(&serve(&get("", None), "app.css"), "etag"), header(&current, "etag"));
    }
}
