//! Until when a conversation can be put out of sight with one click.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use lanekeeper_domain::Store;

/// When a store that is closed on a day is thought to begin, in minutes.
const USUAL_OPENING: u32 = 8 * 60;

/// The choices: their keys, and until when on the store's clocks.
pub fn presets(store: &Store, now: DateTime<Utc>) -> Vec<(&'static str, DateTime<Utc>)> {
    let today = store.local(now).date();
    let tomorrow = today.checked_add_days(Days::new(1));
    let days = u64::from(7 - today.weekday().days_since(Weekday::Mon));
    let monday = today.checked_add_days(Days::new(days)).filter(|monday| Some(*monday) != tomorrow);
    let mut choices = vec![("hour", now + TimeDelta::hours(1)), ("later", now + TimeDelta::hours(3))];
    choices.extend(tomorrow.and_then(|date| opening(store, date)).map(|until| ("tomorrow", until)));
    choices.extend(monday.and_then(|date| opening(store, date)).map(|until| ("monday", until)));
    choices
}

/// When the store opens on that date.
fn opening(store: &Store, date: NaiveDate) -> Option<DateTime<Utc>> {
    let minutes = store.hours.on(date).first().map_or(USUAL_OPENING, |span| span.opens);
    store.instant(date.and_time(NaiveTime::MIN) + Duration::minutes(minutes.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tomorrow_begins_when_the_store_opens() {
        let store: Store = serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap();
        let choices = |now: &str| -> Vec<String> {
            presets(&store, now.parse().unwrap())
                .into_iter()
                .map(|(key, until)| format!("{key} {}", store.local(until).format("%a %H:%M")))
                .collect()
        };
        // A Friday, ten in the morning in Chicago.
        let friday = choices("2026-11-20T16:00:00Z");
        assert_eq!(friday[..2], ["hour Fri 11:00", "later Fri 13:00"]);
        assert!(friday[2].starts_with("tomorrow Sat ") && friday[3].starts_with("monday Mon "), "{friday:?}");
        assert_eq!(choices("2026-11-22T16:00:00Z").len(), 3, "on a Sunday, tomorrow is Monday");
    }
}
