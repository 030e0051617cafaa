//! The pages of a day and of a week.

use crate::service::{booked, open};

#[test]
fn a_day_shows_who_does_what_when_and_what_is_left() {
    let app = open();
    booked(&app, "a1", "2026-11-24 09:00", 1, "ben");
    let mut browser = app.signed_in("advisor@demo.example");
    let before = app.batches();
    let page = browser.get("/desk/stores/lakeside/day?date=2026-11-24");
    assert_eq!((page.status, app.batches() - before), (200, 2), "the session's batch and the day's");
    let html = page.text();
    for shown in [
        "Tuesday, November 24",
        "9:00\u{a0}AM",
        "Dana &lt;Whitfield&gt;",
        "Oil change · 2019 Honda CR-V",
        "data-place=\"technician=rosa\"",
        "data-move=\"/desk/stores/lakeside/appointments/a1/move\"",
        "Waiting customers 0 of 8",
        "Bay 1",
        "1/2",
    ] {
        assert!(html.contains(shown), "{shown} is missing:\n{html}");
    }
    assert!(!html.contains("style=\"") && !html.contains("<b>squeaks"));
    assert!(html.len() < 60_000, "{} bytes", html.len());
    let bays = browser.get("/desk/stores/lakeside/day?date=2026-11-24&by=bay").text();
    assert!(bays.contains("data-place=\"bay=3\"") && bays.contains("Bay 3 · Alignment rack") && bays.contains("Ben"));
    let week = browser.get("/desk/stores/lakeside/week?date=2026-11-27").text();
    assert!(
        week.contains("Monday, November 23") && week.contains("data-day=\"2026-11-24\"") && week.contains("Oil change")
    );
}

#[test]
fn who_may_only_look_gets_nothing_to_drag() {
    let app = open();
    booked(&app, "a1", "2026-11-24 09:00", 1, "ben");
    app.put_account("viewer", "Vic", "demo", &[(Some("lakeside"), lanekeeper_domain::staff::Role::Viewer)]);
    let mut browser = app.signed_in("viewer@demo.example");
    for page in ["day", "week"] {
        let html = browser.get(&format!("/desk/stores/lakeside/{page}?date=2026-11-24")).text();
        assert!(html.contains("Oil change") && !html.contains("data-move"), "{page}");
    }
    assert_eq!(browser.get("/desk/stores/hubin/day").status, 404, "a store of others does not exist");
    assert_eq!(browser.get("/desk/stores/elsewhere/day").status, 404);
}

#[test]
fn the_section_leads_to_a_store_and_nonsense_to_today() {
    let app = open();
    let mut browser = app.signed_in("advisor@demo.example");
    assert_eq!(browser.get("/desk/day?store=hubin").header("location"), Some("/desk/stores/hubin/day"));
    assert_eq!(browser.get("/desk/day?store=lakeside").header("location"), Some("/desk/stores/lakeside/day"));
    assert_eq!(browser.get("/desk/day").status, 303);
    for date in ["", "tomorrow", "9999-12-31", "-262143-01-01"] {
        let page = browser.get(&format!("/desk/stores/lakeside/day?date={date}&said=moved"));
        assert_eq!(page.status, 200, "{date}");
        assert!(page.text().contains("Moved."));
    }
}
