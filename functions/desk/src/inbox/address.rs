//! What a list shows, as its address says it: so that it can be kept, shared and gone back to.

use crate::desk::Desk;
use crate::error::DeskError;
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::Platform;
use lanekeeper_storage::inbox::{Facets, InboxView};

/// What a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListState {
    /// Which conversations.
    pub view: InboxView,
    /// Of which store; `None` is all of the person's.
    pub store: Option<String>,
    /// Of which provider.
    pub channel: Option<String>,
    /// With which mood.
    pub mood: Option<String>,
    /// In which language.
    pub language: Option<String>,
    /// Of whom: an account.
    pub assignee: Option<String>,
    /// What is looked for; then nothing else but the store counts.
    pub search: Option<String>,
    /// Where the page begins.
    pub after: Option<String>,
}

impl ListState {
    /// What the address of a request says.
    pub fn of<P: Platform>(desk: &Desk<'_, P>) -> Result<Self, DeskError> {
        let word = |name: &str| desk.parameter(name).filter(|word| word.chars().count() <= 100);
        let view = match word("view") {
            None => InboxView::Waiting,
            Some(name) => InboxView::from_name(&name).ok_or(DeskError::field("view", "input_wrong"))?,
        };
        let state = Self {
            view,
            store: word("store"),
            channel: word("channel"),
            mood: word("mood"),
            language: word("language"),
            assignee: word("assignee"),
            search: word("q").map(|typed| typed.trim().to_owned()).filter(|typed| !typed.is_empty()),
            after: word("after"),
        };
        if let Some(store) = &state.store {
            desk.store(store, Permission::Look)?;
        }
        Ok(state)
    }

    /// What narrows the list, where `me` is the person who looks.
    pub fn facets<'a>(&'a self, me: &'a str) -> Facets<'a> {
        let assignee = if self.view == InboxView::Mine { Some(me) } else { self.assignee.as_deref() };
        let (provider, mood, language) = (self.channel.as_deref(), self.mood.as_deref(), self.language.as_deref());
        Facets { assignee, provider, mood, language }
    }

    /// How many of the narrowings besides view and store there are.
    pub fn narrowed(&self) -> usize {
        [&self.channel, &self.mood, &self.language, &self.assignee].into_iter().flatten().count()
    }

    /// The same list in another view, from its top.
    #[must_use]
    pub fn in_view(&self, view: InboxView) -> Self {
        Self { view, assignee: None, search: None, after: None, ..self.clone() }
    }

    /// The same list without what narrows it.
    #[must_use]
    pub fn without_facets(self) -> Self {
        Self { channel: None, mood: None, language: None, assignee: None, ..self }
    }

    /// The query of its address, with the question mark; empty where nothing is to be said.
    pub fn query(&self) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        if self.view != InboxView::Waiting {
            pairs.append_pair("view", self.view.as_str());
        }
        let rest = [
            ("store", &self.store),
            ("channel", &self.channel),
            ("mood", &self.mood),
            ("language", &self.language),
            ("assignee", &self.assignee),
            ("q", &self.search),
            ("after", &self.after),
        ];
        for (name, value) in rest {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        let query = pairs.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// The address of the list.
    pub fn address(&self) -> String {
        format!("/desk/inbox{}", self.query())
    }

    /// The address of a conversation beside the list.
    pub fn conversation(&self, store: &str, conversation: &str) -> String {
        format!("/desk/stores/{store}/conversations/{conversation}{}", self.query())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_shown() {
        let state = ListState {
            view: InboxView::Waiting,
            store: None,
            channel: None,
            mood: None,
            language: None,
            assignee: None,
            search: None,
            after: None,
        };
        assert_eq!(state.address(), "/desk/inbox");
        let narrowed = ListState { mood: Some("angry".into()), search: Some("a&b=\"".into()), ..state.clone() };
        assert_eq!(narrowed.address(), "/desk/inbox?mood=angry&q=a%26b%3D%22");
        assert_eq!(narrowed.narrowed(), 1);
        assert_eq!(narrowed.in_view(InboxView::Mine).query(), "?view=mine&mood=angry");
        assert_eq!(state.conversation("one", "01x"), "/desk/stores/one/conversations/01x");
    }
}
