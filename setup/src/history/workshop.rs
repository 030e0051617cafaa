//! What the workshop does with the cars that come.

use crate::history::chance::Chance;
use crate::history::told;
use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_changes::write_order;
use lanekeeper_conversation::OrderChange;
use lanekeeper_domain::repair_order::{
    Actor, Audience, Event, Note, OperationEdit, OrderEdit, Part, PayType, Progress, Refusal, Stage,
};
use lanekeeper_domain::vehicle::check_digit;
use lanekeeper_domain::{RepairOrder, Store};
use lanekeeper_links::Links;
use lanekeeper_platform::{Database, Statement};
use lanekeeper_storage::OrderInStore;

/// One step of the work on a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Evaluate,
    /// Puts added work to the customer.
    Ask,
    Start,
    WaitForParts,
    Check,
    Complete,
    HandOver,
    Close,
}

/// What is done to one car until its customer has it back, each with the minutes since the one before. `minutes` is how long the
/// work takes.
pub fn course(minutes: i64, chance: &Chance) -> Vec<(i64, Step)> {
    let added = chance.percent(38).then(|| (chance.between(8, 16), Step::Ask));
    let parts = chance.percent(8).then_some((30, Step::WaitForParts));
    let again = parts.map(|_| (chance.between(60, 300), Step::Start));
    let looked_at = (chance.between(6, 14), Step::Evaluate);
    let started = (chance.between(5, 12), Step::Start);
    let ready = [(minutes, Step::Check), (chance.between(6, 12), Step::Complete)];
    let picked_up = [(chance.between(20, 150), Step::HandOver), (chance.between(2, 15), Step::Close)];
    let begun = std::iter::once(looked_at).chain(added).chain([started]).chain(parts).chain(again);
    begun.chain(ready).chain(picked_up).collect()
}

/// What is done to a car that is still in the shop at the end.
pub struct Stay {
    pub course: Vec<(i64, Step)>,
    /// Whether it was to be ready by now.
    pub late: bool,
}

/// How far the car of one of the last customers comes, `rank` visits before the last one: so there are cars at every stage,
/// whatever the hour, and some customers have theirs back already.
pub fn stays(rank: usize, chance: &Chance) -> Option<Stay> {
    let looked_at = (chance.between(6, 14), Step::Evaluate);
    let started = (chance.between(5, 12), Step::Start);
    let asked = (chance.between(8, 16), Step::Ask);
    let course = match rank {
        0 => Vec::new(),
        1 => vec![looked_at],
        2 | 9 => vec![looked_at, asked],
        3 | 13 => vec![looked_at, started],
        5 => vec![looked_at, started, (20, Step::WaitForParts)],
        6 => vec![looked_at, started, (20, Step::Check)],
        8 | 11 => vec![looked_at, started, (25, Step::Check), (8, Step::Complete)],
        _ => return None,
    };
    Some(Stay { course, late: rank == 13 })
}

/// What is written up when a car comes: mileage, VIN, who works on it, and until when it is promised.
pub fn written_up(order: &mut RepairOrder, technician: Option<String>, promised_at: DateTime<Utc>, chance: &Chance) {
    let age = order.vehicle.as_ref().and_then(|car| car.year).map_or(5, |year| i64::from(2026 - year).clamp(0, 20));
    let miles = 4_000 + age * chance.between(8_000, 14_000) + chance.between(0, 900);
    let edit = OrderEdit {
        technician: technician.map(Some),
        promised_at: Some(Some(promised_at)),
        mileage_in: Some(u32::try_from(miles).ok()),
        vin: chance.percent(70).then(|| Some(vin(chance))),
        ..OrderEdit::default()
    };
    // What cannot be written up is left out.
    let _ = order.edit(edit);
}

/// A VIN with the right check digit.
fn vin(chance: &Chance) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    let makers = ["1HG", "4T1", "1FT", "2T3", "5NP", "LSV", "LGX", "JF2"];
    let middle: String = (0..5).map(|_| char::from(*chance.pick(LETTERS))).collect();
    let tail = format!(
        "{}{}{:06}",
        chance.pick(&["K", "L", "M", "N", "P"]),
        chance.pick(&["A", "B", "H"]),
        chance.below(999_999)
    );
    let maker = chance.pick(&makers);
    let whole = "0123456789X".chars().map(|digit| format!("{maker}{middle}{digit}{tail}"));
    whole.into_iter().find(|vin| check_digit(vin).is_ok()).unwrap_or_default()
}

