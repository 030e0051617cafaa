//! The built-in understanding: no network, no model, a few hundred microseconds at most.
//!
//! A message is cut into tokens; things with a form of their own (VIN, plate, phone, mileage) and cars are found first, then
//! days and times, then the phrases of the [`lexicon`]s; [`intents`] weighs them in the light of what was asked.

mod added_work;
mod advisors;
mod choices;
mod identifiers;
mod intents;
mod language;
mod lexicon;
mod mood;
mod names;
mod ratings;
mod sensitive;
mod services;
mod text;
mod vehicles;
pub mod when;

#[cfg(test)]
mod tests;

use chrono::Datelike;
use lanekeeper_domain::{
    Language, Transport,
    menu::Service,
    understanding::{Asked, Context, Details, Intent, Source, Understanding, VehicleMention},
};
use lexicon::{Match, Meaning, lexicon};
use std::ops::Range;
use text::{Boundary, Token};
use when::When;

/// Understands a message in its context. `services` is the store's menu.
pub fn understand(text: &str, context: &Context, services: &[Service]) -> Understanding {
    let reading = Reading::of(text, context, services);
    let mut details = reading.details();
    let found = (reading.all_phrases.as_slice(), reading.services.as_slice());
    added_work::find(&mut details, text, &reading.tokens, found, context, services);
    let intents = intents::weigh(&intents::Evidence {
        text,
        context,
        phrases: &reading.phrases,
        details: &details,
        services: &reading.services,
    });
    let mood = mood::of(text, &reading.phrases);
    let sensitive = sensitive::find(text, &reading.tokens);
    Understanding { language: reading.language, intents, details, mood, sensitive, source: Source::BuiltIn }
}

/// Whether the message is an answer that needs no model: a yes, a no, one of the things offered, STOP, START or HELP, and nothing
/// besides. `understanding` is what [`understand`] made of it.
pub fn is_trivial(text: &str, context: &Context, understanding: &Understanding) -> bool {
    use Intent::{Affirm, Choose, Goodbye, Help, Negate, OptIn, OptOut};
    const TRIVIAL: [Intent; 7] = [Affirm, Negate, Choose, OptOut, OptIn, Help, Goodbye];
    if understanding.details.rating.is_some() {
        return true;
    }
    let sure =
        understanding.intents.first().is_some_and(|guess| TRIVIAL.contains(&guess.name) && guess.confidence >= 0.8);
    let only_chosen = Details { choice: None, ..understanding.details.clone() } == Details::default();
    if !sure || !only_chosen {
        return false;
    }
    let tokens = text::tokens(text);
    let phrases = phrases(&tokens, None, context.asked);
    (0..tokens.len()).all(|at| {
        let filler = Language::ALL.iter().any(|&language| lexicon(language).is_filler(&tokens[at].text));
        let trivial = |meaning| match meaning {
            Meaning::Choice(_) => true,
            Meaning::Intent(intent, _) => TRIVIAL.contains(&intent),
            _ => false,
        };
        filler || phrases.iter().any(|phrase| phrase.tokens.contains(&at) && trivial(phrase.meaning))
    })
}

/// A message with everything that was found in it.
struct Reading<'a> {
    text: &'a str,
    context: &'a Context,
    language: Language,
    tokens: Vec<Token>,
    /// Phrases, those within a longer one left out.
    phrases: Vec<Match>,
    all_phrases: Vec<Match>,
    services: Vec<services::Found<'a>>,
    vehicle: VehicleMention,
    when: When,
    phone: Option<String>,
    name: Option<String>,
}

