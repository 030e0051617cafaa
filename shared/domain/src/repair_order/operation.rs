//! Operations: the lines of an order.

use super::{Authorization, Refusal};
use serde::{Deserialize, Serialize};

/// Who pays: STAR's `PayTypes`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // STAR's words
pub enum PayType {
    #[default]
    CustomerPay,
    Warranty,
    Internal,
    /// Work that another shop does for us, at the customer's expense.
    Sublet,
    Manufacturer,
    Dealer,
}

impl PayType {
    /// Whether the customer pays for it.
    pub fn is_customers(self) -> bool {
        matches!(self, Self::CustomerPay | Self::Sublet)
    }
}

/// How far the work on a line is: those of STAR's `LaborOperationStatusTypes` that apply in a shop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Progress {
    #[default]
    Pending,
    InProgress,
    OnHold,
    Completed,
}

/// A part that a line needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The part's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What it is.
    pub name: String,
    /// How many, in thousandths: 4500 are four and a half litres.
    pub quantity: i64,
    /// What one costs, in minor units of the store's currency.
    pub unit_price: i64,
}

impl Part {
    /// What all of them cost, half a minor unit rounded up.
    pub fn amount(&self) -> i64 {
        half_up(self.quantity.saturating_mul(self.unit_price), 1000)
    }
}

/// `dividend / divisor`, rounded to the nearest, half up. Neither is negative.
pub(super) fn half_up(dividend: i64, divisor: i64) -> i64 {
    dividend.saturating_add(divisor / 2) / divisor
}

/// A line of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// What it is called, in the store's words.
    pub name: String,
    /// Id of the menu item that it is.
    pub service: Option<String>,
    /// The store's operation code.
    pub op_code: Option<String>,
    /// What the customer complains of.
    pub complaint: Option<String>,
    /// What was found to cause it.
    pub cause: Option<String>,
    /// What was done about it.
    pub correction: Option<String>,
    /// Who pays.
    pub pay_type: PayType,
    /// What the labor costs, in minor units of the store's currency.
    pub labor: i64,
    /// What it needs.
    pub parts: Vec<Part>,
    /// Whether the customer has agreed to it.
    pub authorization: Authorization,
    /// The amount that the customer was told with the question that stands, tax included.
    pub requested_amount: Option<i64>,
    /// The amount that the customer agreed to, tax included.
    pub authorized_amount: Option<i64>,
    /// How far the work is.
    pub progress: Progress,
}

/// More than any line of an order costs, in minor units.
const MOST: i64 = 100_000_000;

/// A thousand pieces.
const MOST_PIECES: i64 = 1_000_000;

/// Parts of one line.
const MOST_PARTS: usize = 50;

/// Characters of a name, and of a description.
const LONGEST_NAME: usize = 80;
const LONGEST_TEXT: usize = 1000;

impl Operation {
    /// What the parts cost.
    pub fn parts_amount(&self) -> i64 {
        self.parts.iter().map(Part::amount).sum()
    }

    /// What is wrong with its values, if anything.
    pub fn problem(&self) -> Option<Refusal> {
        let wrong = |field: &str, reason: &str| Some(Refusal::field(field, reason));
        if self.name.trim().is_empty() || self.name.chars().count() > LONGEST_NAME {
            return wrong("name", "must have 1 to 80 characters");
        }
        for (field, text) in [("complaint", &self.complaint), ("cause", &self.cause), ("correction", &self.correction)]
        {
            if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
                return wrong(field, "must have at most 1000 characters");
            }
        }
        if !(0..=MOST).contains(&self.labor) {
            return wrong("labor", "must be 0 to 100000000, in minor units of the currency");
        }
        if self.parts.len() > MOST_PARTS {
            return wrong("parts", "must be at most 50");
        }
        self.parts.iter().enumerate().find_map(|(place, part)| {
            let wrong = |field: &str, reason: &str| Some(Refusal::field(format!("parts[{place}].{field}"), reason));
            if part.name.trim().is_empty() || part.name.chars().count() > LONGEST_NAME {
                wrong("name", "must have 1 to 80 characters")
            } else if !(1..=MOST_PIECES).contains(&part.quantity) {
                wrong("quantity", "must be 1 to 1000000, in thousandths")
            } else if !(0..=MOST).contains(&part.unit_price) {
                wrong("unit_price", "must be 0 to 100000000, in minor units of the currency")
            } else if part.amount() > MOST {
                wrong("quantity", "comes to more than 100000000 in minor units of the currency")
            } else {
                None
            }
        })
    }
}
