//! Bookable times.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use crate::{pages, profile};
use chrono::{DateTime, Days, NaiveDate, Utc};
use lanekeeper_domain::openings::{Offer, Opening, Wish, offer, openings};
use lanekeeper_domain::work::Work;
use lanekeeper_domain::{Store, Transport, VehicleClass};
use lanekeeper_platform::Platform;
use lanekeeper_storage::{Page, load_between, store_row};
use serde_json::{Value, json};

/// The most dates that one question may be about.
const MOST_DAYS: i64 = 31;
/// The dates that a question is about when it does not say until when.
const USUAL_DAYS: u64 = 6;

/// `GET /api/v1/stores/{store}/openings?services=a,b&from=2026-11-24&until=2026-11-30`.
pub async fn list<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let row = store_row(call.database(), call.group(), call.place("store")).await?;
    let store = profile::parse(&row)?;
    let date = |name: &str, otherwise: NaiveDate| match call.parameter(name) {
        None => Ok(otherwise),
        Some(text) => text.parse().map_err(|_| ApiError::parameter(name, "must be a date like 2026-11-24")),
    };
    let from: NaiveDate = date("from", store.local(call.now).date())?;
    let until: NaiveDate = date("until", from.checked_add_days(Days::new(USUAL_DAYS)).unwrap_or(from))?;
    if !(0..MOST_DAYS).contains(&(until - from).num_days()) {
        return Err(ApiError::parameter("until", format!("must be from 'from' on, at most {MOST_DAYS} dates in all")));
    }
    let services = call.parameter("services").unwrap_or_default();
    let services: Vec<String> = services.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let transport = call
        .parameter("transport")
        .map(|name| Transport::from_name(&name).ok_or_else(|| ApiError::parameter("transport", "is not known")))
        .transpose()?;
    let class = call
        .parameter("vehicle_class")
        .map(|name| VehicleClass::from_name(&name).ok_or_else(|| ApiError::parameter("vehicle_class", "is not known")))
        .transpose()?;
    let wrong = |error| match error {
        // Here they are parameters of the query.
        ApiError::Invalid(mut errors) if !errors.is_empty() => ApiError::Parameter(errors.swap_remove(0)),
        error => error,
    };
    let work = work(&store, (&services, class), transport, call.parameter("advisor").as_deref()).map_err(wrong)?;
    let found = between(call, &store, &work, (from, until), None).await?;
    Ok(pages::answer(Page { items: found.iter().map(show).collect(), next: None }))
}

/// What is to be booked, for a car of this class, if the store offers it.
pub fn work(
    store: &Store,
    (services, class): (&[String], Option<VehicleClass>),
    transport: Option<Transport>,
    advisor: Option<&str>,
) -> Result<Work, ApiError> {
    if services.is_empty() {
        return Err(ApiError::field("services", "must name at least one item of the menu"));
    }
    if services.len() > 10 {
        return Err(ApiError::field("services", "must name at most ten items of the menu"));
    }
    if let Some(unknown) = services.iter().find(|id| store.service(id).is_none()) {
        return Err(ApiError::field("services", format!("there is no '{unknown}' on the menu")));
    }
    if transport.is_some_and(|transport| !store.transport.has(transport)) {
        return Err(ApiError::field("transport", "is not offered by the store"));
    }
    if let Some(unknown) = advisor.filter(|id| !store.advisors.iter().any(|advisor| advisor.id == **id)) {
        return Err(ApiError::field("advisor", format!("there is no advisor '{unknown}'")));
    }
    Ok(Work { transport, advisor: advisor.map(str::to_owned), ..Work::of(store, services, class) })
}

/// The openings on these dates; `except` is an appointment that would give up its place.
pub async fn between<P: Platform>(
    call: &Call<'_, P>,
    store: &Store,
    work: &Work,
    wanted: (NaiveDate, NaiveDate),
    except: Option<&str>,
) -> Result<Vec<Opening>, ApiError> {
    // Beyond what can be booked there is nothing to look for, and dates far away are not to be reckoned with.
    let today = store.local(call.now).date();
    let last = today + Days::new(store.booking.days_ahead.into());
    let (from, until) = (wanted.0.clamp(today, last), wanted.1.clamp(today, last));
    let load = load_between(call.database(), store, from, until, except).await?;
    let mut found = openings(store, &load, work, call.now);
    found.retain(|opening| (wanted.0..=wanted.1).contains(&store.local(opening.start).date()));
    Ok(found)
}

/// The opening that starts at this instant; where there is none, a conflict that names others nearby.
pub async fn at<P: Platform>(
    call: &Call<'_, P>,
    store: &Store,
    work: &Work,
    start: DateTime<Utc>,
    except: Option<&str>,
) -> Result<Opening, ApiError> {
    let local = store.local(start);
    let (from, until) = (local.date() - Days::new(2), local.date() + Days::new(5));
    let all = between(call, store, work, (from, until), except).await?;
    if let Some(opening) = all.iter().find(|opening| opening.start == start) {
        return Ok(opening.clone());
    }
    let wish = Wish { date: Some(local.date()), time: Some(local.time()), ..Wish::default() };
    let near = match offer(store, &all, &wish, 5) {
        Offer::Exact(opening) => vec![opening],
        Offer::Suiting(openings) | Offer::Nearest(openings) => openings,
        Offer::Nothing => Vec::new(),
    };
    let detail = "The store has no opening at this time. 'openings' has some that come near, if there are any.";
    Err(ApiError::Conflict(detail.to_owned(), json!({"openings": near.iter().map(show).collect::<Vec<_>>()})))
}

fn show(opening: &Opening) -> Value {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    json!({"starts_at": time(opening.start), "ends_at": time(opening.end()), "advisor": opening.advisor})
}
