//! Appointments that are booked, moved and called off at the desk, and what becomes of them when their time comes.

use crate::service::{booked, instant, lakeside, messages, open, rows, stands};
use lanekeeper_desk_tests::{Browser, Deployment};
use lanekeeper_native::block_on;
use std::future::poll_fn;
use std::task::Poll;

const A1: &str = "/desk/stores/lakeside/appointments/a1";

fn advisor(app: &Deployment) -> Browser<'_> {
    app.signed_in("advisor@demo.example")
}

fn at(local: &str) -> String {
    instant(local).timestamp_millis().to_string()
}

/// The fields of the form on a page that its reader does not see.
fn hidden(html: &str, name: &str) -> String {
    let field = html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    field.split('"').next().unwrap().to_owned()
}

#[test]
fn a_move_asks_first_and_tells_the_customer() {
    let app = open();
    booked(&app, "a1", "2026-11-24 09:00", 1, "ben");
    let mut browser = advisor(&app);
    let before = app.everything();
    let question = browser.get(&format!("{A1}/move?at={}&technician=rosa", at("2026-11-24 10:30")));
    let html = question.text();
    assert_eq!(question.status, 200);
    for shown in
        ["Move it here?", "10:30\u{a0}AM", "Rosa, Bay 1", "Ben, Bay 1", "+13125550123", "your appointment is moved"]
    {
        assert!(html.contains(shown), "{shown} is missing: {html}");
    }
    assert!(app.everything() == before, "a question changes nothing");
    let answer = browser.post(
        &format!("{A1}/move"),
        &[("at", &hidden(&html, "at")), ("technician", "rosa"), ("sequence", &hidden(&html, "sequence"))],
    );
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/desk/stores/lakeside/day?date=2026-11-24&said=moved"))
    );
    assert_eq!(stands(&app, "a1"), ("2026-11-24 10:30".to_owned(), "rosa".to_owned()));
    assert_eq!(messages(&app), ["moved", "reminder_24h", "reminder_2h"]);
    let log = &rows(&app, "SELECT account_id, action, subject FROM audit_log")[0];
    assert_eq!(
        (&log["account_id"], &log["action"], &log["subject"]),
        (&"advisor".into(), &"appointment.move".into(), &"a1".into())
    );
}

#[test]
fn who_does_the_work_is_no_news_for_the_customer() {
    let app = open();
    booked(&app, "a1", "2026-11-24 09:00", 1, "ben");
    let mut browser = advisor(&app);
    let nine = at("2026-11-24 09:00");
    let html = browser.get(&format!("{A1}/move?at={nine}&technician=sam")).text();
    assert!(html.contains("The time stays as it is"), "{html}");
    assert_eq!(
        browser.post(&format!("{A1}/move"), &[("at", &nine), ("technician", "sam"), ("sequence", "0")]).status,
        303
    );
    assert_eq!(stands(&app, "a1").1, "sam");
    assert_eq!(messages(&app), ["reminder_24h", "reminder_2h"]);
}