impl<'a> Reading<'a> {
    fn of(text: &'a str, context: &'a Context, menu: &'a [Service]) -> Self {
        let tokens = text::tokens(text);
        let mut taken = vec![false; tokens.len()];
        let asked_vehicle = context.asked == Some(Asked::Vehicle);

        let vin = identifiers::vin(text, &tokens);
        let this_year = u16::try_from(context.now.year()).unwrap_or_default();
        let cars = vehicles::find(&tokens, this_year, asked_vehicle, is_common_word);
        let mileage = identifiers::mileage(&tokens, asked_vehicle);
        for span in vin
            .iter()
            .map(|vin| &vin.tokens)
            .chain(cars.iter().map(|car| &car.tokens))
            .chain(mileage.iter().map(|found| &found.tokens))
        {
            take(&mut taken, span);
        }
        let asked_name = context.asked == Some(Asked::Name);
        let words_tell = |at: usize| !taken[at];
        let language = language::of(text, &tokens, context.language, words_tell);
        let phrases = phrases(&tokens, Some(language), context.asked);
        let plate = identifiers::plate(&tokens, &phrases);
        let phone = identifiers::phone(text, &tokens, language);
        for span in plate.iter().map(|plate| &plate.tokens).chain(phone.iter().map(|phone| &phone.tokens)) {
            take(&mut taken, span);
        }

        let services = services::find(&tokens, &phrases, menu);
        let all_phrases = phrases;
        let phrases = outermost(&all_phrases, &services);
        let meant = |at: usize| taken[at] || means_something(&phrases, &services, at);
        let name = names::find(text, &tokens, &phrases, asked_name, meant);
        let language = match &name {
            Some(name) if asked_name => {
                let tells = |at: usize| !taken[at] && !name.tokens.contains(&at);
                language::of(text, &tokens, context.language, tells)
            }
            _ => language,
        };
        if let Some(name) = &name {
            take(&mut taken, &name.tokens);
        }
        let masked = without(text, tokens.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(token, _)| token));
        let when = when::when(&masked, language, context);

        let mut vehicle = the_car_meant(&tokens, &phrases, cars);
        vehicle.mileage = mileage.map(|found| found.value);
        vehicle.plate = plate.map(|found| found.value);
        if let Some(vin) = vin {
            (vehicle.vin, vehicle.vin_valid) = (Some(vin.value.0), Some(vin.value.1));
        }
        Self {
            text,
            context,
            language,
            phrases,
            all_phrases,
            services,
            vehicle,
            when,
            phone: phone.map(|found| found.value),
            name: name.map(|found| found.name),
            tokens,
        }
    }

    fn details(&self) -> Details {
        let choice = choices::find(&self.phrases, self.tokens.len(), self.context, &self.when);
        let when = if choice.is_some() && self.is_bare_number() { When::default() } else { self.when.clone() };
        let mut ids = self.wanted_services();
        let service = if ids.is_empty() { None } else { Some(ids.remove(0)) };
        Details {
            date: when.date,
            date_end: when.date_end,
            not_dates: when.not_dates,
            time: when.time,
            time_after: when.time_after,
            time_before: when.time_before,
            part_of_day: when.part_of_day,
            soonest: when.soonest,
            service,
            more_services: ids,
            concern: self.concern(),
            vehicle: (!self.vehicle.is_empty()).then(|| self.vehicle.clone()),
            name: self.name.clone(),
            phone: self.phone.clone(),
            choice,
            adds: self.phrases.iter().any(|phrase| phrase.meaning == Meaning::Adds),
            transport: self.transport(),
            address: self.address(),
            advisor: advisors::find(&self.tokens, &self.phrases, &self.context.advisors),
            topic: intents::topic(&self.phrases).map(|(topic, _)| topic),
            rating: ratings::rating(&self.tokens, &self.phrases, self.context.asked),
            comment: ratings::comment(self.text, &self.tokens, &self.phrases, self.context.asked),
            ..Details::default()
        }
    }

    /// Of several ways to get about the one that was named last, since the others were weighed; leaving the car goes with
    /// most of them.
    fn transport(&self) -> Option<Transport> {
        let named = self.phrases.iter().filter_map(|phrase| match phrase.meaning {
            Meaning::Transport(transport) => Some((phrase.tokens.start, transport)),
            _ => None,
        });
        let wanted = named.filter(|(at, _)| !services::is_unwanted(&self.tokens, &self.phrases, *at));
        wanted.max_by_key(|(at, transport)| (*transport != Transport::DropOff, *at)).map(|(_, transport)| transport)
    }

    /// The whole message, when an address was asked for and it looks like one: it has a number.
    fn address(&self) -> Option<String> {
        let asked = self.context.asked == Some(Asked::Address);
        let numbered = self.text.chars().any(char::is_numeric) && self.tokens.len() > 1;
        (asked && numbered).then(|| self.text.trim().to_owned())
    }

    /// "2" among things offered is one of them, not two o'clock.
    fn is_bare_number(&self) -> bool {
        self.tokens.iter().filter(|token| token.starts_with_digit()).count() == 1
            && self.tokens.iter().all(|token| token.is_number() || is_filler(&token.text) || token.text == "option")
    }

    /// Ids of the work that is wanted; what was taken back by a correction is left out.
    fn wanted_services(&self) -> Vec<String> {
        let wanted = self.services.iter().filter(|found| !found.unwanted);
        let with_items: Vec<_> = wanted.filter_map(|found| Some((found.service?, &found.tokens))).collect();
        let corrected = last_correction(&self.phrases)
            .filter(|correction| with_items.iter().any(|(_, tokens)| tokens.start >= correction.end));
        let mut ids: Vec<String> = Vec::new();
        for (service, tokens) in with_items {
            let taken_back = corrected.as_ref().is_some_and(|correction| tokens.start < correction.end);
            if !taken_back && !ids.contains(&service.id) {
                ids.push(service.id.clone());
            }
        }
        ids
    }

    /// The clause that describes what is wrong, in the customer's words.
    fn concern(&self) -> Option<String> {
        let symptom = self.services.iter().find(|found| found.symptom || found.service.is_none())?;
        let mut range = symptom.tokens.clone();
        while range.start > 0 && self.tokens[range.start].before == Boundary::None && !self.is_errand(range.start - 1) {
            range.start -= 1;
        }
        while range.end < self.tokens.len()
            && self.tokens[range.end].before == Boundary::None
            && !self.is_errand(range.end)
        {
            range.end += 1;
        }
        let words = self.text.get(self.tokens[range.start].span.start..self.tokens[range.end - 1].span.end)?;
        Some(words.trim().to_owned())
    }

    /// Whether the token belongs to something besides the description: a wish, a greeting, a day.
    fn is_errand(&self, at: usize) -> bool {
        let span = &self.tokens[at].span;
        self.when.spans.iter().any(|used| used.start < span.end && span.start < used.end)
            || self.phrases.iter().any(|phrase| {
                let errand = matches!(phrase.meaning, Meaning::Intent(intent, _) if intent != Intent::Complaint);
                errand && phrase.tokens.contains(&at)
            })
    }
}

