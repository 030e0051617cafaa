//! Doing it: load, decide, write, and once more where something came in between.

use crate::write::{Deed, write};
use crate::{HandlingError, Person};
use chrono::{DateTime, Utc};
use lanekeeper_domain::handling::{Handling, HandlingAct, Refusal};
use lanekeeper_platform::{Clock, Database, Platform, Queue, Random, Shard, Statement};
use lanekeeper_storage::load_handled_conversation;
use serde_json::json;

/// How often an act is tried on fresh state. Each time the conversation has gone on meanwhile.
const TRIES: u32 = 8;

/// What an act came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// How the conversation stands now.
    pub handling: Handling,
    /// Id of the message that was written, which is also its delivery's.
    pub message: Option<String>,
    /// When it leaves: now, unless it would disturb the customer's night.
    pub leaves_at: Option<DateTime<Utc>>,
}

/// Does this person's act to a conversation of this store, which the person may be trusted with. Two batches, unless something
/// else happens to the conversation at the same moment. `also` is written in the same batch: the log of who changed what.
pub async fn perform<P: Platform>(
    platform: &P,
    shard: Shard<'_, P::Database>,
    (store, conversation): (&str, &str),
    by: Person<'_>,
    act: &HandlingAct,
    also: &[Statement],
) -> Result<Done, HandlingError> {
    for _ in 0..TRIES {
        let found = load_handled_conversation(shard.database, store, conversation).await?;
        let found = found.ok_or(HandlingError::NotFound)?;
        let now = platform.clock().now();
        if found.opted_out && matches!(act, HandlingAct::Reply { .. }) {
            return Err(Refusal::OptedOut.into());
        }
        let (handling, events) = found.handling.after(act, by.account, now)?;
        let deed = Deed { found: &found, act, by, handling: &handling, events: &events, now };
        let mut written = write(&deed, &|| platform.random().id(now));
        written.statements.extend_from_slice(also);
        match shard.database.batch(written.statements).await {
            Ok(_) => {
                wake(platform, shard, &written.due).await;
                log(platform, store, conversation, act);
                return Ok(Done { handling, message: written.message, leaves_at: written.leaves_at });
            }
            Err(error) if error.is_conflict_on("turns") => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(HandlingError::Contended)
}

async fn wake<P: Platform>(platform: &P, shard: Shard<'_, P::Database>, due: &[String]) {
    if due.is_empty() {
        return;
    }
    let due: Vec<String> = due.iter().map(|delivery| shard.wake_up(delivery)).collect();
    // A wake-up that fails is only a delay: the clock sweeps what is due.
    if let Err(error) = platform.queue().wake(&due).await {
        platform.log(&json!({"event": "wake_failed", "error": error.to_string()}));
    }
}

fn log<P: Platform>(platform: &P, store: &str, conversation: &str, act: &HandlingAct) {
    platform.log(&json!({"event": "handling", "store": store, "conversation": conversation, "act": act.as_str()}));
}
