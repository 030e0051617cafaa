//! Looking for a message whose sending ended without an answer: "Messages resource", list
//! (<https://www.twilio.com/docs/messaging/api/message-resource>).

use super::send::{TIMEOUT, messages_url};
use super::{Credentials, Outgoing};
use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_platform::{HttpError, Method, OutboundRequest, OutboundResponse};
use serde::Deserialize;

/// How far Twilio's clock and ours may be apart.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(1);

/// What a trial account's messages begin with
/// (<https://www.twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account>).
const TRIAL_PREFIX: &str = "Sent from your Twilio trial account - ";

/// The request that lists the newest messages between the two numbers.
///
/// The list's filter by date goes by the day a message was *sent*, and one that waits in Twilio's queue has none: so
/// there is no such filter, and [`find_sent`] goes by the time a message was made.
pub fn search_request(api_url: &str, credentials: &Credentials, message: Outgoing<'_>) -> OutboundRequest {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("To", message.to)
        .append_pair("From", message.from)
        .append_pair("PageSize", "100")
        .finish();
    OutboundRequest {
        method: Method::Get,
        url: format!("{}?{query}", messages_url(api_url, credentials)),
        headers: vec![
            ("authorization".to_owned(), credentials.authorization()),
            ("accept".to_owned(), "application/json".to_owned()),
        ],
        body: Vec::new(),
        timeout: TIMEOUT,
    }
}

/// The list could not be had: whether the message was sent is still not known, so try the search again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Twilio's list of messages could not be read: {0}")]
pub struct SearchFailure(String);

/// The SIDs of the messages in the answer to a [`search_request`] that may be the one sought, newest first: made by the
/// REST API since the first attempt, with the same text. There may be several where the same text was sent twice on
/// purpose; those that other deliveries have already recorded are theirs.
pub fn find_sent(
    answer: &Result<OutboundResponse, HttpError>,
    body: &str,
    first_tried_at: DateTime<Utc>,
) -> Result<Vec<String>, SearchFailure> {
    let answer = answer.as_ref().map_err(|error| SearchFailure(error.to_string()))?;
    if answer.status != 200 {
        return Err(SearchFailure(format!("status {}", answer.status)));
    }
    let list: List =
        serde_json::from_slice(&answer.body).map_err(|_| SearchFailure("the answer is no list".to_owned()))?;
    Ok(list.messages.into_iter().filter(|found| found.may_be(body, first_tried_at)).map(|found| found.sid).collect())
}

#[derive(Deserialize)]
struct List {
    messages: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    sid: String,
    body: Option<String>,
    /// `outbound-api`, `outbound-reply` (TwiML), `inbound` …
    direction: Option<String>,
    /// RFC 2822, in UTC, to the second.
    date_created: Option<String>,
}

impl Listed {
    fn may_be(&self, body: &str, first_tried_at: DateTime<Utc>) -> bool {
        let by_api = self.direction.as_deref().is_none_or(|direction| direction == "outbound-api");
        let same_text = self
            .body
            .as_deref()
            .is_some_and(|found| found.strip_prefix(TRIAL_PREFIX).unwrap_or(found).trim() == body.trim());
        let created = self.date_created.as_deref().and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        // Without a readable date, rather none sent twice.
        by_api && same_text && created.is_none_or(|created| created.to_utc() - first_tried_at >= -CLOCK_SKEW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const TEXT: &str = "Your appointment is tomorrow at 9:00.";

    fn tried() -> DateTime<Utc> {
        "2026-03-02T15:00:00.700Z".parse().unwrap()
    }

    fn listed(sid: &str, body: &str, direction: &str, created: &str) -> Value {
        json!({"sid": sid, "body": body, "direction": direction, "date_created": created, "date_sent": null})
    }

    fn find(messages: &[Value]) -> Result<Vec<String>, SearchFailure> {
        let body = json!({"messages": messages, "page_size": 100}).to_string().into_bytes();
        find_sent(&Ok(OutboundResponse { status: 200, headers: vec![], body }), TEXT, tried())
    }

    #[test]
    fn asks_for_the_messages_between_the_two() {
        let credentials = Credentials { account_sid: "AC1".into(), auth_token: "secret".into() };
        let message = Outgoing { from: "+15005550006", to: "+13125550123", body: TEXT, status_callback: None };
        let request = search_request("http://127.0.0.1:9", &credentials, message);
        assert_eq!(
            request.url,
            "http://127.0.0.1:9/2010-04-01/Accounts/AC1/Messages.json?To=%2B13125550123&From=%2B15005550006&PageSize=100"
        );
        assert_eq!(request.method, Method::Get);
        assert!(request.headers.contains(&("authorization".into(), "Basic QUMxOnNlY3JldA==".into())));
    }

    #[test]
    fn finds_the_message_by_its_text_and_time() {
        let in_time = "Mon, 02 Mar 2026 15:00:00 +0000";
        let found = find(&[
            listed("SM1", TEXT, "outbound-api", in_time),
            listed("SM2", "Another text.", "outbound-api", in_time),
            listed("SM3", TEXT, "outbound-reply", in_time),
            listed("SM4", TEXT, "outbound-api", "Mon, 02 Mar 2026 14:58:00 +0000"),
            listed("SM5", &format!("{TRIAL_PREFIX}{TEXT}"), "outbound-api", in_time),
            listed("SM6", &format!("{TEXT} {TEXT}"), "outbound-api", in_time),
        ]);
        assert_eq!(found, Ok(vec!["SM1".to_owned(), "SM5".to_owned()]));
        assert_eq!(find(&[]), Ok(vec![]));
    }

    #[test]
    fn a_message_without_a_readable_time_counts() {
        assert_eq!(find(&[json!({"sid": "SM1", "body": TEXT})]), Ok(vec!["SM1".to_owned()]));
    }

    #[test]
    fn an_unreadable_list_is_not_an_empty_one() {
        let answer = |status, body: &str| Ok(OutboundResponse { status, headers: vec![], body: body.into() });
        for answer in [Err(HttpError::Timeout), answer(500, ""), answer(200, "{}"), answer(401, r#"{"messages":[]}"#)] {
            assert!(find_sent(&answer, TEXT, tried()).is_err(), "{answer:?}");
        }
    }
}
