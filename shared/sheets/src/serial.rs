//! Excel's dates: days since the end of 1899, with the time as a fraction (ECMA-376, part 1, 18.17.4).

use chrono::{Duration, NaiveDate, NaiveDateTime, Timelike};

/// The local time that this number of days stands for. Excel's 1900 has a 29 February that never was, so dates before
/// March 1900 differ by one; nothing here is that old. `None` where it is no date from 1900 to 9999.
pub fn local(serial: f64, from_1904: bool) -> Option<NaiveDateTime> {
    let epoch = if from_1904 { NaiveDate::from_ymd_opt(1904, 1, 1)? } else { NaiveDate::from_ymd_opt(1899, 12, 30)? };
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let seconds = (serial * 86_400.0).round() as i64;
    epoch.and_hms_opt(0, 0, 0)?.checked_add_signed(Duration::seconds(seconds))
}

/// The number as Excel would show it in a cell for dates: a time where it has no day, a date where it has no time.
pub fn shown(serial: f64, from_1904: bool) -> Option<String> {
    let local = local(serial, from_1904)?;
    let time = local.time();
    Some(if serial < 1.0 {
        time.format("%H:%M").to_string()
    } else if time.num_seconds_from_midnight() == 0 {
        local.date().to_string()
    } else {
        local.format("%Y-%m-%d %H:%M").to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_dates_and_times() {
        assert_eq!(shown(46_350.0, false).as_deref(), Some("2026-11-24"));
        assert_eq!(shown(46_350.375, false).as_deref(), Some("2026-11-24 09:00"));
        assert_eq!(shown(0.604_166_666_666_667, false).as_deref(), Some("14:30"));
        assert_eq!(shown(44_888.0, true).as_deref(), Some("2026-11-24"), "a workbook of an old Mac");
        assert_eq!(shown(-1.0, false), None);
        assert_eq!(shown(1e12, false), None);
    }
}
