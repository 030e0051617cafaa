//! The customer's name.

use super::lexicon::{Lexicon, Match, Meaning, lexicon};
use super::text::{Boundary, Token};
use lanekeeper_domain::Language;
use std::ops::Range;

/// A name, and the tokens that it is written in.
#[derive(Debug, PartialEq)]
pub(crate) struct Found {
    pub name: String,
    pub tokens: Range<usize>,
}

/// The name that a message gives: after words that introduce one, or alone when `asked`. `taken` are tokens that mean
/// something else.
pub(crate) fn find(
    text: &str,
    tokens: &[Token],
    phrases: &[Match],
    asked: bool,
    taken: impl Fn(usize) -> bool,
) -> Option<Found> {
    let free = |at: usize| tokens.get(at).is_some_and(|token| token.is_han() || token.is_word()) && !taken(at);
    introduced(text, tokens, phrases, asked, &free).or_else(|| asked.then(|| bare(text, tokens, &free)).flatten())
}

fn introduced(
    text: &str,
    tokens: &[Token],
    phrases: &[Match],
    asked: bool,
    free: &impl Fn(usize) -> bool,
) -> Option<Found> {
    let mut introductions: Vec<(usize, bool)> = phrases
        .iter()
        .filter_map(|phrase| match phrase.meaning {
            Meaning::Name => Some((phrase.tokens.end, true)),
            Meaning::PerhapsName => Some((phrase.tokens.end, false)),
            _ => None,
        })
        .collect();
    introductions.sort_by_key(|&(end, certain)| (std::cmp::Reverse(certain), std::cmp::Reverse(end)));
    introductions.into_iter().find_map(|(from, certain)| {
        let first = tokens.get(from).filter(|first| first.before < Boundary::Sentence)?;
        if first.is_han() {
            return chinese(text, tokens, from, certain || asked, free);
        }
        let end = latin_end(tokens, from, certain, free)?;
        let likely = certain || asked || (from..end).all(|at| is_capital(text, &tokens[at]));
        (likely || end == tokens.len() && end - from >= 2).then(|| spelled(text, tokens, from..end))
    })
}

/// The whole message, but for fillers, is the name.
fn bare(text: &str, tokens: &[Token], free: &impl Fn(usize) -> bool) -> Option<Found> {
    let filler = |at: usize| Language::ALL.iter().any(|&language| lexicon(language).is_filler(&tokens[at].text));
    let start = (0..tokens.len()).find(|&at| !filler(at))?;
    if tokens[start].is_han() {
        return chinese(text, tokens, start, true, free);
    }
    let end = latin_end(tokens, start, false, free)?;
    let alone = (end..tokens.len()).all(|at| filler(at) || tokens[at].before > Boundary::None);
    alone.then(|| spelled(text, tokens, start..end))
}

/// Small words within a name, which keep their small letter.
const PARTICLES: [&str; 8] = ["de", "la", "del", "los", "van", "von", "di", "da"];

/// Words that point at somebody or something and begin no name ("it's for my wife's car").
const POINTERS: [&str; 17] = [
    "me", "my", "mine", "our", "us", "your", "his", "her", "their", "the", "this", "that", "it", "mi", "su", "nuestro",
    "nuestra",
];

/// Up to four words; they end before a word that is known to be none of a name. When the words before are `certain` to introduce a
/// name, its first word may be any ("my name is Grace").
fn latin_end(tokens: &[Token], from: usize, certain: bool, free: &impl Fn(usize) -> bool) -> Option<usize> {
    let mut end = from;
    while end < tokens.len() && end - from < 4 {
        let token = &tokens[end];
        let parted = end > from && token.before > Boundary::None;
        let first = certain && end == from && free(end) && !POINTERS.contains(&token.text.as_str());
        let particle = end > from && PARTICLES.contains(&token.text.as_str());
        if parted || token.is_han() || !(first || particle || (free(end) && !is_common(&token.text))) {
            break;
        }
        end += 1;
    }
    while end > from + 1 && PARTICLES.contains(&tokens[end - 1].text.as_str()) {
        end -= 1;
    }
    (end > from).then_some(end)
}

fn is_common(word: &str) -> bool {
    // Names that the lexicons hold for another reason.
    const NAMES_TOO: [&str; 12] =
        ["mark", "grace", "rose", "frank", "jack", "may", "april", "june", "august", "will", "dolores", "angel"];
    !NAMES_TOO.contains(&word)
        && [Language::En, Language::Es].iter().any(|&language| Lexicon::knows(lexicon(language), word))
}

fn is_capital(text: &str, token: &Token) -> bool {
    text.get(token.span.clone()).is_some_and(|word| word.starts_with(char::is_uppercase))
}

/// A Chinese name: two to four characters, the first a surname; or a surname with a title, or alone after 姓.
fn chinese(text: &str, tokens: &[Token], from: usize, certain: bool, free: &impl Fn(usize) -> bool) -> Option<Found> {
    const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤欧诸司上";
    const NOT_IN_NAMES: &str = "就行好可以的是要我想在了吗呢吧不没有车换修请这那就个电话明今后天号点预约";
    const FAMILIAR: &str = "小老阿大";
    let is_surname = SURNAMES.contains(tokens[from].text.as_str());
    let end = (from..tokens.len())
        .take(4)
        .take_while(|&at| {
            let token = &tokens[at];
            let parted = at > from && token.before > Boundary::None;
            !parted && token.is_han() && free(at) && !NOT_IN_NAMES.contains(token.text.as_str())
        })
        .last()?
        + 1;
    let runs_on = tokens.get(end).is_some_and(|next| next.is_han() && next.before == Boundary::None);
    let familiar = certain && FAMILIAR.contains(tokens[from].text.as_str());
    let fits = if certain { is_surname || familiar || !runs_on } else { is_surname && !runs_on && end - from >= 2 };
    fits.then(|| spelled(text, tokens, from..end))
}

fn spelled(text: &str, tokens: &[Token], range: Range<usize>) -> Found {
    let mut name = String::new();
    for (at, token) in range.clone().zip(&tokens[range.clone()]) {
        if at > range.start && !token.is_han() {
            let hyphen = text[tokens[at - 1].span.end..token.span.start].trim() == "-";
            name.push(if hyphen { '-' } else { ' ' });
        }
        name.push_str(&titled(&text[token.span.clone()]));
    }
    Found { name, tokens: range }
}

/// "maria" → "Maria"; names in mixed case ("O'Brien") stay as they were written.
fn titled(word: &str) -> String {
    if PARTICLES.contains(&word) {
        return word.to_owned();
    }
    let mixed = word.chars().any(char::is_lowercase) && word.chars().any(char::is_uppercase);
    if mixed {
        return word.to_owned();
    }
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect())
}
