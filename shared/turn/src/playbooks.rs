//! Playbooks in memory: a line's store changes seldom, and every turn compares the revisions.

use crate::TurnError;
use lanekeeper_platform::Platform;
use lanekeeper_storage::{Playbook, playbook, remembered_playbook};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// More lines than one instance is likely to serve in its life.
const MOST: usize = 256;

thread_local! {
    static PLAYBOOKS: RefCell<BTreeMap<String, Rc<Playbook>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The line's playbook, from memory if it is there.
pub async fn remembered<P: Platform>(platform: &P, line: &str) -> Result<Rc<Playbook>, TurnError> {
    match PLAYBOOKS.with_borrow(|playbooks| playbooks.get(line).cloned()) {
        Some(playbook) => Ok(playbook),
        None => keep(line, remembered_playbook(platform, line).await?),
    }
}

/// The line's playbook as it stands in the databases.
pub async fn fresh<P: Platform>(platform: &P, line: &str) -> Result<Rc<Playbook>, TurnError> {
    keep(line, playbook(platform, line).await?)
}

fn keep(line: &str, playbook: Option<Playbook>) -> Result<Rc<Playbook>, TurnError> {
    let Some(playbook) = playbook else {
        PLAYBOOKS.with_borrow_mut(|playbooks| playbooks.remove(line));
        return Err(TurnError::NoSuchLine);
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
