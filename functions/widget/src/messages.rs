//! The thread: reading it, waiting for what is new, and writing to it.

use crate::entry::Entry;
use crate::error::WidgetError;
use crate::files::resolve;
use crate::view::show;
use chrono::Duration as TimeDelta;
use lanekeeper_channels::widget;
use lanekeeper_platform::{Clock, Database, Platform, Response};
use lanekeeper_storage::{Chat, Cursor, Playbook, chat, chat_has_news, put_customer_typing};
use lanekeeper_turn::{answer, fresh};
use std::rc::Rc;
use std::time::Duration;

/// The longest that one request waits for something new.
const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(25);

/// How often it is looked for meanwhile: what is new is shown within two seconds.
const LOOK_EVERY: Duration = Duration::from_millis(1500);

/// For how long somebody counts as typing who says so once.
const TYPING_FOR: TimeDelta = TimeDelta::seconds(6);

/// `GET`: what is new after the cursor. With `wait` (seconds) it waits for that; `mark` is the one of the answer before.
pub async fn read<P: Platform>(platform: &P, entry: Entry<'_>) -> Result<Response, WidgetError> {
    let after = Cursor::read(entry.query("after").unwrap_or_default());
    let wait = entry.query("wait").and_then(|text| text.parse().ok()).unwrap_or(0);
    let until = platform.clock().now() + TimeDelta::seconds(wait).clamp(TimeDelta::zero(), LONGEST_WAIT);
    let known = entry.query("mark").unwrap_or_default();
    let (line, peer) = (&entry.playbook.line.id, &entry.peer);
    loop {
        let now = platform.clock().now();
        let shard = entry.playbook.shard_of(platform)?;
        let news = wait == 0 || chat_has_news(shard, line, peer, after, known, now).await?;
        if news || now + TimeDelta::from_std(LOOK_EVERY).unwrap_or_default() > until {
            break;
        }
        platform.clock().sleep(LOOK_EVERY).await;
    }
    let (playbook, chat) = load(platform, Rc::clone(&entry.playbook), peer, after).await?;
    show(platform, &playbook, &chat).await
}

/// `POST`: a message. The same id again gives the same answer and changes nothing.
pub async fn write<P: Platform>(platform: &P, entry: Entry<'_>) -> Result<Response, WidgetError> {
    let mut inbound = widget::inbound(&entry.request.body, &entry.peer, &entry.playbook.line.address)?;
    resolve(platform, &entry, &mut inbound).await?;
    answer(platform, Rc::clone(&entry.playbook), &inbound).await?;
    let after = Cursor::read(entry.query("after").unwrap_or_default());
    let (playbook, chat) = load(platform, entry.playbook, &entry.peer, after).await?;
    show(platform, &playbook, &chat).await
}

/// `POST`: the visitor is typing. The frame says so only while a person holds the conversation.
pub async fn typing<P: Platform>(platform: &P, entry: Entry<'_>) -> Result<Response, WidgetError> {
    let now = platform.clock().now();
    let Playbook { line, store, .. } = entry.playbook.as_ref();
    let database = entry.playbook.shard_of(platform)?.database;
    database.run(put_customer_typing(&store.id, &line.id, &entry.peer, now + TYPING_FOR)).await?;
    Ok(Response { status: 204, ..Response::default() })
}

/// The thread; from the shard that the directory names, where the store is not where it was remembered.
async fn load<P: Platform>(
    platform: &P,
    playbook: Rc<Playbook>,
    peer: &str,
    after: Cursor,
) -> Result<(Rc<Playbook>, Chat), WidgetError> {
    let now = platform.clock().now();
    if let Some(chat) = chat(playbook.shard_of(platform)?, &playbook.line.id, peer, after, now).await? {
        return Ok((playbook, chat));
    }
    let playbook = fresh(platform, &playbook.line.id).await?;
    let shard = playbook.shard_of(platform)?;
    let chat = chat(shard, &playbook.line.id, peer, after, now).await?.ok_or(WidgetError::NoSuchWidget)?;
    Ok((playbook, chat))
}
