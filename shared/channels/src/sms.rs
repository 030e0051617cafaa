//! What is true of every text message, whoever carries it.

/// The basic character set of GSM 03.38 (3GPP TS 23.038, 6.2.1): one septet each. The escape itself is not a character.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                     ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// The basic set's extension table (3GPP TS 23.038, 6.2.1.1): an escape and one more septet.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How many segments a text is sent, and charged, as. A single segment holds 160 septets (GSM-7) or 70 UTF-16 units
/// (anything else); of several, each gives up six bytes to say which part it is, and so holds 153 or 67. A character of
/// two units is never torn in two. None for an empty text.
pub fn segments(text: &str) -> u32 {
    let widths: Option<Vec<usize>> = text.chars().map(septets).collect();
    match widths {
        Some(widths) => packed(&widths, 160, 153),
        None => packed(&text.chars().map(char::len_utf16).collect::<Vec<_>>(), 70, 67),
    }
}

/// The septets that a character takes in GSM-7, if it has it.
fn septets(character: char) -> Option<usize> {
    if BASIC.contains(character) {
        Some(1)
    } else if EXTENSION.contains(character) {
        Some(2)
    } else {
        None
    }
}

fn packed(widths: &[usize], alone: usize, among_several: usize) -> u32 {
    let total: usize = widths.iter().sum();
    if total <= alone {
        return u32::from(total > 0);
    }
    let mut segments = 1;
    let mut used = 0;
    for width in widths {
        if used + width > among_several {
            segments += 1;
            used = 0;
        }
        used += width;
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_gsm_7() {
        assert_eq!(segments(""), 0);
        assert_eq!(segments("Your car is ready."), 1);
        assert_eq!(segments(&"a".repeat(160)), 1);
        assert_eq!(segments(&"a".repeat(161)), 2);
        assert_eq!(segments(&"ñ".repeat(306)), 2);
        assert_eq!(segments(&"a".repeat(307)), 3);
    }

    #[test]
    fn characters_of_the_extension_take_two() {
        assert_eq!(segments(&"€".repeat(80)), 1);
        assert_eq!(segments(&"€".repeat(81)), 2);
        // 153 is odd: each segment holds 76 of them, and one septet stays empty.
        assert_eq!(segments(&"€".repeat(152)), 2);
        assert_eq!(segments(&"€".repeat(153)), 3);
    }

    #[test]
    fn any_other_character_makes_it_ucs_2() {
        assert_eq!(segments(&"好".repeat(70)), 1);
        assert_eq!(segments(&"好".repeat(71)), 2);
        assert_eq!(segments(&"好".repeat(135)), 3);
        // One accent that GSM-7 lacks is enough.
        assert_eq!(segments(&format!("á{}", "a".repeat(70))), 2);
        // An emoji is two units; 67 is odd, so each segment holds 33.
        assert_eq!(segments(&"🚗".repeat(35)), 1);
        assert_eq!(segments(&"🚗".repeat(66)), 2);
        assert_eq!(segments(&"🚗".repeat(67)), 3);
    }

    #[test]
    fn the_tables_are_whole() {
        assert_eq!(BASIC.chars().count(), 127);
        assert_eq!(EXTENSION.chars().count(), 10);
    }
}
