//! The lexicons: what people say, per language, in files that are pleasant to edit (`lexicon/*.txt`).
//!
//! A file has sections, each a meaning and the phrases that carry it:
//!
//! ```text
//! @car = car|truck|van                 a word list to use in phrases
//! [book 0.9]                           an intent and how sure a phrase of it makes us
//! (book|make) .. appointment           one of these words, up to a few others, that word
//! [affirm 0.9 asked confirm]           only counts when that was asked
//! ^yes                                 at the start of a clause; `$` at the end of one
//! <stop>                               the whole message, but for fillers
//! schedul*                             words that start so
//! ```
//!
//! Phrases are written in the form of [`text::tokens`], but accents and traditional characters are welcome, since they are
//! read through the same function.

mod reader;

use super::text::{self, Boundary, Token};
use lanekeeper_domain::{
    Language, Transport,
    handover::SensitiveTopic,
    menu::ServiceKind,
    notifications::Topic,
    understanding::{Asked, Choice, Intent, Mood},
};
use reader::Reader;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

/// What a phrase tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Meaning {
    /// A wish, and how sure the phrase makes us.
    Intent(Intent, f32),
    /// One of the things offered.
    Choice(Choice),
    /// Work that is asked for by name.
    Service(ServiceKind),
    /// What is wrong with a car that needs such work.
    Symptom(ServiceKind),
    /// Messages that are not wanted any more (`false`), or are welcome.
    Topic(Topic, bool),
    /// How it was, from 1 to 5.
    Rating(u8),
    /// How somebody feels.
    Mood(Mood),
    /// Looks like something else, but is nothing ("I don't want to cancel").
    Nothing,
    /// What the customer says about wanting something ("I need …"): a service named with it is to be booked.
    Wish,
    /// The name comes next, whatever the word is ("my name is").
    Name,
    /// A name may come next ("this is").
    PerhapsName,
    /// How to get about while the car is in the workshop.
    Transport(Transport),
    /// Work that is named with it comes on top ("also").
    Adds,
    /// The advisor who is asked for comes next ("with").
    With,
    /// A number plate comes next.
    Plate,
    /// What was said before is taken back ("actually", "no wait").
    Correction,
    /// What comes next is not wanted.
    Not,
    /// What is said about proposed work.
    Line(Sign),
    /// What had better be left to a person.
    Sensitive(SensitiveTopic),
}

/// What a word means in an answer about proposed work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It is to be done.
    Do,
    /// It is not.
    Skip,
    /// It is to be done, and nothing else.
    Only,
    /// All lines.
    All,
    /// All lines, but for what comes next.
    AllBut,
    /// None of the lines.
    None,
    /// The lines that nothing else was said about.
    Rest,
    /// The n-th line as listed, from 1.
    Nth(u8),
    /// The last line as listed.
    Last,
    /// A question, a condition or a doubt: nothing is decided by it.
    Asks,
    /// A question in form, a wish in fact ("can you just do …").
    Requests,
    /// What comes next stands against what came before.
    But,
}

/// A phrase found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Match {
    /// What it tells.
    pub meaning: Meaning,
    /// The tokens it covers.
    pub tokens: Range<usize>,
}

type WordId = u16;

#[derive(Debug, Clone, PartialEq)]
enum Element {
    /// One of these words.
    Word(Vec<WordId>),
    /// One of these sequences.
    Group(Vec<Vec<Element>>),
    /// A few other words, or none.
    Gap,
    ClauseStart,
    ClauseEnd,
    MessageStart,
    MessageEnd,
}

#[derive(Debug)]
struct Rule {
    meaning: Meaning,
    asked: Option<Asked>,
    elements: Vec<Element>,
}

/// One language's phrases.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    words: HashMap<String, WordId>,
    prefixes: Vec<(String, WordId)>,
    fillers: Vec<WordId>,
    neutral: Vec<WordId>,
    rules: Vec<Rule>,
    by_first_word: HashMap<WordId, Vec<u16>>,
    widest_gap: usize,
}

