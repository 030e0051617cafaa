//! Why an appointment does not fit somewhere, in plain words.

use crate::service_words::technician;
use crate::words::Words;
use chrono::{DateTime, Utc};
use lanekeeper_domain::Store;
use lanekeeper_domain::openings::Obstacle;

/// What stands in the way, as a sentence.
pub fn why(words: Words, store: &Store, obstacle: &Obstacle, now: DateTime<Utc>) -> String {
    let moment = |at: DateTime<Utc>| words.day_and_time(store, at, now);
    match obstacle {
        Obstacle::Past => words.say("why_past").to_owned(),
        Obstacle::TooSoon { earliest } => words.fill("why_too_soon", &[("time", &moment(*earliest))]),
        Obstacle::TooFar { last } => words.fill("why_too_far", &[("date", &words.long_date(*last))]),
        Obstacle::ClosedThatDay => words.say("why_closed_that_day").to_owned(),
        Obstacle::Closed => words.say("why_closed").to_owned(),
        Obstacle::RunsOver { closes } => words.fill("why_runs_over", &[("time", &words.clock(store, *closes))]),
        Obstacle::AfterLastStart { last } => {
            let last = lanekeeper_conversation::phrases::time(words.language, *last);
            words.fill("why_after_last_start", &[("time", &last)])
        }
        Obstacle::BetweenStarts { step } => words.fill("why_between_starts", &[("minutes", &step.to_string())]),
        Obstacle::DayFull => words.say("why_day_full").to_owned(),
        Obstacle::ServiceFull(id) => {
            words.fill("why_service_full", &[("service", &words.work(store, std::slice::from_ref(id)))])
        }
        Obstacle::NoTransport(transport) => {
            words.fill("why_no_transport", &[("transport", words.transport(*transport))])
        }
        Obstacle::BayNotEquipped(number) => words.fill("why_bay_not_equipped", &[("bay", &words.bay(store, *number))]),
        Obstacle::BayTaken(number) => words.fill("why_bay_taken", &[("bay", &words.bay(store, *number))]),
        Obstacle::NoBay => words.say("why_no_bay").to_owned(),
        Obstacle::NotTrained(id) => words.fill("why_not_trained", &[("name", &technician(store, id))]),
        Obstacle::OffShift(id) => words.fill("why_off_shift", &[("name", &technician(store, id))]),
        Obstacle::Busy(id) => words.fill("why_busy", &[("name", &technician(store, id))]),
        Obstacle::NoTechnician => words.say("why_no_technician").to_owned(),
        Obstacle::NoAdvisor => words.say("why_no_advisor").to_owned(),
    }
}