/// A plate that is nobody's: letters that no plate of the place has, or zeros where none are.
pub fn plate(store: &Store, chance: &Chance) -> String {
    if store.calling_code == "86" {
        format!("浙A·{}O{:03}", chance.below(9), chance.below(999))
    } else {
        format!("{} 00{:03}", chance.pick(&["BK", "CD", "FR", "LM", "TW"]), chance.below(999))
    }
}

/// Takes a step and returns the ids of the messages that are due now; `None` where the order does not allow it, at least now.
pub async fn take(
    database: &impl Database,
    mut found: OrderInStore,
    step: Step,
    (chance, now, new_id): (&Chance, DateTime<Utc>, &dyn Fn() -> String),
) -> Result<Option<Vec<String>>, String> {
    let mut due = Vec::new();
    for change in changes(&found, step, chance) {
        let mut order = found.order.clone();
        let Ok(event) = change.make(&mut order, &found.store) else { return Ok(None) };
        order.wait_for_answer(&found.store, now);
        let by = found.order.technician.clone().or_else(|| found.order.advisor.clone()).unwrap_or_default();
        let actor = Actor::Staff(name_of(&found.store, &by));
        let entered = OrderChange { order, event, actor };
        let written = write_order(&found, &entered, None::<&Links>, now, new_id);
        write(database, written.statements).await?;
        due.extend(written.due);
        found.order = RepairOrder { version: found.order.version + 1, ..entered.order };
    }
    Ok(Some(due))
}

async fn write(database: &impl Database, statements: Vec<Statement>) -> Result<(), String> {
    database.batch(statements).await.map(drop).map_err(told)
}

fn name_of(store: &Store, id: &str) -> String {
    let technicians = store.technicians.iter().map(|one| (&one.id, &one.name));
    let advisors = store.advisors.iter().map(|one| (&one.id, &one.name));
    technicians.chain(advisors).find(|(other, _)| *other == id).map_or_else(|| id.to_owned(), |(_, name)| name.clone())
}

/// One change of an order.
enum Change {
    Edit(Box<OrderEdit>),
    Add(String, Box<OperationEdit>),
    Line(String, Box<OperationEdit>),
    Propose,
}

impl Change {
    fn make(self, order: &mut RepairOrder, store: &Store) -> Result<Event, Refusal> {
        match self {
            Self::Edit(edit) => order.edit(*edit),
            Self::Add(id, edit) => order.add_operation(&store.charges, &id, *edit),
            Self::Line(id, edit) => order.edit_operation(&store.charges, &id, *edit),
            Self::Propose => order.propose(&store.charges, None),
        }
    }
}

