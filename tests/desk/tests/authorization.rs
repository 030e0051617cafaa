//! Who may do what: every route of the desk's table × every role × the own store, another store of the group, another group's,
//! and nobody. What is refused shows nothing and changes nothing.
//!
//! A new route is walked through by itself. It needs to be known here what its places may hold ([`place`]) and, when it is a
//! `POST`, a form that would do something ([`form`]).

use crate::alerts::BROWSER;
use lanekeeper_desk::{Access, RouteView, route_views};
use lanekeeper_desk_tests::{Answer, Browser, Deployment};
use lanekeeper_domain::staff::Role;
use lanekeeper_native::NativePlatform;

/// What a place of a path may hold for a thing of this store: the ids that the deployment of these tests gives.
fn place(name: &str, store: &str) -> String {
    match name {
        "store" => store.to_owned(),
        "file" => "0".to_owned(),
        "account" | "customer" | "vehicle" | "conversation" | "message" | "appointment" | "order" | "line" => {
            format!("{name}-{store}")
        }
        other => panic!("say in tests/desk/tests/authorization.rs what the place {{{other}}} may hold"),
    }
}

/// A form that does something where it is let in.
fn form(pattern: &str) -> &'static [(&'static str, &'static str)] {
    match pattern {
        "/desk/account" => &[("name", "Mallory"), ("language", "es")],
        "/desk/account/password" => &[("password", "demo-password"), ("new_password", "another password")],
        "/desk/account/alerts" => &[("phone", "+1 312 555 0142"), ("by_text", "yes")],
        "/desk/account/devices" => &BROWSER,
        "/desk/account/devices/end" => &[("endpoint", BROWSER[0].1)],
        "/desk/people/invite" => &[("name", "Mallory"), ("email", "mallory@demo.example"), ("role.lakeside", "agent")],
        "/desk/people/{account}" => &[("role.lakeside", "viewer")],
        "/desk/sign-out"
        | "/desk/account/sign-out-everywhere"
        | "/desk/people/{account}/link"
        | "/desk/people/{account}/close"
        | "/desk/people/{account}/open"
        | "/desk/stores/{store}/appointments/{appointment}/arrive"
        | "/desk/stores/{store}/appointments/{appointment}/no-show"
        | "/desk/stores/{store}/appointments/{appointment}/expect"
        | "/desk/stores/{store}/conversations/{conversation}/draft"
        | "/desk/stores/{store}/conversations/{conversation}/typing"
        | "/desk/stores/{store}/conversations/{conversation}/take-over"
        | "/desk/stores/{store}/conversations/{conversation}/hand-back"
        | "/desk/stores/{store}/conversations/{conversation}/reopen" => &[],
        "/desk/stores/{store}/appointments/{appointment}/move" => &[("at", "1795536000000"), ("sequence", "0")],
        "/desk/stores/{store}/appointments/{appointment}/cancel" => &[("sequence", "0")],
        "/desk/stores/{store}/book" => {
            &[("key", "k"), ("customer", "customer-lakeside"), ("service", "oil-change"), ("at", "1795536000000")]
        }
        "/desk/stores/{store}/orders/{order}/stage" => &[("version", "0"), ("stage", "completed")],
        "/desk/stores/{store}/orders/{order}/edit" => &[("version", "0"), ("waiting_for", "Mallory")],
        "/desk/stores/{store}/orders/{order}/note" => &[("version", "0"), ("note", "Mallory")],
        "/desk/stores/{store}/orders/{order}/lines" => &[("version", "0"), ("service", "oil-change")],
        "/desk/stores/{store}/orders/{order}/lines/{line}" => &[("version", "0"), ("name", "Mallory"), ("labor", "1")],
        "/desk/stores/{store}/orders/{order}/lines/{line}/remove"
        | "/desk/stores/{store}/orders/{order}/propose"
        | "/desk/stores/{store}/orders/{order}/decide"
        | "/desk/stores/{store}/orders/{order}/remind" => &[("version", "0")],
        "/desk/stores/{store}/customers" => &[("name", "Mallory"), ("phone", "+13125550142")],
        "/desk/stores/{store}/conversations/{conversation}/say" => &[("mode", "note"), ("text", "I was here")],
        "/desk/stores/{store}/conversations/{conversation}/assign" => &[("to", "owner")],
        "/desk/stores/{store}/conversations/{conversation}/snooze" => &[("until", "hour")],
        "/desk/stores/{store}/conversations/{conversation}/close" => &[("result", "spam")],
        "/desk/stores/{store}/conversations/{conversation}/tags" => &[("tags", "mine")],
        other => panic!("say in tests/desk/tests/authorization.rs with which form POST {other} does something"),
    }
}

