//! One instance's platform, and the ports that need no file of their own.

use crate::cache::KeyValueCache;
use crate::database::SqliteDatabase;
use crate::outbound::WasiHttp;
use crate::rules::{retry, settings};
use chrono::{DateTime, Utc};
use futures::lock::Mutex;
use lanekeeper_platform::{Clock, DatabaseError, Platform, PortError, Queue, Random, Settings, Shards};
use serde_json::json;
use spin_sdk::wasip3::clocks::system_clock;
use spin_sdk::wasip3::random::random::get_random_bytes;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io::Write;
use std::rc::Rc;
use std::time::Duration;

/// Spin, as the functions see it. A clone is cheap and shares everything, so that a delivery may outlive its request.
#[derive(Clone)]
pub struct SpinPlatform(Rc<Parts>);

struct Parts {
    shards: Shards<SqliteDatabase>,
    cache: KeyValueCache,
    settings: Variables,
}

/// How many times one wake-up is served before the rest is left to the clock.
const ROUNDS: usize = 3;

thread_local! {
    static PLATFORM: OnceCell<SpinPlatform> = const { OnceCell::new() };
    static STARTING: Rc<Mutex<()>> = Rc::default();
}

/// This instance's platform. The first request of an instance brings the database up to date; the others wait for it.
pub async fn ready() -> Result<SpinPlatform, DatabaseError> {
    if let Some(platform) = PLATFORM.with(|cell| cell.get().cloned()) {
        return Ok(platform);
    }
    let starting = STARTING.with(Rc::clone);
    let _one_at_a_time = starting.lock().await;
    if let Some(platform) = PLATFORM.with(|cell| cell.get().cloned()) {
        return Ok(platform);
    }
    let platform = SpinPlatform(Rc::new(Parts {
        shards: shards().await,
        cache: KeyValueCache::default(),
        settings: Variables::read().await,
    }));
    lanekeeper_storage::migrate(platform.directory()).await?;
    // Without the directory nothing goes; without another shard, its stores wait for the next instance.
    for shard in platform.shards().iter().skip(1) {
        if let Err(error) = lanekeeper_storage::migrate(shard.database).await {
            log(&json!({"event": "migration_failed", "shard": shard.number, "error": error.to_string()}));
        }
    }
    Ok(PLATFORM.with(|cell| cell.get_or_init(|| platform).clone()))
}

/// The databases that the manifest gives to the component: `default`, then `shard2`, `shard3` … without a gap.
async fn shards() -> Shards<SqliteDatabase> {
    let mut more = Vec::new();
    for number in 2.. {
        let name = format!("shard{number}");
        if !SqliteDatabase::is_allowed(&name).await {
            break;
        }
        more.push(SqliteDatabase::named(name));
    }
    Shards::new(SqliteDatabase::named("default".to_owned()), more)
}

/// Writes one line to Spin's log of this component.
pub fn log(line: &serde_json::Value) {
    // Nobody can be told that the log is gone.
    let _ = writeln!(std::io::stderr(), "{line}");
}

impl Platform for SpinPlatform {
    type Database = SqliteDatabase;
    type Cache = KeyValueCache;
    type Queue = Self;
    type HttpClient = WasiHttp;
    type Clock = WasiClock;
    type Random = WasiRandom;
    type Settings = Variables;

    fn shards(&self) -> &Shards<SqliteDatabase> {
        &self.0.shards
    }
    fn cache(&self) -> &KeyValueCache {
        &self.0.cache
    }
    fn queue(&self) -> &Self {
        self
    }
    fn http(&self) -> &WasiHttp {
        &WasiHttp
    }
    fn clock(&self) -> &WasiClock {
        &WasiClock
    }
    fn random(&self) -> &WasiRandom {
        &WasiRandom
    }
    fn settings(&self) -> &Variables {
        &self.0.settings
    }
    fn log(&self, line: &serde_json::Value) {
        log(line);
    }
}

impl Queue for SpinPlatform {
    /// Delivers in this instance, while and after the request is answered. An instance that dies meanwhile forgets the
    /// wake-up; the outbox does not, and the clock sweeps it.
    async fn wake(&self, deliveries: &[String]) -> Result<(), PortError> {
        let platform = self.clone();
        let deliveries = deliveries.to_vec();
        spin_sdk::wasip3::spawn(async move { deliver(&platform, deliveries).await });
        Ok(())
    }
}

async fn deliver(platform: &SpinPlatform, mut deliveries: Vec<String>) {
    for _ in 0..ROUNDS {
        let outcomes = lanekeeper_deliver::deliver(platform, &deliveries).await;
        let Some((wait, again)) = retry::next_round(deliveries, &outcomes) else { return };
        spin_sdk::time::sleep(wait).await;
        deliveries = again;
    }
}

/// The machine's clock.
pub struct WasiClock;

impl Clock for WasiClock {
    fn now(&self) -> DateTime<Utc> {
        let now = system_clock::now();
        DateTime::from_timestamp(now.seconds, now.nanoseconds).unwrap_or_default()
    }

    async fn sleep(&self, time: Duration) {
        spin_sdk::time::sleep(time).await;
    }
}

/// The machine's source of randomness, good enough for keys.
pub struct WasiRandom;

impl Random for WasiRandom {
    fn fill(&self, mut buffer: &mut [u8]) {
        // WASI may return fewer bytes than it was asked for.
        while !buffer.is_empty() {
            let bytes = get_random_bytes(buffer.len() as u64);
            let (filled, rest) = buffer.split_at_mut(bytes.len());
            filled.copy_from_slice(&bytes);
            buffer = rest;
        }
    }
}

/// Spin's variables, as they were when the instance started.
pub struct Variables(BTreeMap<&'static str, String>);

impl Variables {
    async fn read() -> Self {
        let mut values = BTreeMap::new();
        for name in settings::NAMES {
            // One that is not declared counts as absent, like one that is empty.
            let value = spin_sdk::variables::get(name.to_ascii_lowercase()).await.unwrap_or_default();
            if !value.is_empty() {
                values.insert(name, value);
            }
        }
        Self(values)
    }
}

impl Settings for Variables {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}