#[test]
fn what_does_not_fit_says_why_and_what_would() {
    let app = open();
    booked(&app, "a1", "2026-11-24 09:00", 1, "ben");
    booked(&app, "a2", "2026-11-24 10:30", 2, "rosa");
    let mut browser = advisor(&app);
    let before = app.everything();
    let refused = |browser: &mut Browser, local: &str, pin: &str| {
        let page = browser.get(&format!("{A1}/move?at={}{pin}", at(local)));
        assert_eq!(page.status, 409, "{local}");
        page.text()
    };
    let busy = refused(&mut browser, "2026-11-24 10:30", "&technician=rosa");
    assert!(busy.contains("Rosa has other work then.") && busy.contains("These come nearest"), "{busy}");
    assert!(busy.contains("could be done by: Ben") || busy.contains("could be done by: Sam"), "{busy}");
    assert!(refused(&mut browser, "2026-11-24 10:30", "&bay=2").contains("Bay 2 is taken."));
    assert!(refused(&mut browser, "2026-11-24 17:30", "").contains("would not be done when the store closes at 6:00"));
    assert!(refused(&mut browser, "2026-11-26 09:00", "").contains("The store is closed that day."));
    assert!(refused(&mut browser, "2026-11-20 09:00", "").contains("That is over."));
    // The same where somebody sends the form nevertheless.
    let form = [("at", at("2026-11-24 10:30")), ("technician", "rosa".to_owned()), ("sequence", "0".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.post(&format!("{A1}/move"), &form);
    assert_eq!(answer.status, 409);
    assert!(answer.text().contains("Rosa has other work then."));
    assert!(app.everything() == before, "nothing was changed");
    // In a dialog the same is a piece of a page, which htmx shows.
    browser.headers.push(("hx-request".to_owned(), "true".to_owned()));
    let piece = browser.get(&format!("{A1}/move?at={}&technician=rosa", at("2026-11-24 10:30")));
    assert_eq!(piece.status, 200);
    assert!(!piece.text().contains("<html"));
}

#[test]
fn a_limit_of_the_day_holds_for_moves_too() {
    let app = open();
    lakeside(&app)
        .script("UPDATE stores SET profile = json_set(profile, '$.booking.per_day', 1) WHERE id = 'lakeside'")
        .unwrap();
    booked(&app, "a1", "2026-11-24 09:00", 1, "ben");
    booked(&app, "a2", "2026-11-25 09:00", 1, "ben");
    let mut browser = advisor(&app);
    let page = browser.get(&format!("{A1}/move?at={}", at("2026-11-25 11:00")));
    assert_eq!(page.status, 409);
    assert!(page.text().contains("as many appointments as it may have"), "{}", page.text());
}

#[test]
fn of_two_who_move_it_at_once_one_is_told() {
    let app = open();
    booked(&app, "a1", "2026-11-24 09:00", 1, "ben");
    let (maya, grace) = (advisor(&app), app.signed_in("owner@demo.example"));
    let to = |local: &str| [("at", at(local)), ("sequence", "0".to_owned())];
    let form = |browser: &Browser, local: &str| {
        let fields = to(local);
        browser.form(&format!("{A1}/move"), &fields.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    let requests = [form(&maya, "2026-11-24 10:00"), form(&grace, "2026-11-24 11:00")];
    let mut both: Vec<_> =
        requests.iter().map(|request| Box::pin(lanekeeper_desk::handle(&app.platform, request))).collect();
    let mut answers = vec![None, None];
    block_on(poll_fn(|context| {
        for (future, answer) in both.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *answer = Some(ready);
            }
        }
        if answers.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    }));
    let mut statuses: Vec<u16> = answers.iter().flatten().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let told = answers.into_iter().flatten().find(|answer| answer.status == 409).unwrap();
    assert!(String::from_utf8(told.body).unwrap().contains("Somebody changed this appointment meanwhile."));
    assert_eq!(messages(&app).iter().filter(|kind| *kind == "moved").count(), 1);
}

#[test]
fn who_comes_gets_a_repair_order_once() {
    let app = open();
    booked(&app, "a1", "2026-11-20 10:00", 1, "ben");
    let mut browser = advisor(&app);
    let first = browser.post(&format!("{A1}/arrive"), &[]);
    let order = rows(&app, "SELECT id, stage, advisor FROM repair_orders WHERE appointment_id = 'a1'").remove(0);
    let address = format!("/desk/stores/lakeside/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(first.header("location"), Some(format!("{address}?said=arrived").as_str()));
    assert_eq!((&order["stage"], &order["advisor"]), (&"vehicle_received".into(), &"maya".into()));
    assert_eq!(browser.post(&format!("{A1}/arrive"), &[]).header("location"), Some(address.as_str()));
    assert_eq!(rows(&app, "SELECT id FROM repair_orders WHERE appointment_id = 'a1'").len(), 1);
    let lines = rows(&app, "SELECT name, labor, complaint FROM operations");
    assert_eq!(
        (lines.len(), &lines[0]["labor"], &lines[0]["complaint"]),
        (1, &7995.into(), &"it <b>squeaks</b>".into())
    );
    assert_eq!(browser.get(&format!("{A1}/move")).status, 409, "the car is here");
    assert_eq!(browser.post(&format!("{A1}/cancel"), &[("sequence", "0")]).status, 409);
    assert!(browser.get(A1).text().contains("Repair order 1001"));
}

#[test]
fn a_no_show_is_noted_and_can_be_taken_back() {
    let app = open();
    booked(&app, "a1", "2026-11-20 10:00", 1, "ben");
    booked(&app, "a2", "2026-11-24 10:00", 1, "ben");
    let mut browser = advisor(&app);
    assert_eq!(browser.post("/desk/stores/lakeside/appointments/a2/no-show", &[]).status, 409, "it is still to come");
    assert_eq!(browser.post(&format!("{A1}/expect"), &[]).status, 409, "nothing to take back");
    assert_eq!(browser.post(&format!("{A1}/no-show"), &[]).status, 303);
    assert_eq!(messages(&app), ["no_show"]);
    assert!(browser.get(A1).text().contains("Undo no-show"));
    assert_eq!(browser.post(&format!("{A1}/expect"), &[]).status, 303);
    assert!(messages(&app).is_empty());
    assert!(rows(&app, "SELECT no_show_at FROM appointments WHERE id = 'a1'")[0]["no_show_at"].is_null());
}

#[test]
fn calling_off_asks_and_gives_the_place_up() {
    let app = open();
    booked(&app, "a1", "2026-11-24 09:00", 1, "ben");
    let mut browser = advisor(&app);
    let html = browser.get(&format!("{A1}/cancel")).text();
    assert!(html.contains("Call this appointment off?") && html.contains("+13125550123"), "{html}");
    assert_eq!(browser.post(&format!("{A1}/cancel"), &[("sequence", "7")]).status, 409, "it was changed since");
    assert_eq!(browser.post(&format!("{A1}/cancel"), &[("sequence", "0")]).status, 303);
    assert_eq!(messages(&app), ["cancelled"]);
    assert!(rows(&app, "SELECT * FROM claims").is_empty());
    assert!(browser.get(A1).text().contains("Called off"));
    assert_eq!(browser.post(&format!("{A1}/arrive"), &[]).status, 409);
}

const BOOK: &str = "/desk/stores/lakeside/book";

#[test]
fn a_customer_is_found_and_booked_for_once() {
    let app = open();
    let mut browser = advisor(&app);
    let found = browser.get(&format!("{BOOK}?q=dana&conversation=k1")).text();
    assert!(found.contains(&format!("{BOOK}?customer=dana&amp;conversation=k1")) && found.contains("2019 Honda CR-V"));
    assert!(browser.get(&format!("{BOOK}?q=(312)+555-0123")).text().contains("customer=dana"));
    assert!(browser.get(&format!("{BOOK}?q=nobody")).text().contains("Nobody like that yet"));
    let what = browser.get(&format!("{BOOK}?customer=dana")).text();
    assert!(what.contains("value=\"oil-change\"") && what.contains("value=\"crv\" checked"));
    let query = "customer=dana&service=oil-change&service=tire-rotation&vehicle=crv&transport=loaner&advisor=luis";
    let times = browser.get(&format!("{BOOK}?{query}&day=2026-11-24")).text();
    assert!(
        times.contains("Tuesday, November 24") && times.contains(&format!("at={}", at("2026-11-24 09:00"))),
        "{times}"
    );
    let confirm = browser.get(&format!("{BOOK}?{query}&at={}", at("2026-11-24 09:00"))).text();
    assert!(confirm.contains("Luis") && confirm.contains("+13125550123") && confirm.contains("Loaner"), "{confirm}");
    let (key, nine) = (hidden(&confirm, "key"), at("2026-11-24 09:00"));
    let fields = [
        ("key", key.as_str()),
        ("at", nine.as_str()),
        ("customer", "dana"),
        ("service", "oil-change"),
        ("service", "tire-rotation"),
        ("vehicle", "crv"),
        ("transport", "loaner"),
        ("advisor", "luis"),
    ];
    let first = browser.post(BOOK, &fields);
    assert_eq!(first.header("location"), Some("/desk/stores/lakeside/day?date=2026-11-24&said=booked"));
    let again = browser.post(BOOK, &fields);
    assert_eq!((again.status, again.header("location")), (303, first.header("location")));
    let appointments =
        rows(&app, "SELECT advisor, transport, vehicle_id FROM appointments WHERE store_id = 'lakeside'");
    assert_eq!(appointments.len(), 1, "sent twice, booked once");
    assert_eq!((&appointments[0]["advisor"], &appointments[0]["vehicle_id"]), (&"luis".into(), &"crv".into()));
    assert_eq!(messages(&app), ["booked", "reminder_24h", "reminder_2h"]);
    assert_eq!(rows(&app, "SELECT action FROM audit_log")[0]["action"], "appointment.book");
}

#[test]
fn a_time_that_was_taken_meanwhile_is_refused_with_others() {
    let app = open();
    let mut browser = advisor(&app);
    let nine = at("2026-11-24 09:00");
    let fields = [("key", "k1"), ("at", nine.as_str()), ("customer", "dana"), ("service", "alignment")];
    assert_eq!(browser.post(BOOK, &fields).status, 303);
    let refused =
        browser.post(BOOK, &[("key", "k2"), ("at", nine.as_str()), ("customer", "dana"), ("service", "alignment")]);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("All bays that would do are taken.") && refused.text().contains("10:00"));
    for (field, value) in [("service", "no-such"), ("advisor", "nobody"), ("transport", "pick_up")] {
        let fields = [("key", "k3"), ("at", nine.as_str()), ("customer", "dana"), (field, value)];
        assert_eq!(browser.post(BOOK, &fields).status, 422, "{field}");
    }
    assert_eq!(browser.get(&format!("{BOOK}?customer=customer-hubin")).status, 404);
}

#[test]
fn somebody_new_is_entered_and_somebody_known_is_not_entered_twice() {
    let app = open();
    let mut browser = advisor(&app);
    let enter = |browser: &mut Browser, name: &str, phone: &str| {
        let answer = browser
            .post("/desk/stores/lakeside/customers", &[("name", name), ("phone", phone), ("conversation", "k1")]);
        (answer.status, answer.header("location").unwrap_or_default().to_owned())
    };
    let (status, location) = enter(&mut browser, "Omar", "312 555 0177");
    assert_eq!(status, 303);
    assert!(location.starts_with(&format!("{BOOK}?customer=")) && location.ends_with("&conversation=k1"), "{location}");
    assert!(browser.get(&location).text().contains("Omar"));
    assert_eq!(enter(&mut browser, "Somebody", "(312) 555-0123").1, format!("{BOOK}?customer=dana&conversation=k1"));
    assert_eq!(enter(&mut browser, "Nobody", "call me").0, 422);
    let car = "customer=dana&service=oil-change&vehicle=new&year=2021&make=Ford&model=F-150";
    let confirm = browser.get(&format!("{BOOK}?{car}&at={}", at("2026-11-24 09:00"))).text();
    assert!(confirm.contains("2021 Ford F-150"), "{confirm}");
}
