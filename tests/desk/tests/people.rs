//! Inviting people, giving and taking roles, closing accounts; and what the log says of it.

use chrono::TimeDelta;
use lanekeeper_desk_tests::{Browser, Deployment};
use lanekeeper_domain::staff::Role;

/// The path of the link that a page shows.
fn link(page: &str) -> String {
    let (_, rest) =
        page.split_once("https://desk.example/desk/invitations/").unwrap_or_else(|| panic!("no link: {page}"));
    format!("/desk/invitations/{}", rest.split_once('"').unwrap().0)
}

fn invite(browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    let answer = browser.post("/desk/people/invite", fields);
    assert_eq!(answer.status, 200, "{}", answer.text());
    link(&answer.text())
}

fn manager(app: &Deployment) -> Browser<'_> {
    app.put_account("manager", "Manager of Lakeside", "demo", &[(Some("lakeside"), Role::Manager)]);
    app.signed_in("manager@demo.example")
}

#[test]
fn who_is_invited_chooses_a_password_once_and_is_in() {
    let app = Deployment::new();
    let mut manager = manager(&app);
    let path = invite(&mut manager, &[("name", "Ana"), ("email", "Ana@Demo.example"), ("role.lakeside", "agent")]);
    assert!(manager.get("/desk/people").text().contains("ana@demo.example"));
    assert_eq!(app.browser().sign_in("ana@demo.example", "").status, 403, "there is no password yet");

    let mut ana = app.browser();
    for _ in 0..2 {
        assert_eq!(ana.get(&path).status, 200, "a scanner's look uses nothing up");
    }
    let short = ana.post(&path, &[("name", "Ana <3"), ("new_password", "too short")]);
    assert_eq!(short.status, 422);
    assert!(short.text().contains("Ana &lt;3"), "what was entered stays: {}", short.text());
    assert_eq!(
        ana.post(&path, &[("name", "Ana"), ("new_password", "a long one, really")]).header("location"),
        Some("/desk")
    );
    let page = ana.get("/desk/account").text();
    assert!(page.contains("Lakeside Motors") && page.contains("Agent") && !page.contains("Hubin"), "{page}");
    assert_eq!(ana.get("/desk/people").status, 403);

    assert_eq!(app.browser().get(&path).status, 404, "used");
    assert_eq!(app.browser().post(&path, &[("name", "Eve"), ("new_password", "a long one, really")]).status, 404);
    assert_eq!(app.browser().sign_in("ana@demo.example", "a long one, really").status, 303);
    let log = app.signed_in("owner@demo.example").get("/desk/audit").text();
    assert!(log.contains("Invited") && log.contains("Joined"), "{log}");
}

#[test]
fn a_link_expires_and_a_new_one_replaces_it() {
    let app = Deployment::new();
    let mut manager = manager(&app);
    let first = invite(&mut manager, &[("name", "Ana"), ("email", "ana@demo.example"), ("role.lakeside", "agent")]);
    let page = manager.get("/desk/people").text();
    let (_, id) =
        page.split_once("ana@demo.example").and_then(|(before, _)| before.rsplit_once("/desk/people/")).unwrap();
    let account = id.split_once('"').unwrap().0;
    let second = link(&manager.post(&format!("/desk/people/{account}/link"), &[]).text());
    assert_eq!((app.browser().get(&first).status, app.browser().get(&second).status), (404, 200));
    app.platform.clock.advance(TimeDelta::days(3));
    assert_eq!(app.browser().get(&second).status, 404);
}

#[test]
fn a_link_also_replaces_a_lost_password_and_ends_the_sessions() {
    let app = Deployment::new();
    let mut advisor = app.signed_in("advisor@demo.example");
    let path = link(&app.signed_in("owner@demo.example").post("/desk/people/advisor/link", &[]).text());
    assert_eq!(advisor.get("/desk/account").status, 200, "until it is used");
    let mut again = app.browser();
    assert_eq!(again.post(&path, &[("name", "Maya Torres"), ("new_password", "the second password")]).status, 303);
    assert_eq!(advisor.get("/desk/account").status, 303);
    assert_eq!(again.get("/desk/account").status, 200);
    assert_eq!(app.browser().sign_in("advisor@demo.example", "demo-password").status, 403);
}

