//! The directory: which shard a store lives on. It stands in the first database.
//!
//! What it says can be old by the time it is used: the store's own row has the last word. Turns read that row in the
//! statement that loads them, and writes of whoever comes too late are refused.

use crate::ViewError;
use lanekeeper_platform::{Cache, Database, DatabaseError, Platform, Shard, Statement};
use lanekeeper_zones::Tz;
use serde::Deserialize;
use std::time::Duration;

/// How long the cache keeps the shard of a line. Where it is wrong, the directory is asked.
const REMEMBERED: Duration = Duration::from_hours(24);

/// The shard that this store lives on, as the directory has it now; `None` when there is no such store.
pub async fn database_of<'p, P: Platform>(
    platform: &'p P,
    store: &str,
) -> Result<Option<Shard<'p, P::Database>>, DatabaseError> {
    let select = Statement::new("SELECT shard FROM placements WHERE store_id = ?1").bind(store);
    look_up(platform, select).await
}

/// The shard of a store of this group: another group's store is as good as none.
pub async fn database_in_group<'p, P: Platform>(
    platform: &'p P,
    group: &str,
    store: &str,
) -> Result<Shard<'p, P::Database>, ViewError> {
    let select = Statement::new("SELECT shard FROM placements WHERE store_id = ?1 AND group_id = ?2");
    look_up(platform, select.bind(store).bind(group)).await?.ok_or(ViewError::NotFound("store"))
}

/// Asks the shards of a group one after the other for a thing of which only the id is known, until one has it. A shard
/// that is out of reach is an error only when no other has it.
pub async fn find_in_group<P: Platform, T>(
    platform: &P,
    group: &str,
    what: &'static str,
    ask: impl AsyncFn(Shard<'_, P::Database>) -> Result<T, ViewError>,
) -> Result<T, ViewError> {
    let mut missing = ViewError::NotFound(what);
    for shard in databases_of_group(platform, group).await? {
        match ask(shard).await {
            Err(ViewError::NotFound(_)) => {}
            Err(error @ ViewError::Database(_)) => missing = error,
            outcome => return outcome,
        }
    }
    Err(missing)
}

/// The stores of this group by their shards.
pub async fn stores_of_group<'p, P: Platform>(
    platform: &'p P,
    group: &str,
) -> Result<Vec<(Shard<'p, P::Database>, Vec<String>)>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        shard: u32,
        stores: String,
    }
    let select = Statement::new(
        "SELECT shard, json_group_array(store_id) AS stores FROM placements WHERE group_id = ?1 GROUP BY shard",
    );
    let rows: Vec<Row> = platform.directory().run(select.bind(group)).await?.decode()?;
    let by_shard = rows.into_iter().map(|row| {
        let stores = serde_json::from_str(&row.stores).map_err(|error| DatabaseError::Decode(error.to_string()))?;
        Ok((bound(platform, row.shard)?, stores))
    });
    by_shard.collect()
}

/// The shards that stores of this group live on, the first one first.
pub async fn databases_of_group<'p, P: Platform>(
    platform: &'p P,
    group: &str,
) -> Result<Vec<Shard<'p, P::Database>>, DatabaseError> {
    let select = Statement::new("SELECT DISTINCT shard FROM placements WHERE group_id = ?1 ORDER BY shard").bind(group);
    let rows: Vec<Placement> = platform.directory().run(select).await?.decode()?;
    rows.into_iter().map(|row| bound(platform, row.shard)).collect()
}

/// The shard of this line's store, as the directory has it now; `None` when there is no such line.
pub async fn database_of_line<'p, P: Platform>(
    platform: &'p P,
    line: &str,
) -> Result<Option<Shard<'p, P::Database>>, DatabaseError> {
    let select = Statement::new(
        "SELECT p.shard FROM line_entries l JOIN placements p ON p.store_id = l.store_id WHERE l.line_id = ?1",
    )
    .bind(line);
    let shard = look_up(platform, select).await?;
    if let Some(shard) = shard {
        // What is not kept is only asked for again.
        let _ = platform.cache().put(&cache_key(line), &shard.number.to_string(), REMEMBERED).await;
    }
    Ok(shard)
}

/// The shard that this line's store was last known to live on. With it a message is answered though the directory is out
/// of reach, and one database closer.
pub async fn cached_database_of_line<'p, P: Platform>(platform: &'p P, line: &str) -> Option<Shard<'p, P::Database>> {
    let number = platform.cache().get(&cache_key(line)).await.ok()??;
    platform.shards().get(number.parse().ok()?)
}

/// The number of the shard of each of these lines that the directory knows.
pub async fn shards_of_lines<P: Platform>(platform: &P, lines: &[&str]) -> Result<Vec<(String, u32)>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        line_id: String,
        shard: u32,
    }
    let select = Statement::new(
        "SELECT l.line_id, p.shard FROM json_each(?1) j JOIN line_entries l ON l.line_id = j.value \
         JOIN placements p ON p.store_id = l.store_id",
    );
    let rows: Vec<Row> = platform.directory().run(select.bind(serde_json::json!(lines).to_string())).await?.decode()?;
    Ok(rows.into_iter().map(|row| (row.line_id, row.shard)).collect())
}

/// Enters a store into the directory. One that is there already stays on its shard: only a move changes that.
pub fn enter_store(store: &str, group: &str, shard: u32) -> Statement {
    Statement::new(
        "INSERT INTO placements (store_id, group_id, shard) VALUES (?1, ?2, ?3) \
         ON CONFLICT (store_id) DO UPDATE SET group_id = excluded.group_id",
    )
    .bind(store)
    .bind(group)
    .bind(shard)
}

/// Notes in the directory what pages say of a store that they do not open: its name, and where its clocks stand.
pub fn describe_store(store: &str, name: &str, time_zone: Tz) -> Statement {
    Statement::new("UPDATE placements SET name = ?2, time_zone = ?3 WHERE store_id = ?1")
        .bind(store)
        .bind(name)
        .bind(time_zone.name())
}

/// Enters a line into the directory, after its store.
pub fn enter_line(line: &str, store: &str) -> Statement {
    Statement::new(
        "INSERT INTO line_entries (line_id, store_id) VALUES (?1, ?2) \
         ON CONFLICT (line_id) DO UPDATE SET store_id = excluded.store_id",
    )
    .bind(line)
    .bind(store)
}

#[derive(Deserialize)]
struct Placement {
    shard: u32,
}

async fn look_up<P: Platform>(
    platform: &P,
    select: Statement,
) -> Result<Option<Shard<'_, P::Database>>, DatabaseError> {
    let row: Option<Placement> = platform.directory().run(select).await?.first()?;
    row.map(|row| bound(platform, row.shard)).transpose()
}

fn bound<P: Platform>(platform: &P, number: u32) -> Result<Shard<'_, P::Database>, DatabaseError> {
    let shard = platform.shards().get(number);
    shard.ok_or_else(|| DatabaseError::Unavailable(format!("shard {number} is not among this deployment's databases")))
}

fn cache_key(line: &str) -> String {
    format!("shard-of-line:{line}")
}
