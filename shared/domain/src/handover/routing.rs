//! Who is asked to answer a customer.

use super::{Handover, TalkTopic};
use crate::Language;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who answers what. What is left out does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Route {
    /// Ids of lines.
    pub lines: BTreeSet<String>,
    /// Three digits, as numbers of the North American plan have them.
    pub area_codes: BTreeSet<String>,
    /// What the conversation is about.
    pub topics: BTreeSet<TalkTopic>,
    /// The customer's language.
    pub languages: BTreeSet<Language>,
    /// The accounts that answer.
    pub to: Vec<String>,
}

impl Route {
    fn fits(&self, waiting: &Waiting) -> bool {
        let any = |empty: bool, has: bool| empty || has;
        any(self.lines.is_empty(), self.lines.contains(waiting.line))
            && any(self.topics.is_empty(), waiting.topic.is_some_and(|topic| self.topics.contains(&topic)))
            && any(self.languages.is_empty(), self.languages.contains(&waiting.language))
            && any(self.area_codes.is_empty(), self.area_codes.iter().any(|code| has_area_code(waiting.peer, code)))
    }

    /// What is wrong with it, if anything: the field and the reason.
    pub fn problem(&self) -> Option<String> {
        let is_code = |code: &&String| code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit());
        if let Some(code) = self.area_codes.iter().find(|code| !is_code(code)) {
            return Some(format!("area_codes: '{code}' is no area code"));
        }
        self.to.is_empty().then(|| "to: names nobody".to_owned())
    }
}

fn has_area_code(peer: &str, code: &str) -> bool {
    peer.strip_prefix("+1").is_some_and(|number| number.starts_with(code))
}

/// Somebody who works at the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Their account.
    pub account: String,
    /// Whether they say that they are there.
    pub available: bool,
    /// When their desk was seen last.
    pub seen_at: DateTime<Utc>,
    /// How many conversations they have.
    pub load: u32,
}

/// A conversation that waits for a person.
#[derive(Debug, Clone, Copy)]
pub struct Waiting<'a> {
    /// Id of the line.
    pub line: &'a str,
    /// The customer's address on it.
    pub peer: &'a str,
    /// What it is about.
    pub topic: Option<TalkTopic>,
    /// The customer's language.
    pub language: Language,
    /// Who has been asked already and did not answer.
    pub except: Option<&'a str>,
}

/// How long after their desk was last seen somebody counts as there. A phone that was put into a pocket for a walk to the car
/// is no absence; who has gone home without a word is.
const THERE_FOR: TimeDelta = TimeDelta::minutes(30);

/// Whom this conversation is for: of those who are there and have not too much to do, the one with the least; of equals the one
/// who was seen last. Whoever the first fitting route names comes first; where none of them can, everybody else is
/// asked: a customer had better be answered by somebody. `None` where nobody is there.
pub fn route(rules: &Handover, people: &[Colleague], waiting: &Waiting, now: DateTime<Utc>) -> Option<String> {
    let can = |one: &&Colleague| {
        let there = one.available && now - one.seen_at <= THERE_FOR;
        there && one.load < rules.most_per_person && waiting.except != Some(one.account.as_str())
    };
    let least = |named: Option<&[String]>| {
        let people = people.iter().filter(can);
        let people = people.filter(|one| named.is_none_or(|named| named.contains(&one.account)));
        people.min_by_key(|one| (one.load, std::cmp::Reverse(one.seen_at), &one.account)).map(|one| one.account.clone())
    };
    let named = rules.routes.iter().find(|route| route.fits(waiting)).map(|route| route.to.as_slice());
    named.and_then(|named| least(Some(named))).or_else(|| least(None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-11-20T18:00:00Z".parse().unwrap()
    }

    fn one(account: &str, load: u32) -> Colleague {
        Colleague { account: account.to_owned(), available: true, seen_at: now(), load }
    }

    fn waiting() -> Waiting<'static> {
        Waiting {
            line: "lakeside-sms",
            peer: "+13125550123",
            topic: Some(TalkTopic::Complaint),
            language: Language::Es,
            except: None,
        }
    }

    fn to(rules: &str, people: &[Colleague]) -> Option<String> {
        route(&serde_json::from_str(rules).unwrap(), people, &waiting(), now())
    }

    #[test]
    fn the_first_route_that_fits_counts() {
        let people = [one("dana", 3), one("marcus", 0), one("maya", 1)];
        assert_eq!(to("{}", &people).as_deref(), Some("marcus"), "whoever has the least to do");
        let fits =
            |route: &str| to(&format!(r#"{{"routes": [{route}, {{"to": ["maya"]}}]}}"#), &people).unwrap() == "dana";
        assert!(fits(r#"{"languages": ["es"], "topics": ["complaint", "sales"], "to": ["dana"]}"#));
        assert!(fits(r#"{"area_codes": ["312"], "lines": ["lakeside-sms"], "to": ["dana"]}"#));
        assert!(!fits(r#"{"area_codes": ["773"], "to": ["dana"]}"#));
        assert!(!fits(r#"{"languages": ["zh"], "to": ["dana"]}"#));
        assert!(!fits(r#"{"topics": ["sales"], "to": ["dana"]}"#));
    }

    #[test]
    fn somebody_answers_where_the_right_one_cannot() {
        let away = Colleague { available: false, ..one("dana", 0) };
        let gone = Colleague { seen_at: now() - TimeDelta::minutes(31), ..one("marcus", 0) };
        let busy = one("maya", 8);
        let route = r#"{"routes": [{"to": ["dana", "marcus", "maya"]}]}"#;
        assert_eq!(to(route, &[away.clone(), gone.clone(), busy.clone(), one("lee", 5)]).as_deref(), Some("lee"));
        assert_eq!(to(route, &[away, gone, busy]), None);
    }

    #[test]
    fn who_did_not_answer_is_not_asked_again() {
        let again = Waiting { except: Some("dana"), ..waiting() };
        let rules = Handover::default();
        assert_eq!(route(&rules, &[one("dana", 0), one("maya", 7)], &again, now()).as_deref(), Some("maya"));
        assert_eq!(route(&rules, &[one("dana", 0)], &again, now()), None);
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_they_may(
            people in prop::collection::vec((0..4_u32, any::<bool>(), 0..60_i64, 0..10_u32), 0..6),
            most in 1..9_u32,
        ) {
            let people: Vec<Colleague> = people
                .into_iter()
                .enumerate()
                .map(|(place, (name, available, ago, load))| Colleague {
                    account: format!("{name}-{place}"),
                    available,
                    seen_at: now() - TimeDelta::minutes(ago),
                    load,
                })
                .collect();
            let rules = Handover { most_per_person: most, ..Handover::default() };
            let chosen = route(&rules, &people, &waiting(), now());
            let could = |one: &&Colleague| one.available && one.load < most && now() - one.seen_at <= THERE_FOR;
            match chosen {
                None => prop_assert!(!people.iter().any(|one| could(&one))),
                Some(account) => {
                    let chosen = people.iter().find(|one| one.account == account).unwrap();
                    prop_assert!(could(&chosen));
                    prop_assert!(people.iter().filter(could).all(|one| one.load >= chosen.load));
                }
            }
        }
    }
}
