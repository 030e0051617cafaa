//! The advisor who is asked for.

use super::lexicon::{Match, Meaning};
use super::text::{self, Token};
use lanekeeper_domain::understanding::Named;

/// The id of the advisor who is named after words such as "with" or "ask for".
pub(crate) fn find(tokens: &[Token], phrases: &[Match], advisors: &[Named]) -> Option<String> {
    let mut places = phrases.iter().filter(|phrase| phrase.meaning == Meaning::With).map(|phrase| phrase.tokens.end);
    places.find_map(|at| advisors.iter().find(|advisor| is_named(tokens, at, &advisor.name))).map(|one| one.id.clone())
}

/// Whether the tokens from here on are this name, or its first word.
fn is_named(tokens: &[Token], at: usize, name: &str) -> bool {
    let name = text::tokens(name);
    let follows = |length: usize| {
        length > 0
            && name.iter().take(length).zip(tokens.iter().skip(at)).filter(|(a, b)| a.text == b.text).count() == length
    };
    // A Chinese token is a character: a name is said whole.
    let first = if name.first().is_some_and(Token::is_han) { name.len() } else { 1 };
    follows(first)
}
