//! Sending one leased row.

use crate::Outcome;
use crate::backoff;
use chrono::{DateTime, Utc};
use lanekeeper_channels::Provider;
use lanekeeper_channels::twilio::{self, Credentials, Outgoing, SendFailure};
use lanekeeper_domain::notifications::Kind;
use lanekeeper_platform::{Clock, Database, HttpClient, OutboundRequest, Platform, Random, Settings, Statement};
use lanekeeper_storage::{
    Leased, Readdress, keep_trying, opt_out_of_delivery, park_delivery, readdress, recorded_messages, settle_sent,
    text_as_well, unseal, withdraw_delivery,
};
use serde_json::json;
use std::time::Duration;

/// Sends one row of this database and records what became of it.
pub async fn send<P: Platform>(platform: &P, database: &P::Database, row: &Leased, lease: Duration) -> Outcome {
    let (statements, outcome, log) = match attempt(platform, database, row, lease).await {
        Ok(message) => (settled(platform, row, &message), Outcome::Settled, "sent".to_owned()),
        Err(failure) => {
            let log = failure.to_string();
            let (statements, outcome) = after_failure(platform, row, &failure, lease);
            (statements, outcome, log)
        }
    };
    self::log(platform, row, &log);
    if statements.is_empty() {
        return outcome;
    }
    if let Err(error) = database.batch(statements).await {
        // The lease runs out, and the next consumer first asks the provider whether the message has left.
        platform.log(&json!({"event": "settling_failed", "id": row.id, "error": error.to_string()}));
        return Outcome::Again(after_lease(lease));
    }
    outcome
}

/// What is written once the message has left.
fn settled<P: Platform>(platform: &P, row: &Leased, message: &str) -> Vec<Statement> {
    let now = platform.clock().now();
    let mut statements = settle_sent(row, message, now);
    if is_widget(row) {
        // The clock wakes what is to be texted as well.
        let id = || platform.random().id(now);
        statements.extend(text_as_well(row, &id(), &id(), now));
    }
    statements
}

fn is_widget(row: &Leased) -> bool {
    Provider::from_slug(&row.provider) == Some(Provider::Widget)
}

/// One line of the log per try.
pub fn log<P: Platform>(platform: &P, row: &Leased, outcome: &str) {
    platform.log(
        &json!({"event": "delivery", "id": row.id, "store": row.store_id, "attempt": row.attempts, "outcome": outcome}),
    );
}

/// The provider's id of the message, once it has been accepted.
async fn attempt<P: Platform>(
    platform: &P,
    database: &P::Database,
    row: &Leased,
    lease: Duration,
) -> Result<String, SendFailure> {
    if is_widget(row) {
        // It is in the thread once it counts as sent, and that is all there is to do.
        return Ok(row.id.clone());
    }
    let credentials = credentials(platform, row)?;
    let api_url = platform.settings().get("TWILIO_API_URL").unwrap_or_else(|| twilio::API_URL.to_owned());
    let status_callback = platform
        .settings()
        .get("PUBLIC_URL")
        .map(|url| format!("{}/channels/twilio/{}/status?delivery={}", url.trim_end_matches('/'), row.line_id, row.id));
    let message = Outgoing {
        from: &row.sender,
        to: &row.recipient,
        body: &row.text,
        status_callback: status_callback.as_deref(),
    };
    let outcome_unknown = row.attempts > row.failures + 1;
    if outcome_unknown
        && let Some(message) = already_sent(platform, database, row, (&api_url, &credentials, message), lease).await?
    {
        return Ok(message);
    }
    let request = twilio::send_request(&api_url, &credentials, message);
    twilio::sent(&platform.http().send(within(request, lease)).await)
}

/// A request that is over well before the lease is, also when two are made one after the other: whoever leases the row
/// next must find that this one no longer sends.
fn within(request: OutboundRequest, lease: Duration) -> OutboundRequest {
    OutboundRequest { timeout: request.timeout.min(lease / 3), ..request }
}

