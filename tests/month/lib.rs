//! A simulated month: four stores, thousands of customers, and a provider, a database and a queue that fail.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)] // a test's support: what goes wrong is to be seen

mod chance;
pub mod check;
mod errands;
mod person;
mod provider;
mod stores;
mod town;
mod webhook;
mod workshop;

pub use town::Town;
