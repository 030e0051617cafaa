//! The ports on this machine, so that whole functions run in a test or a tool without any runtime.
//!
//! Everything is deterministic: the clock stands where it was put, chance comes from a seed, and other people's servers
//! answer what the test scripted. Every batch and every outbound request is a point where other futures get their turn,
//! as on the real runtimes: futures that are joined interleave there, always in the same way.
//!
//! ```
//! use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
//! use lanekeeper_platform::{Database, Platform, Statement};
//!
//! let database = NativeDatabase::in_memory()?;
//! database.script("CREATE TABLE bays (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")?;
//! let platform = NativePlatform::new(database, "2026-03-02T15:00:00Z".parse().unwrap()).with_setting("PORT", "8787");
//! block_on(platform.directory().run(Statement::new("INSERT INTO bays (name) VALUES (?1)").bind("Left")))?;
//! assert_eq!(platform.directory().batches(), 1);
//! # Ok::<(), lanekeeper_platform::DatabaseError>(())
//! ```

mod database;
mod http;
mod plans;
mod platform;
mod ports;

pub use database::NativeDatabase;
pub use http::{ScriptedHttp, json_answer};
pub use platform::NativePlatform;
pub use pollster::block_on;
pub use ports::{FixedClock, MapSettings, MemoryCache, RecordingQueue, SeededRandom};

/// Lets every other future that is being joined with this one go first, once.
async fn give_way() {
    let mut gave_way = false;
    std::future::poll_fn(|context| {
        if gave_way {
            return std::task::Poll::Ready(());
        }
        gave_way = true;
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}
