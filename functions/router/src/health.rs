//! Liveness, and what is configured: never a secret, and no database, so that it is cheap to ask often.

use lanekeeper_platform::{Platform, Response, Settings};
use lanekeeper_understanding::hosted::ModelConfig;
use serde_json::json;

/// Says that we live, and with what.
pub fn answer<P: Platform>(platform: &P) -> Response {
    let settings = platform.settings();
    let is_set = |name: &str| settings.get(name).is_some();
    let model = match ModelConfig::from_settings(settings) {
        Ok(Some(config)) => json!(config.model),
        Ok(None) => json!("none: the built-in understanding serves alone"),
        Err(error) => json!(format!("not used: {error}")),
    };
    let body = json!({
        "status": "ok",
        "configured": {
            "sealing_key": is_set("SEALING_KEY"),
            "internal_secret": is_set("INTERNAL_SECRET"),
            "public_url": settings.get("PUBLIC_URL"),
            "simulator": settings.get("SIMULATOR").as_deref() == Some("on"),
            "model": model,
        },
    });
    Response::json(200, &body)
}
