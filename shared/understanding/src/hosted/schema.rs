//! The form that a model fills in, as a JSON schema. It is written once; each protocol gets it in its own dialect.
//!
//! It is the same for every store, so that endpoints can compile and cache it: services are therefore a string and not
//! an enumeration of the menu's ids. What comes back is checked in any case.

use lanekeeper_domain::understanding::{Intent, Mood, PartOfDay};
use lanekeeper_domain::{Language, Transport};
use serde_json::{Map, Value, json};

/// What the form is called towards an endpoint.
pub const FORM: &str = "customer_message";

/// Every intent but those that only rules find, with the words that tell it from its neighbours where its name does not.
pub const INTENTS: [(Intent, &str); 27] = [
    (Intent::Book, "wants an appointment, or has a fault to be looked at"),
    (Intent::Reschedule, "move an appointment"),
    (Intent::Cancel, "cancel an appointment"),
    (Intent::Waitlist, "be told when an earlier or any time becomes free"),
    (Intent::LeaveWaitlist, "no longer wait for such a time"),
    (Intent::Status, "how their car is getting on"),
    (Intent::Price, ""),
    (Intent::Hours, ""),
    (Intent::Location, ""),
    (Intent::Question, "any other question about service"),
    (Intent::Sales, "buy, sell or lease a car"),
    (Intent::Approve, "agree to proposed extra work"),
    (Intent::Decline, "refuse proposed extra work"),
    (Intent::Affirm, "yes"),
    (Intent::Negate, "no"),
    (Intent::Choose, "pick one of what was offered"),
    (Intent::Details, "give a particular that was asked for"),
    (Intent::Complaint, ""),
    (Intent::Human, "talk to a person"),
    (Intent::OptOut, "no more messages at all"),
    (Intent::OptIn, "messages again"),
    (Intent::Help, "how this works"),
    (Intent::Greeting, ""),
    (Intent::Thanks, ""),
    (Intent::Goodbye, ""),
    (Intent::Repeat, "say it again"),
    (Intent::Other, ""),
];

/// The form with every particular optional: a model that may leave out what was not said answers sooner.
pub fn with_optional_fields() -> Value {
    let text = |description: &str| json!({"type": "string", "description": description});
    let date = || text("YYYY-MM-DD");
    let time = || text("HH:MM");
    let whole = || json!({"type": "integer"});
    let list = |items: Value| json!({"type": "array", "items": items});
    let one_of = |values: Vec<Value>| json!({"type": "string", "enum": values});

    let intent = object(
        &["name", "confidence"],
        &json!({
            "name": one_of(INTENTS.iter().map(|(intent, _)| json!(intent)).collect()),
            "confidence": {"type": "number", "description": "0 to 1"},
        }),
    );
    let when = object(
        &[],
        &json!({
            "date": date(),
            "date_end": text("last day of a range"),
            "not_dates": list(date()),
            "time": time(),
            "time_after": time(),
            "time_before": time(),
            "part_of_day": one_of(
                [PartOfDay::Morning, PartOfDay::Midday, PartOfDay::Afternoon, PartOfDay::Evening, PartOfDay::Night]
                    .iter().map(|part| json!(part)).collect()
            ),
            "soonest": {"type": "boolean"},
        }),
    );
    let vehicle = object(
        &[],
        &json!({
            "year": whole(),
            "make": text("Latin spelling"),
            "model": text("usual spelling"),
            "plate": text("as written"),
            "vin": text("as written"),
            "mileage": whole(),
        }),
    );
    object(
        &["intents", "language", "mood"],
        &json!({
            "intents": list(intent),
            "language": one_of(Language::ALL.iter().map(|language| json!(language)).collect()),
            "mood": one_of([Mood::Happy, Mood::Calm, Mood::Upset, Mood::Angry].iter().map(|mood| json!(mood)).collect()),
            "when": when,
            "service": text("id from the menu"),
            "more_services": list(text("id from the menu")),
            "concern": text("what is wrong with the car, in the customer's own words"),
            "vehicle": vehicle,
            "name": text("the customer's name, as written"),
            "phone": text("as written"),
            "adds": {"type": "boolean", "description": "the work comes on top of work named before"},
            "transport": one_of(Transport::ALL.iter().map(|transport| json!(transport)).collect()),
            "address": text("where to fetch the car, as written"),
            "advisor": text("the advisor asked for, as written"),
            "choice": text("number of the offered item, or: last, earliest, latest, any"),
            "approved": list(whole()),
            "declined": list(whole()),
            "mentioned": list(whole()),
        }),
    )
}

