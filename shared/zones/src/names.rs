//! Zones by name, in text and in JSON.

use crate::{Tz, ZONES};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// There is no zone of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no time zone")]
pub struct UnknownZone;

impl Tz {
    /// The name in the IANA database.
    pub fn name(self) -> &'static str {
        ZONES[usize::from(self.0)].0
    }
}

impl FromStr for Tz {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        let found = ZONES.binary_search_by_key(&name, |(name, _)| name);
        found.map(|index| Self(index as u16)).map_err(|_| UnknownZone)
    }
}

impl fmt::Display for Tz {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl fmt::Debug for Tz {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Serialize for Tz {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Tz {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        name.parse().map_err(|_| D::Error::custom(format_args!("unknown time zone `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::America;

    #[test]
    fn a_name_leads_to_its_zone_and_back() {
        assert_eq!("America/Chicago".parse(), Ok(America::Chicago));
        assert_eq!(America::Chicago.to_string(), "America/Chicago");
        assert_eq!("UTC".parse(), Ok(Tz::UTC));
        for name in ["", "America", "america/chicago", "America/Chicago ", "Mars/Olympus"] {
            assert_eq!(name.parse::<Tz>(), Err(UnknownZone), "{name}");
        }
    }

    #[test]
    fn json_has_names() {
        assert_eq!(serde_json::to_string(&America::Chicago).unwrap(), r#""America/Chicago""#);
        assert_eq!(serde_json::from_str::<Tz>(r#""America/Chicago""#).unwrap(), America::Chicago);
        let error = serde_json::from_str::<Tz>(r#""Mars""#).unwrap_err();
        assert!(error.to_string().starts_with("unknown time zone `Mars`"), "{error}");
    }
}
