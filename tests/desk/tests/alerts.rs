//! How somebody is alerted: their phone, their browsers, and nobody else's.

use lanekeeper_desk_tests::Deployment;
use lanekeeper_native::{NativePlatform, block_on};
use lanekeeper_platform::{Platform, Request, Row, Statement};
use lanekeeper_storage::reachable;

/// What a browser gives out: the endpoint, and the keys of RFC 8291's example.
pub const BROWSER: [(&str, &str); 3] = [
    ("endpoint", "https://push.example.net/p/one"),
    ("p256dh", "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
    ("auth", "BTBZMqHH6r4Tts7J_aSIgg"),
];

/// The private key of RFC 8291's example, and its public one.
const KEY: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
const PUBLIC: &str = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";

fn with_endpoint(endpoint: &'static str) -> [(&'static str, &'static str); 3] {
    [("endpoint", endpoint), BROWSER[1], BROWSER[2]]
}

fn subscriptions(app: &Deployment) -> Vec<Row> {
    app.platform
        .directory()
        .look(Statement::new("SELECT group_id, account_id, endpoint FROM push_subscriptions ORDER BY endpoint"))
        .unwrap()
        .0
}

/// Where the store's people are texted.
fn texted(app: &Deployment) -> Vec<(String, String)> {
    let people = block_on(reachable(app.platform.directory(), "lakeside")).unwrap();
    people.into_iter().filter_map(|one| Some((one.account, one.phone?))).collect()
}

#[test]
fn texts_go_where_one_says_and_only_while_one_wants_them() {
    let app = Deployment::new();
    let mut advisor = app.signed_in("advisor@demo.example");
    let saved = advisor.post("/desk/account/alerts", &[("phone", "+1 (312) 555-0142"), ("by_text", "yes")]);
    assert_eq!((saved.status, saved.header("location")), (303, Some("/desk/account?saved=1")));
    assert_eq!(texted(&app), [("advisor".to_owned(), "+13125550142".to_owned())]);
    let page = advisor.get("/desk/account").text();
    assert!(page.contains("value=\"+13125550142\"") && page.contains("value=\"yes\" checked"), "{page}");
    assert!(!app.signed_in("owner@demo.example").get("/desk/account").text().contains("+13125550142"));

    // Without the wish the number stays, and nobody texts it; without the number there is none.
    advisor.post("/desk/account/alerts", &[("phone", "+13125550142")]);
    assert_eq!(texted(&app), []);
    assert!(advisor.get("/desk/account").text().contains("+13125550142"));
    assert_eq!(advisor.post("/desk/account/alerts", &[("phone", "")]).status, 303);
    assert!(!advisor.get("/desk/account").text().contains("+13125550142"));

    let log = app.signed_in("owner@demo.example").get("/desk/audit").text();
    assert!(log.contains("Changed how they are alerted") && !log.contains("5550142"), "{log}");
}

#[test]
fn what_is_no_number_is_refused_by_its_name() {
    let app = Deployment::new();
    let mut advisor = app.signed_in("advisor@demo.example");
    let before = app.everything();
    for phone in ["", "call me", "+1", "312 555 0142", "+1 312 555 0142 +1 312 555 0142 +1 312 555 0142"] {
        let answer = advisor.post("/desk/account/alerts", &[("phone", phone), ("by_text", "yes")]);
        assert_eq!(answer.status, 422, "{phone}");
        assert!(answer.text().contains("Phone: "), "{phone}: {}", answer.text());
    }
    assert!(app.everything() == before, "something changed");
}

#[test]
fn a_browser_is_its_persons_own() {
    let app = Deployment::new();
    let (mut advisor, mut owner) = (app.signed_in("advisor@demo.example"), app.signed_in("owner@demo.example"));
    assert_eq!(advisor.post("/desk/account/devices", &BROWSER).status, 204);
    let row = |account: &str| vec![("demo".to_owned(), account.to_owned(), BROWSER[0].1.to_owned())];
    let kept = || -> Vec<(String, String, String)> {
        let text = |row: &Row, name: &str| row[name].as_str().unwrap().to_owned();
        let read = |row: &Row| (text(row, "group_id"), text(row, "account_id"), text(row, "endpoint"));
        subscriptions(&app).iter().map(read).collect()
    };
    assert_eq!(kept(), row("advisor"));

    let before = app.everything();
    let endpoint = &BROWSER[..1];
    assert_eq!(owner.post("/desk/account/devices/end", endpoint).status, 204);
    assert!(app.everything() == before, "somebody else's browser");

    // Who sits down at the browser next is alerted there, and the one before no more.
    assert_eq!(owner.post("/desk/account/devices", &BROWSER).status, 204);
    assert_eq!(kept(), row("owner"));
    assert_eq!(owner.post("/desk/account/devices/end", endpoint).status, 204);
    assert_eq!(kept(), []);
}

#[test]
fn what_no_browser_gives_out_is_refused_by_its_name() {
    let app = Deployment::new();
    let mut advisor = app.signed_in("advisor@demo.example");
    let before = app.everything();
    let wrong = [
        with_endpoint(""),
        with_endpoint("http://push.example.net/p/one"),
        with_endpoint("file:///etc/passwd"),
        with_endpoint("https://localhost/p"),
        with_endpoint("https://127.0.0.1/p"),
        with_endpoint("https://10.0.0.8/p"),
        with_endpoint("https://[::1]/p"),
        with_endpoint("https://push.example.net:8080/p"),
        [BROWSER[0], ("p256dh", "AAAA"), BROWSER[2]],
        [BROWSER[0], BROWSER[1], ("auth", "")],
    ];
    for form in wrong {
        let answer = advisor.post("/desk/account/devices", &form);
        assert_eq!(answer.status, 422, "{form:?}");
        assert!(answer.text().contains("push service: "), "{form:?}: {}", answer.text());
    }
    assert_eq!(advisor.post("/desk/account/devices/end", &[]).status, 422);
    assert!(app.everything() == before, "something changed");
}

#[test]
fn devices_are_offered_where_there_is_a_key() {
    let mut app = Deployment::new();
    assert!(!app.signed_in("owner@demo.example").get("/desk/account").text().contains("on this device"));
    app.platform = app.platform.with_setting("VAPID_PRIVATE_KEY", KEY);
    let mut owner = app.signed_in("owner@demo.example");
    owner.post("/desk/account/devices", &BROWSER);
    let before = app.batches();
    let page = owner.get("/desk/account").text();
    assert_eq!(app.batches() - before, 2, "the session, and how one is alerted");
    assert!(page.contains(&format!("data-key=\"{PUBLIC}\"")) && page.contains("Alert me on this device"), "{page}");
    assert!(page.contains(BROWSER[0].1) && !page.contains(KEY), "{page}");
    assert!(!app.signed_in("advisor@demo.example").get("/desk/account").text().contains(BROWSER[0].1));
}

#[test]
fn the_service_worker_is_the_whole_desks() {
    let app = Deployment::new();
    let request = Request { method: "GET".to_owned(), path: "/desk/worker.js".to_owned(), ..Request::default() };
    let worker = block_on(lanekeeper_desk::handle::<NativePlatform>(&app.platform, &request));
    let header = |name: &str| worker.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!((worker.status, header("content-type")), (200, Some("text/javascript; charset=utf-8")));
    // Browsers ask again for it; it is not kept for good.
    assert_eq!(header("cache-control"), Some("no-cache"));
    let page = app.signed_in("owner@demo.example").get("/desk/account");
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("worker-src 'self'")));
}
