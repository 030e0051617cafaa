//! Who speaks with a customer, and what people do to a conversation.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long after a customer's last message something still answers it, so that it may leave at night, too.
const ANSWERS_WITHIN: TimeDelta = TimeDelta::hours(24);

/// What a conversation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseResult {
    /// An appointment was made, moved or kept.
    Booked,
    /// A question was answered.
    Answered,
    /// Somebody who may buy.
    Lead,
    /// A complaint was settled.
    Settled,
    /// The customer did not write any more.
    NoReply,
    /// Nothing came of it.
    Nothing,
    /// It was no customer.
    Spam,
}

impl CloseResult {
    /// Every result.
    pub const ALL: [Self; 7] =
        [Self::Booked, Self::Answered, Self::Lead, Self::Settled, Self::NoReply, Self::Nothing, Self::Spam];

    /// Its name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Answered => "answered",
            Self::Lead => "lead",
            Self::Settled => "settled",
            Self::NoReply => "no_reply",
            Self::Nothing => "nothing",
            Self::Spam => "spam",
        }
    }

    /// The result of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.as_str() == name)
    }
}

/// How a conversation stands with the store's people. Accounts are named by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handling {
    /// Whether a person is wanted or there: the AI is silent then.
    pub with_person: bool,
    /// Who is expected to answer, or does.
    pub assignee: Option<String>,
    /// Since when the assignee is in the conversation; `None` while only expected.
    pub joined_at: Option<DateTime<Utc>>,
    /// The customer's first message that no person has answered yet.
    pub waiting_since: Option<DateTime<Utc>>,
    /// What it came to, and when, if it is closed.
    pub closed: Option<(CloseResult, DateTime<Utc>)>,
    /// Out of sight until then.
    pub snoozed_until: Option<DateTime<Utc>>,
}

/// What a person does to a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandlingAct {
    /// To speak with the customer from now on. `from` names the person whom it is taken from; `None` takes it from the AI,
    /// or where nobody has joined yet.
    TakeOver {
        /// An account.
        from: Option<String>,
    },
    /// To give it back to the AI.
    HandBack {
        /// What the next one is to know.
        word: Option<String>,
        /// Whether the customer is told.
        tell: bool,
    },
    /// To write to the customer; whoever does takes over.
    Reply {
        /// What the customer reads.
        text: String,
    },
    /// To expect it of somebody, or of nobody in particular.
    Assign {
        /// An account.
        to: Option<String>,
    },
    /// To put it out of sight.
    Snooze {
        /// Until then, or until the customer writes.
        until: DateTime<Utc>,
    },
    /// To see it again.
    Unsnooze,
    /// To say that it is done. The AI answers whatever the customer writes after it.
    Close {
        /// What it came to.
        result: CloseResult,
    },
    /// To say that it is not done after all.
    Reopen,
}

impl HandlingAct {
    /// Its name in the database and the API.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::TakeOver { .. } => "take_over",
            Self::HandBack { .. } => "hand_back",
            Self::Reply { .. } => "reply",
            Self::Assign { .. } => "assign",
            Self::Snooze { .. } => "snooze",
            Self::Unsnooze => "unsnooze",
            Self::Close { .. } => "close",
            Self::Reopen => "reopen",
        }
    }
}

/// What happened to a conversation, as its readers are shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum HandlingEvent {
    Joined,
    Left { word: Option<String> },
    Assigned { to: String },
    Unassigned,
    Snoozed { until: DateTime<Utc> },
    Unsnoozed,
    Closed { result: CloseResult },
    Reopened,
    Escalated,
    CallBackWished { words: String, phone: Option<String> },
}

/// Why an act is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another person is in the conversation.
    #[error("somebody else has taken this conversation")]
    AlreadyTaken {
        /// That person's account.
        by: String,
    },
    /// No person holds the conversation.
    #[error("the assistant has this conversation already")]
    NotTaken,
    /// It is closed.
    #[error("this conversation is closed")]
    Closed,
    /// It is not closed.
    #[error("this conversation is open")]
    Open,
    /// The customer must not be written to.
    #[error("the customer has asked for no more messages")]
    OptedOut,
    /// The act's particulars are not possible: the field and the reason.
    #[error("{field}: {reason}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// The longest text that a person can write to a customer, in characters: ten parts of a text message.
pub const LONGEST_REPLY: usize = 1530;

