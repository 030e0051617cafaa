//! The pages of an appointment, through the whole app.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are outside what clippy knows as tests

mod support;

use lanekeeper_conversations::Shop;
use lanekeeper_domain::openings::Opening;
use lanekeeper_native::block_on;
use lanekeeper_platform::{Database, Request, Response, Statement};
use lanekeeper_storage::Revised;
use std::future::poll_fn;
use std::task::Poll;
use support::{DANA, ORIGIN, at, everything, form, get, header, request, send, shop};

/// Books an oil change for Tuesday at nine, and gives the path of its link as it was texted.
fn booked(shop: &Shop, from: &str) -> String {
    shop.say(from, &["Oil change on Tuesday at 9 am for my 2019 Honda CR-V, I'm Dana Whitfield"]);
    shop.say(from, &["yes"]);
    texted_link(shop, from)
}

/// The path of the link in the text that was sent last.
fn texted_link(shop: &Shop, from: &str) -> String {
    let select = Statement::new(
        "SELECT text FROM outbox WHERE recipient = ?1 AND kind IN ('booked', 'moved') ORDER BY created_at DESC",
    );
    let row = shop.rows(select.bind(from)).into_iter().next().expect("a confirmation");
    let text = row["text"].as_str().unwrap().to_owned();
    let (before, link) = text.rsplit_once(ORIGIN).expect("a link");
    assert!(before.ends_with(' ') && !link.contains(' '), "{text}");
    link.to_owned()
}

/// The path to which a redirect leads from a step's page.
fn led_to(response: &Response) -> String {
    assert_eq!(response.status, 303, "{}", String::from_utf8_lossy(&response.body));
    format!("/a/{}", header(response, "location").strip_prefix("../").unwrap())
}

/// The page that asks whether to move the appointment to this time of the store's.
fn question(shop: &Shop, link: &str, time: &str) -> String {
    format!("{link}/move?at={}", shop.store.instant(at(time)).unwrap().timestamp_millis())
}

fn appointment(shop: &Shop) -> (String, i64, String) {
    let row = shop.rows(Statement::new("SELECT * FROM appointments WHERE id NOT LIKE 'blocker%'")).remove(0);
    let start = chrono::DateTime::from_timestamp_millis(row["starts_at"].as_i64().unwrap()).unwrap();
    let start = shop.store.local(start).format("%Y-%m-%d %H:%M").to_string();
    (start, row["sequence"].as_i64().unwrap(), row["status"].as_str().unwrap().to_owned())
}

/// Takes one bay for an hour from this time of the store's on.
fn take_one(shop: &Shop, time: &str, bay: u32) {
    let start = shop.store.instant(at(time)).unwrap();
    let id = format!("blocker-{time}-{bay}");
    let mut batch = lanekeeper_storage::start_customer(&shop.store.id, &id, &id, shop.now());
    let appointment = lanekeeper_storage::NewAppointment {
        id: &id,
        customer: &id,
        conversation: None,
        vehicle: None,
        services: &["oil-change".to_owned()],
        concern: None,
        opening: &Opening::in_bay(bay, start, 60),
        transport: None,
        transport_address: None,
    };
    let revision = shop.rows(Statement::new("SELECT revision FROM stores"))[0]["revision"].as_i64().unwrap();
    batch.extend(lanekeeper_storage::book(Revised { profile: &shop.store, revision }, &appointment, shop.now()));
    block_on(shop.database().batch(batch)).unwrap();
}

#[test]
fn the_link_shows_the_appointment_and_no_more() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    let (status, html) = get(&shop, &link);
    assert_eq!(status, 200);
    for shown in
        ["Tuesday, November 24", "9:00\u{a0}AM", "Oil change", "2019 Honda CR-V", "1200 Lake Shore Drive", "Dana, your"]
    {
        assert!(html.contains(shown), "{shown} is missing:\n{html}");
    }
    for private in ["Whitfield", "3125550123", "<script", "style=\""] {
        assert!(!html.contains(private), "{private} is there");
    }
}

