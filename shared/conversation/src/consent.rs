//! STOP, START and HELP.

use crate::act::Act;
use crate::decide::Turn;
use crate::decision::Change;
use lanekeeper_domain::notifications::Topic;
use lanekeeper_domain::understanding::{Asked, Intent};

/// How sure a wish to stop must be when nothing else supports it.
const SURE: f32 = 0.7;

impl Turn<'_> {
    /// STOP, START and HELP come before everything, also before a person who holds the conversation. Returns whether
    /// nothing more is to be said.
    pub(crate) fn hear_consent(&mut self) -> bool {
        let heard = self.understanding;
        let says = |act| if self.situation.consent_confirmed { None } else { Some(act) };
        if self.situation.opted_out {
            if heard.wants(Intent::OptIn) {
                self.changes.push(Change::OptIn("message"));
                self.say.extend(says(Act::OptedIn));
            } else if heard.first() == Some(Intent::Help) {
                self.say.extend(says(Act::Help));
            }
            return true;
        }
        if self.means_stop() {
            self.changes.push(Change::OptOut("message"));
            self.say.extend(says(Act::OptedOut));
            self.state.tasks.clear();
            self.forget_question();
            return true;
        }
        if let Some((topic, agreed)) = self.topic_spoken_of() {
            self.changes.push(Change::Consent { topic, agreed });
            self.say.push(if agreed { Act::Unmuted { topic } } else { Act::Muted { topic } });
            return true;
        }
        match heard.first() {
            Some(Intent::Help) => {
                self.say.extend(says(Act::Help));
                true
            }
            // Somebody who may be texted anyway says START: it does no harm to say that they are heard.
            Some(Intent::OptIn) => {
                self.say.extend(says(Act::OptedIn));
                true
            }
            _ => false,
        }
    }

    /// "No more ads, please": one kind of messages, and whether it is welcome.
    fn topic_spoken_of(&self) -> Option<(Topic, bool)> {
        let heard = self.understanding;
        let agreed = heard.wants(Intent::Unmute);
        heard.details.topic.filter(|_| agreed || heard.wants(Intent::Mute)).map(|topic| (topic, agreed))
    }

    /// Whether the customer wants no more messages. A bare CANCEL means that by convention (CTIA Messaging Principles),
    /// except where there is something else to cancel: then it is asked which is meant.
    fn means_stop(&mut self) -> bool {
        let heard = self.understanding;
        let stop =
            heard.intents.iter().find(|guess| guess.name == Intent::OptOut).map_or(0.0, |guess| guess.confidence);
        if self.state.asked == Some(Asked::CancelOrStop) {
            return stop > 0.0 && !heard.wants(Intent::Cancel);
        }
        if heard.wants(Intent::Cancel) && stop > 0.0 && stop < SURE {
            return self.situation.appointments.is_empty() && self.state.tasks.is_empty();
        }
        stop >= SURE
    }
}
