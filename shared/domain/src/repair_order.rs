//! Repair orders: what is done to a car that is in the shop, for how much, and who agreed to it.
//!
//! An order is one thing: it is loaded whole, changed by one of its methods, and saved whole together with the [`Event`]
//! that the method returns. Words are STAR's (`domain/service` of its automotive model), in lower case.

mod authorization;
mod charges;
mod edit;
mod event;
mod operation;
mod silence;
mod stage;
mod totals;

#[cfg(test)]
mod tests;

pub use authorization::{Authorization, Method, Verdict};
pub use charges::Charges;
pub use edit::{OperationEdit, OrderEdit};
pub use event::{Actor, Event, Line, Ruling, StageChange};
pub use operation::{Operation, Part, PayType, Progress};
pub use silence::{AddedWork, Nudge};
pub use stage::Stage;
pub use totals::{LineTotal, Totals};

use crate::vehicle::{self, Vehicle, VinError};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is known of an order's VIN.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VinStatus {
    /// There is none.
    #[default]
    Unknown,
    /// Its check digit is right.
    Verified,
    /// Taken down although its check digit is not right, as on many cars from outside North America and China.
    Unverified,
}

/// Who may read a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The store's people.
    Internal,
    /// The customer too.
    Customer,
}

/// A note on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// Who may read it.
    pub audience: Audience,
}

/// A picture that is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    /// Where it is: an `https` address.
    pub url: String,
    /// What it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Id of the operation that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}

/// A repair order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RepairOrder {
    /// Its id.
    pub id: String,
    /// Counts its changes; the number of its last event.
    pub version: i64,
    /// The number that is printed on it.
    pub number: String,
    /// Whose car it is.
    pub customer: String,
    /// The appointment that it was opened from.
    pub appointment: Option<String>,
    /// How far it has come.
    pub stage: Stage,
    /// The car, when it is known.
    pub vehicle: Option<Vehicle>,
    /// As read from the car: capitals, without spaces.
    pub vin: Option<String>,
    /// What is known of it.
    pub vin_status: VinStatus,
    /// What the odometer showed on arrival, in the car's unit.
    pub mileage_in: Option<u32>,
    /// What it showed on leaving.
    pub mileage_out: Option<u32>,
    /// Who answers for it towards the customer.
    pub advisor: Option<String>,
    /// Who works on it.
    pub technician: Option<String>,
    /// When the car was promised.
    pub promised_at: Option<DateTime<Utc>>,
    /// What is being waited for, in the advisor's words.
    pub waiting_for: Option<String>,
    /// Notes, the oldest first.
    pub notes: Vec<Note>,
    /// Pictures.
    pub photos: Vec<Photo>,
    /// Its lines, in order.
    pub operations: Vec<Operation>,
    /// When silence on added work is to be followed up next, and how often it was already.
    pub nudge_at: Option<DateTime<Utc>>,
    /// How often the customer was reminded of the question that stands.
    pub nudges: u32,
}

/// Why an order cannot be changed so. The texts are shown to the caller; they begin with the field where there is one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A value is out of bounds.
    #[error("{field}: {reason}")]
    Field {
        /// Its path in the request, e.g. `parts[0].quantity`.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The stages do not follow one another.
    #[error("stage: {to} cannot follow {from}", from = from.as_str(), to = to.as_str())]
    Stage {
        /// The stage it has.
        from: Stage,
        /// The stage it was to have.
        to: Stage,
    },
    /// The order is over.
    #[error("The order is closed; set its stage to re_open first.")]
    Closed,
    /// The customer has not answered yet.
    #[error("'{0}' still waits for the customer's answer.")]
    Unanswered(String),
    /// Work may not start without the customer's word.
    #[error("'{0}' is not authorized at its present price, so that work on it may not start.")]
    Unauthorized(String),
    /// There is no such line.
    #[error("There is no operation '{0}' on this order.")]
    NoOperation(String),
    /// The customer was not asked about it.
    #[error("'{0}' was not put to the customer.")]
    NotAsked(String),
    /// The price is not the one that the customer was told.
    #[error("The amount of '{name}' is {amount} now, not {told}; tell the customer the new one.")]
    Amount {
        /// The line.
        name: String,
        /// What the customer was told.
        told: i64,
        /// What it costs now.
        amount: i64,
    },
    /// There is work on it already.
    #[error("'{0}' has been started and cannot be taken off the order.")]
    Started(String),
    /// There is nothing to put to the customer.
    #[error("None of these operations has anything for the customer to decide.")]
    NothingToPropose,
}

impl Refusal {
    pub(crate) fn field(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Field { field: field.into(), reason: reason.into() }
    }
}

impl RepairOrder {
    /// The line with this id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    fn operation_mut(&mut self, id: &str) -> Result<&mut Operation, Refusal> {
        let found = self.operations.iter_mut().find(|operation| operation.id == id);
        found.ok_or_else(|| Refusal::NoOperation(id.to_owned()))
    }

    /// The lines that the customer has been asked about and has not decided on.
    pub fn open_lines(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|operation| operation.authorization == Authorization::Requested)
    }

    /// What the customer pays for all that is agreed.
    pub fn totals(&self, charges: &Charges) -> Totals {
        charges.totals(self.operations.iter().filter(|operation| operation.authorization.is_agreed()))
    }

    /// What the customer would pay with these lines besides.
    pub fn totals_with(&self, charges: &Charges, ids: &[&str]) -> Totals {
        let counts = |operation: &&Operation| {
            operation.authorization.is_agreed()
                || (operation.authorization == Authorization::Requested && ids.contains(&operation.id.as_str()))
        };
        charges.totals(self.operations.iter().filter(counts))
    }

    /// Puts a VIN to the order. One whose check digit is wrong is refused unless it is said that it may be.
    pub fn set_vin(&mut self, text: Option<&str>, unverified: bool) -> Result<(), Refusal> {
        let (vin, status) = examined_vin(text, unverified)?;
        (self.vin, self.vin_status) = (vin, status);
        Ok(())
    }
}

/// A VIN as it is kept and what is known of it. Without a right check digit it is refused unless it is said that it may be.
pub fn examined_vin(text: Option<&str>, unverified: bool) -> Result<(Option<String>, VinStatus), Refusal> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok((None, VinStatus::Unknown)) };
    let wrong = |error: VinError| Refusal::field("vin", error.to_string());
    let vin = vehicle::vin(text).map_err(wrong)?;
    match vehicle::check_digit(&vin) {
        Ok(()) => Ok((Some(vin), VinStatus::Verified)),
        Err(_) if unverified => Ok((Some(vin), VinStatus::Unverified)),
        Err(error) => {
            Err(Refusal::field("vin", format!("{error}; send \"vin_unverified\": true for a car whose VIN has none")))
        }
    }
}
