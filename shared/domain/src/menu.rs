//! The service menu: what a store offers, what it is called, how long it takes and what it costs.

use crate::notifications::Interval;
use crate::{Language, VehicleClass};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kind of work that every workshop knows. It links a store's menu item to the words that people use for such work,
/// so that a store need not list them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum ServiceKind {
    OilChange,
    Maintenance,
    TireRotation,
    Tires,
    Alignment,
    Brakes,
    Battery,
    Diagnosis,
    AirConditioning,
    Inspection,
    Coolant,
    Transmission,
    Wipers,
    Lights,
    Recall,
    Detailing,
    Bodywork,
}

/// A price in minor units of the store's currency (cents, 分).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The amount.
    pub amount: i64,
    /// Whether it is a "from" price.
    #[serde(default)]
    pub from: bool,
}

/// What differs where the vehicle is of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassTerms {
    /// The class.
    pub class: VehicleClass,
    /// How long a bay is taken, in minutes; as for all others when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// The price; as for all others when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
}

/// One item of a store's menu.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The store's slug for it, e.g. `oil-change`.
    pub id: String,
    /// The store's operation code.
    pub op_code: String,
    /// The kind of work, when it is one that every workshop knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ServiceKind>,
    /// How long a bay is taken, in minutes.
    pub minutes: u32,
    /// What the technician must be trained for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    /// What the bay must be equipped for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bay: Option<String>,
    /// How many of these can be done on one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<u32>,
    /// The price; absent when it has to be quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// What differs for classes of vehicles; an entry for each class at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassTerms>,
    /// How often the work is due; absent when it is not regular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Interval>,
    /// Names per language; the first is the one we use, the others are what people say.
    pub names: BTreeMap<Language, Vec<String>>,
    /// What people say is wrong when this is what they need, per language ("my brakes squeal").
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub symptoms: BTreeMap<Language, Vec<String>>,
    /// What the customer should bring or know, per language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bring: BTreeMap<Language, String>,
}

impl Service {
    /// How long a bay is taken with a vehicle of this class, in minutes.
    pub fn minutes_for(&self, class: Option<VehicleClass>) -> u32 {
        self.terms(class).and_then(|terms| terms.minutes).unwrap_or(self.minutes)
    }

    /// The price for a vehicle of this class; `None` when it has to be quoted.
    pub fn price_for(&self, class: Option<VehicleClass>) -> Option<Price> {
        self.terms(class).and_then(|terms| terms.price).or(self.price)
    }

    fn terms(&self, class: Option<VehicleClass>) -> Option<&ClassTerms> {
        self.classes.iter().find(|terms| Some(terms.class) == class)
    }

    /// What is wrong with the entries for classes: which class, and what.
    pub(crate) fn classes_problem(&self) -> Option<(&'static str, &'static str)> {
        self.classes.iter().enumerate().find_map(|(place, terms)| {
            let twice = self.classes[..place].iter().any(|other| other.class == terms.class);
            let problem = match terms {
                _ if twice => "the class is there twice",
                ClassTerms { minutes: None, price: None, .. } => "it has neither minutes nor a price",
                ClassTerms { minutes: Some(minutes), .. } if !(1..=24 * 60).contains(minutes) => {
                    "minutes must be 1 to 1440"
                }
                ClassTerms { price: Some(price), .. } if price.amount < 0 => "the price is negative",
                _ => return None,
            };
            Some((terms.class.as_str(), problem))
        })
    }

    /// The name to use in this language; the store's first name in any language when it has none there.
    pub fn name(&self, language: Language) -> &str {
        self.names
            .get(&language)
            .or_else(|| self.names.values().next())
            .and_then(|names| names.first())
            .map_or(self.id.as_str(), String::as_str)
    }
}
