//! Signing in and out, as a browser does it.

use lanekeeper_desk_tests::{Browser, Deployment};

#[test]
fn who_knows_the_password_gets_in_and_out_again() {
    let app = Deployment::new();
    let mut browser = app.browser();
    let refused = browser.get("/desk/account");
    assert_eq!((refused.status, refused.header("location")), (303, Some("/desk/sign-in?next=%2Fdesk%2Faccount")));

    let wrong = browser.sign_in("owner@demo.example", "demo-passwort");
    assert_eq!(wrong.status, 403);
    assert!(wrong.text().contains("do not match"), "{}", wrong.text());
    assert_eq!(wrong.header("set-cookie"), None);

    let right = browser.sign_in("Owner@Demo.example ", "demo-password");
    assert_eq!((right.status, right.header("location")), (303, Some("/desk")));
    let cookie = right.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-desk="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure"), "{cookie}");

    let page = browser.get("/desk/account").text();
    assert!(
        page.contains("Grace Lin") && page.contains("Lakeside Motors") && page.contains("Hubin &lt;Motors&gt;"),
        "{page}"
    );

    assert_eq!(browser.post("/desk/sign-out", &[]).header("location"), Some("/desk/sign-in?left=1"));
    assert_eq!(browser.get("/desk/account").status, 303, "the session is over");
}

#[test]
fn an_account_that_does_not_exist_is_answered_as_one_that_does() {
    let app = Deployment::new();
    let answer = |email: &str, times: usize| {
        let mut browser = app.browser();
        let answers: Vec<(u16, String)> = (0..times)
            .map(|_| {
                let answer = browser.sign_in(email, "wrong");
                (answer.status, answer.text().replace(email, "EMAIL"))
            })
            .collect();
        answers
    };
    let (known, unknown) = (answer("advisor@demo.example", 7), answer("nobody@demo.example", 7));
    assert_eq!(known, unknown);
    let statuses: Vec<u16> = known.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429, 429]);
    // The right password does not help now; after the wait it does.
    assert_eq!(app.browser().sign_in("advisor@demo.example", "demo-password").status, 429);
    app.platform.clock.advance(chrono::TimeDelta::seconds(31));
    assert_eq!(app.browser().sign_in("advisor@demo.example", "demo-password").status, 303);
    // And the failures are forgotten.
    assert_eq!(answer("advisor@demo.example", 1)[0].0, 403);
}

#[test]
fn a_form_without_the_sessions_token_changes_nothing() {
    let app = Deployment::new();
    let mut browser = app.signed_in("advisor@demo.example");
    let mut other = app.signed_in("advisor@demo.example");
    other.get("/desk/account");
    let stolen = other.token.clone().unwrap();
    for token in [None, Some("x".to_owned()), Some(stolen)] {
        browser.token = token;
        assert_eq!(browser.post("/desk/account", &[("name", "Mallory")]).status, 403);
    }
    browser.get("/desk/account");
    browser.headers.push(("sec-fetch-site".to_owned(), "cross-site".to_owned()));
    assert_eq!(browser.post("/desk/account", &[("name", "Mallory")]).status, 403);
    browser.headers.clear();
    assert!(!browser.get("/desk/account").text().contains("Mallory"));
    assert_eq!(browser.post("/desk/account", &[("name", "Maya <T>"), ("language", "es")]).status, 303);
    let page = browser.get("/desk/account").text();
    assert!(page.contains("Maya &lt;T&gt;") && page.contains("Su cuenta"), "{page}");
}

#[test]
fn a_session_gets_a_new_word_and_ends_in_time() {
    let app = Deployment::new();
    let mut browser = app.signed_in("advisor@demo.example");
    let first = browser.cookie.clone();
    app.platform.clock.advance(chrono::TimeDelta::hours(5));
    assert_eq!(browser.get("/desk/account").status, 200);
    assert_ne!(browser.cookie, first, "rotated");
    let mut late = Browser { cookie: first, ..app.browser() };
    assert_eq!(late.get("/desk/account").status, 200, "under way with the old word");
    app.platform.clock.advance(chrono::TimeDelta::minutes(2));
    assert_eq!(late.get("/desk/account").status, 303, "the old word opens nothing");
    assert_eq!(browser.get("/desk/account").status, 200);
    app.platform.clock.advance(chrono::TimeDelta::hours(13));
    assert_eq!(browser.get("/desk/account").status, 303, "not used over night");

    let mut busy = app.signed_in("advisor@demo.example");
    let mut hours = 0;
    while busy.get("/desk/account").status == 200 {
        app.platform.clock.advance(chrono::TimeDelta::hours(6));
        hours += 6;
    }
    assert_eq!(hours, 7 * 24);
}

#[test]
fn a_page_takes_one_batch_of_the_directory_and_is_small() {
    let app = Deployment::new();
    let mut browser = app.signed_in("owner@demo.example");
    let before = app.batches();
    let page = browser.get("/desk/people/invite").text();
    assert!(page.contains("Lakeside Motors"), "{page}");
    assert_eq!(app.batches() - before, 1, "what is around every page");
    let assets = ["htmx.js", "desk.js", "desk.css"];
    let files: usize = assets.iter().map(|name| browser.get(&format!("/desk/assets/{name}")).body.len()).sum();
    assert!(page.len() + files < 100_000, "{} bytes with everything", page.len() + files);
}
