//! Sealing of the credentials that stores give us: AES-256-GCM under the platform's key.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;

/// Why something cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The platform's key is absent or has a wrong form.
    #[error("SEALING_KEY must be 32 bytes in base64; make one with `openssl rand -base64 32`")]
    Key,
    /// It was sealed under another key or for another owner, or was tampered with.
    #[error("the sealed text does not open: it was sealed under another SEALING_KEY or for another line")]
    Sealed,
    /// It opens, but is not what is needed there.
    #[error("what was sealed is not in the form that is needed there")]
    Form,
}

/// Seals `text` for its `owner` (the id of the row it is kept in): nobody can move it to another row. `key` is 32 bytes
/// in base64; `nonce` must never be used twice under one key.
pub fn seal(key: &str, owner: &str, nonce: [u8; 12], text: &str) -> Result<String, SealError> {
    let payload = Payload { msg: text.as_bytes(), aad: owner.as_bytes() };
    let sealed = cipher(key)?.encrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::Key)?;
    Ok(format!("v1.{}.{}", STANDARD.encode(nonce), STANDARD.encode(sealed)))
}

/// Opens what [`seal`] sealed for this owner, as JSON of this form.
pub fn unseal<T: DeserializeOwned>(key: &str, owner: &str, sealed: &str) -> Result<T, SealError> {
    serde_json::from_str(&opened(key, owner, sealed)?).map_err(|_| SealError::Form)
}

fn opened(key: &str, owner: &str, sealed: &str) -> Result<String, SealError> {
    let cipher = cipher(key)?;
    let parts = sealed.strip_prefix("v1.").and_then(|rest| rest.split_once('.')).ok_or(SealError::Sealed)?;
    let nonce =
        STANDARD.decode(parts.0).ok().and_then(|nonce| <[u8; 12]>::try_from(nonce).ok()).ok_or(SealError::Sealed)?;
    let bytes = STANDARD.decode(parts.1).map_err(|_| SealError::Sealed)?;
    let payload = Payload { msg: &bytes, aad: owner.as_bytes() };
    let text = cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| SealError::Sealed)?;
    String::from_utf8(text).map_err(|_| SealError::Sealed)
}

fn cipher(key: &str) -> Result<Aes256Gcm, SealError> {
    let key = STANDARD.decode(key.trim()).map_err(|_| SealError::Key)?;
    Aes256Gcm::new_from_slice(&key).map_err(|_| SealError::Key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_for_its_owner_under_its_key() {
        let (key, other) = (STANDARD.encode([7; 32]), STANDARD.encode([8; 32]));
        let sealed = seal(&key, "lakeside-sms", [1; 12], r#"{"token":"x"}"#).unwrap();
        assert!(!sealed.contains("token"));
        let open = unseal::<serde_json::Value>;
        assert_eq!(open(&key, "lakeside-sms", &sealed).unwrap()["token"], "x");
        assert_eq!(unseal::<Vec<u8>>(&key, "lakeside-sms", &sealed), Err(SealError::Form));
        assert_eq!(open(&other, "lakeside-sms", &sealed), Err(SealError::Sealed));
        assert_eq!(open(&key, "hubin-sms", &sealed), Err(SealError::Sealed));
        assert_eq!(open(&key, "lakeside-sms", "v1.x"), Err(SealError::Sealed));
        assert_eq!(seal("short", "x", [0; 12], "y"), Err(SealError::Key));
    }
}
