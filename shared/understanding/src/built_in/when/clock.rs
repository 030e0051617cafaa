//! The grammar of the clock: 3pm, half past ten, a las nueve menos cuarto, 下午三点半, 差一刻九点.

use super::reader::Reader;
use super::term::{Term, Unit};
use chrono::NaiveTime;
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::PartOfDay;

/// A time as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClockTime {
    pub hour: u32,
    pub minute: u32,
    /// Whether it is clear which half of the day is meant.
    pub settled: bool,
    /// Whether it is a time by its form, and not only a number where a time could stand.
    pub plain: bool,
}

impl ClockTime {
    fn new(hour: u32, minute: u32) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute, settled: hour == 0 || hour > 12, plain: true })
    }

    pub fn exactly(hour: u32, minute: u32) -> Self {
        Self { hour, minute, settled: true, plain: true }
    }

    fn from_minutes(minutes: u32) -> Option<Self> {
        Self::new(minutes / 60, minutes % 60)
    }

    fn halved(self, afternoon: bool) -> Option<Self> {
        let hour = match (self.hour, afternoon) {
            (hour @ 13.., _) => hour,
            (12, false) => 0,
            (12, true) => 12,
            (hour, true) => hour + 12,
            (hour, false) => hour,
        };
        (hour < 24).then_some(Self { hour, settled: true, plain: true, ..self })
    }

    /// The time in this part of the day.
    pub fn settle(self, part: PartOfDay) -> Self {
        if self.settled {
            return self;
        }
        let hour = match part {
            PartOfDay::Morning => self.hour,
            PartOfDay::Midday | PartOfDay::Night if self.hour >= 11 => self.hour,
            _ if self.hour < 12 => self.hour + 12,
            _ => self.hour,
        };
        Self { hour, settled: true, plain: true, ..self }
    }

    /// The time at which a workshop would be open: one to six is after noon, seven to twelve before.
    pub fn at_work(self) -> Self {
        let afternoon = !self.settled && (1..=6).contains(&self.hour);
        Self { hour: self.hour + if afternoon { 12 } else { 0 }, ..self }
    }

    pub fn minutes(self) -> u32 {
        self.hour * 60 + self.minute
    }

    pub fn time(self) -> Option<NaiveTime> {
        NaiveTime::from_hms_opt(self.hour, self.minute, 0)
    }
}

/// Both ends of a stretch of hours, each settled by the other: "5 to 6pm", "9-11am", "11-1".
pub(super) fn within(from: ClockTime, to: ClockTime) -> Option<(ClockTime, ClockTime)> {
    let later = |time: ClockTime| if time.hour < 12 { ClockTime { hour: time.hour + 12, ..time } } else { time };
    let earlier = |time: ClockTime| if time.hour >= 12 { ClockTime { hour: time.hour - 12, ..time } } else { time };
    let (from, to) = match (from.settled, to.settled) {
        (true, true) => (from, to),
        (false, true) => {
            let same_half = if to.hour >= 12 { later(from) } else { earlier(from) };
            (if same_half.minutes() < to.minutes() { same_half } else { from }, to)
        }
        (true, false) => {
            let usual = to.at_work();
            (from, if usual.minutes() > from.minutes() { usual } else { later(to) })
        }
        (false, false) => {
            let (start, end) = (from.at_work(), to.at_work());
            match end.minutes() > start.minutes() {
                true => (start, end),
                false if from.hour < 6 => (start, later(to)),
                false => (from, end),
            }
        }
    };
    (to.minutes() > from.minutes()).then_some((from, to))
}

