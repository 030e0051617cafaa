//! Moving a store from one shard to another, without losing a row and without two shards that serve it.
//!
//! The store's row says on each shard how it stands there: `here` (served), `leaving` (frozen), `arriving` (rows may be
//! put in and taken out), `moved` (rows may only be taken out). Guards in the schema keep everybody to that, so that a
//! turn which loaded before the freeze cannot commit after it. Customers' messages get a 503 meanwhile, and providers
//! send them again.
//!
//! The directory's row of the move says how far it is, so that it can be stopped anywhere and taken up again. Whoever
//! takes it up counts its version on, and with that whoever else was at it can no longer write to that row; what such a
//! one still does to the shards is refused by the guards, or shows when the shards are compared.

mod tables;

use crate::groups::carry_group_settings;
use lanekeeper_platform::{Database, DatabaseError, Platform, Row, Rows, Shard, Statement, Value};
use serde::{Deserialize, Serialize};
pub use tables::{TABLES, Table};

/// Why a store is not moved.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MoveError {
    /// The directory has no such store.
    #[error("there is no store '{0}'")]
    NoSuchStore(String),
    /// The deployment has no such database.
    #[error("there is no shard {0}; the shards are the databases that the deployment has, numbered from 1")]
    NoSuchShard(u32),
    /// Somebody else has taken up the same move.
    #[error("the move was taken up by somebody else")]
    TakenUp,
    /// It is on its way to another shard.
    #[error("the store is on its way to shard {0}: finish that first, or call it off by a move to where it came from")]
    Elsewhere(u32),
    /// What arrived differs from what left. The move starts over when it is asked for again.
    #[error("{table} differs on the two shards: {left} left, {arrived} arrived")]
    Differs {
        /// The table.
        table: &'static str,
        /// The rows that left.
        left: i64,
        /// The rows that arrived.
        arrived: i64,
    },
    /// A database failed. What was done so far stays, and asking again goes on from there.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// How far a move is, in the order in which it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// The store is frozen, and the new shard is rid of what an earlier try has left there.
    Clearing,
    /// Its rows go over.
    Copying,
    /// Both shards are compared.
    Checking,
    /// The directory points to the new shard, which begins to serve the store.
    Opening,
    /// The old shard forgets the store.
    Forgetting,
    /// Nothing is left to do.
    Done,
}

/// What a call has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What is to be done next.
    pub step: Step,
    /// The rows that have gone over so far.
    pub copied: i64,
}

/// Moves a store to a shard as far as `most` chunks of rows go; ask again until it is [`Step::Done`]. A move back to where
/// the store comes from calls a move off, as long as the directory has not been changed.
pub async fn move_store<P: Platform>(platform: &P, store: &str, to: u32, most: u32) -> Result<Progress, MoveError> {
    let target = platform.shards().get(to).ok_or(MoveError::NoSuchShard(to))?;
    let Some(entry) = entry(platform, store).await? else { return Err(MoveError::NoSuchStore(store.to_owned())) };
    let row = match entry.under_way {
        Some(row) if row.target == to => row,
        Some(row) if entry.shard != to => return Err(MoveError::Elsewhere(row.target)),
        Some(row) => return call_off(platform, store, target, &row).await,
        // Nothing to do, but for a move that was called off half-way.
        None if entry.shard == to => return serve_again(store, target).await,
        None => begin(platform, store, entry.shard, to).await?,
    };
    let source = platform.shards().get(row.source).ok_or(MoveError::NoSuchShard(row.source))?;
    let mut under_way = Move { platform, store, source, target, row };
    under_way.keep().await?;
    under_way.go(most).await
}

struct Move<'p, P: Platform> {
    platform: &'p P,
    store: &'p str,
    source: Shard<'p, P::Database>,
    target: Shard<'p, P::Database>,
    row: MoveRow,
}

/// A move as the directory keeps it.
#[derive(Deserialize)]
struct MoveRow {
    source: u32,
    target: u32,
    step: Step,
    /// The table that is being copied.
    place: usize,
    /// The key of the last row of it that went over.
    after: Option<String>,
    copied: i64,
    /// Counts the writings of this row.
    version: i64,
}

