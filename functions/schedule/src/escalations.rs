//! Nobody has answered: the customer is told, once, and somebody else is alerted.

use lanekeeper_changes::{Scene, write};
use lanekeeper_conversation::{Act, Notice, Subject, Task};
use lanekeeper_domain::handling::answers;
use lanekeeper_domain::notifications::{Class, Kind};
use lanekeeper_domain::understanding::Asked;
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Random, Shard, Statement};
use lanekeeper_storage::{
    HandledConversation, NewAlert, Revised, escalate, expire_snoozes, load_handled_conversation, overdue_conversations,
    put_alert,
};

/// The most conversations of a shard that one tick looks at; the next tick takes the rest.
const MOST: u32 = 50;

/// Looks after whoever waits for a person for too long. Returns how many.
pub async fn sweep<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<usize, DatabaseError> {
    let now = platform.clock().now();
    expire_snoozes(shard.database, now).await?;
    let overdue = overdue_conversations(shard.database, now, MOST).await?;
    let mut escalated = 0;
    for (store, conversation) in &overdue {
        let Some(found) = load_handled_conversation(shard.database, store, conversation).await? else { continue };
        if found.escalate_at.is_none_or(|due| due > now) {
            continue;
        }
        match shard.database.batch(next(platform, &found)).await {
            Ok(_) => escalated += 1,
            // The customer wrote, or somebody came, at this very moment; or another tick was quicker.
            Err(DatabaseError::Constraint(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(escalated)
}

fn next<P: Platform>(platform: &P, found: &HandledConversation) -> Vec<Statement> {
    let now = platform.clock().now();
    let new_id = || platform.random().id(now);
    let handling = &found.handling;
    let waits = handling.with_person && handling.closed.is_none() && handling.snoozed_until.is_none();
    let Some(since) = handling.waiting_since.filter(|_| waits) else { return escalate(found, None, None, now) };
    // Each time it takes twice as long: whoever has not been found by then will not be found by asking more often.
    let minutes = found.store.handover.answer_within_minutes << (found.escalations + 1).min(6);
    let due = found.store.open_minutes_after(now, minutes);
    let mut statements: Vec<Statement> = escalate(found, Some(&new_id()), due, now);
    if found.escalations == 0 && handling.joined_at.is_none() && !found.opted_out {
        let class = if answers(found.heard_at, now) { Class::Conversational } else { Class::Informational };
        let notice = Notice { class, ..Notice::new(Kind::NobodyYet, Subject::Customer, since, Act::NobodyYet) };
        let notice = notice.asking(Asked::CallBack, Task::CallBack);
        let scene = Scene {
            store: Revised { profile: &found.store, revision: found.revision },
            line: &found.line,
            conversation: &found.id,
            customer: &found.customer,
            recipient: &found.peer,
            language: found.language,
            time_zone: found.time_zone,
            message: None,
            links: None,
            now,
        };
        statements.extend(write(&scene, &[], &[notice], &new_id).statements);
    }
    let alert = NewAlert {
        id: &new_id(),
        store: &found.store.id,
        conversation: &found.id,
        kind: "waiting",
        account: None,
        except: handling.assignee.as_deref(),
        due_at: now,
    };
    statements.push(put_alert(&alert, now));
    statements
}
