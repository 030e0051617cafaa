//! What an appointment needs: its work, and how the customer gets about.

use crate::Store;
use crate::appointment::Appointment;
use crate::transport::Transport;

/// What is to be booked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// Ids of menu items, the main one first.
    pub services: Vec<String>,
    /// What is done one after the other.
    pub steps: Vec<Step>,
    /// How the customer gets about, once that is known.
    pub transport: Option<Transport>,
    /// The advisor asked for, by id.
    pub advisor: Option<String>,
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
    /// These services, one after the other. Work in the same kind of bay that needs the same skill is one step.
    pub fn of(store: &Store, services: &[String]) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        for service in services.iter().filter_map(|id| store.service(id)) {
            match steps.last_mut() {
                Some(last) if last.skill == service.skill && last.bay == service.bay => last.minutes += service.minutes,
                _ => steps.push(Step {
                    minutes: service.minutes,
                    skill: service.skill.clone(),
                    bay: service.bay.clone(),
                }),
            }
        }
        if steps.is_empty() {
            steps.push(Step::default());
        }
        let short_by = LEAST.saturating_sub(steps.iter().map(|step| step.minutes).sum());
        if let Some(last) = steps.last_mut() {
            last.minutes += short_by;
        }
        Self { services: services.to_vec(), steps, transport: None, advisor: None }
    }

    /// The work of an appointment, to find it another time. Work that is no longer on the menu takes as long as it took.
    pub fn of_appointment(store: &Store, appointment: &Appointment) -> Self {
        let mut work = Self::of(store, &appointment.services);
        if appointment.services.iter().any(|id| store.service(id).is_none()) {
            work.steps = vec![Step { minutes: appointment.opening.minutes(), ..Step::default() }];
        }
        work.transport = appointment.transport;
        work
    }

    /// How long it takes in all, in minutes.
    pub fn minutes(&self) -> u32 {
        self.steps.iter().map(|step| step.minutes).sum()
    }
}
