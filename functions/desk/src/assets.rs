//! The pages' scripts and style. A page author adds a file here and names it in [`Page::script`](crate::page::Page::script).

use lanekeeper_platform::Asset;

/// The style of all pages, topic by topic. What one page alone needs can be a file of its own: see
/// [`Page::style`](crate::page::Page::style).
const STYLE: Asset = Asset {
    content_type: "text/css; charset=utf-8",
    content: concat!(
        include_str!("../assets/css/base.css"),
        include_str!("../assets/css/frame.css"),
        include_str!("../assets/css/controls.css"),
        include_str!("../assets/css/blocks.css"),
    ),
};

const fn style(content: &'static str) -> Asset {
    Asset { content_type: "text/css; charset=utf-8", content }
}

const fn script(content: &'static str) -> Asset {
    Asset { content_type: "text/javascript; charset=utf-8", content }
}

/// Every asset, by the last segment of its path.
const ASSETS: &[(&str, Asset)] = &[
    ("desk.css", STYLE),
    (
        "inbox.css",
        style(concat!(include_str!("../assets/css/inbox.css"), include_str!("../assets/css/conversation.css"))),
    ),
    ("day.css", style(concat!(include_str!("../assets/css/day-rows.css"), include_str!("../assets/css/day.css")))),
    ("booking.css", style(include_str!("../assets/css/booking.css"))),
    ("orders.css", style(include_str!("../assets/css/orders.css"))),
    // htmx 2.0.11, as it is in its package of that version; see NOTICE.
    ("htmx.js", script(include_str!("../assets/js/htmx.min.js"))),
    ("inbox.js", script(include_str!("../assets/js/inbox.js"))),
    ("keys.js", script(include_str!("../assets/js/keys.js"))),
    ("day.js", script(include_str!("../assets/js/day.js"))),
    ("alerts.js", script(include_str!("../assets/js/alerts.js"))),
    ("desk.js", script(include_str!("../assets/js/desk.js"))),
];

const FOLDER: &str = "/desk/assets/";

/// The service worker, where its scope is the whole desk: it is the folder of its address.
const WORKER: (&str, Asset) = ("/desk/worker.js", script(include_str!("../assets/js/worker.js")));

/// The asset at this path.
pub fn find(path: &str) -> Option<&'static Asset> {
    if path == WORKER.0 { Some(&WORKER.1) } else { named(path.strip_prefix(FOLDER)?) }
}

/// The address of an asset, which names its content, so that browsers keep it for good.
pub fn url(name: &str) -> String {
    let version = named(name).map(Asset::version).unwrap_or_default();
    format!("{FOLDER}{name}?v={version}")
}

fn named(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|(known, _)| *known == name).map(|(_, asset)| asset)
}
