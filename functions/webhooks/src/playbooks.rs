//! Playbooks in memory: a line's store changes seldom, and every turn compares the revisions.

use crate::WebhookError;
use lanekeeper_channels::twilio::Credentials;
use lanekeeper_platform::{Platform, Settings};
use lanekeeper_storage::{Line, Playbook, playbook, remembered_playbook, unseal};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// More lines than one instance is likely to serve in its life.
const MOST: usize = 256;

thread_local! {
    static PLAYBOOKS: RefCell<BTreeMap<String, Rc<Playbook>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The line's playbook, from memory if it is there.
pub async fn remembered<P: Platform>(platform: &P, line: &str) -> Result<Rc<Playbook>, WebhookError> {
    match PLAYBOOKS.with_borrow(|playbooks| playbooks.get(line).cloned()) {
        Some(playbook) => Ok(playbook),
        None => keep(line, remembered_playbook(platform, line).await?),
    }
}

/// The line's playbook as it stands in the databases.
pub async fn fresh<P: Platform>(platform: &P, line: &str) -> Result<Rc<Playbook>, WebhookError> {
    keep(line, playbook(platform, line).await?)
}

fn keep(line: &str, playbook: Option<Playbook>) -> Result<Rc<Playbook>, WebhookError> {
    let Some(playbook) = playbook else {
        PLAYBOOKS.with_borrow_mut(|playbooks| playbooks.remove(line));
        return Err(WebhookError::NoSuchLine);
    };
    let playbook = Rc::new(playbook);
    PLAYBOOKS.with_borrow_mut(|playbooks| {
        if playbooks.len() >= MOST {
            playbooks.clear();
        }
        playbooks.insert(line.to_owned(), Rc::clone(&playbook));
    });
    Ok(playbook)
}

/// The line's credentials at Twilio, opened.
pub fn credentials<P: Platform>(platform: &P, line: &Line) -> Result<Credentials, WebhookError> {
    let key = platform.settings().get("SEALING_KEY").unwrap_or_default();
    Ok(unseal(&key, &line.id, &line.credentials)?)
}
