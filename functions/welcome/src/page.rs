//! The page. What the database holds comes in as text and goes out escaped; maud sees to it.

use crate::assets::{script_url, style_url};
use crate::peer::is_fictitious;
use crate::suggestions::{own_name, suggestions};
use lanekeeper_domain::Language;
use lanekeeper_storage::SimulatedLine;
use maud::{DOCTYPE, Markup, html};
use serde_json::json;

/// Nothing but our own script, style and routes, and the chat widget's frame.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; \
    connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The demo's key; the demo alone has it.
const DEMO_KEY: &str = "demo-api-key";

const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%2314171c'/%3E%3Cpath d='M9 27 13 5M23 27 19 5' stroke='%23fff' stroke-width='2.4' stroke-linecap='round'/%3E%3Cpath d='M16 26v-5m0-4v-4m0-4V6' stroke='%23ffb400' stroke-width='2.4' stroke-linecap='round'/%3E%3C/svg%3E";

/// What stands where the simulator may be.
pub enum Simulator {
    /// The phone, and the lines it can write to.
    On(Vec<SimulatedLine>),
    /// It is on, but there is nobody to write to.
    NoLines,
    /// The database does not answer.
    Unavailable,
    /// The setting is not `on`.
    Off,
}

/// The page, for a deployment that is reached at `origin`.
pub fn render(simulator: &Simulator, origin: &str) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Lanekeeper: the service desk that answers every text" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="description" content="Lanekeeper answers a car dealer's service department by text, day and night.";
                meta name="color-scheme" content="light dark";
                link rel="icon" href=(ICON);
                link rel="stylesheet" href=(style_url());
                @if let Simulator::On(lines) = simulator {
                    script src=(script_url()) defer {}
                    // The widget as on a dealer's page: live.
                    @if let Some(widget) = lines.iter().find_map(|line| line.widget.as_ref()) { script src="widget.js" data-line=(widget) defer {} }
                }
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.bar {
                    a.brand href="/" aria-label="Lanekeeper, home" { (logo()) span { "Lanekeeper" } }
                    nav aria-label="Page" {
                        a href="#try" { "Try it" }
                        a href="#api" { "API" }
                        a href="/health" { "Health" }
                    }
                }
                main #main {
                    section.hero #try aria-labelledby="headline" {
                        (intro())
                        @match simulator {
                            Simulator::On(lines) => (phone(lines)),
                            Simulator::NoLines => (notice("No store to text yet", &html! {
                                p { "The simulator is on, but no line is open to it. Load the demo stores, or mark a line of your own setup with " code { "\"simulated\": true" } ":" }
                                pre tabindex="0" { code { "make run" } }
                            })),
                            Simulator::Unavailable => (notice("The database does not answer", &html! {
                                p { "The phone simulator needs it. Have the migrations been applied? Look at the log, then load this page again." }
                            })),
                            Simulator::Off => (notice("The phone simulator is off", &html! {
                                p { "Here you could text a demo store as a customer would. Switch it on with the setting" }
                                pre tabindex="0" { code { "SIMULATOR=on" } }
                                p { "in " code { ".dev.vars" } " (" code { "make run" } " does so by itself). Leave it off where real customers write: whoever opens it can speak as any made-up customer." }
                            })),
                        }
                    }
                    (promises())
                    (api(simulator, origin))
                }
                footer {
                    p { "Lanekeeper is open source under the Apache License 2.0. Start with " code { "README.md" } ": a tour, the architecture, every setting, and how to deploy." }
                }
            }
        }
    };
    page.into_string()
}

fn logo() -> Markup {
    html! {
        svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" {
            rect.tile width="32" height="32" rx="8" {}
            path.edge d="M9 27 13 5M23 27 19 5" {}
            path.dash d="M16 26v-5m0-4v-4m0-4V6" {}
        }
    }
}

fn intro() -> Markup {
    html! {
        div.intro {
            h1 #headline { "Every text to your service drive, answered." }
            p.lead {
                "Lanekeeper answers for a dealer's service department, day and night. It books, moves and cancels appointments against the store's real capacity, says how the car is getting on, and brings in a person whenever a person is better."
            }
            ul.facts {
                li { "English, Español, 中文" }
                li { "Cloudflare Workers or Spin" }
                li { "No language model needed" }
            }
        }
    }
}

fn notice(title: &str, content: &Markup) -> Markup {
    html! { div.notice { h2 { (title) } (content) } }
}

