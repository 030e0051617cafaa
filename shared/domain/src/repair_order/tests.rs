use super::*;
use crate::Store;
use chrono::{Duration, NaiveDateTime};
use proptest::prelude::*;

fn part(quantity: i64, unit_price: i64) -> Part {
    Part { number: None, name: "pad".to_owned(), quantity, unit_price }
}

fn operation(id: &str, labor: i64, parts: Vec<Part>) -> Operation {
    Operation { id: id.to_owned(), name: id.to_owned(), labor, parts, ..Operation::default() }
}

/// 8.25 % on parts, 5 % on labor, a shop fee of 10 % up to 30.00, taxed with 8.25 %.
fn charges() -> Charges {
    Charges { fee_rate: 1000, fee_cap: Some(3000), labor_tax: 500, parts_tax: 825, fee_tax: 825 }
}

/// An order in the shop with brakes (234.00 with tax) and wipers (38.97 with tax), both put to the customer.
fn asked() -> RepairOrder {
    let mut order = RepairOrder { stage: Stage::Evaluation, ..RepairOrder::default() };
    let edit = |name: &str, labor, parts| OperationEdit {
        name: Some(name.to_owned()),
        labor: Some(labor),
        parts: Some(parts),
        ..OperationEdit::default()
    };
    order.add_operation(&charges(), "brakes", edit("brakes", 12_000, vec![part(2000, 4986)])).unwrap();
    order.add_operation(&charges(), "wipers", edit("wipers", 0, vec![part(2000, 1800)])).unwrap();
    order.propose(&charges(), None).unwrap();
    order
}

fn price(labor: i64) -> OperationEdit {
    OperationEdit { labor: Some(labor), ..OperationEdit::default() }
}

fn progress(progress: Progress) -> OperationEdit {
    OperationEdit { progress: Some(progress), ..OperationEdit::default() }
}

fn yes(operation: &str, amount: i64) -> Verdict {
    Verdict { operation: operation.to_owned(), authorized: true, amount }
}

fn no(operation: &str) -> Verdict {
    Verdict { authorized: false, ..yes(operation, 0) }
}

#[test]
fn what_is_printed_adds_up() {
    let totals = charges().totals([&operation("brakes", 12_000, vec![part(2000, 4986), part(500, 333)])]);
    // 0.5 × 3.33 is 1.67; tax: 5 % of 120.00 and 8.25 % of 101.39, which is 8.36.
    let line = LineTotal { operation: "brakes".into(), labor: 12_000, parts: 10_139, tax: 600 + 836, amount: 23_575 };
    assert_eq!(totals.lines, [line]);
    // 10 % of 221.39 is 22.14, and 8.25 % tax on that 1.83.
    assert_eq!((totals.fees, totals.tax, totals.total), (2214, 600 + 836 + 183, 22_139 + 2214 + 1619));
    let large = charges().totals([&operation("engine", 500_000, vec![])]);
    assert_eq!(large.fees, 3000, "the cap");
}

#[test]
fn others_pay_for_warranty_and_internal_work() {
    for pay_type in [PayType::Warranty, PayType::Internal, PayType::Manufacturer, PayType::Dealer] {
        let free = Operation { pay_type, ..operation("recall", 12_000, vec![part(1000, 5000)]) };
        assert_eq!(charges().totals([&free]).total, 0, "{pay_type:?}");
        assert!(free.may_start(&charges()));
    }
    let sublet = Operation { pay_type: PayType::Sublet, ..operation("glass", 12_000, vec![]) };
    assert_eq!(charges().amount(&sublet), 12_600);
}

#[test]
fn work_may_not_start_without_the_customers_word() {
    let mut order = asked();
    assert_eq!(order.stage, Stage::AwaitingCustomerAuthorization);
    let refused = order.edit_operation(&charges(), "brakes", progress(Progress::InProgress));
    assert_eq!(refused, Err(Refusal::Unauthorized("brakes".to_owned())));
    let event = order.decide(&charges(), &[yes("brakes", 23_395), no("wipers")], Method::TextMessage).unwrap();
    let Event::Decided { rulings, total, .. } = event else { panic!("{event:?}") };
    let told: Vec<_> = rulings.iter().map(|ruling| (ruling.line.amount, ruling.authorized)).collect();
    assert_eq!(told, [(23_395, true), (3897, false)]);
    assert_eq!(total, order.totals(&charges()).total);
    assert_eq!(order.stage, Stage::WorkInProgress, "nothing is waited for any more");
    order.edit_operation(&charges(), "brakes", progress(Progress::InProgress)).unwrap();
    let declined = order.edit_operation(&charges(), "wipers", progress(Progress::InProgress));
    assert_eq!(declined, Err(Refusal::Unauthorized("wipers".to_owned())));
}

