//! Where one writes: to the customer, or a note for the others.

use super::View;
use crate::page::{Kind, button, icon};
use lanekeeper_domain::handling::LONGEST_REPLY;
use lanekeeper_platform::Platform;
use maud::{Markup, html};

impl<P: Platform> View<'_, '_, P> {
    /// Who else is writing.
    pub(super) fn typing(&self, apart: bool) -> Markup {
        let words = self.desk.words();
        let others = self.opened.typing.iter().filter(|who| **who != self.desk.person.account);
        let names: Vec<&str> =
            others.map(|who| if who == "customer" { self.name() } else { self.desk.person.name_of(who) }).collect();
        html! {
            p.hint #typing aria-live="polite" hx-swap-oob=[apart.then_some("true")] {
                @if !names.is_empty() { (words.fill("thread_typing", &[("name", &names.join(", "))])) }
            }
        }
    }

    /// The place to write in, with these words in it.
    pub(super) fn field(&self, text: &str) -> Markup {
        let words = self.desk.words();
        let label = words.fill("thread_write_to", &[("name", self.name())]);
        html! {
            textarea #text name="text" rows="3" required maxlength=(LONGEST_REPLY) placeholder=(label) data-note=(words.say("thread_note_hint"))
                data-typing=(self.action("typing")) aria-describedby="composer-hint" aria-autocomplete="list" aria-controls="suggestions" { (text) }
        }
    }

    pub(super) fn composer(&self, text: &str) -> Markup {
        let (words, head) = (self.desk.words(), &self.opened.thread.head);
        if !self.may_converse() {
            return html! { p.composer.soft { (words.say("thread_look_only")) } };
        }
        let action = self.action("say");
        let label = words.fill("thread_write_to", &[("name", self.name())]);
        let replies = self.opened.filled(&self.desk.person.name);
        html! {
            form #composer .composer method="post" action=(action) hx-post=(action) hx-swap="none" data-opted-out[head.opted_out] {
                (self.desk.token_field())
                div.composer-top {
                    fieldset.modes {
                        legend.hidden { (words.say("thread_mode")) }
                        label { input type="radio" name="mode" value="reply" checked[!head.opted_out] disabled[head.opted_out]; span { (words.say("thread_reply")) } }
                        label { input type="radio" name="mode" value="note" checked[head.opted_out]; span { (words.say("thread_note")) } }
                    }
                    (self.typing(false))
                }
                label.hidden for="text" { (label) }
                (self.field(text))
                ul #suggestions .suggestions role="listbox" aria-label=(words.say("thread_quick_replies")) hidden {}
                div.composer-foot {
                    @let draft = words.say("thread_draft");
                    button.button.quiet #draft type="submit" formnovalidate formaction=(self.action("draft")) hx-post=(self.action("draft"))
                        hx-target="#text" hx-swap="outerHTML" title=(draft) { (icon("spark")) (words.say("thread_draft_short")) }
                    (self.quick_replies(&replies))
                    (self.mentioning())
                    p.hint #composer-hint { (words.say("thread_composer_hint")) }
                    span.count-left #left aria-hidden="true" {}
                    (button(Kind::Main, words.say("thread_send")))
                }
            }
        }
    }

    fn quick_replies(&self, replies: &[(String, String)]) -> Markup {
        let label = self.desk.words().say("thread_quick_replies");
        html! {
            @if !replies.is_empty() {
                details.menu.pop-menu #quick data-key="quick" {
                    summary.icon-button title=(label) aria-label=(label) { (icon("bolt")) }
                    div.pop {
                        h3 { (label) }
                        @for (shortcut, text) in replies {
                            button.choice-line type="button" data-insert=(text) data-shortcut=(shortcut) { strong { "/" (shortcut) } span.soft { (text) } }
                        }
                    }
                }
            }
        }
    }

    /// Whom a note is for.
    fn mentioning(&self) -> Markup {
        let label = self.desk.words().say("thread_mention");
        let others = self.colleagues().filter(|one| one.id != self.desk.person.account);
        html! {
            details.menu.pop-menu.for-notes data-key="mention" {
                summary.icon-button title=(label) aria-label=(label) { "@" }
                div.pop {
                    h3 { (label) }
                    @for one in others {
                        label.choice-line { input type="checkbox" name="mention" value=(one.id) data-name=(one.name); (one.name) }
                    }
                }
            }
        }
    }
}
