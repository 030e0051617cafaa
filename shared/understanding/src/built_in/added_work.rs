//! Answers about proposed work: which lines are to be done, which are not.
//!
//! The message is read as a row of signs ("do", "skip", "only") and mentions of lines ("the brakes", "the first one"). What
//! is not clear decides nothing, since it is about money: such lines come out as mentioned, and are asked about again.

mod mentions;
mod reading;
#[cfg(test)]
mod tests;

use super::lexicon::{self, Match, Meaning, Sign};
use super::services;
use super::text::Token;
use lanekeeper_domain::menu::Service;
use lanekeeper_domain::understanding::{Context, Details};
use mentions::Line;
use reading::{Answer, Item, Lines, Manner, read};
use std::ops::Range;

/// Puts what is said about proposed work into the details. Work that is named there is not work to be booked.
pub(crate) fn find(
    details: &mut Details,
    text: &str,
    tokens: &[Token],
    (phrases, services): (&[Match], &[services::Found]),
    context: &Context,
    menu: &[Service],
) {
    if context.proposed.is_empty() {
        return;
    }
    let lines = mentions::lines(&context.proposed, menu);
    let mentions = mentions::find(tokens, phrases, services, &lines);
    let signs = signs(tokens, &mentions, lines.len());
    let items = items(tokens, &mentions, &signs);
    let manner = match asks(text, &signs) {
        true => Manner::Question,
        false if is_short(tokens) => Manner::ShortAnswer,
        false => Manner::Answer,
    };
    let mut answer = read(&items, lines.len(), manner);
    // "Yes if it's under 300", "ok but how long": that is no yes to anything.
    if manner == Manner::Question && answer == Answer::default() && signs.iter().any(|(_, sign)| *sign == Sign::Do) {
        answer.mentioned = Lines::first(lines.len());
    }
    let ids = |wanted: Lines| {
        let places = context.proposed.iter().enumerate().filter(move |(place, _)| wanted.has(*place));
        places.map(|(_, line)| line.id.clone()).collect()
    };
    details.approved = ids(answer.approved);
    details.declined = ids(answer.declined);
    details.mentioned = ids(answer.mentioned);
    if details.has_lines() {
        forget_work_to_book(details, &lines, menu);
    }
}

fn forget_work_to_book(details: &mut Details, lines: &[Line], menu: &[Service]) {
    let proposed = |id: &String| {
        let kind = menu.iter().find(|service| service.id == *id).and_then(|service| service.kind);
        lines
            .iter()
            .any(|line| line.service == Some(id.as_str()) || kind.is_some_and(|kind| line.kinds.contains(&kind)))
    };
    let mut wanted: Vec<String> =
        details.service.take().into_iter().chain(std::mem::take(&mut details.more_services)).collect();
    wanted.retain(|id| !proposed(id));
    details.concern = None;
    let mut wanted = wanted.into_iter();
    details.service = wanted.next();
    details.more_services = wanted.collect();
}

/// The signs in a message, in order; of those that share words the longest. A sign within the name of a line is none,
/// unless the name begins with it ("change the oil").
fn signs(tokens: &[Token], mentions: &[(Range<usize>, Lines)], lines: usize) -> Vec<(Range<usize>, Sign)> {
    let found = lexicon::added_work().matches(tokens, None, |_| false);
    let mut signs: Vec<(Range<usize>, Sign)> = found
        .into_iter()
        .filter_map(|found| match found.meaning {
            Meaning::Line(sign) => Some((found.tokens, sign)),
            _ => None,
        })
        .collect();
    signs.extend(bare_numbers(tokens, lines));
    signs.sort_by_key(|(range, _)| std::cmp::Reverse(range.len()));
    let mut kept: Vec<(Range<usize>, Sign)> = Vec::new();
    for (range, sign) in signs {
        let in_a_name = mentions.iter().any(|(name, _)| name.start < range.start && range.start < name.end);
        if !in_a_name && !kept.iter().any(|(other, _)| services::overlap(other, &range)) {
            kept.push((range, sign));
        }
    }
    kept.sort_by_key(|(range, _)| range.start);
    kept
}

/// "1 and 3": numbers of lines, where a short message has no other numbers.
fn bare_numbers(tokens: &[Token], lines: usize) -> Vec<(Range<usize>, Sign)> {
    const SHORT: usize = 8;
    let numbers = || tokens.iter().enumerate().filter(|(_, token)| token.starts_with_digit());
    let nth = |token: &Token| token.text.parse::<u8>().ok().filter(|nth| (1..=lines).contains(&usize::from(*nth)));
    if tokens.len() > SHORT || !numbers().all(|(_, token)| nth(token).is_some()) {
        return Vec::new();
    }
    numbers().filter_map(|(at, token)| Some((at..at + 1, Sign::Nth(nth(token)?)))).collect()
}

/// Whether the message asks, doubts or makes a condition rather than answers.
fn asks(text: &str, signs: &[(Range<usize>, Sign)]) -> bool {
    let has = |wanted: Sign| signs.iter().any(|(_, sign)| *sign == wanted);
    has(Sign::Asks) || (text.contains(['?', '？', '¿']) && !has(Sign::Requests))
}

fn items(tokens: &[Token], mentions: &[(Range<usize>, Lines)], signs: &[(Range<usize>, Sign)]) -> Vec<Item> {
    let mut places: Vec<(usize, u8, Item)> = Vec::new();
    places.extend(mentions.iter().map(|(range, lines)| (range.start, 2, mentions::item(*lines))));
    places.extend(signs.iter().map(|(range, sign)| (range.start, 1, Item::Sign(*sign))));
    let breaks = tokens.iter().enumerate().filter(|(at, token)| *at > 0 && token.before > super::Boundary::None);
    places.extend(breaks.map(|(at, _)| (at, 0, Item::Break)));
    places.sort_by_key(|(at, order, _)| (*at, *order));
    places.into_iter().map(|(_, _, item)| item).collect()
}

/// Whether the message says little but which lines: that answers the question which are to be done.
fn is_short(tokens: &[Token]) -> bool {
    const WORDS: usize = 6;
    const CHARACTERS: usize = 8;
    tokens.len() <= if tokens.iter().any(Token::is_han) { CHARACTERS } else { WORDS }
}