impl Handling {
    /// How it stands after an act of this person's, and what there is to tell of it. What is so already stays so, without
    /// an event.
    pub fn after(
        &self,
        act: &HandlingAct,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<HandlingEvent>), Refusal> {
        let mut next = self.clone();
        let mut events = Vec::new();
        match act {
            HandlingAct::TakeOver { from } => next.join(by, from.as_deref(), now, &mut events)?,
            HandlingAct::Reply { text } => {
                check_text(text)?;
                next.join(by, None, now, &mut events)?;
                next.waiting_since = None;
            }
            HandlingAct::HandBack { word, .. } => {
                self.demand_open()?;
                self.demand_no_other(by)?;
                if !self.with_person {
                    return Err(Refusal::NotTaken);
                }
                next = Self::default();
                events.push(HandlingEvent::Left { word: word.clone() });
            }
            HandlingAct::Assign { to } => {
                self.demand_open()?;
                if *to != self.assignee {
                    next.assignee.clone_from(to);
                    next.joined_at = None;
                    // From the AI it is taken by who is to answer; an unassigned one goes on waiting for a person.
                    next.with_person |= to.is_some();
                    events.push(to.clone().map_or(HandlingEvent::Unassigned, |to| HandlingEvent::Assigned { to }));
                }
            }
            HandlingAct::Snooze { until } => {
                self.demand_open()?;
                if *until <= now || *until > now + TimeDelta::days(366) {
                    return Err(Refusal::Invalid { field: "until", reason: "must be a time within a year from now" });
                }
                next.snoozed_until = Some(*until);
                events.push(HandlingEvent::Snoozed { until: *until });
            }
            HandlingAct::Unsnooze => {
                let was_snoozed = next.snoozed_until.take().is_some();
                events.extend(was_snoozed.then_some(HandlingEvent::Unsnoozed));
            }
            HandlingAct::Close { result } => {
                self.demand_open()?;
                self.demand_no_other(by)?;
                next = Self { closed: Some((*result, now)), ..Self::default() };
                events.push(HandlingEvent::Closed { result: *result });
            }
            HandlingAct::Reopen => {
                next.closed.take().ok_or(Refusal::Open)?;
                events.push(HandlingEvent::Reopened);
            }
        }
        Ok((next, events))
    }

    /// Whoever joins a closed conversation opens it, and a snoozed one is seen again.
    fn join(
        &mut self,
        by: &str,
        from: Option<&str>,
        now: DateTime<Utc>,
        events: &mut Vec<HandlingEvent>,
    ) -> Result<(), Refusal> {
        if self.is_joined_by(by) {
            return Ok(());
        }
        if let Some(holder) = self.holder().filter(|holder| from != Some(*holder)) {
            return Err(Refusal::AlreadyTaken { by: holder.to_owned() });
        }
        events.extend(self.closed.take().map(|_| HandlingEvent::Reopened));
        self.snoozed_until = None;
        self.with_person = true;
        self.assignee = Some(by.to_owned());
        self.joined_at = Some(now);
        events.push(HandlingEvent::Joined);
        Ok(())
    }

    /// The person who is in the conversation.
    pub fn holder(&self) -> Option<&str> {
        self.assignee.as_deref().filter(|_| self.joined_at.is_some())
    }

    /// Whether this person is in the conversation.
    pub fn is_joined_by(&self, account: &str) -> bool {
        self.holder() == Some(account)
    }

    fn demand_open(&self) -> Result<(), Refusal> {
        if self.closed.is_some() { Err(Refusal::Closed) } else { Ok(()) }
    }

    /// Nobody gives away what another person is in the middle of: it is taken from them first.
    fn demand_no_other(&self, account: &str) -> Result<(), Refusal> {
        match self.holder() {
            Some(holder) if holder != account => Err(Refusal::AlreadyTaken { by: holder.to_owned() }),
            _ => Ok(()),
        }
    }
}

/// Whether a message to a customer whose last one came at `heard` answers it.
pub fn answers(heard: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    heard.is_some_and(|heard| now - heard <= ANSWERS_WITHIN)
}

