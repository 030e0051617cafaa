//! The other server: where its endpoints are, and the exchange of a code for an ID token.

use super::{Client, OidcError};
use crate::call::Call;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lanekeeper_platform::{Cache, HttpClient, Method, OutboundRequest, Platform};
use serde_json::Value;
use std::time::Duration;

/// How long the other server may take.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long its description is remembered.
const REMEMBERED: Duration = Duration::from_hours(1);

/// What an issuer says of itself (OpenID Connect Discovery 1.0).
pub struct Provider {
    authorization: String,
    token: String,
    /// Whether it takes the client's secret in the form only, and not in the header, which is the default.
    secret_in_form: bool,
}

impl Provider {
    /// The provider that the settings name.
    pub async fn of<P: Platform>(call: &Call<'_, P>, client: &Client) -> Result<Self, OidcError> {
        let key = format!("oidc:{}", client.issuer);
        let cache = call.platform.cache();
        // A cache that fails has forgotten.
        if let Some(kept) = cache.get(&key).await.ok().flatten()
            && let Ok(provider) = Self::read(&kept, &client.issuer)
        {
            return Ok(provider);
        }
        let url = format!("{}/.well-known/openid-configuration", client.issuer);
        let request =
            OutboundRequest { method: Method::Get, url, headers: Vec::new(), body: Vec::new(), timeout: PATIENCE };
        let text = ask(call, request).await?;
        let provider = Self::read(&text, &client.issuer)?;
        let _ = cache.put(&key, &text, REMEMBERED).await;
        Ok(provider)
    }

    fn read(text: &str, issuer: &str) -> Result<Self, OidcError> {
        let wrong = |what: &str| OidcError::Issuer(format!("its description {what}"));
        let description: Value = serde_json::from_str(text).map_err(|_| wrong("is no JSON"))?;
        if description["issuer"].as_str().map(|named| named.trim_end_matches('/')) != Some(issuer) {
            return Err(wrong("is of another issuer"));
        }
        let endpoint = |name: &str| {
            let url = description[name].as_str().filter(|url| is_safe(url));
            url.map(str::to_owned).ok_or_else(|| wrong("names no safe endpoints"))
        };
        let ways = description["token_endpoint_auth_methods_supported"].as_array();
        let secret_in_form = ways.is_some_and(|ways| !ways.iter().any(|way| way == "client_secret_basic"));
        Ok(Self {
            authorization: endpoint("authorization_endpoint")?,
            token: endpoint("token_endpoint")?,
            secret_in_form,
        })
    }

    /// Where somebody goes to say who they are.
    pub fn authorization_url(&self, parameters: &[(&str, &str)]) -> String {
        let separator = if self.authorization.contains('?') { '&' } else { '?' };
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("{}{separator}{query}", self.authorization)
    }

    /// The ID token that the code stands for.
    pub async fn exchange<P: Platform>(
        &self,
        call: &Call<'_, P>,
        client: &Client,
        code: &str,
        verifier: &str,
        way_back: &str,
    ) -> Result<String, OidcError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", way_back),
            ("code_verifier", verifier),
        ]);
        let mut headers = vec![
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("accept".to_owned(), "application/json".to_owned()),
        ];
        if self.secret_in_form {
            form.extend_pairs([("client_id", &client.id), ("client_secret", &client.secret)]);
        } else {
            // Both are encoded as in a form first (RFC 6749, 2.3.1).
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = BASE64_STANDARD.encode(format!("{}:{}", encoded(&client.id), encoded(&client.secret)));
            headers.push(("authorization".to_owned(), format!("Basic {pair}")));
        }
        let request = OutboundRequest {
            method: Method::Post,
            url: self.token.clone(),
            headers,
            body: form.finish().into_bytes(),
            timeout: PATIENCE,
        };
        let answer: Value = serde_json::from_str(&ask(call, request).await?)
            .map_err(|_| OidcError::Issuer("its answer to the code is no JSON".to_owned()))?;
        let token = answer["id_token"].as_str().ok_or_else(|| OidcError::Issuer("it gave no ID token".to_owned()))?;
        Ok(token.to_owned())
    }
}

async fn ask<P: Platform>(call: &Call<'_, P>, request: OutboundRequest) -> Result<String, OidcError> {
    let answer = call.platform.http().send(request).await.map_err(|error| OidcError::Issuer(error.to_string()))?;
    if answer.status != 200 {
        return Err(OidcError::Issuer(format!("it answered {}", answer.status)));
    }
    String::from_utf8(answer.body).map_err(|_| OidcError::Issuer("its answer is no text".to_owned()))
}

/// Over TLS, or on this machine. The ID token is trusted because of it.
fn is_safe(url: &str) -> bool {
    let on_this_machine = ["http://127.0.0.1", "http://localhost"]
        .iter()
        .filter_map(|origin| url.strip_prefix(origin))
        .any(|rest| rest.starts_with([':', '/']) && !rest.contains('@'));
    url.starts_with("https://") || on_this_machine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_endpoints_of_the_named_issuer() {
        let read = |issuer: &str, token: &str| {
            let text = format!(
                r#"{{"issuer": "{issuer}", "authorization_endpoint": "https://a.example/in?x=1", "token_endpoint": "{token}"}}"#
            );
            Provider::read(&text, "https://a.example").is_ok()
        };
        assert!(read("https://a.example", "https://a.example/token"));
        assert!(read("https://a.example/", "http://127.0.0.1:9000/token"));
        assert!(!read("https://b.example", "https://a.example/token"));
        for token in
            ["http://a.example/token", "http://localhost.evil.example/", "http://localhost:x@evil.example/", ""]
        {
            assert!(!read("https://a.example", token), "{token}");
        }
    }
}
