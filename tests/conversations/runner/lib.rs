//! Plays transcripts against the whole app: signed webhooks in, TwiML out, in-memory SQLite, a clock that stands still.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)] // a test's support: what goes wrong is to be seen

mod mix;
mod people;
mod shop;
mod sisters;
mod transcript;
mod visits;
mod workshop;

pub use mix::{MIX, Turn, record};
pub use shop::{RepairOrder, Shop, at_once};
pub use transcript::{play, show};
pub use workshop::act as workshop;
