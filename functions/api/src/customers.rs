//! Customers.

use crate::answer::Answer;
use crate::call::Call;
use crate::check::{Field, Problems, phone, words};
use crate::error::ApiError;
use crate::pages;
use lanekeeper_domain::Store;
use lanekeeper_platform::{DatabaseError, Platform};
use lanekeeper_storage::{
    CustomerKey, CustomerRow, Listing, Page, customer, has_line, insert_customer, later, shown, store_profile,
    update_customer, was_stale,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// A customer who is new. One of `phone` and `external_id` must be there.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCustomer {
    /// As the customer wants to be called.
    name: Option<String>,
    /// In E.164 or as people write it at the store.
    phone: Option<String>,
    /// The customer's id in another system.
    external_id: Option<String>,
}

/// Fields of a customer to change; `null` empties a field.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomerChange {
    /// As the customer wants to be called.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, required = false))]
    name: Field<String>,
    /// In E.164 or as people write it at the store.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, required = false))]
    phone: Field<String>,
    /// The customer's id in another system.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, required = false))]
    external_id: Field<String>,
    /// The line of the store on which the customer likes to be reached, once there is a conversation on it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, required = false))]
    preferred_line: Field<String>,
}

/// `GET /api/v1/stores/{store}/customers`: all of them, or the one with a `phone` or an `external_id`.
pub async fn list<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let (wanted_phone, wanted_id) = (call.parameter("phone"), call.parameter("external_id"));
    if wanted_phone.is_none() && wanted_id.is_none() {
        return pages::page(call, Listing::Customers).await;
    }
    let store = store_profile(call.database(), call.group(), call.place("store")).await?;
    let wanted_phone = wanted_phone
        .map(|text| phone(&text, &store.calling_code).map_err(|reason| ApiError::parameter("phone", reason)))
        .transpose()?;
    let key = match (&wanted_phone, &wanted_id) {
        (Some(phone), _) => CustomerKey::Phone(phone),
        (None, id) => CustomerKey::External(id.as_deref().unwrap_or_default()),
    };
    let found = customer(call.database(), call.group(), &store.id, key).await?;
    let suits = |row: &CustomerRow| wanted_id.is_none() || row.external_id == wanted_id;
    let items = found.filter(suits).iter().map(show).collect();
    Ok(pages::answer(Page { items, next: None }))
}

/// `POST /api/v1/stores/{store}/customers`.
pub async fn create<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let new: NewCustomer = call.body()?;
    let store = store_profile(call.database(), call.group(), call.place("store")).await?;
    if new.phone.is_none() && new.external_id.is_none() {
        return Err(ApiError::field("phone", "must be there where external_id is not"));
    }
    let now = call.now.timestamp_millis();
    let empty = CustomerRow {
        id: call.new_id(),
        name: None,
        phone: None,
        external_id: None,
        preferred_line: None,
        created_at: now,
        updated_at: now,
    };
    let change = CustomerChange {
        name: new.name.into(),
        phone: new.phone.into(),
        external_id: new.external_id.into(),
        preferred_line: Field::Absent,
    };
    let row = changed(&store, &empty, change)?;
    let location = format!("/api/v1/stores/{}/customers/{}", store.id, row.id);
    let answer = Answer::created(location, show(&row)).with_etag(row.updated_at);
    match call.create(insert_customer(&store.id, &row), answer).await {
        Err(error) => Err(explained(call, &store.id, &row, error).await),
        created => created,
    }
}

/// `GET /api/v1/stores/{store}/customers/{customer}`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let row = find(call).await?;
    Ok(Answer::ok(show(&row)).with_etag(row.updated_at))
}

/// `PATCH /api/v1/stores/{store}/customers/{customer}`.
pub async fn change<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let change: CustomerChange = call.body()?;
    let store = store_profile(call.database(), call.group(), call.place("store")).await?;
    let before = find(call).await?;
    call.demand_match(before.updated_at)?;
    if let Field::Value(line) = &change.preferred_line
        && !has_line(call.database(), &store.id, line).await?
    {
        return Err(ApiError::field("preferred_line", "is not a line of this store"));
    }
    let row = changed(&store, &before, change)?;
    let row = CustomerRow { updated_at: later(call.now, before.updated_at), ..row };
    match call.batch(update_customer(&store.id, &before, &row)).await {
        Err(error) => Err(explained(call, &store.id, &row, error).await),
        Ok(_) => Ok(Answer::ok(show(&row)).with_etag(row.updated_at)),
    }
}

/// The customer that the path names.
pub async fn find<P: Platform>(call: &Call<'_, P>) -> Result<CustomerRow, ApiError> {
    let key = CustomerKey::Id(call.place("customer"));
    let found = customer(call.database(), call.group(), call.place("store"), key).await?;
    found.ok_or(ApiError::not_found("customer"))
}

fn changed(store: &Store, before: &CustomerRow, change: CustomerChange) -> Result<CustomerRow, ApiError> {
    let mut problems = Problems::default();
    let mut row = before.clone();
    change.name.change("name", &mut row.name, &mut problems, |name| words(&name, 100));
    change.phone.change("phone", &mut row.phone, &mut problems, |number| phone(&number, &store.calling_code));
    change.external_id.change("external_id", &mut row.external_id, &mut problems, |id| words(&id, 100));
    change.preferred_line.change("preferred_line", &mut row.preferred_line, &mut problems, Ok);
    problems.finish()?;
    Ok(row)
}

/// Why the database refused a customer: who has the phone number or the id already.
async fn explained<P: Platform>(call: &Call<'_, P>, store: &str, row: &CustomerRow, error: ApiError) -> ApiError {
    let ApiError::View(lanekeeper_storage::ViewError::Database(refusal @ DatabaseError::Constraint(_))) = &error else {
        return error;
    };
    if was_stale(refusal) {
        return ApiError::Stale;
    }
    let (field, key) = match (&row.phone, &row.external_id) {
        (Some(phone), _) if refusal.is_conflict_on("identities") => ("phone", CustomerKey::Phone(phone)),
        (_, Some(id)) if refusal.is_conflict_on("customers") => ("external_id", CustomerKey::External(id)),
        _ => return error,
    };
    let other = customer(call.database(), call.group(), store, key).await.ok().flatten();
    let detail = format!("Another customer of the store has this {field}.");
    ApiError::Conflict(detail, json!({"customer_id": other.map(|other| other.id)}))
}

fn show(row: &CustomerRow) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "phone": row.phone,
        "external_id": row.external_id,
        "preferred_line": row.preferred_line,
        "created_at": shown(row.created_at),
        "updated_at": shown(row.updated_at),
    })
}
