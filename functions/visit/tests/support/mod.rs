//! A browser's part in the tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)] // helpers of tests, not all used by each

use chrono::NaiveDateTime;
use lanekeeper_conversations::Shop;
use lanekeeper_native::block_on;
use lanekeeper_platform::{Request, Response, Row, Statement};

pub const DANA: &str = "+13125550123";
pub const ORIGIN: &str = "https://edge.test";

pub fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

/// A shop on a Friday morning whose texts have links.
pub fn shop(store: &str) -> Shop {
    let shop = Shop::open(store, at("2026-11-20 10:00"));
    shop.platform.settings.set("PUBLIC_URL", ORIGIN);
    shop
}

pub fn request(method: &str, path: &str) -> Request {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Request {
        method: method.to_owned(),
        origin: ORIGIN.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        ..Request::default()
    }
}

pub fn get(shop: &Shop, path: &str) -> (u16, String) {
    let response = block_on(lanekeeper_router::handle(&shop.platform, request("GET", path)));
    (response.status, String::from_utf8(response.body).unwrap())
}

/// The form on this page, filled in as it stands.
pub fn form(shop: &Shop, page: &str) -> Request {
    let (status, html) = get(shop, page);
    assert_eq!(status, 200, "{html}");
    let mut body = form_urlencoded::Serializer::new(String::new());
    for input in html.split("<input ").skip(1) {
        let value = |name: &str| input.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        body.append_pair(value("name"), value("value"));
    }
    let path = page.split('?').next().unwrap();
    Request { body: body.finish().into_bytes(), ..request("POST", path) }
}

pub fn send(shop: &Shop, form: Request) -> Response {
    let response = block_on(lanekeeper_router::handle(&shop.platform, form));
    block_on(lanekeeper_deliver::deliver(&shop.platform, &shop.platform.queue.drain()));
    response
}

pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

pub fn everything(shop: &Shop) -> Vec<Row> {
    let tables = [
        "appointments",
        "claims",
        "outbox",
        "messages",
        "conversations",
        "turns",
        "repair_orders",
        "operations",
        "order_events",
    ];
    tables.iter().flat_map(|table| shop.rows(Statement::new(format!("SELECT * FROM {table}")))).collect()
}
