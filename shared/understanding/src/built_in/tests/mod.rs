//! Messages as customers write them, and what must be understood. A line of `*.txt` is
//!
//! ```text
//! [asked] message => first intent, other intent; detail = value; …
//! ```
//!
//! A detail of `-` is not there, and `not = intent` is not wanted. `lakeside` is the store of the English and Spanish messages,
//! `hubin` of the Chinese ones.

mod consent;
mod invariants;
mod ratings;

use super::understand;
use chrono::NaiveDateTime;
use lanekeeper_domain::{
    Language,
    menu::Service,
    understanding::{Asked, Context, Named, Understanding},
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Store {
    services: Vec<Service>,
}

pub(super) fn menu(store: &str) -> Vec<Service> {
    let json = match store {
        "lakeside" => include_str!("../../../../../demo/stores/lakeside.json"),
        _ => include_str!("../../../../../demo/stores/hubin.json"),
    };
    serde_json::from_str::<Store>(json).unwrap().services
}

/// Friday morning; what is offered is on Monday: 9:00, 11:30 and 15:00.
pub(super) fn context(language: Language, asked: Option<Asked>) -> Context {
    let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    let offered = match asked {
        Some(Asked::Opening | Asked::Appointment) => {
            vec![at("2026-11-23 09:00"), at("2026-11-23 11:30"), at("2026-11-23 15:00")]
        }
        _ => Vec::new(),
    };
    let advisor = |id: &str, name: &str| Named { id: id.to_owned(), name: name.to_owned() };
    let advisors = vec![advisor("jo", "Jo Keller"), advisor("marta", "Marta Ruiz"), advisor("lin", "林芳")];
    Context { now: at("2026-11-20 10:00"), language, asked, offered, advisors, ..Context::default() }
}

fn in_words(understanding: &Understanding, detail: &str) -> String {
    let json = serde_json::to_value(understanding).unwrap();
    let value = match detail {
        "mood" | "language" => json[detail].clone(),
        "car" => {
            let car = &json["details"]["vehicle"];
            let parts = ["year", "make", "model"].map(|part| match &car[part] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            return parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        }
        "plate" | "vin" | "mileage" => json["details"]["vehicle"][detail].clone(),
        "nth" => json["details"]["choice"]["nth"].clone(),
        _ => json["details"][detail].clone(),
    };
    match value {
        Value::String(text) => text,
        Value::Null => "-".to_owned(),
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("+"),
        other => other.to_string(),
    }
}

/// What is wrong with the understanding of one line, if anything.
fn fault(line: &str, language: Language, menu: &[Service]) -> Option<String> {
    let (said, expected) = line.rsplit_once("=>").unwrap();
    let (asked, text) = match said.trim().strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((asked, text)) => (Some(serde_json::from_value(Value::from(asked)).unwrap()), text.trim()),
        None => (None, said.trim()),
    };
    let understanding = understand(text, &context(language, asked), menu);
    let mut parts = expected.split(';').map(str::trim);
    let wanted: Vec<_> = parts
        .next()
        .unwrap()
        .split(',')
        .map(|name| serde_json::from_value(Value::from(name.trim())).unwrap())
        .collect();
    let first_is_right = understanding.first() == wanted.first().copied();
    let mut faults: Vec<String> = Vec::new();
    if !first_is_right || !wanted.iter().all(|&intent| understanding.wants(intent)) {
        faults.push(format!("wants {:?}", understanding.intents));
    }
    for part in parts {
        let (detail, value) = part.split_once('=').unwrap();
        if detail.trim() == "not" {
            let unwanted = serde_json::from_value(Value::from(value.trim())).unwrap();
            if understanding.confidence(unwanted) >= 0.5 {
                faults.push(format!("wants {:?}", understanding.intents));
            }
            continue;
        }
        let found = in_words(&understanding, detail.trim());
        if found != value.trim() {
            faults.push(format!("{} {found}", detail.trim()));
        }
    }
    (!faults.is_empty()).then(|| format!("{line}\n      {}", faults.join(", ")))
}

fn check(lines: &str, language: Language, store: &str) {
    let menu = menu(store);
    let lines: Vec<&str> = lines.lines().filter(|line| line.contains("=>")).collect();
    let faults: Vec<String> = lines.iter().filter_map(|line| fault(line, language, &menu)).collect();
    assert!(faults.is_empty(), "{} of {} misunderstood:\n{}", faults.len(), lines.len(), faults.join("\n"));
}

#[test]
fn understands_english() {
    check(include_str!("en.txt"), Language::En, "lakeside");
}

#[test]
fn understands_spanish() {
    check(include_str!("es.txt"), Language::Es, "lakeside");
}

#[test]
fn understands_chinese() {
    check(include_str!("zh.txt"), Language::Zh, "hubin");
}
