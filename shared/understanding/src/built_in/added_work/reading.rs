//! From signs and mentions to what is to be done.

use super::Sign;

/// Which lines, by their places: a bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lines(u64);

impl Lines {
    /// The first so many.
    pub fn first(count: usize) -> Self {
        Self(if count >= 64 { u64::MAX } else { (1 << count) - 1 })
    }

    pub fn one(place: usize) -> Self {
        Self(if place < 64 { 1 << place } else { 0 })
    }

    pub fn has(self, place: usize) -> bool {
        place < 64 && self.0 & (1 << place) != 0
    }

    pub fn is_one(self) -> bool {
        self.0.is_power_of_two()
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// A sign, a mention or the end of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Sign(Sign),
    Mention(Lines),
    /// Words that fit several lines: they decide none of them.
    Unclear(Lines),
    Break,
}

/// What was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub approved: Lines,
    pub declined: Lines,
    /// Named, without a clear yes or no.
    pub mentioned: Lines,
}

/// How a message is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As an answer.
    Answer,
    /// As an answer so short that a line which is only named is one that is wanted.
    ShortAnswer,
    /// As a question, a doubt or a condition: it decides nothing.
    Question,
}

/// Reads a message over so many lines.
pub(super) fn read(items: &[Item], count: usize, manner: Manner) -> Answer {
    let mut reader = Reader { all: Lines::first(count), ..Reader::default() };
    for clause in items.split(|item| matches!(item, Item::Break | Item::Sign(Sign::But))) {
        let runs = reader.runs(clause);
        reader.clause(&runs);
    }
    reader.finish(manner, items.contains(&Item::Sign(Sign::But)))
}

/// What stands together in a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    /// Yes or no, and whether to that alone.
    Verdict { wanted: bool, only: bool },
    /// Lines, and whether the rest is spoken of too.
    Named { lines: Lines, rest: bool },
}

const YES: Run = Run::Verdict { wanted: true, only: false };
const NO: Run = Run::Verdict { wanted: false, only: false };

#[derive(Default)]
struct Reader {
    all: Lines,
    answer: Answer,
    /// The yes or no that goes on into a clause without one ("do the brakes, the wipers").
    carried: Option<bool>,
    /// Named, and the yes or no is still to come ("the brakes, the wipers: yes").
    pending: Lines,
    /// Whether nothing but what is named is wanted.
    exclusive: bool,
    /// "Yes", said of nothing in particular.
    bare_yes: bool,
    /// Whether the rest is wanted, if it was spoken of.
    rest: Option<bool>,
}

