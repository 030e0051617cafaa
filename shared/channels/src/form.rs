//! Form-encoded bodies.

use crate::ChannelError;
use std::borrow::Cow;

/// The fields of an `application/x-www-form-urlencoded` body. Bytes that are not UTF-8 become U+FFFD.
pub(crate) struct Form<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Form<'a> {
    /// Reads any bytes; what is no form is one strange field.
    pub(crate) fn parse(body: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(body).collect())
    }

    /// The first field of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
    }

    /// The first field of this name, which must be there and not blank.
    pub(crate) fn require(&self, name: &str) -> Result<&str, ChannelError> {
        self.get(name).filter(|value| !value.trim().is_empty()).ok_or_else(|| ChannelError::Missing(name.to_owned()))
    }

    /// Every field, in the order they came.
    pub(crate) fn into_fields(self) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        self.0
    }
}
