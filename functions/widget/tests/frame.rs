//! The script and the frame: what they weigh, where they may stand.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use support::*;

fn gzipped(text: &[u8]) -> usize {
    // A gzip file is this and 18 bytes.
    miniz_oxide::deflate::compress_to_vec(text, 9).len() + 18
}

#[test]
fn all_scripts_and_styles_are_small_together() {
    let shop = shop("lakeside");
    let files = ["/widget.js", "/widget/frame.js", "/widget/frame.css", "/widget/contact.js", "/widget/files.js"];
    let sizes = files.map(|path| {
        let response = send(&shop, request("GET", path));
        assert_eq!(response.status, 200, "{path}");
        gzipped(&response.body)
    });
    assert!(sizes.iter().sum::<usize>() <= 15_000, "{files:?}: {sizes:?} bytes, gzipped");
    let page = send(&shop, request("GET", "/widget/lakeside-chat"));
    assert!(gzipped(&page.body) <= 3_000);
}

#[test]
fn the_frame_stands_only_where_the_line_allows() {
    let shop = shop_with("lakeside", &json!({"allowed_origins": ["https://dealer.example"]}));
    let framed = |referer: &str| {
        let mut request = request("GET", "/widget/lakeside-chat");
        request.headers.push(("referer".to_owned(), referer.to_owned()));
        request.headers.push(("sec-fetch-dest".to_owned(), "iframe".to_owned()));
        let response = send(&shop, request);
        (header(&response, "content-security-policy").to_owned(), String::from_utf8(response.body).unwrap())
    };
    let (policy, page) = framed("https://dealer.example/service?x=1");
    assert!(policy.ends_with("frame-ancestors 'self' https://dealer.example"), "{policy}");
    assert!(page.contains("composer"));
    let (_, page) = framed("https://dealer.example.evil.example/");
    assert!(page.contains("refused") && !page.contains("composer"), "{page}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn the_frame_speaks_the_language_of_the_line_or_else_of_the_browser() {
    let shop = shop_with("lakeside", &json!({"greeting": {"es": "¡Hola <b>tú</b>!"}}));
    let page = |accept: &str| {
        let mut request = request("GET", "/widget/lakeside-chat");
        request.headers.push(("accept-language".to_owned(), accept.to_owned()));
        String::from_utf8(send(&shop, request).body).unwrap()
    };
    assert!(page("es-MX,es;q=0.9").contains("¡Hola &lt;b&gt;tú&lt;/b&gt;!"));
    assert!(page("fr, zh-CN;q=0.8").contains("lang=\"zh-Hans\""));
    assert!(page("fr").contains("lang=\"en\""), "the store's");
    let fixed = shop_with("lakeside", &json!({"language": "zh"}));
    let response = send(&fixed, request("GET", "/widget/lakeside-chat?lang=en"));
    assert!(String::from_utf8(response.body).unwrap().contains("lang=\"zh-Hans\""));
}

#[test]
fn there_is_no_frame_for_other_lines() {
    let shop = shop("lakeside");
    for path in ["/widget/lakeside-sms", "/widget/nobody", "/widget/", "/widget/lakeside-chat/else"] {
        assert_eq!(send(&shop, request("GET", path)).status, 404, "{path}");
    }
    assert_eq!(send(&shop, request("POST", "/widget/lakeside-chat")).status, 405);
}