/// What a step consists of.
fn changes(found: &OrderInStore, step: Step, chance: &Chance) -> Vec<Change> {
    let (order, in_china) = (&found.order, found.store.calling_code == "86");
    let enter = |stage| Change::Edit(Box::new(OrderEdit { stage: Some(stage), ..OrderEdit::default() }));
    let all_agreed = |progress| {
        let agreed = order.operations.iter().filter(|operation| operation.authorization.is_agreed());
        let left = agreed.filter(move |operation| operation.progress != progress);
        let edit = move |id: &String| {
            let edit = OperationEdit { progress: Some(progress), ..OperationEdit::default() };
            Change::Line(id.clone(), Box::new(edit))
        };
        left.map(move |operation| edit(&operation.id)).collect::<Vec<_>>()
    };
    match step {
        Step::Evaluate => vec![enter(Stage::Evaluation)],
        Step::Ask => {
            let findings = if in_china { &FINDINGS_CN } else { &FINDINGS_US };
            let first = chance.below(findings.len());
            let both = [first, (first + 1) % findings.len()];
            let some = &both[..=chance.below(2)];
            let added = some.iter().enumerate().map(|(place, number)| {
                Change::Add(format!("{}-found-{place}", order.id), Box::new(findings[*number].line()))
            });
            added.chain([Change::Propose]).collect()
        }
        Step::Start => {
            let mut all = all_agreed(Progress::InProgress);
            if order.stage != Stage::WorkInProgress {
                let waiting_for = order.waiting_for.is_some().then_some(None);
                let edit = OrderEdit { stage: Some(Stage::WorkInProgress), waiting_for, ..OrderEdit::default() };
                all.insert(0, Change::Edit(Box::new(edit)));
            }
            all
        }
        Step::WaitForParts => {
            let part = *chance.pick(if in_china { &AWAITED_CN } else { &AWAITED_US });
            let note = Note {
                text: if in_china {
                    "配件已下单，到货后马上装。"
                } else {
                    "Ordered, comes with the morning truck."
                }
                .to_owned(),
                audience: Audience::Internal,
            };
            let edit = OrderEdit {
                stage: Some(Stage::PartsOrdered),
                waiting_for: Some(Some(part.to_owned())),
                promised_at: order.promised_at.map(|promised| Some(promised + TimeDelta::days(1))),
                notes: Some(vec![note]),
                ..OrderEdit::default()
            };
            vec![Change::Edit(Box::new(edit))]
        }
        Step::Check => {
            let mut all = all_agreed(Progress::Completed);
            all.push(enter(Stage::QualityAssurance));
            all
        }
        Step::Complete => vec![enter(Stage::Completed)],
        Step::HandOver => {
            let mileage = order.mileage_in.map(|mileage| Some(mileage + 3));
            let edit = OrderEdit { stage: Some(Stage::VehicleDelivered), mileage_out: mileage, ..OrderEdit::default() };
            vec![Change::Edit(Box::new(edit))]
        }
        Step::Close => vec![enter(Stage::Closed)],
    }
}

/// What is found when a car is looked at.
struct Finding {
    name: &'static str,
    cause: &'static str,
    /// In minor units.
    labor: i64,
    part: &'static str,
    pieces: i64,
    price: i64,
}

impl Finding {
    fn line(&self) -> OperationEdit {
        let part =
            Part { number: None, name: self.part.to_owned(), quantity: self.pieces * 1000, unit_price: self.price };
        OperationEdit {
            name: Some(self.name.to_owned()),
            cause: Some(self.cause.to_owned()),
            pay_type: Some(PayType::CustomerPay),
            labor: Some(self.labor),
            parts: Some(vec![part]),
            ..OperationEdit::default()
        }
    }
}

const fn finding(
    name: &'static str,
    cause: &'static str,
    labor: i64,
    (part, pieces, price): (&'static str, i64, i64),
) -> Finding {
    Finding { name, cause, labor, part, pieces, price }
}

const FINDINGS_US: [Finding; 7] = [
    finding("Front brake pads", "3 mm left", 12_000, ("Brake pad set", 1, 8_950)),
    finding("Cabin air filter", "Clogged with leaves", 1_500, ("Cabin filter", 1, 2_995)),
    finding("Wiper blades", "Streaking", 0, ("Wiper blade", 2, 1_850)),
    finding("Battery", "Fails the load test", 3_500, ("Battery, 5 years", 1, 17_900)),
    finding("Engine air filter", "Dirty", 1_000, ("Air filter", 1, 2_450)),
    finding("Serpentine belt", "Cracked", 9_500, ("Belt", 1, 4_800)),
    finding("Brake fluid exchange", "3.5 % water", 11_000, ("Brake fluid", 1, 1_900)),
];
const FINDINGS_CN: [Finding; 7] = [
    finding("前刹车片更换", "只剩3毫米", 12_000, ("前刹车片", 1, 36_000)),
    finding("空调滤芯更换", "积灰严重", 3_000, ("空调滤芯", 1, 8_800)),
    finding("雨刮片更换", "刮不干净", 0, ("雨刮片", 2, 4_500)),
    finding("电瓶更换", "启动电压偏低", 5_000, ("电瓶", 1, 49_800)),
    finding("空气滤芯更换", "脏污", 2_000, ("空气滤芯", 1, 7_600)),
    finding("发电机皮带更换", "有裂纹", 15_000, ("皮带", 1, 16_500)),
    finding("刹车油更换", "含水量超标", 12_000, ("刹车油", 1, 9_800)),
];
const AWAITED_US: [&str; 3] = ["front brake rotors", "a wheel bearing", "the ignition coil"];
const AWAITED_CN: [&str; 3] = ["前刹车盘", "轮毂轴承", "点火线圈"];
