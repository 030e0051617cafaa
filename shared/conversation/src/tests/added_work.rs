//! Added work: whatever is said in whatever order while prices change, nothing is authorized that the customer was not
//! told, and nothing is done twice.

use crate::tasks::Approve;
use crate::{Act, Change, Question, Situation, State, Task, WorkLine, decide, phrases};
use chrono::{DateTime, Duration, Utc};
use lanekeeper_domain::appointment::Customer;
use lanekeeper_domain::group::GroupSettings;
use lanekeeper_domain::repair_order::{Authorization, Charges, Event, OperationEdit, Stage};
use lanekeeper_domain::understanding::{Asked, Details, Intent, IntentGuess};
use lanekeeper_domain::{Language, RepairOrder, Store, Understanding};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeMap;

const LINES: [&str; 3] = ["brakes", "wipers", "filter"];

fn store() -> Store {
    let mut store: Store = serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap();
    store.charges = Charges { fee_rate: 500, fee_cap: Some(2500), labor_tax: 0, parts_tax: 825, fee_tax: 0 };
    store
}

fn now() -> DateTime<Utc> {
    "2026-11-20T16:00:00Z".parse().unwrap()
}

fn order(store: &Store) -> RepairOrder {
    let mut order = RepairOrder { id: "o1".to_owned(), stage: Stage::Evaluation, ..RepairOrder::default() };
    for (place, line) in LINES.iter().enumerate() {
        order.add_operation(&store.charges, line, labor(10_000 * (place as i64 + 1), Some(line))).unwrap();
    }
    order.propose(&store.charges, None).unwrap();
    order
}

fn labor(labor: i64, name: Option<&str>) -> OperationEdit {
    OperationEdit { labor: Some(labor), name: name.map(str::to_owned), ..OperationEdit::default() }
}

fn situation<'a>(store: &'a Store, state: &State, order: &RepairOrder, questions: Vec<Question>) -> Situation<'a> {
    Situation {
        store,
        state: state.clone(),
        language: Language::En,
        words: "",
        with_person: false,
        opted_out: false,
        consent_confirmed: false,
        pictures: false,
        customer: Customer::default(),
        vehicles: Vec::new(),
        appointments: Vec::new(),
        repair_orders: vec![order.clone()],
        questions,
        waitlist: Vec::new(),
        group: GroupSettings::default(),
        load: None,
        sisters: Vec::new(),
    }
}

fn question(store: &Store, order: &RepairOrder) -> Question {
    let task = Task::Approve(Approve::about(order, |line| store.charges.amount(line)));
    Question { asked: Asked::Approval, task }
}

