//! Customers' cars.

use crate::answer::Answer;
use crate::call::Call;
use crate::check::{Field, Problems, mileage, whole_vin, words, year};
use crate::error::ApiError;
use crate::{customers, pages};
use lanekeeper_platform::{DatabaseError, Platform};
use lanekeeper_storage::{
    Page, VehicleRow, ViewError, delete_vehicle, insert_vehicle, later, shown, update_vehicle, vehicle, vehicles_of,
    was_stale,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// What is known of a car. In a change, `null` empties a field and what is absent stays.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VehicleFields {
    /// The model year.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    year: Field<i64>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    make: Field<String>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    model: Field<String>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    plate: Field<String>,
    /// With a right check digit (ISO 3779, 49 CFR 565).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    vin: Field<String>,
    /// In the unit that the store uses.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    mileage: Field<i64>,
    /// The car's id in another system.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    external_id: Field<String>,
}

/// `GET /api/v1/stores/{store}/customers/{customer}/vehicles`.
pub async fn list<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let customer = customers::find(call).await?;
    let rows = vehicles_of(call.database(), call.place("store"), &customer.id).await?;
    Ok(pages::answer(Page { items: rows.iter().map(show).collect(), next: None }))
}

/// `POST /api/v1/stores/{store}/customers/{customer}/vehicles`.
pub async fn create<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let fields: VehicleFields = call.body()?;
    let customer = customers::find(call).await?;
    let empty = VehicleRow {
        id: call.new_id(),
        customer_id: customer.id,
        external_id: None,
        year: None,
        make: None,
        model: None,
        plate: None,
        vin: None,
        mileage: None,
        updated_at: call.now.timestamp_millis(),
    };
    let row = changed(&empty, fields)?;
    let store = call.place("store");
    let location = format!("/api/v1/stores/{store}/vehicles/{}", row.id);
    let answer = Answer::created(location, show(&row)).with_etag(row.updated_at);
    call.create(vec![insert_vehicle(store, &row)], answer).await.map_err(explained)
}

/// `GET /api/v1/stores/{store}/vehicles/{vehicle}`.
pub async fn read<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let row = find(call).await?;
    Ok(Answer::ok(show(&row)).with_etag(row.updated_at))
}

/// `PATCH /api/v1/stores/{store}/vehicles/{vehicle}`.
pub async fn change<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let fields: VehicleFields = call.body()?;
    let before = find(call).await?;
    call.demand_match(before.updated_at)?;
    let row = VehicleRow { updated_at: later(call.now, before.updated_at), ..changed(&before, fields)? };
    let update = update_vehicle(call.place("store"), before.updated_at, &row);
    call.batch(vec![update]).await.map_err(explained)?;
    Ok(Answer::ok(show(&row)).with_etag(row.updated_at))
}

/// `DELETE /api/v1/stores/{store}/vehicles/{vehicle}`: of a car that no appointment and no repair order names.
pub async fn remove<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let row = find(call).await?;
    call.demand_match(row.updated_at)?;
    call.batch(vec![delete_vehicle(call.place("store"), &row.id)]).await.map_err(explained)?;
    Ok(Answer::done())
}

async fn find<P: Platform>(call: &Call<'_, P>) -> Result<VehicleRow, ApiError> {
    Ok(vehicle(call.database(), call.group(), call.place("store"), call.place("vehicle")).await?)
}

fn changed(before: &VehicleRow, fields: VehicleFields) -> Result<VehicleRow, ApiError> {
    let mut problems = Problems::default();
    let mut row = before.clone();
    fields.year.change("year", &mut row.year, &mut problems, year);
    fields.vin.change("vin", &mut row.vin, &mut problems, |vin| whole_vin(&vin));
    fields.mileage.change("mileage", &mut row.mileage, &mut problems, mileage);
    let texts = [
        ("make", fields.make, &mut row.make),
        ("model", fields.model, &mut row.model),
        ("plate", fields.plate, &mut row.plate),
        ("external_id", fields.external_id, &mut row.external_id),
    ];
    for (name, value, place) in texts {
        value.change(name, place, &mut problems, |text| words(&text, 60));
    }
    problems.finish()?;
    Ok(row)
}

/// What the database's refusal means.
fn explained(error: ApiError) -> ApiError {
    let ApiError::View(ViewError::Database(refusal @ DatabaseError::Constraint(message))) = &error else {
        return error;
    };
    let conflict = |detail: &str| ApiError::Conflict(detail.to_owned(), Value::Null);
    if was_stale(refusal) {
        ApiError::Stale
    } else if refusal.is_conflict_on("vehicles") {
        conflict("Another vehicle of the store has this external_id.")
    } else if message.contains("FOREIGN KEY") {
        conflict("Appointments or repair orders name this vehicle.")
    } else {
        error
    }
}

fn show(row: &VehicleRow) -> Value {
    json!({
        "id": row.id,
        "customer_id": row.customer_id,
        "external_id": row.external_id,
        "year": row.year,
        "make": row.make,
        "model": row.model,
        "plate": row.plate,
        "vin": row.vin,
        "mileage": row.mileage,
        "updated_at": shown(row.updated_at),
    })
}
