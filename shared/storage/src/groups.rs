//! What groups want of their stores, and what their stores know of one another.

use lanekeeper_domain::group::GroupSettings;
use lanekeeper_platform::{Database, DatabaseError, Platform, Statement};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Row {
    settings: String,
    revision: i64,
}

/// The settings of a group, and how often they were changed: never, where the group has none.
pub async fn group_settings<P: Platform>(platform: &P, group: &str) -> Result<(GroupSettings, i64), DatabaseError> {
    let row = row(platform.directory(), group).await?;
    Ok(row.map_or_else(Default::default, |row| (parse(Some(&row.settings)), row.revision)))
}

/// Replaces the settings of a group on all shards, where they still have the revision that is expected (any, for none), and
/// gives their new one. Where a shard is out of reach it keeps the old ones: the same again, and all have the new ones.
pub async fn replace_group_settings<P: Platform>(
    platform: &P,
    group: &str,
    settings: &GroupSettings,
    expected: Option<i64>,
) -> Result<Option<i64>, DatabaseError> {
    #[derive(Deserialize)]
    struct Replaced {
        revision: i64,
    }
    let settings = json!(settings).to_string();
    let replace = Statement::new(
        "INSERT INTO group_settings (group_id, settings, revision) SELECT ?1, ?2, 1 \
         WHERE ?3 IS NULL OR ?3 = COALESCE((SELECT revision FROM group_settings WHERE group_id = ?1), 0) \
         ON CONFLICT (group_id) DO UPDATE SET settings = excluded.settings, revision = revision + 1 RETURNING revision",
    );
    let replace = replace.bind(group).bind(&settings).bind(expected);
    let Some(Replaced { revision }) = platform.directory().run(replace).await?.first()? else { return Ok(None) };
    let row = Row { settings, revision };
    // The first one is the directory's.
    for shard in platform.shards().iter().skip(1) {
        shard.database.run(copy(group, &row)).await?;
    }
    Ok(Some(revision))
}

/// What brings the settings of a group from one shard to another, with a store that moves there.
pub(crate) async fn carry_group_settings(
    source: &impl Database,
    group: &str,
) -> Result<Option<Statement>, DatabaseError> {
    Ok(row(source, group).await?.map(|row| copy(group, &row)))
}

/// The settings in this text. Those that cannot be read are as good as none: nothing is shared by mistake.
pub(crate) fn parse(settings: Option<&str>) -> GroupSettings {
    settings.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

async fn row(database: &impl Database, group: &str) -> Result<Option<Row>, DatabaseError> {
    let select = Statement::new("SELECT settings, revision FROM group_settings WHERE group_id = ?1");
    database.run(select.bind(group)).await?.first()
}

fn copy(group: &str, row: &Row) -> Statement {
    Statement::new(
        "INSERT INTO group_settings (group_id, settings, revision) VALUES (?1, ?2, ?3) ON CONFLICT (group_id) \
         DO UPDATE SET settings = excluded.settings, revision = excluded.revision WHERE excluded.revision > revision",
    )
    .bind(group)
    .bind(&row.settings)
    .bind(row.revision)
}
