//! What is wanted: the phrases found, weighed in the light of what was asked and of the particulars.

use super::lexicon::{Match, Meaning};
use super::services;
use lanekeeper_domain::Transport;
use lanekeeper_domain::notifications::Topic;
use lanekeeper_domain::understanding::{Asked, Context, Details, Intent, IntentGuess};

/// What the weighing looks at.
pub(crate) struct Evidence<'a> {
    pub text: &'a str,
    pub context: &'a Context,
    /// Phrases, those within a longer one left out.
    pub phrases: &'a [Match],
    pub details: &'a Details,
    pub services: &'a [services::Found<'a>],
}

/// The wishes, surest first; at least one.
pub(crate) fn weigh(evidence: &Evidence) -> Vec<IntentGuess> {
    let mut scale = Scale(Vec::new());
    for phrase in evidence.phrases {
        if let Meaning::Intent(intent, confidence) = phrase.meaning {
            scale.raise(intent, confidence);
        }
    }
    if let Some((_, welcome)) = topic(evidence.phrases) {
        scale.raise(if welcome { Intent::Unmute } else { Intent::Mute }, 0.95);
    }
    yes_or_no(&mut scale, evidence.phrases);
    getting_about(&mut scale, evidence);
    one_errand_explains_another(&mut scale, evidence);
    work_is_wanted(&mut scale, evidence);
    particulars(&mut scale, evidence);
    particulars_move_what_is_being_booked(&mut scale, evidence);
    answers_about_proposed_work(&mut scale, evidence.details);
    manners_come_last(&mut scale, evidence.context);
    if scale.0.is_empty() {
        let question = evidence.text.contains(['?', '？', '¿']);
        let guess = if question { (Intent::Question, 0.5) } else { (Intent::Other, 0.3) };
        scale.raise(guess.0, guess.1);
    }
    scale.sorted()
}

/// Which messages are spoken of, and whether they are welcome.
pub(crate) fn topic(phrases: &[Match]) -> Option<(Topic, bool)> {
    phrases.iter().find_map(|phrase| match phrase.meaning {
        Meaning::Topic(topic, welcome) => Some((topic, welcome)),
        _ => None,
    })
}

/// Confidences by intent.
struct Scale(Vec<IntentGuess>);

impl Scale {
    fn raise(&mut self, name: Intent, confidence: f32) {
        match self.0.iter_mut().find(|guess| guess.name == name) {
            Some(guess) => guess.confidence = guess.confidence.max(confidence),
            None => self.0.push(IntentGuess { name, confidence }),
        }
    }

    fn cap(&mut self, intents: &[Intent], confidence: f32) {
        for guess in self.0.iter_mut().filter(|guess| intents.contains(&guess.name)) {
            guess.confidence = guess.confidence.min(confidence);
        }
    }

    fn remove(&mut self, intents: &[Intent]) {
        self.0.retain(|guess| !intents.contains(&guess.name));
    }

    fn confidence(&self, intent: Intent) -> f32 {
        self.0.iter().find(|guess| guess.name == intent).map_or(0.0, |guess| guess.confidence)
    }

    fn has_any(&self, intents: &[Intent]) -> bool {
        intents.iter().any(|&intent| self.confidence(intent) >= 0.6)
    }

    /// Surest first; of equals what must not be missed.
    fn sorted(mut self) -> Vec<IntentGuess> {
        let waits = |intent: Intent| !matches!(intent, Intent::OptOut | Intent::Human | Intent::Complaint);
        let order = |guess: &IntentGuess| (waits(guess.name), guess.name);
        self.0.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| order(a).cmp(&order(b))));
        self.0
    }
}

/// Wishes that are about something, as against yes, no and manners.
const ERRANDS: [Intent; 19] = [
    Intent::Book,
    Intent::Reschedule,
    Intent::Cancel,
    Intent::Waitlist,
    Intent::LeaveWaitlist,
    Intent::Status,
    Intent::Price,
    Intent::Hours,
    Intent::Location,
    Intent::Question,
    Intent::Sales,
    Intent::Approve,
    Intent::Decline,
    Intent::Complaint,
    Intent::Human,
    Intent::OptOut,
    Intent::OptIn,
    Intent::Mute,
    Intent::Unmute,
];

