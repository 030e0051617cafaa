//! The simulated phone's side of a line: what it sends goes through the line's own webhook, signed as the provider would.

use crate::error::SimulatorError;
use crate::peer::is_fictitious;
use chrono::{DateTime, SecondsFormat, Utc};
use lanekeeper_channels::{Provider, public_url, twilio};
use lanekeeper_domain::Store;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_platform::{Clock, Platform, Request, Response, Settings};
use lanekeeper_storage::{IdentityKind, Loaded, Playbook, ThreadMessage, load_turn, playbook, simulated_thread};
use serde::Deserialize;
use serde_json::{Value, json};

/// The longest body, in bytes: `LONGEST_TEXT` characters of any script, escaped, and the rest.
const LONGEST_BODY: usize = 24 * 1024;

/// The longest text, in characters: what Twilio takes as one message.
const LONGEST_TEXT: usize = 1600;

/// How many messages one number may send: enough for every try, too few to fill a database from one number.
const MOST_SENT: u32 = 300;

/// How many messages a thread shows.
const MOST_SHOWN: u32 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    /// The message's SID: `SM` and 32 hexadecimal digits. The phone makes it up, so that sending again has no second effect.
    id: String,
    from: String,
    text: String,
}

/// Sends a text to the line, and shows what came of it.
pub async fn send<P: Platform>(platform: &P, request: &Request, line: &str) -> Result<Response, SimulatorError> {
    let message = read(request)?;
    let playbook = simulated(platform, line).await?;
    let database = playbook.shard_of(platform)?.database;
    let thread = simulated_thread(database, &playbook.store.id, line, &message.from, 1).await?;
    if thread.conversation.is_some_and(|head| head.sent >= MOST_SENT) {
        return Err(SimulatorError::Exhausted);
    }
    let webhook = webhook(platform, request, &playbook, &message)?;
    let answer = lanekeeper_webhooks::handle(platform, &webhook).await;
    if answer.status >= 400 {
        return Ok(answer);
    }
    conversation(platform, &playbook, &message.from).await
}

/// Shows the thread between the line and the number in the query's `from`.
pub async fn show<P: Platform>(platform: &P, request: &Request, line: &str) -> Result<Response, SimulatorError> {
    let from = form_urlencoded::parse(request.query.as_bytes()).find(|(name, _)| name == "from").map(|(_, from)| from);
    let from = from.filter(|from| is_fictitious(from)).ok_or(SimulatorError::Peer)?;
    let playbook = simulated(platform, line).await?;
    conversation(platform, &playbook, &from).await
}

fn read(request: &Request) -> Result<Message, SimulatorError> {
    let media_type = request.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/json") {
        return Err(SimulatorError::NotJson);
    }
    if request.body.len() > LONGEST_BODY {
        return Err(SimulatorError::TooLong);
    }
    let message: Message = serde_json::from_slice(&request.body)
        .map_err(|error| SimulatorError::Invalid(format!("The body is not right: {error}.")))?;
    let is_sid = message.id.strip_prefix("SM").is_some_and(|digits| {
        digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    });
    if !is_sid {
        return Err(SimulatorError::Invalid("'id' must be SM and 32 hexadecimal digits in small letters.".to_owned()));
    }
    if !is_fictitious(&message.from) {
        return Err(SimulatorError::Peer);
    }
    if message.text.trim().is_empty() || message.text.chars().count() > LONGEST_TEXT {
        return Err(SimulatorError::Invalid(format!("'text' must have from 1 to {LONGEST_TEXT} characters.")));
    }
    Ok(message)
}

/// The line's playbook, if the simulator may write to it.
async fn simulated<P: Platform>(platform: &P, line: &str) -> Result<Playbook, SimulatorError> {
    let playbook = playbook(platform, line).await?;
    let is_twilio = |line: &lanekeeper_storage::Line| Provider::from_slug(&line.provider) == Some(Provider::Twilio);
    playbook.filter(|playbook| playbook.line.simulated && is_twilio(&playbook.line)).ok_or(SimulatorError::NoSuchLine)
}

