//! Requests as they come in and answers as they go out.

use crate::glue;
use lanekeeper_platform::{Request, Response};
use wasm_bindgen::JsValue;
use worker::web_sys;

/// What somebody may send us in one request: webhooks, forms and uploads of documents are all smaller.
const MAX_BODY_BYTES: u32 = 10 << 20;

/// The request as the functions see it, or the answer for one that cannot be taken.
pub async fn read(request: &web_sys::Request) -> Result<Request, Response> {
    let body = match glue::body_of(request, MAX_BODY_BYTES).await {
        Ok(Some(body)) => body,
        Ok(None) => return Err(Response::problem(413, "Content too large", "Send at most 10 MiB.")),
        Err(_) => return Err(Response::problem(400, "Bad request", "The body ended before its time.")),
    };
    parse(&glue::head(request), body).ok_or_else(|| Response::problem(400, "Bad request", "The URL is not understood."))
}

/// The path of a request; empty for a URL that is not understood.
pub fn path_of(request: &web_sys::Request) -> String {
    split(&request.url()).map_or_else(String::new, |(_, path, _)| path.to_owned())
}

/// Origin, path and query of a URL.
fn split(url: &str) -> Option<(&str, &str, &str)> {
    let authority = url.find("://")? + 3;
    let path = url[authority..].find(['/', '?']).map_or(url.len(), |at| authority + at);
    let (origin, rest) = url.split_at(path);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Some((origin, path, query))
}

/// Takes `[method, url, headers]` apart.
fn parse(head: &str, body: Vec<u8>) -> Option<Request> {
    let (method, url, headers): (String, String, Vec<(String, String)>) = serde_json::from_str(head).ok()?;
    let (origin, path, query) = split(&url)?;
    Some(Request { method, origin: origin.to_owned(), path: path.to_owned(), query: query.to_owned(), headers, body })
}

/// The answer as the runtime wants it. One that HTTP does not allow, such as a header with a line break, becomes a 500.
pub fn write(response: &Response) -> worker::Result<web_sys::Response> {
    let respond = |response: &Response| -> Result<_, JsValue> {
        let headers = serde_json::to_string(&response.headers).map_err(|error| error.to_string())?;
        glue::respond(response.status, &headers, &response.body)
    };
    respond(response)
        .or_else(|thrown| {
            worker::console_error!("an answer is not valid HTTP: {}", glue::message_of(&thrown));
            respond(&Response::problem(500, "Internal error", "The answer could not be sent."))
        })
        .map_err(worker::Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(url: &str) -> Option<(String, String, String)> {
        let head = serde_json::json!(["POST", url, [["content-type", "text/plain"]]]).to_string();
        parse(&head, Vec::new()).map(|request| (request.origin, request.path, request.query))
    }

    #[test]
    fn urls_come_apart_unchanged() {
        let parts = |origin: &str, path: &str, query: &str| Some((origin.into(), path.into(), query.into()));
        assert_eq!(
            parsed("https://edge.example/a%20b/%E6%97%A9?x=%2F&y=?#"),
            parts("https://edge.example", "/a%20b/%E6%97%A9", "x=%2F&y=?#")
        );
        assert_eq!(parsed("http://127.0.0.1:8787/"), parts("http://127.0.0.1:8787", "/", ""));
        assert_eq!(parsed("http://h?q=1"), parts("http://h", "", "q=1"));
        assert_eq!(parsed("nonsense"), None);
    }

    #[test]
    fn the_head_gives_method_and_headers() {
        let request = parse(r#"["GET","http://h/",[["a","1"],["b","2"]]]"#, vec![1]).unwrap();
        assert_eq!(
            (request.method.as_str(), request.header("b"), request.body.as_slice()),
            ("GET", Some("2"), [1_u8].as_slice())
        );
    }
}
