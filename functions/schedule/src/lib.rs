//! The clock: what is due and what was missed.

use lanekeeper_platform::Platform;

/// Does what is due now. Safe to run at any time, as often as one likes, and twice at once.
pub async fn tick<P: Platform>(_platform: &P) {}
