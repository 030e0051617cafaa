//! The waitlist: joined and left by the same rules as in a conversation.

use crate::answer::Answer;
use crate::appointments::car_of;
use crate::call::Call;
use crate::check::{Problems, words};
use crate::contact::{Contact, contact};
use crate::error::ApiError;
use crate::{openings, profile};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use lanekeeper_conversation::Change;
use lanekeeper_domain::openings::{Wish, window};
use lanekeeper_domain::waitlist::{Waiting, until};
use lanekeeper_domain::{Language, Store, Transport};
use lanekeeper_platform::Platform;
use lanekeeper_storage::{
    Correspondent, Revised, Standing, Visit, correspondent, expect_appointment, load_visit, shown, store_row,
    waitlist_entry_view, waits_for,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// A customer who is to wait for an earlier time, or for any at all.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWaitlistEntry {
    /// The customer, who must have a phone number to be asked.
    customer_id: String,
    /// The appointment that would be moved to an earlier time. Its work, its car and its transport are waited for.
    appointment_id: Option<String>,
    /// Ids of menu items, the main one first; absent where there is an appointment.
    #[serde(default)]
    services: Vec<String>,
    /// When it should be; any time when absent.
    #[serde(default)]
    wish: NewWish,
    /// One of the customer's cars.
    vehicle_id: Option<String>,
    /// What is wrong with the car, in the customer's words.
    concern: Option<String>,
    /// How the customer gets about meanwhile.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "drop_off"))]
    transport: Option<Transport>,
    /// The advisor asked for, by id.
    advisor: Option<String>,
    /// The language to write to the customer in, where there was no conversation yet.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "es"))]
    language: Option<Language>,
}

/// When it should be, in the store's local time.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWish {
    /// The day, or the first day of a range.
    date: Option<NaiveDate>,
    /// The last day of a range.
    date_end: Option<NaiveDate>,
    /// Not earlier than this.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "13:00"))]
    time_after: Option<NaiveTime>,
    /// Not later than this.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "17:00"))]
    time_before: Option<NaiveTime>,
}

/// `GET /api/v1/stores/{store}/waitlist/{entry}`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let (store, id) = (call.place("store"), call.place("entry"));
    let (entry, changed) = waitlist_entry_view(call.database(), call.group(), store, id).await?;
    Ok(Answer::ok(entry).with_etag(changed))
}

/// `POST /api/v1/stores/{store}/waitlist`.
pub async fn join<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let new: NewWaitlistEntry = call.body()?;
    let row = store_row(call.database(), call.group(), call.place("store")).await?;
    let store = profile::parse(&row)?;
    let person = correspondent(call.database(), &store.id, &new.customer_id)
        .await
        .map_err(|error| ApiError::unknown(error, "customer_id"))?;
    let visit = match &new.appointment_id {
        Some(id) => Some(appointment(call, &person, id).await?),
        None => None,
    };
    let waiting = match &visit {
        Some(visit) => waiting_for_earlier(call, &store, &new, visit)?,
        None => waiting_for_any(call, &store, &new, &person).await?,
    };
    let contact = contact(call, &store, &person, new.language)?;
    if person.opted_out != 0 {
        return Err(ApiError::conflict("The customer has asked not to be texted, and could not be asked."));
    }
    let start = visit.as_ref().map(|visit| visit.appointment.opening.start);
    let until = until(&store, &waiting.wish, start, call.now);
    let change = Change::JoinWaitlist { waiting: Box::new(waiting.clone()), until };
    let revised = Revised { profile: &store, revision: row.revision };
    let written = contact.write(call, revised, &[change], &[]);
    let expect =
        visit.map(|visit| expect_appointment(&store.id, &visit.appointment.id, Some(visit.appointment.sequence)));
    let statements = expect.into_iter().chain(contact.start.clone()).chain(written.statements).collect();
    let id = written.waitlist_entry.unwrap_or_default();
    let shown = show(call, &id, &waiting, until, &person, &contact);
    let location = format!("/api/v1/stores/{}/waitlist/{id}", store.id);
    let answer = Answer::created(location, shown).with_etag(call.now.timestamp_millis());
    match call.create(statements, answer).await {
        Err(error) => Err(explained(call, &person.id, &waiting.services, error).await),
        created => created,
    }
}

/// `DELETE /api/v1/stores/{store}/waitlist/{entry}`: what is held for the customer is free again.
pub async fn leave<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let row = store_row(call.database(), call.group(), call.place("store")).await?;
    let store = profile::parse(&row)?;
    let (entry, changed) = waitlist_entry_view(call.database(), call.group(), &store.id, call.place("entry")).await?;
    call.demand_match(changed)?;
    let nobody = Contact::nobody(entry["customer_id"].as_str().unwrap_or_default());
    let change = Change::LeaveWaitlist { entry: call.place("entry").to_owned() };
    let revised = Revised { profile: &store, revision: row.revision };
    call.batch(nobody.write(call, revised, &[change], &[]).statements).await?;
    Ok(Answer::done())
}