#[test]
fn pages_are_kept_by_nobody() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    for path in [link.clone(), format!("{link}/move"), format!("{link}/calendar.ics"), "/a/nonsense".to_owned()] {
        let response = block_on(lanekeeper_router::handle(&shop.platform, request("GET", &path)));
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer");
        assert!(header(&response, "x-robots-tag").contains("noindex"));
        let policy = header(&response, "content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
}

#[test]
fn looking_changes_nothing() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    let before = everything(&shop);
    let moved_to = question(&shop, &link, "2026-11-25 10:00");
    for path in [&link, &format!("{link}/move"), &moved_to, &format!("{link}/cancel"), &format!("{link}/calendar.ics")]
    {
        assert_eq!(get(&shop, path).0, 200, "{path}");
        let head = block_on(lanekeeper_router::handle(&shop.platform, request("HEAD", path)));
        assert_eq!((head.status, head.body.len()), (200, 0));
    }
    assert_eq!(everything(&shop), before);
    let put = block_on(lanekeeper_router::handle(&shop.platform, request("PUT", &format!("{link}/move"))));
    assert_eq!((put.status, header(&put, "allow")), (405, "GET, HEAD, POST"));
}

#[test]
fn moves_the_appointment_as_a_text_does() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    let (_, days) = get(&shop, &format!("{link}/move?day=2026-11-25"));
    let asked = question(&shop, &link, "2026-11-25 10:00");
    assert!(days.contains(asked.split_once('?').unwrap().1), "{days}");

    shop.platform.clock.advance(chrono::TimeDelta::minutes(1));
    let new_link = led_to(&send(&shop, form(&shop, &asked)));
    assert_eq!(appointment(&shop), ("2026-11-25 10:00".to_owned(), 1, "booked".to_owned()));
    let (status, html) = get(&shop, &new_link);
    assert_eq!(status, 200);
    assert!(html.contains("your appointment is moved") && html.contains("Wednesday, November 25"), "{html}");

    let sent = shop.rows(Statement::new("SELECT kind, status, text FROM outbox ORDER BY created_at, due_at"));
    let told: Vec<String> = sent
        .iter()
        .map(|row| format!("{} {}", row["kind"].as_str().unwrap(), row["status"].as_str().unwrap()))
        .collect();
    let expected = [
        "booked sent",
        "reminder_24h withdrawn",
        "reminder_2h withdrawn",
        "moved sent",
        "reminder_24h pending",
        "reminder_2h pending",
    ];
    assert_eq!(told, expected);
    assert!(sent[3]["text"].as_str().unwrap().contains("is moved"), "{sent:?}");
    assert_eq!(texted_link(&shop, DANA), new_link.split('?').next().unwrap());
}

#[test]
fn calls_the_appointment_off_once() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    let asked = form(&shop, &format!("{link}/cancel"));
    let done = led_to(&send(&shop, asked.clone()));
    assert_eq!(appointment(&shop), ("2026-11-24 09:00".to_owned(), 1, "cancelled".to_owned()));
    assert!(shop.rows(Statement::new("SELECT * FROM claims")).is_empty());
    assert!(get(&shop, &done).1.contains("your appointment is canceled"));

    let again = send(&shop, asked);
    assert_eq!(again.status, 409);
    assert_eq!(appointment(&shop).1, 1, "nothing was done twice");
    for step in ["move", "cancel"] {
        let (_, html) = get(&shop, &format!("{link}/{step}"));
        assert!(html.contains("Canceled") && !html.contains("<form"), "{html}");
    }
}

#[test]
fn the_calendar_file_follows_the_appointment() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    let property = |file: &str, name: &str| {
        let unfolded = file.replace("\r\n ", "");
        unfolded.split("\r\n").find_map(|line| line.strip_prefix(&format!("{name}:")).map(str::to_owned)).unwrap()
    };
    let file = |link: &str| get(&shop, &format!("{link}/calendar.ics")).1;
    let first = file(&link);
    assert_eq!(property(&first, "DTSTART"), "20261124T150000Z");
    assert_eq!((property(&first, "METHOD"), property(&first, "SEQUENCE")), ("PUBLISH".into(), "0".into()));
    assert_eq!(property(&first, "URL"), format!("{ORIGIN}{link}"));

    let moved = led_to(&send(&shop, form(&shop, &question(&shop, &link, "2026-11-25 10:00"))));
    let link = moved.split('?').next().unwrap();
    let second = file(link);
    assert_eq!(property(&second, "DTSTART"), "20261125T160000Z");
    assert_eq!(property(&second, "SEQUENCE"), "1");

    send(&shop, form(&shop, &format!("{link}/cancel")));
    let third = file(link);
    assert_eq!((property(&third, "METHOD"), property(&third, "SEQUENCE")), ("CANCEL".into(), "2".into()));
    assert_eq!([property(&second, "UID"), property(&third, "UID")], [property(&first, "UID"), property(&first, "UID")]);
}

