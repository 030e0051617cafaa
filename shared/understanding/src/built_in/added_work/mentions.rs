//! Where a message speaks of which line.

use super::reading::{Item, Lines};
use crate::built_in::lexicon::{Match, Meaning, lexicon};
use crate::built_in::services::{self, Found};
use crate::built_in::text::{self, Token};
use lanekeeper_domain::Language;
use lanekeeper_domain::menu::{Service, ServiceKind};
use lanekeeper_domain::understanding::ProposedLine;
use std::ops::Range;

/// A proposed line, with what it can be called.
pub(super) struct Line<'a> {
    /// Id of the menu item that it is.
    pub service: Option<&'a str>,
    /// The kinds of work that its name tells of.
    pub kinds: Vec<ServiceKind>,
    /// The words of its name that tell it from others; of a Chinese name, pairs of characters.
    words: Vec<Vec<String>>,
}

/// Words that names of work have in common.
const COMMON: [&str; 34] = [
    "and",
    "the",
    "for",
    "with",
    "new",
    "replace",
    "replacement",
    "service",
    "change",
    "install",
    "repair",
    "set",
    "pair",
    "kit",
    "del",
    "los",
    "las",
    "para",
    "con",
    "cambio",
    "cambiar",
    "servicio",
    "reparacion",
    "juego",
    "nuevo",
    "nueva",
    "nuevos",
    "nuevas",
    "更换",
    "保养",
    "维修",
    "清洗",
    "检查",
    "服务",
];

pub(super) fn lines<'a>(proposed: &'a [ProposedLine], menu: &[Service]) -> Vec<Line<'a>> {
    let kind_of = |id: &str| menu.iter().find(|service| service.id == id).and_then(|service| service.kind);
    proposed
        .iter()
        .map(|line| {
            let tokens = text::tokens(&line.name);
            let mut kinds: Vec<ServiceKind> = line.service.as_deref().and_then(kind_of).into_iter().collect();
            kinds.extend(Language::ALL.iter().flat_map(|language| kinds_in(*language, &tokens)));
            Line { service: line.service.as_deref(), kinds, words: words(&tokens) }
        })
        .collect()
}

fn kinds_in(language: Language, tokens: &[Token]) -> Vec<ServiceKind> {
    let found = lexicon(language).matches(tokens, None, |_| false);
    let kinds = found.iter().filter_map(|found| match found.meaning {
        Meaning::Service(kind) => Some(kind),
        _ => None,
    });
    kinds.collect()
}

fn words(tokens: &[Token]) -> Vec<Vec<String>> {
    let pairs = tokens.windows(2).filter(|pair| pair.iter().all(Token::is_han));
    let pairs = pairs.map(|pair| pair.iter().map(|token| token.text.clone()).collect::<Vec<_>>());
    let single = tokens.iter().filter(|token| token.is_word() && token.text.len() >= 3);
    let single = single.map(|token| vec![token.text.clone()]);
    pairs.chain(single).filter(|word| !COMMON.contains(&word.concat().as_str())).collect()
}

/// The lines spoken of, by their places in the message. A mention that fits several has all of them.
pub(super) fn find(
    tokens: &[Token],
    phrases: &[Match],
    services: &[Found],
    lines: &[Line],
) -> Vec<(Range<usize>, Lines)> {
    let mut hits = vec![Lines::default(); tokens.len()];
    let mut hit = |range: Range<usize>, place: usize| {
        for hit in hits.get_mut(range).unwrap_or_default() {
            *hit = hit.or(Lines::one(place));
        }
    };
    for (place, line) in lines.iter().enumerate() {
        for word in &line.words {
            services::places(tokens, word).for_each(|range| hit(range, place));
        }
        for phrase in phrases {
            if matches!(phrase.meaning, Meaning::Service(kind) if line.kinds.contains(&kind)) {
                hit(phrase.tokens.clone(), place);
            }
        }
        let same = |found: &&Found| found.service.is_some_and(|service| line.service == Some(service.id.as_str()));
        services.iter().filter(same).for_each(|found| hit(found.tokens.clone(), place));
    }
    let mut mentions: Vec<(Range<usize>, Lines)> = Vec::new();
    for (at, lines) in hits.into_iter().enumerate().filter(|(_, lines)| !lines.is_empty()) {
        match mentions.last_mut() {
            // Words that go together narrow down which line it is: "the front brakes".
            Some((range, known)) if range.end == at && !known.and(lines).is_empty() => {
                *known = known.and(lines);
                range.end = at + 1;
            }
            _ => mentions.push((at..at + 1, lines)),
        }
    }
    mentions
}

/// What a mention is to the reading.
pub(super) fn item(lines: Lines) -> Item {
    if lines.is_one() { Item::Mention(lines) } else { Item::Unclear(lines) }
}
