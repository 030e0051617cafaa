//! The small ports: KV, Queues, time, chance and settings.

use crate::glue;
use chrono::{DateTime, Utc};
use lanekeeper_platform::{Cache, Clock, PortError, Queue, Random, Settings};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsValue;
use worker::{BatchMessageBuilder, Context, Env, QueueContentType, RawMessageBuilder, js_sys};

/// KV refuses to keep anything for less.
const MIN_TTL_SECONDS: u64 = 60;

/// Queues take no more in one call.
const MAX_MESSAGES_PER_SEND: usize = 100;

/// `getRandomValues` fills no more in one call.
const MAX_RANDOM_BYTES: usize = 65_536;

/// The KV namespace bound as `CACHE`.
pub struct Kv {
    pub(crate) env: Env,
}

impl Kv {
    fn failure(error: &impl ToString) -> PortError {
        PortError { port: "cache", reason: error.to_string() }
    }
}

impl Cache for Kv {
    async fn get(&self, key: &str) -> Result<Option<String>, PortError> {
        let store = self.env.kv("CACHE").map_err(|error| Self::failure(&error))?;
        store.get(key).text().await.map_err(|error| Self::failure(&error))
    }

    async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<(), PortError> {
        let store = self.env.kv("CACHE").map_err(|error| Self::failure(&error))?;
        let put = store.put(key, value).map_err(|error| Self::failure(&error))?;
        put.expiration_ttl(ttl.as_secs().max(MIN_TTL_SECONDS)).execute().await.map_err(|error| Self::failure(&error))
    }
}

/// The queue bound as `DELIVERIES`.
pub struct Deliveries {
    pub(crate) env: Env,
    /// What a wake-up may outlive; `None` where nobody waits for an answer.
    pub(crate) context: Option<Rc<Context>>,
}

impl Queue for Deliveries {
    /// Where somebody waits for an answer, it goes out first and the wake-ups after it; then a failure is only logged,
    /// and the clock sweeps the rows.
    async fn wake(&self, deliveries: &[String]) -> Result<(), PortError> {
        if deliveries.is_empty() {
            return Ok(());
        }
        let sending = send(self.env.clone(), deliveries.to_vec());
        let Some(context) = &self.context else {
            return sending.await.map_err(|error| PortError { port: "queue", reason: error.to_string() });
        };
        context.wait_until(async move {
            if let Err(error) = sending.await {
                worker::console_error!("{}", serde_json::json!({"event": "wake_failed", "reason": error.to_string()}));
            }
        });
        Ok(())
    }
}

async fn send(env: Env, deliveries: Vec<String>) -> worker::Result<()> {
    let queue = env.queue("DELIVERIES")?;
    for chunk in deliveries.chunks(MAX_MESSAGES_PER_SEND) {
        let messages = chunk
            .iter()
            .map(|id| RawMessageBuilder::new(JsValue::from_str(id)).build_with_content_type(QueueContentType::Text));
        queue.send_raw_batch(BatchMessageBuilder::new().messages(messages).build()).await?;
    }
    Ok(())
}

/// The runtime's `Date`.
pub struct JsClock;

impl Clock for JsClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
    }

    async fn sleep(&self, time: Duration) {
        worker::Delay::from(time).await;
    }
}

/// The runtime's cryptographic generator.
pub struct JsRandom;

impl Random for JsRandom {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.chunks_mut(MAX_RANDOM_BYTES).for_each(glue::get_random_values);
    }
}

/// Variables and secrets of the Worker.
pub struct Variables {
    pub(crate) env: Env,
}

impl Settings for Variables {
    fn get(&self, name: &str) -> Option<String> {
        let value = js_sys::Reflect::get(&self.env, &JsValue::from_str(name)).ok()?;
        // A number in wrangler.toml's [vars] arrives as a number.
        let text = value.as_string().or_else(|| value.as_f64().map(|number| number.to_string()))?;
        (!text.is_empty()).then_some(text)
    }
}
