//! A visitor's part in the tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)] // helpers of tests, not all used by each

use chrono::NaiveDateTime;
use lanekeeper_conversations::Shop;
use lanekeeper_native::block_on;
use lanekeeper_platform::{Database, Platform, Request, Response, Row, Statement};
use serde_json::{Value, json};
use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;

pub const ORIGIN: &str = "https://edge.test";
pub const DANA: &str = "+13125550123";

pub fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

/// A shop on a Friday morning with a widget of this look.
pub fn shop_with(store: &str, look: &Value) -> Shop {
    let shop = Shop::open(store, at("2026-11-20 10:00"));
    let line = line_of(&shop);
    block_on(shop.platform.directory().run(lanekeeper_storage::enter_line(&line, store))).unwrap();
    let put = "INSERT INTO lines (id, store_id, provider, address, credentials, settings, revision) \
               VALUES (?1, ?2, 'widget', 'widget:' || ?1, '', ?3, abs(random() % 1000000))";
    block_on(shop.database().run(Statement::new(put).bind(line).bind(store).bind(look.to_string()))).unwrap();
    shop
}

pub fn shop(store: &str) -> Shop {
    shop_with(store, &json!({}))
}

pub fn line_of(shop: &Shop) -> String {
    format!("{}-chat", shop.store.id)
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

pub fn send(shop: &Shop, request: Request) -> Response {
    block_on(lanekeeper_router::handle(&shop.platform, request))
}

pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

/// Somebody on the dealer's page.
pub struct Visitor<'a> {
    pub shop: &'a Shop,
    pub secret: String,
    pub line: String,
    pub said: Cell<u32>,
}

impl<'a> Visitor<'a> {
    pub fn new(shop: &'a Shop, letter: char) -> Self {
        let secret = String::from(letter).repeat(43);
        Self { shop, secret, line: line_of(shop), said: Cell::new(0) }
    }

    pub fn peer(&self) -> String {
        lanekeeper_channels::widget::visitor(&self.secret).unwrap()
    }

    pub fn request(&self, method: &str, action: &str, body: &Value) -> Request {
        let mut request = request(method, &format!("/widget/{}/api/{action}", self.line));
        request.headers.push(("authorization".to_owned(), format!("Bearer {}", self.secret)));
        if method != "GET" {
            request.body = body.to_string().into_bytes();
        }
        request
    }

    pub fn call(&self, method: &str, action: &str, body: &Value) -> (u16, Value) {
        let response = send(self.shop, self.request(method, action, body));
        let body = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
        (response.status, body)
    }

    /// Does what is due, and reads.
    pub fn look(&self, action: &str) -> Value {
        self.deliver();
        let (status, body) = self.call("GET", action, &Value::Null);
        assert_eq!(status, 200, "{body}");
        body
    }

    pub fn deliver(&self) {
        block_on(lanekeeper_deliver::deliver(&self.shop.platform, &self.shop.platform.queue.drain()));
    }

    /// Sends a message, and gives back the answer's last message.
    pub fn say(&self, text: &str) -> Value {
        self.post(&json!({"text": text}))
    }

    /// Taps the choice at this place, from 0, of the last message.
    pub fn tap(&self, place: usize) -> Value {
        let thread = self.look("messages");
        let choice = &thread["messages"].as_array().unwrap().last().unwrap()["choices"]["options"][place];
        self.post(&json!({"text": choice["label"], "tap": choice["tap"]}))
    }

    pub fn post(&self, message: &Value) -> Value {
        self.said.set(self.said.get() + 1);
        let mut message = message.clone();
        message["id"] = json!(format!("message-{}", self.said.get()));
        let (status, body) = self.call("POST", "messages", &message);
        assert_eq!(status, 200, "{body}");
        body["messages"].as_array().unwrap().last().unwrap().clone()
    }
}

pub fn texts(thread: &Value) -> Vec<String> {
    thread["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

pub fn count(shop: &Shop, sql: &'static str) -> i64 {
    shop.rows(Statement::new(sql)).pop().and_then(|row: Row| row["n"].as_i64()).unwrap()
}

/// Runs two futures at once.
pub async fn both<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (Box::pin(a), Box::pin(b));
    let (mut first, mut second) = (None, None);
    poll_fn(|context| {
        if first.is_none()
            && let Poll::Ready(ready) = a.as_mut().poll(context)
        {
            first = Some(ready);
        }
        if second.is_none()
            && let Poll::Ready(ready) = b.as_mut().poll(context)
        {
            second = Some(ready);
        }
        if first.is_some() && second.is_some() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (first.unwrap(), second.unwrap())
}
