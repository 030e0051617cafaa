//! Understanding without a network.

pub mod when;