impl Reader {
    fn runs(&mut self, clause: &[Item]) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for item in clause {
            match *item {
                Item::Sign(Sign::Do) => verdict(&mut runs, true, false),
                Item::Sign(Sign::Skip) => verdict(&mut runs, false, false),
                Item::Sign(Sign::Only) => verdict(&mut runs, true, true),
                Item::Sign(Sign::None) if matches!(runs.last(), Some(Run::Named { .. })) => runs.push(NO),
                Item::Sign(Sign::None) => runs.extend([NO, Run::Named { lines: self.all, rest: false }]),
                Item::Sign(Sign::AllBut) => {
                    let wanted = !matches!(runs.last(), Some(Run::Verdict { wanted: false, .. }));
                    if !matches!(runs.last(), Some(Run::Verdict { .. })) {
                        runs.push(YES);
                    }
                    let but = Run::Verdict { wanted: !wanted, only: false };
                    runs.extend([Run::Named { lines: self.all, rest: false }, but]);
                }
                Item::Sign(Sign::Rest) => self.name(&mut runs, Lines::default(), true),
                Item::Unclear(lines) => {
                    self.answer.mentioned = self.answer.mentioned.or(lines);
                    self.name(&mut runs, Lines::default(), false);
                }
                _ => {
                    let lines = self.lines(*item);
                    if !lines.is_empty() {
                        self.name(&mut runs, lines, false);
                    }
                }
            }
        }
        runs
    }

    fn lines(&self, item: Item) -> Lines {
        match item {
            Item::Mention(lines) => lines,
            Item::Sign(Sign::All) => self.all,
            Item::Sign(Sign::Nth(nth)) => Lines::one(usize::from(nth).wrapping_sub(1)).and(self.all),
            Item::Sign(Sign::Last) => self.all.without(Lines(self.all.0 >> 1)),
            _ => Lines::default(),
        }
    }

    /// Adds to what is named. "Both the brakes and the wipers" means these, also where there are more.
    fn name(&self, runs: &mut Vec<Run>, lines: Lines, rest: bool) {
        match runs.last_mut() {
            Some(Run::Named { lines: named, rest: spoken_of }) => {
                *spoken_of |= rest;
                *named = match (*named == self.all, lines == self.all) {
                    (_, true) if !named.is_empty() || !self.pending.is_empty() => *named,
                    (true, false) if !lines.is_empty() => lines,
                    _ => named.or(lines),
                };
            }
            _ => runs.push(Run::Named { lines, rest }),
        }
    }

    fn clause(&mut self, runs: &[Run]) {
        let names = runs.iter().any(|run| matches!(run, Run::Named { .. }));
        match runs {
            [] => {}
            [Run::Verdict { .. }, ..] if names => self.verdict_first(runs),
            [Run::Named { .. }, _, ..] => self.verdict_last(runs),
            [Run::Named { lines, rest }, ..] => match self.carried {
                Some(wanted) => self.decide(*lines, *rest, wanted),
                None => self.pending = self.pending.or(*lines),
            },
            [Run::Verdict { wanted, only }, ..] => {
                let pending = std::mem::take(&mut self.pending);
                self.exclusive |= *only && !pending.is_empty();
                self.bare_yes |= *wanted && pending.is_empty();
                self.carried = wanted.then_some(true);
                self.decide(pending, false, *wanted);
            }
        }
    }

    /// "Do the brakes and skip the wipers": a yes or no holds for what comes after it.
    fn verdict_first(&mut self, runs: &[Run]) {
        let mut current = true;
        let mut last = Lines::default();
        for run in runs {
            match *run {
                Run::Verdict { wanted, only } => {
                    self.exclusive |= only;
                    current = wanted;
                }
                Run::Named { lines, rest } => {
                    self.decide(lines, rest, current);
                    last = lines;
                }
            }
        }
        // "Do the brakes and the wipers not now": the yes before is in doubt.
        let trailing_no = matches!(runs.last(), Some(Run::Verdict { wanted: false, .. }));
        if trailing_no {
            self.doubt(last);
        }
        self.carried = (!trailing_no).then_some(current);
    }

    /// "The brakes yes, the wipers no": a yes or no holds for what comes before it.
    fn verdict_last(&mut self, runs: &[Run]) {
        let mut named = std::mem::take(&mut self.pending);
        let mut group = (named, false);
        for run in runs {
            match *run {
                Run::Named { lines, rest } => {
                    let lines = if lines == self.all && !group.0.is_empty() { Lines::default() } else { lines };
                    group = (group.0.or(lines), rest);
                    named = named.or(lines);
                }
                Run::Verdict { wanted, only } => {
                    self.exclusive |= only;
                    self.decide(group.0, group.1, wanted);
                    group = (Lines::default(), false);
                }
            }
        }
        // "The brakes not the wipers": which of the two is meant by the no cannot be told.
        if matches!(runs.last(), Some(Run::Named { .. })) {
            self.doubt(named);
        }
        self.carried = None;
    }

    /// What is said later counts.
    fn decide(&mut self, lines: Lines, rest: bool, wanted: bool) {
        let Answer { approved, declined, mentioned } = self.answer;
        self.answer = if wanted {
            Answer { approved: approved.or(lines), declined: declined.without(lines), mentioned }
        } else {
            Answer { approved: approved.without(lines), declined: declined.or(lines), mentioned }
        };
        if rest {
            self.rest = Some(wanted);
        }
    }

    fn doubt(&mut self, lines: Lines) {
        let Answer { approved, declined, mentioned } = self.answer;
        self.answer = Answer {
            approved: approved.without(lines),
            declined: declined.without(lines),
            mentioned: mentioned.or(lines),
        };
    }

    fn finish(mut self, manner: Manner, contrast: bool) -> Answer {
        let pending = std::mem::take(&mut self.pending);
        match manner {
            Manner::ShortAnswer => self.decide(pending, false, true),
            Manner::Answer => self.doubt(pending),
            Manner::Question => {
                self.doubt(pending);
                self.doubt(self.answer.approved.or(self.answer.declined));
            }
        }
        let decided = self.answer.approved.or(self.answer.declined);
        self.answer.mentioned = self.answer.mentioned.without(decided);
        if !self.answer.mentioned.is_empty() {
            return self.answer;
        }
        let others = self.all.without(decided);
        let nothing_approved = self.answer.approved.is_empty();
        if let Some(wanted) = self.rest {
            self.decide(others, false, wanted);
        } else if self.exclusive && !nothing_approved {
            self.decide(others, false, false);
        } else if self.bare_yes && contrast && nothing_approved && !self.answer.declined.is_empty() {
            // "Yes, but not the wipers."
            self.decide(others, false, true);
        }
        self.answer
    }
}

/// Adds a yes or no. Of several together a no counts ("可以不换"), and then nothing is meant to be done alone.
fn verdict(runs: &mut Vec<Run>, wanted: bool, only: bool) {
    match runs.last_mut() {
        Some(Run::Verdict { wanted: before, only: alone }) => {
            *alone = (*alone || only) && wanted && *before;
            *before &= wanted;
        }
        _ => runs.push(Run::Verdict { wanted, only }),
    }
}