/// The routes that are open to everybody, each of which has tests of its own.
const OPEN: [&str; 6] = [
    "GET /desk/sign-in",
    "POST /desk/sign-in",
    "GET /desk/sign-in/elsewhere",
    "GET /desk/sign-in/elsewhere/back",
    "GET /desk/invitations/{word}",
    "POST /desk/invitations/{word}",
];

fn routes() -> Vec<RouteView> {
    route_views::<NativePlatform>()
}

/// The route's path with things of `things`, in the path of `store`.
fn path(route: &RouteView, store: &str, things: &str) -> String {
    let fill = |segment: &str| match segment.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
        Some("store") => store.to_owned(),
        Some(name) => place(name, things),
        None => segment.to_owned(),
    };
    route.pattern.split('/').map(fill).collect::<Vec<_>>().join("/")
}

fn send(browser: &mut Browser, route: &RouteView, path: &str) -> Answer {
    if route.method == "GET" { browser.get(path) } else { browser.post(path, form(route.pattern)) }
}

/// A deployment with one person of each role: the owner of the group, the others at `lakeside` alone.
fn deployment() -> Deployment {
    let app = Deployment::new();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Owner) {
        app.put_account(&format!("one-{}", role.as_str()), "One of Lakeside", "demo", &[(Some("lakeside"), role)]);
    }
    app
}

fn browser_of(app: &Deployment, role: Role) -> Browser<'_> {
    match role {
        Role::Owner => app.signed_in("owner@demo.example"),
        other => app.signed_in(&format!("one-{}@demo.example", other.as_str())),
    }
}

/// Whether this role is let in to the route at `lakeside`.
fn may(role: Role, route: &RouteView) -> bool {
    match route.access {
        None | Some(Access::Person) => true,
        Some(Access::Somewhere(permission) | Access::Store(permission)) => role.may(permission),
    }
}

fn assert_shows_nothing_of(stores: &[&str], answer: &Answer, what: &str) {
    let text = answer.text();
    for store in stores {
        assert!(!text.contains(&format!("secret-of-{store}")), "{what} shows what is {store}'s: {text}");
    }
    assert!(!text.contains("Stranger of elsewhere") && !text.contains("Elsewhere Motors"), "{what}: {text}");
    assert!(!text.contains("<script>secret"), "{what} lets a customer's words be more than text: {text}");
}

#[test]
fn every_route_wants_somebody_but_those_that_are_open() {
    let open: Vec<String> = routes()
        .iter()
        .filter(|route| route.access.is_none())
        .map(|route| format!("{} {}", route.method, route.pattern))
        .collect();
    assert_eq!(open, OPEN);
    for route in routes() {
        assert!(matches!(route.method, "GET" | "POST"), "{route:?}");
        let names_a_store = route.pattern.contains("{store}");
        let asks_for_it = matches!(route.access, Some(Access::Store(_)));
        assert_eq!(
            names_a_store, asks_for_it,
            "{route:?}: who names a store asks for a permission there, and only they"
        );
    }
}

#[test]
fn nobody_gets_in_without_signing_in() {
    let app = deployment();
    let before = app.everything();
    for route in routes().iter().filter(|route| route.access.is_some()) {
        let answer = send(&mut app.browser(), route, &path(route, "lakeside", "lakeside"));
        let location = answer.header("location").unwrap_or_default().to_owned();
        assert_eq!((answer.status, location.starts_with("/desk/sign-in")), (303, true), "{route:?}");
        assert!(answer.body.is_empty(), "{route:?}");
    }
    assert!(app.everything() == before, "something changed");
}

