//! All ports together.

use crate::{FixedClock, MapSettings, MemoryCache, NativeDatabase, RecordingQueue, ScriptedHttp, SeededRandom};
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Platform, Shards};
use std::cell::RefCell;

/// All ports together. The fields are open: a test reaches in to script, to move the clock and to look.
pub struct NativePlatform {
    /// SQLite, once or several times.
    pub shards: Shards<NativeDatabase>,
    /// A cache that goes by [`NativePlatform::clock`].
    pub cache: MemoryCache,
    /// A queue that notes wake-ups.
    pub queue: RecordingQueue,
    /// Other people's servers; nobody answers until scripted.
    pub http: ScriptedHttp,
    /// The clock.
    pub clock: FixedClock,
    /// Chance, from a seed that is always the same unless [`NativePlatform::with_seed`] gives another.
    pub random: SeededRandom,
    /// Settings; none at first.
    pub settings: MapSettings,
    log: RefCell<Vec<serde_json::Value>>,
}

impl NativePlatform {
    /// A platform over this one database at this time, without settings.
    pub fn new(database: NativeDatabase, now: DateTime<Utc>) -> Self {
        Self::over(Shards::new(database, Vec::new()), now)
    }

    /// A platform over these databases at this time, without settings.
    pub fn over(shards: Shards<NativeDatabase>, now: DateTime<Utc>) -> Self {
        let clock = FixedClock::new(now);
        Self {
            shards,
            cache: MemoryCache::new(clock.clone()),
            queue: RecordingQueue::default(),
            http: ScriptedHttp::default(),
            clock,
            random: SeededRandom::new(1),
            settings: MapSettings::default(),
            log: RefCell::default(),
        }
    }

    /// The same platform with this setting.
    #[must_use]
    pub fn with_setting(self, name: &str, value: &str) -> Self {
        self.settings.set(name, value);
        self
    }

    /// The same platform with other chances: two platforms over one database need different seeds, or they make the same ids.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { random: SeededRandom::new(seed), ..self }
    }

    /// Every line that was logged so far.
    pub fn logged(&self) -> Vec<serde_json::Value> {
        self.log.borrow().clone()
    }
}

impl Platform for NativePlatform {
    type Database = NativeDatabase;
    type Cache = MemoryCache;
    type Queue = RecordingQueue;
    type HttpClient = ScriptedHttp;
    type Clock = FixedClock;
    type Random = SeededRandom;
    type Settings = MapSettings;

    fn shards(&self) -> &Shards<Self::Database> {
        &self.shards
    }
    fn cache(&self) -> &Self::Cache {
        &self.cache
    }
    fn queue(&self) -> &Self::Queue {
        &self.queue
    }
    fn http(&self) -> &Self::HttpClient {
        &self.http
    }
    fn clock(&self) -> &Self::Clock {
        &self.clock
    }
    fn random(&self) -> &Self::Random {
        &self.random
    }
    fn settings(&self) -> &Self::Settings {
        &self.settings
    }
    fn log(&self, line: &serde_json::Value) {
        self.log.borrow_mut().push(line.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;
    use chrono::TimeDelta;
    use lanekeeper_platform::{Cache, Clock, Random, Settings};
    use std::time::Duration;

    #[test]
    fn the_ports_belong_together() {
        let now = "2026-03-02T15:00:00Z".parse().unwrap();
        let platform = NativePlatform::new(NativeDatabase::in_memory().unwrap(), now)
            .with_setting("PUBLIC_URL", "https://a.example");
        assert_eq!(platform.clock().now(), now);
        assert_eq!(platform.settings().get("PUBLIC_URL").as_deref(), Some("https://a.example"));

        block_on(platform.cache().put("key", "value", Duration::from_mins(1))).unwrap();
        platform.clock.advance(TimeDelta::seconds(61));
        assert_eq!(block_on(platform.cache().get("key")).unwrap(), None);

        platform.log(&serde_json::json!({"turn": 1}));
        assert_eq!(platform.logged(), [serde_json::json!({"turn": 1})]);

        let first = platform.random().id(now);
        let other = NativePlatform::new(NativeDatabase::in_memory().unwrap(), now).with_seed(2);
        assert_ne!(first, other.random().id(now));
    }
}