impl Reader<'_> {
    /// A time that begins here. With `bare`, a mere number will do.
    pub fn clock(&self, at: usize, bare: bool) -> Option<(ClockTime, usize)> {
        if let Term::Part(part) | Term::DayPart(_, part) = self.term(at) {
            let joined = self.skip(at + 1, &[Term::Comma, Term::Of]);
            let time_at = self.skip(joined, &[Term::At, Term::For]);
            let (time, next) = self.face(time_at, bare || time_at > joined || self.language == Language::Zh)?;
            return Some((time.settle(part), next));
        }
        let face_at = self.skip(at, &[Term::At, Term::On, Term::The]);
        let announced = self.pieces.get(at..face_at)?.iter().any(|piece| piece.term == Term::At);
        // "Nine in the morning"
        let part_at = self.skip(face_at + 1, &[Term::In, Term::The]);
        let parted =
            matches!(self.term(part_at), Term::Part(_)) && (part_at > face_at + 1 || self.language == Language::Es);
        let (time, next) = self.face(face_at, bare || announced || parted)?;
        let next = self.skip(next, &[Term::Ish]);
        let part_at = self.skip(next, &[Term::In, Term::The, Term::Of, Term::At]);
        match self.term(part_at) {
            Term::Part(part) if part != PartOfDay::Midday || time.hour >= 11 || time.hour <= 3 => {
                Some((time.settle(part), part_at + 1))
            }
            _ => Some((time, next)),
        }
    }

    /// What a clock's face shows, with "am" or "pm".
    fn face(&self, at: usize, bare: bool) -> Option<(ClockTime, usize)> {
        match self.term(at) {
            Term::Clock(13, 0) if self.language == Language::Es => {
                self.spanish_minutes(at, 1).or_else(|| Some((ClockTime::exactly(13, 0), at + 1)))
            }
            Term::Clock(hour, minute) => Some((ClockTime::exactly(hour, minute), at + 1)),
            Term::Half => {
                let hour_at = self.skip(at + 1, &[Term::Dash, Term::Past]);
                let (time, next) = self.hour(hour_at)?;
                Some((ClockTime::new(time, 30)?, next)).and_then(|(time, next)| self.half_of_day(time, next))
            }
            Term::Quarter => self.minutes_from_hour(15, at + 1),
            Term::Minus => self.chinese_short_of(at + 1),
            Term::Number { value: hour, digits, ordinal: false } if !self.is_decimal(at) => {
                self.number_face(at, hour, digits, bare)
            }
            _ => None,
        }
    }

    /// Whether this number is the fraction of the one before: the 1 of 37.1.
    fn is_decimal(&self, at: usize) -> bool {
        self.before(at) == Term::Dot && self.glued(at) && self.glued(at - 1)
    }

    fn number_face(&self, at: usize, value: u32, digits: u8, bare: bool) -> Option<(ClockTime, usize)> {
        let minute_of = |at: usize| match self.term(at) {
            Term::Number { value: value @ 0..=59, digits: 2, ordinal: false } => Some(value),
            _ => None,
        };
        match self.term(at + 1) {
            Term::Colon if digits <= 2 => {
                let minute = minute_of(at + 2)?;
                let seconds = self.term(at + 3) == Term::Colon && minute_of(at + 4).is_some();
                let time = ClockTime::new(value, minute)?;
                let settled = time.settled || digits == 2 && value < 10;
                let next = if seconds { at + 5 } else { at + 3 };
                self.half_of_day(ClockTime { settled, ..time }, self.skip(next, &[Term::OClock]))
            }
            Term::Dot if self.glued(at + 1) && self.glued(at + 2) => {
                let minute = minute_of(at + 2)?;
                let (time, next) = self.half_of_day(ClockTime::new(value, minute)?, at + 3)?;
                (bare || time.settled).then_some((time, next))
            }
            Term::Am | Term::Pm if digits >= 3 => self.half_of_day(ClockTime::new(value / 100, value % 100)?, at + 1),
            Term::Am | Term::Pm => self.half_of_day(ClockTime::new(value, 0)?, at + 1),
            Term::A if self.glued(at + 1) => self.half_of_day(ClockTime::new(value, 0)?, at + 1),
            Term::OClock => self.oclock(at, value),
            Term::Past => self.minutes_from_hour(value, at + 1),
            Term::Unit(Unit::Minute) if matches!(self.term(at + 2), Term::Past | Term::To | Term::After) => {
                self.minutes_from_hour(value, at + 2)
            }
            Term::To
                if matches!(value, 5 | 10 | 20 | 25) && self.hour(at + 2).is_some_and(|(hour, _)| hour <= value) =>
            {
                self.minutes_from_hour(value, at + 1)
            }
            Term::And | Term::Half | Term::Quarter | Term::Minus if self.language == Language::Es => {
                self.spanish_minutes(at, value).or_else(|| self.bare_hour(at, value, digits, bare))
            }
            Term::Ish => Some((ClockTime::new(value, 0)?, at + 2)).filter(|_| self.glued(at + 1)),
            _ => self.bare_hour(at, value, digits, bare),
        }
    }

    /// "Ten", "ten thirty", "1030", where a time is expected.
    fn bare_hour(&self, at: usize, value: u32, digits: u8, bare: bool) -> Option<(ClockTime, usize)> {
        let hour = self.hour(at).map(|(hour, _)| hour);
        let minute_at = if digits == 0 { self.skip(at + 1, &[Term::Dash]) } else { at + 1 };
        if let (Some(hour), Term::Number { value: minute @ 10..=59, digits: 0 | 2, ordinal: false }) =
            (hour, self.term(minute_at))
            && (minute % 5 == 0 || digits == 0)
            && self.ends_a_time(minute_at + 1)
        {
            let (time, next) = self.half_of_day(ClockTime::new(hour, minute)?, minute_at + 1)?;
            return (bare || time.settled).then_some((time, next));
        }
        let later = matches!(self.term(at + 1), Term::Later | Term::Earlier) && self.language != Language::Zh;
        if !(bare || later) || !self.ends_a_time(at + 1) {
            return None;
        }
        // 2000 to 2059 are years.
        if (3..=4).contains(&digits) && value.is_multiple_of(5) && value / 100 != 20 {
            let time = ClockTime::new(value / 100, value % 100)?;
            return Some((ClockTime { plain: false, ..time }, at + 1));
        }
        let most = if self.language == Language::En { 12 } else { 23 };
        if digits > 2 || value == 0 || value > most {
            return None;
        }
        Some((ClockTime { plain: false, ..ClockTime::new(value, 0)? }, at + 1))
    }

    /// Whether a bare number before this place may be an hour: it counts nothing and is part of no date.
    fn ends_a_time(&self, at: usize) -> bool {
        let decimal =
            matches!(self.term(at), Term::Dot | Term::Colon) && self.glued(at) && self.number(at + 1).is_some();
        let hyphened = self.term(at) == Term::Dash && self.glued(at) && self.term(at + 1) == Term::Other;
        let month = match self.term(self.skip(at, &[Term::Of, Term::The])) {
            // "At 3 may I come in?"
            Term::Month(3 | 5) => self.language != Language::En,
            Term::Month(_) => true,
            _ => false,
        };
        let counted = matches!(self.term(at), Term::Which(_))
            && matches!(self.term(at + 1), Term::Unit(_))
            && self.language == Language::Es;
        !decimal
            && !hyphened
            && !counted
            && !month
            && !matches!(
                self.term(at),
                Term::Unit(_) | Term::Quantity | Term::Slash | Term::DayMark | Term::MonthMark | Term::YearMark
            )
    }

    fn hour(&self, at: usize) -> Option<(u32, usize)> {
        match self.term(at) {
            Term::Number { value: value @ 1..=12, digits: 0..=2, ordinal: false } => {
                Some((value, self.skip(at + 1, &[Term::OClock])))
            }
            _ => None,
        }
    }

    /// "am" and "pm", with a comma or "in the" before them or not.
    fn half_of_day(&self, time: ClockTime, at: usize) -> Option<(ClockTime, usize)> {
        match self.term(at) {
            Term::Am => Some((time.halved(false)?, at + 1)),
            Term::A if self.glued(at) => Some((time.halved(false)?, at + 1)),
            Term::Pm => Some((time.halved(true)?, at + 1)),
            _ => Some((time, at)),
        }
    }

    /// "... past eight", "... to nine".
    fn minutes_from_hour(&self, minutes: u32, at: usize) -> Option<(ClockTime, usize)> {
        let (hour, next) = self.hour(at + 1)?;
        let total = match self.term(at) {
            Term::Past | Term::After => hour * 60 + minutes,
            Term::To | Term::Of | Term::Until | Term::Before => (hour * 60).checked_sub(minutes)?,
            _ => return None,
        };
        let time = ClockTime::from_minutes(if total < 60 { total + 12 * 60 } else { total })?;
        self.half_of_day(time, next)
    }

    /// 差一刻九点, 差五分九点.
    fn chinese_short_of(&self, at: usize) -> Option<(ClockTime, usize)> {
        let minutes = if self.term(at) == Term::Quarter { 15 } else { self.number(at)? };
        let hour_at = self.skip(at + 1, &[Term::Unit(Unit::Minute), Term::To]);
        let (hour, next) = self.hour(hour_at).filter(|(_, next)| *next > hour_at + 1)?;
        Some((ClockTime::from_minutes((hour * 60).checked_sub(minutes)?)?, next))
    }

    /// Three o'clock, 三点半, 十点一刻, 9点差一刻, 10h30.
    fn oclock(&self, at: usize, hour: u32) -> Option<(ClockTime, usize)> {
        let after = at + 2;
        let (minute, next) = match self.term(after) {
            Term::Half => (30, after + 1),
            Term::Quarter => (15, after + 1),
            Term::Minus if self.term(after + 1) == Term::Quarter && self.term(after + 3) != Term::OClock => {
                let time = ClockTime::from_minutes((hour * 60).checked_sub(15)?)?;
                return Some((time, after + 2));
            }
            Term::Number { value: minute @ 0..=59, digits, ordinal: false }
                if self.language != Language::En
                    && self.term(after + 1) != Term::OClock
                    && self.glued(after)
                    && (self.language != Language::Zh || self.is_chinese_minute(after, minute, digits)) =>
            {
                (minute, self.skip(after + 1, &[Term::Unit(Unit::Minute)]))
            }
            _ => (0, after),
        };
        // 一点 is also "a bit": alone it is no time.
        let a_bit = self.language == Language::Zh && hour == 1 && minute == 0 && self.glued(at + 1);
        let written = matches!(self.term(at), Term::Number { digits: 1.., .. });
        let placed = matches!(
            self.before(at),
            Term::Part(_)
                | Term::Day(_)
                | Term::DayPart(..)
                | Term::Weekday(_)
                | Term::DayMark
                | Term::To
                | Term::From
                | Term::At
        ) || matches!(self.term(after), Term::Later | Term::Earlier | Term::To | Term::Ish);
        if a_bit && !written && !placed {
            return None;
        }
        self.half_of_day(ClockTime::new(hour, minute)?, next)
    }

    /// A figure below ten counts minutes only with 分 behind or a nought before it: in 三点四轮定位 the four are wheels.
    fn is_chinese_minute(&self, at: usize, minute: u32, digits: u8) -> bool {
        minute >= 10 || digits == 2 || self.term(at + 1) == Term::Unit(Unit::Minute)
    }

    /// Tres y media, nueve menos cuarto, diez y veinte.
    fn spanish_minutes(&self, at: usize, hour: u32) -> Option<(ClockTime, usize)> {
        let minus = self.term(at + 1) == Term::Minus;
        let minute_at = self.skip(at + 1, &[Term::And, Term::Minus]);
        let minutes = match self.term(minute_at) {
            Term::Half => 30,
            Term::Quarter => 15,
            Term::Number { value: value @ 1..=59, ordinal: false, .. }
                if minus || value % 5 == 0 && value > 12 || value == 5 || value == 10 =>
            {
                value
            }
            _ => return None,
        };
        if !(1..=12).contains(&hour) {
            return None;
        }
        let total = if minus { (hour * 60).checked_sub(minutes)? } else { hour * 60 + minutes };
        self.half_of_day(ClockTime::from_minutes(if total < 60 { total + 720 } else { total })?, minute_at + 1)
    }
}
