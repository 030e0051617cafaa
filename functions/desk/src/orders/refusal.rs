//! Why an order cannot be changed so, in plain words.

use crate::words::Words;
use lanekeeper_conversation::phrases;
use lanekeeper_domain::Store;
use lanekeeper_domain::repair_order::Refusal;

/// The refusal as a sentence.
pub fn refusal(words: Words, store: &Store, refusal: &Refusal) -> String {
    let about = |key: &str, name: &str| words.fill(key, &[("name", name)]);
    match refusal {
        Refusal::Field { field, .. } => {
            let label = words.say(&format!("field_{}", field.split(['[', '.']).next().unwrap_or_default()));
            let label = if label.is_empty() { field.as_str() } else { label };
            format!("{label}: {}", words.say("input_wrong"))
        }
        Refusal::Stage { from, to } => {
            words.fill("orders_no_stage", &[("from", words.stage(*from)), ("to", words.stage(*to))])
        }
        Refusal::Closed => words.say("orders_is_closed").to_owned(),
        Refusal::Unanswered(name) => about("orders_unanswered", name),
        Refusal::Unauthorized(name) => about("orders_unauthorized", name),
        Refusal::NoOperation(_) => words.say("orders_no_line").to_owned(),
        Refusal::NotAsked(name) => about("orders_not_asked", name),
        Refusal::Amount { name, told, amount } => words.fill(
            "orders_other_amount",
            &[("name", name), ("told", &phrases::money(store, *told)), ("amount", &phrases::money(store, *amount))],
        ),
        Refusal::Started(name) => about("orders_started", name),
        Refusal::NothingToPropose => words.say("orders_nothing_to_ask").to_owned(),
    }
}
