//! Acts into words. A language is one file of phrases; a store may replace any of them by its own.

mod calendar;
mod file;
mod render;

pub use calendar::{date, moment, month, time, weekday};
pub use file::fill;
pub use render::{car, join, money, render, sentence, transport_choice, with_link};