/// The form as strict structured outputs want it: every property required, and null where nothing was said.
pub fn with_nullable_fields() -> Value {
    strict(with_optional_fields())
}

/// The form's outline in a line, for servers that ignore the schema beside the prompt.
pub fn outline(schema: &Value) -> String {
    if let Some(properties) = schema["properties"].as_object() {
        let fields: Vec<_> =
            properties.iter().map(|(name, property)| format!("{name:?}:{}", outline(property))).collect();
        return format!("{{{}}}", fields.join(","));
    }
    match schema["type"].as_str() {
        Some("array") => format!("[{}]", outline(&schema["items"])),
        simple => simple.unwrap_or_default().to_owned(),
    }
}

fn object(required: &[&str], properties: &Value) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn strict(mut schema: Value) -> Value {
    if let Some(items) = schema.get_mut("items") {
        *items = strict(items.take());
    }
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| required.as_array().is_some_and(|names| names.iter().any(|each| each == name));
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let all: Map<String, Value> = std::mem::take(properties)
            .into_iter()
            .map(|(name, property)| {
                let property = strict(property);
                let property = if is_required(&name) { property } else { nullable(property) };
                (name, property)
            })
            .collect();
        let names: Vec<_> = all.keys().cloned().collect();
        *properties = all;
        schema["required"] = json!(names);
    }
    schema
}

fn nullable(mut schema: Value) -> Value {
    if schema["type"] == "object" {
        return json!({"anyOf": [schema, {"type": "null"}]});
    }
    schema["type"] = json!([schema["type"], "null"]);
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_intent_is_on_the_form() {
        let by_rule = |name: &str| matches!(name, "mute" | "unmute");
        let complaint = serde_json::from_value::<Intent>(json!("?")).unwrap_err().to_string();
        let known: Vec<_> = complaint.split('`').skip(3).step_by(2).filter(|name| !by_rule(name)).collect();
        let listed: Vec<_> = INTENTS.iter().map(|(intent, _)| json!(intent)).collect();
        assert_eq!(listed, known, "serde names every variant in: {complaint}");
    }

    /// The rules of `OpenAI`'s structured outputs: objects are closed, and every property is required.
    fn assert_strict(schema: &Value) {
        if let Some(properties) = schema["properties"].as_object() {
            assert_eq!(schema["additionalProperties"], false);
            assert_eq!(schema["required"], json!(properties.keys().collect::<Vec<_>>()));
            properties.values().for_each(assert_strict);
        }
        schema["anyOf"].as_array().into_iter().flatten().chain(schema.get("items")).for_each(assert_strict);
    }

    #[test]
    fn the_strict_form_requires_everything_and_allows_null_for_what_was_not_said() {
        let form = with_nullable_fields();
        assert_strict(&form);
        let properties = &form["properties"];
        assert_eq!(properties["mood"]["type"], "string", "always there");
        assert_eq!(properties["name"]["type"], json!(["string", "null"]));
        assert_eq!(properties["when"]["anyOf"][1], json!({"type": "null"}));
        let part_of_day = &properties["when"]["anyOf"][0]["properties"]["part_of_day"];
        assert_eq!(part_of_day["type"], json!(["string", "null"]));
        assert_eq!(part_of_day["enum"], json!(["morning", "midday", "afternoon", "evening", "night", null]));
    }

    #[test]
    fn the_outline_names_every_field() {
        let outline = outline(&with_optional_fields());
        for part in
            ["\"intents\":[{", "\"confidence\":number", "\"when\":{", "\"not_dates\":[string]", "\"choice\":string"]
        {
            assert!(outline.contains(part), "{part} is not in {outline}");
        }
    }

    #[test]
    fn the_relaxed_form_requires_only_what_is_always_there() {
        let form = with_optional_fields();
        assert_eq!(form["required"], json!(["intents", "language", "mood"]));
        assert_eq!(form["properties"]["when"]["required"], json!([]));
        assert!(!form.to_string().contains("null"));
    }
}
