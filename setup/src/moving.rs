//! Moves a store between databases that are files.

use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
use lanekeeper_platform::Shards;
use lanekeeper_storage::Step;

/// How many chunks of rows go over between two lines of progress.
const CHUNKS: u32 = 50;

/// Moves a store to the database of this number among these files. It may be stopped, and goes on when it is called again.
pub fn move_store(store: &str, shard: &str, files: &[&str]) -> Result<(), String> {
    let shard = shard.parse().map_err(|_| format!("{shard} is not the number of a shard"))?;
    let open = |file: &&str| {
        let failed = |error| format!("{file}: {error}");
        let database = NativeDatabase::open(file).map_err(failed)?;
        block_on(lanekeeper_storage::migrate(&database)).map_err(failed)?;
        Ok::<_, String>(database)
    };
    let mut databases = files.iter().map(open).collect::<Result<Vec<_>, _>>()?.into_iter();
    let first = databases.next().ok_or("--sqlite wants the files of the databases 1, 2 …")?;
    // Nothing here asks for the time or for chance.
    let platform = NativePlatform::over(Shards::new(first, databases.collect()), chrono::DateTime::UNIX_EPOCH);
    loop {
        let moved = block_on(lanekeeper_storage::move_store(&platform, store, shard, CHUNKS));
        let progress = moved.map_err(|error| format!("{store}: {error}"))?;
        if progress.step == Step::Done {
            println!("{store} is on shard {shard}. If a setup file names its shard, change it there too.");
            return Ok(());
        }
        eprintln!("{:?}: {} rows so far", progress.step, progress.copied);
    }
}
