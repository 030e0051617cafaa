//! Alerts: finding whom, and telling them.

use crate::Outcome;
use crate::backoff;
use crate::send::unsealed;
use chrono::Duration as TimeDelta;
use lanekeeper_channels::twilio::{self, Outgoing, SendFailure};
use lanekeeper_conversation::phrases::sentence;
use lanekeeper_domain::handover::{TalkTopic, Waiting, route};
use lanekeeper_platform::{Clock, Database, DatabaseError, HttpClient, Platform, Random, Settings, Shard, Statement};
use lanekeeper_push::{Fresh, Pushed, Subscription, SubscriptionKeys, Urgency, VapidKey, push_request, pushed};
use lanekeeper_storage::{
    AlertCopy, LeasedAlert, Reachable, assign_by_routing, forget_push_subscription, lease_alert, push_subscription,
    put_alert_copy, reachable, retry_alert, settle_alert,
};
use serde_json::json;
use std::time::Duration;

/// How long a push service keeps an alert for a phone that is off: a customer does not wait longer.
const LASTS: Duration = Duration::from_hours(2);

/// Delivers an alert: spreads it, or sends it to one browser or phone.
pub async fn deliver<P: Platform>(platform: &P, shard: Shard<'_, P::Database>, id: &str, lease: Duration) -> Outcome {
    match try_to(platform, shard, id, lease).await {
        Ok(outcome) => outcome,
        Err(error) => {
            platform.log(&json!({"event": "alert_failed", "id": id, "error": error.to_string()}));
            Outcome::Again(Duration::from_secs(15))
        }
    }
}

async fn try_to<P: Platform>(
    platform: &P,
    shard: Shard<'_, P::Database>,
    id: &str,
    lease: Duration,
) -> Result<Outcome, DatabaseError> {
    let now = platform.clock().now();
    let until = now + TimeDelta::from_std(lease).unwrap_or_default();
    let Some(alert) = lease_alert(shard.database, id, now, until).await? else { return Ok(Outcome::Settled) };
    let (outcome, log) = match (alert.channel.as_deref(), alert.target.as_deref()) {
        (Some("push"), Some(subscription)) => push(platform, shard, &alert, subscription).await?,
        (Some("sms"), Some(phone)) => text(platform, shard, &alert, phone).await?,
        _ => return spread(platform, shard, &alert, lease).await,
    };
    platform
        .log(&json!({"event": "alert", "id": alert.id, "store": alert.store.id, "kind": alert.kind, "outcome": log}));
    Ok(outcome)
}

/// Finds out whom it is for, expects the conversation of them, and tells them in every way they have. Where the routing finds
/// nobody, everybody is told.
async fn spread<P: Platform>(
    platform: &P,
    shard: Shard<'_, P::Database>,
    alert: &LeasedAlert,
    lease: Duration,
) -> Result<Outcome, DatabaseError> {
    let now = platform.clock().now();
    let new_id = || platform.random().id(now);
    let people = reachable(platform.shards().directory(), &alert.store.id).await?;
    let mut batch: Vec<Statement> = Vec::new();
    let told: Vec<&Reachable> = if is_over(alert) {
        Vec::new()
    } else if let Some(account) = &alert.account {
        people.iter().filter(|one| one.account == *account).collect()
    } else {
        let found = find(alert, &people, now);
        if let Some(account) = found.as_deref().filter(|account| alert.assignee.as_deref() != Some(account)) {
            let place = (alert.store.id.as_str(), alert.conversation.as_str());
            batch.extend(assign_by_routing(place, account, alert.assignee.as_deref(), &new_id(), now));
        }
        people.iter().filter(|one| found.as_ref().is_none_or(|account| one.account == *account)).collect()
    };
    let mut copies = Vec::new();
    for one in told {
        let ways = one.subscriptions.iter().map(|subscription| ("push", subscription));
        for (channel, target) in ways.chain(one.phone.iter().map(|phone| ("sms", phone))) {
            let words = words(platform, alert, one);
            let text = if channel == "push" { words.for_push(alert) } else { words.for_phone() };
            let copy = AlertCopy { id: &new_id(), account: &one.account, channel, target, text: &text };
            batch.push(put_alert_copy(&alert.id, &copy, now));
            copies.push(copy.id.to_owned());
        }
    }
    batch.push(settle_alert(&alert.id, !copies.is_empty(), now));
    shard.database.batch(batch).await?;
    for copy in copies {
        // One that fails is due again by its own row; the clock wakes it.
        Box::pin(deliver(platform, shard, &copy, lease)).await;
    }
    Ok(Outcome::Settled)
}

/// Whether nobody need come any more.
fn is_over(alert: &LeasedAlert) -> bool {
    match alert.kind.as_str() {
        "handed_over" => !alert.with_person || alert.joined,
        "waiting" => !alert.with_person,
        "assigned" => alert.assignee != alert.account,
        _ => false,
    }
}

fn find(alert: &LeasedAlert, people: &[Reachable], now: chrono::DateTime<chrono::Utc>) -> Option<String> {
    // Who is in the conversation is told that the customer waits.
    if alert.joined {
        return alert.assignee.clone();
    }
    let there: Vec<_> =
        alert.people.iter().filter(|one| people.iter().any(|known| known.account == one.account)).cloned().collect();
    let waiting = Waiting {
        line: &alert.line,
        peer: &alert.peer,
        topic: alert.topic.as_deref().and_then(TalkTopic::from_name),
        language: alert.language,
        except: alert.except.as_deref(),
    };
    route(&alert.store.handover, &there, &waiting, now)
}

struct Words {
    title: String,
    url: String,
}

