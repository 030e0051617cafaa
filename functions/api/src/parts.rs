//! Lists within a store's profile whose items have ids: read and changed one by one.
//!
//! They are edited as JSON, so that one piece of code serves all of them; the profile is checked as a whole before it is
//! kept.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use crate::{pages, profile};
use lanekeeper_platform::Platform;
use lanekeeper_storage::Page;
use serde_json::{Map, Value};

/// One such list: its name in the profile, what one of its items is called, and the field that tells them apart.
#[derive(Clone, Copy)]
pub struct Part {
    list: &'static str,
    item: &'static str,
    key: Key,
}

#[derive(Clone, Copy)]
enum Key {
    /// `id`, a text.
    Id,
    /// `number`, from 1.
    Number,
}

/// The menu.
pub const SERVICES: Part = Part { list: "services", item: "service", key: Key::Id };
/// Who works on cars.
pub const TECHNICIANS: Part = Part { list: "technicians", item: "technician", key: Key::Id };
/// Who receives customers.
pub const ADVISORS: Part = Part { list: "advisors", item: "advisor", key: Key::Id };
/// Where cars are worked on.
pub const BAYS: Part = Part { list: "bays", item: "bay", key: Key::Number };

impl Part {
    fn field(self) -> &'static str {
        match self.key {
            Key::Id => "id",
            Key::Number => "number",
        }
    }

    /// What the path says, as the items have it.
    fn value(self, text: &str) -> Result<Value, ApiError> {
        match self.key {
            Key::Id => Ok(text.into()),
            Key::Number => text
                .parse::<u32>()
                .map(Value::from)
                .map_err(|_| ApiError::parameter("id", format!("the number of a {}, from 1", self.item))),
        }
    }

    fn place(self, items: &[Value], wanted: &Value) -> Option<usize> {
        items.iter().position(|item| item[self.field()] == *wanted)
    }
}

/// `GET …/{part}`: all of them, in the profile's order.
pub async fn list<P: Platform>(call: &Call<'_, P>, part: Part) -> Result<Answer, ApiError> {
    let (profile, revision) = profile::read(call).await?;
    let items = profile[part.list].as_array().cloned().unwrap_or_default();
    Ok(pages::answer(Page { items, next: None }).with_etag(revision))
}

/// `GET …/{part}/{id}`.
pub async fn read<P: Platform>(call: &Call<'_, P>, part: Part) -> Result<Answer, ApiError> {
    let (profile, revision) = profile::read(call).await?;
    let items = profile[part.list].as_array().map_or(&[][..], Vec::as_slice);
    let place = part.place(items, &part.value(call.place("id"))?).ok_or(ApiError::not_found(part.item))?;
    Ok(Answer::ok(items[place].clone()).with_etag(revision))
}

/// `PUT …/{part}/{id}`: puts it in the place of the one with this id, or at the end.
pub async fn put<P: Platform>(call: &Call<'_, P>, part: Part) -> Result<Answer, ApiError> {
    let id = part.value(call.place("id"))?;
    let mut item: Map<String, Value> = call.body()?;
    if item.get(part.field()).is_some_and(|given| *given != id) {
        return Err(ApiError::field(part.field(), "must be the one in the path, or absent"));
    }
    item.insert(part.field().to_owned(), id.clone());
    let item = Value::Object(item);
    let set = |profile: &mut Value| {
        let items = profile[part.list].as_array_mut();
        let found = items.as_deref().and_then(|items| part.place(items, &id));
        match (items, found) {
            (Some(items), Some(place)) => items[place].clone_from(&item),
            (Some(items), None) => items.push(item.clone()),
            (None, _) => profile[part.list] = Value::Array(vec![item.clone()]),
        }
        Ok(found.is_some())
    };
    let edited = profile::edit(call, &set).await.map_err(|error| within(error, part, call.place("id")))?;
    let items = edited.profile[part.list].as_array().map_or(&[][..], Vec::as_slice);
    let item = part.place(items, &id).map_or(item, |place| items[place].clone());
    let answer = if edited.was_there { Answer::ok(item) } else { Answer::created(call.request.path.clone(), item) };
    Ok(answer.with_etag(edited.revision))
}

/// `DELETE …/{part}/{id}`.
pub async fn remove<P: Platform>(call: &Call<'_, P>, part: Part) -> Result<Answer, ApiError> {
    let id = part.value(call.place("id"))?;
    let unset = |profile: &mut Value| {
        let items = profile[part.list].as_array_mut().ok_or(ApiError::not_found(part.item))?;
        let place = part.place(items, &id).ok_or(ApiError::not_found(part.item))?;
        items.remove(place);
        Ok(true)
    };
    let edited = profile::edit(call, &unset).await.map_err(|error| match error {
        ApiError::Invalid(_) => ApiError::Conflict(format!("The store cannot do without it. {error}"), Value::Null),
        error => error,
    })?;
    Ok(Answer::done().with_etag(edited.revision))
}

/// The same error, seen from within the item: `services[3].minutes` is `minutes` there. The other items were right before.
fn within(error: ApiError, part: Part, id: &str) -> ApiError {
    let ApiError::Invalid(mut errors) = error else { return error };
    for error in &mut errors {
        let Some(rest) = error.field.strip_prefix(part.list) else { continue };
        let by_place = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(_, inner)| inner);
        let by_id = || rest.strip_prefix('.')?.strip_prefix(id);
        if let Some(inner) = by_place.or_else(by_id).map(|inner| inner.trim_start_matches('.')) {
            error.field = if inner.is_empty() { "body" } else { inner }.to_owned();
        }
    }
    ApiError::Invalid(errors)
}
