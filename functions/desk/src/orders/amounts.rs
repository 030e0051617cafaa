//! Amounts as people write them: whole numbers with a few decimals, reckoned without fractions.

/// The number in this text with so many decimals, as a whole number of the smallest units: `249.5` with two is 24950.
/// `None` for what is no such number, or has more decimals.
pub fn parse(text: &str, decimals: usize) -> Option<i64> {
    let clean: String = text.chars().filter(|c| !matches!(c, '$' | '¥' | '€' | ',' | ' ' | '\u{a0}')).collect();
    let (whole, rest) = clean.split_once('.').unwrap_or((&clean, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || rest.len() > decimals || !digits(whole) || !digits(rest) {
        return None;
    }
    format!("{whole}{rest:0<decimals$}").parse().ok()
}

/// A whole number of smallest units with its decimals, for a field: 24950 with two is `249.50`.
pub fn field(amount: i64, decimals: u32) -> String {
    let unit = 10_i64.pow(decimals);
    let rest = format!("{:0width$}", amount % unit, width = decimals as usize);
    let rest = if decimals == 3 { rest.trim_end_matches('0') } else { &rest };
    if rest.is_empty() { (amount / unit).to_string() } else { format!("{}.{rest}", amount / unit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_written_and_to_the_unit() {
        assert_eq!(
            ["249", "249.5", "$1,249.50", "0.07", "¥ 80"].map(|text| parse(text, 2)),
            [Some(24900), Some(24950), Some(124_950), Some(7), Some(8000)]
        );
        for wrong in ["", "-1", "1.234", "1e3", "12.5.1", "two", ".5", "9999999999"] {
            assert_eq!(parse(wrong, 2), None, "{wrong}");
        }
        assert_eq!(parse("4.5", 3), Some(4500));
    }

    #[test]
    fn what_is_written_into_a_field_is_read_back() {
        for amount in [0, 7, 100, 24950, 100_000_000] {
            assert_eq!((parse(&field(amount, 2), 2), parse(&field(amount, 3), 3)), (Some(amount), Some(amount)));
        }
        assert_eq!((field(4500, 3), field(1000, 3), field(24900, 2)), ("4.5".into(), "1".into(), "249.00".into()));
    }
}
