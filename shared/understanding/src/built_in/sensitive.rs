//! What had better be left to a person.

use super::lexicon::{Meaning, sensitive};
use super::text::Token;
use lanekeeper_domain::handover::SensitiveTopic;

/// The sensitive topics in these words, each once. A complaint is an intent; see `Intent::Complaint`.
pub(crate) fn find(text: &str, tokens: &[Token]) -> Vec<SensitiveTopic> {
    let phrases = sensitive().matches(tokens, None, |_| false);
    let named = phrases.into_iter().filter_map(|phrase| match phrase.meaning {
        Meaning::Sensitive(topic) => Some(topic),
        _ => None,
    });
    let mut topics: Vec<SensitiveTopic> =
        named.chain(has_card_number(text).then_some(SensitiveTopic::PaymentData)).collect();
    topics.sort_unstable();
    topics.dedup();
    topics
}

/// Whether a number of 13 to 19 digits with a right check digit stands there (ISO/IEC 7812-1, annex B), in groups or not.
fn has_card_number(text: &str) -> bool {
    let mut digits: Vec<u32> = Vec::new();
    let mut separated = false;
    for c in text.chars().chain(std::iter::once('\n')) {
        match c.to_digit(10) {
            Some(digit) => {
                digits.push(digit);
                separated = false;
            }
            // One space or hyphen between groups.
            None if matches!(c, ' ' | '-') && !digits.is_empty() && !separated => separated = true,
            None => {
                if is_card_number(&digits) {
                    return true;
                }
                digits.clear();
                separated = false;
            }
        }
    }
    false
}

fn is_card_number(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    (13..=19).contains(&digits.len()) && sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::built_in::text::tokens;
    use SensitiveTopic::{Injury, Legal, PaymentData, Refund};

    fn found(text: &str) -> Vec<SensitiveTopic> {
        find(text, &tokens(text))
    }

    #[test]
    fn finds_what_is_for_people() {
        for (text, topic) in [
            ("I want a refund for the brakes", Refund),
            ("give me my money back", Refund),
            ("quiero que me devuelvan mi dinero", Refund),
            ("exijo un reembolso", Refund),
            ("我要退款", Refund),
            ("the hood fell and I got hurt", Injury),
            ("mi esposa está en el hospital por culpa de ustedes", Injury),
            ("你们的人把我弄伤了", Injury),
            ("you'll hear from my lawyer", Legal),
            ("los voy a demandar", Legal),
            ("我要找律师", Legal),
            ("my card number is 12", PaymentData),
            ("4111 1111 1111 1111 exp 12/29", PaymentData),
            ("5500-0000-0000-0004", PaymentData),
            ("我的卡号发给你", PaymentData),
        ] {
            assert_eq!(found(text), [topic], "{text}");
        }
    }

    #[test]
    fn leaves_everyday_words_alone() {
        for text in [
            "I had a small accident, can you fix the bumper",
            "do you take credit cards?",
            "¿aceptan tarjeta?",
            "可以刷卡吗",
            "call me at 312 555 0123 or 773 555 0188",
            "vin 1HGCM82633A004352, mileage 123456",
            "my back seat heater is broken",
            "it hurts the engine",
            "4111 1111 1111 1112",
            "the shop on court street",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
