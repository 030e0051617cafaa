//! The grammar of whole phrases: from Monday to Wednesday, between 9 and 11, after 3, 三点以后, not Thursday.

use super::calendar::{Stretch, shift};
use super::clock::{ClockTime, within};
use super::reader::{Fact, Meaning, Reader};
use super::term::{Portion, Term, Unit, Which};
use chrono::{Duration, Timelike};
use lanekeeper_domain::Language;
use lanekeeper_domain::understanding::{Asked, PartOfDay};

/// How long "from Monday on" and "after the 14th" reach, in days.
const OPEN_END: i64 = 6;

type Read = Option<(Meaning, usize)>;

impl Reader<'_> {
    /// Everything that was said about when, in order.
    pub fn facts(&self, asked: Option<Asked>) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        let mut at = 0;
        while at < self.pieces.len() {
            let after_days = facts.last().is_some_and(|fact| {
                matches!(fact.meaning, Meaning::Days(_) | Meaning::Correction)
                    && self.skip(fact.at.end, &[Term::Comma]) >= at
            });
            if let Some((days, instant, next)) = self.two_in_one(at) {
                facts.push(Fact { meaning: days, at: at..next });
                facts.push(Fact { meaning: instant, at: at..next });
                at = next;
                continue;
            }
            let expected = after_days || asked == Some(Asked::When) && self.pieces.len() <= 6;
            match self.phrase(at, expected) {
                Some((meaning, next)) => {
                    facts.push(Fact { meaning, at: at..next });
                    at = next.max(at + 1);
                }
                None => at += 1,
            }
        }
        facts
    }

    /// Phrases that name a day and a time of it at once: tonight, in two hours, early Tuesday.
    fn two_in_one(&self, at: usize) -> Option<(Meaning, Meaning, usize)> {
        if let Term::DayPart(days, part) = self.term(at) {
            let days = Meaning::Days(Stretch::day(self.calendar.in_days(days)?));
            return match self.clock(at, false) {
                Some((time, next)) => Some((days, Meaning::Time(time), next)),
                None => Some((days, Meaning::Part(part, None), at + 1)),
            };
        }
        if let Some((portion, day, next)) = self.portion_of_day(at) {
            let part = match portion {
                Portion::Late => PartOfDay::Afternoon,
                Portion::Mid => PartOfDay::Midday,
                Portion::Early => PartOfDay::Morning,
            };
            return Some((Meaning::Days(day), Meaning::Part(part, None), next));
        }
        let within = self.term(at) == Term::In;
        let (count, unit, next) = self.count(at + usize::from(within))?;
        let hence = matches!(self.term(next), Term::Later | Term::Hence);
        if !within && !hence {
            return None;
        }
        let next = next + usize::from(hence);
        let minutes = match unit {
            Unit::Hour => count * 60,
            Unit::Minute => count,
            _ => return None,
        };
        let moment = self.calendar.now.checked_add_signed(Duration::try_minutes(minutes)?)?;
        let time = ClockTime::exactly(moment.hour(), moment.minute());
        Some((Meaning::Days(Stretch::day(moment.date())), Meaning::Time(time), next))
    }

    /// One phrase; `expected` says that a bare number here is likely a time.
    fn phrase(&self, at: usize, expected: bool) -> Read {
        self.past(at)
            .or_else(|| self.sign(at))
            .or_else(|| self.hours(at, expected))
            .or_else(|| self.days_from_to(at))
            .or_else(|| self.limited(at))
            .or_else(|| {
                self.clock(at, expected || self.leads_into_day(at)).map(|(time, next)| self.limited_behind(time, next))
            })
            .or_else(|| self.days(at).map(|(days, next)| self.days_and_more(days, next)))
            .or_else(|| self.part(at))
            .or_else(|| self.duration(at))
    }

    /// What is over: since Tuesday, three days ago, last week, yesterday.
    fn past(&self, at: usize) -> Read {
        let skipped = |at: usize| {
            let at = self.skip(at, &[Term::The, Term::At]);
            self.count(at)
                .map(|(.., next)| next)
                .or_else(|| self.days(at).map(|(_, next)| next))
                .or_else(|| self.clock(at, true).map(|(_, next)| next))
        };
        let time_of_day = |at: usize, bare| {
            self.clock(at, bare).map(|(_, next)| next).or_else(|| self.part(at).map(|(_, next)| next))
        };
        // "At 9 yesterday", "a las 3 de ayer"
        if let Some(next) = time_of_day(at, false) {
            let day_at = self.skip(next, &[Term::Of]);
            if self.term(day_at) == Term::Gone {
                return Some((Meaning::Nothing, day_at + 1));
            }
        }
        let at = self.skip(at, &[Term::The]);
        let next = match (self.term(at), self.term(at + 1)) {
            (Term::Gone, _) => time_of_day(self.skip(at + 1, &[Term::Of, Term::The]), true).unwrap_or(at + 1),
            (Term::Since | Term::Every, _) => {
                self.past(at + 1).map(|(_, next)| next).or_else(|| skipped(at + 1)).unwrap_or(at + 1)
            }
            (
                Term::Which(Which::Last),
                Term::Weekday(_) | Term::Unit(_) | Term::Weekend | Term::Month(_) | Term::MonthMark,
            )
            | (Term::Weekday(_) | Term::Unit(_) | Term::Weekend | Term::Month(_), Term::Which(Which::Last)) => at + 2,
            _ => {
                let (.., next) = self.count(at)?;
                (self.term(next) == Term::Earlier).then_some(next + 1)?
            }
        };
        Some((Meaning::Nothing, next))
    }

    /// Words that turn what stands beside them.
    fn sign(&self, at: usize) -> Read {
        let meaning = match self.term(at) {
            // The earliest of what was offered is a choice, and not ours.
            Term::Soonest if !self.calendar.offered.is_empty() => return None,
            Term::Soonest => Meaning::Soonest,
            Term::Not if self.language == Language::Es && self.follows_day(at) => Meaning::Unsuitable,
            Term::Not if self.language == Language::Es && self.term(at + 1) == Term::Comma => return None,
            Term::Not | Term::Except => Meaning::Not,
            Term::Minus if self.language == Language::Es && self.days(at + 1).is_some() => Meaning::Not,
            Term::Unsuitable => Meaning::Unsuitable,
            Term::Correction => Meaning::Correction,
            Term::Move => Meaning::Move,
            Term::AfterWork => Meaning::After(ClockTime::exactly(17, 0)),
            Term::DayEnd => Meaning::After(ClockTime::exactly(16, 0)),
            _ => return None,
        };
        Some((meaning, at + 1))
    }

    /// Whether a day was named just before: "el jueves no".
    fn follows_day(&self, at: usize) -> bool {
        matches!(self.before(at), Term::Weekday(_) | Term::Day(_) | Term::Weekend | Term::DayPart(..))
    }

    /// Between 9 and 11, 9-11am, de 9 a 11, 九点到十一点.
    fn hours(&self, at: usize, expected: bool) -> Read {
        let opener = self.term(at);
        let announced = matches!(opener, Term::Between | Term::From)
            || opener == Term::Of && self.language == Language::Es
            || opener == Term::At;
        let from_at = at + usize::from(announced);
        let (from, joint) = self.clock(from_at, true)?;
        let (joined, to_at) = match self.term(joint) {
            Term::To | Term::Dash | Term::Until => (true, joint + 1),
            Term::And => (opener == Term::Between || self.language == Language::Zh && from.plain, joint + 1),
            Term::At => (announced && self.language == Language::Es, joint),
            _ => (false, joint),
        };
        let moved = self.pieces[..at].iter().any(|piece| piece.term == Term::Move);
        let (to, next) = self.clock(to_at, true).filter(|_| joined && !moved)?;
        let before_day = || self.days(self.skip(next, &[Term::On, Term::Of, Term::Comma])).is_some();
        if !(announced || expected || from.plain || to.plain || before_day()) {
            return None;
        }
        let (from, to) = within(from, to)?;
        Some((Meaning::Within(from, to), next))
    }

    /// From Monday to Wednesday, Mon-Wed, 周二到周四.
    fn days_from_to(&self, at: usize) -> Read {
        let opener = self.term(at);
        let announced =
            matches!(opener, Term::Between | Term::From) || opener == Term::Of && self.language == Language::Es;
        let (from, joint) =
            self.days(at + usize::from(announced)).or_else(|| self.bare_day(at + 1).filter(|_| announced))?;
        let joined = matches!(self.term(joint), Term::To | Term::Dash | Term::Until)
            || self.term(joint) == Term::And && opener == Term::Between;
        // "Move it from Thursday to Friday" names no stretch.
        let moved = self.pieces[..at].iter().any(|piece| piece.term == Term::Move);
        let (to, next) = self.days(joint + 1).or_else(|| self.month_alone(joint + 1)).filter(|_| joined && !moved)?;
        let weekday = (joint + 1..next).any(|at| matches!(self.term(at), Term::Weekday(_)));
        let last = if to.end() < from.first && weekday { shift(to.end(), 7)? } else { to.end() };
        (last > from.first).then_some((Meaning::Days(Stretch { last: Some(last), ..from }), next))
    }

    /// "From the 3rd": a day of the month without its month.
    fn bare_day(&self, at: usize) -> Option<(Stretch, usize)> {
        let at = self.skip(at, &[Term::The]);
        let day = self.number(at)?;
        matches!(self.term(at + 1), Term::To | Term::Until | Term::And | Term::Dash).then_some(())?;
        Some((Stretch::day(self.calendar.day_of_month(day)?), at + 1))
    }

    /// After 3, before Friday, by noon, from Monday on.
    fn limited(&self, at: usize) -> Read {
        let limit = self.term(at);
        if !matches!(limit, Term::After | Term::Before | Term::By | Term::Until | Term::From) {
            return None;
        }
        let to_be_said = self.skip(at + 1, &[Term::At]);
        if let Some((time, next)) = self.clock(to_be_said, true) {
            let meaning = match limit {
                Term::After | Term::From => Meaning::After(time),
                _ => Meaning::Before(time),
            };
            return Some((meaning, self.skip(next, &[Term::Later])));
        }
        if let (Term::Part(part), Term::Before | Term::By) = (self.term(to_be_said), limit) {
            let start = if part == PartOfDay::Midday { 12 } else { part.span().0 / 60 };
            return (start > 0).then_some((Meaning::Before(ClockTime::exactly(start, 0)), to_be_said + 1));
        }
        if let (Term::Part(PartOfDay::Midday), Term::After | Term::From) = (self.term(to_be_said), limit) {
            return Some((Meaning::After(ClockTime::exactly(12, 0)), to_be_said + 1));
        }
        let (days, next) = self.days(at + 1)?;
        let today = self.calendar.today();
        let stretch = match limit {
            Term::From => Stretch::between(days.first, days.last.or_else(|| shift(days.first, OPEN_END))?),
            Term::After => Stretch::between(days.end().succ_opt()?, shift(days.end(), OPEN_END + 1)?),
            Term::Before => Stretch::between(today, days.first.pred_opt().filter(|day| *day >= today)?),
            _ => Stretch::between(today, days.end()),
        };
        Some((Meaning::Days(stretch), self.skip(next, &[Term::Later])))
    }

    /// A time with its limit behind it: three or later, 三点以后.
    fn limited_behind(&self, time: ClockTime, next: usize) -> (Meaning, usize) {
        match self.term(next) {
            Term::Later => (Meaning::After(time), next + 1),
            Term::Earlier => (Meaning::Before(time), next + 1),
            _ => (Meaning::Time(time), next),
        }
    }

    /// A day with what may follow: Tuesday or Wednesday, 周五之前, Monday on.
    fn days_and_more(&self, days: Stretch, next: usize) -> (Meaning, usize) {
        let today = self.calendar.today();
        let limited = match self.term(next) {
            Term::Later => shift(days.first, OPEN_END).map(|last| Stretch::between(days.first, last)),
            Term::Earlier => {
                days.first.pred_opt().filter(|last| *last >= today).map(|last| Stretch::between(today, last))
            }
            _ => None,
        };
        match limited {
            Some(stretch) => (Meaning::Days(stretch), next + 1),
            None => (Meaning::Days(days), next),
        }
    }

    /// In the morning, late afternoon.
    fn part(&self, at: usize) -> Read {
        let (portion, part_at) = match self.term(at) {
            Term::Portion(portion) => (Some(portion), self.skip(at + 1, &[Term::Dash, Term::In, Term::The])),
            _ => (None, at),
        };
        match self.term(part_at) {
            Term::Part(part) => Some((Meaning::Part(part, portion), part_at + 1)),
            _ => None,
        }
    }

    /// "For three days", "2 hours": how long, not when.
    fn duration(&self, at: usize) -> Read {
        let (.., next) = self.count(self.skip(at, &[Term::For]))?;
        Some((Meaning::Nothing, next))
    }

    /// "3 tomorrow": a number that opens the message and stands before a day.
    fn leads_into_day(&self, at: usize) -> bool {
        let choice = self.number(at).is_some_and(|value| value as usize <= self.calendar.offered.len());
        at == 0
            && !choice
            && matches!(
                self.term(self.skip(at + 1, &[Term::Comma, Term::On])),
                Term::Day(_) | Term::DayPart(..) | Term::Weekday(_)
            )
    }
}
