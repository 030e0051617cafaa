//! Classes of vehicles, by which work takes longer or costs more.

use crate::understanding::VehicleMention;
use crate::vehicle::Vehicle;
use serde::{Deserialize, Serialize};

/// What kind of vehicle it is. What drives it counts before its shape: an electric pickup is electric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum VehicleClass {
    Car,
    Suv,
    Truck,
    Van,
    Electric,
    Hybrid,
    Diesel,
}

const ALL: [VehicleClass; 7] = {
    use VehicleClass::{Car, Diesel, Electric, Hybrid, Suv, Truck, Van};
    [Car, Suv, Truck, Van, Electric, Hybrid, Diesel]
};

/// Makes that build nothing but electric cars.
const ELECTRIC_MAKES: &[&str] = &["tesla", "rivian", "lucid", "polestar", "nio", "xiaomi"];

/// Models that are of one class whatever their trim, as [`spelled`].
const MODELS: &[(VehicleClass, &[&str])] = &[
    (
        VehicleClass::Electric,
        &[
            "leaf",
            "ariya",
            "bolt",
            "mache",
            "mustangmache",
            "f150lightning",
            "id3",
            "id4",
            "i3",
            "i4",
            "ix",
            "ix3",
            "etron",
            "taycan",
            "ipace",
            "ioniq5",
            "ioniq6",
            "ev6",
            "ev9",
            "bz4x",
            "solterra",
            "prologue",
            "lyriq",
            "eqb",
            "hongguangminiev",
            "dolphin",
            "seagull",
            "mg4",
            "silveradoev",
            "sierraev",
            "hummerev",
        ],
    ),
    (VehicleClass::Hybrid, &["prius", "insight", "volt"]),
    (
        VehicleClass::Truck,
        &[
            "f100",
            "f150",
            "f250",
            "f350",
            "lobo",
            "ranger",
            "maverick",
            "silverado",
            "colorado",
            "cheyenne",
            "sierra",
            "canyon",
            "gladiator",
            "tacoma",
            "tundra",
            "hilux",
            "ridgeline",
            "frontier",
            "titan",
            "np300",
            "santacruz",
            "amarok",
            "dmax",
            "l200",
            "poer",
            "wingle",
        ],
    ),
    (
        VehicleClass::Van,
        &[
            "sienna",
            "odyssey",
            "pacifica",
            "towncountry",
            "grandcaravan",
            "caravan",
            "carnival",
            "sedona",
            "quest",
            "transit",
            "express",
            "savana",
            "sprinter",
            "promaster",
            "alphard",
            "gl8",
            "berlingo",
            "partner",
        ],
    ),
    (
        VehicleClass::Suv,
        &[
            "rav4",
            "highlander",
            "4runner",
            "sequoia",
            "crv",
            "hrv",
            "pilot",
            "passport",
            "escape",
            "explorer",
            "edge",
            "expedition",
            "bronco",
            "equinox",
            "tahoe",
            "suburban",
            "traverse",
            "yukon",
            "acadia",
            "wrangler",
            "cherokee",
            "grandcherokee",
            "rogue",
            "pathfinder",
            "murano",
            "armada",
            "tucson",
            "santafe",
            "palisade",
            "sorento",
            "sportage",
            "telluride",
            "forester",
            "cx5",
            "cx9",
            "tiguan",
            "atlas",
            "x3",
            "x5",
            "glc",
            "gle",
            "q5",
            "q7",
            "mdx",
            "rdx",
            "xc60",
            "xc90",
            "escalade",
            "enclave",
            "navigator",
            "cayenne",
            "macan",
            "h6",
        ],
    ),
    (
        VehicleClass::Car,
        &[
            "camry", "corolla", "civic", "accord", "altima", "sentra", "versa", "elantra", "sonata", "optima", "forte",
            "impreza", "mazda3", "mazda6", "jetta", "passat", "golf", "fusion", "focus", "malibu", "cruze", "impala",
            "charger", "mustang", "3series", "5series", "cclass", "eclass", "a4", "a6",
        ],
    ),
];

