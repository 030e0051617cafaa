//! Events: an order's history. Each change of an order is one, numbered by the order's version.

use super::{Method, Operation, OrderEdit, Progress, Stage};
use serde::{Deserialize, Serialize};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum Actor {
    /// The customer.
    Customer,
    /// Somebody of the store, or a system of theirs, by name.
    Staff(String),
    /// Lanekeeper's clock.
    Clock,
}

/// A line and what it costs the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Id of the operation.
    pub operation: String,
    /// What it is called.
    pub name: String,
    /// What it costs, tax included, in minor units.
    pub amount: i64,
}

impl Line {
    pub(super) fn of(operation: &Operation, amount: i64) -> Self {
        Self { operation: operation.id.clone(), name: operation.name.clone(), amount }
    }
}

/// The customer's answer about a line, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The line, with the exact amount.
    #[serde(flatten)]
    pub line: Line,
    /// Yes or no.
    pub authorized: bool,
}

/// From one stage to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct StageChange {
    pub from: Stage,
    pub to: Stage,
}

/// What happened to an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was written.
    Opened {
        /// With this stage.
        stage: Stage,
    },
    /// Something about the order changed.
    Edited {
        /// What it became.
        edit: Box<OrderEdit>,
        /// The stages, where they changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<StageChange>,
    },
    /// A line was added.
    OperationAdded {
        /// It.
        line: Line,
    },
    /// A line was changed.
    OperationChanged {
        /// As it is now.
        line: Line,
        /// Whether it costs more than the customer agreed to, so that they are asked again.
        asks_again: bool,
        /// What all that was agreed came to before.
        before: i64,
        /// What all that is agreed comes to now.
        total: i64,
    },
    /// A line was taken off.
    OperationRemoved {
        /// It.
        line: Line,
        /// What all that was agreed came to before.
        before: i64,
        /// What all that is agreed comes to now.
        total: i64,
    },
    /// The work on a line went on.
    Progressed {
        /// Id of the operation.
        operation: String,
        /// How far it is.
        progress: Progress,
    },
    /// Lines were put to the customer.
    Proposed {
        /// They.
        lines: Vec<Line>,
        /// What the order comes to with all of them.
        total: i64,
    },
    /// The customer answered.
    Decided {
        /// Line by line.
        rulings: Vec<Ruling>,
        /// How.
        method: Method,
        /// What all that is agreed comes to now.
        total: i64,
    },
    /// The customer was reminded of the question.
    Reminded,
    /// The customer stayed silent, and the advisor was told.
    AdvisorTold,
}
