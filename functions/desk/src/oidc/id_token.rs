//! What an ID token must hold (OpenID Connect Core 1.0, 3.1.3.7).
//!
//! The token comes straight from the token endpoint over TLS, never through the browser. Then "TLS server validation may be used
//! to validate the issuer in place of checking the token signature" (3.1.3.7, point 6), which spares a library for RSA.

use super::OidcError;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

/// The clocks of two servers may differ by so much.
const LEEWAY: TimeDelta = TimeDelta::minutes(1);

/// What the token must say.
pub struct Expected<'a> {
    /// Who made it.
    pub issuer: &'a str,
    /// For whom.
    pub client: &'a str,
    /// What the way there carried.
    pub nonce: &'a str,
    /// The present time.
    pub now: DateTime<Utc>,
}

/// The address in the token, if the token is good and its issuer has verified the address.
pub fn verified_email(token: &str, expected: &Expected) -> Result<String, OidcError> {
    let claims = claims(token).ok_or(OidcError::Token("it is none"))?;
    let demand = |fits: bool, what: &'static str| if fits { Ok(()) } else { Err(OidcError::Token(what)) };
    let issuer = claims["iss"].as_str().map(|issuer| issuer.trim_end_matches('/'));
    demand(issuer == Some(expected.issuer), "it is of another issuer")?;
    demand(is_for(&claims, expected.client), "it is for somebody else")?;
    let expires = claims["exp"].as_f64().and_then(|seconds| DateTime::from_timestamp(seconds as i64, 0));
    demand(expires.is_some_and(|expires| expires + LEEWAY > expected.now), "it has expired")?;
    demand(claims["nonce"].as_str() == Some(expected.nonce), "it is of another sign-in")?;
    // Some write it as a text.
    let verified = claims["email_verified"] == Value::Bool(true) || claims["email_verified"] == "true";
    demand(verified, "its address is not verified")?;
    let email = claims["email"].as_str().filter(|email| !email.is_empty());
    email.map(str::to_owned).ok_or(OidcError::Token("it has no address"))
}

/// One audience or several, of which we are one; of several the token must have been asked for by us.
fn is_for(claims: &Value, client: &str) -> bool {
    match &claims["aud"] {
        Value::String(audience) => audience == client,
        Value::Array(several) => {
            several.iter().any(|audience| audience == client) && (several.len() == 1 || claims["azp"] == client)
        }
        _ => false,
    }
}

/// The middle one of the three parts of a JWT (RFC 7519).
fn claims(token: &str) -> Option<Value> {
    let [_, payload, _] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(claims: &Value) -> Result<String, OidcError> {
        let expected = Expected {
            issuer: "https://id.example",
            client: "desk",
            nonce: "n",
            now: DateTime::from_timestamp(1000, 0).unwrap(),
        };
        let token = format!("e30.{}.x", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()));
        verified_email(&token, &expected)
    }

    fn good() -> Value {
        json!({"iss": "https://id.example", "aud": "desk", "exp": 1300, "nonce": "n", "email": "a@b.example", "email_verified": true})
    }

    #[test]
    fn a_good_token_gives_its_address() {
        assert_eq!(read(&good()), Ok("a@b.example".to_owned()));
        for (name, value) in [
            ("aud", json!(["desk"])),
            ("email_verified", json!("true")),
            ("exp", json!(941)),
            ("iss", json!("https://id.example/")),
        ] {
            let mut claims = good();
            claims[name] = value;
            assert!(read(&claims).is_ok(), "{claims}");
        }
        let mut several = good();
        several["aud"] = json!(["other", "desk"]);
        assert!(read(&several).is_err());
        several["azp"] = json!("desk");
        assert!(read(&several).is_ok());
    }

    #[test]
    fn any_other_does_not() {
        for (name, value) in [
            ("iss", json!("https://evil.example")),
            ("aud", json!("other")),
            ("aud", json!([])),
            ("exp", json!(940)),
            ("exp", Value::Null),
            ("nonce", json!("m")),
            ("nonce", Value::Null),
            ("email_verified", json!(false)),
            ("email_verified", Value::Null),
            ("email", json!("")),
        ] {
            let mut claims = good();
            claims[name] = value;
            assert!(matches!(read(&claims), Err(OidcError::Token(_))), "{claims}");
        }
        let now = DateTime::UNIX_EPOCH;
        for token in ["", "a.b", "a.%.c", "a.b.c.d"] {
            let expected = Expected { issuer: "", client: "", nonce: "", now };
            assert_eq!(verified_email(token, &expected), Err(OidcError::Token("it is none")), "{token}");
        }
    }
}
