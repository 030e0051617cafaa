//! What a customer is told about a repair order apart from a reply: one rule for whoever changed it.

use crate::act::{Act, CarLabel, WorkLine};
use crate::decision::{Notice, Subject};
use crate::tasks::{Approve, Task};
use chrono::{DateTime, Utc};
use lanekeeper_domain::notifications::Kind;
use lanekeeper_domain::repair_order::{Event, Method, Operation, OrderEdit, Ruling, Stage, StageChange};
use lanekeeper_domain::understanding::Asked;
use lanekeeper_domain::{RepairOrder, Store};

/// The messages about what happened to an order; `order` is as it is afterwards. What was answered in a conversation is
/// answered there.
pub fn about(store: &Store, order: &RepairOrder, event: &Event, now: DateTime<Utc>) -> Vec<Notice> {
    let told = match event {
        Event::Opened { stage } => stage_news(store, order, *stage),
        Event::Edited { stage: Some(StageChange { to, .. }), .. } => stage_news(store, order, *to),
        Event::Edited { edit, stage: None } => new_promise(order, edit),
        Event::Proposed { .. } => question(store, order, false),
        Event::OperationChanged { asks_again: true, .. } => question(store, order, true),
        Event::OperationChanged { asks_again: false, before, total, .. }
        | Event::OperationRemoved { before, total, .. } => cost_changed(order, *before, *total),
        Event::Decided { rulings, method, total } => recorded(store, order, rulings, *method, *total),
        Event::Reminded => reminder(store, order),
        Event::OperationAdded { .. } | Event::Progressed { .. } | Event::AdvisorTold => None,
    };
    let subject = || Subject::RepairOrder(order.id.clone());
    let notice = |(kind, act): (Kind, Act)| match kind {
        Kind::AddedWork => {
            let approve = Approve::about(order, |line| store.charges.amount(line));
            Notice::new(kind, subject(), now, act).asking(Asked::Approval, Task::Approve(approve))
        }
        Kind::Authorization => Notice::new(kind, subject(), now, act),
        // The workshop may be at it in the evening; nobody waits for that at night.
        kind => Notice::new(kind, subject(), now, act).by_the_store(),
    };
    told.into_iter().map(notice).collect()
}

/// The kinds of messages that this event makes pointless where they have not left yet.
pub fn superseded(event: &Event) -> &'static [Kind] {
    use Kind::{AddedWork, Arrived, CostChange, PromisedTime, Ready};
    match event {
        Event::Edited { stage: Some(StageChange { to, .. }), .. } if to.is_over() => {
            &[AddedWork, Arrived, Kind::Stage, Ready, PromisedTime, CostChange]
        }
        Event::Edited { stage: Some(_), .. } => &[Arrived, Kind::Stage, Ready, PromisedTime],
        Event::Edited { edit, .. } if edit.promised_at.is_some() => &[PromisedTime],
        Event::Proposed { .. } | Event::Decided { .. } | Event::Reminded => &[AddedWork],
        Event::OperationChanged { .. } | Event::OperationRemoved { .. } => &[AddedWork, CostChange],
        _ => &[],
    }
}

fn open_lines(store: &Store, order: &RepairOrder) -> Vec<WorkLine> {
    order.open_lines().map(|line| WorkLine::of(line, &store.charges)).collect()
}

fn question(store: &Store, order: &RepairOrder, raised: bool) -> Option<(Kind, Act)> {
    let lines = open_lines(store, order);
    let total = order.total_if_agreed(&store.charges);
    let act = Act::AddedWork { vehicle: vehicle(order), lines, total, raised };
    order.open_lines().next().map(|_| (Kind::AddedWork, act))
}

fn reminder(store: &Store, order: &RepairOrder) -> Option<(Kind, Act)> {
    let (lines, total) = (open_lines(store, order), order.total_if_agreed(&store.charges));
    let act = Act::AddedWorkReminder { vehicle: vehicle(order), lines, total };
    order.open_lines().next().map(|_| (Kind::AddedWork, act))
}

/// The stages that are worth a message. (That the order waits for an answer is said by the question itself.)
fn stage_news(store: &Store, order: &RepairOrder, stage: Stage) -> Option<(Kind, Act)> {
    let kind = match stage {
        Stage::VehicleReceived => Kind::Arrived,
        Stage::PartsOrdered | Stage::WorkInProgress => Kind::Stage,
        Stage::Completed => Kind::Ready,
        Stage::VehicleDelivered => Kind::PickedUp,
        _ => return None,
    };
    let total = order.totals(&store.charges).total;
    let act = Act::OrderNews {
        stage,
        vehicle: vehicle(order),
        waiting_for: order.waiting_for.clone(),
        promised_at: order.promised_at,
        total: (stage == Stage::Completed && !order.operations.is_empty()).then_some(total),
    };
    Some((kind, act))
}

fn new_promise(order: &RepairOrder, edit: &OrderEdit) -> Option<(Kind, Act)> {
    let promised_at = edit.promised_at.flatten().filter(|_| order.stage < Stage::Completed)?;
    Some((Kind::PromisedTime, Act::NewPromise { vehicle: vehicle(order), promised_at }))
}

fn cost_changed(order: &RepairOrder, before: i64, total: i64) -> Option<(Kind, Act)> {
    let act = Act::CostChanged { vehicle: vehicle(order), total };
    (before != total).then_some((Kind::CostChange, act))
}

/// What was answered on the phone or on the page is confirmed in writing.
fn recorded(store: &Store, order: &RepairOrder, rulings: &[Ruling], method: Method, total: i64) -> Option<(Kind, Act)> {
    if !matches!(method, Method::VerbalPhone | Method::SmsTextLink) {
        return None;
    }
    let line = |operation: &Operation| WorkLine::of(operation, &store.charges);
    let lines = |authorized: bool| {
        let these = rulings.iter().filter(|ruling| ruling.authorized == authorized);
        these.filter_map(|ruling| order.operation(&ruling.line.operation)).map(line).collect()
    };
    Some((Kind::Authorization, Act::AuthorizationRecorded { approved: lines(true), declined: lines(false), total }))
}

fn vehicle(order: &RepairOrder) -> Option<CarLabel> {
    order.vehicle.as_ref().and_then(CarLabel::of)
}