impl<P: Platform> Move<'_, P> {
    async fn go(mut self, most: u32) -> Result<Progress, MoveError> {
        let mut left = most.max(1);
        while self.row.step != Step::Done && left > 0 {
            let used = match self.row.step {
                Step::Clearing => self.clear(left).await?,
                Step::Copying => self.copy(left).await?,
                Step::Checking => self.check().await?,
                Step::Opening => self.open().await?,
                Step::Forgetting => self.forget(left).await?,
                Step::Done => break,
            };
            left = left.saturating_sub(used);
        }
        Ok(Progress { step: self.row.step, copied: self.row.copied })
    }

    async fn clear(&mut self, most: u32) -> Result<u32, MoveError> {
        self.source.database.run(stand(self.store, "here", "leaving")).await?;
        // What is there is left of another try. Were the store served there, this would not touch it.
        for from in ["leaving", "moved"] {
            self.target.database.run(stand(self.store, from, "arriving")).await?;
        }
        let (used, clean) = self.delete_rows(self.target, most).await?;
        if clean {
            let mut batch = vec![delete_store(self.store)];
            batch.extend(self.store_row().await?);
            self.target.database.batch(batch).await?;
            self.row = MoveRow { step: Step::Copying, place: 0, after: None, copied: 0, ..self.row };
            self.keep().await?;
        }
        Ok(used)
    }

    /// The store's own row, arriving, and its group's settings.
    async fn store_row(&self) -> Result<Vec<Statement>, MoveError> {
        let select = Statement::new("SELECT * FROM stores WHERE id = ?1").bind(self.store);
        let row = self.source.database.run(select).await?.0.into_iter().next().ok_or_else(DatabaseError::moving)?;
        let group = row.get("group_id").and_then(serde_json::Value::as_str).unwrap_or_default();
        let settings = carry_group_settings(self.source.database, group).await?;
        let arriving = [insert_row("stores", row), stand(self.store, "leaving", "arriving")];
        Ok(settings.into_iter().chain(arriving).collect())
    }

    async fn copy(&mut self, most: u32) -> Result<u32, MoveError> {
        let Some(table) = TABLES.get(self.row.place) else {
            self.row.step = Step::Checking;
            self.keep().await?;
            return Ok(0);
        };
        let columns = table.columns(self.source.database).await?;
        for used in 1..=most {
            let chunk = table.read(self.source.database, &columns, self.store, self.row.after.as_deref()).await?;
            let Some(chunk) = chunk else {
                self.row = MoveRow { place: self.row.place + 1, after: None, ..self.row };
                self.keep().await?;
                return Ok(used);
            };
            self.target.database.run(table.write(&columns, self.store, &chunk.rows)).await?;
            self.row.copied += i64::from(chunk.count);
            self.row.after = Some(chunk.after);
        }
        // Not kept after each chunk: rows that go over again stay as they are.
        self.keep().await?;
        Ok(most)
    }

    async fn check(&mut self) -> Result<u32, MoveError> {
        self.target.database.run(stand(self.store, "arriving", "leaving")).await?;
        for table in TABLES {
            let columns = table.columns(self.source.database).await?;
            let left = measured(self.source.database, table, &columns, self.store).await?;
            let arrived = measured(self.target.database, table, &columns, self.store).await?;
            if left != arrived {
                self.row.step = Step::Clearing;
                self.keep().await?;
                return Err(MoveError::Differs { table: table.name, left: left.count, arrived: arrived.count });
            }
        }
        // From here on there is no way back: with the step, the directory itself changes.
        self.row.step = Step::Opening;
        self.keep().await?;
        Ok(1)
    }

    async fn open(&mut self) -> Result<u32, MoveError> {
        self.source.database.run(stand(self.store, "leaving", "moved")).await?;
        self.target.database.run(stand(self.store, "leaving", "here")).await?;
        self.row.step = Step::Forgetting;
        self.keep().await?;
        Ok(1)
    }

    async fn forget(&mut self, most: u32) -> Result<u32, MoveError> {
        let (used, clean) = self.delete_rows(self.source, most).await?;
        if clean {
            self.source.database.run(delete_store(self.store)).await?;
            let end = Statement::new("DELETE FROM moves WHERE store_id = ?1").bind(self.store);
            self.platform.directory().run(end).await?;
            self.row.step = Step::Done;
        }
        Ok(used)
    }

    /// Deletes rows of the store, those that refer to others first. Says how many chunks it took, and whether all are gone.
    async fn delete_rows(&self, shard: Shard<'_, P::Database>, most: u32) -> Result<(u32, bool), MoveError> {
        let mut used = 0;
        for table in TABLES.iter().rev() {
            while !shard.database.run(table.delete(self.store)).await?.is_empty() {
                used += 1;
                if used == most {
                    return Ok((used, false));
                }
            }
        }
        Ok((used, true))
    }

    /// Writes down how far it is, unless somebody else has taken it up. From [`Step::Opening`] on the directory points to
    /// the target.
    async fn keep(&mut self) -> Result<(), MoveError> {
        let step = serde_json::json!(self.row.step);
        let update = Statement::new(
            "UPDATE moves SET step = ?3, place = ?4, after = ?5, copied = ?6, version = version + 1 \
             WHERE store_id = ?1 AND version = ?2 RETURNING version",
        )
        .bind(self.store)
        .bind(self.row.version)
        .bind(step.as_str().unwrap_or_default())
        .bind(self.row.place as i64)
        .bind(self.row.after.as_ref())
        .bind(self.row.copied);
        let flip = Statement::new(
            "UPDATE placements SET shard = (SELECT target FROM moves m WHERE m.store_id = placements.store_id) \
             WHERE store_id = ?1 AND EXISTS (SELECT 1 FROM moves m WHERE m.store_id = ?1 AND m.step = 'opening')",
        );
        let results = self.platform.directory().batch(vec![update, flip.bind(self.store)]).await?;
        if results.first().is_none_or(Rows::is_empty) {
            return Err(MoveError::TakenUp);
        }
        self.row.version += 1;
        Ok(())
    }
}

