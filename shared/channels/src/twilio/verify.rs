//! Whether a webhook comes from Twilio: `X-Twilio-Signature`, as "Secure webhooks"
//! (<https://www.twilio.com/docs/usage/webhooks/webhooks-security>) describes it and Twilio's own libraries check it.

use super::check_length;
use crate::ChannelError;
use crate::form::Form;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use lanekeeper_platform::Request;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use subtle::ConstantTimeEq;

/// Checks that Twilio sent this request to this URL (see [`crate::public_url`]).
///
/// The signature is the HMAC-SHA1, keyed with the auth token, of the URL followed by the body's fields. A JSON body is not
/// a part of it; instead the URL names its hash as `bodySHA256`.
pub fn verify(request: &Request, url: &str, auth_token: &str) -> Result<(), ChannelError> {
    if auth_token.is_empty() {
        return Err(ChannelError::Unconfigured("auth token"));
    }
    check_length(&request.body)?;
    let signature = request.header("x-twilio-signature").ok_or(ChannelError::NotSigned)?;
    let signature = BASE64_STANDARD.decode(signature).map_err(|_| ChannelError::WrongSignature)?;

    let fields = match body_hash(url) {
        Some(hash) if !is_hash_of(&hash, &request.body) => return Err(ChannelError::WrongSignature),
        Some(_) => String::new(),
        None => signed_fields(&request.body),
    };
    let is_signed = |url: &String| {
        Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()).is_ok_and(|mut mac| {
            mac.update(url.as_bytes());
            mac.update(fields.as_bytes());
            mac.verify_slice(&signature).is_ok()
        })
    };
    if spellings(url).iter().any(is_signed) { Ok(()) } else { Err(ChannelError::WrongSignature) }
}

