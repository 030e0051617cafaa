//! The lines of an order: what is done, for how much, and whether the customer has agreed.

use super::amounts;
use super::sheet::{action, base};
use crate::desk::Desk;
use crate::page::{Kind, Tone, button, chip, field, select};
use crate::words::Words;
use lanekeeper_conversation::phrases;
use lanekeeper_domain::Store;
use lanekeeper_domain::repair_order::{Authorization, Operation, Part, PayType, Progress, RepairOrder};
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_platform::Platform;
use maud::{Markup, html};

/// Who may pay.
const PAYERS: [PayType; 6] = [
    PayType::CustomerPay,
    PayType::Warranty,
    PayType::Internal,
    PayType::Sublet,
    PayType::Manufacturer,
    PayType::Dealer,
];
/// How far the work on a line may be.
const PROGRESS: [Progress; 4] = [Progress::Pending, Progress::InProgress, Progress::OnHold, Progress::Completed];

/// The lines, with what can be done about them.
pub fn card<P: Platform>(desk: &Desk<'_, P>, store: &Store, order: &RepairOrder, open: bool) -> Markup {
    let words = desk.words();
    let drafts: Vec<&Operation> =
        order.operations.iter().filter(|line| line.authorization == Authorization::Draft).collect();
    let to_ask: i64 = drafts.iter().map(|line| store.charges.amount(line)).sum();
    html! {
        section.card {
            h2 { (words.say("orders_work")) }
            @if order.operations.is_empty() { p.soft { (words.say("orders_no_work")) } }
            div.stack { @for line in &order.operations { (self::line(desk, store, order, line, open)) } }
            @if open {
                @if to_ask > 0 {
                    form.propose method="post" action=(action(store, order, "propose")) {
                        (base(desk, order))
                        p { (words.fill("orders_propose_hint", &[("amount", &phrases::money(store, to_ask))])) }
                        (button(Kind::Main, words.say("orders_propose")))
                    }
                }
                (add(desk, store, order))
            }
        }
    }
}

fn line<P: Platform>(desk: &Desk<'_, P>, store: &Store, order: &RepairOrder, line: &Operation, open: bool) -> Markup {
    let words = desk.words();
    let (tone, standing) = standing(line.authorization);
    html! {
        article.order-line {
            div.row.spread {
                h3 { (line.name) @if let Some(code) = &line.op_code { " " small.soft { (code) } } }
                strong.number { (phrases::money(store, store.charges.amount(line))) }
            }
            div.row {
                (chip(tone, words.say(standing)))
                @if line.progress != Progress::Pending { (chip(Tone::Plain, named(words, "progress", &serde_json::json!(line.progress)))) }
                @if line.pay_type != PayType::CustomerPay { (chip(Tone::Plain, named(words, "payer", &serde_json::json!(line.pay_type)))) }
            }
            dl.facts {
                @for (key, text) in [("orders_complaint", &line.complaint), ("orders_cause", &line.cause), ("orders_correction", &line.correction)] {
                    @if let Some(text) = text { dt { (words.say(key)) } dd { (text) } }
                }
                @if line.labor > 0 { dt { (words.say("orders_labor")) } dd { (phrases::money(store, line.labor)) } }
                @for part in &line.parts {
                    dt { (words.say("orders_part")) }
                    dd { (amounts::field(part.quantity, 3)) " × " (part.name) " · " (phrases::money(store, part.amount())) }
                }
            }
            @if open { (edit(desk, store, order, line)) }
        }
    }
}

fn standing(authorization: Authorization) -> (Tone, &'static str) {
    match authorization {
        Authorization::Draft => (Tone::Plain, "authorization_draft"),
        Authorization::NotRequired => (Tone::Plain, "authorization_not_required"),
        Authorization::Requested => (Tone::Warn, "authorization_requested"),
        Authorization::Authorized => (Tone::Good, "authorization_authorized"),
        Authorization::Declined => (Tone::Bad, "authorization_declined"),
    }
}

fn named(words: Words, topic: &str, value: &serde_json::Value) -> &'static str {
    words.say(&format!("{topic}_{}", value.as_str().unwrap_or_default()))
}

fn options(words: Words, topic: &str, values: impl Iterator<Item = serde_json::Value>) -> Vec<(String, String)> {
    values
        .map(|value| (value.as_str().unwrap_or_default().to_owned(), named(words, topic, &value).to_owned()))
        .collect()
}

