//! Twilio: SMS and MMS (<https://www.twilio.com/docs/messaging>).

mod inbound;
mod search;
mod send;
mod status;
mod twiml;
mod verify;

pub use inbound::inbound;
pub use search::{SearchFailure, find_sent, search_request};
pub use send::{OPTED_OUT, Outgoing, Refusal, SendFailure, is_out_of_reach, send_request, sent};
pub use status::{MessageStatus, Receipt, receipt};
pub use twiml::{reply, twiml};
pub use verify::{sign, verify};

use crate::ChannelError;
use crate::form::Form;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

/// The address of Twilio's REST API; the setting `TWILIO_API_URL` puts another in its place.
pub const API_URL: &str = "https://api.twilio.com";

/// The longest webhook body that is read, in bytes. Twilio's are a few kilobytes.
const LONGEST_BODY: usize = 64 * 1024;

/// What a line needs to speak with Twilio. Kept sealed, as JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The account's SID (`AC…`).
    pub account_sid: String,
    /// The account's primary auth token: it signs webhooks, and is the password of the REST API.
    pub auth_token: String,
}

impl Credentials {
    /// The value of `Authorization` for the REST API.
    fn authorization(&self) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", self.account_sid, self.auth_token)))
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("account_sid", &self.account_sid).finish_non_exhaustive()
    }
}

/// The fields of a webhook. If it names its account, and it is known which one must be named, that is checked: the
/// signature alone already shows that the account's token was used.
fn webhook_form<'a>(body: &'a [u8], account_sid: Option<&str>) -> Result<Form<'a>, ChannelError> {
    check_length(body)?;
    let form = Form::parse(body);
    match (form.get("AccountSid"), account_sid) {
        (Some(named), Some(expected)) if named != expected => Err(ChannelError::WrongAccount),
        _ => Ok(form),
    }
}

fn check_length(body: &[u8]) -> Result<(), ChannelError> {
    if body.len() > LONGEST_BODY { Err(ChannelError::TooLong { limit: LONGEST_BODY }) } else { Ok(()) }
}

/// The SID of a message: `SM…` or `MM…` and 32 hexadecimal digits, of which we rely on no more than that they are few
/// plain letters and digits.
fn message_sid(form: &Form<'_>, legacy_name: &str) -> Result<String, ChannelError> {
    let sid = form.require("MessageSid").or_else(|missing| form.require(legacy_name).map_err(|_| missing))?;
    if sid.len() > 64 || !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(ChannelError::Invalid { field: "MessageSid".to_owned(), problem: "is no message SID" });
    }
    Ok(sid.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_keep_their_secret() {
        let json = r#"{"account_sid":"AC1","auth_token":"very secret"}"#;
        let credentials: Credentials = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&credentials).unwrap(), json);
        let shown = format!("{credentials:?}");
        assert!(shown.contains("AC1") && !shown.contains("secret"), "{shown}");
        assert_eq!(credentials.authorization(), "Basic QUMxOnZlcnkgc2VjcmV0");
    }
}
