//! A breaker: an endpoint that keeps failing is left alone for a while, so that no customer waits for it in vain.

use chrono::{DateTime, TimeDelta, Utc};
use std::cell::RefCell;
use std::rc::Rc;

/// Failures in a row after which the endpoint is left alone.
const FAILURES: u32 = 3;

/// How long it is left alone, unless it says itself for how long.
const PAUSE: TimeDelta = TimeDelta::seconds(30);

/// The longest that an endpoint may ask to be left alone; a higher wish is most likely a mistake.
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(10);

/// What is remembered about one endpoint. Each instance of a function keeps its own: sharing it would cost a read per
/// turn, and a handful of instances learn the same within a few turns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breaker {
    failures: u32,
    barred_until: Option<DateTime<Utc>>,
}

impl Breaker {
    /// Whether the endpoint may be asked. When the pause is over one caller gets a yes, the probe; the others wait for
    /// what comes of it, or for another pause in case nothing ever does.
    pub fn allows(&mut self, now: DateTime<Utc>) -> bool {
        match self.barred_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.barred_until = Some(now + PAUSE);
                true
            }
        }
    }

    /// Notes how a request went: `ok` when the endpoint did its work.
    pub fn record(&mut self, now: DateTime<Utc>, ok: bool) {
        if ok {
            *self = Self::default();
            return;
        }
        self.failures += 1;
        if self.failures >= FAILURES {
            self.barred_until = Some(now + PAUSE);
        }
    }

    /// Notes that asking again is pointless for now: a rejected key, or too many requests. `pause` is what the endpoint
    /// asked for.
    pub fn pause(&mut self, now: DateTime<Utc>, pause: Option<TimeDelta>) {
        self.failures += 1;
        self.barred_until = Some(now + pause.unwrap_or(PAUSE).clamp(TimeDelta::zero(), LONGEST_PAUSE));
    }
}

/// The breaker of this instance. One is enough, since a deployment asks one endpoint.
pub fn of_this_instance() -> Rc<RefCell<Breaker>> {
    thread_local!(static BREAKER: Rc<RefCell<Breaker>> = Rc::default());
    BREAKER.with(Rc::clone)
}

/// How long the endpoint wants to be left alone: `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3).
pub fn retry_after(header: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    match header.trim().parse::<u32>() {
        Ok(seconds) => Some(TimeDelta::seconds(seconds.into())),
        Err(_) => DateTime::parse_from_rfc2822(header.trim()).ok().map(|date| date.to_utc() - now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    #[test]
    fn three_failures_in_a_row_close_the_way() {
        let mut breaker = Breaker::default();
        for failures in [2, 2, 3] {
            assert!(breaker.allows(second(0)));
            (0..failures).for_each(|_| breaker.record(second(0), false));
            if failures == 2 {
                breaker.record(second(0), true);
            }
        }
        assert!(!breaker.allows(second(29)));
    }

    #[test]
    fn one_probe_follows_the_pause() {
        let mut breaker = Breaker::default();
        (0..3).for_each(|_| breaker.record(second(0), false));
        assert!(breaker.allows(second(30)), "the probe");
        assert!(!breaker.allows(second(30)), "only one");
        breaker.record(second(32), false);
        assert!(!breaker.allows(second(61)), "a failed probe means another whole pause");
        assert!(breaker.allows(second(62)));
        breaker.record(second(63), true);
        assert!(breaker.allows(second(63)) && breaker.allows(second(63)));
        breaker.record(second(64), false);
        assert!(breaker.allows(second(64)), "it starts to count anew");
    }

    #[test]
    fn a_probe_that_never_ends_does_not_close_the_way_for_good() {
        let mut breaker = Breaker::default();
        (0..3).for_each(|_| breaker.record(second(0), false));
        assert!(breaker.allows(second(40)));
        assert!(!breaker.allows(second(69)));
        assert!(breaker.allows(second(70)));
    }

    #[test]
    fn an_endpoint_may_name_the_pause() {
        let mut breaker = Breaker::default();
        breaker.pause(second(0), retry_after("7", second(0)));
        assert!(!breaker.allows(second(6)));
        assert!(breaker.allows(second(7)));

        let mut breaker = Breaker::default();
        breaker.pause(second(0), retry_after("86400", second(0)));
        assert!(!breaker.allows(second(599)));
        assert!(breaker.allows(second(600)), "a day is not believed");

        let mut breaker = Breaker::default();
        breaker.pause(second(0), None);
        assert!(!breaker.allows(second(29)));
    }

    #[test]
    fn reads_retry_after() {
        // The examples of RFC 9110, section 10.2.3.
        let now = "1999-12-31T23:59:00Z".parse().unwrap();
        assert_eq!(retry_after("Fri, 31 Dec 1999 23:59:59 GMT", now), Some(TimeDelta::seconds(59)));
        assert_eq!(retry_after("120", now), Some(TimeDelta::seconds(120)));
        assert_eq!(retry_after("later", now), None);
    }
}
