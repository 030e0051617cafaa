//! Cuts a message into words, runs of digits, Han characters and marks, folded so that spelling habits do not matter:
//! lower case, no accents, no apostrophes, half-width, simplified characters.

/// A piece of the message as it was written.
pub(super) struct Token {
    /// Folded text.
    pub text: String,
    pub kind: Kind,
    /// Byte range in the message.
    pub start: usize,
    pub end: usize,
    /// Whether nothing stands between this token and the one before it.
    pub glued: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Digits,
    Han,
    Mark,
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut glued = false;
    for (start, raw) in text.char_indices() {
        let end = start + raw.len_utf8();
        let Some((folded, kind)) = fold(raw) else {
            glued &= is_apostrophe(raw);
            continue;
        };
        match tokens.last_mut() {
            Some(last) if glued && last.kind == kind && matches!(kind, Kind::Word | Kind::Digits) => {
                last.text.push(folded);
                last.end = end;
            }
            _ => tokens.push(Token { text: folded.to_string(), kind, start, end, glued }),
        }
        glued = true;
    }
    tokens
}

/// What a character counts as; `None` for those that only separate, or are not there at all (apostrophes).
fn fold(raw: char) -> Option<(char, Kind)> {
    let lower = raw.to_lowercase().next().unwrap_or(raw);
    match lower {
        'a'..='z' => Some((lower, Kind::Word)),
        '0'..='9' => Some((lower, Kind::Digits)),
        '０'..='９' => char::from_u32(lower as u32 - '０' as u32 + '0' as u32).map(|digit| (digit, Kind::Digits)),
        'á' | 'à' | 'ä' | 'â' => Some(('a', Kind::Word)),
        'é' | 'è' | 'ë' | 'ê' => Some(('e', Kind::Word)),
        'í' | 'ì' | 'ï' | 'î' => Some(('i', Kind::Word)),
        'ó' | 'ò' | 'ö' | 'ô' => Some(('o', Kind::Word)),
        'ú' | 'ù' | 'ü' | 'û' => Some(('u', Kind::Word)),
        'ñ' => Some(('n', Kind::Word)),
        '\u{3400}'..='\u{9fff}' | '〇' => Some((simplified(lower), Kind::Han)),
        '：' => Some((':', Kind::Mark)),
        '，' | '、' => Some((',', Kind::Mark)),
        '。' | '！' | '？' | '!' | '?' | ';' | '；' | '\n' => Some(('!', Kind::Mark)),
        '–' | '—' | '~' | '～' | '－' | '-' => Some(('-', Kind::Mark)),
        '／' | '/' => Some(('/', Kind::Mark)),
        '¥' | '￥' | '€' | '£' | '$' => Some(('$', Kind::Mark)),
        '.' | ',' | ':' | '@' | '%' | '+' | '(' | ')' | '#' | '<' | '>' | '&' => Some((lower, Kind::Mark)),
        _ if lower.is_alphabetic() => Some((lower, Kind::Word)),
        _ => None,
    }
}

fn is_apostrophe(raw: char) -> bool {
    matches!(raw, '\'' | '’' | '‘' | '`' | '´')
}

/// The simplified form of the traditional characters that words of time are written with.
fn simplified(han: char) -> char {
    const PAIRS: &[(char, char)] = &[
        ('後', '后'),
        ('週', '周'),
        ('禮', '礼'),
        ('點', '点'),
        ('號', '号'),
        ('這', '这'),
        ('個', '个'),
        ('兩', '两'),
        ('鐘', '钟'),
        ('鍾', '钟'),
        ('時', '时'),
        ('間', '间'),
        ('盡', '尽'),
        ('從', '从'),
        ('過', '过'),
        ('當', '当'),
        ('飯', '饭'),
        ('沒', '没'),
        ('別', '别'),
        ('換', '换'),
        ('幾', '几'),
        ('現', '现'),
        ('馬', '马'),
        ('趕', '赶'),
        ('緊', '紧'),
        ('來', '来'),
        ('還', '还'),
        ('開', '开'),
        ('離', '离'),
        ('調', '调'),
        ('遲', '迟'),
        ('餘', '余'),
        ('萬', '万'),
        ('塊', '块'),
        ('錢', '钱'),
        ('們', '们'),
        ('淩', '凌'),
        ('歲', '岁'),
        ('國', '国'),
        ('慶', '庆'),
        ('節', '节'),
        ('聖', '圣'),
        ('誕', '诞'),
    ];
    PAIRS.iter().find(|(from, _)| *from == han).map_or(han, |(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_folded_and_know_where_they_stood() {
        let text = "Miércoles 3PM, o’clock 後天９點";
        let cut: Vec<_> = tokens(text).into_iter().map(|token| (token.text, &text[token.start..token.end])).collect();
        let folded: Vec<_> = cut.iter().map(|(folded, _)| folded.as_str()).collect();
        assert_eq!(folded, ["miercoles", "3", "pm", ",", "oclock", "后", "天", "9", "点"]);
        assert_eq!(cut[0].1, "Miércoles");
        assert_eq!(cut[4].1, "o’clock");
        assert_eq!(cut[7].1, "９");
    }
}
