//! Rust's side of the interfaces in `wit/`.
#![allow(missing_docs, clippy::pedantic, reason = "generated")]

wasmtime::component::bindgen!({
    path: "wit",
    world: "spin",
    imports: { default: trappable },
    with: {
        "spin:key-value/key-value.store": crate::key_value::Store,
        "spin:sqlite/sqlite.connection": crate::sqlite::Connection,
    },
});

pub use spin::{key_value::key_value, sqlite::sqlite, variables::variables};
