//! What the AI made of a message: what it understood, how sure it was, and what that led to.

use crate::words::Words;
use lanekeeper_domain::Store;
use lanekeeper_storage::inbox::Turn;
use maud::{Markup, html};
use serde_json::Value;

/// A line that opens to the whole of it.
pub fn understood(turn: &Turn, store: &Store, words: Words) -> Markup {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (heard, said) = (parse(&turn.understanding), parse(&turn.said));
    let model = turn.model.as_deref().map(parse);
    let intents: Vec<&Value> = heard["intents"].as_array().into_iter().flatten().collect();
    let sure = |intent: &Value| format!("{:.0}\u{a0}%", intent["confidence"].as_f64().unwrap_or_default() * 100.0);
    let first = intents.first().map_or_else(|| words.say("understood_nothing"), |intent| name(words, intent));
    let unsure = intents.first().is_none_or(|intent| intent["confidence"].as_f64().unwrap_or_default() < 0.6);
    let source =
        if heard["source"] == "model" { words.say("understood_model") } else { words.say("understood_built_in") };
    let details: Vec<(String, String)> = heard["details"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.replace('_', " "), shown(value, store, words)))
        .collect();
    let acts: Vec<String> = said.as_array().into_iter().flatten().map(act).collect();
    html! {
        details.understood {
            summary { span.mark-ai { "AI" } (first) @if let Some(intent) = intents.first() { span.soft.unsure[unsure] { (sure(intent)) } } }
            dl.facts {
                @if intents.len() > 1 {
                    dt { (words.say("understood_intents")) }
                    dd { @for (place, intent) in intents.iter().enumerate() { @if place > 0 { ", " } (name(words, intent)) " " span.soft { (sure(intent)) } } }
                }
                @for (key, value) in &details { dt { (key) } dd { (value) } }
                dt { (words.say("understood_mood")) }
                dd { (words.say(&format!("mood_{}", heard["mood"].as_str().unwrap_or("calm")))) }
                dt { (words.say("understood_source")) }
                dd { (source) @if let Some(outcome) = model.as_ref().and_then(|model| model["outcome"].as_str()) { " (" (outcome) ")" } ", " (turn.elapsed_ms) " ms" }
                dt { (words.say("understood_said")) }
                dd { @if acts.is_empty() { (words.say("understood_silent")) } @else { (acts.join(", ")) } }
            }
        }
    }
}

fn name(words: Words, intent: &Value) -> &str {
    let name = intent["name"].as_str().unwrap_or_default();
    match words.say(&format!("intent_{name}")) {
        "" => name,
        said => said,
    }
}

/// An act by its name: acts are the rules' own words for what they decided.
fn act(act: &Value) -> String {
    let name = match act {
        Value::String(name) => name.as_str(),
        Value::Object(fields) => fields.keys().next().map_or("", String::as_str),
        _ => "",
    };
    name.replace('_', " ")
}

/// A detail in one line; ids of menu items by the names that people use.
fn shown(value: &Value, store: &Store, words: Words) -> String {
    match value {
        Value::String(text) => store
            .services
            .iter()
            .find(|service| service.id == *text)
            .map_or_else(|| text.clone(), |service| service.name(words.language).to_owned()),
        Value::Array(items) => items.iter().map(|item| shown(item, store, words)).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| format!("{} {}", key.replace('_', " "), shown(value, store, words)))
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    }
}