/// The lexicon of a language; read on first use.
pub(crate) fn lexicon(language: Language) -> &'static Lexicon {
    static EN: OnceLock<Lexicon> = OnceLock::new();
    static ES: OnceLock<Lexicon> = OnceLock::new();
    static ZH: OnceLock<Lexicon> = OnceLock::new();
    // A Chinese token is a character, so that more of them fit between two words.
    let (cell, source, widest_gap) = match language {
        Language::En => (&EN, include_str!("lexicon/en.txt"), 4),
        Language::Es => (&ES, include_str!("lexicon/es.txt"), 4),
        Language::Zh => (&ZH, include_str!("lexicon/zh.txt"), 8),
    };
    cell.get_or_init(|| Reader::read(source, widest_gap).lexicon)
}

/// What is said about proposed work, in all languages: people mix them, and few words are needed.
pub(crate) fn added_work() -> &'static Lexicon {
    static ADDED_WORK: OnceLock<Lexicon> = OnceLock::new();
    ADDED_WORK.get_or_init(|| Reader::read(include_str!("lexicon/added_work.txt"), 4).lexicon)
}

/// What had better be left to a person, in all languages.
pub(crate) fn sensitive() -> &'static Lexicon {
    static SENSITIVE: OnceLock<Lexicon> = OnceLock::new();
    SENSITIVE.get_or_init(|| Reader::read(include_str!("lexicon/sensitive.txt"), 4).lexicon)
}

impl Lexicon {
    /// Whether the language's lexicon has this very word.
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word) || self.prefixes.iter().any(|(prefix, _)| word.starts_with(prefix.as_str()))
    }

    /// Whether the word says nothing of the language ("ok", "no").
    pub fn is_neutral(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|id| self.neutral.contains(id))
    }

    /// Whether the word adds nothing ("please", "well").
    pub fn is_filler(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|id| self.fillers.contains(id))
    }

    /// The phrases in these tokens, a phrase within a longer one included. `mend` says whether a token may be a mistyped word.
    pub fn matches(&self, tokens: &[Token], asked: Option<Asked>, mend: impl Fn(&Token) -> bool) -> Vec<Match> {
        let ids: Vec<Vec<WordId>> = tokens.iter().map(|token| self.ids(token, &mend)).collect();
        let sentence = Sentence { lexicon: self, tokens, ids: &ids };
        let mut found = Vec::new();
        for (at, ids) in ids.iter().enumerate() {
            let mut rules: Vec<u16> =
                ids.iter().filter_map(|id| self.by_first_word.get(id)).flatten().copied().collect();
            rules.sort_unstable();
            rules.dedup();
            for rule in rules.into_iter().filter_map(|rule| self.rules.get(usize::from(rule))) {
                if rule.asked.is_some() && rule.asked != asked {
                    continue;
                }
                if let Some(end) = sentence.end_of(&rule.elements, at).filter(|&end| end > at) {
                    found.push(Match { meaning: rule.meaning, tokens: at..end });
                }
            }
        }
        found
    }

    fn ids(&self, token: &Token, mend: &impl Fn(&Token) -> bool) -> Vec<WordId> {
        let word = token.text.as_str();
        let mut ids: Vec<WordId> = self.words.get(word).copied().into_iter().collect();
        ids.extend(self.prefixes.iter().filter(|(prefix, _)| word.starts_with(prefix.as_str())).map(|&(_, id)| id));
        if ids.is_empty() && mend(token) {
            ids.extend(
                self.words
                    .iter()
                    // The first letter is seldom mistyped, and a name such as Marta is no slip of "harta".
                    .filter(|(known, _)| known.len() >= 5 && known.chars().next() == word.chars().next())
                    .filter(|(known, _)| text::one_slip(known, word))
                    .map(|(_, &id)| id),
            );
        }
        ids
    }
}

/// A message seen through one lexicon.
struct Sentence<'a> {
    lexicon: &'a Lexicon,
    tokens: &'a [Token],
    ids: &'a [Vec<WordId>],
}