impl Words {
    fn for_push(&self, alert: &LeasedAlert) -> String {
        json!({
            "title": self.title,
            "body": alert.store.name,
            "kind": alert.kind,
            "store": alert.store.id,
            "conversation": alert.conversation,
            "url": self.url,
        })
        .to_string()
    }

    /// Nothing of what the customer wrote: a text can be read on a locked phone.
    fn for_phone(&self) -> String {
        if self.url.starts_with("https://") { format!("{} {}", self.title, self.url) } else { self.title.clone() }
    }
}

fn words<P: Platform>(platform: &P, alert: &LeasedAlert, one: &Reachable) -> Words {
    let language = one.language.unwrap_or(alert.store.language);
    let customer = alert.customer_name.as_deref().unwrap_or(&alert.peer);
    let key = format!("alert_{}", alert.kind);
    let origin = platform.settings().get("PUBLIC_URL").unwrap_or_default();
    Words {
        title: sentence(&key, &alert.store, language, &[("customer", customer)]),
        url: format!(
            "{}/desk/stores/{}/conversations/{}",
            origin.trim_end_matches('/'),
            alert.store.id,
            alert.conversation
        ),
    }
}

async fn push<P: Platform>(
    platform: &P,
    shard: Shard<'_, P::Database>,
    alert: &LeasedAlert,
    id: &str,
) -> Result<(Outcome, String), DatabaseError> {
    let now = platform.clock().now();
    let directory = platform.shards().directory();
    let key = match VapidKey::from_settings(platform.settings()) {
        Ok(Some(key)) => key,
        Ok(None) => return drop_it(shard, alert, now, "there is no VAPID_PRIVATE_KEY").await,
        Err(error) => return drop_it(shard, alert, now, &error.to_string()).await,
    };
    let Some(stored) = push_subscription(directory, id).await? else {
        return drop_it(shard, alert, now, "the subscription is no more").await;
    };
    let keys = SubscriptionKeys { p256dh: stored.p256dh, auth: stored.auth };
    let subscription = Subscription { endpoint: stored.endpoint, keys };
    let mut fresh = Fresh { key: [0; 32], salt: [0; 16] };
    platform.random().fill(&mut fresh.key);
    platform.random().fill(&mut fresh.salt);
    let how = (alert.conversation.as_str(), Urgency::High, LASTS);
    let request = match push_request(&subscription, &key, alert.text.as_bytes(), how, &fresh, now) {
        Ok(request) => request,
        Err(error) => return drop_it(shard, alert, now, &error.to_string()).await,
    };
    match pushed(&platform.http().send(request).await) {
        Pushed::Accepted => settled(shard, alert, now).await,
        Pushed::Gone => {
            directory.run(forget_push_subscription(id)).await?;
            drop_it(shard, alert, now, "the subscription is gone").await
        }
        Pushed::Refused(status) => drop_it(shard, alert, now, &format!("refused ({status})")).await,
        Pushed::Again(after) => again(platform, shard, alert, after).await,
    }
}

/// A text to a person of the store. Unlike a push it is sent once: what may have left is not sent again.
async fn text<P: Platform>(
    platform: &P,
    shard: Shard<'_, P::Database>,
    alert: &LeasedAlert,
    phone: &str,
) -> Result<(Outcome, String), DatabaseError> {
    let now = platform.clock().now();
    let Some(line) = alert.sms_line.as_ref() else { return drop_it(shard, alert, now, "the store has no line").await };
    if line.opted_out != 0 {
        return drop_it(shard, alert, now, "the phone has said STOP").await;
    }
    let credentials = match unsealed(platform, &line.id, &line.credentials) {
        Ok(credentials) => credentials,
        Err(error) => return drop_it(shard, alert, now, &error.to_string()).await,
    };
    let api_url = platform.settings().get("TWILIO_API_URL").unwrap_or_else(|| twilio::API_URL.to_owned());
    let message = Outgoing { from: &line.address, to: phone, body: &alert.text, status_callback: None };
    let answer = platform.http().send(twilio::send_request(&api_url, &credentials, message)).await;
    match twilio::sent(&answer) {
        Ok(_) => settled(shard, alert, now).await,
        Err(SendFailure::Busy { after, .. }) => again(platform, shard, alert, after).await,
        Err(failure) => drop_it(shard, alert, now, &failure.to_string()).await,
    }
}

async fn settled<D: Database>(
    shard: Shard<'_, D>,
    alert: &LeasedAlert,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(Outcome, String), DatabaseError> {
    shard.database.run(settle_alert(&alert.id, true, now)).await?;
    Ok((Outcome::Settled, "sent".to_owned()))
}

async fn drop_it<D: Database>(
    shard: Shard<'_, D>,
    alert: &LeasedAlert,
    now: chrono::DateTime<chrono::Utc>,
    why: &str,
) -> Result<(Outcome, String), DatabaseError> {
    shard.database.run(settle_alert(&alert.id, false, now)).await?;
    Ok((Outcome::Settled, format!("dropped: {why}")))
}

/// Tries again for a while; an alert of an hour ago helps nobody.
async fn again<P: Platform>(
    platform: &P,
    shard: Shard<'_, P::Database>,
    alert: &LeasedAlert,
    after: Option<Duration>,
) -> Result<(Outcome, String), DatabaseError> {
    let now = platform.clock().now();
    let mut chance = [0];
    platform.random().fill(&mut chance);
    match backoff::wait(alert.attempts, after, chance[0]).filter(|wait| *wait < Duration::from_hours(1)) {
        Some(wait) => {
            let due = now + TimeDelta::from_std(wait).unwrap_or_default();
            shard.database.run(retry_alert(&alert.id, due, now)).await?;
            Ok((Outcome::Again(wait), "tried again".to_owned()))
        }
        None => drop_it(shard, alert, now, "the service does not answer").await,
    }
}
