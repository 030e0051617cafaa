//! What all pages have around them: the way through the desk, the choice of the store, the person's menu.

use super::icons::mark;
use super::{Kind, avatar, button, hidden, icon};
use crate::assets;
use crate::session::TOKEN_FIELD;
use crate::words::Words;
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::Response;
use lanekeeper_storage::Session;
use maud::{DOCTYPE, Markup, html};

const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%2314171c'/%3E%3Cpath d='M9 27 13 5M23 27 19 5' stroke='%23fff' stroke-width='2.4' stroke-linecap='round'/%3E%3Cpath d='M16 26v-5m0-4v-4m0-4V6' stroke='%23ffb400' stroke-width='2.4' stroke-linecap='round'/%3E%3C/svg%3E";

/// Nothing of a page is kept in the browser, and nothing in an answer is run.
const HTMX: &str = r#"{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,"selfRequestsOnly":true}"#;

/// A place that the navigation leads to.
struct Section {
    /// Its key: `nav_{key}` is its name, and [`Page::section`] says it.
    key: &'static str,
    path: &'static str,
    icon: &'static str,
    /// What one must have somewhere to go there.
    permission: Permission,
}

/// Where the navigation leads, group by group: the day's work, then the running of the store. Reports, quality, leads and
/// settings will stand in the second group.
const SECTIONS: [&[Section]; 2] = [
    &[
        Section { key: "inbox", path: "/desk/inbox", icon: "inbox", permission: Permission::Look },
        Section { key: "day", path: "/desk/day", icon: "calendar", permission: Permission::Look },
        Section { key: "orders", path: "/desk/orders", icon: "wrench", permission: Permission::Look },
    ],
    &[
        Section { key: "people", path: "/desk/people", icon: "people", permission: Permission::Manage },
        Section { key: "audit", path: "/desk/audit", icon: "log", permission: Permission::Manage },
    ],
];

/// A page, without what is around it.
pub struct Page {
    title: String,
    section: &'static str,
    store: Option<String>,
    scripts: Vec<&'static str>,
    styles: Vec<&'static str>,
    wide: bool,
    content: Markup,
}

impl Page {
    /// A page with this title and content. The content begins with a [`header`](super::header), or an `h1` of its own.
    pub fn new(title: impl Into<String>, content: Markup) -> Self {
        Self {
            title: title.into(),
            section: "",
            store: None,
            scripts: Vec::new(),
            styles: Vec::new(),
            wide: false,
            content,
        }
    }

    /// The same page as a part of this section, which the navigation marks.
    #[must_use]
    pub fn section(self, key: &'static str) -> Self {
        Self { section: key, ..self }
    }

    /// The same page about this store, which the choice of the store shows; without one it is about all of them.
    #[must_use]
    pub fn at_store(self, store: Option<&str>) -> Self {
        Self { store: store.map(str::to_owned), ..self }
    }

    /// The same page with a script, by its name in `assets`.
    #[must_use]
    pub fn script(mut self, name: &'static str) -> Self {
        self.scripts.push(name);
        self
    }

    /// The same page with a style of its own besides that of all pages, by its name in `assets`.
    #[must_use]
    pub fn style(mut self, name: &'static str) -> Self {
        self.styles.push(name);
        self
    }

    /// The same page over the whole width and height: for several panes side by side that scroll by themselves.
    #[must_use]
    pub fn wide(self) -> Self {
        Self { wide: true, ..self }
    }
}

/// What is around the pages of somebody who is signed in.
pub struct Frame<'a> {
    /// The words.
    pub words: Words,
    /// Who is signed in.
    pub person: &'a Session,
    /// The token that htmx sends along.
    pub token: &'a str,
}

