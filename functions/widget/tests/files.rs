//! Pictures and PDFs: what is kept, and who sees it.

#![allow(clippy::unwrap_used)]

mod support;

use lanekeeper_native::block_on;
use lanekeeper_platform::Response;
use serde_json::{Value, json};
use support::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand the rest";

fn upload(visitor: &Visitor<'_>, content: &[u8]) -> Response {
    let mut request = visitor.request("POST", "files?name=brake.png", &Value::Null);
    request.body = content.to_vec();
    send(visitor.shop, request)
}

fn id_of(response: &Response) -> String {
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    body["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_picture_is_kept_sent_and_seen_by_its_sender_alone() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    let kept = upload(&visitor, PNG);
    assert_eq!(kept.status, 201);
    let id = id_of(&kept);
    visitor.post(&json!({"text": "", "files": [id]}));
    let thread = visitor.look("messages");
    assert_eq!(thread["messages"][0]["files"], json!([{"id": id, "type": "image/png"}]));
    assert!(texts(&thread)[1].contains("picture"), "{:?}", texts(&thread));

    let seen = send(&shop, visitor.request("GET", &format!("files/{id}"), &Value::Null));
    assert_eq!((seen.status, seen.body.as_slice()), (200, PNG));
    assert_eq!(header(&seen, "content-type"), "image/png");
    assert_eq!(header(&seen, "x-content-type-options"), "nosniff");
    assert_eq!(header(&seen, "content-disposition"), "attachment");
    assert!(header(&seen, "content-security-policy").contains("sandbox"));

    let other = Visitor::new(&shop, 'b');
    assert_eq!(other.call("GET", &format!("files/{id}"), &Value::Null).0, 404);
    other.say("hi");
    let (status, _) = other.call("POST", "messages", &json!({"id": "somebody-elses", "text": "look", "files": [id]}));
    assert_eq!(status, 400, "a file of somebody else's cannot be sent on");
    let staff = |store| block_on(lanekeeper_storage::file_of_store(shop.database(), store, &id)).unwrap();
    assert_eq!(staff("lakeside").unwrap().content, PNG);
    assert!(staff("hubin").is_none());
}

#[test]
fn a_large_file_comes_back_whole() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    let content: Vec<u8> = b"%PDF-1.7 ".iter().copied().chain((0..2_000_000_u32).map(|place| place as u8)).collect();
    let id = id_of(&upload(&visitor, &content));
    assert_eq!(send(&shop, visitor.request("GET", &format!("files/{id}"), &Value::Null)).body, content);
}

#[test]
fn what_is_no_picture_or_too_much_is_refused() {
    let shop = shop("lakeside");
    let visitor = Visitor::new(&shop, 'a');
    assert_eq!(upload(&visitor, b"<svg onload=alert(1)>").status, 400);
    assert_eq!(upload(&visitor, b"<html><script>").status, 400);
    let too_large: Vec<u8> = PNG.iter().copied().chain(vec![0; lanekeeper_storage::LARGEST_FILE]).collect();
    assert_eq!(upload(&visitor, &too_large).status, 413);
    assert_eq!(count(&shop, "SELECT count(*) AS n FROM conversations WHERE +store_id = 'lakeside'"), 0);
    let statuses: Vec<u16> = (0..21).map(|_| upload(&visitor, PNG).status).collect();
    assert_eq!((statuses[19], statuses[20]), (201, 429));
}
