//! Forms that come back from our pages.

use crate::error::DeskError;
use lanekeeper_platform::Request;

/// No form of ours is longer, in bytes: a reply of 20,000 Chinese characters fits.
const LONGEST: usize = 256 * 1024;

/// What was sent with a form.
#[derive(Debug, Clone)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The form in the request's body, as browsers encode it unless told otherwise.
    pub fn read(request: &Request) -> Result<Self, DeskError> {
        if request.body.len() > LONGEST {
            return Err(DeskError::TooLong);
        }
        Ok(Self::parse(&request.body))
    }

    /// Fields as they stand in a body, or behind the question mark of an address.
    pub fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// What was entered under this name, without space around it; `None` when that is nothing.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.raw(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// What was entered under this name, as it was entered: for passwords.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Everything that was entered under this name: of check boxes, those that were ticked.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What must be entered under this name, in at most `longest` characters.
    pub fn text(&self, name: &'static str, longest: usize) -> Result<&str, DeskError> {
        let text = self.field(name).ok_or(DeskError::field(name, "input_missing"))?;
        if text.chars().count() > longest { Err(DeskError::field(name, "input_too_long")) } else { Ok(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_trimmed_and_bounded() {
        let body = "name=+Dana+&password=+x+&empty=++&store=a&store=b&long=%E6%97%A9%E6%97%A9";
        let form = Form::read(&Request { body: body.into(), ..Request::default() }).unwrap();
        assert_eq!(form.field("name"), Some("Dana"));
        assert_eq!(form.raw("password"), Some(" x "));
        assert_eq!(form.field("empty"), None);
        assert_eq!(form.all("store").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(form.text("long", 2).unwrap(), "早早");
        assert_eq!(form.text("long", 1), Err(DeskError::field("long", "input_too_long")));
        assert_eq!(form.text("empty", 9), Err(DeskError::field("empty", "input_missing")));
        let long = Request { body: vec![b'a'; LONGEST + 1], ..Request::default() };
        assert_eq!(Form::read(&long).unwrap_err(), DeskError::TooLong);
    }
}