fn phone(lines: &[SimulatedLine]) -> Markup {
    let texts: serde_json::Map<_, _> =
        Language::ALL.iter().map(|language| (language.code().to_owned(), json!(suggestions(*language)))).collect();
    let data = json!({"lines": lines.iter().map(line_data).collect::<Vec<_>>(), "suggestions": texts});
    html! {
        div.controls {
            fieldset.stores {
                legend { "Pick a store to text" }
                @for (index, line) in lines.iter().enumerate() {
                    label.store {
                        input type="radio" name="line" value=(line.id) checked[index == 0];
                        strong lang=(line.store.language.code()) { (line.store.name) }
                        span lang=(line.store.language.code()) { (line.store.address) }
                        small { (line.store.services.len()) " services, " (line.store.bays.len()) " bays" }
                    }
                }
            }
        }
        div.phone #phone data-setup=(data) {
            div.screen {
                div.status aria-hidden="true" {
                    span #clock { "9:41" }
                    svg viewBox="0 0 58 14" width="58" height="14" {
                        path d="M1 9h3v4H1zM6 6.5h3V13H6zM11 4h3v9h-3zM16 1.5h3V13h-3z" {}
                        rect x="28.5" y="1.5" width="23" height="11" rx="3.5" fill="none" stroke="currentColor" {}
                        rect x="30.5" y="3.5" width="16" height="7" rx="1.8" {}
                        path d="M53.5 5v4a2 2 0 0 0 0-4z" {}
                    }
                }
                div.contact {
                    span.avatar #avatar aria-hidden="true" {}
                    div { h2 #store-name { "Service desk" } p #store-line {} }
                    button.quiet #new-number type="button" title="Start over from a number that the store does not know" { "New number" }
                }
                div.thread #thread role="log" aria-label="Messages" tabindex="0" {}
                p.banner #banner role="status" hidden {}
                form.composer #composer {
                    label.hidden for="text" { "Text message" }
                    textarea #text rows="1" maxlength="1600" placeholder="Text message" autocomplete="off" {}
                    button type="submit" aria-label="Send" {
                        svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" { path d="M10 16V4.5M4.8 9.5 10 4.3l5.2 5.2" {} }
                    }
                }
            }
            noscript { p { "The phone needs JavaScript. The API below does not." } }
        }
        div.suggestions {
            div.row {
                h2 #suggestions-title { "Say something" }
                div.languages role="group" aria-label="Language of the suggestions" {
                    @for language in [Language::En, Language::Es, Language::Zh] {
                        button type="button" data-language=(language.code()) lang=(language.code()) aria-pressed="false" { (own_name(language)) }
                    }
                }
            }
            ul.chips #chips aria-labelledby="suggestions-title" {}
        }
        div.known {
            div.row { h2 { "What the store sees" } label.as { span { "You are" } select #peer {} } }
            dl #known {}
        }
    }
}

fn line_data(line: &SimulatedLine) -> serde_json::Value {
    let in_the_shop: Vec<_> = line.in_the_shop.iter().filter(|(number, _)| is_fictitious(number)).collect();
    json!({
        "id": line.id,
        "number": line.address,
        "name": line.store.name,
        "language": line.store.language.code(),
        "timeZone": line.store.time_zone.name(),
        "callingCode": line.store.calling_code,
        "inTheShop": in_the_shop,
    })
}

fn promises() -> Markup {
    const PROMISES: [(&str, &str); 6] = [
        (
            "One thing at a time",
            "It asks for the work, the time, the car and the name, one by one. Customers correct themselves halfway, change the subject and come back.",
        ),
        (
            "Never over capacity",
            "The database itself refuses a second car in the same bay, however many people text in the same second. They are offered another time.",
        ),
        (
            "A person when it counts",
            "Anyone can ask for a person. The assistant falls silent, and your team has the whole thread in front of them.",
        ),
        (
            "Their language",
            "English, Spanish or Chinese is recognised from what they write, and kept for the confirmation and the reminder.",
        ),
        (
            "Nothing lost, nothing twice",
            "A message that arrives five times books once. What has to be sent waits in an outbox until the carrier has it.",
        ),
        (
            "The rules decide",
            "A language model may read the message; openings, prices and promises come from the store's own data. Without any model it understands by itself.",
        ),
    ];
    html! {
        section.promises aria-labelledby="promises" {
            h2 #promises { "What you can count on" }
            ul { @for (title, text) in PROMISES { li { h3 { (title) } p { (text) } } } }
        }
    }
}

fn api(simulator: &Simulator, origin: &str) -> Markup {
    let first = match simulator {
        Simulator::On(lines) => lines.first(),
        _ => None,
    };
    let store = first.map_or("YOUR_STORE", |line| line.store.id.as_str());
    let key = if first.is_some_and(|line| line.store.group == "demo") { DEMO_KEY } else { "YOUR_API_KEY" };
    let get = |path: &str| format!("curl {origin}/api/v1/stores/{store}/{path} \\\n  -H 'Authorization: Bearer {key}'");
    let understand = format!(
        "curl {origin}/api/v1/stores/{store}/understand \\\n  -H 'Authorization: Bearer {key}' \\\n  -d '{{\"text\": \"Oil change next Tuesday after 3?\"}}'"
    );
    let examples = [
        ("What would it understand?", "Changes nothing: intents, dates, services and cars as JSON.", understand),
        ("Who is coming in?", "The appointments that your texts have just booked.", get("appointments")),
        ("What was said?", "Conversations, the latest first; each has its messages and turns.", get("conversations")),
        ("What went out?", "Confirmations and reminders, with their receipts.", get("deliveries")),
    ];
    html! {
        section.api #api aria-labelledby="api-title" {
            h2 #api-title { "The same, as JSON" }
            p {
                "Your systems read what the phone has just done. Errors are problem details (RFC 9457), lists come in pages. "
                a href="/health" { code { "/health" } } " says whether the deployment lives; " code { "POST /channels/twilio/{line}" }
                " is where Twilio's webhook goes."
            }
            ul {
                @for (title, text, command) in &examples {
                    li { h3 { (title) } p { (text) } pre tabindex="0" { code { (command) } } }
                }
            }
        }
    }
}