/// The signature that Twilio gives a request with this form to this URL, for those who stand in for Twilio.
pub fn sign(body: &[u8], url: &str, auth_token: &str) -> Result<String, ChannelError> {
    let mut mac =
        Hmac::<Sha1>::new_from_slice(auth_token.as_bytes()).map_err(|_| ChannelError::Unconfigured("auth token"))?;
    mac.update(url.as_bytes());
    mac.update(signed_fields(body).as_bytes());
    Ok(BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// The hash of the body that the URL names, in hexadecimal.
fn body_hash(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "bodySHA256").map(|(_, hash)| hash.into_owned())
}

fn is_hash_of(hash: &str, body: &[u8]) -> bool {
    let mut expected = String::with_capacity(64);
    for byte in Sha256::digest(body) {
        // Writing to a string cannot fail.
        let _ = write!(expected, "{byte:02x}");
    }
    expected.as_bytes().ct_eq(hash.as_bytes()).into()
}

/// Name and value of every field run together, in the order they are signed: by name, then by value, in UTF-16 units as
/// JavaScript sorts; a value that a name has twice counts once.
fn signed_fields(body: &[u8]) -> String {
    let mut fields = Form::parse(body).into_fields();
    fields.sort_by(|(name, value), (other_name, other_value)| {
        let by_name = name.encode_utf16().cmp(other_name.encode_utf16());
        by_name.then_with(|| value.encode_utf16().cmp(other_value.encode_utf16()))
    });
    fields.dedup();
    fields.iter().flat_map(|(name, value)| [name.as_ref(), value.as_ref()]).collect()
}

/// The ways in which Twilio may have spelt the URL when it signed, likeliest first: as it came, with characters escaped
/// as a browser does, and with the query rewritten as Node's `querystring` does; each without and with a port.
fn spellings(url: &str) -> Vec<String> {
    let Some(url) = Url::split(url) else {
        return vec![url.to_owned()];
    };
    let escaped = url.escaped();
    let legacy = Url { rest: with_legacy_query(&escaped.rest), ..escaped.clone() };
    let mut spellings = Vec::with_capacity(6);
    for candidate in [url, escaped, legacy] {
        for spelling in [candidate.without_port(), candidate.with_port()] {
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
    }
    spellings
}

/// A URL in parts that, run together, are the very URL.
#[derive(Clone)]
struct Url {
    /// With `://`.
    scheme: String,
    /// With `@`, or empty.
    user: String,
    host: String,
    /// With `:`, or empty.
    port: String,
    /// Path and query.
    rest: String,
}

impl Url {
    fn split(url: &str) -> Option<Self> {
        let (scheme, after) = url.split_at(url.find("://")? + 3);
        let (authority, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
        let (user, host_and_port) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        // In an IPv6 address, which stands in brackets, colons are no port's.
        let address_end = host_and_port.rfind(']').unwrap_or(0);
        let port_at = host_and_port[address_end..].find(':').map_or(host_and_port.len(), |at| address_end + at);
        let (host, port) = host_and_port.split_at(port_at);
        let [scheme, user, host, port, rest] = [scheme, user, host, port, rest].map(str::to_owned);
        Some(Self { scheme, user, host, port, rest })
    }

    fn without_port(&self) -> String {
        format!("{}{}{}{}", self.scheme, self.user, self.host, self.rest)
    }

    /// With its own port or else the scheme's.
    fn with_port(&self) -> String {
        let standard = if self.scheme.eq_ignore_ascii_case("https://") { ":443" } else { ":80" };
        let port = if self.port.is_empty() { standard } else { &self.port };
        format!("{}{}{}{port}{}", self.scheme, self.user, self.host, self.rest)
    }

    /// As the WHATWG URL standard writes it: scheme and host in small letters, some characters of path and query escaped
    /// (<https://url.spec.whatwg.org/#percent-encoded-bytes>).
    fn escaped(&self) -> Self {
        let (path, query) = self.rest.split_at(self.rest.find('?').unwrap_or(self.rest.len()));
        Self {
            scheme: self.scheme.to_ascii_lowercase(),
            host: self.host.to_ascii_lowercase(),
            rest: format!("{}{}", escape(path, b" \"<>`{}"), escape(query, b" \"<>'")),
            ..self.clone()
        }
    }
}

/// Percent-encodes these bytes, and all that are not printable ASCII.
fn escape(text: &str, escaped: &[u8]) -> String {
    let mut result = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !escaped.contains(&byte) {
            result.push(char::from(byte));
        } else {
            let _ = write!(result, "%{byte:02X}");
        }
    }
    result
}

/// Path and query with the query read and written again as Node's `querystring` does: a repeated name's values follow
/// its first, every name gets its `=`, a space is `%20`, and fields after the thousandth are left out.
fn with_legacy_query(rest: &str) -> String {
    let Some((path, query)) = rest.split_once('?').filter(|(_, query)| !query.is_empty()) else {
        return rest.to_owned();
    };
    let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).take(1000).collect();
    let first_of = |name: &str| fields.iter().position(|(other, _)| other == name);
    let mut ordered: Vec<_> = fields.iter().collect();
    ordered.sort_by_cached_key(|(name, _)| first_of(name));
    let written: Vec<_> =
        ordered.iter().map(|(name, value)| format!("{}={}", component(name), component(value))).collect();
    format!("{path}?{}", written.join("&"))
}

/// Percent-encodes as JavaScript's `encodeURIComponent`.
fn component(text: &str) -> String {
    escape(text, b"\"#$%&+,/:;<=>?@[\\]^`{|}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(serde::Deserialize)]
    struct Vectors {
        auth_token: String,
        vectors: Vec<Vector>,
    }

    /// A request, and what Twilio's own library thinks of it; the file says how it was made.
    #[derive(serde::Deserialize)]
    struct Vector {
        name: String,
        received_url: String,
        body: String,
        signature: String,
        accepted: bool,
    }

    fn signed(body: &[u8], signature: &str) -> Request {
        let headers = vec![("x-twilio-signature".to_owned(), signature.to_owned())];
        Request { method: "POST".into(), headers, body: body.to_vec(), ..Request::default() }
    }

    #[test]
    fn agrees_with_the_official_library() {
        let file: Vectors = serde_json::from_str(include_str!("../../tests/twilio_signatures.json")).unwrap();
        assert!(file.vectors.len() >= 27);
        for vector in file.vectors {
            let request = signed(vector.body.as_bytes(), &vector.signature);
            let expected = if vector.accepted { Ok(()) } else { Err(ChannelError::WrongSignature) };
            assert_eq!(verify(&request, &vector.received_url, &file.auth_token), expected, "{}", vector.name);
        }
    }

    #[test]
    fn signs_as_the_official_library_does() {
        let file: Vectors = serde_json::from_str(include_str!("../../tests/twilio_signatures.json")).unwrap();
        let plain = file.vectors.iter().find(|vector| vector.accepted && body_hash(&vector.received_url).is_none());
        let Vector { received_url: url, body, signature, .. } = plain.unwrap();
        assert_eq!(sign(body.as_bytes(), url, &file.auth_token).as_ref(), Ok(signature));
    }

    #[test]
    fn refuses_what_it_cannot_judge() {
        let url = "https://edge.example/a";
        assert_eq!(verify(&Request::default(), url, "token"), Err(ChannelError::NotSigned));
        for signature in ["", "=", "not base64", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
            assert_eq!(verify(&signed(b"", signature), url, "token"), Err(ChannelError::WrongSignature), "{signature}");
        }
        // Anybody can sign with an empty key.
        assert_eq!(verify(&signed(b"", "AAAA"), url, "").unwrap_err().status(), 500);
        let long = vec![b'a'; 64 * 1024 + 1];
        assert_eq!(verify(&signed(&long, "AAAA"), url, "token").unwrap_err().status(), 413);
    }

    proptest! {
        #[test]
        fn never_panics(url in ".*", signature in ".*", body: Vec<u8>) {
            let _ = verify(&signed(&body, &signature), &url, "token");
        }

        #[test]
        fn never_panics_on_urls(url in "[a-zA-Z]{0,5}(://)?[a-z@:\\[\\]]{0,9}[/?#]?[a-z0-9%&='é+?/]{0,20}") {
            prop_assert!(!spellings(&url).is_empty());
        }
    }
}
