//! Channels: how customers reach a store, and how it reaches them.
//!
//! A channel is a module per provider with pure functions: *verify* a webhook's signature, *parse* it into an
//! [`Inbound`], *render* the reply in the provider's form, make the request that *sends* a message and read what came of
//! it. Nothing here does I/O. A new provider is a module and a variant of [`Provider`].

mod error;
mod form;
mod public_url;
pub mod twilio;
pub mod widget;

pub use error::ChannelError;
pub use public_url::public_url;

use serde::{Deserialize, Serialize};

/// Who carries messages between a store and its customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Twilio: SMS and MMS.
    Twilio,
    /// The chat widget, which is our own.
    Widget,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 2] = [Self::Twilio, Self::Widget];

    /// The provider's name in routes (`/channels/{provider}/…`) and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Widget => "widget",
        }
    }

    /// The provider of this name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.slug() == slug)
    }
}

/// A message from a customer, as every provider's webhook is read. Its `Debug` form leaves out what the customer wrote
/// and who it was, so that it may stand in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Inbound {
    /// The provider's id of the message: a webhook that is sent again bears the same one.
    pub provider_message_id: String,
    /// Who wrote: E.164 for phones (`+13125550123`), else the provider's form of an address.
    pub from: String,
    /// The store's address that was written to.
    pub to: String,
    /// What was written; empty when there are only media.
    pub text: String,
    /// What was attached, in order.
    pub media: Vec<Media>,
    /// Set when the provider itself took the text for a keyword and has already acted on it.
    pub provider_opt_out: Option<OptOutType>,
    /// Set where nothing was written but something tapped; the text is what stood on it.
    pub tapped: Option<Tap>,
}

/// What a customer tapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tap {
    /// Words of ours, which need no model to be understood.
    Words,
    /// The thing at this place, from 1, of what was listed.
    Nth(u8),
}

impl std::fmt::Debug for Inbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbound")
            .field("provider_message_id", &self.provider_message_id)
            .field("media", &self.media.len())
            .field("provider_opt_out", &self.provider_opt_out)
            .finish_non_exhaustive()
    }
}

/// A file that a customer sent, where the provider keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where to fetch it; most providers ask for credentials there.
    pub url: String,
    /// Its media type, as the provider says.
    pub content_type: String,
}

/// What a provider took a keyword for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptOutType {
    /// No more messages to this customer.
    Stop,
    /// Messages again.
    Start,
    /// A question what this is.
    Help,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_found_by_their_slug() {
        for provider in Provider::ALL {
            assert_eq!(Provider::from_slug(provider.slug()), Some(provider));
        }
        assert_eq!(Provider::from_slug("fax"), None);
    }

    #[test]
    fn the_debug_form_tells_nothing_of_the_customer() {
        let inbound = Inbound {
            provider_message_id: "SM1".into(),
            from: "+13125550123".into(),
            to: "+15005550006".into(),
            text: "my name is private".into(),
            media: vec![],
            provider_opt_out: None,
            tapped: None,
        };
        let shown = format!("{inbound:?}");
        assert!(shown.contains("SM1") && !shown.contains("private") && !shown.contains("3125550123"), "{shown}");
    }
}
