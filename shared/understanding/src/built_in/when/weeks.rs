//! The grammar of days that are named from now: next Tuesday, in two weeks, early next week, the day after.

use super::calendar::{Calendar, Stretch, shift, shift_months};
use super::dates::Read;
use super::reader::Reader;
use super::term::{Portion, Term, Unit, Which};
use chrono::{Datelike, NaiveDate, Weekday};
use lanekeeper_domain::Language;

impl Reader<'_> {
    /// Tuesday, next Tuesday, Tuesday next week, next week on Tuesday, Friday the 14th.
    pub fn weekday(&self, at: usize) -> Read {
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
    pub fn counted(&self, at: usize) -> Read {
        if let Term::Which(Which::Next | Which::Coming) = self.term(at) {
            let (count, unit, next) = self.count(at + 1)?;
            let last = add(self.calendar.today(), count, unit)?;
            return Some((Stretch::between(self.calendar.today(), last), next));
        }
        let within = self.term(at) == Term::In;
        let (count, unit, next) = self.count(at + usize::from(within))?;
        match self.term(next) {
            Term::Later | Term::Hence => Some((Stretch::day(add(self.calendar.today(), count, unit)?), next + 1)),
            Term::From | Term::After => {
                let (base, next) = self.days(next + 1)?;
                Some((Stretch::day(add(base.first, count, unit)?), next))
            }
            _ if within => Some((Stretch::day(add(self.calendar.today(), count, unit)?), next)),
            _ => None,
        }
    }

    /// Early next week, the end of the month, 月底, 下周初.
    pub fn portioned(&self, at: usize) -> Read {
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
    pub fn period(&self, at: usize) -> Read {
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
            (Term::Unit(Unit::Week), Some(Which::Same)) => Calendar::week_of(calendar.topic())?,
            (Term::Unit(Unit::Week), Some(Which::Following)) => Calendar::week_of(shift(calendar.topic(), 7)?)?,
            (Term::Unit(Unit::Week), None) if matches!(self.term(behind), Term::Of | Term::From) => {
                let (day, next) = self.days(behind + 1)?;
                return Some((Calendar::week_of(day.first)?, next));
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

    /// Today, tomorrow, Christmas, that day, the day after.
    pub fn relative(&self, at: usize) -> Read {
        let topic = self.calendar.topic();
        let (day, next) = match (self.term(at), self.term(at + 1)) {
            (Term::Day(days), _) => (self.calendar.in_days(days), at + 1),
            (Term::Holiday { month, day, weekday }, _) => (self.calendar.holiday(month, day, weekday), at + 1),
            (Term::Which(Which::Same), Term::Unit(Unit::Day)) => (Some(topic), at + 2),
            (Term::Which(Which::Following | Which::Next), Term::Unit(Unit::Day))
            | (Term::Unit(Unit::Day), Term::Which(Which::Following)) => (topic.succ_opt(), at + 2),
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

fn add(day: NaiveDate, count: i64, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Day => shift(day, count),
        Unit::Week => shift(day, 7 * count),
        Unit::Month => shift_months(day, count as u32),
        Unit::Year => shift_months(day, 12 * count as u32),
        Unit::Hour | Unit::Minute => None,
    }
}
