//! Cars as people mention them: year, make, model.

use super::text::{self, Boundary, Token};
use lanekeeper_domain::understanding::VehicleMention;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

/// A car found, and the tokens that name it.
#[derive(Debug)]
pub(crate) struct Found {
    /// Year, make and model as far as they were said.
    pub vehicle: VehicleMention,
    /// Where it was said.
    pub tokens: Range<usize>,
}

/// A make, or a model of one, by one of its spellings.
#[derive(Debug, Clone, Copy)]
struct Entry {
    make: &'static str,
    model: Option<&'static str>,
    /// Whether the spelling is a common word too.
    ambiguous: bool,
}

/// The widest spelling, in tokens ("长城炮", "town and country", "grand cherokee").
const WIDEST: usize = 6;
/// The first model year with a 17-character VIN; older cars are rare enough to be asked about.
const FIRST_YEAR: u16 = 1980;

/// The cars in a message, in the order of the words. `this_year` bounds the model years; `asked` says that the message answers the
/// question which car it is; `is_word` knows the common words, which are never taken for a misspelt make.
pub(crate) fn find(tokens: &[Token], this_year: u16, asked: bool, is_word: impl Fn(&str) -> bool) -> Vec<Found> {
    let mut cars: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((entries, width)) = spelling_at(tokens, at, &is_word) else {
            at += 1;
            continue;
        };
        let span = at..at + width;
        at = span.end;
        let continued = cars.last_mut().filter(|car| belongs(car, &span, tokens));
        let make_before = continued.as_ref().and_then(|car| car.vehicle.make.clone());
        let model_known = continued.as_ref().is_some_and(|car| car.vehicle.model.is_some());
        let year = year_before(tokens, span.start, this_year);
        let year_after = || tokens.get(span.end).and_then(|token| model_year(token, this_year));
        let meant = is_meant(tokens, &span, asked, year.is_some() || year_after().is_some(), &is_word);
        let entry = entries
            .iter()
            .find(|entry| make_before.as_deref() == Some(entry.make))
            .or_else(|| entries.iter().find(|entry| !entry.ambiguous || (meant && entry.model.is_some())));
        let Some(entry) = entry else { continue };
        match continued {
            Some(car) if make_before.as_deref() == Some(entry.make) && !(model_known && entry.model.is_some()) => {
                car.vehicle.model = car.vehicle.model.take().or(entry.model.map(str::to_owned));
                car.tokens.end = span.end;
            }
            _ => cars.push(Found {
                vehicle: VehicleMention {
                    year: year.as_ref().map(|(year, _)| *year),
                    make: Some(entry.make.to_owned()),
                    model: entry.model.map(str::to_owned),
                    ..VehicleMention::default()
                },
                tokens: year.map_or(span.start, |(_, start)| start)..span.end,
            }),
        }
    }
    for car in &mut cars {
        year_behind(car, tokens, this_year);
    }
    if cars.is_empty() && asked {
        cars.extend(bare_year(tokens, this_year));
    }
    cars
}

/// Whether the word is the name of a make or model, in one of its spellings.
pub(crate) fn is_name(word: &str) -> bool {
    spellings().contains_key(word)
}

/// Whether a spelling here goes on with a car named just before ("Honda" "Civic", "camry toyota").
fn belongs(car: &Found, span: &Range<usize>, tokens: &[Token]) -> bool {
    let between = car.tokens.end..span.start;
    between.len() <= 1
        && between.clone().all(|at| tokens[at].starts_with_digit() || matches!(tokens[at].text.as_str(), "的" | "款"))
        && (between.start..=span.start).all(|at| tokens[at].before < Boundary::Sentence)
}

fn spelling_at(tokens: &[Token], at: usize, is_word: &impl Fn(&str) -> bool) -> Option<(&'static [Entry], usize)> {
    let spellings = spellings();
    let mut joined = String::new();
    let mut longest = None;
    for (width, token) in tokens[at..].iter().take(WIDEST).enumerate() {
        if width > 0 && token.before > Boundary::None {
            break;
        }
        joined.push_str(&token.text);
        if let Some(entries) = spellings.get(joined.as_str()) {
            longest = Some((entries.as_slice(), width + 1));
        }
    }
    longest.or_else(|| mistyped(&tokens[at], is_word).map(|entries| (entries, 1)))
}

fn mistyped(token: &Token, is_word: &impl Fn(&str) -> bool) -> Option<&'static [Entry]> {
    let word = token.text.as_str();
    if !token.is_word() || word.len() < 5 || is_word(word) {
        return None;
    }
    spellings()
        .iter()
        .filter(|(known, entries)| known.len() >= 5 && !entries[0].ambiguous && text::one_slip(known, word))
        // The map has no order of its own; the least spelling keeps the answer the same from run to run.
        .min_by_key(|(known, _)| known.as_str())
        .map(|(_, entries)| entries.as_slice())
}