/// Two customers move to one time at the same moment, with all but so many bays taken; what they are answered, the one who
/// is let in first.
fn both_move(shop: &Shop, free: usize) -> [Response; 2] {
    let links = [booked(shop, DANA), booked(shop, "+13125550177")];
    for bay in &shop.store.bays[free..] {
        take_one(shop, "2026-11-25 10:00", bay.number);
    }
    let forms = links.map(|link| form(shop, &question(shop, &link, "2026-11-25 10:00")));
    let [first, second] = forms.map(|form| lanekeeper_router::handle(&shop.platform, form));
    let mut answers = block_on(at_once(first, second));
    answers.sort_by_key(|answer| answer.status);
    answers
}

/// What both come to: each goes on wherever the other waits.
async fn at_once<F: Future>(first: F, second: F) -> [F::Output; 2] {
    let (mut first, mut second) = (Box::pin(first), Box::pin(second));
    let mut done = [None, None];
    poll_fn(|context| {
        for (future, outcome) in [&mut first, &mut second].into_iter().zip(&mut done) {
            if outcome.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *outcome = Some(ready);
            }
        }
        if done.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done.map(Option::unwrap)
}

#[test]
fn of_two_who_want_the_last_place_one_is_offered_others() {
    let shop = shop("lakeside");
    let [first, second] = both_move(&shop, 1);
    assert_eq!((first.status, second.status), (303, 409));
    let html = String::from_utf8(second.body).unwrap();
    assert!(html.contains("somebody just took that time") && html.contains("Wednesday, November 25"), "{html}");
    assert!(html.contains("?at="), "others are offered");
    assert_eq!(shop.rows(Statement::new("SELECT * FROM appointments WHERE sequence = 1")).len(), 1);
}

#[test]
fn two_who_meet_in_one_bay_find_another() {
    let shop = shop("lakeside");
    assert_eq!(both_move(&shop, 2).map(|answer| answer.status), [303, 303]);
}

#[test]
fn what_was_changed_meanwhile_is_shown_and_not_overruled() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    let forms = [form(&shop, &format!("{link}/cancel")), form(&shop, &question(&shop, &link, "2026-11-25 10:00"))];
    shop.say(DANA, &["can we move it to Wednesday at 2 pm?"]);
    shop.say(DANA, &["yes"]);
    for form in forms {
        let answer = send(&shop, form);
        let html = String::from_utf8(answer.body).unwrap();
        assert_eq!(answer.status, 409, "{html}");
        assert!(html.contains("was changed in the meantime") && html.contains("2:00\u{a0}PM"), "{html}");
    }
    assert_eq!(appointment(&shop), ("2026-11-25 14:00".to_owned(), 1, "booked".to_owned()));
}

#[test]
fn a_text_and_a_page_at_once_leave_one_truth() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    shop.say(DANA, &["cancel my appointment"]);
    let move_it = form(&shop, &question(&shop, &link, "2026-11-25 10:00"));
    shop.say(DANA, &["yes"]);
    assert_eq!(send(&shop, move_it).status, 409);
    assert_eq!(appointment(&shop).2, "cancelled");
    assert!(shop.rows(Statement::new("SELECT * FROM claims")).is_empty());
}

#[test]
fn forms_from_elsewhere_are_refused() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    let good = form(&shop, &format!("{link}/cancel"));
    let with = |change: &dyn Fn(&mut Request)| {
        let mut form = good.clone();
        change(&mut form);
        send(&shop, form).status
    };
    assert_eq!(with(&|form| form.headers.push(("sec-fetch-site".into(), "cross-site".into()))), 403);
    assert_eq!(with(&|form| form.body = b"state=0".to_vec()), 403);
    assert_eq!(with(&|form| form.body = b"state=0&proof=AAAAAAAAAAAAAAAAAAAAAA".to_vec()), 403);
    assert_eq!(with(&|form| form.body.clear()), 403);
    assert_eq!(with(&|form| form.body.extend([b'&'; 5000])), 403);
    // The word for calling it off is not the word for moving it.
    assert_eq!(with(&|form| form.path = format!("{link}/move")), 403);
    assert_eq!(appointment(&shop), ("2026-11-24 09:00".to_owned(), 0, "booked".to_owned()));
    assert_eq!(with(&|form| form.headers.push(("sec-fetch-site".into(), "same-origin".into()))), 303);
}

