//! The encryption of a message for one browser (RFC 8291, in the form of RFC 8188's `aes128gcm`).

use crate::{PushError, SubscriptionKeys};
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// What every push service takes (RFC 8030, section 7.2): 4096 bytes, less the header, the delimiter and the tag.
const LONGEST: usize = 4096 - 86 - 17;

/// What must be new for each message.
#[derive(Clone)]
pub struct Fresh {
    /// A private key on P-256 that nothing else uses.
    pub key: [u8; 32],
    /// Sixteen random bytes.
    pub salt: [u8; 16],
}

/// Encrypts a message for the browser with these keys.
pub fn encrypt(keys: &SubscriptionKeys, message: &[u8], fresh: &Fresh) -> Result<Vec<u8>, PushError> {
    if message.len() > LONGEST {
        return Err(PushError::TooLong);
    }
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| PushError::Subscription);
    let (theirs, auth) = (decode(&keys.p256dh)?, decode(&keys.auth)?);
    let public = PublicKey::from_sec1_bytes(&theirs).map_err(|_| PushError::Subscription)?;
    let secret = SecretKey::from_slice(&fresh.key).map_err(|_| PushError::Key)?;
    let ours = secret.public_key().to_sec1_point(false);
    let shared = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), public.as_affine());

    let key_info = [b"WebPush: info\0".as_slice(), &theirs, ours.as_bytes()].concat();
    let material = derive::<32>(&auth, shared.raw_secret_bytes(), &key_info);
    let key = derive::<16>(&fresh.salt, &material, b"Content-Encoding: aes128gcm\0");
    let nonce = derive::<12>(&fresh.salt, &material, b"Content-Encoding: nonce\0");

    // One record, and the last one: its delimiter is 2.
    let record = [message, &[2]].concat();
    let sealed = Aes128Gcm::new(&key.into()).encrypt(&Nonce::from(nonce), record.as_slice());
    let sealed = sealed.map_err(|_| PushError::TooLong)?;
    let header = [fresh.salt.as_slice(), &4096_u32.to_be_bytes(), &[ours.as_bytes().len() as u8], ours.as_bytes()];
    Ok([header.concat(), sealed].concat())
}

/// Whether these can be a browser's keys.
pub fn are_keys(keys: &SubscriptionKeys) -> bool {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).unwrap_or_default();
    bytes(&keys.auth).len() == 16 && PublicKey::from_sec1_bytes(&bytes(&keys.p256dh)).is_ok()
}

fn derive<const N: usize>(salt: &[u8], material: &[u8], info: &[u8]) -> [u8; N] {
    let mut output = [0; N];
    // It fails for lengths over 8160 bytes alone.
    let _ = Hkdf::<Sha256>::new(Some(salt), material).expand(info, &mut output);
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    fn keys() -> SubscriptionKeys {
        SubscriptionKeys {
            p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
                .to_owned(),
            auth: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
        }
    }

    fn fresh() -> Fresh {
        Fresh { key: bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), salt: bytes("DGv6ra1nlYgDCS1FRnbzlw") }
    }

    #[test]
    fn encrypts_as_in_section_5_of_rfc_8291() {
        let encrypted = encrypt(&keys(), b"When I grow up, I want to be a watermelon", &fresh()).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(encrypted),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_\
             yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn refuses_what_no_browser_gives_out() {
        let with = |p256dh: &str, auth: &str| {
            let keys = SubscriptionKeys { p256dh: p256dh.to_owned(), auth: auth.to_owned() };
            encrypt(&keys, b"x", &fresh())
        };
        assert_eq!(with("AAAA", &keys().auth), Err(PushError::Subscription));
        assert_eq!(with(&keys().p256dh, "*"), Err(PushError::Subscription));
        assert_eq!(encrypt(&keys(), &[b'x'; LONGEST + 1], &fresh()), Err(PushError::TooLong));
        assert_eq!(encrypt(&keys(), &[b'x'; LONGEST], &fresh()).unwrap().len(), 4096);
    }
}
