//! The shell for Spin: turns its HTTP trigger into our requests, and offers the ports over SQLite, key-value and WASI.
//! The units in `units/` are made of it.
//!
//! Spin reuses an instance for many requests and runs up to sixteen of them at once in it, so what is kept per instance
//! (connections, settings) is shared between requests that interleave at every `await`. Only the rules that need no
//! runtime are compiled natively, for their tests.

#[cfg(any(target_arch = "wasm32", test))]
mod rules {
    pub mod cached;
    pub mod origin;
    pub mod retry;
    pub mod settings;
    pub mod transaction;
    pub mod url;
}

#[cfg(target_arch = "wasm32")]
mod body;
#[cfg(target_arch = "wasm32")]
mod cache;
#[cfg(target_arch = "wasm32")]
mod database;
#[cfg(target_arch = "wasm32")]
mod entry;
#[cfg(target_arch = "wasm32")]
mod outbound;
#[cfg(target_arch = "wasm32")]
mod platform;

#[cfg(target_arch = "wasm32")]
pub use entry::answer;
#[cfg(target_arch = "wasm32")]
pub use platform::SpinPlatform;
