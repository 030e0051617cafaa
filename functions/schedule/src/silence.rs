//! Silence on added work: the customer is reminded, then the advisor is told.

use lanekeeper_changes::write_order;
use lanekeeper_conversation::{OrderChange, Reason};
use lanekeeper_domain::handover::TalkTopic;
use lanekeeper_domain::repair_order::{Actor, Event, Nudge};
use lanekeeper_domain::understanding::Mood;
use lanekeeper_links::Links;
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Random, Shard, Statement};
use lanekeeper_storage::{
    NewHandover, OrderInStore, hand_over_by_clock, load_handled_conversation, silent_repair_orders,
};
use serde_json::json;

/// The most orders of a shard that one tick follows up; the next tick takes the rest.
const MOST: u32 = 100;

/// Follows up the orders whose customers have been silent for long enough. What they are sent is due with the outbox.
pub async fn follow_up<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<(), DatabaseError> {
    let now = platform.clock().now();
    let links = Links::of(platform.settings());
    for found in silent_repair_orders(shard.database, now, MOST).await? {
        let held = is_with_person(shard.database, &found).await?;
        let statements = next(platform, &found, held, links.as_ref());
        match shard.database.batch(statements).await {
            Ok(_) => platform.log(&json!({"event": "silence", "store": found.store.id, "order": found.order.id})),
            // Somebody changed the order at the same moment: the next tick looks again.
            Err(DatabaseError::Constraint(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether people hold the conversation in which the customer would be reminded.
async fn is_with_person(database: &impl Database, found: &OrderInStore) -> Result<bool, DatabaseError> {
    let Some(id) = found.reach.as_ref().and_then(|reach| reach.conversation.as_deref()) else { return Ok(false) };
    let conversation = load_handled_conversation(database, &found.store.id, id).await?;
    Ok(conversation.is_some_and(|conversation| conversation.handling.with_person))
}

/// `held`: people speak with the customer, so that they are told and the customer is not asked in between.
fn next<P: Platform>(platform: &P, found: &OrderInStore, held: bool, links: Option<&Links>) -> Vec<Statement> {
    let now = platform.clock().now();
    let new_id = || platform.random().id(now);
    let mut order = found.order.clone();
    let remind = order.nudge(now) == Some(Nudge::Remind) && !held;
    let event = if remind { Event::Reminded } else { Event::AdvisorTold };
    order.followed_up(&found.store, now);
    let written = write_order(found, &OrderChange { order, event, actor: Actor::Clock }, links, now, &new_id);
    let conversation = found.reach.as_ref().and_then(|reach| reach.conversation.as_deref());
    let told = conversation.filter(|_| !remind);
    let event = new_id();
    let handover = told.map(|conversation| NewHandover {
        store: &found.store.id,
        conversation,
        event: &event,
        reason: Reason::Authorization.as_str(),
        topic: TalkTopic::Work.as_str(),
        summary: None,
        priority: Reason::Authorization.priority(Mood::Calm),
        // It is we who wait.
        waits: false,
        escalate_at: None,
    });
    let handed_over = handover.iter().flat_map(|handover| hand_over_by_clock(handover, now));
    written.statements.into_iter().chain(handed_over).collect()
}
