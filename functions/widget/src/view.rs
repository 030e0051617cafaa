//! A thread as the frame reads it.

use crate::cards::{Choices, Dealer, Mention, of_notice};
use crate::error::WidgetError;
use crate::files::SCHEME;
use chrono::{DateTime, SecondsFormat};
use lanekeeper_channels::Media;
use lanekeeper_channels::widget::frame_id;
use lanekeeper_conversation::Act;
use lanekeeper_domain::Language;
use lanekeeper_links::{Keys, Link};
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{Chat, ChatHead, ChatMessage, Playbook, account_names};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    /// `customer`, `ai` or `person`.
    from: &'a str,
    text: &'a str,
    at: String,
    /// Of the person who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<serde_json::Value>,
    /// The frame's own id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Choices>,
    #[serde(skip_serializing_if = "Option::is_none")]
    appointment: Option<serde_json::Value>,
}

/// The thread as JSON. The names of the people who wrote in it are read from the directory, where there are any.
pub async fn show<P: Platform>(platform: &P, playbook: &Playbook, chat: &Chat) -> Result<Response, WidgetError> {
    let keys = Keys::of(platform.settings()).ok();
    let accounts: Vec<&str> = chat.messages.iter().filter_map(|message| message.account.as_deref()).collect();
    let names = match accounts.as_slice() {
        [] => Vec::new(),
        accounts => account_names(platform.directory(), accounts).await?,
    };
    let reader = Reader { playbook, head: chat.head.as_ref(), keys: keys.as_ref(), names: &names };
    let messages: Vec<Shown> = chat.messages.iter().map(|message| reader.show(message)).collect();
    let head = chat.head.as_ref();
    let body = json!({
        "messages": messages,
        "cursor": chat.cursor.to_string(),
        "mark": head.map_or_else(String::new, ChatHead::mark),
        "language": head.map(|head| head.language.as_str()),
        "person": head.is_some_and(|head| head.handling == "person"),
        "typing": head.and_then(|head| head.typing.as_deref()),
        "name": head.and_then(|head| head.name.as_deref()),
        "claimed": head.and_then(|head| head.claimed_phone.as_deref()),
        "verified": head.is_some_and(|head| head.phone.is_some()),
        "can_verify": head.is_some_and(|head| head.sms != 0),
    });
    Ok(Response::json(200, &body))
}

/// The files of a message that stand with us.
fn files(media: &str) -> Vec<serde_json::Value> {
    let media: Vec<Media> = serde_json::from_str(media).unwrap_or_default();
    let own = |media: &Media| Some(json!({"id": media.url.strip_prefix(SCHEME)?, "type": media.content_type}));
    media.iter().filter_map(own).collect()
}

struct Reader<'a> {
    playbook: &'a Playbook,
    head: Option<&'a ChatHead>,
    keys: Option<&'a Keys>,
    /// Of accounts.
    names: &'a [(String, String)],
}

impl<'a> Reader<'a> {
    fn show(&self, message: &'a ChatMessage) -> Shown<'a> {
        let store = &self.playbook.store;
        let language = self.head.and_then(|head| Language::from_code(&head.language)).unwrap_or(store.language);
        let at = DateTime::from_timestamp_millis(message.created_at).unwrap_or_default();
        let dealer = Dealer { store, language, today: store.local(at).date() };
        // What an older version said, and we cannot read, is shown as text alone.
        let said = message.said.as_deref().filter(|_| message.author == "ai");
        let acts: Vec<Act> = said.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        let of_notice = message.notice.as_deref().and_then(|kind| of_notice(kind, language));
        Shown {
            id: &message.id,
            from: &message.author,
            text: &message.text,
            at: at.to_rfc3339_opts(SecondsFormat::Millis, true),
            name: self.names.iter().find(|(id, _)| Some(id) == message.account.as_ref()).map(|(_, name)| name.as_str()),
            files: files(&message.media),
            own: message.provider_message_id.as_deref().and_then(frame_id),
            choices: dealer.choices(&acts).or(of_notice),
            appointment: Dealer::appointment(&acts).and_then(|mention| self.appointment(&dealer, &mention)),
        }
    }

    /// A card with links to the calendar file and to the page of the appointment, while it stands.
    fn appointment(&self, dealer: &Dealer<'_>, mention: &Mention) -> Option<serde_json::Value> {
        let id = self.head?.appointment_at(mention.start)?;
        let token = Link::to_appointment(&dealer.store.id, &id, mention.start).token(self.keys?);
        Some(json!({
            "what": dealer.services(&mention.services),
            "when": dealer.moment(mention.start),
            "where": dealer.store.address,
            "starts_at": mention.start.to_rfc3339_opts(SecondsFormat::Secs, true),
            "page": format!("../a/{token}"),
            "calendar": format!("../a/{token}/calendar.ics"),
        }))
    }
}
