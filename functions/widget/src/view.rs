//! A thread as the frame reads it.

use crate::cards::{Choices, Dealer, Mention, of_notice};
use chrono::{DateTime, SecondsFormat};
use lanekeeper_channels::widget::frame_id;
use lanekeeper_conversation::Act;
use lanekeeper_domain::Language;
use lanekeeper_links::{Keys, Link};
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{Chat, ChatHead, ChatMessage, Playbook};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    /// `customer`, `ai` or `person`.
    from: &'a str,
    text: &'a str,
    at: String,
    /// The frame's own id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Choices>,
    #[serde(skip_serializing_if = "Option::is_none")]
    appointment: Option<serde_json::Value>,
}

/// The thread as JSON.
pub fn show<P: Platform>(platform: &P, playbook: &Playbook, chat: &Chat) -> Response {
    let keys = Keys::of(platform.settings()).ok();
    let reader = Reader { playbook, head: chat.head.as_ref(), keys: keys.as_ref() };
    let messages: Vec<Shown> = chat.messages.iter().map(|message| reader.show(message)).collect();
    let head = chat.head.as_ref();
    Response::json(
        200,
        &json!({
            "messages": messages,
            "cursor": chat.cursor.to_string(),
            "mark": head.map_or_else(String::new, ChatHead::mark),
            "person": head.is_some_and(|head| head.handling == "person"),
            "typing": head.and_then(|head| head.typing.as_deref()),
            "name": head.and_then(|head| head.name.as_deref()),
            "verified": head.is_some_and(|head| head.phone.is_some()),
        }),
    )
}

struct Reader<'a> {
    playbook: &'a Playbook,
    head: Option<&'a ChatHead>,
    keys: Option<&'a Keys>,
}

impl Reader<'_> {
    fn show<'m>(&self, message: &'m ChatMessage) -> Shown<'m> {
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
