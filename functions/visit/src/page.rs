//! What all pages have around them. What the database holds comes in as text and goes out escaped; maud sees to it.

use crate::words::Words;
use lanekeeper_domain::Store;
use lanekeeper_domain::phone::e164;
use lanekeeper_platform::Asset;
use maud::{DOCTYPE, Markup, html};

/// The pages' style.
pub const STYLE: Asset =
    Asset { content_type: "text/css; charset=utf-8", content: include_str!("../assets/visit.css") };

const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%2314171c'/%3E%3Cpath d='M9 27 13 5M23 27 19 5' stroke='%23fff' stroke-width='2.4' stroke-linecap='round'/%3E%3Cpath d='M16 26v-5m0-4v-4m0-4V6' stroke='%23ffb400' stroke-width='2.4' stroke-linecap='round'/%3E%3C/svg%3E";

/// What a page has around its content.
pub struct Frame<'a> {
    /// Its words.
    pub words: Words,
    /// The store, when it is known.
    pub store: Option<&'a Store>,
    /// The page's title.
    pub title: String,
    /// The way up to `/a/`, as the beginning of a relative address.
    pub up: &'static str,
}

impl Frame<'_> {
    /// The whole page.
    pub fn render(&self, content: &Markup) -> String {
        let words = self.words;
        let title = match self.store {
            Some(store) => format!("{} · {}", self.title, store.name),
            None => self.title.clone(),
        };
        let page = html! {
            (DOCTYPE)
            html lang=(words.tag()) {
                head {
                    meta charset="utf-8";
                    title { (title) }
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex, nofollow";
                    // A phone would make dates and addresses into links of its own.
                    meta name="format-detection" content="telephone=no, date=no, address=no";
                    link rel="icon" href=(ICON);
                    link rel="stylesheet" href={ (self.up) "visit.css?v=" (STYLE.version()) };
                }
                body {
                    header.bar { (mark()) @if let Some(store) = self.store { span.store { (store.name) } } }
                    main { (content) }
                    @if let Some(store) = self.store {
                        footer {
                            p { (words.say("footer_help")) " " (call_link(store)) }
                            p { (words.say("footer_times")) }
                            p { (words.say("footer_private")) }
                        }
                    }
                }
            }
        };
        page.into_string()
    }
}

fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" width="30" height="30" aria-hidden="true" {
            rect.tile width="32" height="32" rx="9" {}
            path.edge d="M9 27 13 5M23 27 19 5" {}
            path.dash d="M16 26v-5m0-4v-4m0-4V6" {}
        }
    }
}

/// The store's phone number, to call it with a tap.
pub fn call_link(store: &Store) -> Markup {
    html! {
        @match e164(&store.phone, &store.calling_code) {
            Some(number) => a.phone href={ "tel:" (number) } { (store.phone) },
            None => span.phone { (store.phone) },
        }
    }
}

/// Where maps show the store: Amap in China, where Google is not to be had, Google Maps elsewhere.
pub fn map_url(store: &Store) -> String {
    let address: String = form_urlencoded::byte_serialize(store.address.as_bytes()).collect();
    if store.calling_code == "86" {
        format!("https://uri.amap.com/search?keyword={address}")
    } else {
        format!("https://www.google.com/maps/search/?api=1&query={address}")
    }
}
