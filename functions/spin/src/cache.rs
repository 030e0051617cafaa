//! The cache, over Spin's key-value store.

use crate::platform::WasiClock;
use crate::rules::cached;
use lanekeeper_platform::{Cache, Clock, PortError};
use spin_sdk::key_value::{Error, Store};
use std::cell::OnceCell;
use std::rc::Rc;
use std::time::Duration;

/// The port promises to keep a value at least this long.
const SHORTEST: Duration = Duration::from_mins(1);

/// The default key-value store, opened when it is first needed.
#[derive(Default)]
pub struct KeyValueCache(OnceCell<Rc<Store>>);

impl KeyValueCache {
    async fn store(&self) -> Result<Rc<Store>, PortError> {
        if let Some(store) = self.0.get() {
            return Ok(Rc::clone(store));
        }
        // Two requests may both get here; the handle that comes second is dropped.
        let store = Rc::new(Store::open_default().await.map_err(|error| failed(&error))?);
        Ok(Rc::clone(self.0.get_or_init(|| store)))
    }
}

impl Cache for KeyValueCache {
    async fn get(&self, key: &str) -> Result<Option<String>, PortError> {
        let entry = self.store().await?.get(key).await.map_err(|error| failed(&error))?;
        let entry = entry.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(entry.and_then(|entry| cached::read(&entry, WasiClock.now().timestamp()).map(str::to_owned)))
    }

    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<(), PortError> {
        let expires = WasiClock.now() + ttl.max(SHORTEST);
        let entry = cached::write(value, expires.timestamp());
        self.store().await?.set(key, entry).await.map_err(|error| failed(&error))
    }
}

fn failed(error: &Error) -> PortError {
    PortError { port: "cache", reason: error.to_string() }
}
