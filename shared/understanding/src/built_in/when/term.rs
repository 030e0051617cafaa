//! What words of time mean, whatever the language they are said in.

use chrono::Weekday;
use lanekeeper_domain::understanding::PartOfDay;

/// The meaning of a word or fixed phrase. The grammar reads these and never the words themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// `digits` is how many digits it was written with, 0 when it was spelled out.
    Number {
        value: u32,
        digits: u8,
        ordinal: bool,
    },
    /// "A": one of a unit, and no number otherwise.
    A,
    Weekday(Weekday),
    Weekend,
    Month(u32),
    /// Days from today.
    Day(i64),
    /// A day of the year, or the first such weekday from it on ("Labor Day").
    Holiday {
        month: u32,
        day: u32,
        weekday: Option<Weekday>,
    },
    /// Days from today, and the part of that day ("tonight").
    DayPart(i64, PartOfDay),
    Unit(Unit),
    /// Behind a number: 年, 月, 日.
    YearMark,
    MonthMark,
    DayMark,
    Which(Which),
    Portion(Portion),
    Part(PartOfDay),
    /// "Noon", "midnight".
    Clock(u32, u32),
    /// "After work".
    AfterWork,
    /// "End of the day".
    DayEnd,
    Am,
    Pm,
    OClock,
    Half,
    Quarter,
    /// "Past", as in "half past ten".
    Past,
    /// "Menos", "差": so much is missing to the hour.
    Minus,
    /// "3ish".
    Ish,
    After,
    Before,
    /// Not later than, the moment itself included.
    By,
    From,
    Until,
    To,
    Between,
    And,
    Or,
    /// Stands behind what it limits: "or later", "以后"; behind a duration: "from now".
    Later,
    /// Behind a duration only: "three days later".
    Hence,
    /// Stands behind what it limits: "or earlier", "以前"; behind a duration: "ago".
    Earlier,
    /// What follows is past and no wish: "since Tuesday".
    Since,
    /// A day that is over: "yesterday".
    Gone,
    Not,
    Except,
    /// What stands before it will not do: "Monday doesn't work".
    Unsuitable,
    At,
    On,
    In,
    Of,
    The,
    For,
    /// "Every", "last": no single day is meant.
    Every,
    Soonest,
    /// What follows replaces what was said: "actually", "instead".
    Correction,
    /// Something is moved from one time to another.
    Move,
    Colon,
    Slash,
    Dash,
    Dot,
    Comma,
    Stop,
    Currency,
    /// Stands behind a number that counts something: miles, litres, tries.
    Quantity,
    /// Belongs to the phrase and says nothing: "is", "would".
    Filler,
    Other,
    /// Behind the last word.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Which of several days, weeks or months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    This,
    /// Of the next calendar week or month: "next Tuesday", 下周二.
    Next,
    /// The nearest that comes: "this coming Tuesday", "el martes que viene".
    Coming,
    /// The one behind the day under discussion: "the following Monday".
    Following,
    AfterNext,
    Last,
    /// The one under discussion: "same day", 当天.
    Same,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Portion {
    Early,
    Mid,
    Late,
}

/// A term and where in the message it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub term: Term,
    pub start: usize,
    pub end: usize,
    /// Whether nothing stands between this piece and the one before it.
    pub glued: bool,
}

impl Piece {
    /// The value of a number that may be an hour, a minute or a day.
    pub fn number(self) -> Option<u32> {
        match self.term {
            Term::Number { value, .. } => Some(value),
            _ => None,
        }
    }
}
