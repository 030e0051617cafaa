//! What a visitor can tap instead of writing: made of the acts of an answer, never of its text.

use crate::words::Words;
use chrono::{DateTime, NaiveDate, Utc};
use lanekeeper_conversation::{Act, AppointmentLine, phrases};
use lanekeeper_domain::{Language, Store};
use serde::Serialize;

/// What can be tapped under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choices {
    /// How they are shown.
    pub form: Form,
    /// In order.
    pub options: Vec<Tappable>,
}

/// How choices are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Cards, each with a day and a time.
    Cards,
    /// Buttons with words.
    Answers,
    /// One to five stars.
    Stars,
}

/// One thing to tap. What it sends is its label.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tappable {
    /// What is sent.
    pub label: String,
    /// A card's day, on the store's clocks; the frame says it in few letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// A card's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Its place in what was listed, from 1; 0 for words of ours.
    pub tap: u8,
}

/// An appointment that an answer speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Ids of menu items.
    pub services: Vec<String>,
    /// When it begins.
    pub start: DateTime<Utc>,
}

/// Turns acts into what can be tapped, in one language of one store.
pub struct Dealer<'a> {
    /// The store.
    pub store: &'a Store,
    /// The language of the conversation.
    pub language: Language,
    /// The day on which it was said, on the store's clocks.
    pub today: NaiveDate,
}

impl Dealer<'_> {
    /// The choices of the last question among these acts.
    pub fn choices(&self, acts: &[Act]) -> Option<Choices> {
        acts.iter().rev().find_map(|act| self.of(act)).filter(|choices| !choices.options.is_empty())
    }

    /// The appointment that was just made or moved, or that is told of.
    pub fn appointment(acts: &[Act]) -> Option<Mention> {
        acts.iter().find_map(|act| match act {
            Act::Booked { services, start, .. } | Act::Moved { services, start } => {
                Some(Mention { services: services.clone(), start: *start })
            }
            Act::YourAppointment { appointment } | Act::CarChanged { appointment } => {
                Some(Mention { services: appointment.services.clone(), start: appointment.start })
            }
            _ => None,
        })
    }

    fn of(&self, act: &Act) -> Option<Choices> {
        let words = Words::of(self.language);
        match act {
            Act::OfferOpenings { starts, .. } | Act::RemindOfOpenings { starts, .. } if starts.len() > 1 => {
                let mut options: Vec<Tappable> =
                    starts.iter().zip(1..).map(|(start, tap)| self.card(*start, tap)).collect();
                options.push(Tappable { label: words.say("none_of_these").to_owned(), ..Tappable::default() });
                Some(Choices { form: Form::Cards, options })
            }
            Act::AskWhichAppointment { appointments } => {
                let card = |(line, tap): (&AppointmentLine, u8)| self.card(line.start, tap);
                Some(Choices { form: Form::Cards, options: appointments.iter().zip(1..).map(card).collect() })
            }
            Act::AskWhichVehicle { vehicles } => {
                Some(listed(vehicles.iter().map(|car| phrases::car(car, self.store, self.language))))
            }
            Act::AskTransport { choices } => {
                Some(listed(choices.iter().map(|way| phrases::transport_choice(*way, self.store, self.language))))
            }
            Act::AskService { services } | Act::AskPriceOf { services } => {
                let menu = services.iter().filter_map(|id| self.store.service(id));
                Some(answers(menu.take(6).map(|service| service.name(self.language))))
            }
            Act::OfferOpenings { .. }
            | Act::RemindOfOpenings { .. }
            | Act::SumUp { .. }
            | Act::SumUpMove { .. }
            | Act::AskCancel { .. }
            | Act::AskOffer { .. }
            | Act::OfferBooking { .. }
            | Act::OfferPerson
            | Act::NoOpenings { .. }
            | Act::NoAppointment
            | Act::AskWork { .. }
            | Act::AskRestOfWork { .. }
            | Act::RemindOfWork { .. } => Some(yes_or_no(words)),
            Act::AskRating { .. } | Act::AskRatingAgain => Some(stars()),
            Act::NotUnderstood { hint_person: true } | Act::CannotAnswer => Some(answers([words.say("ask_person")])),
            _ => None,
        }
    }

    fn card(&self, start: DateTime<Utc>, tap: u8) -> Tappable {
        let local = self.store.local(start);
        Tappable {
            label: phrases::moment(self.language, local, self.today),
            day: Some(local.date()),
            time: Some(phrases::time(self.language, local.time())),
            tap,
        }
    }

    /// When an appointment is, e.g. "Tuesday, November 24 at 9:00 AM".
    pub fn moment(&self, start: DateTime<Utc>) -> String {
        phrases::moment(self.language, self.store.local(start), self.today)
    }

    /// What is done, e.g. "Oil change + Tire rotation".
    pub fn services(&self, ids: &[String]) -> String {
        let name =
            |id: &String| self.store.service(id).map_or(id.as_str(), |service| service.name(self.language)).to_owned();
        ids.iter().map(name).collect::<Vec<_>>().join(" + ")
    }
}

/// What can be tapped under a notice of this kind.
pub fn of_notice(kind: &str, language: Language) -> Option<Choices> {
    match kind {
        "waitlist_offer" | "added_work" => Some(yes_or_no(Words::of(language))),
        "satisfaction" => Some(stars()),
        _ => None,
    }
}

fn listed(labels: impl Iterator<Item = String>) -> Choices {
    let options = labels.zip(1..).map(|(label, tap)| Tappable { label, tap, ..Tappable::default() });
    Choices { form: Form::Answers, options: options.collect() }
}

fn answers<'a>(labels: impl IntoIterator<Item = &'a str>) -> Choices {
    let option = |label: &str| Tappable { label: label.to_owned(), ..Tappable::default() };
    Choices { form: Form::Answers, options: labels.into_iter().map(option).collect() }
}

fn yes_or_no(words: Words) -> Choices {
    answers([words.say("yes"), words.say("no")])
}

fn stars() -> Choices {
    Choices { form: Form::Stars, ..answers(["1", "2", "3", "4", "5"]) }
}
