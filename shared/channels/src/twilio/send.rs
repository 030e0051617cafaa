//! Sending: "Messages resource", create (<https://www.twilio.com/docs/messaging/api/message-resource>).

use super::Credentials;
use lanekeeper_platform::{HttpError, Method, OutboundRequest, OutboundResponse};
use serde::Deserialize;
use std::time::Duration;

/// The error code for a recipient who has opted out, in answers and in receipts: it must be recorded
/// (<https://www.twilio.com/docs/api/errors/21610>).
pub const OPTED_OUT: u32 = 21610;

/// The carrier's queue overflowed; an unchanged message may be accepted later
/// (<https://www.twilio.com/docs/api/errors/30001>).
const QUEUE_OVERFLOW: u32 = 30001;

/// The number cannot be reached by a text from this line, now or later: it is not valid, not to be reached from here, no
/// mobile number, switched off for good, unknown, or a landline. What a carrier or a customer has blocked is not among
/// them: whoever does not want a text from one line does not want it from another.
/// (<https://www.twilio.com/docs/api/errors>).
const OUT_OF_REACH: [u32; 8] = [21211, 21612, 21614, 21635, 30003, 30005, 30006, 30008];

/// Whether an error, in an answer or in a receipt, says that another line had better try.
pub fn is_out_of_reach(code: Option<u32>) -> bool {
    code.is_some_and(|code| OUT_OF_REACH.contains(&code))
}

/// Errors that are the account's or the sender number's, not this message's: authentication, permissions, a region that
/// is not enabled, a number that is not the account's or cannot send, a callback out of Twilio's reach
/// (<https://www.twilio.com/docs/api/errors>).
const CONFIGURATION: [u32; 12] = [20003, 20005, 20404, 21212, 21408, 21603, 21606, 21608, 21609, 21659, 21660, 21661];

/// How long Twilio may take over an answer.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest wait that is taken from `Retry-After`.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// A message to a customer.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    /// The store's number, in E.164.
    pub from: &'a str,
    /// The customer's number, in E.164.
    pub to: &'a str,
    /// The text, of at most 1600 characters.
    pub body: &'a str,
    /// Where receipts go, if they are wanted: a URL that Twilio can reach.
    pub status_callback: Option<&'a str>,
}

/// The request that sends a message. Twilio has no idempotency key for it: after [`SendFailure::Unknown`] look with
/// [`super::search_request`] before trying again.
pub fn send_request(api_url: &str, credentials: &Credentials, message: Outgoing<'_>) -> OutboundRequest {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("To", message.to).append_pair("From", message.from).append_pair("Body", message.body);
    if let Some(url) = message.status_callback {
        form.append_pair("StatusCallback", url);
    }
    OutboundRequest {
        method: Method::Post,
        url: messages_url(api_url, credentials),
        headers: vec![
            ("authorization".to_owned(), credentials.authorization()),
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("accept".to_owned(), "application/json".to_owned()),
        ],
        body: form.finish().into_bytes(),
        timeout: TIMEOUT,
    }
}

pub(super) fn messages_url(api_url: &str, credentials: &Credentials) -> String {
    format!("{}/2010-04-01/Accounts/{}/Messages.json", api_url.trim_end_matches('/'), credentials.account_sid)
}

/// Why a message was not sent, as far as is known. The texts hold no number and no word of the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendFailure {
    /// The customer has opted out at Twilio: record it, and never try again.
    #[error("the recipient has opted out (Twilio error {OPTED_OUT})")]
    OptedOut,
    /// Twilio refuses this message: trying again is of no use.
    #[error("Twilio refused the message ({0})")]
    Rejected(Refusal),
    /// Twilio refuses the account or the sender: nothing can be sent until a person has set it right.
    #[error("the line is not set up rightly for Twilio ({reason})")]
    Misconfigured {
        /// What Twilio answered, or why it could not even be asked.
        reason: String,
    },
    /// Too much at once. Nothing was sent: try again (<https://www.twilio.com/docs/api/errors/20429>).
    #[error("Twilio is busy; the message was not sent ({refusal})")]
    Busy {
        /// How long Twilio wants to be left alone, if it says.
        after: Option<Duration>,
        /// What Twilio answered.
        refusal: Refusal,
    },
    /// There was no answer, or one that tells nothing: the message may have been sent
    /// (<https://www.twilio.com/docs/api/errors/20500>).
    #[error("it is not known whether Twilio has sent the message: {reason}")]
    Unknown {
        /// How long Twilio wants to be left alone, if it says.
        after: Option<Duration>,
        /// What happened instead of an answer.
        reason: String,
    },
}

