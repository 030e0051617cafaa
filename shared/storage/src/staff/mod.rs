//! Who works with the desk: accounts, sessions, and the log of what people changed.
//!
//! All but the log of a store stands in the directory's database.

mod accounts;
mod audit;
mod people;
mod sessions;
mod sign_in;

pub use accounts::{NewAccount, account_of, change_account, put_account, put_membership};
pub use audit::{Audit, AuditFilter, AuditRow, audit, audit_log};
pub use people::{
    Invited, Person, accept_invitation, end_sessions, forget_past_staff, invitation, is_last_owner, open_account,
    password_of, people, put_invitation, set_disabled, set_memberships, set_password,
};
pub use sessions::{
    Colleague, NewSession, Session, StoreAccess, end_session, load_session, rotate_session, see_session, start_session,
};
pub use sign_in::{Knock, forget_failures, knock};

use lanekeeper_platform::DatabaseError;

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DatabaseError> {
    serde_json::from_str(text).map_err(|error| DatabaseError::Decode(error.to_string()))
}