/// The request that Twilio would make for this message.
fn webhook<P: Platform>(
    platform: &P,
    request: &Request,
    playbook: &Playbook,
    message: &Message,
) -> Result<Request, SimulatorError> {
    let credentials = lanekeeper_webhooks::credentials(platform, &playbook.line)?;
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("MessageSid", &message.id)
        .append_pair("AccountSid", &credentials.account_sid)
        .append_pair("From", &message.from)
        .append_pair("To", &playbook.line.address)
        .append_pair("Body", &message.text)
        .append_pair("NumMedia", "0")
        .append_pair("NumSegments", "1")
        .append_pair("ApiVersion", "2010-04-01")
        .finish()
        .into_bytes();
    let mut webhook = Request {
        method: "POST".to_owned(),
        origin: request.origin.clone(),
        path: format!("/channels/twilio/{}", playbook.line.id),
        query: String::new(),
        headers: vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())],
        body,
    };
    let url = public_url(&webhook, platform.settings().get("PUBLIC_URL").as_deref());
    let signature = twilio::sign(&webhook.body, &url, &credentials.auth_token)?;
    webhook.headers.push(("x-twilio-signature".to_owned(), signature));
    Ok(webhook)
}

/// The thread, and beside it what the store now knows of the customer.
async fn conversation<P: Platform>(platform: &P, playbook: &Playbook, from: &str) -> Result<Response, SimulatorError> {
    let database = playbook.shard_of(platform)?.database;
    let (line, store) = (&playbook.line.id, &playbook.store);
    let thread = simulated_thread(database, &store.id, line, from, MOST_SHOWN).await?;
    let known = load_turn(database, line, &store.id, (IdentityKind::Phone, from), "", platform.clock().now()).await?;
    let head = thread.conversation;
    let messages: Vec<Value> = thread.messages.into_iter().map(show_message).collect();
    let body = json!({
        "messages": messages,
        "language": head.as_ref().map(|head| &head.language),
        "handling": head.as_ref().map(|head| &head.handling),
        "opted_out": known.opted_out,
        "customer": show_customer(store, &known),
    });
    Ok(Response::json(200, &body).with_header("cache-control", "no-store"))
}

fn show_message(message: ThreadMessage) -> Value {
    let understanding: Option<Value> = message.understanding.and_then(|text| serde_json::from_str(&text).ok());
    json!({
        "id": message.id,
        "author": message.author,
        "text": message.text,
        "provider_message_id": message.provider_message_id,
        "created_at": show_time(DateTime::from_timestamp_millis(message.created_at).unwrap_or_default()),
        "understanding": understanding,
        "elapsed_ms": message.elapsed_ms,
    })
}

fn show_customer(store: &Store, known: &Loaded) -> Value {
    let appointments: Vec<Value> = known
        .appointments
        .iter()
        .map(|appointment| {
            let services = appointment.services.iter().filter_map(|id| store.service(id));
            let services: Vec<&str> = services.map(|service| service.name(store.language)).collect();
            json!({
                "services": services,
                "starts_at": show_time(appointment.opening.start),
                "minutes": appointment.opening.minutes(),
                "bay": appointment.opening.stations.first().map(|station| station.bay),
                "vehicle": appointment.vehicle.as_ref().map(name_vehicle),
            })
        })
        .collect();
    json!({
        "name": known.customer.as_ref().and_then(|customer| customer.name.as_deref()),
        "vehicles": known.vehicles.iter().map(name_vehicle).collect::<Vec<_>>(),
        "appointments": appointments,
    })
}

fn name_vehicle(vehicle: &Vehicle) -> String {
    let year = vehicle.year.map(|year| year.to_string());
    let words: Vec<String> = [year, vehicle.make.clone(), vehicle.model.clone()].into_iter().flatten().collect();
    if words.is_empty() {
        vehicle.plate.clone().or_else(|| vehicle.vin.clone()).unwrap_or_default()
    } else {
        words.join(" ")
    }
}

fn show_time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