fn take(taken: &mut [bool], span: &Range<usize>) {
    if let Some(tokens) = taken.get_mut(span.clone()) {
        tokens.fill(true);
    }
}

fn is_common_word(word: &str) -> bool {
    [Language::En, Language::Es].iter().any(|&language| lexicon(language).knows(word))
}

fn is_filler(word: &str) -> bool {
    Language::ALL.iter().any(|&language| lexicon(language).is_filler(word))
}

/// The phrases of the lexicons. Work is recognised in every language, since people mix ("necesito un oil change"), and so are the
/// keywords that law gives a meaning; other phrases only in `language`, if the words tell which it is.
fn phrases(tokens: &[Token], language: Option<Language>, asked: Option<Asked>) -> Vec<Match> {
    let mistyped = |token: &Token| {
        let known = || is_common_word(&token.text) || vehicles::is_name(&token.text);
        token.is_word() && token.text.len() >= 5 && !known()
    };
    let told = |language: Language| {
        tokens.iter().any(|token| lexicon(language).knows(&token.text) && !lexicon(language).is_neutral(&token.text))
    };
    let mut found = Vec::new();
    for each in Language::ALL {
        let whole = language.is_none_or(|language| {
            language == each || each == Language::Zh || language == Language::Zh || !told(language)
        });
        let matches = lexicon(each).matches(tokens, asked, mistyped);
        found.extend(matches.into_iter().filter(|found| whole || is_understood_everywhere(found.meaning)));
    }
    found.retain(|found| !is_parted_denial(tokens, found));
    found
}

fn denies(found: &Match) -> bool {
    matches!(found.meaning, Meaning::Nothing | Meaning::Intent(Intent::Negate, _))
}

/// "No, cancel it" does not deny what stands behind the comma.
fn is_parted_denial(tokens: &[Token], found: &Match) -> bool {
    denies(found) && found.tokens.len() > 1 && tokens[found.tokens.start + 1].before > Boundary::None
}

