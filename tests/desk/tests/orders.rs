//! Repair orders at the desk: the board, the page of one, and the added work that waits.

use crate::service::{lakeside, messages, open, rows};
use chrono::TimeDelta;
use lanekeeper_desk_tests::{Browser, Deployment};

const ORDER: &str = "/desk/stores/lakeside/orders/order-lakeside";

fn advisor(app: &Deployment) -> Browser<'_> {
    app.signed_in("advisor@demo.example")
}

fn version(app: &Deployment) -> String {
    rows(app, "SELECT version FROM repair_orders WHERE id = 'order-lakeside'")[0]["version"].to_string()
}

/// Sends a form about the order as it stands.
fn act(app: &Deployment, browser: &mut Browser, step: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let version = version(app);
    let fields: Vec<(&str, &str)> =
        std::iter::once(("version", version.as_str())).chain(fields.iter().copied()).collect();
    let answer = browser.post(&format!("{ORDER}/{step}"), &fields);
    let what = answer.header("location").map_or_else(|| answer.text(), str::to_owned);
    (answer.status, what)
}

fn line(app: &Deployment) -> String {
    rows(app, "SELECT id FROM operations WHERE store_id = 'lakeside' ORDER BY position")[0]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The order with brakes for 249.00 and pads for two times 49.99.
fn with_brakes(app: &Deployment, browser: &mut Browser) {
    let fields = [
        ("service", ""),
        ("name", "Front brakes"),
        ("labor", "249"),
        ("cause", "worn <pads>"),
        ("part_name", "Pads"),
        ("part_number", "45022"),
        ("part_quantity", "2"),
        ("part_price", "49.99"),
        ("part_name", ""),
        ("part_number", ""),
        ("part_quantity", ""),
        ("part_price", ""),
    ];
    assert_eq!(act(app, browser, "lines", &fields).0, 303);
}

#[test]
fn the_board_shows_what_is_under_way_and_moves_it() {
    let app = open();
    let mut browser = advisor(&app);
    let before = app.batches();
    let html = browser.get("/desk/stores/lakeside/orders").text();
    assert_eq!(app.batches() - before, 2, "the session's batch and the board's");
    assert!(
        html.contains(
            "data-stages=\"evaluation proposal_build awaiting_customer_authorization parts_ordered detailing"
        )
    );
    assert!(html.contains("&lt;script&gt;secret-of-lakeside") && !html.contains("<script>secret"));
    let moved = act(&app, &mut browser, "stage", &[("stage", "quality_assurance"), ("back", "board")]);
    assert_eq!(moved, (303, "/desk/stores/lakeside/orders?said=saved".to_owned()));
    let (status, refused) = act(&app, &mut browser, "stage", &[("stage", "closed"), ("back", "board")]);
    assert_eq!(status, 409);
    assert!(refused.contains("“Closed” cannot follow “Final check”."), "{refused}");
    assert!(refused.contains("class=\"board\""), "the board, as it stands");
    assert_eq!(version(&app), "1");
}

#[test]
fn who_comes_second_is_told_who_was_first() {
    let app = open();
    let (mut maya, mut grace) = (advisor(&app), app.signed_in("owner@demo.example"));
    assert_eq!(grace.post(&format!("{ORDER}/note"), &[("version", "0"), ("note", "squeaks")]).status, 303);
    let before = app.everything();
    let answer = maya.post(&format!("{ORDER}/stage"), &[("version", "0"), ("stage", "completed")]);
    assert_eq!(answer.status, 409);
    assert!(answer.text().contains("Grace Lin changed order 1 at 10:00"), "{}", answer.text());
    assert!(answer.text().contains("squeaks"), "as it is now");
    assert!(app.everything() == before);
}

#[test]
fn added_work_is_put_to_the_customer_and_their_word_recorded() {
    let app = open();
    let mut browser = advisor(&app);
    with_brakes(&app, &mut browser);
    let html = browser.get(ORDER).text();
    assert!(html.contains("$348.98") && html.contains("worn &lt;pads&gt;") && html.contains("2 × Pads"), "{html}");
    assert!(messages(&app).is_empty(), "a draft is nobody's business");
    assert_eq!(act(&app, &mut browser, "propose", &[]), (303, format!("{ORDER}?said=asked")));
    assert_eq!(messages(&app), ["added_work"]);
    let waiting = browser.get("/desk/stores/lakeside/waiting").text();
    assert!(
        waiting.contains("Front brakes") && waiting.contains("waits 0 min") && waiting.contains("tel:+1500lakeside")
    );
    // Work does not start without the customer's word.
    let id = line(&app);
    let start = [
        ("name", "Front brakes"),
        ("labor", "249"),
        ("progress", "in_progress"),
        ("part_name", "Pads"),
        ("part_number", "45022"),
        ("part_quantity", "2"),
        ("part_price", "49.99"),
    ];
    let (status, refused) = act(&app, &mut browser, &format!("lines/{id}"), &start);
    assert_eq!(status, 409);
    assert!(refused.contains("has not agreed to “Front brakes”"), "{refused}");
    let (yes, amount) = (format!("line.{id}"), format!("amount.{id}"));
    let (status, refused) = act(&app, &mut browser, "decide", &[(&yes, "yes"), (&amount, "100")]);
    assert_eq!(status, 409);
    assert!(refused.contains("costs $348.98 now, not $1"), "{refused}");
    assert_eq!(act(&app, &mut browser, "decide", &[(&amount, "34898")]).0, 409, "no answer is none");
    let decided = act(&app, &mut browser, "decide", &[(&yes, "yes"), (&amount, "34898"), ("method", "verbal_phone")]);
    assert_eq!(decided, (303, format!("{ORDER}?said=recorded")));
    assert_eq!(messages(&app), ["authorization"]);
    assert_eq!(act(&app, &mut browser, &format!("lines/{id}"), &start).0, 303);
    let html = browser.get(ORDER).text();
    assert!(
        html.contains("Answered (on the phone): yes to Front brakes $348.98") && html.contains("Maya Torres"),
        "{html}"
    );
    assert!(browser.get("/desk/stores/lakeside/waiting").text().contains("Nobody owes an answer"));
    let log: Vec<String> =
        rows(&app, "SELECT action FROM audit_log ORDER BY id").iter().map(|row| row["action"].to_string()).collect();
    assert_eq!(log.len(), 4, "{log:?}");
}

#[test]
fn the_customer_is_asked_again_once() {
    let app = open();
    let mut browser = advisor(&app);
    with_brakes(&app, &mut browser);
    assert_eq!(act(&app, &mut browser, "remind", &[]).0, 409, "nothing was asked");
    act(&app, &mut browser, "propose", &[]);
    app.platform.clock.advance(TimeDelta::minutes(75));
    assert!(browser.get("/desk/stores/lakeside/waiting").text().contains("waits 1 h"));
    let asked = act(&app, &mut browser, "remind", &[("back", "waiting")]);
    assert_eq!(asked, (303, "/desk/stores/lakeside/waiting?said=asked".to_owned()));
    let (status, refused) = act(&app, &mut browser, "remind", &[]);
    assert_eq!(status, 409);
    assert!(refused.contains("asked again already"), "{refused}");
    assert!(browser.get("/desk/stores/lakeside/waiting").text().contains("Reminded"));
}

#[test]
fn details_change_only_where_they_were_changed() {
    let app = open();
    let mut browser = advisor(&app);
    let fields = [
        ("promised_at", "2026-11-20T17:00"),
        ("waiting_for", "a lift"),
        ("mileage_in", "42,000"),
        ("technician", "ben"),
    ];
    assert_eq!(act(&app, &mut browser, "edit", &fields).0, 303);
    assert_eq!(messages(&app), ["promised_time"]);
    lakeside(&app).script("DELETE FROM outbox").unwrap();
    let fields = [
        ("promised_at", "2026-11-20T17:00"),
        ("waiting_for", "a lift"),
        ("mileage_in", "42000"),
        ("technician", "rosa"),
    ];
    assert_eq!(act(&app, &mut browser, "edit", &fields).0, 303);
    assert!(messages(&app).is_empty(), "the promise is as it was");
    let order = rows(&app, "SELECT mileage_in, technician, waiting_for FROM repair_orders WHERE id = 'order-lakeside'")
        .remove(0);
    assert_eq!((&order["mileage_in"], &order["technician"]), (&42000.into(), &"rosa".into()));
    let before = app.everything();
    for (wrong, said) in [
        (("promised_at", "soon"), "Promised for"),
        (("mileage_in", "far"), "Odometer on arrival"),
        (("vin", "nonsense"), "VIN"),
    ] {
        let (status, html) = act(&app, &mut browser, "edit", &[wrong]);
        assert_eq!(status, 409);
        assert!(html.contains(&format!("{said}: This value is not possible.")), "{said}");
    }
    assert_eq!(act(&app, &mut browser, "lines", &[("name", "Brakes"), ("labor", "1.234")]).0, 409);
    assert!(app.everything() == before, "nothing was changed");
    assert_eq!(browser.get("/desk/stores/lakeside/orders/order-elsewhere").status, 404);
}
