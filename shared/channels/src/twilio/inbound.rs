//! A text message that came in: "Twilio's request to your application"
//! (<https://www.twilio.com/docs/messaging/guides/webhook-request>).

use super::{message_sid, webhook_form};
use crate::form::Form;
use crate::{ChannelError, Inbound, Media, OptOutType};

/// The most files that one message carries (Twilio's documented maximum).
const MOST_MEDIA: usize = 10;

/// The longest address: E.164 has 16 characters, an alphanumeric sender 11, `whatsapp:` and the like a few more.
const LONGEST_ADDRESS: usize = 64;

/// The longest URL of a file.
const LONGEST_URL: usize = 2048;

/// Reads a message webhook whose signature was checked. `account_sid` is the account it must belong to, if that is known.
/// `whatsapp:+1…` and other channels' addresses stay as they are.
pub fn inbound(body: &[u8], account_sid: Option<&str>) -> Result<Inbound, ChannelError> {
    let form = webhook_form(body, account_sid)?;
    let provider_message_id = message_sid(&form, "SmsMessageSid")?;
    let from = address(&form, "From")?;
    let to = address(&form, "To")?;
    let media = media(&form)?;
    let text = match form.get("Body") {
        Some(text) => without_controls(text),
        None if media.is_empty() => return Err(ChannelError::Missing("Body".to_owned())),
        None => String::new(),
    };
    Ok(Inbound { provider_message_id, from, to, text, media, provider_opt_out: opt_out_type(&form), tapped: None })
}

fn address(form: &Form<'_>, name: &str) -> Result<String, ChannelError> {
    let address = form.require(name)?;
    if address.len() > LONGEST_ADDRESS || address.chars().any(char::is_control) {
        return Err(invalid(name, "is no address"));
    }
    Ok(address.to_owned())
}

fn media(form: &Form<'_>) -> Result<Vec<Media>, ChannelError> {
    let count: usize = match form.get("NumMedia") {
        None => 0,
        Some(count) => count.parse().map_err(|_| invalid("NumMedia", "is no number"))?,
    };
    if count > MOST_MEDIA {
        return Err(invalid("NumMedia", "is more than ten"));
    }
    (0..count).map(|index| medium(form, index)).collect()
}

fn medium(form: &Form<'_>, index: usize) -> Result<Media, ChannelError> {
    let name = format!("MediaUrl{index}");
    let url = form.require(&name)?;
    if url.len() > LONGEST_URL || !(url.starts_with("https://") || url.starts_with("http://")) {
        return Err(invalid(&name, "is no URL"));
    }
    let content_type = form.get(&format!("MediaContentType{index}")).unwrap_or("application/octet-stream");
    Ok(Media { url: url.to_owned(), content_type: content_type.to_owned() })
}

/// Sent only by a Messaging Service with Advanced Opt-Out
/// (<https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out>).
fn opt_out_type(form: &Form<'_>) -> Option<OptOutType> {
    match form.get("OptOutType")? {
        "STOP" => Some(OptOutType::Stop),
        "START" => Some(OptOutType::Start),
        "HELP" => Some(OptOutType::Help),
        _ => None,
    }
}

/// The text without characters that nobody types: SQLite's text functions stop at a NUL, XML has no place for the others.
fn without_controls(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t')).collect()
}

