//! Lines, and the playbook of the store that each belongs to.

use crate::directory::{cached_database_of_line, database_of_line};
use lanekeeper_domain::Store;
use lanekeeper_platform::{Database, DatabaseError, Platform, Shard, Statement};
use serde::Deserialize;

/// One address of a store at one provider.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its slug.
    pub id: String,
    /// The provider's name in the route, e.g. `twilio`.
    pub provider: String,
    /// The address at the provider, e.g. a number in E.164.
    pub address: String,
    /// The provider's credentials, sealed.
    pub credentials: String,
    /// What the provider wants to know besides, as JSON: a widget's look, for one.
    pub settings: String,
    /// Whether the phone simulator may write to it.
    pub simulated: bool,
    /// Counts its changes.
    pub revision: i64,
}

/// What a line's webhooks need to know before anything is said. It changes seldom, so it is kept in memory and each turn
/// compares the revisions.
#[derive(Debug, Clone)]
pub struct Playbook {
    /// The line.
    pub line: Line,
    /// Its store.
    pub store: Store,
    /// Counts the store's changes.
    pub store_revision: i64,
    /// The number of the shard that the store lives on.
    pub shard: u32,
}

impl Playbook {
    /// The shard that the store lives on.
    pub fn shard_of<'p, P: Platform>(&self, platform: &'p P) -> Result<Shard<'p, P::Database>, DatabaseError> {
        platform.shards().get(self.shard).ok_or_else(DatabaseError::moving)
    }
}

/// The playbook of this line, if there is such a line. The shard is the one that the directory names now.
pub async fn playbook<P: Platform>(platform: &P, line: &str) -> Result<Option<Playbook>, DatabaseError> {
    let Some(shard) = database_of_line(platform, line).await? else { return Ok(None) };
    // A line of the directory that its shard does not serve belongs to a store that is moving.
    playbook_on(shard, line).await?.ok_or_else(DatabaseError::moving).map(Some)
}

/// The same from the shard that the cache remembers, or from the one that the directory names if the line is not there.
pub async fn remembered_playbook<P: Platform>(platform: &P, line: &str) -> Result<Option<Playbook>, DatabaseError> {
    if let Some(shard) = cached_database_of_line(platform, line).await
        && let Some(playbook) = playbook_on(shard, line).await?
    {
        return Ok(Some(playbook));
    }
    playbook(platform, line).await
}

async fn playbook_on<D: Database>(shard: Shard<'_, D>, line: &str) -> Result<Option<Playbook>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        provider: String,
        address: String,
        credentials: String,
        settings: String,
        simulated: i64,
        revision: i64,
        profile: String,
        store_revision: i64,
    }
    let select = Statement::new(
        "SELECT l.id, l.provider, l.address, l.credentials, l.settings, l.simulated, l.revision, s.profile, s.revision AS store_revision \
         FROM lines l JOIN stores s ON s.id = l.store_id WHERE l.id = ?1 AND s.standing = 'here'",
    );
    let Some(row) = shard.database.run(select.bind(line)).await?.first::<Row>()? else { return Ok(None) };
    let store = serde_json::from_str(&row.profile).map_err(|error| DatabaseError::Decode(error.to_string()))?;
    let Row { id, provider, address, credentials, settings, simulated, revision, store_revision, .. } = row;
    let line = Line { id, provider, address, credentials, settings, simulated: simulated != 0, revision };
    Ok(Some(Playbook { line, store, store_revision, shard: shard.number }))
}

/// Whether the store has this line.
pub async fn has_line(database: &impl Database, store: &str, line: &str) -> Result<bool, DatabaseError> {
    let select = Statement::new("SELECT 1 FROM lines WHERE id = ?2 AND store_id = ?1").bind(store).bind(line);
    Ok(!database.run(select).await?.0.is_empty())
}
