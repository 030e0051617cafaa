//! How customers are told of what the API does.

use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_changes::{Scene, Written, write};
use lanekeeper_conversation::{Change, Notice};
use lanekeeper_domain::{Language, Store};
use lanekeeper_links::Links;
use lanekeeper_platform::{Platform, Statement};
use lanekeeper_storage::{Correspondent, NewConversation, Revised, start_conversation};

/// How a customer is written to.
pub struct Contact {
    /// Id of the customer.
    pub customer: String,
    /// Id of the line.
    pub line: String,
    /// Id of the conversation.
    pub conversation: String,
    /// The customer's address on the line.
    pub recipient: String,
    /// The customer's language.
    pub language: Language,
    /// The customer's own time zone, where it is known.
    pub time_zone: Option<lanekeeper_zones::Tz>,
    /// Starts the conversation, where there was none.
    pub start: Option<Statement>,
}

impl Contact {
    /// For changes that nobody is told of.
    pub fn nobody(customer: &str) -> Self {
        Self {
            customer: customer.to_owned(),
            line: String::new(),
            conversation: String::new(),
            recipient: String::new(),
            language: Language::default(),
            time_zone: None,
            start: None,
        }
    }

    /// Writes changes and notices to this customer.
    pub fn write<P: Platform>(
        &self,
        call: &Call<'_, P>,
        store: Revised,
        changes: &[Change],
        notices: &[Notice],
    ) -> Written {
        let links = Links::of(call.platform.settings());
        let scene = Scene {
            store,
            line: &self.line,
            conversation: &self.conversation,
            customer: &self.customer,
            recipient: &self.recipient,
            language: self.language,
            time_zone: self.time_zone,
            message: None,
            links: links.as_ref(),
            now: call.now,
        };
        // Whoever calls the API, it is not the customer who sits and waits for the message.
        let notices: Vec<Notice> = notices.iter().cloned().map(Notice::by_the_store).collect();
        write(&scene, changes, &notices, &|| call.new_id())
    }
}

/// The customer's latest conversation; or a new one on the store's first line, by phone number.
pub fn contact<P: Platform>(
    call: &Call<'_, P>,
    store: &Store,
    person: &Correspondent,
    language: Option<Language>,
) -> Result<Contact, ApiError> {
    let time_zone = person.time_zone.as_ref().and_then(|name| name.parse().ok());
    if let (Some(conversation), Some(line), Some(peer)) = (&person.conversation_id, &person.line_id, &person.peer) {
        let known = person.language.as_deref().and_then(Language::from_code);
        return Ok(Contact {
            customer: person.id.clone(),
            line: line.clone(),
            conversation: conversation.clone(),
            recipient: peer.clone(),
            language: known.or(language).unwrap_or(store.language),
            time_zone,
            start: None,
        });
    }
    let Some(phone) = &person.phone else {
        return Err(ApiError::field("customer_id", "the customer has no phone number to be told at"));
    };
    let Some(line) = &person.first_line else {
        return Err(ApiError::conflict("The store has no line to tell the customer on."));
    };
    let (conversation, language) = (call.new_id(), language.unwrap_or(store.language));
    let new = NewConversation {
        id: &conversation,
        store: &store.id,
        line,
        peer: phone,
        customer: &person.id,
        language: language.code(),
    };
    let start = Some(start_conversation(&new, call.now));
    let (customer, line, recipient) = (person.id.clone(), line.clone(), phone.clone());
    Ok(Contact { customer, line, conversation, recipient, language, time_zone, start })
}
