//! What follows a visit: how was it, what was put off, and when regular work is due again.

use crate::announce::announce;
use chrono::Duration;
use lanekeeper_conversation::{CarLabel, Notice, notices};
use lanekeeper_domain::Store;
use lanekeeper_domain::notifications::{Reading, due_date};
use lanekeeper_platform::{Clock, Database, DatabaseError, Platform, Shard, Statement};
use lanekeeper_storage::{Departure, Plan, departures, load_party, mark_followed_up, put_plan};

/// The most orders of a shard that one tick looks at; the next tick takes the rest.
const MOST: u32 = 50;

/// Arranges what follows for every car that was picked up since the last tick. Returns for how many.
pub async fn sweep<P: Platform>(platform: &P, shard: Shard<'_, P::Database>) -> Result<usize, DatabaseError> {
    let left = departures(shard.database, platform.clock().now(), MOST).await?;
    for departure in &left {
        follow_up(platform, shard.database, departure).await?;
    }
    Ok(left.len())
}

async fn follow_up<P: Platform>(
    platform: &P,
    database: &P::Database,
    departure: &Departure,
) -> Result<(), DatabaseError> {
    let now = platform.clock().now();
    let mut batch = vec![mark_followed_up(&departure.store, &departure.repair_order, now)];
    if let Some(party) = load_party(database, &departure.store, &departure.customer).await? {
        let notices = notices(departure);
        batch.extend(announce(platform, party.revised(), &party.customer, party.contact.as_ref(), &notices));
        batch.extend(plans(&party.store, departure));
    }
    database.batch(batch).await.map(drop)
}

fn notices(departure: &Departure) -> Vec<Notice> {
    let vehicle = departure.vehicle.as_ref().and_then(CarLabel::of);
    let (order, left) = (departure.repair_order.as_str(), departure.left_at);
    let declined = || departure.lines.iter().filter(|line| line.authorization == "declined");
    let mut notices = vec![notices::satisfaction(order, vehicle.clone(), left)];
    if declined().next().is_some() {
        let work = declined().map(|line| line.name.clone()).collect();
        let services = declined().filter_map(|line| line.service.clone()).collect();
        notices.push(notices::declined_work(order, work, services, vehicle, left));
    }
    notices
}

/// When the store's regular work on this car is due again: the work of this visit counts from now, other work from when
/// it was done, in the light of what the odometer shows now.
fn plans(store: &Store, departure: &Departure) -> Vec<Statement> {
    let Some(vehicle) = &departure.vehicle else { return Vec::new() };
    let here = Reading { at: departure.left_at, mileage: departure.mileage };
    let readings: Vec<Reading> = departure.readings.iter().copied().chain([here]).collect();
    let ahead = Duration::days(store.notifications.maintenance_ahead_days.into());
    let plan = |service: &str, last: Reading| -> Option<Statement> {
        let due_at = due_date(store.service(service)?.every?, last, &readings)?;
        let plan = Plan {
            store: &departure.store,
            customer: &departure.customer,
            vehicle: &vehicle.id,
            service,
            last,
            due_at,
            tell_at: due_at - ahead,
        };
        Some(put_plan(&plan))
    };
    let agreed = |authorization: &str| matches!(authorization, "authorized" | "not_required");
    let lines = departure.lines.iter().filter(|line| agreed(&line.authorization));
    let done: Vec<&str> = lines.filter_map(|line| line.service.as_deref()).collect();
    let before = departure.done_before.iter().filter(|before| !done.contains(&before.service.as_str()));
    let from_now = done.iter().filter_map(|service| plan(service, here));
    from_now.chain(before.filter_map(|before| plan(&before.service, before.last))).collect()
}
