//! Things with a form of their own: VINs, number plates, mileage, phone numbers.

use super::lexicon::{Match, Meaning};
use super::text::{Boundary, Token};
use lanekeeper_domain::{Language, phone, vehicle};
use std::ops::Range;

/// Something with a form of its own, and the tokens that it is written in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found<T> {
    pub value: T,
    pub tokens: Range<usize>,
}

/// The first VIN, and whether its check digit is right. O, Q and I, which no VIN has, are read as the digits they look like when
/// the check digit then fits.
pub(crate) fn vin(text: &str, tokens: &[Token]) -> Option<Found<(String, bool)>> {
    tokens.iter().enumerate().find_map(|(at, token)| {
        let written = text.get(token.span.clone())?;
        let digits = written.bytes().filter(u8::is_ascii_digit).count();
        if written.len() != 17 || digits < 4 || digits == 17 {
            return None;
        }
        let value = if let Ok(vin) = vehicle::vin(written) {
            let valid = vehicle::check_digit(&vin).is_ok();
            (vin, valid)
        } else {
            let read = written.to_ascii_uppercase().replace(['O', 'Q'], "0").replace('I', "1");
            let vin = vehicle::vin(&read).ok().filter(|vin| vehicle::check_digit(vin).is_ok())?;
            (vin, true)
        };
        Some(Found { value, tokens: at..at + 1 })
    })
}

/// The first number plate: a Chinese one by its form, any other after a word that announces it.
pub(crate) fn plate(tokens: &[Token], phrases: &[Match]) -> Option<Found<String>> {
    (0..tokens.len()).find_map(|at| chinese_plate(tokens, at)).or_else(|| {
        phrases
            .iter()
            .filter(|found| found.meaning == Meaning::Plate)
            .max_by_key(|found| found.tokens.end)
            .and_then(|found| announced_plate(tokens, found.tokens.end))
    })
}

/// GA 36: the province's character, a letter, then five or (new energy) six letters and digits.
fn chinese_plate(tokens: &[Token], at: usize) -> Option<Found<String>> {
    const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    if !PROVINCES.contains(tokens[at].text.as_str()) {
        return None;
    }
    let mut plate = tokens[at].text.to_uppercase();
    for (offset, token) in tokens[at + 1..].iter().enumerate().take(3) {
        if token.before > Boundary::None || !token.text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        plate.push_str(&token.text.to_ascii_uppercase());
        let serial = plate.chars().count() - 1;
        let lettered = plate.chars().nth(1).is_some_and(|c| c.is_ascii_uppercase());
        if lettered && (6..=7).contains(&serial) {
            return Some(Found { value: plate, tokens: at..at + 2 + offset });
        }
    }
    None
}

fn announced_plate(tokens: &[Token], from: usize) -> Option<Found<String>> {
    let mut plate = String::new();
    let mut end = from;
    for token in tokens.get(from..)?.iter().take(3) {
        let parted = end > from && token.before > Boundary::None;
        let part = token.text.bytes().all(|b| b.is_ascii_alphanumeric())
            && (token.text.bytes().any(|b| b.is_ascii_digit()) || token.text.len() <= 3);
        if parted || !part || plate.len() + token.text.len() > 8 {
            break;
        }
        plate.push_str(&token.text.to_ascii_uppercase());
        end += 1;
    }
    let real = plate.len() >= 4 && plate.bytes().any(|b| b.is_ascii_digit());
    real.then_some(Found { value: plate, tokens: from..end })
}

/// What the odometer shows: "45k miles", "45,000 mi", "60 mil millas", "4万公里". Without a unit ("80k") only when the car was
/// asked for.
pub(crate) fn mileage(tokens: &[Token], asked: bool) -> Option<Found<u32>> {
    (0..tokens.len()).find_map(|at| mileage_at(tokens, at, asked))
}

fn mileage_at(tokens: &[Token], at: usize, asked: bool) -> Option<Found<u32>> {
    const UNITS: [&str; 12] = [
        "miles",
        "mile",
        "mi",
        "millas",
        "milla",
        "km",
        "kms",
        "kilometers",
        "kilometros",
        "kilometres",
        "kilometro",
        "mileage",
    ];
    const NOT_BEFORE: [&str; 4] = ["every", "cada", "each", "每"];
    const NOT_AFTER: [&str; 9] =
        ["service", "checkup", "maintenance", "away", "from", "servicio", "保", "mantenimiento", "inspection"];
    let token = &tokens[at];
    let number: f64 = token.text.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
    let mut next = at + 1;
    let word = |at: usize| tokens.get(at).map_or("", |token: &Token| token.text.as_str());
    let mut scale = match token.text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.') {
        "" => 1.0,
        "k" => 1e3,
        "w" => 1e4,
        unit if UNITS.contains(&unit) => return mileage_found(number, at..next),
        "kmi" | "kmiles" | "kkm" => return mileage_found(number * 1e3, at..next),
        _ => return None,
    };
    if let Some(factor) = match word(next) {
        "k" | "mil" | "thousand" | "千" => Some(1e3),
        "万" => Some(1e4),
        _ => None,
    } {
        scale *= factor;
        next += 1;
    }
    while matches!(word(next), "多" | "来" | "几" | "de") {
        next += 1;
    }
    let unit = match (word(next), word(next + 1)) {
        ("公" | "英", "里") | ("千", "米") => 2,
        (unit, _) if UNITS.contains(&unit) => 1,
        _ if scale > 1.0 && asked => 0,
        _ => return None,
    };
    next += unit;
    let announced = at.checked_sub(1).is_some_and(|before| NOT_BEFORE.contains(&word(before)));
    if announced || NOT_AFTER.contains(&word(next)) {
        return None;
    }
    mileage_found(number * scale, at..next)
}

fn mileage_found(mileage: f64, tokens: Range<usize>) -> Option<Found<u32>> {
    // Less is a distance to somewhere, more is a slip.
    (500.0..2_000_000.0).contains(&mileage).then_some(Found { value: mileage.round() as u32, tokens })
}

/// The first phone number in E.164. A number without a calling code is Chinese when it has the form of a Chinese mobile number
/// and the language is Chinese, else of the North American plan.
pub(crate) fn phone(text: &str, tokens: &[Token], language: Language) -> Option<Found<String>> {
    (0..tokens.len()).find_map(|at| {
        let start = tokens[at].span.start;
        let international = text[..start].ends_with('+');
        let mut digits = String::new();
        for (offset, token) in tokens[at..].iter().enumerate().take(6) {
            if !token.is_number() || (offset > 0 && token.before == Boundary::Sentence) {
                return None;
            }
            digits.push_str(&token.text);
            let more =
                tokens.get(at + offset + 1).is_some_and(|next| next.is_number() && next.before < Boundary::Sentence);
            let (form, country) = if international {
                (digits.len() >= 11 && (digits.starts_with('1') || digits.len() >= 12 || !more), "")
            } else if language == Language::Zh && digits.starts_with('1') {
                (digits.len() == 11, "86")
            } else {
                (
                    digits.len() == 10 && !digits.starts_with(['0', '1'])
                        || digits.len() == 11 && digits.starts_with('1'),
                    "1",
                )
            };
            if form {
                let end = token.span.end;
                let written = if international { format!("+{digits}") } else { digits };
                return phone::e164(&written, country)
                    .filter(|_| end <= text.len())
                    .map(|value| Found { value, tokens: at..at + offset + 1 });
            }
        }
        None
    })
}
