//! Signed links: whoever has one may look at one appointment or one repair order, and change what its customer may change,
//! without a login, until it expires.
//!
//! A link's path is `/a/{token}` for an appointment and `/o/{token}` for a repair order. The token is `{sealed}.{store}`,
//! where `sealed` is base64url of
//!
//! | bytes | what |
//! |---|---|
//! | 1 | which key signed it |
//! | 2 | the last day on which it opens (UTC), counted since 1970 |
//! | 11 | the first 88 bits of the HMAC-SHA-256 over all the rest: kind, store, key, day and id |
//! | 16 | the id, a ULID; or any other id as text |
//!
//! so that a link to an appointment has 41 characters and the store's slug. It ends in the slug because a text's reader
//! may take a `-` or `_` at the end of a link for punctuation.

mod giver;
mod keys;

pub use giver::Links;
pub use keys::{Keys, KeysError};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, NaiveDate, Utc};

/// For how many days after an appointment's beginning its link opens.
const DAYS_AFTER_APPOINTMENT: i64 = 7;
/// For how many days a link to a repair order opens.
const DAYS_FOR_REPAIR_ORDER: i64 = 30;
/// The bytes of the signature that a link carries.
const SIGNATURE: usize = 11;
/// Key, day and signature.
const HEAD: usize = 3 + SIGNATURE;
/// No link of ours is longer.
const LONGEST: usize = 200;

/// What a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An appointment.
    Appointment,
    /// A repair order, with what is to be approved.
    RepairOrder,
}

impl Kind {
    /// The first segment of its path.
    pub fn segment(self) -> &'static str {
        match self {
            Self::Appointment => "a",
            Self::RepairOrder => "o",
        }
    }
}

/// One appointment or repair order of one store, and until when it may be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is.
    pub kind: Kind,
    /// The store's slug.
    pub store: String,
    /// The id of the row.
    pub id: String,
    /// The last day (UTC) on which it opens.
    pub until: NaiveDate,
}

impl Link {
    /// The link to an appointment that begins at `start`.
    pub fn to_appointment(store: &str, id: &str, start: DateTime<Utc>) -> Self {
        let until = (start + Duration::days(DAYS_AFTER_APPOINTMENT)).date_naive();
        Self { kind: Kind::Appointment, store: store.to_owned(), id: id.to_owned(), until }
    }

    /// The link to a repair order that is given out now.
    pub fn to_repair_order(store: &str, id: &str, now: DateTime<Utc>) -> Self {
        let until = (now + Duration::days(DAYS_FOR_REPAIR_ORDER)).date_naive();
        Self { kind: Kind::RepairOrder, store: store.to_owned(), id: id.to_owned(), until }
    }

    /// The whole address, below the one at which the world reaches us.
    pub fn url(&self, keys: &Keys, public_url: &str) -> String {
        format!("{}/{}/{}", public_url.trim().trim_end_matches('/'), self.kind.segment(), self.token(keys))
    }

    /// The last segment of its path.
    pub fn token(&self, keys: &Keys) -> String {
        let key = keys.current();
        let day = u16::try_from(self.until.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(0);
        let [high, low] = day.to_be_bytes();
        let head = [key.name(), high, low];
        let id = pack(&self.id);
        let signature = key.sign(&signed(self.kind, &self.store, head, &id));
        let bytes = [&head[..], &signature[..SIGNATURE], &id].concat();
        format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(bytes), self.store)
    }

    /// The link that this token is, if we have signed it. It may have expired; see [`Link::is_open`].
    pub fn read(keys: &Keys, kind: Kind, token: &str) -> Option<Self> {
        let (sealed, store) = token.split_once('.').filter(|_| token.len() <= LONGEST)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok().filter(|bytes| bytes.len() > HEAD)?;
        let (head, id) = bytes.split_at(HEAD);
        let (head, signature) = ([head[0], head[1], head[2]], &head[3..]);
        let signed = signed(kind, store, head, id);
        keys.named(head[0]).find(|key| key.has_signed(&signed, signature))?;
        let until = NaiveDate::default() + Duration::days(u16::from_be_bytes([head[1], head[2]]).into());
        Some(Self { kind, store: store.to_owned(), id: unpack(id)?, until })
    }

    /// Whether it still opens.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        now.date_naive() <= self.until
    }
}

/// What is signed. No two links give the same bytes: the store has no zero in it, and the id comes last.
fn signed(kind: Kind, store: &str, head: [u8; 3], id: &[u8]) -> Vec<u8> {
    [kind.segment().as_bytes(), store.as_bytes(), &[0], &head, id].concat()
}

/// Crockford's base 32, which ULIDs are written in; ours are in lower case.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An id as bytes. A ULID is 16 bytes and begins with one below a space for the next thousand years; other ids are texts.
fn pack(id: &str) -> Vec<u8> {
    let ulid = || {
        let digits = id.bytes().map(|byte| DIGITS.iter().position(|digit| *digit == byte));
        let number =
            digits.into_iter().try_fold(0_u128, |number, digit| number.checked_mul(32)?.checked_add(digit? as u128))?;
        (id.len() == 26 && number >> 120 < u128::from(b' ')).then(|| number.to_be_bytes().to_vec())
    };
    ulid().unwrap_or_else(|| id.as_bytes().to_vec())
}

fn unpack(bytes: &[u8]) -> Option<String> {
    match <[u8; 16]>::try_from(bytes) {
        Ok(ulid) if ulid[0] < b' ' => {
            let number = u128::from_be_bytes(ulid);
            Some((0..26).rev().map(|place| DIGITS[(number >> (5 * place)) as usize & 31] as char).collect())
        }
        _ => String::from_utf8(bytes.to_vec()).ok(),
    }
}

#[cfg(test)]
mod tests;
