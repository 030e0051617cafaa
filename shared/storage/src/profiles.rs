//! Stores' profiles, as the API reads and writes them.

use crate::ViewError;
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;

/// A store's profile and how often it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StoreRow {
    /// The store's id.
    pub id: String,
    /// Counts its changes: the profile's entity tag.
    pub revision: i64,
    /// JSON.
    pub profile: String,
}

/// The profiles of a group's stores on this shard, in order of their ids: those after `after`, at most `limit`.
pub async fn stores(
    database: &impl Database,
    group: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<StoreRow>, DatabaseError> {
    let select = Statement::new(
        "SELECT id, revision, profile FROM stores WHERE group_id = ?1 AND id > ?2 AND standing IN ('here', 'leaving') \
         ORDER BY id LIMIT ?3",
    );
    database.run(select.bind(group).bind(after).bind(limit)).await?.decode()
}

/// The profile of a store of this group, as it is kept.
pub async fn store_row(database: &impl Database, group: &str, store: &str) -> Result<StoreRow, ViewError> {
    let select = Statement::new("SELECT id, revision, profile FROM stores WHERE id = ?1 AND group_id = ?2");
    database.run(select.bind(store).bind(group)).await?.first()?.ok_or(ViewError::NotFound("store"))
}

/// Replaces the profile of a store of this group if its revision is still this one. Returns whether it was.
pub async fn replace_profile(database: &impl Database, group: &str, row: &StoreRow) -> Result<bool, DatabaseError> {
    let update = Statement::new(
        "UPDATE stores SET profile = ?4, revision = revision + 1 WHERE id = ?1 AND group_id = ?2 AND revision = ?3 \
         RETURNING id",
    )
    .bind(&row.id)
    .bind(group)
    .bind(row.revision)
    .bind(&row.profile);
    Ok(!database.run(update).await?.is_empty())
}
