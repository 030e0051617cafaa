//! How far an order has come.

use serde::{Deserialize, Serialize};

/// How far a repair order has come: those of STAR's `RepairStageTypes` that a service department tells apart. (The others
/// divide work in progress further, as body shops do, or belong to what happens before and after.)
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Written, the car is not here yet.
    #[default]
    Open,
    /// Taken up again after it was over.
    ReOpen,
    /// The car is here.
    VehicleReceived,
    /// It is being diagnosed.
    Evaluation,
    /// An estimate is being made.
    ProposalBuild,
    /// The customer has been asked about added work.
    AwaitingCustomerAuthorization,
    /// Parts are on their way.
    PartsOrdered,
    /// It is being worked on.
    WorkInProgress,
    /// It is being washed.
    Detailing,
    /// The work is being checked.
    QualityAssurance,
    /// It can be picked up.
    Completed,
    /// The customer has it back.
    VehicleDelivered,
    /// All is settled.
    Closed,
}

impl Stage {
    /// All of them, in the order of their usual coming.
    pub const ALL: [Self; 13] = [
        Self::Open,
        Self::ReOpen,
        Self::VehicleReceived,
        Self::Evaluation,
        Self::ProposalBuild,
        Self::AwaitingCustomerAuthorization,
        Self::PartsOrdered,
        Self::WorkInProgress,
        Self::Detailing,
        Self::QualityAssurance,
        Self::Completed,
        Self::VehicleDelivered,
        Self::Closed,
    ];

    /// Its name in the database, the API and the phrases.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::ReOpen => "re_open",
            Self::VehicleReceived => "vehicle_received",
            Self::Evaluation => "evaluation",
            Self::ProposalBuild => "proposal_build",
            Self::AwaitingCustomerAuthorization => "awaiting_customer_authorization",
            Self::PartsOrdered => "parts_ordered",
            Self::WorkInProgress => "work_in_progress",
            Self::Detailing => "detailing",
            Self::QualityAssurance => "quality_assurance",
            Self::Completed => "completed",
            Self::VehicleDelivered => "vehicle_delivered",
            Self::Closed => "closed",
        }
    }

    /// The stage with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }

    /// Whether this stage can be followed by that one. In the shop a car goes to and fro as the work demands; in and out
    /// of it there is one way.
    pub fn may_become(self, to: Self) -> bool {
        match self {
            Self::Open => to == Self::VehicleReceived || to == Self::Closed,
            Self::Completed => to == Self::VehicleDelivered || (to.in_the_shop() && to != Self::VehicleReceived),
            Self::VehicleDelivered => matches!(to, Self::Closed | Self::ReOpen),
            Self::Closed => to == Self::ReOpen,
            Self::ReOpen => to.in_the_shop() || to == Self::Closed,
            _ => self != to && (to == Self::Completed || (to.in_the_shop() && to != Self::VehicleReceived)),
        }
    }

    /// Whether the car is here and being seen to.
    pub fn in_the_shop(self) -> bool {
        (Self::VehicleReceived..=Self::QualityAssurance).contains(&self)
    }

    /// Whether there is nothing more to be done: the customer has the car.
    pub fn is_over(self) -> bool {
        matches!(self, Self::VehicleDelivered | Self::Closed)
    }
}
