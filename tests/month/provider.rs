//! A provider that takes messages, and often enough does not, or does and fails to say so.

use crate::chance::Chance;
use chrono::{DateTime, Utc};
use lanekeeper_native::{FixedClock, json_answer};
use lanekeeper_platform::{Clock, HttpError, Method, OutboundRequest, OutboundResponse};
use serde_json::json;
use std::cell::RefCell;
use std::rc::Rc;

/// A message that the provider has taken.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub at: DateTime<Utc>,
    pub sid: String,
    pub delivery: String,
    pub from: String,
    pub to: String,
    pub body: String,
}

/// What the provider has taken, and how often it failed.
#[derive(Default)]
pub struct Book {
    pub accepted: Vec<Accepted>,
    pub failures: usize,
    /// Whether it works as it should.
    pub well: bool,
}

pub struct Provider {
    book: Rc<RefCell<Book>>,
    clock: FixedClock,
    chance: Chance,
}

impl Provider {
    pub fn new(book: Rc<RefCell<Book>>, clock: FixedClock, seed: u64) -> Self {
        Self { book, clock, chance: Chance::new(seed) }
    }

    pub fn answer(&self, request: &OutboundRequest) -> Result<OutboundResponse, HttpError> {
        if request.method == Method::Get {
            return self.list(&request.url);
        }
        let well = self.book.borrow().well;
        let dice = if well { 100 } else { self.chance.below(100) };
        if dice < 14 {
            self.book.borrow_mut().failures += 1;
        }
        match dice {
            0..3 => Ok(json_answer(429, &json!({"code": 20429, "message": "Too many requests"}))),
            3..6 => Ok(json_answer(500, &json!({"code": 20500, "message": "Internal error"}))),
            6..8 => Err(HttpError::Timeout),
            8..10 => Err(HttpError::Unreachable("connection refused".to_owned())),
            10..12 => {
                self.take(request);
                Err(HttpError::Timeout)
            }
            12..14 => {
                self.take(request);
                Ok(json_answer(502, &json!({"message": "bad gateway"})))
            }
            _ => {
                let sid = self.take(request);
                Ok(json_answer(201, &json!({"sid": sid, "status": "queued"})))
            }
        }
    }

    fn take(&self, request: &OutboundRequest) -> String {
        let form: Vec<(String, String)> = form_urlencoded::parse(&request.body).into_owned().collect();
        let field = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        let mut book = self.book.borrow_mut();
        let sid = format!("SM{:032x}", 0xa000_0000_u64 + book.accepted.len() as u64);
        let delivery = field("StatusCallback").rsplit_once("delivery=").map_or("", |(_, id)| id).to_owned();
        book.accepted.push(Accepted {
            at: self.clock.now(),
            sid: sid.clone(),
            delivery,
            from: field("From").to_owned(),
            to: field("To").to_owned(),
            body: field("Body").to_owned(),
        });
        sid
    }

    fn list(&self, url: &str) -> Result<OutboundResponse, HttpError> {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let wanted = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        if !self.book.borrow().well && self.chance.percent(5) {
            return Err(HttpError::Timeout);
        }
        let book = self.book.borrow();
        let between = book.accepted.iter().rev().filter(|one| one.to == wanted("To") && one.from == wanted("From"));
        let messages: Vec<_> = between
            .take(100)
            .map(|one| {
                let created = one.at.to_rfc2822();
                json!({"sid": one.sid, "body": one.body, "direction": "outbound-api", "date_created": created})
            })
            .collect();
        Ok(json_answer(200, &json!({"messages": messages})))
    }
}