#[test]
fn a_higher_price_asks_again_and_a_lower_one_does_not() {
    let mut order = asked();
    order.decide(&charges(), &[yes("brakes", 23_395), no("wipers")], Method::VerbalPhone).unwrap();
    order.edit_operation(&charges(), "brakes", progress(Progress::InProgress)).unwrap();
    let lower = order.edit_operation(&charges(), "brakes", price(10_000)).unwrap();
    assert!(matches!(lower, Event::OperationChanged { asks_again: false, .. }));
    let up_to_what_was_agreed = order.edit_operation(&charges(), "brakes", price(12_000)).unwrap();
    assert!(matches!(up_to_what_was_agreed, Event::OperationChanged { asks_again: false, .. }));
    let higher = order.edit_operation(&charges(), "brakes", price(12_100)).unwrap();
    assert!(matches!(higher, Event::OperationChanged { asks_again: true, .. }));
    let brakes = order.operation("brakes").unwrap();
    assert_eq!((brakes.authorization, brakes.progress), (Authorization::Requested, Progress::OnHold));
    let refused = order.edit_operation(&charges(), "brakes", progress(Progress::Completed));
    assert_eq!(refused, Err(Refusal::Unauthorized("brakes".to_owned())));
    assert_eq!(order.stage, Stage::AwaitingCustomerAuthorization);
}

#[test]
fn a_yes_counts_only_for_an_amount_that_was_told() {
    let mut order = asked();
    order.edit_operation(&charges(), "brakes", price(13_000)).unwrap();
    let old_price = order.decide(&charges(), &[no("wipers"), yes("brakes", 23_395)], Method::SmsTextLink);
    assert!(matches!(old_price, Err(Refusal::Amount { told: 23_395, amount: 24_445, .. })));
    assert_eq!(order.open_lines().count(), 2, "all or nothing");
    order.edit_operation(&charges(), "brakes", price(11_000)).unwrap();
    order.decide(&charges(), &[yes("brakes", 23_395)], Method::SmsTextLink).unwrap();
    assert_eq!(order.operation("brakes").unwrap().authorized_amount, Some(22_345), "what it costs now");
    let twice = order.decide(&charges(), &[yes("brakes", 23_395)], Method::SmsTextLink);
    assert_eq!(twice, Err(Refusal::NotAsked("brakes".to_owned())));
}

#[test]
fn what_was_warranty_and_is_not_needs_the_customers_word() {
    let mut order = asked();
    let warranty = OperationEdit { pay_type: Some(PayType::Warranty), ..OperationEdit::default() };
    order.edit_operation(&charges(), "brakes", warranty).unwrap();
    assert_eq!(order.operation("brakes").unwrap().authorization, Authorization::NotRequired);
    let theirs = OperationEdit { pay_type: Some(PayType::CustomerPay), ..OperationEdit::default() };
    let event = order.edit_operation(&charges(), "brakes", theirs).unwrap();
    assert!(matches!(event, Event::OperationChanged { asks_again: true, .. }));
}

