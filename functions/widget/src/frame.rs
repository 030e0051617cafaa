//! The frame: a page of ours inside the dealer's. What it shows of people's words is put there as text, by its script.

use crate::entry::{is_widget, language, look};
use crate::error::WidgetError;
use crate::words::Words;
use lanekeeper_domain::widget::Widget;
use lanekeeper_platform::{Asset, Platform, Request, Response};
use lanekeeper_storage::{Playbook, remembered_playbook};
use maud::{DOCTYPE, Markup, html};
use serde_json::json;

/// The frame's script.
pub const SCRIPT: Asset = Asset {
    content_type: "text/javascript; charset=utf-8",
    content: include_str!(concat!(env!("OUT_DIR"), "/frame.js")),
};
/// The frame's style.
pub const STYLE: Asset =
    Asset { content_type: "text/css; charset=utf-8", content: include_str!(concat!(env!("OUT_DIR"), "/frame.css")) };

/// What the frame loads when it is needed: the contact card …
pub const CONTACT: Asset = Asset {
    content_type: "text/javascript; charset=utf-8",
    content: include_str!(concat!(env!("OUT_DIR"), "/contact.js")),
};
/// … and what prepares files.
pub const FILES: Asset = Asset {
    content_type: "text/javascript; charset=utf-8",
    content: include_str!(concat!(env!("OUT_DIR"), "/files.js")),
};

/// Nothing but our own script, style and API; pictures from our own files, and the logo.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' blob: data: https:; base-uri 'none'; form-action 'none'";

/// Answers `GET /widget/{line}`.
pub async fn page<P: Platform>(platform: &P, request: &Request, line: &str) -> Result<Response, WidgetError> {
    // Read each time: no turn tells that the look of a line has changed.
    let playbook = remembered_playbook(platform, line).await?.filter(is_widget).ok_or(WidgetError::NoSuchWidget)?;
    let look = look(&playbook);
    let words = language(request, &playbook, &look);
    let refused = embedding_site(request).filter(|site| !may_embed(&look, site, request));
    let (html, ancestors) = match refused {
        // It shows nothing, and may therefore be shown anywhere: it only tells the script why.
        Some(site) => (refusal(words, &site), "*".to_owned()),
        None => (frame(&playbook, &look, words), ancestors(&look)),
    };
    Ok(Response::new(200, "text/html; charset=utf-8", html)
        .with_header("content-security-policy", &format!("{POLICY}; frame-ancestors {ancestors}"))
        .with_header("cache-control", "no-store")
        .with_header("referrer-policy", "no-referrer")
        .with_header("vary", "accept-language, referer")
        .with_header("x-content-type-options", "nosniff"))
}

/// The origin of the page that embeds the frame, as far as the browser tells.
fn embedding_site(request: &Request) -> Option<String> {
    let framed = request.header("sec-fetch-dest").is_none_or(|dest| matches!(dest, "iframe" | "frame"));
    let referer = request.header("referer").filter(|_| framed)?;
    let authority = referer.find("://")? + 3;
    let end = referer[authority..].find('/').map_or(referer.len(), |at| authority + at);
    Some(referer[..end].to_owned())
}

fn may_embed(look: &Widget, site: &str, request: &Request) -> bool {
    look.allowed_origins.is_empty() || site == request.origin || look.allowed_origins.iter().any(|one| one == site)
}

fn ancestors(look: &Widget) -> String {
    if look.allowed_origins.is_empty() { "*".to_owned() } else { format!("'self' {}", look.allowed_origins.join(" ")) }
}

fn refusal(words: Words, site: &str) -> String {
    document(words, "", &json!({"refused": site}), &html! {})
}

fn frame(playbook: &Playbook, look: &Widget, words: Words) -> String {
    let store = &playbook.store;
    let own = |texts: &std::collections::BTreeMap<_, String>| texts.get(&words.language).cloned();
    let setup = json!({
        "line": playbook.line.id,
        "store": store.name,
        "accent": look.accent.as_str(),
        "onAccent": look.accent.text_on_it(),
        "position": look.position,
        "launcher": own(&look.launcher),
        "preChat": look.pre_chat,
        "modules": {
            "contact": format!("./contact.js?v={}", CONTACT.version()),
            "files": format!("./files.js?v={}", FILES.version()),
        },
        "words": words.all(),
    });
    let greeting = own(&look.greeting).unwrap_or_else(|| words.say("greeting").to_owned());
    document(
        words,
        &store.name,
        &setup,
        &html! {
            header {
                @if let Some(logo) = &look.logo { img.logo src=(logo) alt="" width="36" height="36"; } @else { span.logo aria-hidden="true" { (initials(&store.name)) } }
                div.who { h1 #title tabindex="-1" { (store.name) } p #status { (words.say("status_ai")) } }
                button.icon #person type="button" title=(words.say("ask_person")) aria-label=(words.say("ask_person")) { (icon("M4.5 20a7.5 7.5 0 0 1 15 0M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z")) }
                button.icon #close type="button" title=(words.say("close")) aria-label=(words.say("close")) hidden { (icon("m6 9 6 6 6-6")) }
            }
            main #scroller tabindex="0" aria-label=(words.say("messages")) {
                div.greeting { p { (greeting) } }
                div #log role="log" aria-live="off" { ol #thread {} }
                div #dots hidden { i {} i {} i {} span.hidden #typist {} }
                div #tappable {}
                div #card {}
            }
            p #banner role="status" hidden {}
            ul #tray {}
            form #composer autocomplete="off" {
                label.attach title=(words.say("attach")) {
                    input.hidden #file type="file" accept="image/*,application/pdf" multiple aria-label=(words.say("attach"));
                    (icon("m21 11.5-8.6 8.6a5.5 5.5 0 0 1-7.8-7.8l8.6-8.6a3.7 3.7 0 0 1 5.2 5.2l-8.6 8.6a1.8 1.8 0 0 1-2.6-2.6l8-8"))
                }
                label.hidden for="text" { (words.say("write")) }
                textarea #text rows="1" maxlength="2000" placeholder=(words.say("write")) enterkeyhint="send" {}
                button.send type="submit" aria-label=(words.say("send")) { (icon("M12 19V5m-6 6 6-6 6 6")) }
            }
            noscript { p { (words.say("no_script")) " " (store.phone) } }
        },
    )
}

fn document(words: Words, title: &str, setup: &serde_json::Value, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(words.tag()) {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                meta name="format-detection" content="telephone=no, date=no, address=no";
                link rel="stylesheet" href={ "frame.css?v=" (STYLE.version()) };
                script src={ "frame.js?v=" (SCRIPT.version()) } defer {}
            }
            body data-setup=(setup) { (body) }
        }
    };
    page.into_string()
}

fn icon(path: &str) -> Markup {
    html! { svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" { path d=(path) {} } }
}

/// One or two letters to stand for a name.
fn initials(name: &str) -> String {
    let letters: Vec<char> = name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect();
    let chinese = letters.first().is_some_and(|letter| !letter.is_ascii());
    letters.into_iter().take(if chinese { 1 } else { 2 }).collect()
}
