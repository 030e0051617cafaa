//! What people of the store do to a conversation, as a transcript tells of it.

use crate::Shop;
use crate::transcript::time;
use lanekeeper_domain::handling::{CloseResult, HandlingAct};

/// `takes-over Dana`, `replies Dana: Bring it in`, `hands-back Dana`, `hand-back`, `assigns Dana: marcus`,
/// `snoozes Dana: 2026-11-21 09:00`, `closes Dana: answered`, `reopens Dana`; `None` where it is none of them.
pub fn act(shop: &Shop, from: &str, verb: &str, rest: &str) -> Option<Result<(), String>> {
    let (by, what) = rest.split_once(": ").unwrap_or((rest, ""));
    let act = match verb {
        "takes-over" => Ok(HandlingAct::TakeOver { from: (!what.is_empty()).then(|| what.to_owned()) }),
        "replies" => Ok(HandlingAct::Reply { text: what.to_owned() }),
        "hands-back" | "hand-back" => Ok(HandlingAct::HandBack { word: None, tell: what != "quietly" }),
        "assigns" => Ok(HandlingAct::Assign { to: (what != "nobody").then(|| what.to_owned()) }),
        "snoozes" => time(what)
            .and_then(|local| shop.store.instant(local).ok_or_else(|| "there is no such time".to_owned()))
            .map(|until| HandlingAct::Snooze { until }),
        "closes" => CloseResult::from_name(what)
            .map(|result| HandlingAct::Close { result })
            .ok_or_else(|| format!("there is no result '{what}'")),
        "reopens" => Ok(HandlingAct::Reopen),
        _ => return None,
    };
    Some(act.and_then(|act| shop.act(from, by, &act).map(drop).map_err(|error| error.to_string())))
}
