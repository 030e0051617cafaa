//! Buttons and the parts of forms.

use maud::{Markup, html};

/// How loud an action is. A page has one main action at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What one came for.
    Main,
    /// Anything else.
    Plain,
    /// What cannot be taken back.
    Danger,
    /// A small thing beside others.
    Quiet,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Main => "button main",
            Self::Plain => "button",
            Self::Danger => "button danger",
            Self::Quiet => "button quiet",
        }
    }
}

/// A button that sends its form.
pub fn button(kind: Kind, label: &str) -> Markup {
    html! { button class=(kind.class()) type="submit" { (label) } }
}

/// A link that looks like a button.
pub fn link_button(kind: Kind, href: &str, label: &str) -> Markup {
    html! { a class=(kind.class()) href=(href) { (label) } }
}

/// A label with its control, which must have the id `field-{name}`, as [`input`] and [`select`] give it, and a word of help.
pub fn field(name: &str, label: &str, hint: Option<&str>, control: &Markup) -> Markup {
    html! {
        div.field {
            label for={ "field-" (name) } { (label) }
            (control)
            @if let Some(hint) = hint { p.hint id={ "hint-" (name) } { (hint) } }
        }
    }
}

/// A control for a line of text; `kind` is `text`, `email`, `password` …, `complete` what a browser may fill in (`off` for
/// nothing).
pub fn input(name: &str, kind: &str, value: &str, complete: &str) -> Markup {
    html! {
        input id={ "field-" (name) } name=(name) type=(kind) value=[(!value.is_empty()).then_some(value)] autocomplete=(complete)
            required spellcheck=[matches!(kind, "email" | "password").then_some("false")]
            autocapitalize=[matches!(kind, "email" | "password").then_some("none")];
    }
}

/// A choice of one; each option has its value and its label.
pub fn select(name: &str, options: &[(String, String)], chosen: &str) -> Markup {
    html! {
        select id={ "field-" (name) } name=(name) {
            @for (value, label) in options { option value=(value) selected[value == chosen] { (label) } }
        }
    }
}

/// A field that nobody sees.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}