/// What Twilio answered when it refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Twilio's error code, explained at `https://www.twilio.com/docs/api/errors/{code}`.
    pub code: Option<u32>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.code {
            Some(code) => write!(f, "status {}, error {code}", self.status),
            None => write!(f, "status {}", self.status),
        }
    }
}

/// What became of a [`send_request`]: the message's SID once Twilio has taken it on.
///
/// Twilio asks not to build much on error codes, since it keeps refining them: the status decides, and only the codes
/// that ask for something else of us are told apart.
pub fn sent(answer: &Result<OutboundResponse, HttpError>) -> Result<String, SendFailure> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error @ HttpError::Invalid(_)) => return Err(SendFailure::Misconfigured { reason: error.to_string() }),
        Err(error) => return Err(SendFailure::Unknown { after: None, reason: error.to_string() }),
    };
    match answer.status {
        200..=299 => taken_on(answer),
        429 => Err(SendFailure::Busy { after: retry_after(answer), refusal: refusal(answer) }),
        400..=499 if answer.status != 408 => Err(refused(refusal(answer))),
        // 3xx is no answer of Twilio's; after 408 and 5xx the message may stand in its queue all the same.
        other => Err(SendFailure::Unknown { after: retry_after(answer), reason: format!("status {other}") }),
    }
}

fn taken_on(answer: &OutboundResponse) -> Result<String, SendFailure> {
    #[derive(Deserialize)]
    struct Message {
        sid: String,
        status: Option<String>,
        error_code: Option<u32>,
    }
    let message: Message = serde_json::from_slice(&answer.body)
        .map_err(|_| SendFailure::Unknown { after: None, reason: "the answer is no message".to_owned() })?;
    match message.status.as_deref() {
        Some("failed" | "undelivered") => Err(refused(Refusal { status: answer.status, code: message.error_code })),
        _ => Ok(message.sid),
    }
}

fn refused(refusal: Refusal) -> SendFailure {
    match (refusal.code, refusal.status) {
        (Some(OPTED_OUT), _) => SendFailure::OptedOut,
        // 20429 is 429 by its other name; 14107 and 21611 are the sender's own limits.
        (Some(20429 | 14107 | 21611 | QUEUE_OVERFLOW), _) => SendFailure::Busy { after: None, refusal },
        (Some(code), _) if CONFIGURATION.contains(&code) => misconfigured(refusal),
        (_, 401 | 403 | 404) => misconfigured(refusal),
        _ => SendFailure::Rejected(refusal),
    }
}

fn misconfigured(refusal: Refusal) -> SendFailure {
    SendFailure::Misconfigured { reason: refusal.to_string() }
}

fn refusal(answer: &OutboundResponse) -> Refusal {
    #[derive(Deserialize)]
    struct Problem {
        code: Option<u32>,
    }
    let code = serde_json::from_slice::<Problem>(&answer.body).ok().and_then(|problem| problem.code);
    Refusal { status: answer.status, code }
}

