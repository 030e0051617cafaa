//! An appointment as a calendar file (iCalendar, RFC 5545), for people to put into their own calendar.
//!
//! What calendars make of a file decided its form. Times are in UTC: a single event needs no more, and Outlook on the
//! desktop reads a `TZID` that is not one of Windows' names as its own zone. There is no `ORGANIZER`, although RFC 5546 wants one
//! with `METHOD:PUBLISH`: with it Outlook and Apple take the file for an invitation that has to be answered. There is no
//! alarm: reminders are ours to send, and calendars have their owner's own.

use chrono::{DateTime, Utc};

/// The most octets a line may have, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// An event to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEvent<'a> {
    /// Stays the same for as long as the appointment lives, so that a newer file replaces the older event.
    pub uid: &'a str,
    /// Raised with each change; a calendar ignores a file with a lower one.
    pub sequence: u32,
    /// Whether it was called off.
    pub cancelled: bool,
    /// When it begins.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// What it is, in a few words.
    pub summary: &'a str,
    /// Where it is.
    pub location: &'a str,
    /// What else is to be known; lines end with `\n`.
    pub description: &'a str,
    /// Where it can be looked at and changed.
    pub url: Option<&'a str>,
}

/// The calendar file, of the media type `text/calendar`.
pub fn file(event: &CalendarEvent) -> String {
    let (method, status) = if event.cancelled { ("CANCEL", "CANCELLED") } else { ("PUBLISH", "CONFIRMED") };
    let time = |time: DateTime<Utc>| time.format("%Y%m%dT%H%M%SZ").to_string();
    let mut properties = vec![
        ("BEGIN", "VCALENDAR".to_owned()),
        ("VERSION", "2.0".to_owned()),
        ("PRODID", "-//Lanekeeper//Appointments//EN".to_owned()),
        ("CALSCALE", "GREGORIAN".to_owned()),
        ("METHOD", method.to_owned()),
        ("BEGIN", "VEVENT".to_owned()),
        ("UID", escape(event.uid)),
        ("DTSTAMP", time(event.changed_at)),
        ("LAST-MODIFIED", time(event.changed_at)),
        ("SEQUENCE", event.sequence.to_string()),
        ("STATUS", status.to_owned()),
        ("DTSTART", time(event.start)),
        ("DTEND", time(event.end)),
        ("SUMMARY", escape(event.summary)),
        ("LOCATION", escape(event.location)),
        ("DESCRIPTION", escape(event.description)),
    ];
    properties.extend(event.url.map(|url| ("URL", url.chars().filter(|c| !c.is_control()).collect())));
    properties.push(("END", "VEVENT".to_owned()));
    properties.push(("END", "VCALENDAR".to_owned()));
    properties.iter().fold(String::new(), |mut text, (name, value)| {
        fold(&mut text, &format!("{name}:{value}"));
        text
    })
}

/// A value of the type TEXT (RFC 5545, 3.3.11). Control characters have no place in one.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}

/// Adds a line, broken where it is too long: what follows a break begins with a space. Characters stay whole.
fn fold(text: &mut String, line: &str) {
    let mut length = 0;
    for character in line.chars() {
        if length + character.len_utf8() > LINE {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(character);
        length += character.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event() -> CalendarEvent<'static> {
        CalendarEvent {
            uid: "01ktest@lanekeeper",
            sequence: 0,
            cancelled: false,
            start: "2026-11-24T15:00:00Z".parse().unwrap(),
            end: "2026-11-24T15:45:00Z".parse().unwrap(),
            changed_at: "2026-11-20T16:00:00Z".parse().unwrap(),
            summary: "Oil change, Lakeside Motors",
            location: "1200 Lake Shore Drive; Chicago",
            description: "2019 Honda CR-V\nBring the key.",
            url: Some("https://edge.example/a/x"),
        }
    }

    /// Lines as a reader sees them: unfolded.
    fn lines(file: &str) -> Vec<String> {
        file.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn writes_an_event() {
        let written = lines(&file(&event()));
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Lanekeeper//Appointments//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            "UID:01ktest@lanekeeper",
            "DTSTAMP:20261120T160000Z",
            "LAST-MODIFIED:20261120T160000Z",
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
            "DTSTART:20261124T150000Z",
            "DTEND:20261124T154500Z",
            r"SUMMARY:Oil change\, Lakeside Motors",
            r"LOCATION:1200 Lake Shore Drive\; Chicago",
            r"DESCRIPTION:2019 Honda CR-V\nBring the key.",
            "URL:https://edge.example/a/x",
            "END:VEVENT",
            "END:VCALENDAR",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn what_was_called_off_keeps_its_uid() {
        let written = lines(&file(&CalendarEvent { cancelled: true, sequence: 2, ..event() }));
        for line in ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:2", "UID:01ktest@lanekeeper"] {
            assert!(written.contains(&line.to_owned()), "{line}");
        }
    }

    proptest! {
        /// Nothing that people write breaks out of its line, and all of it can be read again.
        #[test]
        fn any_text_stays_in_its_property(text in any::<String>()) {
            let file = file(&CalendarEvent { description: &text, url: None, ..event() });
            prop_assert!(file.split("\r\n").all(|line| line.len() <= LINE));
            prop_assert!(!file.replace("\r\n", "").contains(['\r', '\n']));
            let written = lines(&file);
            prop_assert_eq!(written.len(), 18);
            let value = written[15].strip_prefix("DESCRIPTION:").unwrap();
            let (read, _) = value.chars().fold((String::new(), false), |(mut read, escaped), next| match (escaped, next) {
                (false, '\\') => (read, true),
                (true, 'n') => { read.push('\n'); (read, false) }
                (_, next) => { read.push(next); (read, false) }
            });
            prop_assert_eq!(read, text.chars().filter(|c| *c == '\n' || !c.is_control()).collect::<String>());
        }
    }
}
