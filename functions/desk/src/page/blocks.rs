//! Cards, chips and the other parts of pages.

use super::icon;
use crate::words::Words;
use chrono::{DateTime, SecondsFormat, Utc};
use lanekeeper_platform::Response;
use lanekeeper_zones::Tz;
use maud::{Markup, html};

/// What a status means, said by its colour too. The words must say it without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    Plain,
    /// Something is being done, or is ours to know.
    Info,
    /// It is as it should be.
    Good,
    /// Somebody should look.
    Warn,
    /// Something is wrong.
    Bad,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// The top of a page: its title, a word below it, and what can be done.
pub fn header(title: &str, below: Option<&str>, actions: &Markup) -> Markup {
    html! {
        header.page-header {
            div { h1 { (title) } @if let Some(below) = below { p.soft { (below) } } }
            div.actions { (actions) }
        }
    }
}

/// A box with a title.
pub fn card(title: &str, content: &Markup) -> Markup {
    html! { section.card { h2 { (title) } (content) } }
}

/// What stands where there is nothing to list: why, and what to do about it.
pub fn empty_state(icon_name: &str, title: &str, text: &str, action: &Markup) -> Markup {
    html! {
        div.empty { span.empty-icon { (icon(icon_name)) } h2 { (title) } p.soft { (text) } (action) }
    }
}

/// A status in one or two words.
pub fn chip(tone: Tone, label: &str) -> Markup {
    html! { span class={ "chip " (tone.class()) } { (label) } }
}

/// How many colours avatars have.
const COLOURS: u32 = 6;

/// A person's initials, in a colour that is always the same for the same name.
pub fn avatar(name: &str) -> Markup {
    let colour = name.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) % COLOURS;
    html! { span class={ "avatar colour-" (colour) } aria-hidden="true" { (initials(name)) } }
}

/// Two letters of an alphabet, or the last character of a Chinese given name.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = |word: &str| word.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    match words.as_slice() {
        [] => "?".to_owned(),
        [word] if !word.is_ascii() => word.chars().next_back().map(String::from).unwrap_or_default(),
        [word] => first(word),
        [one, .., last] => first(one) + &first(last),
    }
}

/// Something that went well or wrong, said in the page.
pub fn notice(tone: Tone, text: &str) -> Markup {
    html! { p class={ "notice " (tone.class()) } role="status" { (text) } }
}

/// An instant on a store's clocks: short, with all of it on hovering and for programs.
pub fn moment(words: Words, zone: Tz, at: DateTime<Utc>, now: DateTime<Utc>) -> Markup {
    let full = format!("{}, {}", words.day(zone, at, now), words.time(zone, at));
    html! {
        time datetime=(at.to_rfc3339_opts(SecondsFormat::Secs, true)) title=(full) { (words.moment(zone, at, now)) }
    }
}

/// A piece of a page, for htmx.
pub fn piece(content: Markup) -> Response {
    Response::new(200, "text/html; charset=utf-8", content.into_string())
}

/// A request of htmx was refused: what it would have replaced stays, and a toast says why.
pub fn toast_response(status: u16, text: &str) -> Response {
    let toast = html! { p.toast.bad role="alert" { (icon("alert")) span { (text) } } };
    Response::new(status, "text/html; charset=utf-8", toast.into_string())
        .with_header("hx-retarget", "#toasts")
        .with_header("hx-reswap", "beforeend")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_as_people_write_them() {
        let all = ["Dana Whitfield", "dana", "王小明", "María del Carmen Ortiz", "", "李 雷"];
        assert_eq!(all.map(initials), ["DW", "D", "明", "MO", "?", "李雷"]);
    }

    #[test]
    fn what_people_write_stays_text() {
        let evil = "<script>alert(1)</script>\"'&";
        for markup in [chip(Tone::Bad, evil), avatar(evil), notice(Tone::Good, evil), card(evil, &html! { (evil) })] {
            let text = markup.into_string();
            assert!(!text.contains("<script"), "{text}");
        }
    }
}