#[test]
fn a_change_wants_the_sessions_token_and_a_page_of_ours() {
    let app = deployment();
    let mut owner = browser_of(&app, Role::Owner);
    let (token, before) = (owner.token.clone(), app.everything());
    for route in routes().iter().filter(|route| route.method == "POST" && route.access.is_some()) {
        let path = path(route, "lakeside", "lakeside");
        owner.token = None;
        assert_eq!(send(&mut owner, route, &path).status, 403, "{route:?} without a token");
        owner.token.clone_from(&token);
        owner.headers = vec![("sec-fetch-site".to_owned(), "cross-site".to_owned())];
        assert_eq!(send(&mut owner, route, &path).status, 403, "{route:?} from elsewhere");
        owner.headers.clear();
    }
    assert!(app.everything() == before, "something changed");
}

#[test]
fn roles_may_what_their_permissions_say_at_their_own_store() {
    for role in Role::ALL {
        let app = deployment();
        let mut browser = browser_of(&app, role);
        let before = app.everything();
        let (allowed, refused): (Vec<RouteView>, Vec<RouteView>) =
            routes().into_iter().filter(|route| route.access.is_some()).partition(|route| may(role, route));
        for route in &refused {
            let answer = send(&mut browser, route, &path(route, "lakeside", "lakeside"));
            assert_eq!(answer.status, 403, "{role:?} {route:?}");
            assert_shows_nothing_of(&["lakeside", "hubin", "elsewhere"], &answer, route.pattern);
        }
        assert!(app.everything() == before, "something that {role:?} may not changed");
        for route in &allowed {
            let path = path(route, "lakeside", "lakeside");
            // Changes may get in each other's way: each has a deployment of its own.
            let answer = if route.method == "GET" {
                send(&mut browser, route, &path)
            } else {
                let app = deployment();
                send(&mut browser_of(&app, role), route, &path)
            };
            let fits = answer.status < 400 || (route.method == "POST" && matches!(answer.status, 409 | 422));
            assert!(fits, "{role:?} {route:?}: {} {}", answer.status, answer.text());
            let others: &[&str] = if role == Role::Owner { &["elsewhere"] } else { &["hubin", "elsewhere"] };
            assert_shows_nothing_of(others, &answer, route.pattern);
        }
    }
}

#[test]
fn what_is_not_ones_own_does_not_exist() {
    for role in Role::ALL {
        let app = deployment();
        let mut browser = browser_of(&app, role);
        let before = app.everything();
        let strange: &[&str] = if role == Role::Owner { &["elsewhere"] } else { &["hubin", "elsewhere"] };
        for route in routes().iter().filter(|route| route.access.is_some() && may(role, route)) {
            for store in strange {
                let what = format!("{role:?} {} {} with {store}", route.method, route.pattern);
                if matches!(route.access, Some(Access::Store(_))) {
                    let answer = send(&mut browser, route, &path(route, store, store));
                    assert_eq!(answer.status, 404, "{what}: {}", answer.text());
                    assert_shows_nothing_of(&["lakeside", "hubin", "elsewhere"], &answer, &what);
                }
                // A thing of another store, as if it were one's own.
                let path = path(route, "lakeside", store);
                if path.contains(&format!("-{store}")) {
                    let answer = send(&mut browser, route, &path);
                    assert!(
                        matches!(answer.status, 404 | 409 | 422),
                        "{what} by its id: {} {}",
                        answer.status,
                        answer.text()
                    );
                    assert_shows_nothing_of(strange, &answer, &what);
                }
                if route.method == "GET" && matches!(route.access, Some(Access::Somewhere(_))) {
                    let answer = browser.get(&format!("{path}?store={store}"));
                    assert_eq!(answer.status, 404, "{what} as its choice: {}", answer.text());
                    assert_shows_nothing_of(strange, &answer, &what);
                }
            }
        }
        assert!(app.everything() == before, "something of another store changed");
    }
}

#[test]
fn who_has_lost_their_roles_sees_no_store() {
    let app = deployment();
    app.put_account("nothing", "Nothing left", "demo", &[]);
    let mut browser = app.signed_in("nothing@demo.example");
    for route in routes().iter().filter(|route| matches!(route.access, Some(Access::Somewhere(_) | Access::Store(_)))) {
        let answer = send(&mut browser, route, &path(route, "lakeside", "lakeside"));
        assert!(matches!(answer.status, 403 | 404), "{route:?}");
    }
}