/// The customer's appointment, which must be still to come.
async fn appointment<P: Platform>(call: &Call<'_, P>, person: &Correspondent, id: &str) -> Result<Visit, ApiError> {
    let found = load_visit(call.database(), call.place("store"), id).await?;
    let Some(visit) = found else {
        return Err(ApiError::field("appointment_id", "there is no such appointment"));
    };
    if visit.customer.id != person.id {
        return Err(ApiError::field("appointment_id", "is another customer's appointment"));
    }
    if visit.standing == Standing::Cancelled {
        return Err(ApiError::conflict("The appointment was called off."));
    }
    if visit.appointment.opening.start <= call.now {
        return Err(ApiError::conflict("The appointment has begun."));
    }
    Ok(visit)
}

/// Waiting for an earlier time for what is booked already.
fn waiting_for_earlier<P: Platform>(
    call: &Call<'_, P>,
    store: &Store,
    new: &NewWaitlistEntry,
    visit: &Visit,
) -> Result<Waiting, ApiError> {
    let appointment = &visit.appointment;
    let mut problems = Problems::default();
    for (field, differs) in [
        ("services", !new.services.is_empty() && new.services != appointment.services),
        ("vehicle_id", new.vehicle_id.is_some()),
        ("transport", new.transport.is_some()),
        ("concern", new.concern.is_some()),
    ] {
        if differs {
            problems.note(field, "is that of the appointment");
        }
    }
    let wish = new.wish.checked(call, store, &mut problems);
    problems.finish()?;
    // What is no longer offered cannot be waited for.
    openings::work(store, (&appointment.services, None), appointment.transport, new.advisor.as_deref())?;
    Ok(Waiting {
        services: appointment.services.clone(),
        wish,
        appointment: Some(appointment.id.clone()),
        vehicle: appointment.vehicle.as_ref().map(|vehicle| vehicle.id.clone()),
        transport: appointment.transport,
        advisor: new.advisor.clone(),
        ..Waiting::default()
    })
}

/// Waiting for any time at all.
async fn waiting_for_any<P: Platform>(
    call: &Call<'_, P>,
    store: &Store,
    new: &NewWaitlistEntry,
    person: &Correspondent,
) -> Result<Waiting, ApiError> {
    let mut problems = Problems::default();
    let concern = new.concern.as_deref().map(|concern| words(concern, 1000)).transpose();
    let concern = concern.unwrap_or_else(|reason| {
        problems.note("concern", reason);
        None
    });
    let wish = new.wish.checked(call, store, &mut problems);
    problems.finish()?;
    openings::work(store, (&new.services, None), new.transport, new.advisor.as_deref())?;
    let vehicle = match &new.vehicle_id {
        Some(id) => Some(car_of(call, person, id).await?.id),
        None => None,
    };
    Ok(Waiting {
        services: new.services.clone(),
        concern,
        wish,
        appointment: None,
        vehicle,
        transport: new.transport,
        transport_address: None,
        advisor: new.advisor.clone(),
    })
}

impl NewWish {
    /// The wish, with what is wrong with it noted: it must be possible to offer something.
    fn checked<P: Platform>(&self, call: &Call<'_, P>, store: &Store, problems: &mut Problems) -> Wish {
        let (today, last) = window(store, call.now);
        let NewWish { date, date_end, time_after, time_before } = *self;
        if date.is_some_and(|date| date_end.is_none() && date < today) || date_end.is_some_and(|end| end < today) {
            problems.note("wish", "is for days that are over");
        }
        if date.is_some_and(|date| date > last) {
            problems.note("wish.date", format!("is later than {last}, the last date that can be booked"));
        }
        if date_end.is_some_and(|end| date.is_none_or(|date| end < date)) {
            problems.note("wish.date_end", "must come with 'date', and not be before it");
        }
        if time_after.zip(time_before).is_some_and(|(after, before)| before < after) {
            problems.note("wish.time_before", "is before 'time_after'");
        }
        Wish { date, date_end, time_after, time_before, ..Wish::default() }
    }
}

/// What the database's refusal means.
async fn explained<P: Platform>(call: &Call<'_, P>, customer: &str, services: &[String], error: ApiError) -> ApiError {
    let Some(refusal) = error.refusal() else { return error };
    if refusal.is_conflict_on("waitlist") {
        let entry = waits_for(call.database(), call.place("store"), customer, services).await.ok().flatten();
        let detail = "The customer is on the waitlist for this work already.";
        return ApiError::Conflict(detail.to_owned(), json!({"entry_id": entry}));
    }
    if refusal.is_conflict_on("appointments") || refusal.is_conflict_on("conversations") {
        return ApiError::conflict("The appointment or the conversation was changed meanwhile. Try again.");
    }
    error
}

/// The entry as it will be read.
fn show<P: Platform>(
    call: &Call<'_, P>,
    id: &str,
    waiting: &Waiting,
    until: DateTime<Utc>,
    person: &Correspondent,
    contact: &Contact,
) -> Value {
    let now = shown(call.now.timestamp_millis());
    json!({
        "id": id,
        "store_id": call.place("store"),
        "customer_id": person.id,
        "customer_name": person.name,
        "phone": person.phone,
        "conversation_id": contact.conversation,
        "appointment_id": waiting.appointment,
        "vehicle_id": waiting.vehicle,
        "services": waiting.services,
        "concern": waiting.concern,
        "wish": waiting.wish,
        "transport": waiting.transport,
        "transport_address": waiting.transport_address,
        "advisor": waiting.advisor,
        "status": "waiting",
        "offered_starts_at": null,
        "offered_until": null,
        "until": shown(until.timestamp_millis()),
        "queued_at": now,
        "created_at": now,
        "updated_at": now,
    })
}
