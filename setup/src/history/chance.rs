//! Chance that is the same each time.

use lanekeeper_native::SeededRandom;
use lanekeeper_platform::Random;

/// What happens by chance to one person: each has a sequence of their own, so that a change to one changes nobody else.
#[derive(Debug, Clone)]
pub struct Chance(SeededRandom);

impl Chance {
    /// The sequence that these words begin.
    pub fn of(words: &str) -> Self {
        // FNV-1a.
        let seed = words
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        Self(SeededRandom::new(seed))
    }

    /// A number from 0 to below this one.
    pub fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % bound.max(1) as u64) as usize
    }

    /// A number from `least` to `most`.
    pub fn between(&self, least: i64, most: i64) -> i64 {
        least + self.below(usize::try_from(most - least + 1).unwrap_or(1)) as i64
    }

    /// True so often of a hundred times.
    pub fn percent(&self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of these.
    pub fn pick<'a, T>(&self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// One of these, the ones with more weight more often.
    pub fn weighted<'a, T>(&self, choices: &'a [(usize, T)]) -> &'a T {
        let mut left = self.below(choices.iter().map(|(weight, _)| weight).sum());
        for (weight, choice) in choices {
            if left < *weight {
                return choice;
            }
            left -= weight;
        }
        &choices[0].1
    }
}
