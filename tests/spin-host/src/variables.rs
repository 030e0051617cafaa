//! `spin:variables`.

use crate::bindings::variables::{Error, Host, HostWithStore};
use crate::state::{Spin, State};
use wasmtime::Result;
use wasmtime::component::Accessor;

impl Host for State {}

impl<T> HostWithStore<T> for Spin {
    async fn get(accessor: &Accessor<T, Self>, name: String) -> Result<Result<String, Error>> {
        let value = accessor.with(|mut access| access.get().shared.variables.get(&name).cloned());
        Ok(value.ok_or(Error::Undefined(name)))
    }
}
