//! Import of CSV and Excel files: all of a file or nothing of it, and the same file again changes nothing.
//!
//! A file's rows are found again by keys: a menu item by its op code, a technician by id, a customer by the id in another
//! system or by phone number, an appointment by the id in another system. An empty cell leaves what is there as it is; nothing is ever deleted.

mod appointments;
mod customers;
mod in_profile;
mod menu;
mod people;
mod table;

use crate::answer::Answer;
use crate::call::Call;
use crate::error::{ApiError, FieldError};
use lanekeeper_domain::Store;
use lanekeeper_platform::Platform;
use lanekeeper_sheets::values::DateOrder;
use serde::Serialize;
use serde_json::{Value, json};
use table::RowErrors;

/// The most errors that an answer lists.
const MOST_ERRORS: usize = 100;

/// What an import comes to.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    /// Rows with something in them, the header not counted.
    rows: usize,
    /// Things that are new.
    created: usize,
    /// Things that change.
    updated: usize,
    /// Things that are already as the file has them.
    unchanged: usize,
    /// Headers that mean nothing to us.
    ignored_columns: Vec<String>,
}

/// `POST /api/v1/stores/{store}/imports/{kind}`: takes the file in the body. With `preview=true` nothing is written, and what
/// is wrong is part of the answer.
pub async fn run<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let preview = match call.parameter("preview").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(ApiError::parameter("preview", "must be true or false")),
    };
    let kind = call.place("kind");
    let rows =
        || lanekeeper_sheets::read(&call.request.body).map_err(|error| ApiError::field("body", error.to_string()));
    let result = match kind {
        "menu" => menu::import(call, &rows()?, preview).await?,
        "technicians" => people::import(call, &rows()?, preview).await?,
        "appointments" => appointments::import(call, &rows()?, preview).await?,
        "customers" => customers::import(call, &rows()?, preview).await?,
        _ => return Err(ApiError::not_found("kind of import")),
    };
    match result {
        Ok(outcome) => Ok(Answer::ok(report(kind, preview, &outcome, &RowErrors::default()))),
        Err((outcome, errors)) if preview => Ok(Answer::ok(report(kind, preview, &outcome, &errors))),
        Err((_, errors)) => Err(ApiError::Invalid(listed(&errors))),
    }
}

/// An outcome, or with what is wrong.
type Import = Result<Outcome, (Outcome, RowErrors)>;

fn report(kind: &str, preview: bool, outcome: &Outcome, errors: &RowErrors) -> Value {
    let mut report = json!(outcome);
    report["kind"] = kind.into();
    report["preview"] = preview.into();
    report["error_count"] = errors.0.len().into();
    report["errors"] = json!(listed(errors));
    report
}

fn listed(errors: &RowErrors) -> Vec<FieldError> {
    errors.0.iter().take(MOST_ERRORS).cloned().collect()
}

/// Which of day and month comes first in the store's dates: the month where numbers begin with +1.
fn date_order(store: &Store) -> DateOrder {
    if store.calling_code == "1" { DateOrder::MonthFirst } else { DateOrder::DayFirst }
}