/// Errands in which the name of some work does not mean that it is to be booked.
const ABOUT_WORK: [Intent; 12] = [
    Intent::Status,
    Intent::Price,
    Intent::Question,
    Intent::Sales,
    Intent::Approve,
    Intent::Decline,
    Intent::Complaint,
    Intent::Reschedule,
    Intent::Cancel,
    Intent::OptOut,
    Intent::Mute,
    Intent::Unmute,
];

/// Words for booking turn up in other errands too ("I need to move my appointment"), words for agreeing in a refusal.
fn one_errand_explains_another(scale: &mut Scale, evidence: &Evidence) {
    use Intent::{
        Approve, Book, Cancel, Complaint, Decline, Human, Negate, OptOut, Price, Question, Reschedule, Status, Waitlist,
    };
    let explained =
        [Cancel, Complaint, Human, OptOut, Reschedule, Waitlist].iter().any(|&intent| scale.confidence(intent) >= 0.9);
    if explained {
        scale.cap(&[Book], 0.45);
    }
    let asking = [Price, Question, Status].iter().any(|&intent| scale.confidence(intent) >= 0.8);
    if asking && !evidence.details.has_when() {
        scale.cap(&[Book], 0.7);
    }
    if scale.confidence(Decline) >= 0.9 {
        scale.cap(&[Approve, Negate], 0.45);
    }
    if evidence.context.asked == Some(Asked::CancelOrStop) {
        scale.cap(&[Book], 0.3);
    }
}

/// Of a yes and a no in one message ("no, that works"; "yes but not Monday") the first counts more.
fn yes_or_no(scale: &mut Scale, phrases: &[Match]) {
    let first = |wanted: Intent| {
        let starts =
            phrases.iter().filter(|phrase| matches!(phrase.meaning, Meaning::Intent(intent, _) if intent == wanted));
        starts.map(|phrase| phrase.tokens.start).min()
    };
    if let (Some(yes), Some(no)) = (first(Intent::Affirm), first(Intent::Negate)) {
        scale.cap(&[if yes < no { Intent::Negate } else { Intent::Affirm }], 0.5);
    }
}

/// "I need brakes and a loaner" asks for one, "can you pick up my car" does not ask how it is getting on.
fn getting_about(scale: &mut Scale, evidence: &Evidence) {
    let wish = evidence.phrases.iter().any(|phrase| phrase.meaning == Meaning::Wish);
    let named = evidence.services.iter().any(|found| !found.unwanted);
    match evidence.details.transport {
        Some(_) if wish && named => scale.cap(&[Intent::Question, Intent::Status], 0.45),
        Some(Transport::PickUp) => scale.cap(&[Intent::Status], 0.45),
        _ => {}
    }
}

fn work_is_wanted(scale: &mut Scale, evidence: &Evidence) {
    let named = evidence.services.iter().any(|found| !found.unwanted && !found.symptom);
    let symptom = evidence.services.iter().any(|found| found.symptom);
    if !named && !symptom || being_booked(evidence.context.asked) {
        return;
    }
    let wish = evidence.phrases.iter().any(|phrase| phrase.meaning == Meaning::Wish);
    let confidence = match (scale.has_any(&ABOUT_WORK), wish || symptom, evidence.details.has_when()) {
        (true, ..) => return,
        (false, true, true) => 0.9,
        (false, true, false) => 0.85,
        (false, false, true) => 0.8,
        (false, false, false) => 0.7,
    };
    scale.raise(Intent::Book, confidence);
}

fn being_booked(asked: Option<Asked>) -> bool {
    use Asked::{Address, Confirm, Name, Opening, Service, Transport, Vehicle, When};
    matches!(asked, Some(Service | Vehicle | Transport | Address | When | Opening | Name | Confirm))
}

