//! How satisfied somebody is, once that was asked.

use super::lexicon::{Match, Meaning};
use super::text::Token;
use lanekeeper_domain::understanding::Asked;

const STARS: [&str; 3] = ["⭐", "★", "🌟"];

/// From 1 to 5: the number said ("4", "4/5", "8 out of 10"), as many stars as were set, or what the words amount to.
pub(crate) fn rating(tokens: &[Token], phrases: &[Match], asked: Option<Asked>) -> Option<u8> {
    if asked != Some(Asked::Rating) {
        return None;
    }
    let stars = tokens.iter().filter(|token| STARS.contains(&token.text.as_str())).count();
    by_number(tokens).or((1..=5).contains(&stars).then_some(stars as u8)).or_else(|| in_words(phrases))
}

/// The text itself, where it says more than the number that was asked for, or where it was asked what was good or bad.
pub(crate) fn comment(text: &str, tokens: &[Token], phrases: &[Match], asked: Option<Asked>) -> Option<String> {
    let more = match asked {
        Some(Asked::Comment) => true,
        Some(Asked::Rating) => tokens.len() > 4 && rating(tokens, phrases, asked).is_some(),
        _ => false,
    };
    (more && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn by_number(tokens: &[Token]) -> Option<u8> {
    let number = |token: &Token| token.text.parse::<u8>().ok().filter(|_| token.is_number());
    let mut numbers = tokens.iter().filter_map(number);
    match (numbers.next()?, numbers.next(), numbers.next()) {
        (score @ 1..=5, None | Some(5), None) => Some(score),
        (score @ 0..=10, Some(10), None) => Some(score.div_ceil(2).max(1)),
        (10, None, None) => Some(5),
        _ => None,
    }
}

/// Of several words the worst counts: "good work, but terrible service".
fn in_words(phrases: &[Match]) -> Option<u8> {
    let ratings = phrases.iter().filter_map(|phrase| match phrase.meaning {
        Meaning::Rating(rating) if !within_longer(phrase, phrases) => Some(rating),
        _ => None,
    });
    ratings.min()
}

/// "Not good" is not "good".
fn within_longer(phrase: &Match, phrases: &[Match]) -> bool {
    phrases.iter().any(|other| {
        matches!(other.meaning, Meaning::Rating(_))
            && other.tokens.len() > phrase.tokens.len()
            && other.tokens.start <= phrase.tokens.start
            && phrase.tokens.end <= other.tokens.end
    })
}