/// Whether a common word can be meant as a model here ("my Pilot", "2019 Fit").
fn is_meant(tokens: &[Token], span: &Range<usize>, asked: bool, year: bool, is_word: &impl Fn(&str) -> bool) -> bool {
    const OWNERS: [&str; 14] = [
        "my",
        "our",
        "her",
        "his",
        "wifes",
        "husbands",
        "sons",
        "daughters",
        "moms",
        "dads",
        "mi",
        "su",
        "nuestra",
        "nuestro",
    ];
    let first = &tokens[span.start];
    let plain = first.is_han() || (first.text.len() > 2 && !first.is_number() && !is_word(&first.text));
    let owned = span.start.checked_sub(1).is_some_and(|before| OWNERS.contains(&tokens[before].text.as_str()));
    // A bare number after a year is more likely part of a date ("2026-11-30") than a model without its make.
    (year && !first.is_number() && !is_word(&first.text)) || (plain && (asked || owned))
}

/// The year that stands right before a make or model, and the token it starts at: "2019", "'19", "19款".
fn year_before(tokens: &[Token], at: usize, this_year: u16) -> Option<(u16, usize)> {
    let mut before = at;
    while before > 0 && matches!(tokens[before - 1].text.as_str(), "款" | "年" | "的" | "产") {
        before -= 1;
    }
    let token = tokens.get(before.checked_sub(1)?)?;
    let joined = tokens[before..=at].iter().all(|token| token.before == Boundary::None);
    let year = model_year(token, this_year).or_else(|| short_year(token, this_year)).filter(|_| joined)?;
    Some((year, before - 1))
}

/// Gives a car the year that stands behind it ("Camry 2019", "凯美瑞19款", "it's a Camry, a 2019").
fn year_behind(car: &mut Found, tokens: &[Token], this_year: u16) {
    if car.vehicle.year.is_some() {
        return;
    }
    let near = tokens[car.tokens.end..].iter().take(3).enumerate();
    for (offset, token) in near {
        let at = car.tokens.end + offset;
        let marked = tokens.get(at + 1).is_some_and(|next| matches!(next.text.as_str(), "款" | "年"));
        let month_follows = tokens.get(at + 2).is_some_and(Token::is_number) && marked;
        let year = model_year(token, this_year).or_else(|| short_year(token, this_year).filter(|_| marked));
        if let Some(year) = year.filter(|_| !month_follows) {
            car.vehicle.year = Some(year);
            car.tokens.end = at + 1;
            return;
        }
        if token.before == Boundary::Sentence || token.starts_with_digit() {
            return;
        }
    }
}

fn bare_year(tokens: &[Token], this_year: u16) -> Option<Found> {
    tokens.iter().enumerate().find_map(|(at, token)| {
        let year = model_year(token, this_year)?;
        Some(Found { vehicle: VehicleMention { year: Some(year), ..VehicleMention::default() }, tokens: at..at + 1 })
    })
}

fn model_year(token: &Token, this_year: u16) -> Option<u16> {
    let year = token.text.parse().ok().filter(|_| token.is_number() && token.text.len() == 4)?;
    (FIRST_YEAR..=this_year + 1).contains(&year).then_some(year)
}

/// "'19", "03": two digits, of this century unless that lies ahead.
fn short_year(token: &Token, this_year: u16) -> Option<u16> {
    let two: u16 = token.text.parse().ok().filter(|_| token.is_number() && token.text.len() == 2)?;
    let year = if 2000 + two <= this_year + 1 { 2000 + two } else { 1900 + two };
    (year >= FIRST_YEAR).then_some(year)
}

fn spellings() -> &'static HashMap<String, Vec<Entry>> {
    static SPELLINGS: OnceLock<HashMap<String, Vec<Entry>>> = OnceLock::new();
    SPELLINGS.get_or_init(|| {
        let mut spellings = HashMap::new();
        let lines =
            include_str!("lexicon/vehicles.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        for line in lines {
            let (make_spellings, models) = line.split_once(':').unwrap_or((line, ""));
            let make = make_spellings.split('=').next().unwrap_or_default().trim();
            add(&mut spellings, make_spellings, make, None);
            for model_spellings in models.split(',').map(str::trim).filter(|model| !model.is_empty()) {
                let model = model_spellings.split('=').next().map(str::trim);
                add(&mut spellings, model_spellings, make, model);
            }
        }
        spellings
    })
}

fn add(
    spellings: &mut HashMap<String, Vec<Entry>>,
    all: &'static str,
    make: &'static str,
    model: Option<&'static str>,
) {
    let parts: Vec<&str> = all.split('=').map(str::trim).collect();
    let common = parts.iter().position(|&part| part == "~").unwrap_or(0);
    for (at, spelling) in parts.iter().enumerate().filter(|&(_, &spelling)| spelling != "~") {
        let joined: String = text::tokens(spelling).into_iter().map(|token| token.text).collect();
        let bare = joined.bytes().all(|b| b.is_ascii_digit())
            || (joined.len() <= 2 && joined.bytes().all(|b| b.is_ascii_alphabetic()));
        let entry = Entry { make, model, ambiguous: at < common || (bare && model.is_some()) };
        let entries = spellings.entry(joined).or_default();
        if !entries.iter().any(|known| known.make == make && known.model == model) {
            entries.push(entry);
        }
    }
}
