//! Forms that come back from our pages.

use crate::error::VisitError;
use lanekeeper_platform::Request;

/// No form of ours is longer, in bytes.
const LONGEST: usize = 4096;

/// What was sent with a form.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The form in the request's body, if one of our own pages has sent it.
    ///
    /// A browser says where a form comes from in `Sec-Fetch-Site`; `Origin` is `null`, because our pages send no referrer.
    pub fn read(request: &Request) -> Result<Self, VisitError> {
        let from_elsewhere =
            request.header("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
        if from_elsewhere || request.body.len() > LONGEST {
            return Err(VisitError::Form);
        }
        Ok(Self(form_urlencoded::parse(&request.body).into_owned().collect()))
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All fields.
    pub fn fields(&self) -> &[(String, String)] {
        &self.0
    }

    /// The number in the field of this name.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T, VisitError> {
        self.field(name).and_then(|text| text.parse().ok()).ok_or(VisitError::Form)
    }
}
