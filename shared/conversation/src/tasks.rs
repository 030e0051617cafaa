//! Tasks: typed forms that a conversation fills in.

mod book;
mod cancel;
mod reschedule;

pub use book::Book;
pub use cancel::Cancel;
pub use reschedule::Move;

use crate::decide::Turn;
use crate::decision::Car;
use chrono::NaiveDate;
use lanekeeper_domain::Store;
use lanekeeper_domain::openings::{Opening, Wish};
use lanekeeper_domain::understanding::{Asked, Choice};
use serde::{Deserialize, Serialize};

/// Something being done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// Book an appointment.
    Book(Book),
    /// Move an appointment.
    Move(Move),
    /// Cancel an appointment.
    Cancel(Cancel),
    /// Say what something costs.
    Price,
}

impl Task {
    /// The day under discussion.
    pub fn day(&self, store: &Store) -> Option<NaiveDate> {
        let (opening, wish) = match self {
            Self::Book(book) => (book.opening, &book.wish),
            Self::Move(task) => (task.opening, &task.wish),
            Self::Cancel(_) | Self::Price => return None,
        };
        opening.map(|opening| store.local(opening.start).date()).or(wish.date)
    }

    /// When it should be.
    pub fn wish(&self) -> Wish {
        match self {
            Self::Book(book) => book.wish.clone(),
            Self::Move(task) => task.wish.clone(),
            Self::Cancel(_) | Self::Price => Wish::default(),
        }
    }

    /// Id of the appointment that would give up its place.
    pub fn moving(&self) -> Option<String> {
        match self {
            Self::Move(task) => task.appointment.clone(),
            Self::Book(_) | Self::Cancel(_) | Self::Price => None,
        }
    }

    /// The main work under discussion.
    pub fn service(&self) -> Option<String> {
        match self {
            Self::Book(book) => book.services.first().cloned(),
            Self::Move(_) | Self::Cancel(_) | Self::Price => None,
        }
    }
}

impl Turn<'_> {
    /// The opening that was chosen from those offered, by its place in the list or by its time.
    pub(crate) fn chosen_opening(&self) -> Option<Opening> {
        let (offered, details) = (&self.state.offered, &self.understanding.details);
        if self.state.asked != Some(Asked::Opening) || offered.is_empty() {
            return None;
        }
        let store = self.situation.store;
        let by_time = || {
            let local = |opening: &&Opening| store.local(opening.start);
            let mut fitting = offered.iter().filter(|opening| {
                details.date.is_none_or(|date| local(opening).date() == date)
                    && details.time.is_none_or(|time| local(opening).time() == time)
                    && details.part_of_day.is_none_or(|part| {
                        let minute = chrono::Timelike::num_seconds_from_midnight(&local(opening).time()) / 60;
                        (part.span().0..part.span().1).contains(&minute)
                    })
            });
            let asked = details.date.is_some() || details.time.is_some() || details.part_of_day.is_some();
            let unclear = details.date_end.is_some() || details.time_after.is_some() || details.time_before.is_some();
            let only = fitting.next().filter(|_| fitting.next().is_none());
            only.filter(|_| asked && !unclear).copied()
        };
        let by_choice = || match details.choice? {
            Choice::Nth(nth) => offered.get(usize::from(nth).checked_sub(1)?).copied(),
            Choice::Last => offered.last().copied(),
            Choice::Earliest | Choice::Any => offered.iter().min_by_key(|opening| opening.start).copied(),
            Choice::Latest => offered.iter().max_by_key(|opening| opening.start).copied(),
        };
        let only_one = || {
            if self.affirmed() && offered.len() == 1 && !details.has_when() { offered.first().copied() } else { None }
        };
        by_choice().or_else(by_time).or_else(only_one)
    }

    /// How long this work takes a bay, in minutes.
    pub(crate) fn minutes(&self, services: &[String]) -> u32 {
        let minutes: u32 =
            services.iter().filter_map(|id| self.situation.store.service(id)).map(|service| service.minutes).sum();
        minutes.max(15)
    }

    /// The car in few words.
    pub(crate) fn car_label(&self, car: &Car) -> Option<String> {
        match car {
            Car::Known(id) => self.situation.vehicles.iter().find(|vehicle| vehicle.id == *id)?.label(),
            Car::New(mention) => mention.label(),
            Car::Unknown | Car::Unsaid => None,
        }
    }
}
