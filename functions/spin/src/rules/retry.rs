//! Which deliveries an instance tries again by itself, and which it leaves to the clock.

use lanekeeper_deliver::Outcome;
use std::time::Duration;

/// A longer wait is left to the clock: an instance that waits cannot be retired.
const PATIENCE: Duration = Duration::from_secs(5);

/// The deliveries worth another round here, with how long to wait before it; `None` when there are none.
pub fn next_round(deliveries: Vec<String>, outcomes: &[Outcome]) -> Option<(Duration, Vec<String>)> {
    let mut longest = Duration::ZERO;
    let mut again = Vec::new();
    for (delivery, outcome) in deliveries.into_iter().zip(outcomes) {
        match *outcome {
            Outcome::Again(wait) if wait <= PATIENCE => {
                longest = longest.max(wait);
                again.push(delivery);
            }
            Outcome::Again(_) | Outcome::Settled => {}
        }
    }
    (!again.is_empty()).then_some((longest, again))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_again_what_is_due_soon_and_leaves_the_rest_to_the_clock() {
        let deliveries = ["sent", "soon", "sooner", "tomorrow"].map(str::to_owned).to_vec();
        let outcomes = [
            Outcome::Settled,
            Outcome::Again(Duration::from_secs(2)),
            Outcome::Again(Duration::from_secs(1)),
            Outcome::Again(Duration::from_hours(24)),
        ];
        let again = next_round(deliveries, &outcomes);
        assert_eq!(again, Some((Duration::from_secs(2), vec!["soon".to_owned(), "sooner".to_owned()])));
    }

    #[test]
    fn is_done_when_everything_is_settled() {
        assert_eq!(next_round(vec!["sent".to_owned()], &[Outcome::Settled]), None);
    }
}