fn heard(intents: &[Intent], details: Details) -> Understanding {
    let intents = intents.iter().map(|&name| IntentGuess { name, confidence: 0.9 }).collect();
    Understanding { intents, details, ..Understanding::default() }
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

/// What was recorded: the line, yes or no, and the amount.
fn recorded(changes: &[Change]) -> Vec<(String, bool, i64)> {
    let rulings = changes.iter().filter_map(|change| match change {
        Change::Order(change) => match &change.event {
            Event::Decided { rulings, .. } => Some(rulings.clone()),
            _ => None,
        },
        _ => None,
    });
    rulings.flatten().map(|ruling| (ruling.line.operation, ruling.authorized, ruling.line.amount)).collect()
}

#[test]
fn a_mixed_answer_is_recorded_line_by_line_and_the_rest_is_asked() {
    let store = store();
    let order = order(&store);
    let details = Details { approved: lines(&["brakes"]), declined: lines(&["filter"]), ..Details::default() };
    let asked = vec![question(&store, &order)];
    let answer = heard(&[Intent::Approve, Intent::Decline], details);
    let decision = decide(&situation(&store, &State::default(), &order, asked), &answer, now()).unwrap();
    assert_eq!(
        recorded(&decision.changes),
        [("brakes".to_owned(), true, 10_000), ("filter".to_owned(), false, 30_000)]
    );
    let [.., Act::WorkDecided { approved, total, .. }, Act::AskRestOfWork { lines }] = decision.say.as_slice() else {
        panic!("{:?}", decision.say)
    };
    assert_eq!((approved[0].amount, *total), (10_000, 10_500));
    assert_eq!(lines, &[WorkLine { name: "wipers".to_owned(), service: None, amount: 20_000 }]);

    // A plain yes is about what is left, and only about that.
    let Change::Order(change) = &decision.changes[0] else { panic!("{:?}", decision.changes) };
    let yes = heard(&[Intent::Affirm], Details::default());
    let decision = decide(&situation(&store, &decision.state, &change.order, vec![]), &yes, now()).unwrap();
    assert_eq!(recorded(&decision.changes), [("wipers".to_owned(), true, 20_000)]);
    assert!(decision.state.tasks.is_empty());
}

#[test]
fn a_yes_to_an_old_price_asks_again_with_the_new_one() {
    let store = store();
    let mut order = order(&store);
    let asked = vec![question(&store, &order)];
    order.edit_operation(&store.charges, "brakes", labor(12_000, None)).unwrap();
    let yes = heard(&[Intent::Affirm], Details::default());
    let decision = decide(&situation(&store, &State::default(), &order, asked), &yes, now()).unwrap();
    assert_eq!(recorded(&decision.changes), [("wipers".to_owned(), true, 20_000), ("filter".to_owned(), true, 30_000)]);
    let Some(Act::AskWork { lines, raised: true, .. }) = decision.say.last() else { panic!("{:?}", decision.say) };
    assert_eq!(lines[0].amount, 12_000);
    let Change::Order(change) = &decision.changes[0] else { panic!("{:?}", decision.changes) };
    assert_eq!(decision.state.tasks, [question(&store, &change.order).task], "and what it costs now is what was told");
}

#[test]
fn an_answer_after_days_still_counts_and_one_about_settled_work_does_not() {
    let store = store();
    let mut order = order(&store);
    let asked = question(&store, &order);
    let state = State {
        tasks: vec![asked.task.clone()],
        asked: Some(Asked::Approval),
        at: Some(now() - Duration::days(5)),
        ..State::default()
    };
    let yes = heard(&[Intent::Affirm], Details::default());
    let decision = decide(&situation(&store, &state, &order, vec![]), &yes, now()).unwrap();
    assert_eq!(recorded(&decision.changes).len(), 3);

    for line in LINES {
        let warranty = OperationEdit {
            pay_type: Some(lanekeeper_domain::repair_order::PayType::Warranty),
            ..OperationEdit::default()
        };
        order.edit_operation(&store.charges, line, warranty).unwrap();
    }
    let decision = decide(&situation(&store, &state, &order, vec![]), &yes, now()).unwrap();
    assert!(decision.changes.is_empty() && decision.say.contains(&Act::WorkSettled));
    let decision = decide(&situation(&store, &State::default(), &order, vec![asked]), &yes, now()).unwrap();
    assert!(decision.changes.is_empty(), "a question that no longer stands is not taken up");
}

#[test]
fn who_speaks_of_proposed_work_unasked_is_told_the_amounts_first() {
    let store = store();
    let order = order(&store);
    let details = Details { approved: lines(&["brakes"]), ..Details::default() };
    let go_ahead = heard(&[Intent::Approve], details);
    let decision = decide(&situation(&store, &State::default(), &order, vec![]), &go_ahead, now()).unwrap();
    assert!(decision.changes.is_empty());
    assert!(matches!(decision.say.last(), Some(Act::AskWork { raised: false, .. })), "{:?}", decision.say);
}

/// What comes next: the customer writes, or the workshop changes a price, or asks (again).
#[derive(Debug, Clone)]
enum Step {
    Write(Vec<Intent>, Box<Details>),
    Reprice(&'static str, i64),
    Ask,
}

fn steps() -> impl Strategy<Value = Step> {
    use Intent::{Affirm, Approve, Book, Decline, Goodbye, Negate, Other, Price, Question, Repeat, Status, Thanks};
    let intents = vec![
        Affirm, Affirm, Approve, Approve, Decline, Negate, Price, Question, Status, Thanks, Goodbye, Other, Repeat,
        Book,
    ];
    let some = || subsequence(LINES.to_vec(), 0..=3).prop_map(|these| lines(&these));
    let details = (some(), some(), some()).prop_map(|(approved, declined, mentioned)| {
        let declined: Vec<String> = declined.into_iter().filter(|line| !approved.contains(line)).collect();
        Box::new(Details { approved, declined, mentioned, ..Details::default() })
    });
    prop_oneof![
        4 => (proptest::collection::vec(select(intents), 1..3), details).prop_map(|(intents, details)| Step::Write(intents, details)),
        2 => (select(LINES.to_vec()), 0..50_000_i64).prop_map(|(line, labor)| Step::Reprice(line, labor)),
        1 => Just(Step::Ask),
    ]
}

proptest! {
    #[test]
    fn nothing_is_authorized_that_was_not_told(steps in proptest::collection::vec(steps(), 1..16)) {
        let store = store();
        let (mut order, mut state, mut questions) = (order(&store), State::default(), Vec::new());
        let mut told: BTreeMap<String, i64> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Reprice(line, price) => {
                    order.edit_operation(&store.charges, line, labor(price, None)).unwrap();
                }
                Step::Ask => {
                    questions.push(question(&store, &order));
                    told.extend(order.open_lines().map(|line| (line.name.clone(), store.charges.amount(line))));
                }
                Step::Write(intents, details) => {
                    let situation = situation(&store, &state, &order, std::mem::take(&mut questions));
                    let Ok(decision) = decide(&situation, &heard(&intents, *details), now()) else { continue };
                    for (line, authorized, amount) in recorded(&decision.changes) {
                        prop_assert!(!authorized || told.get(&line).is_some_and(|told| *told >= amount), "{line} {amount} {told:?}");
                        prop_assert_eq!(amount, store.charges.amount(order.operation(&line).unwrap()));
                    }
                    prop_assert!(decision.say.iter().filter(|act| act.asks()).count() <= 1, "{:?}", decision.say);
                    let text = phrases::render(&decision.say, &store, Language::Zh, now());
                    prop_assert!(!text.is_empty() && !text.contains(['{', '}']), "{text}");
                    for change in &decision.changes {
                        if let Change::Order(change) = change {
                            order = RepairOrder { version: order.version + 1, ..change.order.clone() };
                        }
                    }
                    for act in &decision.say {
                        let (Act::AskWork { lines, .. } | Act::AskRestOfWork { lines } | Act::RemindOfWork { lines }) = act else { continue };
                        told.extend(lines.iter().map(|line| (line.name.clone(), line.amount)));
                    }
                    state = decision.state;
                    if decision.changes.iter().any(|change| matches!(change, Change::HandOver(_))) {
                        break;
                    }
                }
            }
            for line in &order.operations {
                let agreed = line.authorization == Authorization::Authorized;
                prop_assert!(!agreed || line.authorized_amount >= Some(store.charges.amount(line)));
            }
        }
    }
}
