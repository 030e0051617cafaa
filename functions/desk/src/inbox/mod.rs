//! The inbox: all conversations of the person's stores in one list, live, beside the one that is open.

mod address;
mod list;
mod live;
mod load;
mod row;
mod search;

pub use address::ListState;
pub use list::pane;
pub use live::live;
pub use load::{Listed, short};
pub use row::channel_icon;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::page::{Page, empty_state, piece};
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Platform, Response};
use lanekeeper_storage::{Colleague, StoreAccess};
use maud::{Markup, html};

/// How many conversations are on a page.
pub const PAGE: u32 = 50;

/// `GET /desk/inbox`: the list, and beside it nothing yet.
pub async fn show<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let state = ListState::of(desk)?;
    let listed = Listed::load(desk, &state, None).await?;
    let words = desk.words();
    let hint = html! { p.soft.keys { kbd { "?" } " " (words.say("inbox_keys_hint")) } };
    let nothing = html! {
        section #conversation .conversation .none aria-label=(words.say("inbox_conversation")) {
            (empty_state("chat", words.say("inbox_none_open"), words.say("inbox_none_open_text"), &hint))
        }
    };
    Ok(whole(desk, &state, &listed, words.say("nav_inbox").to_owned(), &nothing))
}

/// `GET /desk/inbox/list`: the list alone, for another view of it.
pub async fn show_list<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let state = ListState::of(desk)?;
    let listed = Listed::load(desk, &state, None).await?;
    Ok(piece(pane(desk, &state, &listed)))
}

/// The list with what is open beside it.
pub fn whole<P: Platform>(
    desk: &Desk<'_, P>,
    state: &ListState,
    listed: &Listed,
    title: String,
    open: &Markup,
) -> Response {
    let content = html! {
        div.inbox {
            (pane(desk, state, listed))
            (open)
        }
        (crate::conversation::shortcuts(desk.words()))
    };
    let page = Page::new(title, content)
        .section("inbox")
        .at_store(state.store.as_deref())
        .wide()
        .style("inbox.css")
        .script("inbox.js")
        .script("keys.js");
    desk.page(&page)
}

/// Those whom the person works with: everybody of a store where they have a role themselves.
pub fn colleagues<'d, P: Platform>(desk: &'d Desk<'_, P>) -> impl Iterator<Item = &'d Colleague> {
    let stores = &desk.person.stores;
    let mine = |store: &Option<String>| store.as_ref().is_none_or(|id| stores.iter().any(|one| one.id == *id));
    desk.person.colleagues.iter().filter(move |one| !one.disabled && one.stores.iter().any(mine))
}

/// The stores that the list is about.
pub(crate) fn scope<'a, P: Platform>(
    desk: &'a Desk<'_, P>,
    state: &ListState,
) -> Result<Vec<(u32, Vec<&'a StoreAccess>)>, DeskError> {
    let chosen = state.store.as_ref().map(|id| desk.store(id, Permission::Look)).transpose()?.map(|at| at.store);
    let stores: Vec<_> = match chosen {
        Some(store) => vec![store],
        None => desk.person.stores_with(Permission::Look).collect(),
    };
    let mut shards: Vec<(u32, Vec<_>)> = Vec::new();
    for store in stores {
        match shards.iter_mut().find(|(shard, _)| *shard == store.shard) {
            Some((_, stores)) => stores.push(store),
            None => shards.push((store.shard, vec![store])),
        }
    }
    Ok(shards)
}
