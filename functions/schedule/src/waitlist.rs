//! The waitlist: what has become free is offered to the next customer whom it suits, held for them for some minutes, and
//! then passed on.

use chrono::{DateTime, Duration, Utc};
use lanekeeper_changes::{Scene, write};
use lanekeeper_conversation::{Act, Change, Notice, Subject, TakeOffer, Task};
use lanekeeper_domain::notifications::Kind;
use lanekeeper_domain::openings::{Load, openings, window};
use lanekeeper_domain::understanding::Asked;
use lanekeeper_domain::waitlist::{HELD_MINUTES, fitting};
use lanekeeper_domain::{Store, Work};
use lanekeeper_links::Links;
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Random, Shard};
use lanekeeper_storage::{
    Candidate, Revised, decline_offer, expire_waitlist, freed_stores, lapsed_offers, load_between, look_again,
    looked_through, waiting_at,
};

/// The most stores, and the most customers of each, that one tick looks at; the next goes on from there.
const MOST: u32 = 50;
/// The most customers of all stores that one tick looks at on a shard. Each takes up to two batches, and Workers allow a
/// thousand in all.
const LOOKS: u32 = 100;

/// Passes on what nobody has taken, and offers what has become free.
pub async fn sweep<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<(), DatabaseError> {
    let (database, now) = (shard.database, platform.clock().now());
    database.run(expire_waitlist(now)).await?;
    for lapsed in lapsed_offers(database, now, MOST).await? {
        database.batch(decline_offer(&lapsed.store_id, &lapsed.id, now)).await?;
    }
    let mut looks = LOOKS;
    for freed in freed_stores(database, MOST).await? {
        if looks == 0 {
            break;
        }
        let store: Store =
            serde_json::from_str(&freed.profile).map_err(|error| DatabaseError::Decode(error.to_string()))?;
        let rules = Revised { profile: &store, revision: freed.revision };
        let most = MOST.min(looks);
        let candidates = waiting_at(database, &store, &freed, now, most).await?;
        let looked = u32::try_from(candidates.len()).unwrap_or(most);
        looks = looks.saturating_sub(looked);
        let again = offer_openings(platform, database, rules, &candidates, now).await?;
        // Who must be looked at again is so in another pass: those behind them have their turn first.
        let again = again.then(|| look_again(&store.id, now));
        let last = candidates.last().filter(|_| looked == most);
        database.batch(again.into_iter().chain(looked_through(&freed, last)).collect()).await?;
    }
    Ok(())
}

/// Offers what is free to those who wait. Returns whether somebody must be looked at again, who suited but could not be
/// asked: at this hour they must not be texted, or the opening was gone.
async fn offer_openings<P: Platform>(
    platform: &P,
    database: &P::Database,
    store: Revised<'_>,
    candidates: &[Candidate],
    now: DateTime<Utc>,
) -> Result<bool, DatabaseError> {
    let mut again = false;
    let (first, last) = window(store.profile, now);
    let links = Links::of(platform.settings());
    // What is taken, as it stands since the last hold; without an appointment that would be given up it is another.
    let mut known: Option<(Option<String>, Load)> = None;
    for candidate in candidates {
        let waiting = &candidate.waiting;
        let load = match known.take().filter(|(without, _)| *without == waiting.appointment) {
            Some((_, load)) => load,
            None => load_between(database, store.profile, first, last, waiting.appointment.as_deref()).await?,
        };
        let work = Work {
            transport: waiting.transport,
            advisor: waiting.advisor.clone(),
            ..Work::of(store.profile, &waiting.services, candidate.class)
        };
        let free = openings(store.profile, &load, &work, now);
        known = Some((waiting.appointment.clone(), load));
        let before = candidate.appointment_starts_at;
        let Some(opening) = fitting(store.profile, &free, waiting, &candidate.refused, before, now) else { continue };
        let until = now + Duration::minutes(HELD_MINUTES);
        let act = Act::WaitlistOffer {
            services: waiting.services.clone(),
            start: opening.start,
            vehicle: None,
            until,
            instead_of: before,
        };
        let task = Task::TakeOffer(TakeOffer { entry: candidate.id.clone() });
        let notice =
            Notice::new(Kind::WaitlistOffer, Subject::Customer, now, act).asking(Asked::Confirm, task).until(until);
        let hold = Change::HoldOpening {
            entry: candidate.id.clone(),
            waiting: Box::new(waiting.clone()),
            opening: opening.clone(),
            until,
        };
        let scene = scene(store, candidate, links.as_ref(), now);
        let new_id = || platform.random().id(now);
        let written = write(&scene, &[hold], &[notice], &new_id);
        // At this hour the customer must not be texted: the opening stays free, and they are asked later.
        if written.due.is_empty() {
            again = true;
            continue;
        }
        known = None;
        match database.batch(written.statements).await {
            Ok(_) => {}
            // Somebody was quicker, or the rules have changed: the next pass looks again.
            Err(DatabaseError::Constraint(_)) => again = true,
            Err(error) => return Err(error),
        }
    }
    Ok(again)
}

fn scene<'a>(store: Revised<'a>, candidate: &'a Candidate, links: Option<&'a Links>, now: DateTime<Utc>) -> Scene<'a> {
    Scene {
        store,
        line: &candidate.line,
        conversation: &candidate.conversation,
        customer: &candidate.customer,
        recipient: &candidate.peer,
        time_zone: candidate.time_zone.as_deref().and_then(|zone| zone.parse().ok()),
        language: candidate.language,
        message: None,
        links,
        now,
    }
}