impl VehicleClass {
    /// The name in profiles and parameters.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Car => "car",
            Self::Suv => "suv",
            Self::Truck => "truck",
            Self::Van => "van",
            Self::Electric => "electric",
            Self::Hybrid => "hybrid",
            Self::Diesel => "diesel",
        }
    }

    /// The class of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        ALL.into_iter().find(|class| class.as_str() == name)
    }
}

/// The class, as far as make and model tell it; `None` for the many that do not.
pub fn class_of(make: Option<&str>, model: Option<&str>) -> Option<VehicleClass> {
    let make = make.map(spelled).unwrap_or_default();
    if ELECTRIC_MAKES.contains(&make.as_str()) {
        return Some(VehicleClass::Electric);
    }
    let words: Vec<String> = model?.split_whitespace().map(spelled).collect();
    let says = |word: &str| words.iter().any(|said| said == word);
    if says("hybrid") {
        return Some(VehicleClass::Hybrid);
    }
    if says("diesel") || says("tdi") {
        return Some(VehicleClass::Diesel);
    }
    // "F 150 XLT" is an F-150, and "Range Rover" no Ranger.
    let names: Vec<String> = (1..=words.len()).map(|count| words[..count].concat()).collect();
    let numbered = |name: &String| matches!(name.as_str(), "1500" | "2500" | "3500");
    if make == "ram" && names.iter().any(numbered) {
        return Some(VehicleClass::Truck);
    }
    let listed = |models: &[&str]| names.iter().any(|name| models.contains(&name.as_str()));
    MODELS.iter().find(|(_, models)| listed(models)).map(|(class, _)| *class)
}

/// Letters and digits alone, in lower case.
fn spelled(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Vehicle {
    /// The class, where make and model tell it.
    pub fn class(&self) -> Option<VehicleClass> {
        class_of(self.make.as_deref(), self.model.as_deref())
    }
}

impl VehicleMention {
    /// The class, where make and model tell it.
    pub fn class(&self) -> Option<VehicleClass> {
        class_of(self.make.as_deref(), self.model.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_models_tell_their_class() {
        for (make, model, class) in [
            ("Ford", "F-150", "truck"),
            ("ford", "f 150 XLT", "truck"),
            ("Ford", "F-150 Lightning", "electric"),
            ("Ford", "Mustang Mach-E", "electric"),
            ("Ford", "Mustang", "car"),
            ("Ram", "2500", "truck"),
            ("Chevrolet", "Silverado 1500", "truck"),
            ("Tesla", "Cybertruck", "electric"),
            ("Tesla", "", "electric"),
            ("Toyota", "Sienna", "van"),
            ("Chrysler", "Town & Country", "van"),
            ("Toyota", "Camry Hybrid", "hybrid"),
            ("Volkswagen", "Jetta TDI", "diesel"),
            ("Volkswagen", "ID.4", "electric"),
            ("Honda", "CR-V", "suv"),
            ("Honda", "Civic", "car"),
            ("Land Rover", "Range Rover", ""),
            ("Hyundai", "Ioniq", ""),
            ("Peugeot", "1500", ""),
            ("Ford", "", ""),
            ("", "", ""),
        ] {
            assert_eq!(class_of(Some(make), Some(model)), VehicleClass::from_name(class), "{make} {model}");
        }
        assert_eq!(class_of(None, None), None);
        assert_eq!(class_of(None, Some("Tacoma")), Some(VehicleClass::Truck));
    }

    #[test]
    fn names_are_those_of_the_profile() {
        for class in ALL {
            assert_eq!(VehicleClass::from_name(class.as_str()), Some(class));
            assert_eq!(serde_json::json!(class), class.as_str());
        }
    }

    #[test]
    fn no_model_is_of_two_classes() {
        let mut all: Vec<&str> = MODELS.iter().flat_map(|(_, models)| models.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|name| spelled(name) == *name));
    }
}
