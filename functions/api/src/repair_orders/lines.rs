//! The lines of an order: added, changed, put to the customer, answered.

use super::{applied, changed, find, refused, show, stale, wake};
use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_changes::write_order;
use lanekeeper_domain::repair_order::{Method, OperationEdit, Verdict};
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_links::Links;
use lanekeeper_platform::Platform;
use serde::Deserialize;

/// `POST …/{order}/operations`: a line more. It is a draft until it is put to the customer.
pub async fn add_line<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let edit: OperationEdit = call.body()?;
    let found = find(call).await?;
    call.demand_match(found.order.version)?;
    let class = found.order.vehicle.as_ref().and_then(Vehicle::class);
    let edit = edit.from_menu(&found.store, class).map_err(refused)?;
    let id = call.new_id();
    let change = applied(call, &found, |order, charges| order.add_operation(charges, &id, edit))?;
    let links = Links::of(call.platform.settings());
    let written = write_order(&found, &change, links.as_ref(), call.now, &|| call.new_id());
    let mut order = change.order;
    order.version += 1;
    let location = format!("/api/v1/stores/{}/repair-orders/{}", found.store.id, order.id);
    let answer = Answer::created(location, show(&order, &found.store)).with_etag(order.version);
    let answer = call.create(written.statements, answer).await.map_err(stale)?;
    wake(call, &written.due).await;
    Ok(answer)
}

/// `PATCH …/{order}/operations/{operation}`. A higher price than the one agreed to asks the customer again; work starts only
/// on what is authorized.
pub async fn change_line<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let edit: OperationEdit = call.body()?;
    changed(call, |order, charges| order.edit_operation(charges, call.place("operation"), edit)).await
}

/// `DELETE …/{order}/operations/{operation}`: of a line on which no work was done.
pub async fn remove_line<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    changed(call, |order, charges| order.remove_operation(charges, call.place("operation"))).await
}

/// Lines to put to the customer.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Proposal {
    /// Their ids; all drafts when absent.
    operations: Option<Vec<String>>,
}

/// `POST …/{order}/propose`: asks the customer, in the conversation, whether the work may be done.
pub async fn propose<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let proposal: Proposal = if call.request.body.is_empty() { Proposal::default() } else { call.body()? };
    changed(call, |order, charges| order.propose(charges, proposal.operations.as_deref())).await
}

/// A customer's answers, given to somebody of the store.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    method: Method,
    lines: Vec<Verdict>,
}

/// `POST …/{order}/authorizations`: what the customer answered on the phone or at the counter, with the amounts told.
pub async fn authorize<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    let answers: Answers = call.body()?;
    if matches!(answers.method, Method::TextMessage | Method::SmsTextLink) {
        return Err(ApiError::field("method", "the customer answers so themselves; nobody can for them"));
    }
    if answers.lines.is_empty() {
        return Err(ApiError::field("lines", "are none"));
    }
    changed(call, |order, charges| order.decide(charges, &answers.lines, answers.method)).await
}
