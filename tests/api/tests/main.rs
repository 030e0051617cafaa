//! The JSON API as its callers see it, topic by topic.

#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod appointments;
mod basics;
mod consents;
mod conversations;
mod customers;
mod groups;
mod idempotency;
mod imports;
mod openapi;
mod repair_orders;
mod stores;
mod tenancy;
mod waitlist;
