//! Changes that the store's people make.

use super::event::{Event, Line, StageChange};
use super::{Audience, Authorization, Charges, Note, Operation, Part, PayType, Photo, Progress, Refusal, RepairOrder};
use super::{Stage, examined_vin};
use crate::appointment::Appointment;
use crate::vehicle::Vehicle;
use crate::{Store, VehicleClass};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

/// What of an order is to be changed. Absent fields stay; a field that is `null` is emptied.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // as in `RepairOrder`
pub struct OrderEdit {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub promised_at: Option<Option<DateTime<Utc>>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub waiting_for: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub advisor: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub technician: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub vin: Option<Option<String>>,
    /// Whether the VIN may have a wrong check digit.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub vin_unverified: bool,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub mileage_in: Option<Option<u32>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub mileage_out: Option<Option<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<Note>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photos: Option<Vec<Photo>>,
}

/// A line to be added, or what of a line is to be changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // as in `Operation`
pub struct OperationEdit {
    pub name: Option<String>,
    pub service: Option<String>,
    pub op_code: Option<String>,
    pub complaint: Option<String>,
    pub cause: Option<String>,
    pub correction: Option<String>,
    pub pay_type: Option<PayType>,
    pub labor: Option<i64>,
    pub parts: Option<Vec<Part>>,
    pub progress: Option<Progress>,
}

/// No car has driven further.
const MOST_MILEAGE: u32 = 2_000_000;

/// Lines of one order, and its notes and photos.
const MOST_OPERATIONS: usize = 50;
const MOST_NOTES: usize = 100;

/// Characters of a name and of a text.
const LONGEST_NAME: usize = 80;
const LONGEST_TEXT: usize = 1000;

/// Tells a field that is `null` from one that is absent.
#[allow(clippy::option_option)] // absent, null, given
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

impl OrderEdit {
    fn check(&self) -> Result<(), Refusal> {
        let names = [("advisor", &self.advisor), ("technician", &self.technician), ("waiting_for", &self.waiting_for)];
        for (field, text) in names {
            if text.iter().flatten().any(|text| text.trim().is_empty() || text.chars().count() > LONGEST_NAME) {
                return Err(Refusal::field(field, "must have 1 to 80 characters, or be null"));
            }
        }
        for (field, mileage) in [("mileage_in", self.mileage_in), ("mileage_out", self.mileage_out)] {
            if mileage.flatten().is_some_and(|mileage| mileage > MOST_MILEAGE) {
                return Err(Refusal::field(field, "must be at most 2000000"));
            }
        }
        let notes = self.notes.as_deref().unwrap_or_default();
        if notes.len() > MOST_NOTES {
            return Err(Refusal::field("notes", "must be at most 100"));
        }
        let unfit = |text: &str| text.trim().is_empty() || text.chars().count() > LONGEST_TEXT;
        if let Some(place) = notes.iter().position(|note| unfit(&note.text)) {
            return Err(Refusal::field(format!("notes[{place}].text"), "must have 1 to 1000 characters"));
        }
        let photos = self.photos.as_deref().unwrap_or_default();
        if photos.len() > MOST_NOTES {
            return Err(Refusal::field("photos", "must be at most 100"));
        }
        let wrong = |photo: &Photo| !photo.url.starts_with("https://") || photo.url.chars().count() > LONGEST_TEXT;
        if let Some(place) = photos.iter().position(wrong) {
            return Err(Refusal::field(format!("photos[{place}].url"), "must be an https address"));
        }
        Ok(())
    }
}

impl OperationEdit {
    /// A line that names a menu item takes from it what it does not say itself, as it is for a car of this class.
    pub fn from_menu(self, store: &Store, class: Option<VehicleClass>) -> Result<Self, Refusal> {
        let Some(id) = &self.service else { return Ok(self) };
        let service =
            store.service(id).ok_or_else(|| Refusal::field("service", format!("there is no menu item '{id}'")))?;
        let price = service.price_for(class);
        Ok(Self {
            name: self.name.or_else(|| Some(service.name(store.language).to_owned())),
            op_code: self.op_code.or_else(|| Some(service.op_code.clone())),
            labor: self.labor.or(price.filter(|_| self.parts.is_none()).map(|price| price.amount)),
            ..self
        })
    }

