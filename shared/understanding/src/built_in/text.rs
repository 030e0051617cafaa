//! Text as people write it, cut into words that can be compared.
//!
//! Latin words lose case, accents and apostrophes ("Can't" → `cant`, "mañana" → `manana`); Chinese comes out one character
//! per token, in simplified form. Every token remembers the bytes that it came from.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Boundary {
    /// At most a space, a hyphen or the like.
    None,
    /// A comma.
    Clause,
    /// A full stop, a question mark, a new line.
    Sentence,
}

/// A word, a number, a Chinese character or an emoji.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// The form to compare.
    pub text: String,
    /// Where it stands in the original, in bytes.
    pub span: Range<usize>,
    /// What stands before it.
    pub before: Boundary,
}

impl Token {
    /// Whether this is one Chinese character.
    pub fn is_han(&self) -> bool {
        self.text.chars().next().is_some_and(is_han)
    }

    /// Whether this is a number, perhaps with a unit written on to it ("45k").
    pub fn starts_with_digit(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Whether it is digits alone.
    pub fn is_number(&self) -> bool {
        self.text.bytes().all(|b| b.is_ascii_digit())
    }

    /// Whether it is a word in letters other than Chinese ones.
    pub fn is_word(&self) -> bool {
        !self.is_han() && self.text.chars().all(char::is_alphabetic)
    }
}

/// What stands behind so many tokens is not read, so that the work has a bound; ten text messages have fewer words.
const MOST: usize = 400;

/// Cuts a text into tokens.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut before = Boundary::None;
    let mut characters = text.char_indices().peekable();
    while let Some(&(start, c)) = characters.peek().filter(|_| tokens.len() < MOST) {
        if is_han(c) || is_emoji(c) {
            characters.next();
            let span = start..start + c.len_utf8();
            tokens.push(Token { text: simplified(c).to_string(), span, before });
            before = Boundary::None;
        } else if c.is_alphanumeric() {
            let (word, end) = word(text, start);
            while characters.next_if(|&(at, _)| at < end).is_some() {}
            tokens.push(Token { text: word, span: start..end, before });
            before = Boundary::None;
        } else {
            characters.next();
            let next = characters.peek().map(|&(_, next)| next);
            before = before.max(boundary(c, next));
        }
    }
    tokens
}

/// The word that starts here, folded, and where it ends.
fn word(text: &str, start: usize) -> (String, usize) {
    let mut folded = String::new();
    let mut end = start;
    let mut characters = text[start..].char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|&(_, next)| next);
        let inside_number = folded.ends_with(|c: char| c.is_ascii_digit()) && next.is_some_and(|n| n.is_ascii_digit());
        if is_han(c) || is_emoji(c) {
            break;
        } else if c.is_alphanumeric() {
            push_folded(&mut folded, c);
        } else if is_apostrophe(c) && next.is_some_and(char::is_alphabetic) {
            // "can't" is written "cant" just as often.
        } else if c == '/'
            && folded.len() == 1
            && folded.ends_with(char::is_alphabetic)
            && single_letter(&text[start + at..])
        {
            // "A/C", "w/o".
        } else if c == '.' && inside_number {
            folded.push('.');
        } else if c == ',' && inside_number && groups_thousands(&text[start + at..]) {
            // "45,000".
        } else {
            break;
        }
        end = start + at + c.len_utf8();
    }
    (undrawn(&folded), end)
}

/// A letter that is drawn out ("sooo") counts once.
fn undrawn(word: &str) -> String {
    let mut short = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut times = 1;
        while letters.next_if_eq(&letter).is_some() {
            times += 1;
        }
        let kept = if letter.is_alphabetic() && times > 2 { 1 } else { times };
        short.extend(std::iter::repeat_n(letter, kept));
    }
    short
}

fn single_letter(rest: &str) -> bool {
    let mut letters = rest[1..].chars();
    letters.next().is_some_and(char::is_alphabetic) && !letters.next().is_some_and(char::is_alphanumeric)
}

fn groups_thousands(rest: &str) -> bool {
    rest[1..].chars().take_while(char::is_ascii_digit).count() == 3
}

/// Appends a character in lower case without its accent.
fn push_folded(folded: &mut String, c: char) {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    for c in c.to_lowercase() {
        let c = match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            '\u{300}'..='\u{36f}' => continue,
            _ => c,
        };
        folded.push(c);
    }
}

fn boundary(c: char, next: Option<char>) -> Boundary {
    match c {
        '!' | '?' | ';' | '\n' | '…' | '。' | '！' | '？' | '；' | '¿' | '¡' => Boundary::Sentence,
        '.' if !next.is_some_and(char::is_alphanumeric) => Boundary::Sentence,
        ',' | '，' | '、' | ':' | '：' | '(' | ')' | '（' | '）' | '~' | '～' | '–' | '—' => Boundary::Clause,
        _ => Boundary::None,
    }
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ')
}

/// The simplified form of a traditional character, as far as the lexicons need it.
fn simplified(c: char) -> char {
    static PAIRS: OnceLock<HashMap<char, char>> = OnceLock::new();
    let pairs = PAIRS.get_or_init(|| {
        let mut characters = include_str!("lexicon/traditional.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::chars)
            .filter(|&c| is_han(c));
        let mut pairs = HashMap::new();
        while let (Some(traditional), Some(simplified)) = (characters.next(), characters.next()) {
            pairs.insert(traditional, simplified);
        }
        pairs
    });
    pairs.get(&c).copied().unwrap_or(c)
}

/// Whether one slip of the fingers (a letter added, left out, changed, or two swapped) makes one word of the other.
pub(crate) fn one_slip(a: &str, b: &str) -> bool {
    // Folded words are ASCII but for other scripts, where a slip of one byte is not told from none.
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same_start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same_start..], &b[same_start..]);
    let same_end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&a[..a.len() - same_end], &b[..b.len() - same_end]) {
        ([] | [_], [_]) | ([_], []) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn folds_what_people_write_differently() {
        assert_eq!(words("Can’t MAKE it, mañana!!"), ["cant", "make", "it", "manana"]);
        assert_eq!(words("my A/C at 45,000 mi 3.5"), ["my", "ac", "at", "45000", "mi", "3.5"]);
        assert_eq!(words("CR-V f150"), ["cr", "v", "f150"]);
        assert_eq!(words("我的車ＯＫ"), ["我", "的", "车", "ok"]);
        assert_eq!(words("yesss noooo"), ["yes", "no"]);
        assert_eq!(words("ok👍🏽"), ["ok", "👍"]);
    }

    #[test]
    fn remembers_where_words_stand_and_what_parts_them() {
        let text = "Sí, ñandú. ok";
        let tokens = tokens(text);
        assert_eq!(&text[tokens[1].span.clone()], "ñandú");
        assert_eq!(
            tokens.iter().map(|token| token.before).collect::<Vec<_>>(),
            [Boundary::None, Boundary::Clause, Boundary::Sentence]
        );
    }

    #[test]
    fn one_slip_is_one_slip() {
        for (a, b) in [("chnage", "change"), ("toyta", "toyota"), ("hundai", "hyundai"), ("brakez", "brakes")] {
            assert!(one_slip(a, b) && one_slip(b, a), "{a} {b}");
        }
        assert!(!one_slip("brakes", "brakes"));
        assert!(!one_slip("breaks", "brakes"));
    }
}
