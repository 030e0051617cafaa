//! Reads the files of phrases.

use super::{Element, Lexicon, Meaning, Rule, Sign, WordId, text};
use lanekeeper_domain::understanding::{Asked, Choice};
use serde::de::{DeserializeOwned, IntoDeserializer, value};
use std::collections::HashMap;

/// Turns a lexicon's text into rules.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) lexicon: Lexicon,
    lists: HashMap<String, String>,
    /// Lines that make no sense; a test sees to it that there are none.
    pub(super) problems: Vec<String>,
}

enum Section {
    Phrases(Meaning, Option<Asked>),
    Words,
    Fillers,
    Neutral,
}

impl Reader {
    pub(super) fn read(source: &str, widest_gap: usize) -> Self {
        let mut reader = Self { lexicon: Lexicon { widest_gap, ..Lexicon::default() }, ..Self::default() };
        let mut section = None;
        for line in source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(header) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = section_named(header);
                if section.is_none() {
                    reader.problems.push(line.to_owned());
                }
            } else if let Some((name, words)) = line.strip_prefix('@').and_then(|line| line.split_once('=')) {
                let words = reader.with_lists(words.trim());
                reader.lists.insert(name.trim().to_owned(), words);
            } else {
                reader.line(line, section.as_ref());
            }
        }
        reader
    }

    fn line(&mut self, line: &str, section: Option<&Section>) {
        match section {
            Some(&Section::Phrases(meaning, asked)) => self.phrase(line, meaning, asked),
            Some(Section::Words) => drop(self.word_list(line)),
            Some(Section::Fillers) => {
                let ids = self.word_list(line);
                self.lexicon.fillers.extend(ids);
            }
            Some(Section::Neutral) => {
                let ids = self.word_list(line);
                self.lexicon.neutral.extend(ids);
            }
            None => self.problems.push(line.to_owned()),
        }
    }

    fn word_list(&mut self, line: &str) -> Vec<WordId> {
        text::tokens(line).into_iter().map(|token| self.word(token.text)).collect()
    }

    fn word(&mut self, text: String) -> WordId {
        let next = self.next_id();
        *self.lexicon.words.entry(text).or_insert(next)
    }

    fn prefix(&mut self, text: String) -> WordId {
        if let Some((_, id)) = self.lexicon.prefixes.iter().find(|(prefix, _)| *prefix == text) {
            return *id;
        }
        let id = self.next_id();
        self.lexicon.prefixes.push((text, id));
        id
    }

    fn next_id(&self) -> WordId {
        (self.lexicon.words.len() + self.lexicon.prefixes.len()) as WordId
    }

    fn phrase(&mut self, line: &str, meaning: Meaning, asked: Option<Asked>) {
        let line = self.with_lists(line);
        let mut rest = line.as_str();
        let sequences = self.sequences(&mut rest);
        for elements in sequences {
            let mut first_words = Vec::new();
            let can_be_empty = first_words_of(&elements, &mut first_words);
            if can_be_empty || !rest.is_empty() {
                self.problems.push(line.clone());
            }
            first_words.sort_unstable();
            first_words.dedup();
            for id in first_words {
                self.lexicon.by_first_word.entry(id).or_default().push(self.lexicon.rules.len() as u16);
            }
            self.lexicon.rules.push(Rule { meaning, asked, elements });
        }
    }

    fn with_lists(&self, line: &str) -> String {
        let mut parts = line.split('@');
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            whole.push('(');
            whole.push_str(self.lists.get(name).map_or(name, String::as_str));
            whole.push(')');
            whole.push_str(rest);
        }
        whole
    }

    /// Reads `a|b|c` up to a closing bracket.
    fn sequences(&mut self, rest: &mut &str) -> Vec<Vec<Element>> {
        let mut all = vec![self.sequence(rest)];
        while let Some(after) = rest.strip_prefix('|') {
            *rest = after;
            all.push(self.sequence(rest));
        }
        all
    }

    fn sequence(&mut self, rest: &mut &str) -> Vec<Element> {
        let mut elements = Vec::new();
        while let Some(c) = rest.chars().next() {
            let element = match c {
                '|' | ')' => break,
                '(' => {
                    *rest = &rest[1..];
                    let group = group(self.sequences(rest));
                    *rest = rest.strip_prefix(')').unwrap_or(rest);
                    elements.push(group);
                    continue;
                }
                '^' => Element::ClauseStart,
                '$' => Element::ClauseEnd,
                '<' => Element::MessageStart,
                '>' => Element::MessageEnd,
                '.' => Element::Gap,
                _ => {
                    elements.extend(self.words(rest));
                    continue;
                }
            };
            *rest = rest.trim_start_matches(c);
            elements.push(element);
        }
        elements
    }

    /// Reads words up to the next sign.
    fn words(&mut self, rest: &mut &str) -> Vec<Element> {
        let end = rest.find(['|', '(', ')', '^', '$', '<', '>', '.']).unwrap_or(rest.len());
        let (words, after) = rest.split_at(end);
        *rest = after;
        let mut elements = Vec::new();
        for word in words.split_whitespace() {
            if let Some(prefix) = word.strip_suffix('*') {
                let prefix: String = text::tokens(prefix).into_iter().map(|token| token.text).collect();
                elements.push(Element::Word(vec![self.prefix(prefix)]));
            } else {
                elements.extend(text::tokens(word).into_iter().map(|token| Element::Word(vec![self.word(token.text)])));
            }
        }
        elements
    }
}