/// Where the directory has a store, and its move if one is under way.
struct Entry {
    shard: u32,
    under_way: Option<MoveRow>,
}

async fn entry<P: Platform>(platform: &P, store: &str) -> Result<Option<Entry>, DatabaseError> {
    #[derive(Deserialize)]
    struct Found {
        shard: u32,
    }
    let placement = Statement::new("SELECT shard FROM placements WHERE store_id = ?1").bind(store);
    let under_way =
        Statement::new("SELECT source, target, step, place, after, copied, version FROM moves WHERE store_id = ?1")
            .bind(store);
    let mut results = platform.directory().batch(vec![placement, under_way]).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    let Some(found) = next().first::<Found>()? else { return Ok(None) };
    Ok(Some(Entry { shard: found.shard, under_way: next().first()? }))
}

async fn begin<P: Platform>(platform: &P, store: &str, source: u32, target: u32) -> Result<MoveRow, DatabaseError> {
    let insert = Statement::new("INSERT INTO moves (store_id, source, target, step) VALUES (?1, ?2, ?3, 'clearing')");
    platform.directory().run(insert.bind(store).bind(source).bind(target)).await?;
    Ok(MoveRow { source, target, step: Step::Clearing, place: 0, after: None, copied: 0, version: 0 })
}

/// Ends a move that the directory does not show yet. What has arrived stays closed, and the next move there clears it.
async fn call_off<P: Platform>(
    platform: &P,
    store: &str,
    source: Shard<'_, P::Database>,
    row: &MoveRow,
) -> Result<Progress, MoveError> {
    let end = Statement::new("DELETE FROM moves WHERE store_id = ?1 AND version = ?2 RETURNING store_id");
    if platform.directory().run(end.bind(store).bind(row.version)).await?.is_empty() {
        return Err(MoveError::TakenUp);
    }
    serve_again(store, source).await
}

async fn serve_again<D: Database>(store: &str, shard: Shard<'_, D>) -> Result<Progress, MoveError> {
    shard.database.run(stand(store, "leaving", "here")).await?;
    Ok(Progress { step: Step::Done, copied: 0 })
}

/// Changes how a store stands on a shard, if it stands there so.
fn stand(store: &str, from: &str, to: &str) -> Statement {
    Statement::new("UPDATE stores SET standing = ?3 WHERE id = ?1 AND standing = ?2").bind(store).bind(from).bind(to)
}

/// Deletes a store's own row, the last one, where the store is not served.
fn delete_store(store: &str) -> Statement {
    Statement::new("DELETE FROM stores WHERE id = ?1 AND standing IN ('arriving', 'moved')").bind(store)
}

#[derive(Deserialize, PartialEq)]
struct Measure {
    count: i64,
    length: i64,
}

async fn measured(
    database: &impl Database,
    table: &Table,
    columns: &[String],
    store: &str,
) -> Result<Measure, DatabaseError> {
    let row = database.run(table.measure(columns, store)).await?.first()?;
    row.ok_or_else(|| DatabaseError::Decode("no row".to_owned()))
}

/// A row as `SELECT *` gave it, written elsewhere.
fn insert_row(table: &str, row: Row) -> Statement {
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    let places: Vec<String> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
    let value = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Number(number) => number.as_i64().map_or(Value::Null, Value::Integer),
        _ => Value::Null,
    };
    Statement { sql: sql.into(), parameters: row.into_iter().map(|(_, field)| value(field)).collect() }
}
