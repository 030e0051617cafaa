//! Phone numbers.

/// Puts a number into E.164 (`+15005550006`). `country` is the calling code to assume when the number has none ("1",
/// "86"). `None` when it cannot be a number: E.164 allows 8 to 15 digits here.
pub fn e164(text: &str, country: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let only_phone_characters =
        text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}'));
    if !only_phone_characters {
        return None;
    }
    let full = if text.trim_start().starts_with('+') {
        digits
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else if country == "1" && digits.len() == 11 && digits.starts_with('1') {
        digits
    } else {
        format!("{country}{}", digits.trim_start_matches('0'))
    };
    (8..=15).contains(&full.len()).then(|| format!("+{full}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_numbers_into_one_form() {
        assert_eq!(e164("(312) 555-0123", "1").as_deref(), Some("+13125550123"));
        assert_eq!(e164("1 312 555 0123", "1").as_deref(), Some("+13125550123"));
        assert_eq!(e164("+86 138-0013-8000", "1").as_deref(), Some("+8613800138000"));
        assert_eq!(e164("13800138000", "86").as_deref(), Some("+8613800138000"));
        assert_eq!(e164("555", "1"), None);
        assert_eq!(e164("call me", "1"), None);
    }
}