    /// The lines that an appointment's order begins with. What is no longer on the menu is for the advisor to write up.
    pub fn of_services(store: &Store, services: &[String], concern: Option<&str>) -> Vec<Self> {
        let known = services.iter().filter(|id| store.service(id).is_some());
        let mut lines: Vec<Self> = known.map(|id| Self { service: Some(id.clone()), ..Self::default() }).collect();
        if let Some(first) = lines.first_mut() {
            first.complaint = concern.map(str::to_owned);
        }
        lines
    }
}

impl RepairOrder {
    /// The order of a customer who has come for an appointment, with the work that was booked. It has no number yet.
    pub fn of_appointment(
        store: &Store,
        appointment: &Appointment,
        (customer, concern): (&str, Option<&str>),
        new_id: &dyn Fn() -> String,
    ) -> Result<Self, Refusal> {
        let mut order = Self {
            id: new_id(),
            customer: customer.to_owned(),
            appointment: Some(appointment.id.clone()),
            stage: Stage::VehicleReceived,
            vehicle: appointment.vehicle.clone(),
            advisor: appointment.opening.advisor.clone(),
            ..Self::default()
        };
        let class = order.vehicle.as_ref().and_then(Vehicle::class);
        for line in OperationEdit::of_services(store, &appointment.services, concern) {
            order.add_operation(&store.charges, &new_id(), line.from_menu(store, class)?)?;
        }
        Ok(order)
    }

    /// Changes what the edit gives. An order that is over takes nothing but another stage.
    pub fn edit(&mut self, edit: OrderEdit) -> Result<Event, Refusal> {
        edit.check()?;
        let from = self.stage;
        let mut next = self.clone();
        if let Some(stage) = edit.stage.filter(|stage| *stage != from) {
            next.enter(stage)?;
        } else {
            self.must_be_open()?;
        }
        if let Some(vin) = &edit.vin {
            (next.vin, next.vin_status) = examined_vin(vin.as_deref(), edit.vin_unverified)?;
        }
        take(&mut next.promised_at, edit.promised_at.as_ref());
        take(&mut next.waiting_for, edit.waiting_for.as_ref());
        take(&mut next.advisor, edit.advisor.as_ref());
        take(&mut next.technician, edit.technician.as_ref());
        take(&mut next.mileage_in, edit.mileage_in.as_ref());
        take(&mut next.mileage_out, edit.mileage_out.as_ref());
        take(&mut next.notes, edit.notes.as_ref());
        take(&mut next.photos, edit.photos.as_ref());
        if next.mileage_in.zip(next.mileage_out).is_some_and(|(before, after)| after < before) {
            return Err(Refusal::field("mileage_out", "is less than mileage_in"));
        }
        *self = next;
        let stage = (self.stage != from).then_some(StageChange { from, to: self.stage });
        Ok(Event::Edited { edit: Box::new(edit), stage })
    }

    /// Goes over to this stage. A car is not ready while the customer has a question open, and is not worked on either.
    fn enter(&mut self, to: Stage) -> Result<(), Refusal> {
        if !self.stage.may_become(to) {
            return Err(Refusal::Stage { from: self.stage, to });
        }
        let open = self.open_lines().next();
        if let Some(open) = open.filter(|_| to == Stage::Completed || to.is_over()) {
            return Err(Refusal::Unanswered(open.name.clone()));
        }
        self.stage = to;
        if to == Stage::Completed || to.is_over() {
            // What was being waited for has come.
            self.waiting_for = None;
        }
        Ok(())
    }

    /// Adds a line under this id; it is a draft until the customer is asked, or not theirs to pay.
    pub fn add_operation(&mut self, charges: &Charges, id: &str, edit: OperationEdit) -> Result<Event, Refusal> {
        self.must_be_open()?;
        if self.operations.len() >= MOST_OPERATIONS {
            return Err(Refusal::field("operations", "must be at most 50"));
        }
        if edit.progress.is_some() {
            return Err(Refusal::field("progress", "of a new operation is pending; change it afterwards"));
        }
        let mut operation = Operation { id: id.to_owned(), ..Operation::default() };
        operation.take(edit);
        operation.problem().map_or(Ok(()), Err)?;
        operation.settle(charges);
        let line = Line::of(&operation, charges.amount(&operation));
        self.operations.push(operation);
        Ok(Event::OperationAdded { line })
    }

