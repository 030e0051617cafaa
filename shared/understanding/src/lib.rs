//! Text to `Understanding`.

pub mod built_in;
