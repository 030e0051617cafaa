//! The last word before a message leaves: how its recipient stands to messages of its kind.

use super::kind::{Class, Kind, Topic};
use super::settings::{Cap, Notifications};
use super::texting_hours::TextingHours;
use chrono::{DateTime, Duration, Utc};

/// What is known of a message and its recipient at the moment of sending.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The recipient has said STOP on this line.
    pub opted_out: bool,
    /// What the recipient has agreed to (`true`) or does not want (`false`).
    pub consents: Vec<(Topic, bool)>,
    /// When the recipient had messages of this class, as far back as a cap can look.
    pub had: Vec<DateTime<Utc>>,
    /// What it is about has changed, so that it would be wrong or pointless to say it now.
    pub outdated: bool,
    /// A person holds the conversation.
    pub with_person: bool,
}

/// How long what waits for a person to be done waits, in minutes, until that is looked at again.
const LOOKS_AGAIN_AFTER: i64 = 10;

/// Whether a message may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Now.
    Leave,
    /// Not before this.
    Wait(DateTime<Utc>),
    /// Never, for this reason.
    Withdraw(&'static str),
}

impl Standing {
    /// Whether a message of this kind and class may leave now. `kind` is `None` for one that this version does not know.
    pub fn verdict(
        &self,
        (kind, class): (Option<Kind>, Class),
        settings: &Notifications,
        hours: &TextingHours,
        now: DateTime<Utc>,
    ) -> Verdict {
        let spared = self.consents.iter().any(|(topic, agreed)| !agreed && topic.covers(kind, class));
        if self.opted_out {
            return Verdict::Withdraw("the recipient has opted out");
        }
        if self.outdated {
            return Verdict::Withdraw("it was no longer true");
        }
        if kind.is_some_and(|kind| !settings.sends(kind)) {
            return Verdict::Withdraw("the store has turned such messages off");
        }
        if spared {
            return Verdict::Withdraw("the recipient does not want such messages");
        }
        if class == Class::Promotional && !self.consents.contains(&(Topic::Ads, true)) {
            return Verdict::Withdraw("there is no opt-in for promotional messages");
        }
        let lately = |cap: &Cap| {
            let since = now - Duration::days(cap.days.into());
            self.had.iter().filter(|at| **at > since).count()
        };
        if self.with_person && kind.is_some_and(Kind::begins_a_talk) {
            return Verdict::Wait(now + Duration::minutes(LOOKS_AGAIN_AFTER));
        }
        let capped = kind != Some(Kind::Reply);
        if capped && settings.caps.of(class).is_some_and(|cap| lately(&cap) >= cap.most as usize) {
            return Verdict::Withdraw("the recipient has had enough of such messages lately");
        }
        if class == Class::Conversational || hours.contain(now) {
            return Verdict::Leave;
        }
        hours.next(now).map_or(Verdict::Withdraw("there are no hours for texting"), Verdict::Wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SendingHours;
    use lanekeeper_zones::America;

    fn verdict(standing: &Standing, kind: Kind, now: &str) -> Verdict {
        let hours = SendingHours { from: 8, until: 21 };
        let hours = TextingHours::in_zones(&hours, vec![America::Chicago]);
        let settings = Notifications { off: [Kind::Stage].into(), ..Notifications::default() };
        standing.verdict((Some(kind), kind.class()), &settings, &hours, now.parse().unwrap())
    }

    const NOON: &str = "2026-11-20T18:00:00Z";
    const NIGHT: &str = "2026-11-21T05:00:00Z";

    fn is_withdrawn(standing: &Standing, kind: Kind) -> bool {
        matches!(verdict(standing, kind, NOON), Verdict::Withdraw(_))
    }

    #[test]
    fn a_stop_holds_for_everything() {
        let stopped = Standing { opted_out: true, ..Standing::default() };
        assert!(Kind::ALL.into_iter().all(|kind| is_withdrawn(&stopped, kind)));
    }

    #[test]
    fn promotional_messages_need_an_opt_in() {
        let consents = |consents: &[(Topic, bool)]| Standing { consents: consents.to_vec(), ..Standing::default() };
        assert!(is_withdrawn(&consents(&[]), Kind::MaintenanceDue));
        assert!(!is_withdrawn(&consents(&[(Topic::Ads, true)]), Kind::MaintenanceDue));
        assert!(is_withdrawn(&consents(&[(Topic::Ads, true), (Topic::Reminders, false)]), Kind::MaintenanceDue));
        assert!(is_withdrawn(&consents(&[(Topic::Reminders, true)]), Kind::DeclinedWork), "that is no opt-in to ads");
    }

    #[test]
    fn whoever_is_spared_one_topic_hears_of_the_others() {
        let spared = Standing { consents: vec![(Topic::Reminders, false)], ..Standing::default() };
        assert!(is_withdrawn(&spared, Kind::Reminder24h));
        assert!(!is_withdrawn(&spared, Kind::Ready) && !is_withdrawn(&spared, Kind::Booked));
    }

    #[test]
    fn only_replies_leave_at_night() {
        let standing = Standing::default();
        assert_eq!(verdict(&standing, Kind::Booked, NIGHT), Verdict::Leave);
        let morning = "2026-11-21T14:00:00Z".parse().unwrap();
        assert_eq!(verdict(&standing, Kind::Ready, NIGHT), Verdict::Wait(morning));
        assert_eq!(verdict(&standing, Kind::Ready, NOON), Verdict::Leave);
    }

    #[test]
    fn the_assistant_begins_no_talk_while_a_person_holds_the_conversation() {
        let held = Standing { with_person: true, consents: vec![(Topic::Ads, true)], ..Standing::default() };
        let waits = |kind: &Kind| matches!(verdict(&held, *kind, NOON), Verdict::Wait(_));
        let waiting: Vec<&str> = Kind::ALL.iter().filter(|kind| waits(kind)).map(|kind| kind.as_str()).collect();
        assert_eq!(waiting, ["waitlist_offer", "satisfaction", "maintenance_due", "declined_work", "no_show"]);
    }

    #[test]
    fn what_people_write_is_never_too_much() {
        let now = NOON.parse::<DateTime<Utc>>().unwrap();
        let standing = Standing { had: vec![now - Duration::minutes(1); 50], ..Standing::default() };
        let hours = TextingHours::in_zones(&SendingHours { from: 8, until: 21 }, vec![America::Chicago]);
        let settings = Notifications::default();
        let verdict = |kind| standing.verdict((Some(kind), Class::Informational), &settings, &hours, now);
        assert_eq!(verdict(Kind::Reply), Verdict::Leave);
        assert!(matches!(verdict(Kind::Stage), Verdict::Withdraw(_)));
    }

    #[test]
    fn caps_and_the_stores_switch_hold() {
        let days_ago = |days| NOON.parse::<DateTime<Utc>>().unwrap() - Duration::days(days);
        let had =
            |days| Standing { had: vec![days_ago(days)], consents: vec![(Topic::Ads, true)], ..Standing::default() };
        assert!(is_withdrawn(&had(6), Kind::DeclinedWork) && !is_withdrawn(&had(7), Kind::DeclinedWork));
        let had = had(0);
        assert!(!is_withdrawn(&had, Kind::Ready) && !is_withdrawn(&had, Kind::Booked));
        assert!(is_withdrawn(&Standing::default(), Kind::Stage), "turned off");
        assert!(is_withdrawn(&Standing { outdated: true, ..Standing::default() }, Kind::Reminder2h));
    }
}
