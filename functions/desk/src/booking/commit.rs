//! Writing what is decided about an appointment: in one batch, with the messages about it and the log of who did it.

use crate::desk::{AtStore, Desk};
use crate::error::DeskError;
use crate::words::Words;
use lanekeeper_changes::{Outside, Written, write_outside};
use lanekeeper_conversation::{Change, Notice, phrases};
use lanekeeper_domain::Store;
use lanekeeper_links::Links;
use lanekeeper_platform::{Database, DatabaseError, Platform, Queue, Shard, Statement};
use lanekeeper_storage::{AppointmentInStore, Correspondent, Reach, Revised, expect_appointment};
use serde_json::{Value, json};

/// How often a place is looked for when others take them at the same moment.
pub const TRIES: u32 = 5;

/// What has come of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was made.
    Done,
    /// Somebody has changed the appointment since it was read.
    Changed,
    /// Somebody has taken the time, the place or the person, or the store's rules have changed.
    Taken,
}

/// A change of an appointment, as it is to be logged.
pub struct Deed<'a> {
    /// E.g. `appointment.move`.
    pub action: &'static str,
    /// What of it is worth knowing.
    pub details: Value,
    /// What changes.
    pub changes: &'a [Change],
    /// What the customer is told.
    pub notices: &'a [Notice],
    /// What else is written.
    pub more: Vec<Statement>,
}

/// How the customer of an appointment is reached: in the conversation that it belongs to, or else by phone.
pub fn reach(found: &AppointmentInStore) -> Option<Reach> {
    let visit = &found.visit;
    let conversation = visit.contact.as_ref().map(|contact| Reach {
        conversation: Some(contact.conversation.clone()),
        line: contact.line.clone(),
        address: contact.peer.clone(),
        language: contact.language,
        time_zone: visit.customer.time_zone,
    });
    conversation.or_else(|| found.person.reach(visit.store.language))
}

/// Changes an appointment that was read, unless somebody else has changed it since.
pub async fn change<P: Platform>(
    desk: &Desk<'_, P>,
    at: &AtStore<'_, '_, P>,
    found: &AppointmentInStore,
    deed: Deed<'_>,
) -> Result<Outcome, DeskError> {
    let visit = &found.visit;
    let (store, id) = (visit.store.id.as_str(), visit.appointment.id.as_str());
    // A conversation does not begin because nothing is said.
    let reach = reach(found).filter(|_| !deed.notices.is_empty());
    let links = Links::of(desk.platform().settings());
    let outside = Outside {
        store: Revised { profile: &visit.store, revision: visit.revision },
        customer: &visit.customer.id,
        reach: reach.as_ref(),
        links: links.as_ref(),
        now: desk.now(),
    };
    // Nobody sits and waits for the message: it was not the customer who pressed the button.
    let notices: Vec<Notice> = deed.notices.iter().cloned().map(Notice::by_the_store).collect();
    let Written { statements, due, .. } = write_outside(&outside, deed.changes, &notices, &|| desk.call.new_id());
    let mut batch = vec![expect_appointment(store, id, Some(visit.appointment.sequence))];
    batch.extend(statements);
    batch.extend(deed.more);
    batch.push(desk.audit(Some(store), deed.action, id, &deed.details));
    match at.shard.database.batch(batch).await {
        Ok(_) => {
            wake(desk, &at.shard, &due).await;
            Ok(Outcome::Done)
        }
        Err(error) if error.is_conflict_on("appointments") => Ok(Outcome::Changed),
        Err(DatabaseError::Constraint(_)) => Ok(Outcome::Taken),
        Err(error) => Err(error.into()),
    }
}

/// Wakes the deliveries that are due. A wake-up that fails is only a delay: the clock sweeps what is due.
pub async fn wake<P: Platform>(desk: &Desk<'_, P>, shard: &Shard<'_, P::Database>, due: &[String]) {
    if due.is_empty() {
        return;
    }
    let due: Vec<String> = due.iter().map(|delivery| shard.wake_up(delivery)).collect();
    if let Err(error) = desk.platform().queue().wake(&due).await {
        desk.platform().log(&json!({"event": "wake_failed", "error": error.to_string()}));
    }
}

/// What the customer will be told, or why nothing.
pub enum Telling {
    /// The time stays: there is nothing to tell.
    Nothing,
    /// This, in the customer's language, to this address.
    Text {
        /// The words.
        text: String,
        /// The address.
        address: String,
    },
    /// The store sends no such messages: somebody has to say it.
    Off,
    /// We know no way to the customer, or they do not want to be texted.
    OutOfReach,
}

/// What comes of telling the customer this.
pub fn telling(
    store: &Store,
    person: &Correspondent,
    reach: Option<&Reach>,
    notice: Option<&Notice>,
    now: chrono::DateTime<chrono::Utc>,
) -> Telling {
    let Some(notice) = notice else { return Telling::Nothing };
    if !store.notifications.sends(notice.kind) {
        return Telling::Off;
    }
    let Some(reach) = reach.filter(|_| person.opted_out == 0) else { return Telling::OutOfReach };
    let text = phrases::render(std::slice::from_ref(&notice.act), store, reach.language, now);
    Telling::Text { text, address: reach.address.clone() }
}

/// That in words.
pub fn telling_words(words: Words, telling: &Telling) -> maud::Markup {
    maud::html! {
        @match telling {
            Telling::Nothing => p.soft { (words.say("booking_tells_nothing")) },
            Telling::Text { text, address } => div.stack {
                p.soft { (words.fill("booking_tells", &[("address", address)])) }
                blockquote.text-preview { (text) }
            },
            Telling::Off => p.notice.warn { (words.say("booking_tells_off")) },
            Telling::OutOfReach => p.notice.warn { (words.say("booking_out_of_reach")) },
        }
    }
}
