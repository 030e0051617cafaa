//! Which date a way of saying it means, seen from now. Appointments lie ahead, so every answer does.

use super::term::{Portion, Which};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, Weekday};

/// A day, or a stretch of days with both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub first: NaiveDate,
    pub last: Option<NaiveDate>,
    /// The year was said: the day stands as given, even when it is past.
    pub exact: bool,
}

impl Stretch {
    pub fn day(first: NaiveDate) -> Self {
        Self { first, last: None, exact: false }
    }

    pub fn between(first: NaiveDate, last: NaiveDate) -> Self {
        Self { first, last: Some(last), exact: false }
    }

    pub fn end(self) -> NaiveDate {
        self.last.unwrap_or(self.first)
    }
}

/// The point of view: now, what was offered and the day under discussion.
pub(super) struct Calendar<'a> {
    pub now: NaiveDateTime,
    pub around: Option<NaiveDate>,
    pub offered: &'a [NaiveDateTime],
    /// Whether today can still be what "Friday" means on a Friday.
    pub today_counts: bool,
}

impl Calendar<'_> {
    pub fn today(&self) -> NaiveDate {
        self.now.date()
    }

    /// The day under discussion, else today.
    pub fn topic(&self) -> NaiveDate {
        self.around.unwrap_or_else(|| self.today())
    }

    pub fn in_days(&self, days: i64) -> Option<NaiveDate> {
        shift(self.today(), days)
    }

    /// A weekday without more: one that was offered, else the one in the week under discussion when that is further off
    /// than a week, else the nearest.
    pub fn weekday(&self, weekday: Weekday) -> Option<NaiveDate> {
        if let Some(offered) = self.offered_day(|day| day.weekday() == weekday) {
            return Some(offered);
        }
        if let Some(around) = self.around.filter(|around| shift(self.today(), 6).is_some_and(|week| *around > week)) {
            return of_week(around, weekday);
        }
        on_or_after(self.first_open_day()?, weekday)
    }

    pub fn which_weekday(&self, which: Which, weekday: Weekday) -> Option<NaiveDate> {
        let today = self.today();
        match which {
            Which::This => on_or_after(today, weekday),
            Which::Coming => on_or_after(today.succ_opt()?, weekday),
            Which::Next => of_week(shift(today, 7)?, weekday),
            Which::AfterNext => of_week(shift(today, 14)?, weekday),
            Which::Following => on_or_after(self.topic().succ_opt()?, weekday),
            Which::Same => of_week(self.topic(), weekday),
            Which::Last => None,
        }
    }

    /// The day of the month, this month or the first later one that has it.
    pub fn day_of_month(&self, day: u32) -> Option<NaiveDate> {
        if let Some(offered) = self.offered_day(|offered| offered.day() == day) {
            return Some(offered);
        }
        let earliest = self.first_open_day()?;
        (0..12).find_map(|months| {
            first_of_month(earliest, months)?.with_day(day).filter(|candidate| *candidate >= earliest)
        })
    }

    /// The day of the month so many months on.
    pub fn day_of_later_month(&self, months: u32, day: u32) -> Option<NaiveDate> {
        first_of_month(self.today(), months)?.with_day(day)
    }

    /// Month and day; without a year the next such day (a leap day may be years away).
    pub fn month_day(&self, month: u32, day: u32, year: Option<i32>) -> Option<Stretch> {
        if let Some(year) = year {
            return NaiveDate::from_ymd_opt(year, month, day).map(|first| Stretch { first, last: None, exact: true });
        }
        let earliest = self.first_open_day()?;
        (0..8)
            .filter_map(|later| NaiveDate::from_ymd_opt(earliest.year() + later, month, day))
            .find(|candidate| *candidate >= earliest)
            .map(Stretch::day)
    }

    /// The next such day of the year; with a weekday, the first of those from that day on.
    pub fn holiday(&self, month: u32, day: u32, weekday: Option<Weekday>) -> Option<NaiveDate> {
        let earliest = self.first_open_day()?;
        (0..2)
            .filter_map(|later| NaiveDate::from_ymd_opt(earliest.year() + later, month, day))
            .filter_map(|day| weekday.map_or(Some(day), |weekday| on_or_after(day, weekday)))
            .find(|candidate| *candidate >= earliest)
    }

    /// A month of the year, this one too.
    pub fn month(&self, month: u32, year: Option<i32>) -> Option<Stretch> {
        let today = self.today();
        let year = year.unwrap_or(today.year() + i32::from(month < today.month()));
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        Some(Stretch::between(first, last_of_month(first)?))
    }

    /// The calendar month so many months on.
    pub fn later_month(&self, months: u32) -> Option<Stretch> {
        let first = first_of_month(self.today(), months)?;
        Some(Stretch::between(first, last_of_month(first)?))
    }

    /// The calendar week (from Monday) so many weeks on.
    pub fn week(&self, weeks: i64) -> Option<Stretch> {
        Self::week_of(self.in_days(7 * weeks)?)
    }

    /// The calendar week that a day lies in.
    pub fn week_of(day: NaiveDate) -> Option<Stretch> {
        Some(Stretch::between(of_week(day, Weekday::Mon)?, of_week(day, Weekday::Sun)?))
    }

    pub fn weekend(&self, weeks: i64) -> Option<Stretch> {
        let day = self.in_days(7 * weeks)?;
        Some(Stretch::between(of_week(day, Weekday::Sat)?, of_week(day, Weekday::Sun)?))
    }

    /// The early, middle or late portion of a week or month: two or three working days, or ten days.
    pub fn portion(portion: Portion, whole: Stretch) -> Option<Stretch> {
        let last = whole.end();
        let is_week = (last - whole.first).num_days() < 7;
        let (first, last) = if is_week {
            let (from, to) = match portion {
                Portion::Early => (Weekday::Mon, Weekday::Tue),
                Portion::Mid => (Weekday::Tue, Weekday::Thu),
                Portion::Late => (Weekday::Thu, Weekday::Fri),
            };
            (of_week(last, from)?, of_week(last, to)?)
        } else {
            match portion {
                Portion::Early => (last.with_day(1)?, last.with_day(10)?),
                Portion::Mid => (last.with_day(11)?, last.with_day(20)?),
                Portion::Late => (last.with_day(21)?, last),
            }
        };
        Some(Stretch::between(first, last))
    }

    /// The part of a stretch that is not past; nothing when all of it is.
    pub fn ahead(&self, stretch: Stretch) -> Option<Stretch> {
        if stretch.exact {
            return Some(stretch);
        }
        (stretch.end() >= self.today()).then(|| Stretch { first: stretch.first.max(self.today()), ..stretch })
    }

    fn first_open_day(&self) -> Option<NaiveDate> {
        if self.today_counts { Some(self.today()) } else { self.today().succ_opt() }
    }

    fn offered_day(&self, fits: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
        self.offered.iter().map(NaiveDateTime::date).find(|day| *day >= self.today() && fits(*day))
    }
}

pub(super) fn shift(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    let distance = Days::new(days.unsigned_abs());
    if days < 0 { day.checked_sub_days(distance) } else { day.checked_add_days(distance) }
}

pub(super) fn shift_months(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    day.checked_add_months(Months::new(months))
}

pub(super) fn on_or_after(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    shift(day, i64::from(weekday.days_since(day.weekday())))
}

/// That weekday of the week, from Monday, which the day lies in.
fn of_week(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    let monday = shift(day, -i64::from(day.weekday().num_days_from_monday()))?;
    shift(monday, i64::from(weekday.num_days_from_monday()))
}

fn first_of_month(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    shift_months(day.with_day(1)?, months)
}

fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    first_of_month(day, 1)?.pred_opt()
}
