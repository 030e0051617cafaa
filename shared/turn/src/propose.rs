//! What the AI would say, for a person to look at.

use crate::TurnError;
use crate::answer::{decide_with_load, situation};
use lanekeeper_channels::Inbound;
use lanekeeper_conversation::{Act, Change, phrases};
use lanekeeper_domain::understanding::{Intent, Mood};
use lanekeeper_platform::{Clock, Platform};
use lanekeeper_storage::{IdentityKind, Playbook, load_turn};
use lanekeeper_understanding::hear;

/// What a person is there for already.
const FOR_PEOPLE: [Intent; 3] = [Intent::Human, Intent::Complaint, Intent::Sales];

/// What the AI would answer to this text of a customer's if no person had the conversation; `None` where it would have nothing
/// to say that helps. Nothing is written.
pub async fn propose<P: Platform>(
    platform: &P,
    playbook: &Playbook,
    peer: &str,
    text: &str,
) -> Result<Option<String>, TurnError> {
    let now = platform.clock().now();
    let database = playbook.shard_of(platform)?.database;
    let (store, line) = (&playbook.store, &playbook.line);
    let kind = IdentityKind::of_provider(&line.provider);
    let loaded = load_turn(database, &line.id, &store.id, (kind, peer), "", now).await?;
    let inbound = Inbound {
        provider_message_id: String::new(),
        from: peer.to_owned(),
        to: line.address.clone(),
        text: text.to_owned(),
        media: Vec::new(),
        provider_opt_out: None,
        tapped: None,
    };
    let mut situation = situation(store, &loaded, &inbound);
    situation.with_person = false;
    situation.state.introduced = true;
    let context = situation.context(now);
    let mut heard = hear(platform, text, &context, &store.services, situation.opted_out).await;
    heard.understanding.intents.retain(|guess| !FOR_PEOPLE.contains(&guess.name));
    heard.understanding.mood = Mood::Calm;
    let decision = decide_with_load(database, &mut situation, &heard, now).await?;
    let hands_over = decision.changes.iter().any(|change| matches!(change, Change::HandOver(_)));
    let understood = !decision.say.iter().any(|act| matches!(act, Act::NotUnderstood { .. }));
    let proposed = phrases::render(&decision.say, store, decision.language, now);
    Ok((understood && !hands_over && !proposed.is_empty()).then_some(proposed))
}
