//! Quarters of an hour as bits.

use std::ops::Range;

/// A set of quarters of an hour (counted since 1970 in UTC) within a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bits {
    first: i64,
    words: Vec<u64>,
}

impl Bits {
    /// None of this range.
    pub fn none(range: &Range<i64>) -> Self {
        let words = (range.end - range.start).max(0).unsigned_abs().div_ceil(64);
        Self { first: range.start, words: vec![0; words as usize] }
    }

    /// Adds these quarters, as far as they are in the range.
    pub fn add(&mut self, quarters: Range<i64>) {
        self.masks(quarters, |word, mask| *word |= mask);
    }

    /// Takes these quarters out.
    pub fn remove(&mut self, other: &Self) {
        for (word, taken) in self.words.iter_mut().zip(&other.words) {
            *word &= !taken;
        }
    }

    /// Whether all of these quarters are in the set.
    pub fn has_all(&self, quarters: &Range<i64>) -> bool {
        self.inside(quarters) && self.words_of(quarters).all(|(word, mask)| self.words[word] & mask == mask)
    }

    /// Whether none of these quarters are in the set.
    pub fn has_none(&self, quarters: &Range<i64>) -> bool {
        let end = self.first + self.words.len() as i64 * 64;
        let known = quarters.start.max(self.first)..quarters.end.min(end);
        self.words_of(&known).all(|(word, mask)| self.words[word] & mask == 0)
    }

    fn inside(&self, quarters: &Range<i64>) -> bool {
        quarters.start >= self.first && quarters.end <= self.first + self.words.len() as i64 * 64
    }

    fn masks(&mut self, quarters: Range<i64>, change: impl Fn(&mut u64, u64)) {
        let end = self.first + self.words.len() as i64 * 64;
        let known = quarters.start.max(self.first)..quarters.end.min(end);
        let masks: Vec<(usize, u64)> = self.words_of(&known).collect();
        for (word, mask) in masks {
            change(&mut self.words[word], mask);
        }
    }

    /// The words that hold these quarters, each with the bits that count.
    fn words_of(&self, quarters: &Range<i64>) -> impl Iterator<Item = (usize, u64)> + use<> {
        let (from, until) = (quarters.start - self.first, (quarters.end - self.first).max(quarters.start - self.first));
        let words = if from < until { from / 64..(until - 1) / 64 + 1 } else { 0..0 };
        words.map(move |word| {
            let (low, high) = ((from - word * 64).max(0), (until - word * 64).min(64));
            let mask = if high - low == 64 { u64::MAX } else { ((1 << (high - low)) - 1) << low };
            (word as usize, mask)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn is_a_set(
            ranges in proptest::collection::vec((-50..400i64, 0..150i64), 0..6),
            (asked, length) in (0..300i64, 1..100i64),
        ) {
            let mut bits = Bits::none(&(0..320));
            let mut set = BTreeSet::new();
            for (start, length) in ranges {
                bits.add(start..start + length);
                set.extend((start..start + length).filter(|quarter| (0..320).contains(quarter)));
            }
            let asked = asked..asked + length;
            prop_assert_eq!(bits.has_all(&asked), asked.clone().all(|quarter| set.contains(&quarter)));
            prop_assert_eq!(bits.has_none(&asked), asked.clone().all(|quarter| !set.contains(&quarter)));
        }
    }
}
