//! Vehicles.

use crate::understanding::VehicleMention;
use serde::{Deserialize, Serialize};

/// A customer's car, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Vehicle {
    pub id: String,
    pub year: Option<u16>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub plate: Option<String>,
    pub vin: Option<String>,
    pub mileage: Option<u32>,
}

impl Vehicle {
    /// Whether what was said can be about this car: nothing that is known of both differs.
    pub fn fits(&self, mention: &VehicleMention) -> bool {
        fn agree<T>(known: Option<&T>, said: Option<&T>, same: impl Fn(&T, &T) -> bool) -> bool {
            known.zip(said).is_none_or(|(known, said)| same(known, said))
        }
        let same_word = |a: &String, b: &String| a.eq_ignore_ascii_case(b);
        agree(self.year.as_ref(), mention.year.as_ref(), PartialEq::eq)
            && agree(self.make.as_ref(), mention.make.as_ref(), same_word)
            && agree(self.model.as_ref(), mention.model.as_ref(), same_word)
            && agree(self.plate.as_ref(), mention.plate.as_ref(), same_word)
            && agree(self.vin.as_ref(), mention.vin.as_ref(), same_word)
    }
}

impl VehicleMention {
    /// Whether it is enough to know which car is meant: its make, its model, its plate or its VIN.
    pub fn names_a_car(&self) -> bool {
        self.make.is_some() || self.model.is_some() || self.plate.is_some() || self.vin.is_some()
    }

    /// Whether another mention can be about the same car: nothing that both say differs.
    pub fn fits(&self, other: &Self) -> bool {
        let Self { year, make, model, plate, vin, mileage, .. } = self.clone();
        Vehicle { id: String::new(), year, make, model, plate, vin, mileage }.fits(other)
    }

    /// Adds what was said now; what was said now wins.
    pub fn take(&mut self, said: &Self) {
        fn newer<T: Clone>(old: &mut Option<T>, new: Option<&T>) {
            if let Some(new) = new {
                *old = Some(new.clone());
            }
        }
        newer(&mut self.year, said.year.as_ref());
        newer(&mut self.make, said.make.as_ref());
        newer(&mut self.model, said.model.as_ref());
        newer(&mut self.plate, said.plate.as_ref());
        newer(&mut self.vin, said.vin.as_ref());
        newer(&mut self.vin_valid, said.vin_valid.as_ref());
        newer(&mut self.mileage, said.mileage.as_ref());
    }
}

/// A car in few words, e.g. "2019 Honda CR-V"; its plate or the end of its VIN when no more is known.
pub fn label(
    year: Option<u16>,
    make: Option<&str>,
    model: Option<&str>,
    plate: Option<&str>,
    vin: Option<&str>,
) -> Option<String> {
    let year = year.filter(|_| make.is_some() || model.is_some()).map(|year| year.to_string());
    let words: Vec<&str> = [year.as_deref(), make, model].into_iter().flatten().collect();
    if !words.is_empty() {
        return Some(words.join(" "));
    }
    plate.map(str::to_owned).or_else(|| vin.and_then(|vin| vin.get(9..)).map(|tail| format!("VIN …{tail}")))
}

impl Vehicle {
    /// The car in few words; see [`label`].
    pub fn label(&self) -> Option<String> {
        label(self.year, self.make.as_deref(), self.model.as_deref(), self.plate.as_deref(), self.vin.as_deref())
    }
}

impl VehicleMention {
    /// The car in few words; see [`label`].
    pub fn label(&self) -> Option<String> {
        label(self.year, self.make.as_deref(), self.model.as_deref(), self.plate.as_deref(), self.vin.as_deref())
    }
}

/// Why something is not a VIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VinError {
    /// ISO 3779: seventeen characters.
    #[error("a VIN has 17 characters, this has {0}")]
    Length(usize),
    /// ISO 3779: digits and capital letters without I, O and Q.
    #[error("a VIN has no '{0}' in it")]
    Character(char),
    /// The check digit at the ninth place does not fit the others.
    #[error("the VIN's check digit is wrong: a character was mistyped")]
    CheckDigit,
}

/// The VIN in capitals without spaces and dashes, its form checked (ISO 3779).
pub fn vin(text: &str) -> Result<String, VinError> {
    let vin: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let length = vin.chars().count();
    if length != 17 {
        return Err(VinError::Length(length));
    }
    match vin.chars().find(|c| !c.is_ascii_alphanumeric() || matches!(c, 'I' | 'O' | 'Q')) {
        Some(character) => Err(VinError::Character(character)),
        None => Ok(vin),
    }
}

/// Checks the check digit at the ninth place, which North American VINs must have (49 CFR 565.15(c)) and China's GB 16735
/// demands too; European ones may have anything there. `vin` is in the form that [`vin`] gives.
pub fn check_digit(vin: &str) -> Result<(), VinError> {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum: u32 = vin.bytes().zip(WEIGHTS).map(|(character, weight)| transliterate(character) * weight).sum();
    let expected = match sum % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    };
    if vin.as_bytes().get(8) == Some(&expected) { Ok(()) } else { Err(VinError::CheckDigit) }
}

fn transliterate(character: u8) -> u32 {
    let value = match character {
        b'0'..=b'9' => character - b'0',
        b'A'..=b'H' => character - b'A' + 1,
        b'J'..=b'N' => character - b'J' + 1,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => character - b'S' + 2,
        _ => 0,
    };
    value.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_vins() {
        // The example of 49 CFR 565 in general use, and the all-ones VIN, which is valid by its own arithmetic.
        assert_eq!(vin("1m8gdm9axkp042788").as_deref(), Ok("1M8GDM9AXKP042788"));
        assert_eq!(check_digit("1M8GDM9AXKP042788"), Ok(()));
        assert_eq!(check_digit("11111111111111111"), Ok(()));
        assert_eq!(check_digit("1M8GDM9AXKP042789"), Err(VinError::CheckDigit));
        assert_eq!(vin("1M8GDM9AXKP04278"), Err(VinError::Length(16)));
        assert_eq!(vin("1M8GDM9AXKPO42788"), Err(VinError::Character('O')));
    }

    #[test]
    fn a_mention_fits_unless_something_differs() {
        let car =
            Vehicle { year: Some(2019), make: Some("Honda".into()), model: Some("CR-V".into()), ..Vehicle::default() };
        assert!(car.fits(&VehicleMention { model: Some("cr-v".into()), ..VehicleMention::default() }));
        assert!(!car.fits(&VehicleMention {
            year: Some(2020),
            model: Some("CR-V".into()),
            ..VehicleMention::default()
        }));
    }
}