#[test]
fn a_link_that_is_not_ours_is_not_found() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    let other_store = link.replace(".lakeside", ".hubin");
    let tampered = link.replacen("/a/A", "/a/B", 1).replacen("/a/a", "/a/b", 1);
    let cut = &link[..link.len() - 12];
    for path in [&other_store, "/a/", "/a/x", cut, "/a", &format!("{link}/elsewhere"), &format!("{link}/move/x")] {
        let (status, html) = get(&shop, path);
        assert_eq!(status, 404, "{path}");
        assert!(html.contains("这个链接打不开") && html.contains("Este enlace no funciona"), "{html}");
    }
    assert!(tampered == link || get(&shop, &tampered).0 == 404);

    shop.platform.settings.set("SEALING_KEY", "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=");
    assert_eq!(get(&shop, &link).0, 404, "another key");
    shop.platform.settings.set("SEALING_KEY_PREVIOUS", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
    assert_eq!(get(&shop, &link).0, 200, "a key that was changed");
}

#[test]
fn a_link_expires_a_week_after_the_visit() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    shop.platform.clock.set(shop.store.instant(at("2026-11-24 09:30")).unwrap());
    let (status, html) = get(&shop, &link);
    assert_eq!(status, 200);
    assert!(html.contains("This appointment is over") && !html.contains("/cancel"), "{html}");
    shop.platform.clock.set(shop.store.instant(at("2026-12-05 09:00")).unwrap());
    let (status, html) = get(&shop, &link);
    assert_eq!(status, 410);
    assert!(html.contains("(500) 555-0006") && !html.contains("Oil change"), "{html}");
}

#[test]
fn nothing_that_cannot_be_had_is_promised() {
    let shop = shop("lakeside");
    let link = booked(&shop, DANA);
    // Sunday, a holiday, at night, in the past, far ahead, and no time at all.
    for time in ["2026-11-29 10:00", "2026-11-26 10:00", "2026-11-25 03:00", "2026-11-20 09:00", "2027-11-25 10:00"] {
        let (status, html) = get(&shop, &question(&shop, &link, time));
        assert_eq!(status, 409, "{time}");
        assert!(html.contains("?at="), "others are offered instead of {time}");
    }
    for nonsense in ["at=x", "at=9223372036854775807", "at=-1"] {
        assert_eq!(get(&shop, &format!("{link}/move?{nonsense}")).0, 409, "{nonsense}");
    }
    for nonsense in ["day=x", "day=0001-01-01", "day=9999-12-31", "from=2026-13-01", "from=9999-12-31&day=2026-11-25"] {
        assert_eq!(get(&shop, &format!("{link}/move?{nonsense}")).0, 200, "{nonsense}");
    }
}

#[test]
fn speaks_the_customers_language() {
    let shop = shop("lakeside");
    shop.say(DANA, &["Hola, necesito un cambio de aceite el martes a las 9 para mi Honda CR-V 2019, me llamo Lucía"]);
    shop.say(DANA, &["sí"]);
    let link = texted_link(&shop, DANA);
    let (_, html) = get(&shop, &link);
    assert!(html.contains("<html lang=\"es\">") && html.contains("Martes 24 de noviembre"), "{html}");

    let hubin = self::shop("hubin");
    hubin.say("+8613800138000", &["下周二上午九点换机油，2019款本田CR-V，我姓王"]);
    hubin.say("+8613800138000", &["好的"]);
    let link = texted_link(&hubin, "+8613800138000");
    let (_, html) = get(&hubin, &link);
    assert!(html.contains("<html lang=\"zh-Hans\">") && html.contains("11月24日 周二"), "{html}");
    assert!(html.contains("uri.amap.com") && !html.contains("王"), "{html}");
}