/// One element for a bracket; word lists, which are most of them, become a single one.
fn group(sequences: Vec<Vec<Element>>) -> Element {
    let (words, mut others): (Vec<_>, Vec<_>) =
        sequences.into_iter().partition(|sequence| matches!(sequence.as_slice(), [Element::Word(_)]));
    let ids: Vec<WordId> = words
        .into_iter()
        .flatten()
        .flat_map(|element| match element {
            Element::Word(ids) => ids,
            _ => Vec::new(),
        })
        .collect();
    if others.is_empty() {
        return Element::Word(ids);
    }
    if !ids.is_empty() {
        others.push(vec![Element::Word(ids)]);
    }
    Element::Group(others)
}

/// Collects the words that a sequence can begin with; whether it can also be empty.
fn first_words_of(elements: &[Element], words: &mut Vec<WordId>) -> bool {
    for element in elements {
        let can_be_empty = match element {
            Element::Word(ids) => {
                words.extend_from_slice(ids);
                false
            }
            Element::Group(sequences) => {
                let empty = sequences.iter().filter(|sequence| first_words_of(sequence, words)).count();
                empty > 0
            }
            Element::Gap | Element::ClauseStart | Element::ClauseEnd | Element::MessageStart | Element::MessageEnd => {
                true
            }
        };
        if !can_be_empty {
            return false;
        }
    }
    true
}

fn section_named(header: &str) -> Option<Section> {
    let mut words = header.split_whitespace();
    let first = words.next()?;
    let meaning = match first {
        "words" => return Some(Section::Words),
        "fillers" => return Some(Section::Fillers),
        "neutral" => return Some(Section::Neutral),
        "choice" => Meaning::Choice(choice(words.next()?)?),
        "service" => Meaning::Service(named(words.next()?)?),
        "symptom" => Meaning::Symptom(named(words.next()?)?),
        "mute" => Meaning::Topic(named(words.next()?)?, false),
        "unmute" => Meaning::Topic(named(words.next()?)?, true),
        "rating" => Meaning::Rating(words.next()?.parse().ok()?),
        "mood" => Meaning::Mood(named(words.next()?)?),
        "nothing" => Meaning::Nothing,
        "wish" => Meaning::Wish,
        "name" => Meaning::Name,
        "perhaps-name" => Meaning::PerhapsName,
        "transport" => Meaning::Transport(named(words.next()?)?),
        "adds" => Meaning::Adds,
        "with" => Meaning::With,
        "plate" => Meaning::Plate,
        "correction" => Meaning::Correction,
        "not" => Meaning::Not,
        "sensitive" => Meaning::Sensitive(named(words.next()?)?),
        "line" => Meaning::Line(sign(words.next()?)?),
        intent => Meaning::Intent(named(intent)?, words.next()?.parse().ok()?),
    };
    match words.next() {
        None => Some(Section::Phrases(meaning, None)),
        Some("asked") => Some(Section::Phrases(meaning, Some(named(words.next()?)?))),
        Some(_) => None,
    }
}

fn choice(name: &str) -> Option<Choice> {
    match name.parse() {
        Ok(nth) => Some(Choice::Nth(nth)),
        Err(_) => named(name),
    }
}

fn sign(name: &str) -> Option<Sign> {
    Some(match name {
        "do" => Sign::Do,
        "skip" => Sign::Skip,
        "only" => Sign::Only,
        "all" => Sign::All,
        "all-but" => Sign::AllBut,
        "none" => Sign::None,
        "rest" => Sign::Rest,
        "last" => Sign::Last,
        "asks" => Sign::Asks,
        "requests" => Sign::Requests,
        "but" => Sign::But,
        nth => Sign::Nth(nth.parse().ok()?),
    })
}

/// The variant of that name, as the API writes it.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    let deserializer: value::StrDeserializer<'_, value::Error> = name.into_deserializer();
    T::deserialize(deserializer).ok()
}
