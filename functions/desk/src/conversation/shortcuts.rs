//! What can be done by keyboard.

use crate::page::{Kind, button};
use crate::words::Words;
use maud::{Markup, html};

/// Keys, and the phrase that says what each does.
const KEYS: &[(&str, &str)] = &[
    ("j", "keys_next"),
    ("k", "keys_previous"),
    ("Enter", "keys_open"),
    ("r", "keys_reply"),
    ("n", "keys_note"),
    ("d", "keys_draft"),
    ("Ctrl Enter", "keys_send"),
    ("t", "keys_take_over"),
    ("b", "keys_hand_back"),
    ("a", "keys_assign"),
    ("s", "keys_snooze"),
    ("e", "keys_close"),
    ("/", "keys_search"),
    ("?", "keys_help"),
];

/// The dialog that lists them; the inbox's script opens it.
pub fn shortcuts(words: Words) -> Markup {
    html! {
        dialog #shortcuts aria-labelledby="shortcuts-title" {
            h2 #shortcuts-title { (words.say("keys_title")) }
            dl.facts.key-list {
                @for (keys, phrase) in KEYS {
                    dt { @for key in keys.split(' ') { kbd { (key) } " " } }
                    dd { (words.say(phrase)) }
                }
            }
            form.buttons.end method="dialog" { (button(Kind::Plain, words.say("keys_done"))) }
        }
    }
}
