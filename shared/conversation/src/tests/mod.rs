//! Tests of whole decisions.

mod decisions;
mod promises;
