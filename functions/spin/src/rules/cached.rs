//! Spin's key-value stores know no expiry, so it is written in front of the value.

/// The entry to store for a value that counts until this second of Unix time.
pub fn write(value: &str, expires: i64) -> String {
    format!("{expires}\n{value}")
}

/// The value of an entry, unless it has expired or is not ours.
pub fn read(entry: &str, now: i64) -> Option<&str> {
    let (expires, value) = entry.split_once('\n')?;
    (now < expires.parse().ok()?).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_until_it_expires() {
        let entry = write("two\nlines", 100);
        assert_eq!(read(&entry, 99), Some("two\nlines"));
        assert_eq!(read(&entry, 100), None);
    }

    #[test]
    fn ignores_what_something_else_wrote() {
        assert_eq!(read("no expiry", 0), None);
        assert_eq!(read("soon\nvalue", 0), None);
    }
}
