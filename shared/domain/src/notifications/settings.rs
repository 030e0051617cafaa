//! The section `notifications` of a store's profile.

use super::kind::{Class, Kind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// At most so many messages of a class to one customer within so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// How many.
    pub most: u32,
    /// Within how many days.
    pub days: u32,
}

/// The caps of the classes that have one. Replies to what a customer does are never counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Caps {
    /// About the customer's own appointments and cars.
    pub informational: Cap,
    /// What wants to sell something.
    pub promotional: Cap,
}

impl Default for Caps {
    fn default() -> Self {
        Self { informational: Cap { most: 12, days: 1 }, promotional: Cap { most: 1, days: 7 } }
    }
}

impl Caps {
    /// The cap of this class, if it has one.
    pub fn of(&self, class: Class) -> Option<Cap> {
        match class {
            Class::Conversational => None,
            Class::Informational => Some(self.informational),
            Class::Promotional => Some(self.promotional),
        }
    }
}

/// What a store tells its customers apart from replies. What is left out has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notifications {
    /// Kinds that this store does not send.
    pub off: BTreeSet<Kind>,
    /// How often at most.
    pub caps: Caps,
    /// How many hours after pick-up the customer is asked how it was.
    pub satisfaction_after_hours: u32,
    /// Up to which of the 1 to 5 points a person takes over.
    pub satisfaction_threshold: u8,
    /// Where who is content may write a review.
    pub review_link: Option<String>,
    /// How many minutes after its start an appointment without an arrival counts as missed. `None`, the default, for a
    /// store that does not record arrivals: it would tell customers who came that they had not.
    pub no_show_after_minutes: Option<u32>,
    /// How many hours after the start who did not come is written to.
    pub no_show_follow_up_hours: u32,
    /// How many days before regular work is due the customer is told.
    pub maintenance_ahead_days: u32,
    /// How many days after work was declined it is brought up again.
    pub declined_after_days: u32,
    /// Ids of the store's lines in the order in which they are tried, for kinds that have none of their own. Empty: only
    /// the line that the customer uses.
    pub lines: Vec<String>,
    /// The same for particular kinds.
    pub lines_by_kind: BTreeMap<Kind, Vec<String>>,
}

impl Default for Notifications {
    fn default() -> Self {
        Self {
            off: BTreeSet::new(),
            caps: Caps::default(),
            satisfaction_after_hours: 3,
            satisfaction_threshold: 3,
            review_link: None,
            no_show_after_minutes: None,
            no_show_follow_up_hours: 2,
            maintenance_ahead_days: 14,
            declined_after_days: 30,
            lines: Vec::new(),
            lines_by_kind: BTreeMap::new(),
        }
    }
}

impl Notifications {
    /// Whether this store sends messages of this kind.
    pub fn sends(&self, kind: Kind) -> bool {
        !self.off.contains(&kind)
    }

    /// The lines to try for a message of this kind, in order.
    pub fn lines(&self, kind: Option<Kind>) -> &[String] {
        kind.and_then(|kind| self.lines_by_kind.get(&kind)).unwrap_or(&self.lines)
    }

    /// The line to try after this one has failed for good: the first that comes behind it, or the first of all where it
    /// is not in the list.
    pub fn line_after(&self, kind: Option<Kind>, failed: &str) -> Option<&str> {
        let lines = self.lines(kind);
        let next = lines.iter().position(|line| line == failed).map_or(0, |position| position + 1);
        lines.get(next).map(String::as_str)
    }

    /// What is wrong with the section, if anything: the field and the reason.
    pub fn problem(&self) -> Option<String> {
        let within = |field: &str, value: u32, least: u32, most: u32| {
            (!(least..=most).contains(&value)).then(|| format!("{field}: must be {least} to {most}"))
        };
        let cap = |class: &str, cap: Cap| {
            within(&format!("caps.{class}.most"), cap.most, 0, 100)
                .or_else(|| within(&format!("caps.{class}.days"), cap.days, 1, 365))
        };
        let repeated = |field: String, lines: &[String]| {
            let twice = lines.iter().enumerate().find(|(at, line)| lines[..*at].contains(line));
            twice.map(|(_, line)| format!("{field}: '{line}' stands there twice"))
        };
        let no_show = self.no_show_after_minutes.unwrap_or(10);
        let link = self.review_link.as_deref().filter(|link| !link.starts_with("https://"));
        let people = self.off.contains(&Kind::Reply).then(|| "off: 'reply' is what people write".to_owned());
        people
            .or_else(|| cap("informational", self.caps.informational))
            .or_else(|| cap("promotional", self.caps.promotional))
            .or_else(|| within("satisfaction_after_hours", self.satisfaction_after_hours, 0, 14 * 24))
            .or_else(|| within("satisfaction_threshold", self.satisfaction_threshold.into(), 0, 4))
            .or_else(|| link.map(|link| format!("review_link: '{link}' does not begin with https://")))
            .or_else(|| within("no_show_after_minutes", no_show, 10, 12 * 60))
            .or_else(|| within("no_show_follow_up_hours", self.no_show_follow_up_hours, 0, 7 * 24))
            .or_else(|| within("maintenance_ahead_days", self.maintenance_ahead_days, 0, 90))
            .or_else(|| within("declined_after_days", self.declined_after_days, 1, 365))
            .or_else(|| repeated("lines".to_owned(), &self.lines))
            .or_else(|| {
                let mut kinds = self.lines_by_kind.iter();
                kinds.find_map(|(kind, lines)| repeated(format!("lines_by_kind.{}", kind.as_str()), lines))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Notifications {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_defaults_are_in_order() {
        assert_eq!(Notifications::default().problem(), None);
        assert_eq!(read("{}"), Notifications::default());
        assert!(!read(r#"{"off": ["reminder_2h"]}"#).sends(Kind::Reminder2h));
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        let problem = |json| read(json).problem().unwrap();
        assert_eq!(problem(r#"{"satisfaction_threshold": 5}"#), "satisfaction_threshold: must be 0 to 4");
        assert_eq!(problem(r#"{"off": ["reply"]}"#), "off: 'reply' is what people write");
        assert_eq!(problem(r#"{"review_link": "g.page"}"#), "review_link: 'g.page' does not begin with https://");
        assert_eq!(problem(r#"{"no_show_after_minutes": 1}"#), "no_show_after_minutes: must be 10 to 720");
        assert_eq!(
            problem(r#"{"caps": {"promotional": {"most": 1, "days": 0}}}"#),
            "caps.promotional.days: must be 1 to 365"
        );
        assert_eq!(
            problem(r#"{"lines_by_kind": {"ready": ["a", "a"]}}"#),
            "lines_by_kind.ready: 'a' stands there twice"
        );
        let unknown = serde_json::from_str::<Notifications>(r#"{"off": ["birthday"]}"#).unwrap_err().to_string();
        assert!(unknown.contains("birthday") && unknown.contains("reminder_24h"), "{unknown}");
    }

    #[test]
    fn goes_through_the_lines_in_order() {
        let store = read(r#"{"lines": ["a", "b"], "lines_by_kind": {"ready": ["b"]}}"#);
        assert_eq!(store.line_after(None, "a"), Some("b"));
        assert_eq!(store.line_after(None, "b"), None);
        assert_eq!(store.line_after(Some(Kind::Booked), "elsewhere"), Some("a"));
        assert_eq!(store.line_after(Some(Kind::Ready), "a"), Some("b"));
    }
}
