//! Which language a message is written in.

use super::lexicon::lexicon;
use super::text::Token;
use lanekeeper_domain::Language;

/// The language of the words, or `fallback` when they do not tell. `tells` leaves out names of people and cars, which are the
/// same in every language.
pub(crate) fn of(text: &str, tokens: &[Token], fallback: Language, tells: impl Fn(usize) -> bool) -> Language {
    let telling = || tokens.iter().enumerate().filter(|&(at, _)| tells(at)).map(|(_, token)| token);
    if telling().any(Token::is_han) {
        return Language::Zh;
    }
    let (english, spanish) = (lexicon(Language::En), lexicon(Language::Es));
    let (mut en, mut es) = (0, 0);
    for token in telling().filter(|token| token.is_word()) {
        let word = token.text.as_str();
        if english.is_neutral(word) || spanish.is_neutral(word) {
            continue;
        }
        match (english.knows(word), spanish.knows(word)) {
            (true, false) => en += 1,
            (false, true) => es += 1,
            _ => {}
        }
    }
    if text.contains(['¿', '¡', 'ñ', 'Ñ']) {
        es += 2;
    }
    match (en, es) {
        (0, 0) => fallback,
        (en, es) if es > en => Language::Es,
        (en, es) if en > es => Language::En,
        _ => fallback,
    }
}
