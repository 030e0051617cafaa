//! From what a model filled in to an [`Understanding`]. Nothing of it is trusted: a model errs, invents, and can be talked
//! into things by the very text that it reads. A field that does not hold is dropped; the rest serves.

use super::answer::Failure;
use super::prompt::Question;
use super::words::{cleaned, has_year, names, spells, squeezed};
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{
    Choice, Context, Details, Intent, IntentGuess, Source, Understanding, VehicleMention,
};
use lanekeeper_domain::vehicle::{check_digit, vin};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// More wishes than that in one message are noise.
const MOST_INTENTS: usize = 4;

/// How far ahead a date can be meant.
const DAYS_AHEAD: i64 = 400;

/// The most entries that are taken from a list of days or services.
const MOST_ENTRIES: usize = 5;

/// Characters of a concern: what fits on a repair order's line.
const LONGEST_CONCERN: usize = 300;

/// Characters of a person's name; a longer one is no name.
const LONGEST_NAME: usize = 60;

/// Characters of a make or model.
const LONGEST_MAKE: usize = 30;

/// No car has driven further.
const MOST_MILEAGE: u64 = 2_000_000;

/// What holds of the form. [`Failure::Absurd`] when no known wish is left.
///
/// `opt_out` and `opt_in` never come out of here: consent is too grave for a guess, and for a model that a text may have
/// talked into it. Whoever merges takes them from the built-in understanding alone.
pub fn sanitise(form: &Value, question: &Question<'_>) -> Result<Understanding, Failure> {
    let intents = intents(&form["intents"]);
    if intents.is_empty() {
        return Err(Failure::Absurd);
    }
    let language = form["language"].as_str().and_then(Language::from_code);
    Ok(Understanding {
        language: language.unwrap_or(question.context.language),
        intents,
        details: details(form, question),
        mood: known(&form["mood"]).unwrap_or_default(),
        sensitive: Vec::new(),
        source: Source::Model,
    })
}

/// Known wishes, surest first, each once.
fn intents(list: &Value) -> Vec<IntentGuess> {
    let mut intents: Vec<IntentGuess> = Vec::new();
    for entry in list.as_array().into_iter().flatten() {
        let (Some(name), Some(confidence)) = (known::<Intent>(&entry["name"]), entry["confidence"].as_f64()) else {
            continue;
        };
        let is_consent = matches!(name, Intent::OptOut | Intent::OptIn | Intent::Mute | Intent::Unmute);
        if confidence.is_finite() && !is_consent && intents.iter().all(|guess| guess.name != name) {
            intents.push(IntentGuess { name, confidence: confidence.clamp(0.0, 1.0) as f32 });
        }
    }
    intents.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    intents.truncate(MOST_INTENTS);
    intents
}

fn details(form: &Value, question: &Question<'_>) -> Details {
    let Question { text, context, services } = *question;
    let when = &form["when"];
    let today = context.now.date();
    let date = date(&when["date"], today);
    let (time_after, time_before) = match (time(&when["time_after"]), time(&when["time_before"])) {
        (Some(after), Some(before)) if after > before => (None, None),
        bounds => bounds,
    };

    let service_id = |id: &Value| services.iter().find(|service| id == service.id.as_str()).map(|s| s.id.clone());
    let mut wanted: Vec<String> = Vec::new();
    for id in [&form["service"]].into_iter().chain(entries(&form["more_services"])).filter_map(service_id) {
        if !wanted.contains(&id) {
            wanted.push(id);
        }
    }
    let mut wanted = wanted.into_iter();
    let lines = |field: &str| lines(&form[field], context);
    let (yes, no) = (lines("approved"), lines("declined"));
    let only_in = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|id| !those.contains(id)).cloned().collect()
    };

    Details {
        date,
        date_end: self::date(&when["date_end"], today).filter(|end| date.is_some_and(|start| *end > start)),
        not_dates: entries(&when["not_dates"]).filter_map(|day| self::date(day, today)).collect(),
        time: time(&when["time"]),
        time_after,
        time_before,
        part_of_day: known(&when["part_of_day"]),
        soonest: when["soonest"] == true,
        service: wanted.next(),
        more_services: wanted.collect(),
        concern: concern(&form["concern"], text),
        vehicle: Some(vehicle(&form["vehicle"], question)).filter(|vehicle| !vehicle.is_empty()),
        name: name(&form["name"], text),
        phone: phone(&form["phone"], text),
        choice: choice(&form["choice"], context.offered.len()),
        adds: form["adds"] == true,
        transport: known(&form["transport"]),
        address: address(&form["address"], text),
        advisor: advisor(&form["advisor"], question),
        // What is both agreed to and refused is neither.
        approved: only_in(&yes, &no),
        declined: only_in(&no, &yes),
        mentioned: only_in(&lines("mentioned"), &[yes, no].concat()),
        // What is found by rule is put to it later.
        ..Details::default()
    }
}

/// Ids of the proposed lines with these numbers, each once.
fn lines(list: &Value, context: &Context) -> Vec<String> {
    let numbers: Vec<u64> = list.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    let named = context.proposed.iter().zip(1..).filter(|(_, number)| numbers.contains(number));
    named.map(|(line, _)| line.id.clone()).collect()
}

