//! The JSON API as its callers see it, topic by topic.

#![allow(clippy::unwrap_used)] // tests

mod appointments;
mod basics;
mod customers;
mod idempotency;
mod imports;
mod stores;
