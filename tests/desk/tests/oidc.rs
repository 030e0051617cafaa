//! Signing in by another server's word, with a stub of that server.

use lanekeeper_desk_tests::{Answer, Browser, Deployment};
use lanekeeper_native::json_answer;
use lanekeeper_platform::HttpError;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

const ISSUER: &str = "https://id.example/realm";

/// What the stub puts into its next ID token, beside what the standard asks for; and what it was asked.
#[derive(Clone, Default)]
struct Issuer {
    claims: Rc<RefCell<Value>>,
    asked: Rc<RefCell<Vec<BTreeMap<String, String>>>>,
}

impl Issuer {
    fn new(app: &Deployment) -> Self {
        for (name, value) in [
            ("OIDC_ISSUER", ISSUER),
            ("OIDC_CLIENT_ID", "the desk"),
            ("OIDC_CLIENT_SECRET", "s3cret"),
            ("PUBLIC_URL", "https://desk.example"),
        ] {
            app.platform.settings.set(name, value);
        }
        let issuer = Self::default();
        let stub = issuer.clone();
        app.platform.http.serve(move |request| match request.url.strip_prefix(ISSUER) {
            Some("/.well-known/openid-configuration") => Ok(json_answer(
                200,
                &json!({"issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/auth"), "token_endpoint": format!("{ISSUER}/token")}),
            )),
            Some("/token") => {
                let authorization = request.headers.iter().find(|(name, _)| name == "authorization");
                // the+desk:s3cret
                if authorization.is_none_or(|(_, value)| value != "Basic dGhlK2Rlc2s6czNjcmV0") {
                    return Ok(json_answer(401, &json!({"error": "invalid_client"})));
                }
                stub.asked.borrow_mut().push(pairs(std::str::from_utf8(&request.body).unwrap()));
                Ok(json_answer(200, &json!({"id_token": token(&stub.claims.borrow()), "access_token": "x", "token_type": "Bearer"})))
            }
            _ => Err(HttpError::Unreachable(request.url.clone())),
        });
        issuer
    }
}

fn pairs(query: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// A JWT with these claims. Its signature is nobody's: the token comes straight from the issuer over TLS.
fn token(claims: &Value) -> String {
    format!("e30.{}.sig", base64url(claims.to_string().as_bytes()))
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digits = |chunk: &[u8]| {
        let word = (0..3).fold(0_usize, |word, place| word << 8 | usize::from(chunk.get(place).copied().unwrap_or(0)));
        (0..=chunk.len()).map(move |place| DIGITS[word >> (18 - 6 * place) & 63] as char).collect::<String>()
    };
    bytes.chunks(3).map(digits).collect()
}

/// Goes there and gives the parameters that the browser was sent with.
fn go(browser: &mut Browser) -> BTreeMap<String, String> {
    let answer = browser.get("/desk/sign-in/elsewhere?next=%2Fdesk%2Fpeople");
    assert_eq!(answer.status, 303);
    let location = answer.header("location").unwrap();
    pairs(location.strip_prefix("https://id.example/realm/auth?").unwrap())
}

fn come_back(browser: &mut Browser, state: &str) -> Answer {
    browser.get(&format!("/desk/sign-in/elsewhere/back?code=c0de&state={state}"))
}

fn claims(nonce: &str, email: &str) -> Value {
    let exp = 1_795_190_400 + 300;
    json!({"iss": ISSUER, "aud": "the desk", "exp": exp, "nonce": nonce, "email": email, "email_verified": true})
}

#[test]
fn a_verified_address_opens_its_account() {
    let app = Deployment::new();
    let issuer = Issuer::new(&app);
    let mut browser = app.browser();
    assert!(browser.get("/desk/sign-in").text().contains("/desk/sign-in/elsewhere?next="));
    let sent = go(&mut browser);
    let of = |name: &str| sent[name].as_str();
    assert_eq!((of("response_type"), of("client_id"), of("scope")), ("code", "the desk", "openid email"));
    assert_eq!(
        (of("redirect_uri"), of("code_challenge_method")),
        ("https://desk.example/desk/sign-in/elsewhere/back", "S256")
    );
    *issuer.claims.borrow_mut() = claims(of("nonce"), "Owner@demo.example");
    let back = come_back(&mut browser, of("state"));
    assert_eq!((back.status, back.header("location")), (303, Some("/desk/people")), "{:?}", app.platform.logged());
    assert_eq!(browser.get("/desk/people").status, 200);

    let asked = issuer.asked.borrow();
    assert_eq!((asked[0]["grant_type"].as_str(), asked[0]["code"].as_str()), ("authorization_code", "c0de"));
    let digest = lanekeeper_storage::key_hash(&asked[0]["code_verifier"]);
    let bytes: Vec<u8> =
        (0..32).map(|place| u8::from_str_radix(&digest[2 * place..2 * place + 2], 16).unwrap()).collect();
    assert_eq!(base64url(&bytes), of("code_challenge"));
}

#[test]
fn nobody_else_comes_in() {
    let app = Deployment::new();
    let issuer = Issuer::new(&app);
    let mut browser = app.browser();
    let refused = |browser: &mut Browser, change: fn(&mut Value)| {
        let sent = go(browser);
        let mut claims = claims(&sent["nonce"], "owner@demo.example");
        change(&mut claims);
        *issuer.claims.borrow_mut() = claims;
        let back = come_back(browser, &sent["state"]);
        let location = back.header("location").unwrap_or_default().to_owned();
        assert_eq!(browser.get("/desk/account").status, 303);
        location
    };
    assert_eq!(
        refused(&mut browser, |claims| claims["email"] = "nobody@demo.example".into()),
        "/desk/sign-in?elsewhere=none"
    );
    let changes: [fn(&mut Value); 4] = [
        |claims| claims["email_verified"] = false.into(),
        |claims| claims["nonce"] = "another".into(),
        |claims| claims["aud"] = "another".into(),
        |claims| claims["exp"] = 1.into(),
    ];
    for change in changes {
        assert_eq!(refused(&mut browser, change), "/desk/sign-in?elsewhere=failed");
    }
    assert!(browser.get("/desk/sign-in?elsewhere=failed").text().contains("company account did not work"));
}

#[test]
fn the_way_back_belongs_to_a_way_there_of_this_browser() {
    let app = Deployment::new();
    let issuer = Issuer::new(&app);
    let (mut mallory, mut victim) = (app.browser(), app.browser());
    let sent = go(&mut mallory);
    *issuer.claims.borrow_mut() = claims(&sent["nonce"], "owner@demo.example");
    assert_eq!(come_back(&mut victim, &sent["state"]).header("location"), Some("/desk/sign-in?elsewhere=failed"));
    go(&mut victim);
    assert_eq!(come_back(&mut victim, &sent["state"]).header("location"), Some("/desk/sign-in?elsewhere=failed"));
    assert!(issuer.asked.borrow().is_empty(), "the issuer was not even asked");
}

#[test]
fn without_an_issuer_there_is_no_such_way() {
    let app = Deployment::new();
    let mut browser = app.browser();
    assert!(!browser.get("/desk/sign-in").text().contains("elsewhere"));
    assert_eq!(browser.get("/desk/sign-in/elsewhere").header("location"), Some("/desk/sign-in?elsewhere=failed"));
}
