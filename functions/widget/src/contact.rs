//! The contact card: what a visitor says of themselves.

use crate::entry::Entry;
use crate::error::WidgetError;
use lanekeeper_domain::phone::e164;
use lanekeeper_platform::{Clock, Database, Platform, Random, Response};
use lanekeeper_storage::{NewChatContact, put_chat_contact};
use serde::Deserialize;
use serde_json::json;

/// The longest name, in characters.
const LONGEST_NAME: usize = 80;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Contact {
    name: Option<String>,
    phone: Option<String>,
    /// Whether the text on the card was agreed to; the log keeps the text.
    #[serde(default)]
    agreed: bool,
}

/// `POST`: keeps the card. The phone counts as claimed.
pub async fn write<P: Platform>(platform: &P, entry: Entry<'_>) -> Result<Response, WidgetError> {
    let contact: Contact = entry.body()?;
    let name = contact.name.as_deref().map(clean_name).transpose()?;
    let phone = contact.phone.as_deref().map(|phone| read_phone(&entry, phone)).transpose()?;
    if phone.is_some() && !contact.agreed {
        return Err(WidgetError::Invalid { field: "agreed", problem: "must be true where a phone number is given" });
    }
    let now = platform.clock().now();
    let (database, mut statements) = entry.beginning(platform)?;
    let card = NewChatContact {
        id: &platform.random().id(now),
        store: &entry.playbook.store.id,
        line: &entry.playbook.line.id,
        peer: &entry.peer,
        name: name.as_deref(),
        phone: phone.as_deref(),
        consent: contact.agreed.then(|| entry.words().say("consent")),
    };
    statements.extend(put_chat_contact(&card, now));
    database.batch(statements).await?;
    Ok(Response::json(200, &json!({"name": name, "phone": phone})))
}

fn clean_name(name: &str) -> Result<String, WidgetError> {
    let name: String = name.chars().filter(|character| !character.is_control()).collect();
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(WidgetError::Invalid { field: "name", problem: "must have 1 to 80 characters" });
    }
    Ok(name)
}

/// A phone number as people write it, in E.164.
pub fn read_phone(entry: &Entry<'_>, phone: &str) -> Result<String, WidgetError> {
    e164(phone, &entry.playbook.store.calling_code)
        .ok_or(WidgetError::Invalid { field: "phone", problem: "is no phone number" })
}