/// An address that stands in the text.
fn address(value: &Value, text: &str) -> Option<String> {
    let address = cleaned(value.as_str()?, LONGEST_CONCERN);
    let written = !address.is_empty() && squeezed(text).contains(&squeezed(&address));
    written.then_some(address)
}

/// The advisor whose name, or the first word of it, was written.
fn advisor(value: &Value, question: &Question<'_>) -> Option<String> {
    let written = value.as_str()?.trim().to_lowercase();
    let is_called = |name: &str| {
        let name = name.to_lowercase();
        !written.is_empty() && (name == written || name.split_whitespace().next() == Some(written.as_str()))
    };
    question.context.advisors.iter().find(|advisor| is_called(&advisor.name)).map(|advisor| advisor.id.clone())
}

/// A value of one of the domain's enumerations, if it is one.
fn known<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn entries(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten().take(MOST_ENTRIES)
}

fn date(value: &Value, today: NaiveDate) -> Option<NaiveDate> {
    let date: NaiveDate = value.as_str()?.parse().ok()?;
    (today..=today + TimeDelta::days(DAYS_AHEAD)).contains(&date).then_some(date)
}

fn time(value: &Value) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(value.as_str()?, "%H:%M").ok()
}

/// The customer's own words: where the model chose others, the whole message.
fn concern(value: &Value, text: &str) -> Option<String> {
    let concern = value.as_str().filter(|concern| !concern.trim().is_empty())?;
    let words = if spells(text, concern) { concern } else { text };
    Some(cleaned(words, LONGEST_CONCERN)).filter(|words| !words.is_empty())
}

fn name(value: &Value, text: &str) -> Option<String> {
    let name = cleaned(value.as_str()?, LONGEST_NAME + 1);
    let fits = name.chars().count() <= LONGEST_NAME;
    let looks_like_one = name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’' | '-' | '.' | '·'));
    (fits && looks_like_one && names(text, &name)).then_some(name)
}

/// As the customer wrote it, digits only, with a `+` only if they wrote one: a country's code that the model added is a
/// guess.
fn phone(value: &Value, text: &str) -> Option<String> {
    /// Digits that the shortest number has, and that the longest calling code has.
    const FEWEST_DIGITS: usize = 7;
    const CALLING_CODE: usize = 3;
    let digits: String = value.as_str()?.chars().filter(char::is_ascii_digit).collect();
    let text = text.replace(['(', ')', '-', '.', '/', ' ', '\u{a0}'], "");
    let written = (0..=CALLING_CODE)
        .filter_map(|skipped| digits.get(skipped..))
        .find(|rest| rest.len() >= FEWEST_DIGITS && text.contains(rest))?;
    let international = text.contains(&format!("+{written}"));
    (written.len() <= 15).then(|| if international { format!("+{written}") } else { written.to_owned() })
}

fn choice(value: &Value, offered: usize) -> Option<Choice> {
    if offered == 0 {
        return None;
    }
    let nth = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    match (nth, value.as_str()) {
        (Some(nth), _) => u8::try_from(nth).ok().filter(|nth| (1..=offered).contains(&(*nth).into())).map(Choice::Nth),
        (None, Some("last")) => Some(Choice::Last),
        (None, Some("earliest")) => Some(Choice::Earliest),
        (None, Some("latest")) => Some(Choice::Latest),
        (None, Some("any")) => Some(Choice::Any),
        _ => None,
    }
}

/// Make and model may be worked out ("本田", "CRV"); what identifies one car has to be in the text.
fn vehicle(form: &Value, question: &Question<'_>) -> VehicleMention {
    let text = question.text;
    let newest = question.context.now.year() + 2;
    let vin = form["vin"].as_str().and_then(|written| vin(written).ok()).filter(|vin| spells(text, vin));
    VehicleMention {
        year: (form["year"].as_u64())
            .and_then(|year| u16::try_from(year).ok())
            .filter(|year| (1900..=newest).contains(&i32::from(*year)) && has_year(text, *year)),
        make: make(&form["make"]),
        model: make(&form["model"]),
        plate: plate(&form["plate"], text),
        vin_valid: vin.as_deref().map(|vin| check_digit(vin).is_ok()),
        vin,
        mileage: (form["mileage"].as_u64()).filter(|mileage| *mileage <= MOST_MILEAGE).map(|mileage| mileage as u32),
    }
}

fn make(value: &Value) -> Option<String> {
    let make = cleaned(value.as_str()?, LONGEST_MAKE + 1);
    let fits = (1..=LONGEST_MAKE).contains(&make.chars().count());
    let looks_like_one = make.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '\'' | '&' | '/'));
    (fits && looks_like_one).then_some(make)
}

fn plate(value: &Value, text: &str) -> Option<String> {
    let plate = squeezed(value.as_str()?).to_uppercase();
    ((2..=10).contains(&plate.chars().count()) && spells(text, &plate)).then_some(plate)
}

#[cfg(test)]
#[path = "sanitise_tests.rs"]
mod tests;
