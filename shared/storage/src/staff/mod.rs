//! Who works with the desk: accounts, sessions, and the log of what people changed.
//!
//! All but the log of a store stands in the directory's database.

mod accounts;
mod audit;
mod sessions;
mod sign_in;

pub use accounts::{NewAccount, change_account, put_account, put_membership};
pub use audit::{Audit, audit};
pub use sessions::{
    Colleague, NewSession, Session, StoreAccess, end_session, load_session, rotate_session, see_session, start_session,
};
pub use sign_in::{Knock, forget_failures, knock};
