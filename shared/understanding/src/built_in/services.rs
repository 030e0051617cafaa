//! Which work is wanted: by the store's own names and symptoms, and by what people say for such work.

use super::lexicon::{Match, Meaning};
use super::text::{self, Token};
use lanekeeper_domain::menu::{Service, ServiceKind};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// More phrases than the menus of one instance's stores are likely to have.
const MOST_CUT: usize = 20_000;

thread_local! {
    static CUT: RefCell<HashMap<String, Rc<[String]>>> = RefCell::default();
}

/// Work that a message names or whose symptom it describes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found<'a> {
    /// The store's menu item; `None` when it has none for it.
    pub service: Option<&'a Service>,
    /// Whether a symptom was described rather than the work named.
    pub symptom: bool,
    /// Whether the words say that it is not wanted.
    pub unwanted: bool,
    /// Where it stands.
    pub tokens: Range<usize>,
}

/// The work in a message, in the order of the words; of those that share words the longest.
pub(crate) fn find<'a>(tokens: &[Token], phrases: &[Match], services: &'a [Service]) -> Vec<Found<'a>> {
    let mut found = by_the_stores_words(tokens, services);
    found.extend(phrases.iter().filter(|phrase| !joins_two(phrase, phrases)).filter_map(|phrase| {
        let (kind, symptom) = match phrase.meaning {
            Meaning::Service(kind) => (kind, false),
            Meaning::Symptom(kind) => (kind, true),
            _ => return None,
        };
        Some(Found {
            service: of_kind(services, kind, symptom),
            symptom,
            unwanted: false,
            tokens: phrase.tokens.clone(),
        })
    }));
    let mut kept: Vec<Found> = Vec::new();
    // The sort is stable: of equals the store's own words stand first.
    found.sort_by_key(|found| std::cmp::Reverse(found.tokens.len()));
    for candidate in found {
        if !kept.iter().any(|kept| overlap(&kept.tokens, &candidate.tokens)) {
            kept.push(candidate);
        }
    }
    kept.sort_by_key(|found| found.tokens.start);
    for found in &mut kept {
        found.unwanted = !found.symptom && is_unwanted(tokens, phrases, found.tokens.start);
    }
    kept
}

/// Whether a name of some work reaches over two of them ("cambio de aceite y rotación de llantas" is no change of tires).
fn joins_two(wide: &Match, phrases: &[Match]) -> bool {
    let within = || {
        phrases.iter().filter(|inner| {
            matches!(inner.meaning, Meaning::Service(_))
                && wide.tokens.start <= inner.tokens.start
                && inner.tokens.end <= wide.tokens.end
        })
    };
    let apart = |a: &Match, b: &Match| a.meaning != b.meaning && a.tokens.end <= b.tokens.start;
    matches!(wide.meaning, Meaning::Service(_)) && within().any(|first| within().any(|second| apart(first, second)))
}

pub(crate) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Whether "not", "I don't need" or the like stands right before, perhaps with an article between.
pub(crate) fn is_unwanted(tokens: &[Token], phrases: &[Match], start: usize) -> bool {
    const ARTICLES: [&str; 13] = ["a", "an", "the", "my", "any", "el", "la", "los", "las", "un", "una", "mi", "mis"];
    let mut before = start;
    while before > 0 && ARTICLES.contains(&tokens[before - 1].text.as_str()) {
        before -= 1;
    }
    phrases.iter().any(|phrase| phrase.meaning == Meaning::Not && phrase.tokens.end == before)
}

/// The first item of a kind. A symptom of something that the store has no item for is looked into.
fn of_kind(services: &[Service], kind: ServiceKind, symptom: bool) -> Option<&Service> {
    let first = |kind| services.iter().find(|service| service.kind == Some(kind));
    first(kind).or_else(|| symptom.then(|| first(ServiceKind::Diagnosis)).flatten())
}

fn by_the_stores_words<'a>(tokens: &[Token], services: &'a [Service]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for service in services {
        for (words, symptom) in [(&service.names, false), (&service.symptoms, true)] {
            for phrase in words.values().flatten() {
                let wanted = words_of(phrase);
                found.extend(places(tokens, &wanted).map(|tokens| Found {
                    service: Some(service),
                    symptom,
                    unwanted: false,
                    tokens,
                }));
            }
        }
    }
    found
}

/// The words of a phrase on the menu. They are kept: every message is held against the whole menu, and cutting that into
/// words took longer than all the rest.
fn words_of(phrase: &str) -> Rc<[String]> {
    CUT.with_borrow_mut(|cut| {
        if let Some(words) = cut.get(phrase) {
            return Rc::clone(words);
        }
        if cut.len() >= MOST_CUT {
            cut.clear();
        }
        let words: Rc<[String]> = text::tokens(phrase).into_iter().map(|token| token.text).collect();
        cut.insert(phrase.to_owned(), Rc::clone(&words));
        words
    })
}

pub(crate) fn places<'a>(tokens: &'a [Token], wanted: &'a [String]) -> impl Iterator<Item = Range<usize>> + 'a {
    let width = wanted.len();
    let last = (tokens.len() + 1).saturating_sub(width.max(1));
    let starts = if width == 0 { 0..0 } else { 0..last };
    starts.map(move |at| at..at + width).filter(move |range| {
        tokens[range.clone()].iter().zip(wanted).all(|(token, wanted)| same_word(&token.text, wanted))
    })
}

fn same_word(said: &str, wanted: &str) -> bool {
    let plural = |one: &str, many: &str| many.strip_suffix('s') == Some(one);
    said == wanted
        || plural(said, wanted)
        || plural(wanted, said)
        || (said.len() >= 5
            && wanted.len() >= 5
            && wanted.is_ascii()
            && said != "breaks"
            && text::one_slip(said, wanted))
}
