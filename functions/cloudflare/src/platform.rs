//! Workers as a [`Platform`].

use crate::database::D1;
use crate::outbound::Fetch;
use crate::ports::{Deliveries, JsClock, JsRandom, Kv, Variables};
use lanekeeper_platform::{Platform, Shards};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use worker::{Context, Env, js_sys};

/// Everything that one event may use. Cheap to clone.
#[derive(Clone)]
pub struct Workers(Rc<Ports>);

struct Ports {
    shards: Shards<D1>,
    cache: Kv,
    queue: Deliveries,
    settings: Variables,
}

impl Workers {
    /// The platform of one event. The first database is bound as `DB`, the others as `DB_2`, `DB_3` … without a gap. `context` is that of a request, whose answer must not wait for wake-ups.
    pub fn new(env: Env, context: Option<Context>) -> Self {
        let binding = |name: &str| js_sys::Reflect::get(&env, &JsValue::from_str(name)).unwrap_or_default();
        let more = (2..).map(|number| binding(&format!("DB_{number}"))).take_while(|binding| !binding.is_undefined());
        let shards = Shards::new(D1::new(binding("DB")), more.map(D1::new).collect());
        Self(Rc::new(Ports {
            shards,
            cache: Kv { env: env.clone() },
            queue: Deliveries { env: env.clone(), context: context.map(Rc::new) },
            settings: Variables { env },
        }))
    }
}

impl Platform for Workers {
    type Database = D1;
    type Cache = Kv;
    type Queue = Deliveries;
    type HttpClient = Fetch;
    type Clock = JsClock;
    type Random = JsRandom;
    type Settings = Variables;

    fn shards(&self) -> &Shards<D1> {
        &self.0.shards
    }
    fn cache(&self) -> &Kv {
        &self.0.cache
    }
    fn queue(&self) -> &Deliveries {
        &self.0.queue
    }
    fn http(&self) -> &Fetch {
        &Fetch
    }
    fn clock(&self) -> &JsClock {
        &JsClock
    }
    fn random(&self) -> &JsRandom {
        &JsRandom
    }
    fn settings(&self) -> &Variables {
        &self.0.settings
    }
    fn log(&self, line: &serde_json::Value) {
        worker::console_log!("{line}");
    }
}