fn is_understood_everywhere(meaning: Meaning) -> bool {
    match meaning {
        Meaning::Service(_) | Meaning::Symptom(_) | Meaning::Rating(_) => true,
        Meaning::Intent(Intent::OptOut | Intent::OptIn | Intent::Help, confidence) => confidence >= 0.9,
        _ => false,
    }
}

/// Leaves out phrases within longer ones that mean something else, and those that begin in the midst of some work's name
/// ("oil change appointment" changes no appointment).
fn outermost(phrases: &[Match], services: &[services::Found]) -> Vec<Match> {
    let says = |meaning: Meaning| {
        matches!(
            meaning,
            Meaning::Intent(..)
                | Meaning::Topic(..)
                | Meaning::Nothing
                | Meaning::Choice(_)
                | Meaning::Correction
                | Meaning::Mood(_)
        )
    };
    let within = |inner: &Match, outer: &Match| {
        let covered = outer.tokens.start <= inner.tokens.start && inner.tokens.end <= outer.tokens.end;
        // Of the same words a denial counts (预约先别取消).
        let denied = denies(outer) && matches!(inner.meaning, Meaning::Intent(Intent::Cancel, _));
        // Of the same words it is one kind that is not wanted, unless all are (1: "no more texts or reminders").
        let spared = matches!(outer.meaning, Meaning::Topic(..))
            && matches!(inner.meaning, Meaning::Intent(Intent::OptOut, confidence) if confidence < 1.0);
        covered && (outer.tokens.len() > inner.tokens.len() || denied || spared)
    };
    let same_kind = |a: Meaning, b: Meaning| matches!(a, Meaning::Mood(_)) == matches!(b, Meaning::Mood(_));
    phrases
        .iter()
        .filter(|phrase| {
            let side_guess = matches!(phrase.meaning, Meaning::Intent(_, confidence) if confidence < 0.5);
            let hidden = says(phrase.meaning)
                && !side_guess
                && phrases.iter().any(|longer| {
                    says(longer.meaning)
                        && same_kind(longer.meaning, phrase.meaning)
                        && longer.meaning != phrase.meaning
                        && within(phrase, longer)
                });
            let in_a_name = matches!(phrase.meaning, Meaning::Intent(..) | Meaning::Choice(_))
                && services
                    .iter()
                    .any(|found| found.tokens.start < phrase.tokens.start && phrase.tokens.start < found.tokens.end);
            !hidden && !in_a_name
        })
        .cloned()
        .collect()
}

fn means_something(phrases: &[Match], services: &[services::Found], at: usize) -> bool {
    let tells = |meaning: Meaning| match meaning {
        Meaning::Intent(_, confidence) => confidence >= 0.7,
        Meaning::Choice(_) | Meaning::Correction => true,
        _ => false,
    };
    services.iter().any(|found| found.tokens.contains(&at))
        || phrases.iter().any(|phrase| phrase.tokens.contains(&at) && tells(phrase.meaning))
}

fn last_correction(phrases: &[Match]) -> Option<Range<usize>> {
    let corrections = phrases.iter().filter(|phrase| phrase.meaning == Meaning::Correction);
    corrections.map(|phrase| phrase.tokens.clone()).max_by_key(|tokens| tokens.start)
}

/// Of several cars the first, unless it is the wrong one ("not the Camry") or taken back ("actually it's for my wife's CR-V").
fn the_car_meant(tokens: &[Token], phrases: &[Match], cars: Vec<vehicles::Found>) -> VehicleMention {
    let corrected = last_correction(phrases).map_or(0, |correction| correction.start);
    let mut wanted: Vec<_> =
        cars.into_iter().filter(|car| !services::is_unwanted(tokens, phrases, car.tokens.start)).collect();
    let index = wanted.iter().position(|car| car.tokens.start >= corrected).unwrap_or(0);
    if index < wanted.len() { wanted.swap_remove(index).vehicle } else { VehicleMention::default() }
}

/// The text with these tokens blanked, every other byte at its place.
fn without<'t>(text: &str, tokens: impl Iterator<Item = &'t Token>) -> String {
    let mut masked = text.to_owned();
    for token in tokens {
        if masked.get(token.span.clone()).is_some() {
            masked.replace_range(token.span.clone(), &" ".repeat(token.span.len()));
        }
    }
    masked
}
