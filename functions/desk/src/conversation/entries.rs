//! What passed: messages, what left apart from them, what happened, and notes, in one order.

use super::View;
use super::understood::understood;
use crate::page::{Tone, avatar, chip, icon, moment};
use chrono::NaiveDate;
use lanekeeper_platform::Platform;
use lanekeeper_storage::inbox::{Entry, Message, Sent, What};
use maud::{Markup, html};
use serde_json::Value;

impl<P: Platform> View<'_, '_, P> {
    /// The way to what passed before.
    pub(super) fn earlier(&self) -> Markup {
        let words = self.desk.words();
        html! {
            @if let Some(earlier) = self.opened.thread.earlier {
                @let address = self.state.conversation(&self.store.id, &self.opened.thread.head.id);
                @let sign = if address.contains('?') { '&' } else { '?' };
                p.more { a href={ (address) (sign) "before=" (earlier.timestamp_millis()) } { (words.say("thread_earlier")) } }
            }
        }
    }

    /// All entries, the oldest first, under the days on which they fall.
    pub(super) fn entries(&self, apart: bool) -> Markup {
        let zone = self.store.time_zone;
        let mut day: Option<NaiveDate> = None;
        let mut begins = |entry: &Entry| {
            let date = entry.at.with_timezone(&zone).date_naive();
            day.replace(date) != Some(date)
        };
        html! {
            ol #entries hx-swap-oob=[apart.then_some("true")] {
                @for entry in &self.opened.thread.entries {
                    @if begins(entry) {
                        li.day id={ "d-" (entry.at.with_timezone(&zone).date_naive()) } { span { (self.desk.words().day(zone, entry.at, self.desk.now())) } }
                    }
                    (self.entry(entry))
                }
            }
        }
    }

    fn entry(&self, entry: &Entry) -> Markup {
        let words = self.desk.words();
        let id = format!("e-{}", entry.id);
        match &entry.what {
            What::Message(message) => self.message(&id, entry, message),
            What::Notice { kind, text, sent } => html! {
                li.entry.out.notice-entry id=(id) {
                    div.bubble {
                        p.by { (icon("send")) (words.say(&format!("notice_{kind}"))) }
                        p.text { (text) }
                    }
                    p.foot { (self.at(entry)) (self.receipt(sent)) }
                }
            },
            What::Event { event, account, detail } => html! {
                li.entry.event id=(id) { p { (self.event(event, account.as_deref(), detail)) " · " (self.at(entry)) } }
            },
            What::Note { account, text, mentions } => html! {
                li.entry.note id=(id) {
                    div.bubble {
                        p.by { (icon("note")) (words.say("thread_note")) " · " (self.desk.person.name_of(account)) }
                        p.text { (text) }
                        @if !mentions.is_empty() {
                            p.mentions { @for one in mentions { (chip(if *one == self.desk.person.account { Tone::Warn } else { Tone::Plain }, &format!("@{}", self.desk.person.name_of(one)))) " " } }
                        }
                    }
                    p.foot { (self.at(entry)) }
                }
            },
        }
    }

    fn message(&self, id: &str, entry: &Entry, message: &Message) -> Markup {
        let words = self.desk.words();
        let side = if message.author == "customer" { "in" } else { "out" };
        let by = match (message.author.as_str(), message.account.as_deref()) {
            ("customer", _) => self.name(),
            ("ai", _) => words.say("thread_ai"),
            (_, Some(account)) => self.desk.person.name_of(account),
            _ => words.say("thread_person"),
        };
        html! {
            li id=(id) class={ "entry " (side) " by-" (message.author) } {
                @if side == "in" { (avatar(by)) }
                div.stacked {
                    div.bubble {
                        p.by { (by) }
                        @if !message.text.is_empty() { p.text { (message.text) } }
                        (self.media(&entry.id, &message.media))
                    }
                    p.foot {
                        (self.at(entry))
                        @if let Some(sent) = &message.sent { (self.receipt(sent)) }
                    }
                    @if let Some(turn) = &message.turn { (understood(turn, &self.opened.thread.head.store, words)) }
                }
            }
        }
    }

    /// Pictures, and links to files. All go through the desk, which asks who wants to see them.
    fn media(&self, message: &str, media: &str) -> Markup {
        let files: Vec<Value> = serde_json::from_str(media).unwrap_or_default();
        let words = self.desk.words();
        let address = |place: usize| format!("/desk/stores/{}/messages/{message}/files/{place}", self.store.id);
        html! {
            @if !files.is_empty() {
                p.media {
                    @for (place, file) in files.iter().enumerate() {
                        @let kind = file["content_type"].as_str().unwrap_or_default();
                        @if kind.starts_with("image/") && !kind.contains("svg") {
                            a href=(address(place)) target="_blank" rel="noopener" {
                                img src=(address(place)) loading="lazy" alt=(words.fill("thread_picture", &[("number", &(place + 1).to_string())]));
                            }
                        } @else {
                            a.file href=(address(place)) target="_blank" rel="noopener" { (icon("log")) (file["name"].as_str().unwrap_or(kind)) }
                        }
                    }
                }
            }
        }
    }

    fn at(&self, entry: &Entry) -> Markup {
        moment(self.desk.words(), self.store.time_zone, entry.at, self.desk.now())
    }

    /// What became of it.
    fn receipt(&self, sent: &Sent) -> Markup {
        let words = self.desk.words();
        let said = words.say(&format!("sent_{}", sent.status));
        html! {
            @match sent.status.as_str() {
                "parked" | "undelivered" => {
                    span.receipt.failed { (icon("alert")) (said) @if let Some(error) = &sent.error { ": " (error) } }
                }
                "pending" if sent.due() > self.desk.now() => {
                    span.receipt { (words.fill("thread_leaves", &[("when", &words.moment(self.store.time_zone, sent.due(), self.desk.now()))])) }
                }
                _ => span.receipt { (said) },
            }
        }
    }

    fn event(&self, event: &str, account: Option<&str>, detail: &str) -> String {
        let words = self.desk.words();
        let detail: Value = serde_json::from_str(detail).unwrap_or_default();
        let text = |name: &str| detail[name].as_str().unwrap_or_default();
        let who = account.map_or_else(|| words.say("thread_ai"), |account| self.desk.person.name_of(account));
        let until = text("until").parse().ok().map(|until| words.moment(self.store.time_zone, until, self.desk.now()));
        let call =
            [text("words"), text("phone")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        let values = [
            ("call", call.as_str()),
            ("who", who),
            ("to", self.desk.person.name_of(text("to"))),
            ("reason", words.say(&format!("reason_{}", text("reason")))),
            ("result", words.say(&format!("result_{}", text("result")))),
            ("until", until.as_deref().unwrap_or_default()),
        ];
        let mut said = words.fill(&format!("event_{event}"), &values);
        if said.is_empty() {
            event.clone_into(&mut said);
        }
        match text("word") {
            "" => said,
            word => format!("{said} “{word}”"),
        }
    }
}
