//! To be written.

pub mod hosted;