#[test]
fn stages_follow_one_another() {
    let mut order = asked();
    let to = |stage| OrderEdit { stage: Some(stage), ..OrderEdit::default() };
    assert_eq!(order.edit(to(Stage::Completed)), Err(Refusal::Unanswered("brakes".to_owned())));
    order.decide(&charges(), &[no("brakes"), no("wipers")], Method::VerbalPhone).unwrap();
    let delivered = Err(Refusal::Stage { from: Stage::WorkInProgress, to: Stage::VehicleDelivered });
    assert_eq!(order.edit(to(Stage::VehicleDelivered)), delivered);
    for stage in [Stage::PartsOrdered, Stage::WorkInProgress, Stage::Completed, Stage::VehicleDelivered] {
        order.edit(to(stage)).unwrap();
    }
    assert_eq!(order.edit(OrderEdit { advisor: Some(None), ..OrderEdit::default() }), Err(Refusal::Closed));
    assert_eq!(order.propose(&charges(), None), Err(Refusal::Closed));
    order.edit(to(Stage::ReOpen)).unwrap();
    for stage in Stage::ALL {
        assert_eq!(Stage::from_name(stage.as_str()), Some(stage));
        assert!(!stage.may_become(stage));
        assert_eq!(serde_json::to_value(stage).unwrap(), stage.as_str());
    }
}