fn invalid(field: &str, problem: &'static str) -> ChannelError {
    ChannelError::Invalid { field: field.to_owned(), problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

    fn read(fields: &[(&str, &str)]) -> Result<Inbound, ChannelError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        inbound(body.as_bytes(), Some(ACCOUNT))
    }

    const SMS: [(&str, &str); 6] = [
        ("MessageSid", "SM1"),
        ("AccountSid", ACCOUNT),
        ("From", "+13125550123"),
        ("To", "+15005550006"),
        ("Body", "下周二\n可以吗\u{0}?"),
        ("NumMedia", "0"),
    ];

    fn without(name: &str) -> Vec<(&'static str, &'static str)> {
        SMS.into_iter().filter(|(key, _)| *key != name).collect()
    }

    fn with(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
        [(name, value)].into_iter().chain(without(name)).collect()
    }

    #[test]
    fn reads_a_text() {
        let expected = Inbound {
            provider_message_id: "SM1".into(),
            from: "+13125550123".into(),
            to: "+15005550006".into(),
            text: "下周二\n可以吗?".into(),
            media: vec![],
            provider_opt_out: None,
            tapped: None,
        };
        assert!(read(&SMS).unwrap() == expected);
    }

    #[test]
    fn reads_pictures() {
        let fields = [
            ("SmsMessageSid", "MM1"),
            ("From", "+13125550123"),
            ("To", "+15005550006"),
            ("NumMedia", "2"),
            ("MediaUrl0", "https://api.twilio.com/m/0"),
            ("MediaContentType0", "image/jpeg"),
            ("MediaUrl1", "https://api.twilio.com/m/1"),
        ];
        let message = read(&fields).unwrap();
        assert_eq!((message.provider_message_id.as_str(), message.text.as_str()), ("MM1", ""));
        let media = |url: &str, content_type: &str| Media { url: url.into(), content_type: content_type.into() };
        assert_eq!(
            message.media,
            [
                media("https://api.twilio.com/m/0", "image/jpeg"),
                media("https://api.twilio.com/m/1", "application/octet-stream")
            ]
        );
    }

    #[test]
    fn reads_what_twilio_did_with_a_keyword() {
        for (value, expected) in [
            ("STOP", Some(OptOutType::Stop)),
            ("START", Some(OptOutType::Start)),
            ("HELP", Some(OptOutType::Help)),
            ("", None),
        ] {
            assert_eq!(read(&with("OptOutType", value)).unwrap().provider_opt_out, expected);
        }
    }

    #[test]
    fn names_what_is_missing() {
        for name in ["MessageSid", "From", "To", "Body"] {
            assert_eq!(read(&without(name)).unwrap_err(), ChannelError::Missing(name.into()));
        }
        assert_eq!(read(&with("From", " ")).unwrap_err(), ChannelError::Missing("From".into()));
        assert_eq!(read(&with("NumMedia", "1")).unwrap_err(), ChannelError::Missing("MediaUrl0".into()));
        assert!(inbound(b"{\"json\": true}", Some(ACCOUNT)).is_err());
    }

    #[test]
    fn names_what_is_wrong() {
        for (field, value) in [
            ("NumMedia", "11"),
            ("NumMedia", "-1"),
            ("NumMedia", "many"),
            ("MessageSid", "SM1'; --"),
            ("To", "+1\u{7}"),
        ] {
            let error = read(&with(field, value)).unwrap_err();
            assert!(matches!(&error, ChannelError::Invalid { field: named, .. } if named == field), "{error}");
            assert_eq!(error.status(), 400);
        }
        let mut fields = with("NumMedia", "1");
        fields.push(("MediaUrl0", "javascript:alert(1)"));
        assert!(matches!(read(&fields), Err(ChannelError::Invalid { .. })));
    }

    #[test]
    fn keeps_to_its_account_and_its_limits() {
        assert_eq!(read(&with("AccountSid", "AC9")).unwrap_err(), ChannelError::WrongAccount);
        assert!(read(&without("AccountSid")).is_ok());
        assert!(inbound(b"MessageSid=SM1&From=%2B1&To=%2B2&Body=a&AccountSid=AC9", None).is_ok());
        let long = format!("Body={}", "a".repeat(64 * 1024));
        assert_eq!(inbound(long.as_bytes(), Some(ACCOUNT)).unwrap_err().status(), 413);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced() {
        let body = b"MessageSid=SM1&From=%2B13125550123&To=%2B15005550006&Body=caf%E9+%FF";
        assert_eq!(inbound(body, Some(ACCOUNT)).unwrap().text, "caf\u{fffd} \u{fffd}");
    }

    proptest! {
        #[test]
        fn never_panics(body: Vec<u8>) {
            let _ = inbound(&body, Some(ACCOUNT));
        }

        #[test]
        fn keeps_every_printable_text(text in "\\PC*") {
            let fields = [("MessageSid", "SM1"), ("From", "+1"), ("To", "+2"), ("Body", &text)];
            prop_assert_eq!(read(&fields).unwrap().text, text);
        }
    }
}