    /// Changes a line. Where it then costs more than the customer agreed to, it waits for their word again.
    pub fn edit_operation(&mut self, charges: &Charges, id: &str, mut edit: OperationEdit) -> Result<Event, Refusal> {
        self.must_be_open()?;
        let progress = edit.progress.take();
        let place = self.operations.iter().position(|operation| operation.id == id);
        let place = place.ok_or_else(|| Refusal::NoOperation(id.to_owned()))?;
        let before = self.operations[place].clone();
        let mut operation = before.clone();
        let told = before.requested_amount;
        operation.take(edit);
        operation.problem().map_or(Ok(()), Err)?;
        operation.settle(charges);
        if let Some(progress) = progress {
            operation.proceed(charges, progress)?;
        }
        let amount = charges.amount(&operation);
        let asks_again = operation.authorization == Authorization::Requested && told.is_none_or(|told| amount > told);
        let only_progress = Operation { progress: before.progress, ..operation.clone() } == before;
        let line = Line::of(&operation, amount);
        let total_before = self.totals(charges).total;
        let answered =
            before.authorization == Authorization::Requested && operation.authorization != before.authorization;
        self.operations[place] = operation;
        if asks_again {
            self.await_answer();
        } else if answered {
            self.go_on_after_answer();
        }
        Ok(match progress {
            Some(progress) if only_progress => Event::Progressed { operation: id.to_owned(), progress },
            _ => Event::OperationChanged { line, asks_again, before: total_before, total: self.totals(charges).total },
        })
    }

    /// Takes a line off on which no work was done.
    pub fn remove_operation(&mut self, charges: &Charges, id: &str) -> Result<Event, Refusal> {
        self.must_be_open()?;
        let operation = self.operation(id).ok_or_else(|| Refusal::NoOperation(id.to_owned()))?;
        if operation.progress != Progress::Pending {
            return Err(Refusal::Started(operation.name.clone()));
        }
        let line = Line::of(operation, charges.amount(operation));
        let before = self.totals(charges).total;
        self.operations.retain(|operation| operation.id != id);
        self.go_on_after_answer();
        Ok(Event::OperationRemoved { line, before, total: self.totals(charges).total })
    }

    /// The notes that the customer may read.
    pub fn notes_for_customer(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(|note| note.audience == Audience::Customer)
    }
}

impl Operation {
    fn take(&mut self, edit: OperationEdit) {
        let OperationEdit { name, service, op_code, complaint, cause, correction, pay_type, labor, parts, progress: _ } =
            edit;
        let newer = |old: &mut Option<String>, new: Option<String>| {
            if new.is_some() {
                *old = new;
            }
        };
        newer(&mut self.service, service);
        newer(&mut self.op_code, op_code);
        newer(&mut self.complaint, complaint);
        newer(&mut self.cause, cause);
        newer(&mut self.correction, correction);
        self.name = name.map_or_else(|| std::mem::take(&mut self.name), |name| name.trim().to_owned());
        self.pay_type = pay_type.unwrap_or(self.pay_type);
        self.labor = labor.unwrap_or(self.labor);
        if let Some(parts) = parts {
            self.parts = parts;
        }
    }

    /// Work starts and ends only on what is authorized.
    fn proceed(&mut self, charges: &Charges, progress: Progress) -> Result<(), Refusal> {
        let works = matches!(progress, Progress::InProgress | Progress::Completed);
        if works && !self.may_start(charges) {
            return Err(Refusal::Unauthorized(self.name.clone()));
        }
        self.progress = progress;
        Ok(())
    }
}

fn take<T: Clone>(old: &mut T, new: Option<&T>) {
    if let Some(new) = new {
        old.clone_from(new);
    }
}
