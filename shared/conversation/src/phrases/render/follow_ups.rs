//! The words for consent to kinds of messages, and for what follows a visit.

use super::Writer;
use crate::act::Act;

impl Writer<'_> {
    /// What is said about consent and after a visit; nothing for other acts.
    pub(super) fn follow_up(&self, act: &Act) -> String {
        match act {
            Act::Muted { topic } => self.say(&format!("muted_{}", topic.as_str()), &[]),
            Act::Unmuted { topic } => self.say(&format!("unmuted_{}", topic.as_str()), &[]),
            Act::Missed { services } => self.say("missed", &[("services", &self.services(services))]),
            Act::AskRating { vehicle } => self.say("ask_rating", &[("vehicle", &self.your_car(vehicle.as_ref()))]),
            Act::AskRatingAgain => self.say("ask_rating_again", &[]),
            Act::ThankForRating { review_link, ask_comment } => {
                let review =
                    review_link.as_deref().map_or_else(String::new, |link| self.part("review", &[("link", link)]));
                let question = if *ask_comment { self.part("ask_comment", &[]) } else { String::new() };
                self.say("thank_for_rating", &[("review", &review), ("question", &question)])
            }
            Act::RegretRating { ask_comment } => {
                let question = if *ask_comment { self.part("ask_what_was_wrong", &[]) } else { String::new() };
                self.say("regret_rating", &[("question", &question)])
            }
            Act::ThankForComment => self.say("thank_for_comment", &[]),
            Act::MaintenanceDue { services, vehicle, date } => {
                let (services, vehicle) = (self.services(services), self.your_car(vehicle.as_ref()));
                let date = self.date(*date);
                self.say("maintenance_due", &[("services", &services), ("vehicle", &vehicle), ("date", &date)])
            }
            Act::DeclinedWork { work, vehicle } => {
                let (work, vehicle) = (work.join(", "), self.your_car(vehicle.as_ref()));
                self.say("declined_work", &[("work", &work), ("vehicle", &vehicle)])
            }
            _ => String::new(),
        }
    }
}
