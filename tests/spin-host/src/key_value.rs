//! `spin:key-value`, in memory: a cache may forget, and on a restart it does.

use crate::bindings::key_value::{Error, Host, HostStore, HostStoreWithStore};
use crate::state::{Shared, Spin, State};
use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};
use wasmtime::Result;
use wasmtime::component::{Accessor, Resource};

/// An open store. There is only the default one.
pub struct Store;

impl Host for State {}

impl HostStore for State {
    fn drop(&mut self, store: Resource<Store>) -> Result<()> {
        self.table.delete(store)?;
        Ok(())
    }
}

impl<T> HostStoreWithStore<T> for Spin {
    async fn open(accessor: &Accessor<T, Self>, label: String) -> Result<Result<Resource<Store>, Error>> {
        if label != "default" {
            return Ok(Err(Error::AccessDenied));
        }
        accessor.with(|mut access| Ok(Ok(access.get().table.push(Store)?)))
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        _store: Resource<Store>,
        key: String,
    ) -> Result<Result<Option<Vec<u8>>, Error>> {
        let shared = shared(accessor);
        Ok(Ok(entries(&shared).get(&key).cloned()))
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        _store: Resource<Store>,
        key: String,
        value: Vec<u8>,
    ) -> Result<Result<(), Error>> {
        let shared = shared(accessor);
        entries(&shared).insert(key, value);
        Ok(Ok(()))
    }
}

fn shared<T>(accessor: &Accessor<T, Spin>) -> Arc<Shared> {
    accessor.with(|mut access| Arc::clone(&access.get().shared))
}

fn entries(shared: &Shared) -> MutexGuard<'_, HashMap<String, Vec<u8>>> {
    // Nothing can be half done: each use is one call on the map.
    shared.key_value.lock().unwrap_or_else(PoisonError::into_inner)
}
