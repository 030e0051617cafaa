//! A turn costs two batches, and a third where openings must be found.

use lanekeeper_conversations::{Shop, Turn, record};
use lanekeeper_domain::group::GroupSettings;
use lanekeeper_native::block_on;
use lanekeeper_storage::replace_group_settings;

/// How many batches each turn took, and how many of them looked for what is booked.
fn costs(turns: &[Turn]) -> Vec<(usize, usize)> {
    let looks = |turn: &Turn| {
        let sqls = turn.batches.iter().flatten().map(|(sql, _)| sql);
        sqls.filter(|sql| sql.contains("AS booked FROM (")).count()
    };
    turns.iter().map(|turn| (turn.batches.len(), looks(turn))).collect()
}

#[test]
fn turns_take_two_batches_and_three_with_openings() {
    let [books, asks] = <[Vec<Turn>; 2]>::try_from(record()).unwrap();
    let (plain, with_openings) = ((2, 0), (3, 1));
    assert_eq!(costs(&books), [with_openings, plain, with_openings, plain, plain, plain]);
    assert_eq!(costs(&asks), [plain; 3]);
}

#[test]
fn what_differs_between_customers_is_marked() {
    let recording = serde_json::to_string(&record()).unwrap();
    for kind in ["peer", "message", "id", "now", "start", "claims"] {
        assert!(recording.contains(&format!("{{\"{kind}\":")), "{kind}");
    }
    for fixed in ["\"+1312555010", "\"SM0000"] {
        assert!(!recording.contains(fixed), "{fixed} would be the same for every customer");
    }
}

#[test]
fn sister_stores_are_looked_at_in_the_same_batch() {
    let friday = "2026-11-20T10:00:00".parse().unwrap();
    let shop = Shop::open("lakeside", friday);
    let settings = GroupSettings { offer_sister_stores: true, share_customers: true };
    block_on(replace_group_settings(&shop.platform, &shop.store.group, &settings, None)).unwrap();
    shop.say("+13125550101", &["hello"]);
    let batches = shop.batches_of("+13125550102", "can I bring it in tuesday for an oil change?");
    let statements: Vec<usize> = batches.iter().map(Vec::len).take(2).collect();
    assert_eq!((batches.len(), statements), (3, vec![1, 2]), "the load of the turn; the load of openings; the commit");
}
