//! Acts into words. A language is one file of phrases; a store may replace any of them by its own.

mod calendar;
mod file;
mod render;

pub use render::{render, with_link};
