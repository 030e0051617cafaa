//! Signing in by another server's word: OpenID Connect's authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636),
//! where the settings name an issuer. It opens accounts that exist, by their address, which the issuer must call verified.
//!
//! What the way back must show is kept in a cookie of this browser, so that nobody else's way back can be slipped in.

mod id_token;
mod provider;

use crate::call::Call;
use crate::error::DeskError;
use crate::session::{self, new_word};
use crate::sign_in::{destination, to};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use id_token::Expected;
use lanekeeper_platform::{Database, Platform, Response, Settings};
use lanekeeper_storage::account_of;
use provider::Provider;
use serde_json::json;
use sha2::{Digest, Sha256};

/// How long somebody may take on the other server.
const DETOUR: TimeDelta = TimeDelta::minutes(10);

/// The cookie of the way there and back.
const COOKIE: &str = "desk-detour";

/// Why somebody who comes back is not let in. The words are for the log; the page says less.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The settings are not complete.
    #[error("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together")]
    Settings,
    /// The issuer does not answer as the standard says.
    #[error("the issuer: {0}")]
    Issuer(String),
    /// The way back does not belong to a way there of this browser.
    #[error("the way back does not fit the way there")]
    State,
    /// The ID token does not hold what it must.
    #[error("the ID token: {0}")]
    Token(&'static str),
    /// Nobody here has the address.
    #[error("there is no account with this address")]
    NoAccount,
}

/// What the settings say of the other server.
pub struct Client {
    issuer: String,
    id: String,
    secret: String,
}

impl Client {
    /// The settings, if an issuer is named.
    pub fn of(settings: &impl Settings) -> Result<Option<Self>, OidcError> {
        let Some(issuer) = settings.get("OIDC_ISSUER") else { return Ok(None) };
        let (Some(id), Some(secret)) = (settings.get("OIDC_CLIENT_ID"), settings.get("OIDC_CLIENT_SECRET")) else {
            return Err(OidcError::Settings);
        };
        Ok(Some(Self { issuer: issuer.trim_end_matches('/').to_owned(), id, secret }))
    }
}

/// `GET /desk/sign-in/elsewhere?next=…`: leads to the other server.
pub async fn start<P: Platform>(call: &Call<'_, P>) -> Result<Response, DeskError> {
    match lead_there(call).await {
        Ok(response) => Ok(response),
        Err(error) => Ok(refuse(call, &error)),
    }
}

async fn lead_there<P: Platform>(call: &Call<'_, P>) -> Result<Response, OidcError> {
    let client = Client::of(call.platform.settings())?.ok_or(OidcError::Settings)?;
    let provider = Provider::of(call, &client).await?;
    let [state, nonce, verifier] = [(); 3].map(|()| new_word(call.platform));
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let location = provider.authorization_url(&[
        ("response_type", "code"),
        ("client_id", &client.id),
        ("redirect_uri", &way_back(call)),
        ("scope", "openid email"),
        ("state", &state),
        ("nonce", &nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    let next = BASE64_URL_SAFE_NO_PAD.encode(call.parameter("next").unwrap_or_default());
    let kept = session::named_cookie(call, COOKIE, &format!("{state}.{nonce}.{verifier}.{next}"), DETOUR);
    Ok(to(&location).with_header("set-cookie", &kept))
}

/// `GET /desk/sign-in/elsewhere/back?code=…&state=…`.
pub async fn back<P: Platform>(call: &Call<'_, P>) -> Result<Response, DeskError> {
    let (email, next) = match come_back(call).await {
        Ok(known) => known,
        Err(error) => return Ok(refuse(call, &error)),
    };
    let directory = call.platform.directory();
    let Some(account) = account_of(directory, &email).await? else { return Ok(refuse(call, &OidcError::NoAccount)) };
    let (batch, cookie) = session::begin(call, &account);
    directory.batch(batch).await?;
    call.platform.log(&json!({"event": "signed_in", "account": account, "by": "oidc"}));
    let forget = session::named_cookie(call, COOKIE, "", TimeDelta::zero());
    Ok(to(destination(&next)).with_header("set-cookie", &cookie).with_header("set-cookie", &forget))
}

/// The verified address of who comes back, and where they wanted to go.
async fn come_back<P: Platform>(call: &Call<'_, P>) -> Result<(String, String), OidcError> {
    let client = Client::of(call.platform.settings())?.ok_or(OidcError::Settings)?;
    let kept = session::named_cookie_of(call, COOKIE).ok_or(OidcError::State)?;
    let [state, nonce, verifier, next] =
        kept.split('.').collect::<Vec<_>>().try_into().map_err(|_| OidcError::State)?;
    if call.parameter("state").as_deref() != Some(state) || state.is_empty() {
        return Err(OidcError::State);
    }
    let code = call.parameter("code").ok_or(OidcError::Issuer("it gave no code".to_owned()))?;
    let provider = Provider::of(call, &client).await?;
    let token = provider.exchange(call, &client, &code, verifier, &way_back(call)).await?;
    let expected = Expected { issuer: &client.issuer, client: &client.id, nonce, now: call.now };
    let email = id_token::verified_email(&token, &expected)?;
    let next = BASE64_URL_SAFE_NO_PAD.decode(next).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    Ok((email, next.unwrap_or_default()))
}

fn way_back<P: Platform>(call: &Call<'_, P>) -> String {
    call.url("/desk/sign-in/elsewhere/back")
}

fn refuse<P: Platform>(call: &Call<'_, P>, error: &OidcError) -> Response {
    call.platform.log(&json!({"event": "sign_in_refused", "by": "oidc", "why": error.to_string()}));
    let why = if *error == OidcError::NoAccount { "none" } else { "failed" };
    to(&format!("/desk/sign-in?elsewhere={why}"))
}
