//! How long to wait before the next try.

use std::time::Duration;

/// Waits after the first, the second … failure, in seconds: about five hours in all.
const WAITS: [u64; 8] = [5, 30, 120, 600, 1800, 3600, 5400, 7200];

/// The wait after this many failures, `None` when that was the last try. `chance` spreads the waits by up to a quarter,
/// so that what failed together does not come back together. What the provider asks for is honoured.
pub fn wait(failures: u32, asked: Option<Duration>, chance: u8) -> Option<Duration> {
    let seconds = WAITS.get(usize::try_from(failures).ok()?.checked_sub(1)?)?;
    let jitter = seconds * 1000 / 4 * u64::from(chance) / 255;
    Some(Duration::from_millis(seconds * 1000 + jitter).max(asked.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_each_time_and_then_gives_up() {
        assert_eq!(wait(1, None, 0), Some(Duration::from_secs(5)));
        assert_eq!(wait(2, None, 255), Some(Duration::from_millis(37_500)));
        assert_eq!(wait(1, Some(Duration::from_secs(90)), 0), Some(Duration::from_secs(90)));
        assert_eq!(wait(9, None, 0), None);
        assert_eq!(wait(0, None, 0), None);
    }
}