fn check_text(text: &str) -> Result<(), Refusal> {
    let invalid = |reason| Err(Refusal::Invalid { field: "text", reason });
    if text.trim().is_empty() {
        return invalid("is empty");
    }
    if text.chars().count() > LONGEST_REPLY {
        return invalid("is longer than 1530 characters");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-20T18:00:00Z".parse().unwrap()
    }

    fn after(acts: &[(&str, HandlingAct)]) -> Result<(Handling, Vec<HandlingEvent>), Refusal> {
        acts.iter().try_fold((Handling::default(), Vec::new()), |(handling, mut all), (by, act)| {
            let (next, events) = handling.after(act, by, now())?;
            all.extend(events);
            Ok((next, all))
        })
    }

    fn take(from: Option<&str>) -> HandlingAct {
        HandlingAct::TakeOver { from: from.map(str::to_owned) }
    }

    fn assign(to: &str) -> HandlingAct {
        HandlingAct::Assign { to: Some(to.to_owned()) }
    }

    fn say(text: &str) -> HandlingAct {
        HandlingAct::Reply { text: text.to_owned() }
    }

    const BACK: HandlingAct = HandlingAct::HandBack { word: None, tell: true };
    const CLOSE: HandlingAct = HandlingAct::Close { result: CloseResult::Answered };

    #[test]
    fn of_two_who_take_it_one_is_told() {
        let taken = Refusal::AlreadyTaken { by: "dana".to_owned() };
        for act in [take(None), say("hello"), BACK, CLOSE] {
            assert_eq!(after(&[("dana", take(None)), ("marcus", act)]), Err(taken.clone()));
        }
        assert_eq!(after(&[("dana", take(None)), ("marcus", take(Some("maya")))]), Err(taken), "not from her");
        let (handling, events) = after(&[("dana", take(None)), ("marcus", take(Some("dana")))]).unwrap();
        assert_eq!((handling.holder(), events.len()), (Some("marcus"), 2));
    }

    #[test]
    fn who_is_expected_holds_nothing_yet() {
        let (handling, _) = after(&[("dana", assign("marcus"))]).unwrap();
        assert!(handling.with_person && handling.holder().is_none());
        let (handling, _) = after(&[("dana", assign("marcus")), ("dana", take(None))]).unwrap();
        assert_eq!(handling.holder(), Some("dana"));
    }

    #[test]
    fn to_do_it_again_changes_nothing() {
        let (handling, events) = after(&[("dana", take(None)), ("dana", take(None)), ("dana", say("hi"))]).unwrap();
        assert_eq!((handling.holder(), events), (Some("dana"), vec![HandlingEvent::Joined]));
    }

    #[test]
    fn a_closed_conversation_is_the_assistants_until_somebody_joins() {
        let (closed, _) = after(&[("dana", take(None)), ("dana", CLOSE)]).unwrap();
        assert!(!closed.with_person && closed.assignee.is_none());
        for act in [BACK, CLOSE, assign("marcus"), HandlingAct::Snooze { until: now() + TimeDelta::hours(1) }] {
            assert_eq!(closed.after(&act, "dana", now()), Err(Refusal::Closed), "{act:?}");
        }
        let (open, events) = closed.after(&say("one more thing"), "marcus", now()).unwrap();
        assert_eq!((open.holder(), open.closed), (Some("marcus"), None));
        assert_eq!(events, [HandlingEvent::Reopened, HandlingEvent::Joined]);
        assert_eq!(after(&[("dana", HandlingAct::Reopen)]), Err(Refusal::Open));
    }

    #[test]
    fn what_is_given_back_waits_for_nobody() {
        let waiting = Handling { with_person: true, waiting_since: Some(now()), ..Handling::default() };
        let (handling, _) = waiting.after(&BACK, "dana", now()).unwrap();
        assert_eq!(handling, Handling::default());
        assert_eq!(handling.after(&BACK, "dana", now()), Err(Refusal::NotTaken));
        let (handling, _) = waiting.after(&say("on it"), "dana", now()).unwrap();
        assert_eq!(handling.waiting_since, None);
        let (handling, _) = waiting.after(&take(None), "dana", now()).unwrap();
        assert_eq!(handling.waiting_since, Some(now()), "to be there is no answer");
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        let field = |act| match after(&[("dana", act)]) {
            Err(Refusal::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!((field(say("  ")), field(say(&"x".repeat(1531)))), ("text", "text"));
        assert_eq!(field(HandlingAct::Snooze { until: now() }), "until");
        assert!(after(&[("dana", say(&"车".repeat(1530)))]).is_ok());
    }

    #[test]
    fn an_answer_is_one_for_a_day() {
        let heard = now() - TimeDelta::hours(24);
        assert!(answers(Some(heard), now()) && !answers(Some(heard - TimeDelta::seconds(1)), now()));
        assert!(!answers(None, now()));
    }
}
