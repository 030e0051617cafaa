//! What people write into cells: dates, times, amounts, lengths of time, yes and no.

use crate::serial;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Which comes first in a date like 03/04/2026. Written with dots the day always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// As in the United States.
    MonthFirst,
    /// As nearly everywhere else.
    DayFirst,
}

/// A date: `2026-11-24`, `11/24/2026`, `24.11.2026`, `Nov 24, 2026`, `24 noviembre 2026`, `2026年11月24日`, or the number that
/// Excel has for it. A time behind it is not looked at. Two digits of a year mean this century.
pub fn date(text: &str, order: DateOrder) -> Option<NaiveDate> {
    let text = text.trim();
    if let Ok(serial) = text.parse::<f64>() {
        // From 1954 to 2064: other numbers are no dates that anybody means.
        return (20_000.0..60_000.0).contains(&serial).then(|| serial::local(serial, false))?.map(|local| local.date());
    }
    let day = text
        .split_once('T')
        .map_or(text, |(day, _)| if day.starts_with(|c: char| c.is_ascii_digit()) { day } else { text });
    let words: Vec<&str> = day
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '.' | ',' | '年' | '月' | '日'))
        .filter(|word| !word.is_empty() && !matches!(*word, "de" | "del"))
        .collect();
    let number = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<u32>().ok();
    let year = |word: &str| {
        let year: i32 = word.parse().ok()?;
        match word.len() {
            4 => Some(year),
            2 => Some(2000 + year),
            _ => None,
        }
    };
    let [a, b, c, ..] = words.as_slice() else { return None };
    let (year, month, day) = match (month(a), month(b)) {
        (Some(month), _) => (year(c)?, month, number(b)?),
        (_, Some(month)) => (year(c)?, month, number(a)?),
        _ if a.len() == 4 => (year(a)?, number(b)?, number(c)?),
        _ => {
            let (a, b) = (a.parse().ok()?, b.parse().ok()?);
            let day_first = text.contains('.') || order == DateOrder::DayFirst;
            // Where only one of the two can be the month, it is.
            if (day_first && b <= 12) || a > 12 { (year(c)?, b, a) } else { (year(c)?, a, b) }
        }
    };
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1900..=2200).contains(&year))
}

/// The month that a word names in English or Spanish, by its first three letters.
fn month(word: &str) -> Option<u32> {
    const MONTHS: [&[&str]; 12] = [
        &["jan", "ene"],
        &["feb"],
        &["mar"],
        &["apr", "abr"],
        &["may"],
        &["jun"],
        &["jul"],
        &["aug", "ago"],
        &["sep"],
        &["oct"],
        &["nov"],
        &["dec", "dic"],
    ];
    let beginning: String = word.chars().take(3).flat_map(char::to_lowercase).collect();
    MONTHS.iter().position(|names| names.contains(&beginning.as_str())).map(|place| place as u32 + 1)
}