/// Particulars answer the question that was asked, or are all that there is.
fn particulars(scale: &mut Scale, evidence: &Evidence) {
    let Evidence { details, context, .. } = evidence;
    if details.choice.is_some() {
        let listed = matches!(context.asked, Some(Asked::Opening | Asked::Appointment)) || !context.offered.is_empty();
        scale.raise(Intent::Choose, if listed { 0.95 } else { 0.6 });
        if listed {
            scale.cap(&[Intent::Affirm, Intent::Details, Intent::Book], 0.6);
        }
    }
    let answers = match context.asked {
        Some(Asked::Service) => details.service.is_some() || details.concern.is_some(),
        Some(Asked::Vehicle) => details.vehicle.is_some(),
        Some(Asked::When | Asked::Opening | Asked::Confirm | Asked::Appointment) => details.has_when(),
        Some(Asked::Name) => details.name.is_some(),
        Some(Asked::Transport) => details.transport.is_some(),
        Some(Asked::Address) => details.address.is_some(),
        _ => false,
    };
    let anything = details.has_when()
        || details.service.is_some()
        || details.concern.is_some()
        || details.vehicle.is_some()
        || details.name.is_some()
        || details.transport.is_some()
        || details.advisor.is_some()
        || details.phone.is_some();
    if answers && details.choice.is_none() {
        scale.raise(Intent::Details, 0.9);
        // "No wait, Thursday" corrects, it does not refuse.
        if evidence.phrases.iter().any(|phrase| phrase.meaning == Meaning::Correction) {
            scale.cap(&[Intent::Affirm, Intent::Negate], 0.6);
        }
    } else if anything {
        let alone = !scale.has_any(&ERRANDS) && !scale.has_any(&[Intent::Goodbye]) && details.choice.is_none();
        scale.raise(Intent::Details, if alone { 0.8 } else { 0.5 });
    }
}

/// "Make that Thursday" while a booking is being made is a particular of it, not another errand.
fn particulars_move_what_is_being_booked(scale: &mut Scale, evidence: &Evidence) {
    if being_booked(evidence.context.asked) && evidence.details.has_when() {
        let named = scale.confidence(Intent::Reschedule) >= 0.8;
        scale.cap(&[Intent::Reschedule], if named { 0.6 } else { 0.4 });
    }
}

/// The names of proposed lines are no work to be booked, and "cancel the wipers" calls no appointment off.
fn answers_about_proposed_work(scale: &mut Scale, details: &Details) {
    if !details.has_lines() {
        return;
    }
    scale.remove(&[Intent::Cancel, Intent::Choose, Intent::Approve, Intent::Decline]);
    if !details.has_when() && details.service.is_none() {
        scale.remove(&[Intent::Book]);
    }
    if details.mentioned.is_empty() {
        scale.cap(&[Intent::Question, Intent::Details], 0.5);
    } else {
        scale.raise(Intent::Details, 0.55);
    }
    if !details.approved.is_empty() {
        scale.raise(Intent::Approve, 0.95);
    }
    if !details.declined.is_empty() {
        scale.raise(Intent::Decline, 0.95);
    }
}

/// A yes, a no, a greeting or thanks beside an errand is politeness, unless yes or no was the question.
fn manners_come_last(scale: &mut Scale, context: &Context) {
    let errand = scale.has_any(&ERRANDS);
    if errand || scale.confidence(Intent::Details) >= 0.8 || scale.confidence(Intent::Choose) >= 0.8 {
        scale.cap(&[Intent::Greeting, Intent::Thanks, Intent::Goodbye], 0.5);
    }
    if being_booked(context.asked) {
        // A booking is being made already; the words for it only go on with it.
        scale.cap(&[Intent::Book], 0.6);
    }
    let yes_or_no_asked = matches!(
        context.asked,
        Some(Asked::Confirm | Asked::Opening | Asked::Person | Asked::CancelOrStop | Asked::Anything)
    );
    if (errand || scale.confidence(Intent::Details) >= 0.8) && !yes_or_no_asked {
        scale.cap(&[Intent::Affirm, Intent::Negate], 0.4);
    } else if errand {
        scale.cap(&[Intent::Affirm], 0.7);
    }
    if scale.has_any(&[Intent::Affirm, Intent::Negate, Intent::Goodbye]) {
        scale.cap(&[Intent::Greeting, Intent::Thanks], 0.5);
    }
}
