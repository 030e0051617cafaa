//! The keys that links are signed with.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use lanekeeper_platform::Settings;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Why no link can be signed or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// A setting is absent or has a wrong form: ours to set right.
    #[error("{0} must be 32 bytes in base64; make one with `openssl rand -base64 32`")]
    Setting(&'static str),
}

/// The key that signs, and those that have signed before and are still honoured.
pub struct Keys {
    current: Key,
    previous: Option<Key>,
}

impl Keys {
    /// The keys of this platform. They are derived from `SEALING_KEY`, and from `SEALING_KEY_PREVIOUS` for the links that
    /// were given out before it was changed.
    pub fn of(settings: &impl Settings) -> Result<Self, KeysError> {
        let key = |name: &'static str| settings.get(name).map(|text| Key::derive(name, &text)).transpose();
        let current = key("SEALING_KEY")?.ok_or(KeysError::Setting("SEALING_KEY"))?;
        Ok(Self { current, previous: key("SEALING_KEY_PREVIOUS")? })
    }

    /// A word that only a page of ours can know, for a form in it: `about` says which form, about what, in which state.
    pub fn proof(&self, about: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.current.sign(&form(about))[..16])
    }

    /// Whether this is the word for that form.
    pub fn is_proof(&self, proof: &str, about: &str) -> bool {
        let decoded = BASE64_URL_SAFE_NO_PAD.decode(proof).unwrap_or_default();
        let keys = std::iter::once(&self.current).chain(&self.previous);
        decoded.len() == 16 && keys.into_iter().any(|key| key.has_signed(&form(about), &decoded))
    }

    pub(crate) fn current(&self) -> &Key {
        &self.current
    }

    /// Those keys that go by this name; a name is short, so both may.
    pub(crate) fn named(&self, name: u8) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.previous).filter(move |key| key.name() == name)
    }
}

/// No link begins with these bytes, so that a word for a form is never the signature of a link.
fn form(about: &str) -> Vec<u8> {
    [b"\0form\0", about.as_bytes()].concat()
}

/// One key.
pub(crate) struct Key([u8; 32]);

impl Key {
    /// Another key for another purpose, from 32 bytes in base64 (HKDF's second step, RFC 5869: the first is for input that is
    /// not evenly random).
    fn derive(name: &'static str, text: &str) -> Result<Self, KeysError> {
        let bytes = BASE64_STANDARD.decode(text.trim()).ok().filter(|bytes| bytes.len() == 32);
        let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).ok_or(KeysError::Setting(name))?;
        Ok(Self(Self(bytes).sign(b"lanekeeper links\x01")))
    }

    /// Tells it from its predecessor. It is public, so it gives nothing of the key away.
    pub fn name(&self) -> u8 {
        self.sign(b"name")[0]
    }

    pub fn sign(&self, message: &[u8]) -> [u8; 32] {
        // A key of any length is accepted, this one is of the best.
        Hmac::<Sha256>::new_from_slice(&self.0).map_or([0; 32], |mut mac| {
            mac.update(message);
            mac.finalize().into_bytes().into()
        })
    }

    /// Whether this is the beginning of the message's signature; it takes the same time either way.
    pub fn has_signed(&self, message: &[u8], beginning: &[u8]) -> bool {
        self.sign(message).get(..beginning.len()).is_some_and(|signature| signature.ct_eq(beginning).into())
    }
}
