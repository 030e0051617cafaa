//! Giving links out.

use crate::{Keys, Link};
use chrono::{DateTime, Utc};
use lanekeeper_platform::Settings;

/// Gives out links, where we know how the world reaches us.
pub struct Links {
    keys: Keys,
    public_url: String,
}

impl Links {
    /// `None` where `PUBLIC_URL` is not set: a message that leaves later has no request whose origin it could name. The same
    /// where no key is right, because a message without its link is better than none.
    pub fn of(settings: &impl Settings) -> Option<Self> {
        let public_url = settings.get("PUBLIC_URL")?;
        Some(Self { keys: Keys::of(settings).ok()?, public_url })
    }

    /// The address of an appointment's page.
    pub fn to_appointment(&self, store: &str, id: &str, start: DateTime<Utc>) -> String {
        Link::to_appointment(store, id, start).url(&self.keys, &self.public_url)
    }

    /// The address of a repair order's page.
    pub fn to_repair_order(&self, store: &str, id: &str, now: DateTime<Utc>) -> String {
        Link::to_repair_order(store, id, now).url(&self.keys, &self.public_url)
    }
}
