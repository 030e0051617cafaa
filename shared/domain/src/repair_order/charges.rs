//! What a store adds to labor and parts: shop fees and taxes.

use super::operation::half_up;
use serde::{Deserialize, Serialize};

/// What a store adds to labor and parts; by default nothing. Rates are in basis points: 825 are 8.25 %.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Charges {
    /// Shop fee, of labor and parts.
    pub fee_rate: u32,
    /// The most that the shop fee may be, in minor units of the store's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee_cap: Option<i64>,
    /// Tax on labor.
    pub labor_tax: u32,
    /// Tax on parts.
    pub parts_tax: u32,
    /// Tax on the shop fee.
    pub fee_tax: u32,
}

/// A whole, in basis points.
const WHOLE: i64 = 10_000;

impl Charges {
    /// What is wrong with them, if anything: the field and the reason.
    pub fn problem(&self) -> Option<String> {
        let rates = [
            ("fee_rate", self.fee_rate),
            ("labor_tax", self.labor_tax),
            ("parts_tax", self.parts_tax),
            ("fee_tax", self.fee_tax),
        ];
        if let Some((field, _)) = rates.iter().find(|(_, rate)| i64::from(*rate) > WHOLE) {
            return Some(format!("charges.{field}: must be 0 to 10000, in basis points"));
        }
        self.fee_cap.is_some_and(|cap| cap < 0).then(|| "charges.fee_cap: is negative".to_owned())
    }

    /// The tax on a line's labor and parts; each rounded for itself, half up.
    pub(super) fn line_tax(&self, labor: i64, parts: i64) -> i64 {
        share(labor, self.labor_tax) + share(parts, self.parts_tax)
    }

    /// The shop fee on this much labor and parts, and the tax on it.
    pub(super) fn fee(&self, base: i64) -> (i64, i64) {
        let fee = share(base, self.fee_rate);
        let fee = self.fee_cap.map_or(fee, |cap| fee.min(cap));
        (fee, share(fee, self.fee_tax))
    }
}

fn share(amount: i64, basis_points: u32) -> i64 {
    half_up(amount.saturating_mul(basis_points.into()), WHOLE)
}
