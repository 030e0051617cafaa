//! Help with writing: what the AI would say, and who is writing just now.

use super::{Opened, View, page};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::inbox::ListState;
use crate::page::piece;
use chrono::TimeDelta;
use lanekeeper_platform::{Database, DatabaseError, Platform, Response};
use lanekeeper_storage::inbox::{Thread, What};
use lanekeeper_storage::put_typing;
use lanekeeper_turn::{TurnError, propose, remembered};

/// How long after a key somebody counts as writing.
const WRITING: TimeDelta = TimeDelta::seconds(8);

/// `POST …/draft`: what the AI would answer to the customer's last message, where one writes. Nothing is sent.
pub async fn draft<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let opened = Opened::load(desk).await?;
    let state = ListState::of(desk)?;
    let head = &opened.thread.head;
    let proposed = match last_heard(&opened.thread) {
        Some(text) => {
            let playbook = remembered(desk.platform(), &head.line).await.map_err(failed)?;
            propose(desk.platform(), &playbook, &head.peer, text).await.map_err(failed)?
        }
        None => None,
    };
    let Some(proposed) = proposed else { return Err(DeskError::Conflict("thread_no_draft")) };
    if !desk.call.is_htmx() {
        return page(desk, &state, None, &proposed).await;
    }
    let view = View { desk, store: desk.here()?.store, state: &state, opened: &opened };
    Ok(piece(view.field(&proposed)))
}

/// What the customer wrote last.
fn last_heard(thread: &Thread) -> Option<&str> {
    thread.entries.iter().rev().find_map(|entry| match &entry.what {
        What::Message(message) if message.author == "customer" && !message.text.is_empty() => {
            Some(message.text.as_str())
        }
        _ => None,
    })
}

fn failed(error: TurnError) -> DeskError {
    match error {
        TurnError::NoSuchLine => DeskError::NotFound,
        TurnError::Database(error) => error.into(),
        TurnError::Contended => DatabaseError::Unavailable(error.to_string()).into(),
    }
}

/// `POST …/typing`: the person is writing to the customer. Colleagues see it, and so does the customer of a chat.
pub async fn typing<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let until = desk.now() + WRITING;
    let person = &desk.person;
    let put = put_typing(&at.store.id, desk.place("conversation"), &person.account, &person.name, until);
    if at.shard.database.run(put).await?.is_empty() {
        return Err(DeskError::NotFound);
    }
    Ok(Response { status: 204, ..Response::default() })
}
