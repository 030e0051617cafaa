//! What the store's people do with the cars that come.

use crate::chance::Chance;
use crate::town::Town;
use lanekeeper_changes::write_order;
use lanekeeper_conversation::OrderChange;
use lanekeeper_domain::RepairOrder;
use lanekeeper_domain::repair_order::{Actor, Event, Method, OperationEdit, OrderEdit, Part, Progress, Refusal, Stage};
use lanekeeper_native::block_on;
use lanekeeper_platform::{Clock, Database, Platform, Random};
use lanekeeper_storage::{open_repair_order, repair_order_for_store};

/// One step of the work on a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Evaluate,
    AddWork,
    AskAgain,
    Work,
    Complete,
    HandOver,
}

/// Opens an order for somebody who has come; its id.
pub fn open(town: &Town, place: usize, customer: &str, services: &[String]) -> Option<String> {
    let store = &town.places[place].store;
    let now = town.platform.clock().now();
    let id = town.platform.random().id(now);
    let mut order = RepairOrder {
        id: id.clone(),
        number: town.orders.len().to_string(),
        customer: customer.to_owned(),
        stage: Stage::VehicleReceived,
        ..RepairOrder::default()
    };
    for (index, service) in services.iter().enumerate() {
        let labor = store.service(service).and_then(|service| service.price).map_or(12_345, |price| price.amount);
        let edit = OperationEdit { name: Some(service.clone()), labor: Some(labor), ..OperationEdit::default() };
        order.add_operation(&store.charges, &format!("{id}-{index}"), edit).unwrap();
    }
    order.authorize_all(&store.charges, Method::InPersonPhysicalSignature);
    let actor = Actor::Staff("desk".to_owned());
    let statements = open_repair_order(&store.id, &order, &actor, &Event::Opened { stage: order.stage }, now);
    block_on(town.database(place).batch(statements)).ok().map(|_| id)
}

/// Takes a step; whether it could be taken.
pub fn take(town: &Town, place: usize, order: &str, step: Step, chance: &Chance) -> bool {
    let now = town.platform.clock().now();
    let slug = &town.places[place].store.id;
    let Ok(Some(found)) = block_on(repair_order_for_store(town.database(place), slug, order)) else { return false };
    let mut after = found.order.clone();
    let Ok(event) = change(&mut after, &found.store, step, chance) else { return false };
    after.wait_for_answer(&found.store, now);
    let new_id = || town.platform.random().id(now);
    let entered = OrderChange { order: after, event, actor: Actor::Staff("desk".to_owned()) };
    let written = write_order(&found, &entered, None, now, &new_id);
    block_on(town.database(place).batch(written.statements)).is_ok()
}

fn change(
    order: &mut RepairOrder,
    store: &lanekeeper_domain::Store,
    step: Step,
    chance: &Chance,
) -> Result<Event, Refusal> {
    let charges = &store.charges;
    let stage = |stage| OrderEdit { stage: Some(stage), ..OrderEdit::default() };
    match step {
        Step::Evaluate => order.edit(stage(Stage::Evaluation)),
        Step::AddWork => {
            for name in ["Front brake pads", "Wiper blades"] {
                let id = format!("{}-{}", order.id, order.operations.len());
                let part = Part {
                    number: None,
                    name: name.to_owned(),
                    quantity: 1000 * (1 + chance.below(4) as i64),
                    unit_price: 1 + chance.below(9_999) as i64,
                };
                let edit = OperationEdit {
                    name: Some(name.to_owned()),
                    labor: Some(chance.below(20_000) as i64),
                    parts: Some(vec![part]),
                    ..OperationEdit::default()
                };
                order.add_operation(charges, &id, edit)?;
            }
            order.propose(charges, None)
        }
        Step::AskAgain => {
            let waiting = order.operations.iter().find(|operation| operation.progress == Progress::Pending);
            let id = waiting.map(|operation| operation.id.clone()).unwrap_or_default();
            let labor = chance.below(30_000) as i64;
            order.edit_operation(charges, &id, OperationEdit { labor: Some(labor), ..OperationEdit::default() })
        }
        Step::Work => {
            let agreed = order.operations.iter().find(|operation| operation.authorization.is_agreed());
            let id = agreed.map(|operation| operation.id.clone()).unwrap_or_default();
            let progress = Some(Progress::InProgress);
            order.edit_operation(charges, &id, OperationEdit { progress, ..OperationEdit::default() })
        }
        Step::Complete => order.edit(stage(Stage::Completed)),
        Step::HandOver => order.edit(stage(Stage::VehicleDelivered)),
    }
}