/// An earlier try ended without an answer: the provider is asked whether it has the message.
async fn already_sent<P: Platform>(
    platform: &P,
    database: &P::Database,
    row: &Leased,
    (api_url, credentials, message): (&str, &Credentials, Outgoing<'_>),
    lease: Duration,
) -> Result<Option<String>, SendFailure> {
    let unknown = |reason: String| SendFailure::Unknown { after: None, reason };
    let answer = platform.http().send(within(twilio::search_request(api_url, credentials, message), lease)).await;
    let first_tried_at = DateTime::<Utc>::from_timestamp_millis(row.first_tried_at).unwrap_or_default();
    let found = twilio::find_sent(&answer, &row.text, first_tried_at).map_err(|error| unknown(error.to_string()))?;
    let recorded =
        recorded_messages(database, &row.line_id, &found).await.map_err(|error| unknown(error.to_string()))?;
    Ok(found.into_iter().find(|message| !recorded.contains(message)))
}

fn credentials<P: Platform>(platform: &P, row: &Leased) -> Result<Credentials, SendFailure> {
    let wrong = |reason: &str| SendFailure::Misconfigured { reason: reason.to_owned() };
    if Provider::from_slug(&row.provider) != Some(Provider::Twilio) {
        return Err(wrong("the provider is not known"));
    }
    unsealed(platform, &row.line_id, &row.credentials)
}

/// A line's credentials at Twilio.
pub fn unsealed<P: Platform>(platform: &P, line: &str, sealed: &str) -> Result<Credentials, SendFailure> {
    let key = platform.settings().get("SEALING_KEY").unwrap_or_default();
    unseal(&key, line, sealed).map_err(|error| SendFailure::Misconfigured { reason: error.to_string() })
}

fn after_failure<P: Platform>(
    platform: &P,
    row: &Leased,
    failure: &SendFailure,
    lease: Duration,
) -> (Vec<Statement>, Outcome) {
    let now = platform.clock().now();
    let error = failure.to_string();
    let settled = |statements| (statements, Outcome::Settled);
    match failure {
        SendFailure::OptedOut => {
            let mut statements = opt_out_of_delivery(&row.store_id, &row.line_id, &row.id, now);
            statements.push(withdraw_delivery(row, &error, now));
            settled(statements)
        }
        SendFailure::Rejected(refusal) if twilio::is_out_of_reach(refusal.code) => {
            match on_another_line(platform, row, &error) {
                Some(mut statements) => {
                    // Only what could not be given away is still there to be parked.
                    statements.push(park_delivery(row, &error, true, now));
                    (statements, Outcome::Again(Duration::ZERO))
                }
                None => settled(vec![park_delivery(row, &error, true, now)]),
            }
        }
        SendFailure::Rejected(_) | SendFailure::Misconfigured { .. } => {
            settled(vec![park_delivery(row, &error, true, now)])
        }
        SendFailure::Busy { after, .. } => {
            let mut chance = [0];
            platform.random().fill(&mut chance);
            match backoff::wait(row.attempts, *after, chance[0]) {
                Some(wait) => {
                    let due_at = now + chrono::Duration::from_std(wait).unwrap_or_default();
                    (vec![keep_trying(row, &error, due_at, now)], Outcome::Again(wait))
                }
                None => settled(vec![park_delivery(row, &error, true, now)]),
            }
        }
        // Nothing is written: the row stays leased as one whose outcome is unknown, and is asked after when the lease
        // has run out. After many such rounds a person had better look.
        SendFailure::Unknown { .. } => match backoff::wait(row.attempts, None, 0) {
            Some(_) => (Vec::new(), Outcome::Again(after_lease(lease))),
            None => settled(vec![park_delivery(row, &error, false, now)]),
        },
    }
}

/// Gives the row to the next of the store's lines for such messages, if there is one.
fn on_another_line<P: Platform>(platform: &P, row: &Leased, error: &str) -> Option<Vec<Statement>> {
    let now = platform.clock().now();
    let settings = row.notifications();
    // What a person writes belongs to this conversation: they see that it did not arrive, and choose what to do.
    let may_move = row.readdressed_from.is_none() && row.kind() != Some(Kind::Reply);
    let next = settings.line_after(row.kind(), &row.line_id).filter(|_| may_move)?;
    let to = Readdress {
        delivery: &row.id,
        store: &row.store_id,
        from_line: &row.line_id,
        to_line: next,
        conversation: &platform.random().id(now),
        error,
    };
    Some(readdress(&to, now))
}

fn after_lease(lease: Duration) -> Duration {
    lease + Duration::from_secs(1)
}
