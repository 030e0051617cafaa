//! Tasks: typed forms that a conversation fills in.

mod approve;
mod book;
mod cancel;
mod offer;
mod reschedule;
mod satisfaction;
mod transport;
mod waitlist;

pub use approve::Approve;
pub use book::Book;
pub use cancel::Cancel;
pub use reschedule::Move;
pub use satisfaction::Satisfaction;
pub use waitlist::TakeOffer;

use crate::act::CarLabel;
use crate::decide::Turn;
use crate::decision::Car;
use chrono::NaiveDate;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::openings::Wish;
use lanekeeper_domain::{Store, VehicleClass, Work};
use serde::{Deserialize, Serialize};

/// Something being done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Book an appointment.
    Book(Box<Book>),
    /// Move an appointment.
    Move(Move),
    /// Cancel an appointment.
    Cancel(Cancel),
    /// Answer the offer of an opening to somebody on the waitlist.
    TakeOffer(TakeOffer),
    /// Say what something costs.
    Price,
    /// Hear which of the proposed work may be done.
    Approve(Approve),
    /// Hear how a visit was.
    Satisfaction(Satisfaction),
    /// Hear when a call back would suit.
    CallBack,
}

impl Task {
    /// The day under discussion.
    pub fn day(&self, store: &Store) -> Option<NaiveDate> {
        let (opening, wish) = match self {
            Self::Book(book) => (&book.opening, &book.wish),
            Self::Move(task) => (&task.opening, &task.wish),
            Self::Cancel(_)
            | Self::TakeOffer(_)
            | Self::Approve(_)
            | Self::Price
            | Self::Satisfaction(_)
            | Self::CallBack => return None,
        };
        opening.as_ref().map(|opening| store.local(opening.start).date()).or(wish.date)
    }

    /// When it should be.
    pub fn wish(&self) -> Wish {
        match self {
            Self::Book(book) => book.wish.clone(),
            Self::Move(task) => task.wish.clone(),
            Self::Cancel(_)
            | Self::TakeOffer(_)
            | Self::Approve(_)
            | Self::Price
            | Self::Satisfaction(_)
            | Self::CallBack => Wish::default(),
        }
    }

    /// Id of the appointment that would give up its place.
    pub fn moving(&self) -> Option<String> {
        match self {
            Self::Move(task) => task.appointment.clone(),
            Self::Book(_)
            | Self::Cancel(_)
            | Self::TakeOffer(_)
            | Self::Approve(_)
            | Self::Price
            | Self::Satisfaction(_)
            | Self::CallBack => None,
        }
    }

    /// Whether there is anything in it to go back to.
    pub fn is_begun(&self) -> bool {
        match self {
            Self::Book(book) => !book.services.is_empty(),
            Self::Move(_) | Self::Cancel(_) | Self::TakeOffer(_) | Self::Approve(_) => true,
            Self::Price | Self::Satisfaction(_) | Self::CallBack => false,
        }
    }

    /// The main work under discussion.
    pub fn service(&self) -> Option<String> {
        match self {
            Self::Book(book) => book.services.first().cloned(),
            Self::Move(_)
            | Self::Cancel(_)
            | Self::TakeOffer(_)
            | Self::Approve(_)
            | Self::Price
            | Self::Satisfaction(_)
            | Self::CallBack => None,
        }
    }
}

impl Turn<'_> {
    /// What moving an appointment needs: its work as the menu has it now or, where it is no longer on the menu, as long as
    /// it was to take; and the advisor and the transport that were agreed.
    pub(crate) fn work_of(&self, appointment: &Appointment) -> Work {
        Work::of_appointment(self.situation.store, appointment)
    }

    /// The class of the car. Where none was named, it will be the only one there is.
    pub(crate) fn class(&self, car: &Car) -> Option<VehicleClass> {
        match (car, self.situation.vehicles.as_slice()) {
            (Car::Known(id), vehicles) => vehicles.iter().find(|vehicle| vehicle.id == *id)?.class(),
            (Car::New(mention), _) => mention.class(),
            (Car::Unknown, [only]) => only.class(),
            (Car::Unknown | Car::Unsaid, _) => None,
        }
    }

    /// The car in few words.
    pub(crate) fn car_label(&self, car: &Car) -> Option<CarLabel> {
        match car {
            Car::Known(id) => self.situation.vehicles.iter().find(|vehicle| vehicle.id == *id).and_then(CarLabel::of),
            Car::New(mention) => CarLabel::of_mention(mention),
            Car::Unknown | Car::Unsaid => None,
        }
    }
}
