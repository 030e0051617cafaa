//! Tokens to terms, by a language's lexicon: longest phrase first, then numbers, then misspelt names of days and months.

use super::term::{Piece, Term};
use super::tokens::{Kind, Token};

/// Phrases of one meaning: folded, their tokens parted by single spaces (Han characters need none).
pub(super) type Phrases = (Term, &'static [&'static str]);

/// The words of one language.
pub(super) struct Lexicon {
    /// Tables of fixed phrases; the longest that fits counts.
    pub phrases: &'static [&'static [Phrases]],
    /// Names that are recognised when they are misspelt; they are phrases too.
    pub names: &'static [(&'static str, Term)],
    /// Words that look like a misspelt name and are none.
    pub look_alikes: &'static [&'static str],
    /// Number words; see [`spelled`].
    pub numbers: &'static [(&'static str, u32, bool)],
    /// What joins tens and units ("treinta y uno").
    pub joiner: Option<&'static str>,
}

pub(super) fn pieces(tokens: &[Token], lexicon: &Lexicon) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let (term, count) = read(tokens, at, lexicon);
        let last = &tokens[at + count - 1];
        pieces.push(Piece { term, start: tokens[at].start, end: last.end, glued: tokens[at].glued });
        at += count;
    }
    hide_counts(&mut pieces);
    pieces
}

fn read(tokens: &[Token], at: usize, lexicon: &Lexicon) -> (Term, usize) {
    if let Some(found) = phrase(tokens, at, lexicon) {
        return found;
    }
    let token = &tokens[at];
    match token.kind {
        Kind::Digits => digits(tokens, at, lexicon),
        Kind::Word => spelled(tokens, at, lexicon)
            .or_else(|| misspelt(&token.text, lexicon).map(|term| (term, 1)))
            .unwrap_or((Term::Other, 1)),
        Kind::Han => han_number(tokens, at).unwrap_or((Term::Other, 1)),
        Kind::Mark => (mark(&token.text), 1),
    }
}

/// The longest phrase that begins here.
fn phrase(tokens: &[Token], at: usize, lexicon: &Lexicon) -> Option<(Term, usize)> {
    let names = lexicon.names.iter().map(|(name, term)| (*name, *term));
    let phrases = lexicon.phrases.iter().copied().flatten();
    // Most phrases fail here already, and this is where the time goes.
    let initial = tokens[at].text.as_bytes().first();
    phrases
        .flat_map(|(term, phrases)| phrases.iter().map(|phrase| (*phrase, *term)))
        .chain(names)
        .filter(|(key, _)| key.as_bytes().first() == initial)
        .filter_map(|(key, term)| Some((term, matching(tokens, at, key)?)))
        .max_by_key(|(_, count)| *count)
}

/// How many tokens the phrase covers, when it stands here.
fn matching(tokens: &[Token], at: usize, key: &str) -> Option<usize> {
    let mut rest = key;
    for (count, token) in tokens.get(at..)?.iter().enumerate() {
        rest = rest.strip_prefix(token.text.as_str())?;
        if rest.is_empty() {
            return Some(count + 1);
        }
        rest = match rest.strip_prefix(' ') {
            Some(rest) => rest,
            None if token.kind == Kind::Han => rest,
            None => return None,
        };
    }
    None
}

/// Digits, with what is glued to them: an ordinal ending is part of the number, a foreign word makes a code of it ("5w30").
fn digits(tokens: &[Token], at: usize, lexicon: &Lexicon) -> (Term, usize) {
    let token = &tokens[at];
    let value = token.text.parse::<u32>().unwrap_or(u32::MAX);
    let number = |ordinal| Term::Number { value, digits: token.text.len().min(99) as u8, ordinal };
    let follows_letters = at > 0 && token.glued && tokens[at - 1].kind == Kind::Word;
    if follows_letters && phrase(tokens, at - 1, lexicon).is_none() {
        return (Term::Other, 1);
    }
    match tokens.get(at + 1).filter(|next| next.glued && next.kind == Kind::Word) {
        None => (number(false), 1),
        Some(next) if matches!(next.text.as_str(), "st" | "nd" | "rd" | "th") => (number(true), 2),
        Some(_) if phrase(tokens, at + 1, lexicon).is_some() => (number(false), 1),
        Some(_) => (Term::Other, 2),
    }
}

/// Number words, tens and units put together ("twenty four", "twenty-fourth", "treinta y uno").
fn spelled(tokens: &[Token], at: usize, lexicon: &Lexicon) -> Option<(Term, usize)> {
    let number = |at: usize| {
        let text = &tokens.get(at)?.text;
        lexicon.numbers.iter().find(|(word, ..)| word == text).map(|(_, value, ordinal)| (*value, *ordinal))
    };
    let term = |value, ordinal| Term::Number { value, digits: 0, ordinal };
    let (value, ordinal) = number(at)?;
    if value >= 20 && value % 10 == 0 && !ordinal {
        let joined =
            tokens.get(at + 1).is_some_and(|next| next.text == "-" || Some(next.text.as_str()) == lexicon.joiner);
        let units_at = at + 1 + usize::from(joined);
        if let Some((units, ordinal)) = number(units_at).filter(|(units, _)| *units < 10) {
            return Some((term(value + units, ordinal), units_at + 1 - at));
        }
    }
    Some((term(value, ordinal), 1))
}

