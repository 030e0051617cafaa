//! What clocks show, by chrono's `TimeZone`.

use crate::{TIMELINES, Tz, ZONES};
use chrono::{FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use std::fmt;

const QUARTER_SECONDS: i64 = 15 * 60;

/// How far ahead of UTC a zone's clocks are at some instant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ZoneOffset {
    zone: Tz,
    offset: FixedOffset,
}

impl Tz {
    fn timeline(self) -> &'static [(u32, i16)] {
        TIMELINES[usize::from(ZONES[usize::from(self.0)].1)]
    }

    /// Where in the timeline this instant (Unix time) is.
    fn span_at(self, seconds: i64) -> usize {
        let begun = |(from, _): &(u32, i16)| i64::from(*from) * QUARTER_SECONDS <= seconds;
        self.timeline().partition_point(begun).saturating_sub(1)
    }

    fn offset_of(self, span: usize) -> Option<ZoneOffset> {
        let (_, minutes) = self.timeline().get(span)?;
        let offset = FixedOffset::east_opt(i32::from(*minutes) * 60)?;
        Some(ZoneOffset { zone: self, offset })
    }
}

impl TimeZone for Tz {
    type Offset = ZoneOffset;

    fn from_offset(offset: &ZoneOffset) -> Self {
        offset.zone
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> ZoneOffset {
        let span = self.span_at(utc.and_utc().timestamp());
        self.offset_of(span).unwrap_or(ZoneOffset { zone: *self, offset: Utc.fix() })
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> ZoneOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<ZoneOffset> {
        let local = local.and_utc().timestamp();
        // Clocks are never a day off, so it is the span of this instant or one beside it; and two at most, in the hour
        // that comes twice.
        let near = self.span_at(local);
        let mut fitting = (near.saturating_sub(1)..=near + 1).filter_map(|span| {
            let offset = self.offset_of(span)?;
            (self.span_at(local - i64::from(offset.offset.local_minus_utc())) == span).then_some(offset)
        });
        match (fitting.next(), fitting.next()) {
            (None, _) => MappedLocalTime::None,
            (Some(only), None) => MappedLocalTime::Single(only),
            (Some(earlier), Some(later)) => MappedLocalTime::Ambiguous(earlier, later),
        }
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<ZoneOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }
}

impl Offset for ZoneOffset {
    fn fix(&self) -> FixedOffset {
        self.offset
    }
}

impl fmt::Display for ZoneOffset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.offset, formatter)
    }
}

impl fmt::Debug for ZoneOffset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.offset, formatter)
    }
}
