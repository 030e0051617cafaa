//! The grammar of days: 24 Nov, 11/24, the 14th, next Tuesday, 下周二, in two weeks, a week from Thursday.
//!
//! Every rule takes the place where it should begin and gives what it read and the place behind it.

use super::calendar::{Calendar, Stretch, shift, shift_months};
use super::reader::Reader;
use super::term::{Portion, Term, Unit, Which};
use chrono::{Datelike, NaiveDate, Weekday};
use lanekeeper_domain::Language;

type Read = Option<(Stretch, usize)>;

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
    fn calendar_day(&self, at: usize) -> Read {
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

    fn month_name(&self, at: usize) -> Option<(u32, usize)> {
        match (self.term(at), self.term(at + 1)) {
            (Term::Month(month), Term::Dot) if self.glued(at + 1) => Some((month, at + 2)),
            (Term::Month(month), _) => Some((month, at + 1)),
            (Term::Number { value: 1..=12, .. }, Term::MonthMark) => Some((self.number(at)?, at + 2)),
            _ => None,
        }
    }

    /// A number that can be the day of a month and is no hour.
    fn day_number(&self, at: usize) -> Option<(u32, usize)> {
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
    fn year(&self, at: usize) -> (Option<i32>, usize) {
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

    /// Tuesday, next Tuesday, Tuesday next week, next week on Tuesday, Friday the 14th.
    fn weekday(&self, at: usize) -> Read {
        let (which, at) = match self.term(at) {
            Term::Which(which) => (Some(which), at + 1),
            _ => (None, at),
        };
        if let Term::Weekday(weekday) = self.term(at) {
            return self.weekday_named(which, weekday, at + 1);
        }
        let (which, behind) = match (which, self.term(at), self.term(at + 1)) {
            (Some(which), Term::Unit(Unit::Week), _) => (which, at + 1),
            (None, Term::Unit(Unit::Week), Term::Which(which)) => (which, at + 2),
            _ => return None,
        };
        let weekday_at = self.skip(behind, &[Term::On, Term::The, Term::Comma, Term::Of]);
        let Term::Weekday(weekday) = self.term(weekday_at) else { return None };
        Some((Stretch::day(self.in_week(which, weekday)?), weekday_at + 1))
    }

    fn weekday_named(&self, which: Option<Which>, weekday: Weekday, next: usize) -> Read {
        let date_at = self.skip(next, &[Term::Comma, Term::The]);
        if let Some(read) = self.calendar_day(date_at) {
            return Some(read);
        }
        // "Tuesday 24": too much for an hour; or, as it is said in Spanish, the day of the month that agrees.
        if let Some((day, behind)) = self.day_number(date_at)
            && let Some(date) = self.calendar.day_of_month(day)
            && (day > 12 || self.language == Language::Es && date.weekday() == weekday)
        {
            return Some((Stretch::day(date), behind));
        }
        let week_at = self.skip(next, &[Term::Of, Term::The, Term::In]);
        let (day, next) = match (which, self.term(week_at), self.term(week_at + 1)) {
            (_, Term::Which(which), Term::Unit(Unit::Week)) => (self.in_week(which, weekday), week_at + 2),
            (_, Term::Unit(Unit::Week), Term::Which(which)) if week_at > next => {
                (self.in_week(which, weekday), week_at + 2)
            }
            (None, Term::Unit(Unit::Week), _) if week_at == next => {
                (self.calendar.weekday(weekday).and_then(|day| shift(day, 7)), next + 1)
            }
            (None, Term::Which(which @ (Which::Coming | Which::Following | Which::AfterNext | Which::Next)), _)
                if week_at == next =>
            {
                (self.calendar.which_weekday(which, weekday), next + 1)
            }
            (None, Term::After, Term::Which(Which::Next)) if week_at == next && !self.names_period(next + 2) => {
                (self.calendar.which_weekday(Which::AfterNext, weekday), next + 2)
            }
            (Some(which), ..) => (self.calendar.which_weekday(which, weekday), next),
            (None, ..) => (self.calendar.weekday(weekday), next),
        };
        let day = day.filter(|day| *day >= self.calendar.today()).or_else(|| self.calendar.weekday(weekday))?;
        Some((Stretch::day(day), next))
    }

    /// Whether "next" before this place belongs to what stands here.
    fn names_period(&self, at: usize) -> bool {
        matches!(self.term(at), Term::Weekday(_) | Term::Unit(_) | Term::Weekend | Term::Month(_))
    }

    /// The weekday of this, the next, or another calendar week.
    fn in_week(&self, which: Which, weekday: Weekday) -> Option<NaiveDate> {
        let which = match which {
            Which::Coming => Which::Next,
            Which::Following => return shift(self.calendar.which_weekday(Which::Same, weekday)?, 7),
            other => other,
        };
        self.calendar.which_weekday(which, weekday)
    }

    /// How many of which unit: "two weeks", 三天, "a couple of days".
    pub fn count(&self, at: usize) -> Option<(i64, Unit, usize)> {
        let count = match self.term(at) {
            Term::A => 1,
            Term::Number { value, ordinal: false, .. } if value <= 400 => i64::from(value),
            _ => return None,
        };
        match (self.term(at + 1), self.term(at + 2)) {
            (Term::Unit(unit), _) => Some((count, unit, at + 2)),
            (Term::Which(Which::Coming), Term::Unit(unit)) => Some((count, unit, at + 3)),
            _ => None,
        }
    }

    /// In two weeks, 三天后, a week from Thursday, the next three days.
    fn counted(&self, at: usize) -> Read {
        if let Term::Which(Which::Next | Which::Coming) = self.term(at) {
            let (count, unit, next) = self.count(at + 1)?;
            let last = self.add(self.calendar.today(), count, unit)?;
            return Some((Stretch::between(self.calendar.today(), last), next));
        }
        let within = self.term(at) == Term::In;
        let (count, unit, next) = self.count(at + usize::from(within))?;
        match self.term(next) {
            Term::Later | Term::Hence => Some((Stretch::day(self.add(self.calendar.today(), count, unit)?), next + 1)),
            Term::From | Term::After => {
                let (base, next) = self.days(next + 1)?;
                Some((Stretch::day(self.add(base.first, count, unit)?), next))
            }
            _ if within => Some((Stretch::day(self.add(self.calendar.today(), count, unit)?), next)),
            _ => None,
        }
    }

    fn add(&self, day: NaiveDate, count: i64, unit: Unit) -> Option<NaiveDate> {
        match unit {
            Unit::Day => shift(day, count),
            Unit::Week => shift(day, 7 * count),
            Unit::Month => shift_months(day, count as u32),
            Unit::Year => shift_months(day, 12 * count as u32),
            Unit::Hour | Unit::Minute => None,
        }
    }

    /// Early next week, the end of the month, 月底, 下周初.
    fn portioned(&self, at: usize) -> Read {
        if let Term::Portion(portion) = self.term(at) {
            let whole_at = self.skip(at + 1, &[Term::Of, Term::The, Term::In, Term::Dash]);
            let (whole, next) = self.period(whole_at).or_else(|| self.month_alone(whole_at)).or_else(|| {
                let whole = match self.term(whole_at) {
                    Term::Unit(Unit::Week) => self.calendar.week(0),
                    Term::Unit(Unit::Month) => self.calendar.later_month(0),
                    _ => None,
                };
                Some((whole?, whole_at + 1))
            })?;
            return Some((Calendar::portion(portion, whole)?, next));
        }
        let (whole, behind) = match self.term(at) {
            Term::MonthMark => (self.calendar.later_month(0)?, at + 1),
            Term::Unit(Unit::Week) => (self.calendar.week(0)?, at + 1),
            _ => self.period(at).or_else(|| self.month_alone(at))?,
        };
        let portion_at = self.skip(behind, &[Term::Of]);
        match self.term(portion_at) {
            Term::Portion(portion) if self.language == Language::Zh => {
                Some((Calendar::portion(portion, whole)?, portion_at + 1))
            }
            _ => None,
        }
    }

    /// Next week, la semana que viene, this weekend, the week of March 3, next month, in March.
    fn period(&self, at: usize) -> Read {
        let (which, unit_at) = match self.term(at) {
            Term::Which(which) => (Some(which), at + 1),
            _ => (None, at),
        };
        let behind = unit_at + 1;
        let (which, next) = match (which, self.term(behind)) {
            (None, Term::Which(which)) => (Some(which), behind + 1),
            (None, Term::After)
                if self.term(behind + 1) == Term::Which(Which::Next) && !self.names_period(behind + 2) =>
            {
                (Some(Which::AfterNext), behind + 2)
            }
            _ => (which, behind),
        };
        let calendar = self.calendar;
        let stretch = match (self.term(unit_at), which) {
            (Term::Weekend, Some(Which::Next)) => calendar.weekend(1)?,
            (Term::Weekend, Some(Which::AfterNext)) => calendar.weekend(2)?,
            (Term::Weekend, Some(Which::Last)) => return None,
            (Term::Weekend, _) => calendar.weekend(0)?,
            (Term::Unit(Unit::Week), Some(Which::This)) => calendar.week(0)?,
            (Term::Unit(Unit::Week), Some(Which::Next | Which::Coming)) => calendar.week(1)?,
            (Term::Unit(Unit::Week), Some(Which::AfterNext)) => calendar.week(2)?,
            (Term::Unit(Unit::Week), Some(Which::Same)) => calendar.week_of(calendar.topic())?,
            (Term::Unit(Unit::Week), Some(Which::Following)) => calendar.week_of(shift(calendar.topic(), 7)?)?,
            (Term::Unit(Unit::Week), None) if matches!(self.term(behind), Term::Of | Term::From) => {
                let (day, next) = self.days(behind + 1)?;
                return Some((calendar.week_of(day.first)?, next));
            }
            (Term::Unit(Unit::Month) | Term::MonthMark, Some(Which::This)) => calendar.later_month(0)?,
            (Term::Unit(Unit::Month) | Term::MonthMark, Some(Which::Next | Which::Coming | Which::Following)) => {
                calendar.later_month(1)?
            }
            (Term::Unit(Unit::Month) | Term::MonthMark, Some(Which::AfterNext)) => calendar.later_month(2)?,
            (Term::Month(month), Some(Which::This | Which::Next | Which::Coming)) if unit_at > at => {
                calendar.month(month, None)?
            }
            _ => {
                let placed = matches!(
                    self.before(at),
                    Term::In | Term::Until | Term::By | Term::Before | Term::After | Term::From | Term::Between
                );
                let placed = placed || self.language == Language::Es && self.before(at) == Term::For;
                let named = self.language == Language::Zh || placed || self.pieces.len() == 1;
                return self.month_alone(at).filter(|_| named);
            }
        };
        Some((stretch, next))
    }

    pub fn month_alone(&self, at: usize) -> Read {
        let (month, next) = self.month_name(at)?;
        let (year, next) = self.year(next);
        // "February 30" is no day and not the month either.
        if year.is_none() && matches!(self.term(next), Term::Number { .. }) {
            return None;
        }
        Some((self.calendar.month(month, year)?, next))
    }

    /// Today, tomorrow, that day, the day after.
    fn relative(&self, at: usize) -> Read {
        let topic = self.calendar.topic();
        let (day, next) = match (self.term(at), self.term(at + 1)) {
            (Term::Day(days), _) => (self.calendar.in_days(days), at + 1),
            (Term::Which(Which::Same), Term::Unit(Unit::Day)) => (Some(topic), at + 2),
            (Term::Which(Which::Following | Which::Next), Term::Unit(Unit::Day)) => (topic.succ_opt(), at + 2),
            (Term::Unit(Unit::Day), Term::Which(Which::Following)) => (topic.succ_opt(), at + 2),
            (Term::Unit(Unit::Day), Term::After) => {
                let (base, next) = match self.term(at + 2) {
                    Term::Which(Which::Same) => (topic, at + 3),
                    _ => self.days(at + 2).map_or((topic, at + 2), |(base, next)| (base.first, next)),
                };
                (base.succ_opt(), next)
            }
            (Term::Which(Which::Same), _) if self.language == Language::Zh => (Some(topic), at + 1),
            (Term::Which(Which::Following), _) if self.language == Language::Zh => (topic.succ_opt(), at + 1),
            _ => return None,
        };
        Some((Stretch::day(day?), next))
    }

    /// A portion of one day: "early Tuesday", "late tomorrow".
    pub fn portion_of_day(&self, at: usize) -> Option<(Portion, Stretch, usize)> {
        let Term::Portion(portion) = self.term(at) else { return None };
        let (day, next) = self.days(at + 1).filter(|(day, _)| day.last.is_none())?;
        Some((portion, day, next))
    }
}
