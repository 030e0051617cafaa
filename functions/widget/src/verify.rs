//! Proving that a phone number is the visitor's own: a code by text, and what follows from it.

use crate::contact::read_phone;
use crate::entry::Entry;
use crate::error::WidgetError;
use lanekeeper_conversation::phrases::fill;
use lanekeeper_platform::{Clock, Database, Platform, Queue, Random, Response, Statement};
use lanekeeper_storage::{
    CodeTry, Merge, NewPhoneCode, key_hash, merge_customers, put_phone_code, try_phone_code, use_phone_code,
    verify_phone,
};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verification {
    /// A number to send a code to …
    phone: Option<String>,
    /// … or the code that came.
    code: Option<String>,
}

/// `POST`: sends a code, or takes one.
pub async fn verify<P: Platform>(platform: &P, entry: Entry<'_>) -> Result<Response, WidgetError> {
    match entry.body()? {
        Verification { phone: Some(phone), code: None } => ask(platform, &entry, &read_phone(&entry, &phone)?).await,
        Verification { phone: None, code: Some(code) } => prove(platform, &entry, code.trim()).await,
        _ => Err(WidgetError::Invalid { field: "body", problem: "must have `phone` or `code`" }),
    }
}

async fn ask<P: Platform>(platform: &P, entry: &Entry<'_>, phone: &str) -> Result<Response, WidgetError> {
    let now = platform.clock().now();
    let (id, code) = (platform.random().id(now), six_digits(platform.random()));
    let store = &entry.playbook.store;
    let code_text = fill(entry.words().say("code_text"), &[("code", code.as_str()), ("store", store.name.as_str())]);
    let (database, mut statements) = entry.beginning(platform)?;
    let place = statements.len();
    let new = NewPhoneCode {
        id: &id,
        store: &store.id,
        line: &entry.playbook.line.id,
        peer: &entry.peer,
        phone,
        hash: &hash(&id, &code),
        text: &code_text,
    };
    statements.extend(put_phone_code(&new, now));
    let results = database.batch(statements).await?;
    if results.get(place).is_none_or(lanekeeper_platform::Rows::is_empty) {
        return Err(WidgetError::TooOften);
    }
    let wake_up = entry.playbook.shard_of(platform)?.wake_up(&id);
    if let Err(error) = platform.queue().wake(&[wake_up]).await {
        platform.log(&json!({"event": "wake_failed", "error": error.to_string()}));
    }
    Ok(Response::json(200, &json!({"sent": true})))
}

async fn prove<P: Platform>(platform: &P, entry: &Entry<'_>, code: &str) -> Result<Response, WidgetError> {
    let now = platform.clock().now();
    let database = entry.playbook.shard_of(platform)?.database;
    let (store, line) = (&entry.playbook.store.id, &entry.playbook.line.id);
    let tried = try_phone_code(database, store, line, &entry.peer, now).await?;
    // The hash is over 26 unpredictable characters too, so that comparing it tells nothing of the code.
    let Some(tried) = tried.filter(|tried| tried.hash == hash(&tried.id, code)) else {
        return Ok(Response::json(200, &json!({"verified": false})));
    };
    let statements = match proven(&tried) {
        Proven::Already => Vec::new(),
        Proven::New => vec![verify_phone(store, &tried.customer, &tried.phone)],
        Proven::Merge { into } => {
            let id = platform.random().id(now);
            merge_customers(&Merge { id: &id, store, into, from: &tried.customer, how: "phone_code" }, now)
        }
        // Two numbers, each proven to be somebody's: only a person may say that they are one.
        Proven::Conflict => return Ok(Response::json(200, &json!({"verified": false, "conflict": true}))),
    };
    let used: Vec<Statement> = std::iter::once(use_phone_code(store, &tried.id, now)).chain(statements).collect();
    database.batch(used).await?;
    platform.log(&json!({"event": "phone_verified", "store": store, "line": line}));
    Ok(Response::json(200, &json!({"verified": true})))
}

/// What follows from a right code.
#[derive(Debug, PartialEq, Eq)]
enum Proven<'a> {
    /// The number was this customer's already.
    Already,
    /// The number was nobody's.
    New,
    /// The number is a customer's whom the store knows.
    Merge { into: &'a str },
    /// This customer has proven another number before.
    Conflict,
}

fn proven(tried: &CodeTry) -> Proven<'_> {
    match (tried.own_phone.as_deref(), tried.owner.as_deref()) {
        (_, Some(owner)) if owner == tried.customer => Proven::Already,
        (Some(_), _) => Proven::Conflict,
        (None, Some(owner)) => Proven::Merge { into: owner },
        (None, None) => Proven::New,
    }
}

/// A code that nobody can foresee: below a multiple of a million, so that all are equally likely.
fn six_digits(random: &impl Random) -> String {
    const FAIR: u32 = u32::MAX / 1_000_000 * 1_000_000;
    loop {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        let number = u32::from_le_bytes(bytes);
        if number < FAIR {
            return format!("{:06}", number % 1_000_000);
        }
    }
}

fn hash(id: &str, code: &str) -> String {
    key_hash(format!("{id}:{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unproven_visitor_is_merged() {
        let tried = |own: Option<&str>, owner: Option<&str>| CodeTry {
            id: String::new(),
            phone: "+1".into(),
            hash: String::new(),
            customer: "me".into(),
            own_phone: own.map(str::to_owned),
            owner: owner.map(str::to_owned),
        };
        assert_eq!(proven(&tried(None, None)), Proven::New);
        assert_eq!(proven(&tried(None, Some("ann"))), Proven::Merge { into: "ann" });
        assert_eq!(proven(&tried(Some("+1"), Some("me"))), Proven::Already);
        assert_eq!(proven(&tried(Some("+2"), None)), Proven::Conflict);
        assert_eq!(proven(&tried(Some("+2"), Some("ann"))), Proven::Conflict);
    }
}
