//! The four stores: the demo's profiles in other time zones, each with limits of its own.

use lanekeeper_domain::Store;
use lanekeeper_zones::{America, Asia, Europe, Tz};
use serde_json::{Value, json};

/// A store and the shard that it lives on.
pub struct Place {
    pub store: Store,
    pub profile: String,
    pub shard: u32,
    pub line: String,
    pub number: String,
    /// How its customers' numbers begin, and the zone of those numbers.
    pub prefix: &'static str,
    pub zone: Tz,
}

pub fn places() -> Vec<Place> {
    let lakeside = include_str!("../../demo/stores/lakeside.json");
    let hubin = include_str!("../../demo/stores/hubin.json");
    let charges = json!({"fee_rate": 450, "fee_cap": 3500, "parts_tax": 825});
    vec![
        place(lakeside, (1, 6), ("+1312", America::Chicago), &json!({"booking.per_day": 40, "charges": charges})),
        place(
            lakeside,
            (2, 7),
            ("+1213", America::Los_Angeles),
            &json!({
                "id": "pacific", "name": "Pacific Motors", "time_zone": "America/Los_Angeles", "booking.per_day": 12,
                "transport.ask": true, "transport.loaner.fleet": 1, "charges": charges,
            }),
        ),
        place(
            lakeside,
            (1, 8),
            ("+4915", Europe::Berlin),
            &json!({
                "id": "berlin", "name": "Spree Motors", "time_zone": "Europe/Berlin", "currency": "EUR",
                "advisors": [{"id": "maya", "name": "Maya"}],
            }),
        ),
        place(hubin, (2, 9), ("+86138", Asia::Shanghai), &json!({"booking.per_day": 25})),
    ]
}

fn place(profile: &str, (shard, digit): (u32, u32), (prefix, zone): (&'static str, Tz), changes: &Value) -> Place {
    let mut profile: Value = serde_json::from_str(profile).unwrap();
    for (path, value) in changes.as_object().unwrap() {
        let place = path.split('.').fold(&mut profile, |place, part| &mut place[part]);
        place.clone_from(value);
    }
    let profile = profile.to_string();
    let store: Store = serde_json::from_str(&profile).unwrap();
    assert_eq!(store.problem(), None);
    let line = format!("{}-sms", store.id);
    Place { store, profile, shard, line, number: format!("+1500555000{digit}"), prefix, zone }
}
