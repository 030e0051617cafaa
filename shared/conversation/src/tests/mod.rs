//! Tests of whole decisions.

mod added_work;
mod decisions;
mod promises;
