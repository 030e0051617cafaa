//! What an appointment needs: its work, and how the customer gets about.

use crate::appointment::Appointment;
use crate::transport::Transport;
use crate::vehicle::Vehicle;
use crate::{Store, VehicleClass};

/// What is to be booked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// Ids of menu items, the main one first.
    pub services: Vec<String>,
    /// The class of the vehicle, where it is known.
    pub class: Option<VehicleClass>,
    /// What is done one after the other.
    pub steps: Vec<Step>,
    /// How the customer gets about, once that is known.
    pub transport: Option<Transport>,
    /// The advisor asked for, by id.
    pub advisor: Option<String>,
    /// The technician who is to do all of it, by id, where it matters who does.
    pub technician: Option<String>,
    /// The number of the bay in which all of it is to be done, where it matters which.
    pub bay: Option<u32>,
}

/// A stretch of work in one place by one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// How long it takes.
    pub minutes: u32,
    /// What the technician must be trained for.
    pub skill: Option<String>,
    /// What the bay must be equipped for.
    pub bay: Option<String>,
}

/// The least time that anything takes, in minutes.
const LEAST: u32 = 15;

impl Work {
    /// These services, one after the other, on a vehicle of this class. Work in the same kind of bay that needs the same
    /// skill is one step.
    pub fn of(store: &Store, services: &[String], class: Option<VehicleClass>) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        for service in services.iter().filter_map(|id| store.service(id)) {
            let minutes = service.minutes_for(class);
            match steps.last_mut() {
                Some(last) if last.skill == service.skill && last.bay == service.bay => last.minutes += minutes,
                _ => steps.push(Step { minutes, skill: service.skill.clone(), bay: service.bay.clone() }),
            }
        }
        if steps.is_empty() {
            steps.push(Step::default());
        }
        let short_by = LEAST.saturating_sub(steps.iter().map(|step| step.minutes).sum());
        if let Some(last) = steps.last_mut() {
            last.minutes += short_by;
        }
        Self { services: services.to_vec(), class, steps, ..Self::default() }
    }

    /// The work of an appointment, to find it another time. Work that is no longer on the menu takes as long as it took.
    pub fn of_appointment(store: &Store, appointment: &Appointment) -> Self {
        let class = appointment.vehicle.as_ref().and_then(Vehicle::class);
        let mut work = Self::of(store, &appointment.services, class);
        if appointment.services.iter().any(|id| store.service(id).is_none()) {
            work.steps = vec![Step { minutes: appointment.opening.minutes(), ..Step::default() }];
        }
        work.transport = appointment.transport;
        work
    }

    /// Whether both need the same time, places and people, whatever the vehicles.
    pub fn needs_the_same(&self, other: &Self) -> bool {
        let of = |work: &Self| Self { class: None, ..work.clone() };
        of(self) == of(other)
    }

    /// How long it takes in all, in minutes.
    pub fn minutes(&self) -> u32 {
        self.steps.iter().map(|step| step.minutes).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_as_long_as_the_class_takes() {
        let mut store: Store = serde_json::from_str(include_str!("../../../demo/stores/lakeside.json")).unwrap();
        let truck =
            r#"[{"class": "truck", "minutes": 75, "price": {"amount": 9995}}, {"class": "van", "minutes": 50}]"#;
        store.services[0].classes = serde_json::from_str(truck).unwrap();
        let both = ["oil-change".to_owned(), "tire-rotation".to_owned()];
        let minutes = |class| Work::of(&store, &both, class).minutes();
        assert_eq!(minutes(None), 75, "45 and 30");
        assert_eq!(minutes(Some(VehicleClass::Truck)), 105);
        assert_eq!(minutes(Some(VehicleClass::Diesel)), 75, "as for all others");
        let price = |class| store.services[0].price_for(class).map(|price| price.amount);
        assert_eq!([None, Some(VehicleClass::Truck), Some(VehicleClass::Van)].map(price), [7995, 9995, 7995].map(Some));
    }
}