fn edit<P: Platform>(desk: &Desk<'_, P>, store: &Store, order: &RepairOrder, line: &Operation) -> Markup {
    let words = desk.words();
    let id = |name: &str| format!("{name}-{}", line.id);
    let progress = serde_json::json!(line.progress);
    let path = action(store, order, &format!("lines/{}", line.id));
    html! {
        details.edit-line {
            summary { (words.say("orders_edit_line")) }
            form.stack method="post" action=(path) {
                (base(desk, order))
                (words_of_line(words, line, &id))
                div.row {
                    div.field.third {
                        label for=(id("labor")) { (words.say("orders_labor")) }
                        input id=(id("labor")) name="labor" inputmode="decimal" value=(amounts::field(line.labor, 2)) required;
                    }
                    div.field.third {
                        label for=(id("pay_type")) { (words.say("orders_payer")) }
                        (plain_select(&id("pay_type"), "pay_type", &options(words, "payer", PAYERS.iter().map(|payer| serde_json::json!(payer))), serde_json::json!(line.pay_type).as_str()))
                    }
                    div.field.third {
                        label for=(id("progress")) { (words.say("orders_progress")) }
                        (plain_select(&id("progress"), "progress", &options(words, "progress", PROGRESS.iter().map(|step| serde_json::json!(step))), progress.as_str()))
                    }
                }
                (parts(words, &line.id, &line.parts))
                div.buttons { (button(Kind::Plain, words.say("save"))) }
            }
            @if line.progress == Progress::Pending {
                form method="post" action={ (path) "/remove" } {
                    (base(desk, order))
                    (button(Kind::Danger, words.say("orders_remove_line")))
                }
            }
        }
    }
}

fn words_of_line(words: Words, line: &Operation, id: &dyn Fn(&str) -> String) -> Markup {
    html! {
        div.field {
            label for=(id("name")) { (words.say("orders_line_name")) }
            input id=(id("name")) name="name" value=(line.name) maxlength="80" required autocomplete="off";
        }
        @for (name, key, text) in [("complaint", "orders_complaint", &line.complaint), ("cause", "orders_cause", &line.cause), ("correction", "orders_correction", &line.correction)] {
            div.field {
                label for=(id(name)) { (words.say(key)) }
                textarea id=(id(name)) name=(name) rows="2" maxlength="1000" { (text.as_deref().unwrap_or_default()) }
            }
        }
    }
}

fn plain_select(id: &str, name: &str, options: &[(String, String)], chosen: Option<&str>) -> Markup {
    html! {
        select id=(id) name=(name) {
            @for (value, label) in options { option value=(value) selected[chosen == Some(value)] { (label) } }
        }
    }
}

/// The parts that a line has, and an empty row for one more.
fn parts(words: Words, line: &str, known: &[Part]) -> Markup {
    let rows = known.iter().map(Some).chain(std::iter::once(None)).enumerate();
    html! {
        fieldset.stack {
            legend { (words.say("orders_parts")) }
            @for (place, part) in rows {
                div.row.part-row {
                    @for (name, key, value) in [
                        ("part_name", "orders_part", part.map(|part| part.name.clone())),
                        ("part_number", "orders_part_number", part.and_then(|part| part.number.clone())),
                        ("part_quantity", "orders_quantity", part.map(|part| amounts::field(part.quantity, 3))),
                        ("part_price", "orders_unit_price", part.map(|part| amounts::field(part.unit_price, 2))),
                    ] {
                        div.field.third {
                            label for={ (name) "-" (line) "-" (place) } { (words.say(key)) }
                            input id={ (name) "-" (line) "-" (place) } name=(name) value=[value] maxlength="80" autocomplete="off";
                        }
                    }
                }
            }
        }
    }
}

fn add<P: Platform>(desk: &Desk<'_, P>, store: &Store, order: &RepairOrder) -> Markup {
    let words = desk.words();
    let class = order.vehicle.as_ref().and_then(Vehicle::class);
    let mut menu = vec![(String::new(), words.say("orders_not_on_menu").to_owned())];
    menu.extend(store.services.iter().map(|service| {
        let price = service.price_for(class).map(|price| format!(" · {}", phrases::money(store, price.amount)));
        (service.id.clone(), format!("{}{}", service.name(words.language), price.unwrap_or_default()))
    }));
    html! {
        details.edit-line open[order.operations.is_empty()] {
            summary { (words.say("orders_add_line")) }
            form.stack method="post" action=(action(store, order, "lines")) {
                (base(desk, order))
                (field("service", words.say("field_service"), None, &select("service", &menu, "")))
                (field("line_name", words.say("orders_line_name"), Some(words.say("orders_line_name_hint")), &html! {
                    input #field-line_name name="name" maxlength="80" autocomplete="off";
                }))
                (field("cause", words.say("orders_cause"), None, &html! { textarea #field-cause name="cause" rows="2" maxlength="1000" {} }))
                (field("labor", words.say("orders_labor"), None, &html! { input #field-labor name="labor" inputmode="decimal" autocomplete="off"; }))
                (parts(words, "new", &[]))
                (button(Kind::Plain, words.say("orders_add_line")))
            }
        }
    }
}
