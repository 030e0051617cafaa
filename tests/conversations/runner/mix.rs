//! The conversations that `make bench` measures, and what their turns ask of the database.

use crate::Shop;
use chrono::NaiveDate;
use lanekeeper_platform::Value;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

/// The texts of two customers: one who books, with a question in between, and one who only asks. `{date}` and `{time}`
/// stand for an opening of the customer's own, or all would want the same one.
pub const MIX: [&[&str]; 2] = [
    &[
        "Hi, I need a tire rotation",
        "What time do you close on Saturday?",
        "{date} at {time}",
        "2019 Honda CR-V",
        "Dana",
        "yes",
    ],
    &["Hi, what are your hours?", "How much is an oil change?", "thanks, bye"],
];

/// One text and the batches of its turn.
#[derive(Debug, Serialize)]
pub struct Turn {
    /// The text, with its gaps.
    pub text: &'static str,
    /// Per batch, per statement: the SQL, and its parameters. What differs from customer to customer is an object:
    /// `{"peer": ""}`, `{"message": n}` (the provider's id of the n-th message), `{"id": n}` (the n-th id that was made),
    /// `{"now": ms}` (that much from now), `{"start": ms}` (from the start of the customer's opening) and
    /// `{"claims": […]}` (seats, whose `units` are counted from that start in units of `length` milliseconds).
    pub batches: Vec<Vec<(String, Vec<serde_json::Value>)>>,
}

/// Plays the mix: the turns of each of its customers.
pub fn record() -> Vec<Vec<Turn>> {
    let now = NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|date| date.and_hms_opt(10, 0, 0)).unwrap();
    let start = NaiveDate::from_ymd_opt(2027, 1, 5).and_then(|date| date.and_hms_opt(9, 30, 0)).unwrap();
    let shop = Shop::open("lakeside", now);
    // The first turn on a line reads its playbook too, which is then kept in memory.
    shop.batches_of("+13125550100", "Hi");
    let customers = (1_u32..).zip(MIX);
    customers
        .map(|(customer, texts)| {
            let from = format!("+1312555010{customer}");
            let mut varying = Varying {
                now: shop.now().timestamp_millis(),
                start: shop.store.instant(start).unwrap().timestamp_millis(),
                peer: from.clone(),
                messages: BTreeMap::new(),
                ids: BTreeMap::new(),
            };
            let turn = |text: &&'static str| {
                let said = text.replace("{date}", "2027-01-05").replace("{time}", "9:30 am");
                let batches = shop.batches_of(&from, &said).into_iter().map(|batch| {
                    let statement = |statement: lanekeeper_platform::Statement| {
                        let parameters = statement.parameters.into_iter().map(|value| varying.mark(value)).collect();
                        (statement.sql.into_owned(), parameters)
                    };
                    batch.into_iter().map(statement).collect()
                });
                Turn { text, batches: batches.collect() }
            };
            texts.iter().map(turn).collect()
        })
        .collect()
}

/// What differs from customer to customer, as it is in the recording.
struct Varying {
    now: i64,
    start: i64,
    peer: String,
    messages: BTreeMap<String, usize>,
    ids: BTreeMap<String, usize>,
}

impl Varying {
    fn mark(&mut self, value: Value) -> serde_json::Value {
        const YEAR_2000: i64 = 946_684_800_000;
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Real(real) => real.into(),
            // An instant belongs to whichever is nearer, the time of the turn or that of the appointment.
            Value::Integer(instant) if instant > YEAR_2000 => {
                let (from_now, from_start) = (instant - self.now, instant - self.start);
                if from_now.abs() < from_start.abs() { json!({"now": from_now}) } else { json!({"start": from_start}) }
            }
            Value::Integer(integer) => integer.into(),
            Value::Text(text) if text == self.peer => json!({"peer": ""}),
            Value::Text(text) if text.len() == 34 && text.starts_with("SM") => {
                json!({"message": nth(&mut self.messages, text)})
            }
            Value::Text(text) if text.len() == 26 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                json!({"id": nth(&mut self.ids, text)})
            }
            Value::Text(text) if text.starts_with(r#"[{"resource":"#) => json!({"claims": self.mark_claims(&text)}),
            Value::Text(text) => text.into(),
        }
    }
}

impl Varying {
    fn mark_claims(&self, text: &str) -> serde_json::Value {
        let mut claims: serde_json::Value = serde_json::from_str(text).unwrap();
        for claim in claims.as_array_mut().unwrap() {
            let length = match claim["resource"].as_str().unwrap().split(':').next() {
                Some("bay" | "technician") => 15 * 60_000,
                Some("advisor" | "shuttle") => 30 * 60_000,
                _ => 24 * 60 * 60_000,
            };
            let first = self.start.div_euclid(length);
            claim["length"] = length.into();
            for unit in claim["units"].as_array_mut().unwrap() {
                *unit = (unit.as_i64().unwrap() - first).into();
            }
        }
        claims
    }
}

/// The place of this text among all of its kind, in the order of their coming.
fn nth(known: &mut BTreeMap<String, usize>, text: String) -> usize {
    let next = known.len();
    *known.entry(text).or_insert(next)
}