#[test]
fn managers_reach_as_far_as_their_stores() {
    let app = Deployment::new();
    let mut manager = manager(&app);
    // The advisor is at Hubin too: their role here is the manager's to change, a way into their account is not.
    assert_eq!(manager.post("/desk/people/advisor", &[("role.lakeside", "viewer")]).status, 303);
    for step in ["link", "close"] {
        assert_eq!(manager.post(&format!("/desk/people/advisor/{step}"), &[]).status, 403, "{step}");
        assert_eq!(manager.post(&format!("/desk/people/owner/{step}"), &[]).status, 403, "{step} of the owner");
    }
    for grab in [("role.hubin", "viewer"), ("role.*", "viewer")] {
        manager.post("/desk/people/advisor", &[("role.lakeside", "viewer"), grab]);
    }
    assert_eq!(manager.post("/desk/people/advisor", &[("role.lakeside", "owner")]).status, 403);
    manager.post("/desk/people/owner", &[("role.lakeside", "viewer")]);
    assert_eq!(
        manager.post("/desk/people/invite", &[("name", "E"), ("email", "e@demo.example"), ("role.*", "owner")]).status,
        422
    );

    let mut advisor = app.signed_in("advisor@demo.example");
    let page = advisor.get("/desk/account").text();
    let role_at = |store: &str| {
        page.split_once(store).unwrap().1.split_once("chip plain\">").unwrap().1.split_once('<').unwrap().0
    };
    assert_eq!((role_at("<span>Lakeside"), role_at("<span>Hubin")), ("Viewer", "Advisor"));
    assert!(app.signed_in("owner@demo.example").get("/desk/account").text().contains("Owner"));
}

#[test]
fn a_group_always_keeps_an_owner() {
    let app = Deployment::new();
    let mut owner = app.signed_in("owner@demo.example");
    assert_eq!(owner.post("/desk/people/owner/close", &[]).status, 409);
    for roles in [&[("role.lakeside", "manager")][..], &[("role.*", "manager")], &[]] {
        let answer = owner.post("/desk/people/owner", roles);
        assert_eq!(answer.status, 409, "{}", answer.text());
    }
    // Somebody who was only invited does not count, somebody who has come in does.
    let path = invite(&mut owner, &[("name", "Ana"), ("email", "ana@demo.example"), ("role.*", "owner")]);
    assert_eq!(owner.post("/desk/people/owner", &[("role.*", "manager")]).status, 409);
    let mut ana = app.browser();
    ana.post(&path, &[("name", "Ana"), ("new_password", "a long one, really")]);
    assert_eq!(owner.post("/desk/people/owner", &[("role.*", "manager")]).status, 303);
    ana.get("/desk/account");
    assert_eq!(ana.post("/desk/people/owner/close", &[]).status, 303);
    assert_eq!(owner.get("/desk/account").status, 303, "signed out at once");
    assert_eq!(app.browser().sign_in("owner@demo.example", "demo-password").status, 403);
    assert_eq!(ana.post("/desk/people/owner/open", &[]).status, 303);
    assert_eq!(app.browser().sign_in("owner@demo.example", "demo-password").status, 303);
}

#[test]
fn a_taken_address_and_a_broken_one_are_named() {
    let app = Deployment::new();
    let mut owner = app.signed_in("owner@demo.example");
    let said = |browser: &mut Browser, email: &str| {
        let answer = browser.post("/desk/people/invite", &[("name", "Ana"), ("email", email), ("role.*", "viewer")]);
        (answer.status, answer.text())
    };
    let (status, text) = said(&mut owner, "advisor@demo.example");
    assert!(status == 422 && text.contains("account with this address"), "{status} {text}");
    let (status, text) = said(&mut owner, "nonsense");
    assert!(status == 422 && text.contains("Email"), "{status} {text}");
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let app = Deployment::new();
    let (mut here, mut there) = (app.signed_in("advisor@demo.example"), app.signed_in("advisor@demo.example"));
    let change = |browser: &mut Browser, present: &str, new: &str| {
        browser.post("/desk/account/password", &[("password", present), ("new_password", new)]).status
    };
    assert_eq!(change(&mut here, "wrong", "another password"), 422);
    assert_eq!(change(&mut here, "demo-password", "short"), 422);
    assert_eq!(there.get("/desk/account").status, 200);
    assert_eq!(change(&mut here, "demo-password", "another password"), 303);
    assert_eq!((here.get("/desk/account").status, there.get("/desk/account").status), (200, 303));
    assert_eq!(app.browser().sign_in("advisor@demo.example", "another password").status, 303);

    let mut third = app.browser();
    third.sign_in("advisor@demo.example", "another password");
    assert_eq!(here.post("/desk/account/sign-out-everywhere", &[]).status, 303);
    assert_eq!((here.get("/desk/account").status, third.get("/desk/account").status), (303, 303));
}

#[test]
fn the_log_is_read_page_by_page_and_by_person() {
    let app = Deployment::new();
    let mut owner = app.signed_in("owner@demo.example");
    let mut advisor = app.signed_in("advisor@demo.example");
    advisor.post("/desk/account", &[("name", "Maya T")]);
    for _ in 0..60 {
        app.platform.clock.advance(TimeDelta::seconds(1));
        owner.post("/desk/account", &[("name", "Grace Lin")]);
    }
    let first = owner.get("/desk/audit").text();
    assert_eq!(first.matches("Changed their own account").count(), 50);
    assert!(!first.contains("<strong>Maya"));
    let (_, rest) = first.split_once("href=\"/desk/audit?before=").unwrap();
    let next = format!("/desk/audit?before={}", rest.split_once('"').unwrap().0);
    assert_eq!(owner.get(&next).text().matches("Changed their own account").count(), 11);
    assert_eq!(owner.get("/desk/audit?person=advisor").text().matches("Changed their own account").count(), 1);
}
