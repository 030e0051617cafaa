//! What one instance has for itself, and what all instances share.

use crate::arguments::Arguments;
use crate::outbound::Outbound;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use wasmtime::component::{HasData, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::WasiHttpCtx;
use wasmtime_wasi_http::p3::{WasiHttpCtxView, WasiHttpView};

/// What all instances share.
pub struct Shared {
    /// The files of the databases by their names: `default`, `shard2`, `shard3` …
    pub sqlite: BTreeMap<String, PathBuf>,
    /// The default key-value store.
    pub key_value: Mutex<HashMap<String, Vec<u8>>>,
    /// Variables by lower-case name.
    pub variables: BTreeMap<String, String>,
    /// Hosts that may be asked besides this machine.
    pub allowed_hosts: Arc<[String]>,
}

impl Shared {
    /// What the command line asks for.
    pub fn new(arguments: &Arguments) -> Self {
        Self {
            sqlite: (1..)
                .map(|number: u32| if number == 1 { "default".to_owned() } else { format!("shard{number}") })
                .zip(arguments.sqlite.iter().cloned())
                .collect(),
            key_value: Mutex::default(),
            variables: arguments.variables.clone(),
            allowed_hosts: arguments.allowed_hosts.clone().into(),
        }
    }
}

/// What one instance has for itself.
pub struct State {
    /// What it shares with the others.
    pub shared: Arc<Shared>,
    /// The resources that it holds.
    pub table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outbound: Outbound,
}

impl State {
    /// A fresh instance's state.
    pub fn new(shared: Arc<Shared>) -> Self {
        let outbound = Outbound::new(Arc::clone(&shared.allowed_hosts));
        Self {
            shared,
            table: ResourceTable::new(),
            wasi: WasiCtx::builder().inherit_stderr().build(),
            http: WasiHttpCtx::new(),
            outbound,
        }
    }
}

/// Names [`State`] to the bindings of Spin's interfaces.
pub struct Spin;

impl HasData for Spin {
    type Data<'a> = &'a mut State;
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.outbound, table: &mut self.table, ctx: &mut self.http }
    }
}
