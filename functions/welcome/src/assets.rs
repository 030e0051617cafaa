//! The page's script and style.

use lanekeeper_platform::{Asset, Request, Response};

const SCRIPT: Asset =
    Asset { content_type: "text/javascript; charset=utf-8", content: include_str!("../assets/app.js") };
const STYLE: Asset = Asset { content_type: "text/css; charset=utf-8", content: include_str!("../assets/app.css") };

/// The address of the script.
pub fn script_url() -> String {
    format!("/simulator/app.js?v={}", SCRIPT.version())
}

/// The address of the style sheet.
pub fn style_url() -> String {
    format!("/simulator/app.css?v={}", STYLE.version())
}

/// Serves `app.js`, or else the style sheet.
pub fn serve(request: &Request, name: &str) -> Response {
    if name == "app.js" { SCRIPT.serve(request) } else { STYLE.serve(request) }
}
