//! What customers have agreed to: who must not be texted at all, what is welcome by topic, and the log of how that came to be.

use crate::answer::Answer;
use crate::call::Call;
use crate::check::words;
use crate::customers;
use crate::error::ApiError;
use crate::pages;
use lanekeeper_domain::notifications::Topic;
use lanekeeper_platform::Platform;
use lanekeeper_storage::{Consent, Correspondent, Listing, correspondent, put_consent, shown, wishes};
use serde::Deserialize;
use serde_json::{Value, json};

/// A customer's word on one kind of messages.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// Whether such messages are welcome.
    agreed: bool,
    /// How the customer said so, and to whom: it is kept in the log as evidence.
    #[cfg_attr(feature = "openapi", schema(example = "signed the form at the counter, Pat"))]
    how: String,
}

/// `GET /api/v1/stores/{store}/opt-outs`.
pub async fn opt_outs<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    pages::page(call, Listing::OptOuts).await
}

/// `GET /api/v1/stores/{store}/consents`: the log.
pub async fn events<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    pages::page(call, Listing::Consents).await
}

/// `GET /api/v1/stores/{store}/customers/{customer}/consents`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let person = person(call).await?;
    let known = wishes(call.database(), call.place("store"), &addresses(&person)).await?;
    let items: Vec<Value> = Topic::ALL
        .into_iter()
        .map(|topic| match known.iter().find(|wish| wish.topic == topic.as_str()) {
            Some(wish) => show(topic, Some(wish.agreed != 0), Some(wish.since)),
            None => show(topic, None, None),
        })
        .collect();
    Ok(Answer::ok(json!({"opted_out": person.opted_out != 0, "items": items})))
}

/// `PUT /api/v1/stores/{store}/customers/{customer}/consents/{topic}`. It ends no STOP: only the customer can, by texting.
pub async fn put<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let person = person(call).await?;
    let topic = Topic::from_name(call.place("topic")).ok_or(ApiError::not_found("topic"))?;
    let NewConsent { agreed, how } = call.body()?;
    let how = words(&how, 200).map_err(|reason| ApiError::field("how", reason))?;
    let addresses = addresses(&person);
    let Some(line) = person.line_id.as_ref().or(person.first_line.as_ref()).filter(|_| !addresses.is_empty()) else {
        return Err(ApiError::conflict("The customer has no address, or the store no line, to which it could apply."));
    };
    let how = format!("{how} (API key {})", call.caller.name);
    let record = |address: &&str| {
        let consent = Consent { address, topic, agreed, how: &how };
        put_consent(call.place("store"), line, &call.new_id(), &consent, call.now)
    };
    call.batch(addresses.iter().flat_map(record).collect()).await?;
    Ok(Answer::ok(show(topic, Some(agreed), Some(call.now.timestamp_millis()))))
}

/// The customer that the path names, with how they are written to.
async fn person<P: Platform>(call: &Call<'_, P>) -> Result<Correspondent, ApiError> {
    let customer = customers::find(call).await?;
    Ok(correspondent(call.database(), call.place("store"), &customer.id).await?)
}

/// Where messages reach the customer.
fn addresses(person: &Correspondent) -> Vec<&str> {
    let mut addresses: Vec<&str> = [&person.phone, &person.peer].into_iter().flatten().map(String::as_str).collect();
    addresses.dedup();
    addresses
}

fn show(topic: Topic, agreed: Option<bool>, since: Option<i64>) -> Value {
    json!({"topic": topic.as_str(), "agreed": agreed, "since": since.and_then(shown)})
}