#[test]
fn refusals_name_the_field_and_change_nothing() {
    let mut order = asked();
    let before = order.clone();
    let mut field = |edit: &str| {
        let edit: OrderEdit = serde_json::from_str(edit).unwrap();
        let refusal = order.edit(edit).unwrap_err().to_string();
        assert_eq!(order, before);
        refusal.split(':').next().unwrap().to_owned()
    };
    assert_eq!(field(r#"{"vin": "1M8GDM9AXKP042789", "advisor": "Pat"}"#), "vin");
    assert_eq!(field(r#"{"mileage_in": 3000000}"#), "mileage_in");
    assert_eq!(field(r#"{"mileage_in": 20, "mileage_out": 19}"#), "mileage_out");
    assert_eq!(
        field(r#"{"notes": [{"text": "ok", "audience": "internal"}, {"text": " ", "audience": "customer"}]}"#),
        "notes[1].text"
    );
    assert_eq!(field(r#"{"photos": [{"url": "javascript:alert(1)"}]}"#), "photos[0].url");
    let mut field = |edit: OperationEdit| order.edit_operation(&charges(), "brakes", edit).unwrap_err().to_string();
    assert!(field(price(-1)).starts_with("labor:"));
    let parts = OperationEdit { parts: Some(vec![part(1000, 1), part(0, 1)]), ..OperationEdit::default() };
    assert!(field(parts).starts_with("parts[1].quantity:"));
    assert_eq!(order, before);
}

#[test]
fn an_unverified_vin_is_marked() {
    let mut order = asked();
    order.set_vin(Some("1m8gdm9axkp042788"), false).unwrap();
    assert_eq!((order.vin.as_deref(), order.vin_status), (Some("1M8GDM9AXKP042788"), VinStatus::Verified));
    order.set_vin(Some("WVWZZZ1JZXW000001"), true).unwrap();
    assert_eq!(order.vin_status, VinStatus::Unverified);
    order.set_vin(None, false).unwrap();
    assert_eq!((order.vin.as_deref(), order.vin_status), (None, VinStatus::Unknown));
    assert!(order.set_vin(Some("short"), true).is_err(), "no excuse for what is no VIN at all");
}

#[test]
fn null_empties_a_field_and_absence_leaves_it() {
    let mut order = asked();
    order.edit(serde_json::from_str(r#"{"waiting_for": "brake pads", "advisor": "Pat"}"#).unwrap()).unwrap();
    order.edit(serde_json::from_str(r#"{"waiting_for": null}"#).unwrap()).unwrap();
    assert_eq!((order.waiting_for, order.advisor.as_deref()), (None, Some("Pat")));
}

#[test]
fn silence_reminds_and_then_tells_the_advisor_in_the_stores_hours() {
    let store: Store = serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap();
    let at = |text: &str| store.instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()).unwrap();
    let mut order = asked();
    order.wait_for_answer(&store, at("2026-11-20 10:00"));
    assert_eq!(order.nudge(at("2026-11-20 10:59")), None);
    assert_eq!(order.nudge(at("2026-11-20 11:00")), Some(Nudge::Remind));
    order.wait_for_answer(&store, at("2026-11-20 10:30"));
    assert_eq!(order.nudge_at, Some(at("2026-11-20 11:00")), "no other change puts it off");
    order.followed_up(&store, at("2026-11-20 20:30"));
    assert_eq!(order.nudge_at, Some(at("2026-11-21 08:00")), "half past nine in the evening is no time to text");
    assert_eq!(order.nudge(at("2026-11-21 08:00")), Some(Nudge::TellAdvisor));
    order.decide(&charges(), &[no("brakes"), no("wipers")], Method::TextMessage).unwrap();
    assert_eq!(order.nudge(at("2026-11-21 08:00") + Duration::days(1)), None);
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let parts = proptest::collection::vec((1..50_000_i64, 0..500_000_i64), 0..5);
    let one = (0..1_000_000_i64, parts, 0..6_usize).prop_map(|(labor, parts, payer)| {
        use PayType::{CustomerPay, Dealer, Internal, Manufacturer, Sublet, Warranty};
        let pay_type = [CustomerPay, Sublet, Warranty, Internal, Manufacturer, Dealer][payer];
        let parts = parts.into_iter().map(|(quantity, price)| part(quantity, price)).collect();
        Operation { pay_type, ..operation("any", labor, parts) }
    });
    proptest::collection::vec(one, 0..6)
}

fn any_charges() -> impl Strategy<Value = Charges> {
    let rate = || 0..=10_000_u32;
    (rate(), proptest::option::of(0..100_000_i64), rate(), rate(), rate()).prop_map(
        |(fee_rate, fee_cap, labor_tax, parts_tax, fee_tax)| Charges {
            fee_rate,
            fee_cap,
            labor_tax,
            parts_tax,
            fee_tax,
        },
    )
}

proptest! {
    #[test]
    fn lines_and_fees_add_up_and_are_never_negative(lines in operations(), charges in any_charges()) {
        let totals = charges.totals(&lines);
        let line_amounts: i64 = totals.lines.iter().map(|line| line.amount).sum();
        let tax_of_lines: i64 = totals.lines.iter().map(|line| line.tax).sum();
        prop_assert_eq!(totals.total, line_amounts + totals.fees + (totals.tax - tax_of_lines));
        prop_assert_eq!(totals.total, totals.labor + totals.parts + totals.fees + totals.tax);
        for line in &totals.lines {
            prop_assert_eq!(line.amount, line.labor + line.parts + line.tax);
            prop_assert!(line.labor >= 0 && line.parts >= 0 && line.tax >= 0);
        }
        prop_assert!(totals.fees >= 0 && totals.tax >= tax_of_lines);
        prop_assert!(charges.fee_cap.is_none_or(|cap| totals.fees <= cap));
        let customers = lines.iter().any(|line| line.pay_type.is_customers());
        prop_assert!(customers || totals.total == 0);
    }

    #[test]
    fn more_work_never_costs_less(mut lines in operations(), charges in any_charges(), more in 0..100_000_i64, at in 0..6_usize) {
        let before = charges.totals(&lines).total;
        let without_last = charges.totals(lines.iter().take(lines.len().saturating_sub(1))).total;
        prop_assert!(without_last <= before);
        if let Some(line) = lines.get_mut(at) {
            line.labor += more;
        }
        prop_assert!(charges.totals(&lines).total >= before);
    }
}

#[test]
fn an_order_begins_with_the_work_that_was_booked() {
    let store: crate::Store = serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap();
    let appointment = crate::appointment::Appointment {
        id: "a1".to_owned(),
        services: ["oil-change", "no-longer-offered", "brakes"].map(str::to_owned).into(),
        opening: crate::openings::Opening::in_bay(1, chrono::DateTime::UNIX_EPOCH, 60),
        transport: None,
        vehicle: None,
        sequence: 0,
    };
    let ids = std::cell::Cell::new(0);
    let new_id = || {
        ids.set(ids.get() + 1);
        ids.get().to_string()
    };
    let order = RepairOrder::of_appointment(&store, &appointment, ("dana", Some("squeaks")), &new_id).unwrap();
    assert_eq!((order.stage, order.appointment.as_deref()), (Stage::VehicleReceived, Some("a1")));
    let lines: Vec<_> =
        order.operations.iter().map(|line| (line.name.as_str(), line.labor, line.complaint.as_deref())).collect();
    assert_eq!(lines, [("Oil change", 7995, Some("squeaks")), ("Brake service", 24900, None)]);
}
