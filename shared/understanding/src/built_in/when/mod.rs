//! When. A stand-in until the real one is merged.

use chrono::{NaiveDate, NaiveTime};
use lanekeeper_domain::{Language, understanding::{Context, PartOfDay}};
use std::ops::Range;

/// What a message says of when.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs)]
pub struct When {
    pub date: Option<NaiveDate>,
    pub date_end: Option<NaiveDate>,
    pub not_dates: Vec<NaiveDate>,
    pub time: Option<NaiveTime>,
    pub time_after: Option<NaiveTime>,
    pub time_before: Option<NaiveTime>,
    pub part_of_day: Option<PartOfDay>,
    pub soonest: bool,
    pub spans: Vec<Range<usize>>,
}

/// Nothing yet.
pub fn when(_text: &str, _language: Language, _context: &Context) -> When {
    When::default()
}
