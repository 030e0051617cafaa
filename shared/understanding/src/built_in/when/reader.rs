//! Reads terms as a grammar; the languages share it, since their terms differ more than their order does.

use super::calendar::{Calendar, Stretch};
use super::clock::ClockTime;
use super::term::{Piece, Portion, Term};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::PartOfDay;
use std::ops::Range;

pub(super) struct Reader<'a> {
    pub pieces: &'a [Piece],
    pub calendar: &'a Calendar<'a>,
    pub language: Language,
}

/// Something that was said about when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Days(Stretch),
    Time(ClockTime),
    After(ClockTime),
    Before(ClockTime),
    Within(ClockTime, ClockTime),
    Part(PartOfDay, Option<Portion>),
    Soonest,
    /// What comes next will not do.
    Not,
    /// What came just before will not do.
    Unsuitable,
    /// What comes next replaces what came before.
    Correction,
    /// An appointment is moved; the last of several times named is the wish.
    Move,
    /// Words of time that are no wish: the past, durations.
    Nothing,
}

/// A meaning and the pieces that it was read from.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub meaning: Meaning,
    pub at: Range<usize>,
}

impl Reader<'_> {
    pub fn term(&self, at: usize) -> Term {
        self.pieces.get(at).map_or(Term::End, |piece| piece.term)
    }

    pub fn before(&self, at: usize) -> Term {
        at.checked_sub(1).map_or(Term::End, |previous| self.term(previous))
    }

    pub fn number(&self, at: usize) -> Option<u32> {
        self.pieces.get(at)?.number()
    }

    pub fn glued(&self, at: usize) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.glued)
    }

    /// The first place from here where none of these terms stands.
    pub fn skip(&self, mut at: usize, terms: &[Term]) -> usize {
        while terms.contains(&self.term(at)) {
            at += 1;
        }
        at
    }
}