impl Frame<'_> {
    /// The whole page.
    pub fn render(&self, page: &Page) -> String {
        let words = self.words;
        let token = serde_json::json!({ crate::session::TOKEN_HEADER: self.token });
        let body = html! {
            body.desk hx-headers=(token) {
                a.skip href="#main" { (words.say("skip")) }
                header.side {
                    a.brand href="/desk" aria-label="Lanekeeper" { (mark()) span { "Lanekeeper" } }
                    (self.choice_of_store(page))
                    nav aria-label=(words.say("nav")) {
                        @for group in SECTIONS { (self.group(group, page)) }
                    }
                    (self.menu())
                }
                main #main .wide[page.wide] tabindex="-1" { (page.content) }
                div #toasts role="region" aria-live="polite" aria-label=(words.say("messages")) {}
            }
        };
        document(words, &page.title, (&page.scripts, &page.styles), &body)
    }

    fn group(&self, sections: &[Section], page: &Page) -> Markup {
        let mine: Vec<&Section> = sections
            .iter()
            .filter(|section| self.person.memberships.iter().any(|held| held.role.may(section.permission)))
            .collect();
        let store = page.store.as_ref().map(|store| format!("?store={store}")).unwrap_or_default();
        html! {
            @if !mine.is_empty() {
                ul {
                    @for section in mine {
                        li {
                            a href={ (section.path) (store) } aria-current=[(section.key == page.section).then_some("page")] {
                                (icon(section.icon)) span { (self.words.say(&format!("nav_{}", section.key))) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Which store, or all. It leads to the same section; where there is one store only, there is nothing to choose.
    fn choice_of_store(&self, page: &Page) -> Markup {
        let words = self.words;
        let section = SECTIONS.into_iter().flatten().find(|section| section.key == page.section);
        html! {
            @match (section, self.person.stores.as_slice()) {
                (_, [store]) => p.store-name { (icon("store")) span { (store.name) } },
                (Some(section), stores) => form.choice method="get" action=(section.path) {
                    label.hidden for="choice" { (words.say("store")) }
                    (icon("store"))
                    select #choice name="store" data-send {
                        option value="" selected[page.store.is_none()] { (words.say("all_stores")) }
                        @for store in stores {
                            option value=(store.id) selected[page.store.as_ref() == Some(&store.id)] { (store.name) }
                        }
                    }
                    noscript { (button(Kind::Quiet, words.say("show"))) }
                },
                _ => "",
            }
        }
    }

    fn menu(&self) -> Markup {
        let words = self.words;
        html! {
            details.menu {
                summary { (avatar(&self.person.name)) span.hidden { (words.say("account")) } span.who { strong { (self.person.name) } small { (self.person.email) } } (icon("chevron")) }
                div.menu-items {
                    a href="/desk/account" { (icon("person")) span { (words.say("account")) } }
                    form method="post" action="/desk/sign-out" {
                        (hidden(TOKEN_FIELD, self.token))
                        button type="submit" { (icon("leave")) span { (words.say("sign_out")) } }
                    }
                }
            }
        }
    }
}

/// A page for whom we do not know: the sign-in, an error.
pub struct Bare {
    /// The words.
    pub words: Words,
    /// Its title.
    pub title: &'static str,
    /// Its content, which begins with an `h1`.
    pub content: Markup,
}

impl Bare {
    /// The whole page.
    pub fn response(&self, status: u16) -> Response {
        let body = html! {
            body.bare {
                header { a.brand href="/desk" { (mark()) span { "Lanekeeper" } } }
                main #main { (self.content) }
            }
        };
        Response::new(status, "text/html; charset=utf-8", document(self.words, self.title, (&[], &[]), &body))
    }
}

fn document(words: Words, title: &str, (scripts, styles): (&[&str], &[&str]), body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(words.tag()) {
            head {
                meta charset="utf-8";
                title { (title) " · Lanekeeper" }
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex, nofollow";
                meta name="format-detection" content="telephone=no, date=no, address=no";
                meta name="htmx-config" content=(HTMX);
                link rel="icon" href=(ICON);
                link rel="stylesheet" href=(assets::url("desk.css"));
                @for style in styles { link rel="stylesheet" href=(assets::url(style)); }
                script src=(assets::url("htmx.js")) defer {}
                script type="module" src=(assets::url("desk.js")) data-failed=(words.say("error_no_answer")) {}
                @for script in scripts { script type="module" src=(assets::url(script)) {} }
            }
            (body)
        }
    };
    page.into_string()
}
