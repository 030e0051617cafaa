//! Who it is, who has it, and what can be done.

use super::View;
use super::snooze::presets;
use crate::inbox::channel_icon;
use crate::page::{Kind, Tone, avatar, button, chip, icon};
use lanekeeper_domain::handling::CloseResult;
use lanekeeper_platform::Platform;
use maud::{Markup, html};

impl<P: Platform> View<'_, '_, P> {
    /// The head; `apart` puts it into its place in a page that is there already.
    pub(super) fn head(&self, apart: bool) -> Markup {
        let (words, head) = (self.desk.words(), &self.opened.thread.head);
        let name = self.name();
        html! {
            header #talk-head .talk-head hx-swap-oob=[apart.then_some("true")] {
                a.icon-button.back href=(self.state.address()) title=(words.say("thread_back")) aria-label=(words.say("thread_back")) { (icon("back")) }
                (avatar(name))
                div.talk-title {
                    h2 tabindex="-1" { (name) }
                    p.soft {
                        span.c-channel { (icon(channel_icon(&head.provider))) (words.say(&format!("channel_{}", head.provider))) }
                        span { (head.store.name) }
                        (self.standing())
                    }
                }
                @if self.may_converse() { div.talk-acts { (self.acts()) } }
            }
        }
    }

    /// Who has it, and for how long somebody has waited.
    fn standing(&self) -> Markup {
        let (words, desk, head) = (self.desk.words(), self.desk, &self.opened.thread.head);
        let holder = head.assignee.as_deref();
        let chip_of = |tone, key: &str| chip(tone, words.say(key));
        html! {
            @if head.closed_at.is_some() {
                @let result = head.result.as_deref().unwrap_or("nothing");
                (chip(Tone::Plain, &words.fill("thread_closed", &[("result", words.say(&format!("result_{result}")))])))
            } @else if !head.with_person {
                (chip_of(Tone::Good, "thread_ai_answers"))
            } @else {
                @match (holder, head.joined_at) {
                    (Some(account), Some(_)) if account == desk.person.account => (chip_of(Tone::Info, "thread_you_have_it")),
                    (Some(account), Some(_)) => (chip(Tone::Info, &words.fill("thread_has_it", &[("name", desk.person.name_of(account))]))),
                    (Some(account), None) => (chip(Tone::Warn, &words.fill("thread_expected", &[("name", desk.person.name_of(account))]))),
                    (None, _) => (chip_of(Tone::Warn, "thread_person_wanted")),
                }
                @if let Some(since) = head.waiting_since {
                    span.waiting data-since=(since.timestamp()) { (words.span(desk.now() - since)) }
                }
            }
            @if let Some(until) = head.snoozed_until.filter(|until| *until > desk.now()) {
                (chip(Tone::Plain, &words.fill("thread_snoozed", &[("until", &words.moment(self.store.time_zone, until, desk.now()))])))
            }
            @if head.opted_out { (chip_of(Tone::Bad, "thread_opted_out")) }
        }
    }

    fn acts(&self) -> Markup {
        let head = &self.opened.thread.head;
        let mine = head.assignee.as_deref() == Some(self.desk.person.account.as_str()) && head.joined_at.is_some();
        let another = head.joined_at.is_some() && !mine;
        let closed = head.closed_at.is_some();
        html! {
            @if closed {
                (self.act("reopen", "reopen", Kind::Plain, "thread_reopen", &html! {}))
            } @else {
                @if mine || (head.with_person && !another) {
                    (self.act("hand-back", "hand-back", Kind::Plain, "thread_hand_back", &html! {}))
                }
                @if !mine {
                    @let from = head.assignee.as_deref().filter(|_| another);
                    (self.act("take-over", "take-over", Kind::Main, if another { "thread_take_from" } else { "thread_take_over" }, &html! {
                        @if let Some(from) = from { input type="hidden" name="from" value=(from); }
                    }))
                }
                (self.pop("assign", "person", "thread_assign", &self.assigning()))
                (self.pop("snooze", "clock", "thread_snooze", &self.snoozing()))
                (self.pop("close", "check", "thread_close", &self.closing()))
            }
        }
    }

    /// A button that does something at once.
    fn act(&self, act: &str, key: &str, kind: Kind, label: &str, fields: &Markup) -> Markup {
        html! {
            form method="post" action=(self.action(act)) hx-post=(self.action(act)) hx-swap="none" data-key=(key) {
                (self.desk.token_field())
                (fields)
                (button(kind, self.desk.words().say(label)))
            }
        }
    }

    /// A small menu with a form per choice.
    fn pop(&self, act: &str, drawing: &str, label: &str, content: &Markup) -> Markup {
        let label = self.desk.words().say(label);
        html! {
            details.menu.pop-menu data-key=(act) {
                summary.icon-button title=(label) aria-label=(label) { (icon(drawing)) }
                div.pop {
                    h3 { (label) }
                    form method="post" action=(self.action(act)) hx-post=(self.action(act)) hx-swap="none" {
                        (self.desk.token_field())
                        (content)
                    }
                }
            }
        }
    }

    fn assigning(&self) -> Markup {
        let (words, head) = (self.desk.words(), &self.opened.thread.head);
        let choice = |value: &str, name: &str| {
            let chosen = head.assignee.as_deref().unwrap_or_default() == value;
            html! { button.choice-line type="submit" name="to" value=(value) aria-pressed=[chosen.then_some("true")] { (name) @if chosen { (icon("check")) } } }
        };
        html! {
            @for colleague in self.colleagues() { (choice(&colleague.id, &colleague.name)) }
            (choice("", words.say("thread_nobody")))
        }
    }

    /// Those who work at the store.
    pub(super) fn colleagues(&self) -> impl Iterator<Item = &lanekeeper_storage::Colleague> {
        let here = |store: &Option<String>| store.as_ref().is_none_or(|store| *store == self.store.id);
        self.desk.person.colleagues.iter().filter(move |one| !one.disabled && one.stores.iter().any(here))
    }

    fn snoozing(&self) -> Markup {
        let (words, head, now) = (self.desk.words(), &self.opened.thread.head, self.desk.now());
        html! {
            @for (key, until) in presets(&head.store, now) {
                button.choice-line type="submit" name="until" value=(key) {
                    (words.say(&format!("snooze_{key}")))
                    span.soft { (words.moment(self.store.time_zone, until, now)) }
                }
            }
            @if head.snoozed_until.is_some_and(|until| until > now) {
                button.choice-line type="submit" name="until" value="now" { (words.say("snooze_now")) }
            }
        }
    }

    fn closing(&self) -> Markup {
        let words = self.desk.words();
        html! {
            @for result in CloseResult::ALL {
                button.choice-line type="submit" name="result" value=(result.as_str()) { (words.say(&format!("result_{}", result.as_str()))) }
            }
        }
    }
}
