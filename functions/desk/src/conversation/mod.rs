//! One conversation: what passed, what the AI made of it, what can be done, and the customer beside it.

mod acts;
mod beside;
mod composer;
mod draft;
mod entries;
mod files;
mod head;
mod load;
mod shortcuts;
mod snooze;
mod understood;

pub use acts::{assign, close, hand_back, reopen, say, snooze, tags, take_over};
pub use draft::{draft, typing};
pub use files::file;
pub use load::Opened;
pub use shortcuts::shortcuts;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::inbox::{ListState, Listed, whole};
use crate::page::{Tone, notice, piece};
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::StoreAccess;
use maud::{Markup, html};

/// One conversation, the person who looks at it, and the list beside it.
pub struct View<'a, 'p, P: Platform> {
    /// The request.
    pub desk: &'a Desk<'p, P>,
    /// The store.
    pub store: &'a StoreAccess,
    /// What the list beside it shows.
    pub state: &'a ListState,
    /// The conversation.
    pub opened: &'a Opened,
}

/// `GET /desk/stores/{store}/conversations/{conversation}`.
pub async fn show<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let state = ListState::of(desk)?;
    if desk.call.request.header("hx-target") == Some("conversation") {
        let opened = Opened::load(desk).await?;
        let view = View { desk, store: desk.here()?.store, state: &state, opened: &opened };
        return Ok(piece(view.pane("")));
    }
    page(desk, &state, None, "").await
}

/// The whole page, with a word above the conversation, and words where one writes.
pub async fn page<P: Platform>(
    desk: &Desk<'_, P>,
    state: &ListState,
    said: Option<&str>,
    draft: &str,
) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let statements = Opened::statements(desk);
    let mut listed = Listed::load(desk, state, Some((at.store.shard, statements))).await?;
    let opened = Opened::read(std::mem::take(&mut listed.beside))?.ok_or(DeskError::NotFound)?;
    let view = View { desk, store: at.store, state, opened: &opened };
    let content = html! {
        @if let Some(said) = said { (notice(Tone::Warn, said)) }
        (view.pane(draft))
    };
    Ok(whole(desk, state, &listed, view.name().to_owned(), &content))
}

impl<P: Platform> View<'_, '_, P> {
    /// What the customer is called.
    pub fn name(&self) -> &str {
        self.opened.thread.head.customer_name.as_deref().unwrap_or(&self.opened.thread.head.peer)
    }

    /// Whether the person may take part.
    pub fn may_converse(&self) -> bool {
        self.store.role.may(Permission::Converse)
    }

    /// The address of something that is done to the conversation.
    pub fn action(&self, act: &str) -> String {
        let id = &self.opened.thread.head.id;
        format!("/desk/stores/{}/conversations/{id}/{act}{}", self.store.id, self.state.query())
    }

    /// The whole pane, with these words where one writes.
    pub fn pane(&self, draft: &str) -> Markup {
        let words = self.desk.words();
        let address = self.state.conversation(&self.store.id, &self.opened.thread.head.id);
        html! {
            section #conversation .conversation aria-label=(words.say("inbox_conversation")) data-store=(self.store.id)
                data-conversation=(self.opened.thread.head.id) data-pulse=(self.opened.pulse) data-address=(address) {
                (self.head(false))
                div.talk {
                    div.talk-main {
                        div.talk-scroll tabindex="0" aria-label=(words.say("thread_messages")) role="log" {
                            (self.earlier())
                            (self.entries(false))
                        }
                        (self.composer(draft))
                    }
                    (self.beside(false))
                }
            }
        }
    }

    /// The parts of the pane that change, each to be put into its own place. What somebody is writing stays untouched.
    pub fn parts(&self) -> Markup {
        html! {
            (self.head(true))
            (self.entries(true))
            (self.beside(true))
            @if self.may_converse() { (self.typing(true)) }
        }
    }
}
