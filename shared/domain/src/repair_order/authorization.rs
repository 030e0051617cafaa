//! The customer's word: nothing that costs them anything is done without it.

use super::event::{Event, Line, Ruling};
use super::{Charges, Operation, Progress, Refusal, RepairOrder, Stage};
use serde::{Deserialize, Serialize};

/// Whether the customer has agreed to a line: those of STAR's `RepairAuthorizationStatusTypes` that a line can have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authorization {
    /// Not put to the customer yet.
    #[default]
    Draft,
    /// Somebody else pays.
    NotRequired,
    /// Put to the customer, who has not answered.
    Requested,
    /// The customer agreed, to [`Operation::authorized_amount`].
    Authorized,
    /// The customer refused.
    Declined,
}

impl Authorization {
    /// Whether the line is to be done.
    pub fn is_agreed(self) -> bool {
        matches!(self, Self::Authorized | Self::NotRequired)
    }
}

/// How an answer was given: STAR's `AuthorizationMethodTypes`, and the words of a message, which it has no name for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// In the words of a text or chat message.
    TextMessage,
    /// On the page behind the link that was sent.
    SmsTextLink,
    /// On the phone, to somebody of the store.
    VerbalPhone,
    /// Signed on paper at the counter.
    InPersonPhysicalSignature,
    /// Signed on a screen at the counter.
    InPersonDigitalSignature,
}

/// The customer's answer about one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Id of the operation.
    pub operation: String,
    /// Yes or no.
    pub authorized: bool,
    /// The amount that the customer was told.
    pub amount: i64,
}

impl Operation {
    /// Whether work on it may start: the customer agreed to what it costs now, or pays nothing.
    pub fn may_start(&self, charges: &Charges) -> bool {
        let amount = charges.amount(self);
        amount == 0 || (self.authorization == Authorization::Authorized && self.authorized_amount >= Some(amount))
    }

    /// After its price or payer has changed: what was agreed stands unless it costs the customer more now.
    pub(super) fn settle(&mut self, charges: &Charges) {
        let amount = charges.amount(self);
        let covered = match self.authorization {
            Authorization::Authorized => self.authorized_amount >= Some(amount),
            Authorization::NotRequired => amount == 0,
            Authorization::Draft | Authorization::Requested | Authorization::Declined => true,
        };
        if !covered {
            self.request(amount);
        } else if self.authorization == Authorization::Requested && amount > 0 {
            // Whatever it costs now is what the customer is to be told.
            self.requested_amount = Some(amount);
        } else if amount == 0 && self.authorization != Authorization::Declined {
            self.authorization = Authorization::NotRequired;
            (self.requested_amount, self.authorized_amount) = (None, None);
        }
    }

    fn request(&mut self, amount: i64) {
        self.authorization = Authorization::Requested;
        self.requested_amount = Some(amount);
        self.authorized_amount = None;
        if self.progress == Progress::InProgress {
            self.progress = Progress::OnHold;
        }
    }

    fn rule(&mut self, authorized: bool, amount: i64) {
        self.requested_amount = None;
        self.authorization = if authorized { Authorization::Authorized } else { Authorization::Declined };
        self.authorized_amount = authorized.then_some(amount);
    }
}

impl RepairOrder {
    /// Puts lines to the customer: those named, or all that are drafts. The order then waits for the answer.
    pub fn propose(&mut self, charges: &Charges, ids: Option<&[String]>) -> Result<Event, Refusal> {
        self.must_be_open()?;
        for id in ids.unwrap_or_default() {
            self.operation_mut(id)?;
        }
        let meant = |operation: &Operation| match ids {
            Some(ids) => ids.contains(&operation.id) && operation.authorization != Authorization::Authorized,
            None => operation.authorization == Authorization::Draft,
        };
        let mut lines = Vec::new();
        for operation in self.operations.iter_mut().filter(|operation| meant(operation)) {
            let amount = charges.amount(operation);
            if amount == 0 {
                operation.settle(charges);
            } else {
                operation.request(amount);
                lines.push(Line::of(operation, amount));
            }
        }
        if lines.is_empty() {
            return Err(Refusal::NothingToPropose);
        }
        self.await_answer();
        let total = self.total_if_agreed(charges);
        Ok(Event::Proposed { lines, total })
    }

    /// What the order comes to if the customer agrees to everything that was asked.
    pub fn total_if_agreed(&self, charges: &Charges) -> i64 {
        let open: Vec<&str> = self.open_lines().map(|operation| operation.id.as_str()).collect();
        self.totals_with(charges, &open).total
    }

    /// Records the customer's answers. Yes to a line counts only at an amount that the customer was told and that covers
    /// what the line costs now; it is then recorded at what it costs. Either all answers are recorded or none.
    pub fn decide(&mut self, charges: &Charges, verdicts: &[Verdict], method: Method) -> Result<Event, Refusal> {
        self.must_be_open()?;
        let mut rulings = Vec::new();
        for verdict in verdicts {
            let operation =
                self.operation(&verdict.operation).ok_or_else(|| Refusal::NoOperation(verdict.operation.clone()))?;
            let amount = charges.amount(operation);
            if operation.authorization != Authorization::Requested {
                return Err(Refusal::NotAsked(operation.name.clone()));
            }
            if verdict.authorized && verdict.amount < amount {
                return Err(Refusal::Amount { name: operation.name.clone(), told: verdict.amount, amount });
            }
            rulings.push(Ruling { line: Line::of(operation, amount), authorized: verdict.authorized });
        }
        for ruling in &rulings {
            self.operation_mut(&ruling.line.operation)?.rule(ruling.authorized, ruling.line.amount);
        }
        self.go_on_after_answer();
        Ok(Event::Decided { rulings, method, total: self.totals(charges).total })
    }

    /// Agrees to every line as it stands, when the order is written up with the customer present.
    pub fn authorize_all(&mut self, charges: &Charges, method: Method) -> Event {
        let mut rulings = Vec::new();
        for operation in &mut self.operations {
            let amount = charges.amount(operation);
            operation.settle(charges);
            if amount > 0 {
                operation.rule(true, amount);
                rulings.push(Ruling { line: Line::of(operation, amount), authorized: true });
            }
        }
        Event::Decided { rulings, method, total: self.totals(charges).total }
    }

    pub(super) fn must_be_open(&self) -> Result<(), Refusal> {
        if self.stage.is_over() { Err(Refusal::Closed) } else { Ok(()) }
    }

    /// The order waits for the customer, from now on.
    pub(super) fn await_answer(&mut self) {
        if self.stage.in_the_shop() {
            self.stage = Stage::AwaitingCustomerAuthorization;
        }
        (self.nudge_at, self.nudges) = (None, 0);
    }

    /// Silence begins anew; once nothing is open, the order no longer waits.
    pub(super) fn go_on_after_answer(&mut self) {
        (self.nudge_at, self.nudges) = (None, 0);
        let waits = self.open_lines().next().is_some();
        if !waits && self.stage == Stage::AwaitingCustomerAuthorization {
            self.stage = Stage::WorkInProgress;
        }
    }
}
