//! Sessions: the cookie, how long it holds, and the token against forged forms.

use crate::call::Call;
use crate::error::DeskError;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use lanekeeper_links::Keys;
use lanekeeper_platform::{Database, Platform, Random, Statement};
use lanekeeper_storage::{NewSession, Session, load_session, rotate_session, see_session, start_session};

/// A session that is not used for so long is over: a night off ends it, a lunch break does not.
const IDLE: TimeDelta = TimeDelta::hours(12);
/// A session is over after so long, however much it is used.
const LONGEST: TimeDelta = TimeDelta::days(7);
/// After so long a session gets a new word, so that one that leaked is soon worth nothing.
const ROTATED_AFTER: TimeDelta = TimeDelta::hours(4);
/// For so long requests that were under way with the word before are still let in.
const GRACE: TimeDelta = TimeDelta::minutes(1);
/// The use of a session is noted no more often than this.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(5);

/// The header in which htmx sends the token against forgery; forms have it in the field [`TOKEN_FIELD`].
pub const TOKEN_HEADER: &str = "x-csrf-token";
/// The field in which forms send the token against forgery.
pub const TOKEN_FIELD: &str = "csrf";

/// The session of this request, with the cookie that replaces its own where its time has come.
pub async fn session_of<P: Platform>(call: &Call<'_, P>) -> Result<(Session, Option<String>), DeskError> {
    let word = cookie(call).ok_or(DeskError::NotSignedIn)?;
    let now = call.now;
    let directory = call.platform.directory();
    let session = load_session(directory, word, now, now - IDLE, now - GRACE).await?.ok_or(DeskError::NotSignedIn)?;
    if session.current && now - session.rotated_at > ROTATED_AFTER {
        let new = new_word(call.platform);
        let rotated = directory.run(rotate_session(&session.id, word, &new, now)).await?;
        // Of several requests at once one gets the new word for all of them.
        return Ok((session, (!rotated.is_empty()).then(|| set_cookie(call, &new, LONGEST))));
    }
    if now - session.seen_at > NOTED_EVERY {
        directory.run(see_session(&session.id, now)).await?;
    }
    Ok((session, None))
}

/// What begins a session of this account, and the cookie for it.
pub fn begin<P: Platform>(call: &Call<'_, P>, account: &str) -> (Vec<Statement>, String) {
    let word = new_word(call.platform);
    let id = call.new_id();
    let session = NewSession { id: &id, account, word: &word, now: call.now, expires_at: call.now + LONGEST };
    (start_session(&session).into(), set_cookie(call, &word, LONGEST))
}

/// The cookie that takes the session's away.
pub fn forget_cookie<P: Platform>(call: &Call<'_, P>) -> String {
    set_cookie(call, "", TimeDelta::zero())
}

/// The token that forms of this session carry.
pub fn token(keys: &Keys, session: &Session) -> String {
    keys.proof(&about(session))
}

/// Whether the token that came with the request is one of this session.
pub fn is_token(keys: &Keys, session: &Session, token: &str) -> bool {
    keys.is_proof(token, &about(session))
}

/// No page of customers asks for such a word.
fn about(session: &Session) -> String {
    format!("desk session {}", session.id)
}

/// A word of 256 bits.
pub fn new_word<P: Platform>(platform: &P) -> String {
    let mut bytes = [0; 32];
    platform.random().fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The session's cookie.
const COOKIE: &str = "desk";

fn set_cookie<P: Platform>(call: &Call<'_, P>, word: &str, age: TimeDelta) -> String {
    named_cookie(call, COOKIE, word, age)
}

fn cookie<'a, P: Platform>(call: &Call<'a, P>) -> Option<&'a str> {
    named_cookie_of(call, COOKIE)
}

/// What sets a cookie that no script reads and that other sites' pages do not send with what they post.
pub fn named_cookie<P: Platform>(call: &Call<'_, P>, name: &str, value: &str, age: TimeDelta) -> String {
    let secure = if call.is_secure() { "; Secure" } else { "" };
    let (prefix, seconds) = (prefix(call), age.num_seconds());
    format!("{prefix}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// The value of a cookie of ours; `None` when it is absent or empty.
pub fn named_cookie_of<'a, P: Platform>(call: &Call<'a, P>, name: &str) -> Option<&'a str> {
    let name = format!("{}{name}=", prefix(call));
    let headers = call.request.headers.iter().filter(|(key, _)| key == "cookie");
    let mut pairs = headers.flat_map(|(_, value)| value.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name.as_str())).filter(|word| !word.is_empty())
}

/// `__Host-` binds a cookie to this very host, over TLS and for all paths (RFC 6265bis, 4.1.3.2).
fn prefix<P: Platform>(call: &Call<'_, P>) -> &'static str {
    if call.is_secure() { "__Host-" } else { "" }
}
