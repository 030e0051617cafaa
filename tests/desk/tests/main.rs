//! The desk as browsers see it, topic by topic.

#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod alerts;
mod authorization;
mod booking;
mod day;
mod inbox;
mod oidc;
mod orders;
mod people;
mod service;
mod sign_in;