/// A Han numeral: 十一, 二十四, or a row of figures as in 二零二七.
fn han_number(tokens: &[Token], at: usize) -> Option<(Term, usize)> {
    let figures: Vec<u32> = tokens[at..].iter().map_while(|token| han_figure(&token.text)).collect();
    let count = figures.len();
    if count == 0 {
        return None;
    }
    let ten = figures.iter().position(|figure| *figure == 10);
    let (value, digits) = match (ten, figures.as_slice()) {
        (Some(0), [_]) => (10, 0),
        (Some(0), [_, units]) => (10 + units, 0),
        (Some(1), [tens, _]) => (tens * 10, 0),
        (Some(1), [tens, _, units]) => (tens * 10 + units, 0),
        (None, [figure]) => (*figure, 0),
        (None, [0, units]) => (*units, 2),
        (None, figures) if figures.len() == 4 => (figures.iter().fold(0, |sum, figure| sum * 10 + figure), 4),
        _ => return Some((Term::Other, count)),
    };
    Some((Term::Number { value, digits, ordinal: false }, count))
}

fn han_figure(text: &str) -> Option<u32> {
    const FIGURES: [&str; 11] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    match text {
        "〇" => Some(0),
        "两" => Some(2),
        _ => FIGURES.iter().position(|figure| *figure == text).map(|figure| figure as u32),
    }
}

fn mark(text: &str) -> Term {
    match text {
        ":" => Term::Colon,
        "/" => Term::Slash,
        "-" => Term::Dash,
        "." => Term::Dot,
        "," => Term::Comma,
        "!" => Term::Stop,
        "@" => Term::At,
        "&" => Term::And,
        "$" => Term::Currency,
        "%" => Term::Quantity,
        _ => Term::Other,
    }
}

/// The name that this is a misspelling of: one slip, or two in a long word, and the same first letter.
fn misspelt(word: &str, lexicon: &Lexicon) -> Option<Term> {
    if word.len() < 5 || lexicon.look_alikes.contains(&word) {
        return None;
    }
    lexicon
        .names
        .iter()
        .filter(|(name, _)| name.len() >= 6 && name.as_bytes()[0] == word.as_bytes()[0])
        .find(|(name, _)| slips(word, name) <= if name.len() >= 8 { 2 } else { 1 })
        .map(|(_, term)| *term)
}

/// Letters wrong, missing, too many, or exchanged with their neighbour (optimal string alignment distance).
fn slips(left: &str, right: &str) -> usize {
    const LONGEST: usize = 16;
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() > LONGEST || right.len() > LONGEST || left.len().abs_diff(right.len()) > 2 {
        return usize::MAX;
    }
    let mut rows = [[0usize; LONGEST + 1]; LONGEST + 1];
    for (index, row) in rows.iter_mut().enumerate() {
        row[0] = index;
    }
    for (index, cell) in rows[0].iter_mut().enumerate() {
        *cell = index;
    }
    for i in 1..=left.len() {
        for j in 1..=right.len() {
            let wrong = usize::from(left[i - 1] != right[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + wrong);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[left.len()][right.len()]
}

/// Makes nothing of the numbers that count, cost or call: miles, prices, percentages, decimals, telephone numbers.
fn hide_counts(pieces: &mut [Piece]) {
    for at in 0..pieces.len() {
        let digits = digits_at(pieces, at);
        let term = |index: usize| pieces.get(index).map_or(Term::End, |piece| piece.term);
        let glued = |index: usize| pieces.get(index).is_some_and(|piece| piece.glued);
        if !matches!(term(at), Term::Number { .. }) {
            continue;
        }
        let before = if at == 0 { Term::End } else { term(at - 1) };
        let priced = before == Term::Currency || matches!(term(at + 1), Term::Quantity | Term::Currency);
        let thousands = term(at + 1) == Term::Comma && glued(at + 1) && glued(at + 2) && digits_at(pieces, at + 2) == 3;
        let fraction = term(at + 1) == Term::Dot && priced && digits_at(pieces, at + 2) > 0;
        // Telephone numbers are written in groups of three and four digits.
        let behind = if digits_at(pieces, at + 1) > 0 { at + 1 } else { at + 2 };
        let group = digits == 3 && matches!(digits_at(pieces, behind), 3 | 4);
        if priced || thousands || group || digits >= 5 {
            pieces[at].term = Term::Other;
        }
        if thousands || fraction || group && digits_at(pieces, behind) == 4 {
            pieces[if group { behind } else { at + 2 }].term = Term::Other;
        }
    }
}

/// How many digits the number there was written with; none when there is no number.
fn digits_at(pieces: &[Piece], at: usize) -> u8 {
    match pieces.get(at).map(|piece| piece.term) {
        Some(Term::Number { digits, ordinal: false, .. }) => digits,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{chinese, english, spanish};
    use super::*;

    #[test]
    fn slips_are_counted() {
        assert_eq!(slips("tuseday", "tuesday"), 1);
        assert_eq!(slips("wensday", "wednesday"), 2);
        assert_eq!(slips("mondeo", "monday"), 2);
        assert_eq!(slips("friday", "friday"), 0);
        assert_eq!(slips("abcdefghijklmnopqrstuvwxyz", "friday"), usize::MAX);
    }

    #[test]
    fn no_phrase_has_two_meanings() {
        for lexicon in [&english::LEXICON, &spanish::LEXICON, &chinese::LEXICON] {
            let mut all: Vec<_> =
                lexicon.phrases.iter().copied().flatten().flat_map(|(_, phrases)| phrases.iter()).collect();
            all.extend(lexicon.names.iter().map(|(name, _)| name));
            all.sort_unstable();
            let twice: Vec<_> = all.windows(2).filter(|pair| pair[0] == pair[1]).collect();
            assert!(twice.is_empty(), "{twice:?}");
        }
    }
}