impl Sentence<'_> {
    /// The furthest place where the phrase can end when it is read from here on.
    fn end_of(&self, elements: &[Element], start: usize) -> Option<usize> {
        let mut places = vec![start];
        for element in elements {
            let mut next = Vec::with_capacity(places.len());
            for &at in &places {
                self.step(element, start, at, &mut next);
            }
            next.sort_unstable();
            next.dedup();
            places = next;
        }
        places.last().copied()
    }

    /// Adds the places to which one element leads from here.
    fn step(&self, element: &Element, start: usize, at: usize, places: &mut Vec<usize>) {
        let goes_on = at == start || self.before(at) < Boundary::Sentence;
        let stays = match element {
            Element::Word(wanted) => {
                let fits = self.ids.get(at).is_some_and(|ids| ids.iter().any(|id| wanted.contains(id)));
                if fits && goes_on {
                    places.push(at + 1);
                }
                false
            }
            Element::Group(sequences) => {
                for sequence in sequences {
                    self.follow(sequence, start, at, places);
                }
                false
            }
            Element::Gap => {
                let widest = (at..self.tokens.len()).take(self.lexicon.widest_gap + 1);
                places.extend(widest.take_while(|&next| self.before(next) < Boundary::Clause));
                true
            }
            Element::ClauseStart => self.opens(at, Boundary::Clause),
            Element::ClauseEnd => self.closes(at, Boundary::Clause),
            Element::MessageStart => (0..at).all(|before| self.is_filler(before)),
            Element::MessageEnd => (at..self.tokens.len()).all(|after| self.is_filler(after)),
        };
        if stays {
            places.push(at);
        }
    }

    fn follow(&self, sequence: &[Element], start: usize, at: usize, places: &mut Vec<usize>) {
        let Some((first, rest)) = sequence.split_first() else {
            places.push(at);
            return;
        };
        let mut next = Vec::new();
        self.step(first, start, at, &mut next);
        for at in next {
            self.follow(rest, start, at, places);
        }
    }

    fn before(&self, at: usize) -> Boundary {
        self.tokens.get(at).map_or(Boundary::Sentence, |token| token.before)
    }

    fn is_filler(&self, at: usize) -> bool {
        self.ids.get(at).is_some_and(|ids| ids.iter().any(|id| self.lexicon.fillers.contains(id)))
    }

    /// Whether only fillers stand between the start of a clause and here.
    fn opens(&self, at: usize, boundary: Boundary) -> bool {
        (0..=at)
            .rev()
            .take_while(|&from| from == at || self.is_filler(from))
            .any(|from| from == 0 || self.before(from) >= boundary)
    }

    fn closes(&self, at: usize, boundary: Boundary) -> bool {
        (at..=self.tokens.len())
            .take_while(|&end| (at..end).all(|between| self.is_filler(between)))
            .any(|end| end == self.tokens.len() || self.before(end) >= boundary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_lexicon_makes_sense() {
        for source in [
            include_str!("lexicon/en.txt"),
            include_str!("lexicon/es.txt"),
            include_str!("lexicon/zh.txt"),
            include_str!("lexicon/added_work.txt"),
            include_str!("lexicon/sensitive.txt"),
        ] {
            let reader = Reader::read(source, 4);
            assert_eq!(reader.problems, Vec::<String>::new());
            assert!(reader.lexicon.rules.len() < usize::from(u16::MAX));
        }
    }

    fn found(source: &str, text: &str) -> Vec<(Intent, Range<usize>)> {
        let tokens = text::tokens(text);
        let lexicon = Reader::read(source, 2).lexicon;
        let matches = lexicon.matches(&tokens, Some(Asked::Confirm), |token| token.text.len() >= 5);
        matches
            .into_iter()
            .filter_map(|found| match found.meaning {
                Meaning::Intent(intent, _) => Some((intent, found.tokens)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn reads_the_signs_of_phrases() {
        let source = "@make = make|book\n[book 0.9]\n@make (an|) .. appointment\n[fillers]\nplease\n[opt_out 1]\n<stop>\n[affirm 0.9 asked confirm]\n^sure$\n[cancel 0.9]\ncancel* it\n[negate 1 asked opening]\nnope";
        let book = [(Intent::Book, 0..4)];
        assert_eq!(found(source, "make an early appointment"), book);
        assert_eq!(found(source, "book an early oil change appointment"), [], "the gap is too wide");
        assert_eq!(found(source, "book. appointment"), [], "another sentence");
        assert_eq!(found(source, "Please stop!"), [(Intent::OptOut, 1..2)]);
        assert_eq!(found(source, "it won't stop"), []);
        assert_eq!(found(source, "well, sure"), [(Intent::Affirm, 1..2)]);
        assert_eq!(found(source, "not sure"), []);
        assert_eq!(found(source, "cancelling it"), [(Intent::Cancel, 0..2)]);
        assert_eq!(found(source, "nope"), [], "only when an opening was asked for");
        assert_eq!(found(source, "book an apointment"), [(Intent::Book, 0..3)], "a slip of the fingers");
    }
}
