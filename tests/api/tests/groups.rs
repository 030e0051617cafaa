//! What a group wants of all its stores.

use lanekeeper_api_tests::Deployment;
use lanekeeper_native::block_on;
use lanekeeper_storage::{Step, move_store};
use serde_json::json;

const ROWS: &str = "SELECT group_id, settings, revision FROM group_settings";

#[test]
fn a_group_wants_nothing_until_it_says_so_and_all_shards_hear_it() {
    let app = Deployment::new();
    let before = app.get("group");
    assert_eq!((before.status, before.etag()), (200, "\"0\""));
    assert_eq!(before.body, json!({"offer_sister_stores": false, "share_customers": false}));

    let wanted = json!({"offer_sister_stores": true, "share_customers": false});
    let put = app.call("PUT", "group", &[("if-match", before.etag())], &wanted);
    assert_eq!((put.status, put.etag(), &put.body), (200, "\"1\"", &wanted));
    assert_eq!(app.call("PUT", "group", &[("if-match", before.etag())], &json!({})).status, 412);
    assert_eq!((app.get("group").body, app.rows(ROWS).len()), (wanted, 2));

    let put = app.call("PUT", "group", &[], &json!({"share_customers": true}));
    assert_eq!((put.status, put.etag()), (200, "\"2\""), "what is left out is off");
    let rows = app.rows(ROWS);
    assert!(rows.len() == 2 && rows[0] == rows[1], "{rows:?}");
    assert_eq!(rows[0]["settings"], "{\"offer_sister_stores\":false,\"share_customers\":true}");
}

#[test]
fn wrong_settings_are_refused_with_the_field() {
    let app = Deployment::new();
    for (body, field) in [
        (json!({"share_customers": "yes"}), "share_customers"),
        (json!({"offer_sister_stores": null}), "offer_sister_stores"),
        (json!({"surprise": true}), "surprise"),
    ] {
        let answer = app.call("PUT", "group", &[], &body);
        assert_eq!((answer.status, answer.fields()), (422, vec![field]), "{body}");
    }
    assert!(app.rows(ROWS).is_empty());
}

#[test]
fn another_group_has_its_own() {
    let app = Deployment::new();
    app.call("PUT", "group", &[], &json!({"share_customers": true}));
    let theirs = app.send("GET", "/api/v1/group", &[("authorization", "Bearer other-key")], b"");
    assert_eq!((theirs.status, &theirs.body["share_customers"]), (200, &json!(false)));
}

/// A shard may have been added after the group said what it wants.
#[test]
fn a_store_that_moves_brings_its_groups_settings_along() {
    let app = Deployment::new();
    app.call("PUT", "group", &[], &json!({"share_customers": true}));
    let second = app.platform.shards.get(2).unwrap().database;
    second.script("DELETE FROM group_settings").unwrap();
    while block_on(move_store(&app.platform, "lakeside", 2, 9)).unwrap().step != Step::Done {}
    let rows = app.rows(ROWS);
    assert!(rows.len() == 2 && rows[0] == rows[1], "{rows:?}");
}
