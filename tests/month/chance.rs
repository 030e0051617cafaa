//! Chance, from a seed.

use chrono::TimeDelta;
use lanekeeper_native::SeededRandom;
use lanekeeper_platform::Random;

/// Chance that is the same for the same seed.
pub struct Chance(SeededRandom);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(SeededRandom::new(seed))
    }

    /// A number below this one.
    pub fn below(&self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % end as u64) as usize
    }

    /// Whether something comes about that does so in this many of a hundred cases.
    pub fn percent(&self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn pick<'a, T>(&self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A time from this many minutes to that many.
    pub fn minutes(&self, from: usize, until: usize) -> TimeDelta {
        TimeDelta::seconds((from * 60 + self.below((until - from) * 60 + 1)) as i64)
    }
}
