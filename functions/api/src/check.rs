//! Checks of single values, collected so that an answer names all that is wrong.

use crate::error::{ApiError, FieldError};
use lanekeeper_domain::phone::e164;
use lanekeeper_domain::vehicle::{check_digit, vin};
use serde::{Deserialize, Deserializer};

/// What is wrong so far.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldError>);

impl Problems {
    /// Notes that something is wrong.
    pub fn note(&mut self, field: &str, reason: impl Into<String>) {
        self.0.push(FieldError::new(field, reason));
    }

    /// An error where anything was wrong.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.0.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.0)) }
    }
}

/// Words of at most `most` characters, without control characters; spaces around them are dropped.
pub fn words(text: &str, most: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Err("has a control character in it".to_owned());
    }
    if text.chars().count() > most {
        return Err(format!("is longer than {most} characters"));
    }
    Ok(text.to_owned())
}

/// A phone number in E.164; `calling_code` is assumed where it has none.
pub fn phone(text: &str, calling_code: &str) -> Result<String, String> {
    e164(text, calling_code).ok_or_else(|| format!("'{text}' is not a phone number"))
}

/// A VIN with the right check digit.
pub fn whole_vin(text: &str) -> Result<String, String> {
    let vin = vin(text).map_err(|error| error.to_string())?;
    check_digit(&vin).map_err(|error| error.to_string())?;
    Ok(vin)
}

/// The model year of a car.
pub fn year(year: i64) -> Result<u16, String> {
    u16::try_from(year).ok().filter(|year| (1900..=2100).contains(year)).ok_or("must be 1900 to 2100".to_owned())
}

/// What a car's counter shows, in the unit that the store uses.
pub fn mileage(mileage: i64) -> Result<u32, String> {
    u32::try_from(mileage).ok().filter(|mileage| *mileage < 10_000_000).ok_or("must be 0 to 9999999".to_owned())
}

/// A field of a change: absent, it stays as it is; `null` empties it.
#[derive(Debug, Default)]
pub enum Field<T> {
    /// As it is.
    #[default]
    Absent,
    /// Without a value from now on.
    Empty,
    /// With this value.
    Value(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Empty, Self::Value))
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl<T> Field<T> {
    /// Makes the change, with a value that passes the check.
    pub fn change<U>(
        self,
        name: &str,
        place: &mut Option<U>,
        problems: &mut Problems,
        check: impl FnOnce(T) -> Result<U, String>,
    ) {
        match self {
            Self::Absent => {}
            Self::Empty => *place = None,
            Self::Value(value) => match check(value) {
                Ok(value) => *place = Some(value),
                Err(reason) => problems.note(name, reason),
            },
        }
    }
}
