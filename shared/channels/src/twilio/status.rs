//! Delivery receipts: "Track the Message Status of Outbound Messages"
//! (<https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>).

use super::{message_sid, webhook_form};
use crate::ChannelError;

/// What Twilio says became of a message that we sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The message's SID, as [`super::sent`] returned it.
    pub provider_message_id: String,
    /// How far it has come.
    pub status: MessageStatus,
    /// Why it was not delivered (<https://www.twilio.com/docs/api/errors>), e.g. [`super::OPTED_OUT`].
    pub error_code: Option<u32>,
}

/// How far an outbound message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageStatus {
    /// Twilio has it, and will choose a sender.
    Accepted,
    /// Twilio has it, for later.
    Scheduled,
    /// It waits for its turn.
    Queued,
    /// It is on its way to the carrier.
    Sending,
    /// The carrier has it.
    Sent,
    /// The carrier says that the phone has it.
    Delivered,
    /// The carrier says that the phone did not get it.
    Undelivered,
    /// It was never sent.
    Failed,
    /// It was withdrawn before it was sent.
    Canceled,
    /// The customer opened it (`WhatsApp` and RCS only).
    Read,
}

impl MessageStatus {
    /// Every status with its name on the wire.
    const NAMES: [(&str, Self); 10] = [
        ("accepted", Self::Accepted),
        ("scheduled", Self::Scheduled),
        ("queued", Self::Queued),
        ("sending", Self::Sending),
        ("sent", Self::Sent),
        ("delivered", Self::Delivered),
        ("undelivered", Self::Undelivered),
        ("failed", Self::Failed),
        ("canceled", Self::Canceled),
        ("read", Self::Read),
    ];

    /// The status of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, status)| status)
    }
}

/// Reads a status callback whose signature was checked. `account_sid` is the account it must belong to, if that is known.
pub fn receipt(body: &[u8], account_sid: Option<&str>) -> Result<Receipt, ChannelError> {
    let form = webhook_form(body, account_sid)?;
    let provider_message_id = message_sid(&form, "SmsSid")?;
    let status = MessageStatus::from_name(form.require("MessageStatus")?)
        .ok_or_else(|| ChannelError::Invalid { field: "MessageStatus".to_owned(), problem: "is no status we know" })?;
    // Absent, empty and 0 all mean that nothing went wrong.
    let error_code = form.get("ErrorCode").and_then(|code| code.parse().ok()).filter(|code| *code != 0);
    Ok(Receipt { provider_message_id, status, error_code })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &str) -> Result<Receipt, ChannelError> {
        receipt(body.as_bytes(), Some("AC1"))
    }

    #[test]
    fn reads_receipts() {
        let delivered =
            read("SmsSid=SM1&SmsStatus=delivered&MessageStatus=delivered&To=%2B1&MessageSid=SM1&AccountSid=AC1");
        let expected =
            Receipt { provider_message_id: "SM1".into(), status: MessageStatus::Delivered, error_code: None };
        assert_eq!(delivered.unwrap(), expected);
        let failed = read("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003").unwrap();
        assert_eq!((failed.status, failed.error_code), (MessageStatus::Undelivered, Some(30003)));
        assert_eq!(read("MessageSid=SM1&MessageStatus=sent&ErrorCode=").unwrap().error_code, None);
    }

    #[test]
    fn refuses_what_is_no_receipt() {
        assert_eq!(read("MessageStatus=sent"), Err(ChannelError::Missing("MessageSid".into())));
        assert_eq!(read("MessageSid=SM1"), Err(ChannelError::Missing("MessageStatus".into())));
        assert_eq!(read("MessageSid=SM1&MessageStatus=lost").unwrap_err().status(), 400);
        assert_eq!(read("MessageSid=SM1&MessageStatus=sent&AccountSid=AC2"), Err(ChannelError::WrongAccount));
    }

    #[test]
    fn every_status_is_known_by_its_name() {
        for (name, status) in MessageStatus::NAMES {
            assert_eq!(MessageStatus::from_name(name), Some(status));
        }
    }

    proptest! {
        #[test]
        fn never_panics(body: Vec<u8>) {
            let _ = receipt(&body, Some("AC1"));
        }
    }
}