/// `Retry-After` in seconds; its other form, a date, is left to the usual back-off.
fn retry_after(answer: &OutboundResponse) -> Option<Duration> {
    let seconds = answer.header("retry-after")?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        Credentials { account_sid: "AC1".into(), auth_token: "secret".into() }
    }

    fn answer(status: u16, body: &str) -> OutboundResponse {
        OutboundResponse { status, headers: vec![], body: body.as_bytes().to_vec() }
    }

    fn refusal_of(status: u16, code: u32) -> Result<String, SendFailure> {
        let body = serde_json::json!({"code": code, "message": "…", "status": status}).to_string();
        sent(&Ok(answer(status, &body)))
    }

    #[test]
    fn makes_the_request() {
        let message = Outgoing {
            from: "+15005550006",
            to: "+13125550123",
            body: "Mañana & 明天",
            status_callback: Some("https://edge.example/channels/twilio/lakeside-sms/status"),
        };
        let request = send_request("https://api.twilio.com/", &credentials(), message);
        assert_eq!(request.method, Method::Post);
        assert_eq!(request.url, "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json");
        assert!(request.headers.contains(&("authorization".into(), "Basic QUMxOnNlY3JldA==".into())));
        let fields: Vec<(String, String)> = form_urlencoded::parse(&request.body).into_owned().collect();
        let expected = [
            ("To", "+13125550123"),
            ("From", "+15005550006"),
            ("Body", "Mañana & 明天"),
            ("StatusCallback", "https://edge.example/channels/twilio/lakeside-sms/status"),
        ];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));

        let silent = send_request(super::super::API_URL, &credentials(), Outgoing { status_callback: None, ..message });
        assert!(!String::from_utf8(silent.body).unwrap().contains("StatusCallback"));
    }

    #[test]
    fn an_accepted_message_has_its_sid() {
        let body = r#"{"sid":"SM1","status":"queued","error_code":null,"body":"…"}"#;
        assert_eq!(sent(&Ok(answer(201, body))), Ok("SM1".into()));
    }

    #[test]
    fn an_opt_out_is_told_apart() {
        assert_eq!(refusal_of(400, 21610), Err(SendFailure::OptedOut));
        let failed_at_once = r#"{"sid":"SM1","status":"failed","error_code":21610}"#;
        assert_eq!(sent(&Ok(answer(201, failed_at_once))), Err(SendFailure::OptedOut));
    }

    #[test]
    fn the_messages_own_faults_are_final() {
        for code in [21211, 21614, 21617, 99999] {
            let refusal = Refusal { status: 400, code: Some(code) };
            assert_eq!(refusal_of(400, code), Err(SendFailure::Rejected(refusal)));
        }
        assert!(matches!(sent(&Ok(answer(400, "<html>"))), Err(SendFailure::Rejected(Refusal { code: None, .. }))));
    }

    #[test]
    fn the_lines_faults_are_for_a_person() {
        for (status, code) in [(401, 20003), (403, 20005), (404, 20404), (400, 21408), (400, 21606), (403, 1)] {
            let failure = refusal_of(status, code);
            assert!(matches!(failure, Err(SendFailure::Misconfigured { .. })), "{status} {code}: {failure:?}");
        }
        assert!(matches!(sent(&Err(HttpError::Invalid("no host".into()))), Err(SendFailure::Misconfigured { .. })));
    }

    #[test]
    fn busy_means_again_later() {
        let refusal = Refusal { status: 429, code: Some(20429) };
        assert_eq!(refusal_of(429, 20429), Err(SendFailure::Busy { after: None, refusal }));
        assert!(matches!(refusal_of(400, 21611), Err(SendFailure::Busy { .. })));

        for (header, expected) in
            [("7", Some(7)), ("999999999999", Some(86_400)), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None)]
        {
            let headers = vec![("retry-after".to_owned(), header.to_owned())];
            let Err(SendFailure::Busy { after, .. }) =
                sent(&Ok(OutboundResponse { status: 429, headers, body: vec![] }))
            else {
                panic!("429 is busy");
            };
            assert_eq!(after, expected.map(Duration::from_secs));
        }
    }

    #[test]
    fn without_a_clear_answer_it_may_have_been_sent() {
        let unclear = [
            Err(HttpError::Timeout),
            Err(HttpError::Unreachable("reset".into())),
            Ok(answer(500, "")),
            Ok(answer(503, r#"{"code":20503}"#)),
            Ok(answer(302, "")),
            Ok(answer(408, "")),
            Ok(answer(201, "{}")),
            Ok(answer(200, "<html>captive portal</html>")),
        ];
        for answer in unclear {
            assert!(matches!(sent(&answer), Err(SendFailure::Unknown { .. })), "{answer:?}");
        }
    }

    #[test]
    fn failures_tell_no_secrets() {
        let body = r#"{"code":21211,"message":"Invalid 'To' Phone Number: +13125550123","status":400}"#;
        let failure = sent(&Ok(answer(400, body))).unwrap_err();
        assert_eq!(failure.to_string(), "Twilio refused the message (status 400, error 21211)");
    }
}
