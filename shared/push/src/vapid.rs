//! Who we are, for push services (RFC 8292).

use crate::PushError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use lanekeeper_platform::Settings;
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point;
use serde_json::json;

/// How long a token holds; a push service takes at most 24 hours (section 2).
const HOLDS: TimeDelta = TimeDelta::hours(12);

/// Our key, and whom a push service can write to about it.
#[derive(Clone)]
pub struct VapidKey {
    key: SecretKey,
    subject: String,
}

impl std::fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VapidKey").field("subject", &self.subject).finish_non_exhaustive()
    }
}

impl VapidKey {
    /// Reads a private key, 32 bytes in base64url. `subject` is a `mailto:` or `https:` address.
    pub fn new(private_key: &str, subject: &str) -> Result<Self, PushError> {
        let bytes = URL_SAFE_NO_PAD.decode(private_key.trim().trim_end_matches('=')).map_err(|_| PushError::Key)?;
        let key = SecretKey::from_slice(&bytes).map_err(|_| PushError::Key)?;
        Ok(Self { key, subject: subject.to_owned() })
    }

    /// The deployment's key: `VAPID_PRIVATE_KEY` and `VAPID_SUBJECT`, or else `PUBLIC_URL`. `None` where it has none.
    pub fn from_settings(settings: &impl Settings) -> Result<Option<Self>, PushError> {
        let Some(key) = settings.get("VAPID_PRIVATE_KEY") else { return Ok(None) };
        let subject = settings.get("VAPID_SUBJECT").or_else(|| settings.get("PUBLIC_URL")).unwrap_or_default();
        Self::new(&key, &subject).map(Some)
    }

    /// The public key, as `applicationServerKey` of `PushManager.subscribe` wants it: uncompressed, in base64url.
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.public_key().to_sec1_point(false).as_bytes())
    }

    /// The header `Authorization` for a push service's endpoint.
    pub fn authorization(&self, endpoint: &str, now: DateTime<Utc>) -> Result<String, PushError> {
        let claims = json!({
            "aud": origin(endpoint).ok_or(PushError::Subscription)?,
            "exp": (now + HOLDS).timestamp(),
            "sub": self.subject,
        });
        let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(json!({"typ": "JWT", "alg": "ES256"})), part(claims));
        let signature: Signature = SigningKey::from(&self.key).sign(signed.as_bytes());
        Ok(format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.public()))
    }
}

/// Scheme and authority of an `https` address.
fn origin(endpoint: &str) -> Option<&str> {
    let rest = endpoint.strip_prefix("https://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    (end > 0).then(|| &endpoint[.."https://".len() + end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;

    /// Whether the token of an `Authorization: vapid …` is signed by the key that stands beside it, and what it claims.
    fn claims(authorization: &str) -> Option<serde_json::Value> {
        let (token, key) = authorization.strip_prefix("vapid t=")?.split_once(", k=")?;
        let (signed, signature) = token.rsplit_once('.')?;
        let key = VerifyingKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(key).ok()?).ok()?;
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        key.verify(signed.as_bytes(), &signature).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split_once('.')?.1).ok()?).ok()
    }

    #[test]
    fn reads_the_example_of_section_2_4_of_rfc_8292() {
        let example = "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";
        assert_eq!(
            claims(example),
            Some(json!({"aud": "https://push.example.net", "exp": 1_453_523_768, "sub": "mailto:push@example.com"}))
        );
    }

    #[test]
    fn signs_for_the_origin_of_the_endpoint() {
        let key = VapidKey::new("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "mailto:push@example.com").unwrap();
        assert!(key.public().starts_with("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"), "the pair of RFC 8291's example");
        let now = DateTime::from_timestamp(1_453_480_568, 0).unwrap();
        let authorization =
            key.authorization("https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", now).unwrap();
        assert_eq!(
            claims(&authorization),
            Some(json!({"aud": "https://push.example.net", "exp": 1_453_523_768, "sub": "mailto:push@example.com"}))
        );
        assert_eq!(key.authorization("http://push.example.net/p", now), Err(PushError::Subscription));
        assert!(!format!("{key:?}").contains("yfWP"));
    }

    #[test]
    fn refuses_what_is_no_key() {
        for key in ["", "AAAA", &"A".repeat(43), "not base64!"] {
            assert_eq!(VapidKey::new(key, "mailto:a@b.c").err(), Some(PushError::Key), "{key}");
        }
    }
}
