//! Text to `Understanding`: built in, and by hosted models.

pub mod built_in;
mod hear;
pub mod hosted;

pub use hear::{Heard, hear};
