//! A list with its counts: one batch on each shard that has stores of it.

use super::{ListState, PAGE, scope};
use crate::desk::Desk;
use crate::error::DeskError;
use lanekeeper_domain::staff::Permission;
use lanekeeper_platform::{Database, Platform, Rows, Statement};
use lanekeeper_storage::inbox::{
    Counts, InboxRow, MOST_FOUND, Needle, merge, pulse, select_counts, select_found, select_inbox, select_pulse,
};
use lanekeeper_storage::keep_presence;

/// A list, as it is shown.
pub struct Listed {
    /// The conversations of the page.
    pub rows: Vec<InboxRow>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many there are of which.
    pub counts: Counts,
    /// What changes with any of them.
    pub pulse: String,
    /// What else was asked of the shard that was named with it.
    pub beside: Vec<Rows>,
}

impl Listed {
    /// Loads the list, and what these further statements ask of a shard, in the same batch.
    pub async fn load<P: Platform>(
        desk: &Desk<'_, P>,
        state: &ListState,
        mut beside: Option<(u32, Vec<Statement>)>,
    ) -> Result<Self, DeskError> {
        let needle = state.search.as_deref().map(Needle::new);
        let me = desk.person.account.as_str();
        let (mut pages, mut counts, mut pulses, mut further) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut shards = scope(desk, state)?;
        // A conversation may be open beside the list of another store.
        if let Some((number, _)) =
            beside.as_ref().filter(|(number, _)| !shards.iter().any(|(shard, _)| shard == number))
        {
            shards.push((*number, Vec::new()));
        }
        for (number, stores) in shards {
            let mut batch = Vec::new();
            for store in &stores {
                batch.push(match &needle {
                    Some(Some(needle)) => select_found(&store.id, needle),
                    // What is looked for has no letter: nothing is found, and that is said.
                    Some(None) => Statement::new("SELECT 1 WHERE 0"),
                    None => select_inbox(
                        &store.id,
                        state.view,
                        &state.facets(me),
                        state.after.as_deref(),
                        PAGE,
                        desk.now(),
                    )?,
                });
                batch.push(select_counts(&store.id, me, desk.now()));
                batch.push(select_pulse(&store.id));
            }
            // Whoever works at a store is there as long as their inbox is looked at.
            batch.extend(
                stores
                    .iter()
                    .filter(|store| store.role.may(Permission::Converse))
                    .map(|store| keep_presence(&store.id, me, desk.now())),
            );
            let own = batch.len();
            if let Some((_, statements)) = beside.take_if(|(shard, _)| *shard == number) {
                batch.extend(statements);
            }
            let mut rows = desk.shard(number)?.database.batch(batch).await?;
            further.extend(rows.split_off(own));
            let mut rows = rows.into_iter();
            for _ in &stores {
                let mut next = || rows.next().unwrap_or_default();
                pages.push(next());
                counts.push(next());
                pulses.push(pulse(next())?);
            }
        }
        let most = if needle.is_some() { MOST_FOUND } else { PAGE };
        let (rows, next) = merge(pages, most)?;
        Ok(Self { rows, next, counts: Counts::sum(counts)?, pulse: short(&pulses), beside: further })
    }
}

/// A short word for a long one.
pub fn short(pulses: &[String]) -> String {
    // FNV-1a, 64 bits: nobody gains by a collision.
    let bytes = pulses.iter().flat_map(|pulse| pulse.bytes().chain([0]));
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:x}")
}
