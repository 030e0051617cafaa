//! Changes that are made outside a conversation, and what the customer is told of them.

use crate::{Scene, Written, write};
use chrono::{DateTime, Utc};
use lanekeeper_conversation::{Change, Notice};
use lanekeeper_links::Links;
use lanekeeper_storage::{NewConversation, Reach, Revised, start_conversation};

/// Where and when something is changed outside a conversation.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// The store, and the revision of its rules that was decided on.
    pub store: Revised<'a>,
    /// Id of the customer.
    pub customer: &'a str,
    /// How the customer is reached; `None` when we know no way: nothing is sent then.
    pub reach: Option<&'a Reach>,
    /// Gives out links to what messages are about.
    pub links: Option<&'a Links>,
    /// The time of the change.
    pub now: DateTime<Utc>,
}

/// Writes changes and notices, and begins the conversation where there was none. Whatever books or puts on a waitlist needs
/// a way to the customer.
pub fn write_outside(
    outside: &Outside,
    changes: &[Change],
    notices: &[Notice],
    new_id: &dyn Fn() -> String,
) -> Written {
    let Outside { store, customer, reach, links, now } = *outside;
    let Some(reach) = reach else {
        let nobody = Reach::default();
        return write(&scene(outside, &nobody, ""), changes, &[], new_id);
    };
    let conversation = reach.conversation.clone().unwrap_or_else(new_id);
    let start = reach.conversation.is_none().then(|| {
        let start = NewConversation {
            id: &conversation,
            store: &store.profile.id,
            line: &reach.line,
            peer: &reach.address,
            customer,
            language: reach.language.code(),
        };
        start_conversation(&start, now)
    });
    let outside = Outside { store, customer, reach: Some(reach), links, now };
    let written = write(&scene(&outside, reach, &conversation), changes, notices, new_id);
    Written { statements: start.into_iter().chain(written.statements).collect(), ..written }
}

fn scene<'a>(outside: &Outside<'a>, reach: &'a Reach, conversation: &'a str) -> Scene<'a> {
    Scene {
        store: outside.store,
        line: &reach.line,
        conversation,
        customer: outside.customer,
        recipient: &reach.address,
        language: reach.language,
        time_zone: reach.time_zone,
        message: None,
        links: outside.links,
        now: outside.now,
    }
}
