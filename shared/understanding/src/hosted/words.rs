//! Whether the customer wrote what a model says they wrote, and text that is safe to keep.

/// Whether every word of the name stands in the text, whatever the case and the accents. Chinese has no gaps between
/// words, so there a name may stand anywhere.
pub fn names(text: &str, name: &str) -> bool {
    let text: Vec<char> = text.chars().map(fold).collect();
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| stands_in(&text, &word.chars().map(fold).collect::<Vec<_>>()))
}

fn stands_in(text: &[char], word: &[char]) -> bool {
    text.windows(word.len()).enumerate().any(|(start, window)| {
        let goes_on = |inside: Option<&char>, outside: Option<&char>| {
            inside.is_some_and(|c| spaced(*c)) && outside.is_some_and(|c| spaced(*c))
        };
        window == word
            && !goes_on(word.first(), start.checked_sub(1).and_then(|before| text.get(before)))
            && !goes_on(word.last(), text.get(start + word.len()))
    })
}

/// Letters and digits of scripts that put spaces between words.
fn spaced(c: char) -> bool {
    c.is_alphanumeric() && !('\u{2e80}'..='\u{9fff}').contains(&c)
}

/// Whether the text holds these letters and digits in this order, whatever stands between them: a plate, a VIN, a phone
/// number.
pub fn spells(text: &str, code: &str) -> bool {
    let code = squeezed(code);
    !code.is_empty() && squeezed(text).contains(&code)
}

/// Letters and digits only, folded.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).map(fold).collect()
}

/// Whether the text has this model year in it, with four digits or with its last two ("'19").
pub fn has_year(text: &str, year: u16) -> bool {
    let text: String = text.chars().map(fold).collect();
    text.split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits == year.to_string() || digits == format!("{:02}", year % 100))
}

/// One line of at most `length` characters, without what is invisible: controls, and marks that turn the direction of
/// what follows.
pub fn cleaned(text: &str, length: usize) -> String {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let visible: String = text
        .chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' => Some(' '),
            c if invisible(c) => None,
            c => Some(c),
        })
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(length).collect()
}

/// Lower case, full-width forms as ASCII, and without the accents of Spanish, which people often leave out.
fn fold(c: char) -> char {
    let ascii = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    };
    match ascii.to_lowercase().next().unwrap_or(ascii) {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        lower => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_to_stand_in_the_text() {
        assert!(names("hi its maria lopez here", "María López"));
        assert!(names("name's O'Brien, first name Pat", "Pat O'Brien"));
        assert!(names("我叫王伟，明天去", "王伟"));
        assert!(!names("can I also come", "Al"), "not within another word");
        assert!(!names("this is Maria", "Maria Lopez"));
        assert!(!names("anything", "") && !names("anything", "!!"));
    }

    #[test]
    fn codes_are_found_whatever_separates_them() {
        assert!(spells("plate is ABC-1234 thx", "abc1234"));
        assert!(spells("车牌浙Ａ·１２３４５", "浙A12345"));
        assert!(!spells("plate is ABC-1234", "XYZ9876") && !spells("no plate", ""));
    }

    #[test]
    fn years_are_whole_numbers() {
        assert!(has_year("2019 CR-V", 2019) && has_year("my '19 civic", 2019) && has_year("2019款雅阁", 2019));
        assert!(has_year("an '08 Camry", 2008));
        assert!(!has_year("part 120195", 2019) && !has_year("my civic", 2019));
    }

    #[test]
    fn cleans_what_nobody_sees() {
        assert_eq!(cleaned(" brakes\u{7} \u{202e}squeal\r\n a\u{200b} lot ", 60), "brakes squeal a lot");
        assert_eq!(cleaned("刹车异响", 2), "刹车");
    }
}
