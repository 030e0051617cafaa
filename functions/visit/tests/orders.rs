//! The pages of a repair order, through the whole app.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are outside what clippy knows as tests

mod support;

use chrono::NaiveDate;
use lanekeeper_conversations::{RepairOrder, Shop, workshop};
use lanekeeper_domain::understanding::VehicleMention;
use lanekeeper_platform::Statement;
use support::{DANA, ORIGIN, everything, form, get, header, send, shop};

/// A shop with Dana's car in it, and two more things that she has been asked about. The path of the link that was texted.
fn asked() -> (Shop, String) {
    let shop = shop("lakeside");
    let car = VehicleMention {
        year: Some(2019),
        make: Some("Honda".into()),
        model: Some("CR-V".into()),
        ..VehicleMention::default()
    };
    let order = RepairOrder {
        number: "1042".to_owned(),
        stage: "work_in_progress".to_owned(),
        car,
        promised: NaiveDate::from_ymd_opt(2026, 11, 20).and_then(|date| date.and_hms_opt(16, 0, 0)),
        agreed: vec![("Oil change".to_owned(), 7995)],
        ..RepairOrder::default()
    };
    shop.open_repair_order(DANA, &order);
    for what in ["adds Front brake pads 233.95", "adds Wiper blades 24.95", "asks"] {
        workshop(&shop, "1042", what).unwrap();
    }
    let sent = shop.rows(Statement::new("SELECT text FROM outbox WHERE kind = 'added_work'"));
    let text = sent[0]["text"].as_str().unwrap();
    let (_, link) = text.rsplit_once(ORIGIN).expect("a link");
    let link = link.to_owned();
    (shop, link)
}

/// What is on record of the customer's word: the line, yes or no, the amount, how it was given.
fn recorded(shop: &Shop) -> Vec<(String, i64, i64, String)> {
    let select = "SELECT p.name, a.authorized, a.amount, a.method FROM authorizations a JOIN operations p ON p.id = a.operation_id \
      WHERE a.method = 'sms_text_link' ORDER BY p.position";
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &serde_json::Value| value.as_i64().unwrap();
    let rows = shop.rows(Statement::new(select));
    rows.iter()
        .map(|row| (text(&row["name"]), number(&row["authorized"]), number(&row["amount"]), text(&row["method"])))
        .collect()
}

#[test]
fn shows_what_is_asked_and_what_it_comes_to() {
    let (shop, link) = asked();
    assert!(link.starts_with("/o/"), "{link}");
    let before = everything(&shop);
    let (status, html) = get(&shop, &link);
    assert_eq!(status, 200, "{html}");
    for shown in ["Repair order 1042", "2019 Honda CR-V", "Front brake pads", "Wiper blades", "Oil change"] {
        assert!(html.contains(shown), "{shown} is missing:\n{html}");
    }
    assert!(!html.contains("3125550123"));
    let (_, review) = get(&shop, &format!("{link}/answer?line.1042-2=yes&line.1042-3=no"));
    assert!(review.contains("Is that right?") && review.contains("method=\"post\""), "{review}");
    assert_eq!(everything(&shop), before, "looking changes nothing");
}

#[test]
fn records_the_answers_line_by_line() {
    let (shop, link) = asked();
    let confirm = form(&shop, &format!("{link}/answer?line.1042-2=yes&line.1042-3=no"));
    let done = send(&shop, confirm.clone());
    assert_eq!(done.status, 303, "{}", String::from_utf8_lossy(&done.body));
    let said = recorded(&shop);
    let words: Vec<(&str, i64)> = said.iter().map(|(name, yes, ..)| (name.as_str(), *yes)).collect();
    assert_eq!(words, [("Front brake pads", 1), ("Wiper blades", 0)]);
    assert!(said[0].2 >= 23_395, "the amount that was shown, tax included");
    let back = format!("/o/{}", header(&done, "location").strip_prefix("../").unwrap());
    let (_, html) = get(&shop, &back);
    assert!(html.contains("your answer is on record") && !html.contains("type=\"radio\""), "{html}");

    assert_eq!(send(&shop, confirm).status, 409, "once");
    assert_eq!(recorded(&shop).len(), 2);
}

#[test]
fn the_total_that_is_confirmed_is_the_one_that_is_recorded() {
    let (shop, link) = asked();
    let review = format!("{link}/answer?line.1042-2=yes&line.1042-3=no");
    let (_, html) = get(&shop, &review);
    send(&shop, form(&shop, &review));
    let rows = shop.rows(Statement::new("SELECT order_total FROM authorizations WHERE method = 'sms_text_link'"));
    let total = rows[0]["order_total"].as_i64().unwrap();
    let shown = format!("Confirm: ${}.{:02} in all", total / 100, total % 100);
    assert!(html.contains(&shown), "{shown} is missing:\n{html}");
}

#[test]
fn a_price_that_was_raised_meanwhile_is_shown_before_anything_is_recorded() {
    let (shop, link) = asked();
    let confirm = form(&shop, &format!("{link}/answer?line.1042-2=yes&line.1042-3=yes"));
    workshop(&shop, "1042", "prices Front brake pads 300").unwrap();
    let answer = send(&shop, confirm);
    let html = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 409, "{html}");
    assert!(html.contains("was changed in the meantime"), "{html}");
    assert_eq!(recorded(&shop), []);
}

#[test]
fn some_lines_may_wait() {
    let (shop, link) = asked();
    assert_eq!(send(&shop, form(&shop, &format!("{link}/answer?line.1042-3=yes"))).status, 303);
    assert_eq!(recorded(&shop).len(), 1);
    let (_, html) = get(&shop, &link);
    assert!(html.contains("line.1042-2") && !html.contains("line.1042-3"), "{html}");
}

#[test]
fn what_does_not_come_from_our_page_is_refused() {
    let (shop, link) = asked();
    let good = form(&shop, &format!("{link}/answer?line.1042-2=yes"));
    let mut forged = good.clone();
    forged.body = b"state=9&proof=AAAAAAAAAAAAAAAAAAAAAA&line.1042-2=yes".to_vec();
    assert_eq!(send(&shop, forged).status, 403);
    let mut elsewhere = good;
    elsewhere.headers.push(("sec-fetch-site".into(), "cross-site".into()));
    assert_eq!(send(&shop, elsewhere).status, 403);
    assert_eq!(get(&shop, &link.replacen("/o/", "/a/", 1)).0, 404, "one kind is not the other");
    // Lines that are not asked about are not answered.
    let (_, html) = get(&shop, &format!("{link}/answer?line.1042-1=no&line.nothing=yes&line.1042-2=maybe"));
    assert!(!html.contains("method=\"post\""), "{html}");
    assert_eq!(recorded(&shop), []);
}