/// A time of the day: `9:30`, `09:30:00`, `9:30 PM`, `9pm`, `14h30`, `下午3:00`. No bare number is one.
pub fn clock(text: &str) -> Option<NaiveTime> {
    let mut text = text.trim().to_lowercase().replace(['.', ' ', '\u{a0}', '\u{202f}'], "");
    let mut half = None;
    for (mark, afternoon) in [("am", false), ("pm", true), ("上午", false), ("下午", true)] {
        if let Some(rest) = text.strip_suffix(mark).or_else(|| text.strip_prefix(mark)).map(str::to_owned) {
            (text, half) = (rest, Some(afternoon));
        }
    }
    let parts: Vec<&str> = text.split([':', 'h', '：', '点']).filter(|part| !part.is_empty()).collect();
    if parts.len() > 3 || (parts.len() == 1 && half.is_none()) {
        return None;
    }
    let mut numbers = parts.iter().map(|part| part.parse::<u32>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next().unwrap_or(Some(0))?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// A date with a time: the two as above, with a space or a `T` between them, or Excel's number.
pub fn moment(text: &str, order: DateOrder) -> Option<NaiveDateTime> {
    let text = text.trim();
    if let Ok(serial) = text.parse::<f64>() {
        return (20_000.0..60_000.0).contains(&serial).then(|| serial::local(serial, false))?;
    }
    let day = date(text, order)?;
    text.char_indices()
        .filter(|(_, c)| c.is_whitespace() || matches!(c, 'T' | '日' | ','))
        .find_map(|(place, c)| clock(&text[place + c.len_utf8()..]))
        .map(|time| day.and_time(time))
}

/// An amount of money in minor units, with or without a currency's sign: `$1,234.50`, `1.234,50 €`, `¥300`. `digits` says how
/// many digits the currency has behind the point.
pub fn money(text: &str, digits: u32) -> Option<i64> {
    let plain: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-')).collect();
    let others =
        text.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace() && !matches!(c, '.' | ',' | '-' | '\''));
    // A currency's sign or its letters, not a sentence.
    if others.count() > 4 || !plain.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (negative, plain) = plain.strip_prefix('-').map_or((false, plain.as_str()), |rest| (true, rest));
    let separators = plain.matches(['.', ',']).count();
    let (whole, fraction) = match plain.rsplit_once(['.', ',']) {
        // Three digits behind the only kind of separator: thousands.
        Some((whole, fraction)) if fraction.len() == 3 && (separators == 1 || same_separators(plain)) => {
            (format!("{whole}{fraction}"), "")
        }
        Some((whole, fraction)) => (whole.to_owned(), fraction),
        None => (plain.to_owned(), ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    if fraction.len() > 2 || fraction.contains('-') || whole.len() > 12 {
        return None;
    }
    let unit = 10_i64.pow(digits);
    let hundredths: i64 = format!("{fraction:0<2}").parse().ok()?;
    let minor = hundredths * unit;
    if minor % 100 != 0 {
        return None;
    }
    let amount = whole.parse::<i64>().unwrap_or(0) * unit + minor / 100;
    Some(if negative { -amount } else { amount })
}

fn same_separators(text: &str) -> bool {
    !(text.contains('.') && text.contains(','))
}

/// A length of time in minutes: `45`, `45 min`, `1:30`, `1.5 h`, `2 hours`, `90分钟`.
pub fn minutes(text: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    if let Some((hours, minutes)) = text.split_once(':') {
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        return (minutes < 60 && hours < 1000).then_some(hours * 60 + minutes);
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().ok()?;
    let minutes = match unit.trim() {
        "" | "m" | "min" | "mins" | "min." | "minutes" | "minutos" | "分" | "分钟" => number,
        "h" | "hr" | "hrs" | "hour" | "hours" | "hora" | "horas" | "小时" => number * 60.0,
        _ => return None,
    };
    (minutes.fract() == 0.0 && (0.0..60_000.0).contains(&minutes)).then_some(minutes as u32)
}

/// Yes or no, in the ways in which people tick a box.
pub fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" | "sí" | "si" | "是" | "✓" => Some(true),
        "no" | "n" | "false" | "0" | "" | "否" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_many_forms() {
        let us = |text: &str| date(text, DateOrder::MonthFirst).map(|date| date.to_string());
        for text in [
            "2026-11-24",
            "2026/11/24",
            "2026-11-24T09:00:00Z",
            "2026-11-24 09:00",
            "11/24/2026",
            "11/24/26",
            "24/11/2026",
            "24.11.2026",
            "Nov 24, 2026",
            "November 24th, 2026",
            "24 nov 2026",
            "24 de noviembre de 2026",
            "24-Nov-26",
            "2026年11月24日",
            "46350",
            "46350.375",
        ] {
            assert_eq!(us(text).as_deref(), Some("2026-11-24"), "{text}");
        }
        assert_eq!(us("03/04/2026").as_deref(), Some("2026-03-04"));
        assert_eq!(us("03.04.2026").as_deref(), Some("2026-04-03"));
        assert_eq!(date("03/04/2026", DateOrder::DayFirst).unwrap().to_string(), "2026-04-03");
        for text in ["2026-02-30", "30/02/2026", "13/13/2026", "soon", "7", "2026", "", "Monday"] {
            assert_eq!(us(text), None, "{text}");
        }
    }

    #[test]
    fn times_in_many_forms() {
        let at = |text: &str| clock(text).map(|time| time.format("%H:%M").to_string());
        for (text, time) in [
            ("9:30", "09:30"),
            ("09:30:00", "09:30"),
            ("9:30 PM", "21:30"),
            ("9pm", "21:00"),
            ("12 a.m.", "00:00"),
            ("14h30", "14:30"),
            ("下午3:00", "15:00"),
            ("12:15 p.m.", "12:15"),
        ] {
            assert_eq!(at(text).as_deref(), Some(time), "{text}");
        }
        for text in ["9", "25:00", "9:75", "13 pm", "noon", ""] {
            assert_eq!(at(text), None, "{text}");
        }
        let moment = |text| moment(text, DateOrder::MonthFirst).map(|moment| moment.to_string());
        for text in [
            "2026-11-24 09:00",
            "2026-11-24T09:00:00",
            "11/24/2026 9:00 AM",
            "Nov 24, 2026 9am",
            "46350.375",
            "2026年11月24日 上午9:00",
            "2026年11月24日9:00",
        ] {
            assert_eq!(moment(text).as_deref(), Some("2026-11-24 09:00:00"), "{text}");
        }
        assert_eq!(moment("2026-11-24"), None);
    }

    #[test]
    fn amounts_in_many_forms() {
        for (text, cents) in [
            ("49.95", 4995),
            ("$49.95", 4995),
            ("49,95 €", 4995),
            ("1,234.50", 123_450),
            ("1.234,50", 123_450),
            ("1,234", 123_400),
            ("1.234.567", 123_456_700),
            ("USD 12", 1200),
            ("12.5", 1250),
            ("-5", -500),
            ("$-5.00", -500),
            ("¥300", 30_000),
            ("0", 0),
            ("1'234.50", 123_450),
        ] {
            assert_eq!(money(text, 2), Some(cents), "{text}");
        }
        assert_eq!((money("¥1,200", 0), money("12.50", 0)), (Some(1200), None));
        for text in ["", "free", "call us", "1.23456", "999999999999999"] {
            assert_eq!(money(text, 2), None, "{text}");
        }
    }

    #[test]
    fn lengths_of_time() {
        for (text, length) in
            [("45", 45), ("45 min", 45), ("1:30", 90), ("1.5 h", 90), ("2 hours", 120), ("90分钟", 90), ("45.0", 45)]
        {
            assert_eq!(minutes(text), Some(length), "{text}");
        }
        for text in ["", "long", "1:75", "-5", "2 days", "0.5"] {
            assert_eq!(minutes(text), None, "{text}");
        }
        assert_eq!((yes_or_no("Yes"), yes_or_no(" "), yes_or_no("maybe")), (Some(true), Some(false), None));
    }
}
