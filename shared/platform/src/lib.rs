//! The ports: what every runtime must offer to the functions.
//!
//! Functions are generic over [`Platform`] and so know neither Workers nor Spin. Futures carry no `Send` bound: both
//! runtimes are single-threaded, and so are the tests.

mod asset;
mod database;
mod http;
mod ports;
mod routing;
mod shards;

pub use asset::Asset;
pub use database::{Database, DatabaseError, Row, Rows, Statement, Value};
pub use http::{HttpClient, HttpError, Method, OutboundRequest, OutboundResponse, Request, Response};
pub use ports::{Cache, Clock, PortError, Queue, Random, Settings};
pub use routing::{NoRoute, Places, find_route};
pub use shards::{Shard, Shards};

/// One runtime, as the functions see it.
#[allow(async_fn_in_trait)]
pub trait Platform {
    /// SQLite-dialect storage.
    type Database: Database;
    /// Key-value storage that may forget.
    type Cache: Cache;
    /// Wake-ups for what is due.
    type Queue: Queue;
    /// Outbound HTTP.
    type HttpClient: HttpClient;
    /// The time.
    type Clock: Clock;
    /// Chance.
    type Random: Random;
    /// Configuration and secrets.
    type Settings: Settings;

    /// The databases. A store's own is found through the directory: see `database_of` in `lanekeeper-storage`.
    fn shards(&self) -> &Shards<Self::Database>;
    /// The database that holds the directory of stores, lines and API keys, and nothing else that one may count on.
    fn directory(&self) -> &Self::Database {
        self.shards().directory()
    }
    /// Key-value storage that may forget.
    fn cache(&self) -> &Self::Cache;
    /// The queue of deliveries.
    fn queue(&self) -> &Self::Queue;
    /// Outbound HTTP.
    fn http(&self) -> &Self::HttpClient;
    /// The time.
    fn clock(&self) -> &Self::Clock;
    /// Chance.
    fn random(&self) -> &Self::Random;
    /// Configuration and secrets.
    fn settings(&self) -> &Self::Settings;
    /// Writes one structured line to the runtime's log. Never pass text that a customer wrote, or a secret.
    fn log(&self, line: &serde_json::Value);
}
