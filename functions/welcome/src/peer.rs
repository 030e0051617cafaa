//! Whose phone is simulated: only numbers that belong to nobody.

/// Whether nobody can have this number: `555-0100` to `555-0199` of any area code are kept for fiction in the North American
/// plan (<https://www.nanpa.com>, "555 line numbers"). China keeps none; `170 0000 0000` to `9999` stand in for them here.
pub fn is_fictitious(number: &str) -> bool {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = number.strip_prefix("+861700000") {
        return digits(rest, 4);
    }
    let Some(rest) = number.strip_prefix("+1").filter(|rest| digits(rest, 10)) else { return false };
    matches!(rest.as_bytes()[0], b'2'..=b'9') && &rest[3..8] == "55501"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_of_fiction_pass() {
        for number in ["+15005550100", "+13125550199", "+8617000001234"] {
            assert!(is_fictitious(number), "{number}");
        }
        for number in
            ["", "+1", "+13125550200", "+13125551234", "+1312555010", "+131255501000", "+03125550100", "+11125550100"]
        {
            assert!(!is_fictitious(number), "{number}");
        }
        for number in
            ["+8617000011234", "+86170000012345", "+861700000123a", "+4917000001234", "+1312555０100", "+1é255501000"]
        {
            assert!(!is_fictitious(number), "{number}");
        }
    }
}
