//! The grammar of days, and those that are named by number: 24 Nov, 11/24, the 14th, 11月24日.
//!
//! Every rule takes the place where it should begin and gives what it read and the place behind it.

use super::calendar::Stretch;
use super::reader::Reader;
use super::term::{Term, Unit, Which};
use chrono::Datelike;
use lanekeeper_domain::Language;

/// What was read and the place behind it.
pub(super) type Read = Option<(Stretch, usize)>;

impl Reader<'_> {
    /// A day or stretch of days that begins here.
    pub fn days(&self, at: usize) -> Read {
        let at = self.skip(at, &[Term::The, Term::On]);
        let (stretch, next) = self
            .weekday(at)
            .or_else(|| self.calendar_day(at))
            .or_else(|| self.counted(at))
            .or_else(|| self.portioned(at))
            .or_else(|| self.period(at))
            .or_else(|| self.relative(at))?;
        Some((self.calendar.ahead(stretch)?, next))
    }

    /// A date by its numbers, with the weekday that may follow it.
    pub fn calendar_day(&self, at: usize) -> Read {
        let (stretch, next) = self
            .numeric(at)
            .or_else(|| self.month_first(at))
            .or_else(|| self.day_first(at))
            .or_else(|| self.day_of_month(at))?;
        let behind = self.skip(next, &[Term::Comma]);
        match self.term(behind) {
            Term::Weekday(weekday) if weekday == stretch.first.weekday() => Some((stretch, behind + 1)),
            _ => Some((stretch, next)),
        }
    }

    /// 2026-11-24, 11/24, 24.11.2026, 2026年11月24日.
    fn numeric(&self, at: usize) -> Read {
        let Term::Number { value: first, digits, ordinal: false } = self.term(at) else { return None };
        if digits == 4 && self.term(at + 1) == Term::YearMark {
            let year = Some(first as i32);
            return self.month_first_in(at + 2, year).or_else(|| {
                let (month, next) = self.month_name(at + 2)?;
                Some((self.calendar.month(month, year)?, next))
            });
        }
        let mark = self.term(at + 1);
        if !matches!(mark, Term::Slash | Term::Dash | Term::Dot) || digits == 0 {
            return None;
        }
        let Term::Number { value: second, digits: 1..=2, ordinal: false } = self.term(at + 2) else { return None };
        let third = match self.term(at + 4) {
            Term::Number { value, digits, ordinal: false } if self.term(at + 3) == mark => Some((value, digits)),
            _ => None,
        };
        if digits == 4 {
            let (day, _) = third?;
            return Some((self.calendar.month_day(second, day, Some(first as i32))?, at + 5));
        }
        let year = match third {
            Some((year, 4)) => Some(year as i32),
            Some((year, 2)) if self.is_year_ahead(2000 + year as i32) => Some(2000 + year as i32),
            Some(_) => return None,
            None => None,
        };
        let day_first = self.language == Language::Es && second <= 12 || first > 12;
        let (month, day) = if day_first { (second, first) } else { (first, second) };
        // "9-11" is a stretch of hours; only a number that can be no hour makes "11-24" a date.
        if year.is_none() && (mark == Term::Dot || mark == Term::Dash && day <= 12) {
            return None;
        }
        if matches!(self.term(at + 3), Term::Unit(_) | Term::Am | Term::Pm | Term::OClock) {
            return None;
        }
        Some((self.calendar.month_day(month, day, year)?, at + if year.is_some() { 5 } else { 3 }))
    }

    /// Nov 24th, March 3-5, 11月24日.
    fn month_first(&self, at: usize) -> Read {
        self.month_first_in(at, None)
    }

    fn month_first_in(&self, at: usize, year: Option<i32>) -> Read {
        let (month, behind) = self.month_name(at)?;
        let day_at = self.skip(behind, &[Term::Of, Term::The, Term::Comma, Term::Dot, Term::Slash, Term::Dash]);
        let (day, next) = self.day_number(day_at)?;
        let (last, next) = self.last_day(next).map_or((None, next), |(last, next)| (Some(last), next));
        let (year, next) = if year.is_some() { (year, next) } else { self.year(next) };
        Some((self.day_or_days(month, day, last, year)?, next))
    }

    /// 24 Nov, the second of August, 24-26 de noviembre.
    fn day_first(&self, at: usize) -> Read {
        let (day, next) = self.day_number(at)?;
        let (last, next) = self.last_day(next).map_or((None, next), |(last, next)| (Some(last), next));
        let month_at = self.skip(next, &[Term::Of, Term::The, Term::Dash, Term::Slash, Term::Which(Which::Coming)]);
        let Term::Month(month) = self.term(month_at) else { return None };
        // "at 3 may I come in", "by 5 March"
        let hour = matches!(self.before(at), Term::At | Term::After | Term::Before | Term::By);
        if hour && month_at == next && matches!(month, 3 | 5) {
            return None;
        }
        let (year, next) = self.year(month_at + 1);
        Some((self.day_or_days(month, day, last, year)?, next))
    }

    fn day_or_days(&self, month: u32, day: u32, last: Option<u32>, year: Option<i32>) -> Option<Stretch> {
        let stretch = self.calendar.month_day(month, day, year)?;
        let last = last.and_then(|last| stretch.first.with_day(last)).filter(|last| *last > stretch.first);
        Some(Stretch { last, ..stretch })
    }

    /// The 14th, el 14, 24号; also of next month. A small ordinal may be a choice among what was offered: it is left alone.
    fn day_of_month(&self, at: usize) -> Read {
        if let Some(read) = self.day_of_named_month(at) {
            return Some(read);
        }
        let Term::Number { value, digits, ordinal } = self.term(at) else { return None };
        if matches!(self.before(at), Term::Month(_) | Term::MonthMark) {
            return None;
        }
        let marked = self.term(at + 1) == Term::DayMark;
        let article =
            self.before(at) == Term::The || self.before(at) == Term::Unit(Unit::Day) || self.before(at) == Term::For;
        let on_the = self.before(at) == Term::The && self.before(at - 1) == Term::On && digits > 0;
        let spanish_day = self.language == Language::Es && article && digits > 0;
        // "The second" is a choice or a while; "the twenty-second" and "Friday the second" are days.
        let spelled_day = value > 10 || self.before(at) == Term::The && matches!(self.before(at - 1), Term::Weekday(_));
        let is_day = marked || ordinal && (digits > 0 || spelled_day) || spanish_day || on_the;
        if !is_day || (!marked && value as usize <= self.calendar.offered.len()) {
            return None;
        }
        let (day, next) = self.day_number(at)?;
        let of_month = self.skip(next, &[Term::Of, Term::The]);
        match (self.term(of_month), self.term(of_month + 1)) {
            (Term::Which(Which::Next | Which::Coming), Term::Unit(Unit::Month)) => {
                Some((Stretch::day(self.calendar.day_of_later_month(1, day)?), of_month + 2))
            }
            (Term::Unit(Unit::Month), Term::Which(Which::Next | Which::Coming)) if of_month > next => {
                Some((Stretch::day(self.calendar.day_of_later_month(1, day)?), of_month + 2))
            }
            (Term::Quantity | Term::Slash, _) => None,
            _ => {
                let first = self.calendar.day_of_month(day)?;
                let last = self.last_day(next).and_then(|(last, next)| Some((first.with_day(last)?, next)));
                match last.filter(|(last, _)| *last > first) {
                    Some((last, next)) => Some((Stretch::between(first, last), next)),
                    None => Some((Stretch::day(first), next)),
                }
            }
        }
    }

    /// 下个月5号, next month on the 5th.
    fn day_of_named_month(&self, at: usize) -> Read {
        let months = match self.term(at) {
            Term::Which(Which::Next | Which::Coming) => 1,
            Term::Which(Which::This) => 0,
            _ => return None,
        };
        if !matches!(self.term(at + 1), Term::Unit(Unit::Month) | Term::MonthMark) {
            return None;
        }
        let day_at = self.skip(at + 2, &[Term::Of, Term::On, Term::The, Term::Comma]);
        let marked = self.term(day_at + 1) == Term::DayMark;
        let Term::Number { ordinal, .. } = self.term(day_at) else { return None };
        let (day, next) = self.day_number(day_at).filter(|_| marked || ordinal)?;
        Some((Stretch::day(self.calendar.day_of_later_month(months, day)?), next))
    }

    pub fn month_name(&self, at: usize) -> Option<(u32, usize)> {
        match (self.term(at), self.term(at + 1)) {
            (Term::Month(month), Term::Dot) if self.glued(at + 1) => Some((month, at + 2)),
            (Term::Month(month), _) => Some((month, at + 1)),
            (Term::Number { value: 1..=12, .. }, Term::MonthMark) => Some((self.number(at)?, at + 2)),
            _ => None,
        }
    }

    /// A number that can be the day of a month and is no hour.
    pub fn day_number(&self, at: usize) -> Option<(u32, usize)> {
        let Term::Number { value: value @ 1..=31, digits: 0..=2, .. } = self.term(at) else { return None };
        match self.term(at + 1) {
            Term::DayMark => Some((value, at + 2)),
            Term::Unit(Unit::Day) if self.term(at + 2) == Term::Of => Some((value, at + 2)),
            Term::Am | Term::Pm | Term::OClock | Term::Unit(_) | Term::MonthMark => None,
            Term::Colon if self.glued(at + 1) && self.number(at + 2).is_some() => None,
            _ => Some((value, at + 1)),
        }
    }

    /// The other end of "24-26" or "the 24th or 25th".
    fn last_day(&self, at: usize) -> Option<(u32, usize)> {
        if !matches!(self.term(at), Term::Dash | Term::To | Term::Or | Term::And | Term::Until) {
            return None;
        }
        let day_at = self.skip(at + 1, &[Term::The]);
        let named = self.month_name(day_at).is_some() || self.numeric(day_at).is_some();
        self.day_number(day_at).filter(|_| !named && self.term(day_at + 1) != Term::Slash)
    }

    /// A year that an appointment can be in; the year of a car is left alone.
    pub fn year(&self, at: usize) -> (Option<i32>, usize) {
        let year_at = self.skip(at, &[Term::Comma, Term::Of, Term::In, Term::Dash, Term::Slash]);
        match self.term(year_at) {
            Term::Number { value, digits: 4, .. } if self.is_year_ahead(value as i32) => {
                (Some(value as i32), year_at + 1)
            }
            _ => (None, at),
        }
    }

    fn is_year_ahead(&self, year: i32) -> bool {
        let this_year = self.calendar.today().year();
        (this_year..=this_year + 3).contains(&year)
    }
}
