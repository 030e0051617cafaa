//! What is new, as soon as it is: a request that waits until something has changed, or 25 seconds.

use super::list::conversations;
use super::load::{Listed, short};
use super::{ListState, scope};
use crate::conversation::{Opened, View};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::piece;
use chrono::{DateTime, TimeDelta};
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Clock, Database, Platform, Response};
use lanekeeper_storage::inbox::{NewlyWaiting, pulse, select_newly_waiting, select_pulse, select_pulse_of};
use maud::html;
use serde_json::json;
use std::fmt::Write;
use std::time::Duration;

/// How long nothing new is waited for: shorter than what proxies allow.
const WAIT: TimeDelta = TimeDelta::seconds(25);
/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(1200);

/// `GET /desk/inbox/live?list=…&thread=…&since=…`: the list and the conversation that is open, if either has another pulse than
/// the one that is named; nothing (204) where neither has. The header `x-news` names the pulses, the time, and the conversations in which a customer
/// began to wait after `since`, in milliseconds since 1970.
pub async fn live<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let state = ListState::of(desk)?;
    let known = (desk.parameter("list").unwrap_or_default(), desk.parameter("thread").unwrap_or_default());
    let open = match (desk.parameter("at"), desk.parameter("conversation")) {
        (Some(store), Some(conversation)) => Some((desk.store(&store, Permission::Look)?.store, conversation)),
        _ => None,
    };
    let until = desk.now() + WAIT;
    loop {
        let mut pulses = (Vec::new(), String::new());
        for (number, stores) in scope(desk, &state)? {
            let mut batch: Vec<_> = stores.iter().map(|store| select_pulse(&store.id)).collect();
            let with_open = open.as_ref().filter(|(store, _)| store.shard == number);
            batch.extend(
                with_open.map(|(store, conversation)| {
                    select_pulse_of(&store.id, conversation, desk.platform().clock().now())
                }),
            );
            let mut rows = desk.shard(number)?.database.batch(batch).await?;
            if with_open.is_some() {
                pulses.1 = short(&[pulse(rows.pop().unwrap_or_default())?]);
            }
            for row in rows {
                pulses.0.push(pulse(row)?);
            }
        }
        let list = short(&pulses.0) != known.0;
        // A conversation of a store beyond the list's is looked at when it is loaded.
        let thread = open.is_some() && !pulses.1.is_empty() && pulses.1 != known.1;
        if list || thread {
            return changed(desk, &state, open.filter(|_| thread)).await;
        }
        if desk.platform().clock().now() >= until {
            let news = json!({"now": desk.platform().clock().now().timestamp_millis()});
            return Ok(Response { status: 204, ..Response::default() }.with_header("x-news", &news.to_string()));
        }
        desk.platform().clock().sleep(PAUSE).await;
    }
}

async fn changed<P: Platform>(
    desk: &Desk<'_, P>,
    state: &ListState,
    open: Option<(&lanekeeper_storage::StoreAccess, String)>,
) -> Result<Response, DeskError> {
    let listed = Listed::load(desk, state, None).await?;
    let mut opened = None;
    if let Some((store, conversation)) = &open {
        let rows = desk
            .shard(store.shard)?
            .database
            .batch(Opened::statements_of(&store.id, conversation, None, desk.platform().clock().now()))
            .await?;
        opened = Opened::read(rows)?.map(|opened| (*store, opened));
    }
    let parts = html! {
        (conversations(desk, state, &listed, true))
        @if let Some((store, opened)) = &opened { (View { desk, store, state, opened }.parts()) }
    };
    let since = desk.parameter("since").and_then(|since| since.parse().ok()).and_then(DateTime::from_timestamp_millis);
    let waiting = newly_waiting(desk, state, since.unwrap_or(desk.now())).await?;
    let thread = opened.map(|(_, opened)| opened.pulse);
    let news = json!({
        "now": desk.platform().clock().now().timestamp_millis(),
        "list": listed.pulse,
        "thread": thread,
        "waiting": waiting,
        "count": listed.counts.waiting,
    });
    Ok(piece(parts).with_header("x-news", &ascii(&news.to_string())))
}

async fn newly_waiting<P: Platform>(
    desk: &Desk<'_, P>,
    state: &ListState,
    since: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<serde_json::Value>, DeskError> {
    let mut waiting = Vec::new();
    for (number, stores) in scope(desk, state)? {
        let batch = stores.iter().map(|store| select_newly_waiting(&store.id, since)).collect();
        for rows in desk.shard(number)?.database.batch(batch).await? {
            for row in rows.decode::<NewlyWaiting>()? {
                // What is somebody else's is not announced.
                if row.assignee.as_ref().is_none_or(|account| *account == desk.person.account) {
                    let name = row.customer_name.as_deref().unwrap_or(&row.peer);
                    waiting.push(json!({"name": name, "since": row.waiting_since, "address": state.conversation(&row.store_id, &row.id)}));
                }
            }
        }
    }
    Ok(waiting)
}

/// JSON in ASCII alone, as headers need it.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            text.push(letter);
        } else {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_ascii_and_mean_the_same() {
        let value = json!({"name": "王芳 \"😀\""});
        let text = ascii(&value.to_string());
        assert!(text.is_ascii());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
