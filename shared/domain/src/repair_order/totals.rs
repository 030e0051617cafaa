//! What an order comes to.
//!
//! Every amount is a whole number of minor units. A part's amount, a line's tax on labor, its tax on parts, the shop fee
//! and the tax on it are each rounded once, half up; everything else is a sum of these, so that what is printed adds up.

use super::{Charges, Operation};
use serde::{Deserialize, Serialize};

/// What a line costs the customer. What somebody else pays for costs nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTotal {
    /// Id of the operation.
    pub operation: String,
    /// Its labor.
    pub labor: i64,
    /// Its parts.
    pub parts: i64,
    /// The tax on both.
    pub tax: i64,
    /// The sum of these: what the customer is told, and agrees to.
    pub amount: i64,
}

/// What an order costs the customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Line by line.
    pub lines: Vec<LineTotal>,
    /// All labor.
    pub labor: i64,
    /// All parts.
    pub parts: i64,
    /// The shop fee.
    pub fees: i64,
    /// All tax: that of the lines and that on the fee.
    pub tax: i64,
    /// The sum of these.
    pub total: i64,
}

impl Charges {
    /// What this line costs the customer.
    pub fn line(&self, operation: &Operation) -> LineTotal {
        let id = operation.id.clone();
        if !operation.pay_type.is_customers() {
            return LineTotal { operation: id, ..LineTotal::default() };
        }
        let (labor, parts) = (operation.labor, operation.parts_amount());
        let tax = self.line_tax(labor, parts);
        LineTotal { operation: id, labor, parts, tax, amount: labor + parts + tax }
    }

    /// The amount of this line; see [`LineTotal::amount`].
    pub fn amount(&self, operation: &Operation) -> i64 {
        self.line(operation).amount
    }

    /// What these lines cost the customer together.
    pub fn totals<'a>(&self, operations: impl IntoIterator<Item = &'a Operation>) -> Totals {
        let mut totals = Totals::default();
        for line in operations.into_iter().map(|operation| self.line(operation)) {
            totals.labor += line.labor;
            totals.parts += line.parts;
            totals.tax += line.tax;
            totals.lines.push(line);
        }
        let (fee, tax_on_fee) = self.fee(totals.labor + totals.parts);
        totals.fees = fee;
        totals.tax += tax_on_fee;
        totals.total = totals.labor + totals.parts + totals.fees + totals.tax;
        totals
    }
}
