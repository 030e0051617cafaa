//! The form of a setup file, and the rows it becomes.

use lanekeeper_channels::Provider;
use lanekeeper_channels::twilio::Credentials;
use lanekeeper_domain::Store;
use lanekeeper_domain::widget::Widget;
use lanekeeper_platform::Statement;
use lanekeeper_storage::{describe_store, enter_line, enter_store};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Stores with their lines, and keys of the API.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// Paths of store profiles, relative to the file.
    pub stores: Vec<String>,
    /// The number of a store's shard, where it is not the first. It counts when the store is new; later only a move
    /// changes it, and is then to be written here too.
    #[serde(default)]
    pub shards: BTreeMap<String, u32>,
    #[serde(skip)]
    pub profiles: Vec<Store>,
    pub lines: Vec<Line>,
    #[serde(default)]
    pub api_keys: Vec<ApiKey>,
}

/// One address of a store at one provider.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub id: String,
    pub store: String,
    pub provider: String,
    pub address: String,
    /// What Twilio asks for; a widget has none.
    pub credentials: Option<Credentials>,
    /// A widget's look.
    pub widget: Option<Widget>,
    /// Whether the phone simulator may write to it: never for a real line.
    #[serde(default)]
    pub simulated: bool,
}

/// A key of the API, for all stores of a group.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    pub group: String,
    pub name: String,
    pub key: String,
}

impl Setup {
    /// Reads a setup file and the store profiles that it names.
    pub fn read(path: &str) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        let folder = std::path::Path::new(path).parent().map(std::path::Path::to_path_buf).unwrap_or_default();
        Self::parse(&text, |store| {
            let path = folder.join(store);
            std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        })
        .map_err(|error| format!("{path}: {error}"))
    }

    /// Reads a setup; `profile` gives the text of a store's profile.
    pub fn parse(text: &str, profile: impl Fn(&str) -> Result<String, String>) -> Result<Self, String> {
        let mut setup: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        for path in &setup.stores {
            let store: Store = serde_json::from_str(&profile(path)?).map_err(|error| format!("{path}: {error}"))?;
            if let Some(problem) = store.problem() {
                return Err(format!("{path}: {problem}"));
            }
            setup.profiles.push(store);
        }
        if let Some((store, _)) = setup.shards.iter().find(|(_, shard)| **shard == 0) {
            return Err(format!("shards.{store}: shards are numbered from 1"));
        }
        Ok(setup)
    }

    /// The number of this store's shard.
    pub fn shard_of(&self, store: &str) -> u32 {
        self.shards.get(store).copied().unwrap_or(1)
    }

    /// The rows of one shard; what is there already is updated. `key` is the `SEALING_KEY`.
    pub fn statements(&self, key: &str, shard: u32) -> Result<Vec<Statement>, String> {
        let stores = self.profiles.iter().filter(|store| self.shard_of(&store.id) == shard).map(put_store);
        let lines =
            self.lines.iter().filter(|line| self.shard_of(&line.store) == shard).map(|line| put_line(line, key));
        let directory = if shard == 1 { self.directory() } else { Vec::new() };
        stores.chain(lines).chain(directory.into_iter().map(Ok)).collect()
    }

    /// What the first database alone holds: where each store is, whose each line is, and the keys of the API.
    fn directory(&self) -> Vec<Statement> {
        let stores = self.profiles.iter().flat_map(|store| {
            let enter = enter_store(&store.id, &store.group, self.shard_of(&store.id));
            [enter, describe_store(&store.id, &store.name, store.time_zone)]
        });
        let lines = self.lines.iter().map(|line| enter_line(&line.id, &line.store));
        stores.chain(lines).chain(self.api_keys.iter().map(put_key)).collect()
    }
}

fn put_store(store: &Store) -> Result<Statement, String> {
    let profile = serde_json::to_string(store).map_err(|error| error.to_string())?;
    let put = Statement::new(
        "INSERT INTO stores (id, group_id, profile) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE \
         SET group_id = excluded.group_id, profile = excluded.profile, revision = revision + 1",
    );
    Ok(put.bind(&store.id).bind(&store.group).bind(profile))
}

fn put_line(line: &Line, key: &str) -> Result<Statement, String> {
    if Provider::from_slug(&line.provider).is_none() {
        return Err(format!("lines.{}: there is no provider '{}'", line.id, line.provider));
    }
    let (credentials, settings) = match (&line.credentials, &line.widget, line.provider.as_str()) {
        (None, widget, "widget") => (String::new(), look(line, widget.as_ref())?),
        (Some(credentials), None, "twilio") => (sealed(line, credentials, key)?, "{}".to_owned()),
        _ => return Err(format!("lines.{}: a twilio line has `credentials`, a widget line has `widget`", line.id)),
    };
    let put = Statement::new(
        "INSERT INTO lines (id, store_id, provider, address, credentials, simulated, settings) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (id) DO UPDATE SET store_id = excluded.store_id, provider = excluded.provider, \
         address = excluded.address, credentials = excluded.credentials, simulated = excluded.simulated, \
         settings = excluded.settings, revision = revision + 1",
    );
    let put = put.bind(&line.id).bind(&line.store).bind(&line.provider).bind(&line.address);
    Ok(put.bind(credentials).bind(line.simulated).bind(settings))
}

fn sealed(line: &Line, credentials: &Credentials, key: &str) -> Result<String, String> {
    let credentials = serde_json::to_string(credentials).map_err(|error| error.to_string())?;
    lanekeeper_storage::seal(key, &line.id, nonce(key, &line.id, &credentials), &credentials)
        .map_err(|error| error.to_string())
}

fn look(line: &Line, widget: Option<&Widget>) -> Result<String, String> {
    let widget = widget.cloned().unwrap_or_default();
    if let Some(problem) = widget.problem() {
        return Err(format!("lines.{}: widget.{problem}", line.id));
    }
    serde_json::to_string(&widget).map_err(|error| error.to_string())
}

/// A nonce that only the same key, line and credentials give again: running the tool twice changes nothing, and no nonce
/// serves two texts.
fn nonce(key: &str, line: &str, credentials: &str) -> [u8; 12] {
    let digest = Sha256::digest(format!("{key}\n{line}\n{credentials}"));
    std::array::from_fn(|place| digest[place])
}

fn put_key(api_key: &ApiKey) -> Statement {
    let put = Statement::new(
        "INSERT INTO api_keys (hash, group_id, name, created_at) VALUES (?1, ?2, ?3, unixepoch() * 1000) \
         ON CONFLICT (hash) DO UPDATE SET group_id = excluded.group_id, name = excluded.name",
    );
    put.bind(lanekeeper_storage::key_hash(&api_key.key)).bind(&api_key.group).bind(&api_key.name)
}
