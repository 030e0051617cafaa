//! Who works with the desk, and what they may do.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// What somebody is at a store, from the least to the most: each may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks, and changes nothing.
    Viewer,
    /// Talks to customers.
    Agent,
    /// Receives customers: appointments, repair orders, customers' data.
    Advisor,
    /// Runs the store: its people, its settings, its audit log.
    Manager,
    /// Runs the group. Always of the whole group, never of a single store.
    Owner,
}

/// Something that a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// To see what there is at the store.
    Look,
    /// To read and write in conversations: reply, take over, hand back, note, assign, close.
    Converse,
    /// To change appointments, repair orders and customers.
    Serve,
    /// To change the store's people and settings, and to read its audit log.
    Manage,
    /// To change what concerns the whole group: its owners, its own settings.
    Own,
}

impl Role {
    /// Every role, from the least to the most.
    pub const ALL: [Self; 5] = [Self::Viewer, Self::Agent, Self::Advisor, Self::Manager, Self::Owner];

    /// The word that stands for it in the database and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Agent => "agent",
            Self::Advisor => "advisor",
            Self::Manager => "manager",
            Self::Owner => "owner",
        }
    }

    /// The role of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether it includes this permission.
    pub fn may(self, permission: Permission) -> bool {
        let least = match permission {
            Permission::Look => Self::Viewer,
            Permission::Converse => Self::Agent,
            Permission::Serve => Self::Advisor,
            Permission::Manage => Self::Manager,
            Permission::Own => Self::Owner,
        };
        self >= least
    }
}

/// A role, and where it is held: at one store, or at all of a group's, also those to come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Membership {
    /// The store; `None` is the whole group.
    pub store: Option<String>,
    /// The role there.
    pub role: Role,
}

impl Membership {
    /// Whether somebody with these memberships may give or take this one: managers up to their own role where they manage,
    /// owners everything.
    pub fn may_be_changed_by(&self, memberships: &[Self]) -> bool {
        memberships.iter().any(|own| {
            own.role.may(Permission::Manage)
                && self.role <= own.role
                && (own.store.is_none() || own.store == self.store)
        })
    }
}

/// How long nobody may try again after this many failures in a row to sign in, for one account. A person who errs is hardly
/// held up; somebody who guesses gets through a few hundred passwords a month.
pub fn account_back_off(failures: u32) -> TimeDelta {
    back_off(failures, 5)
}

/// The same for one network address, which a whole store may share.
pub fn address_back_off(failures: u32) -> TimeDelta {
    back_off(failures, 30)
}

/// Nothing for the first `free - 1` failures; then half a minute, doubled each time, up to an hour.
fn back_off(failures: u32, free: u32) -> TimeDelta {
    let Some(beyond) = failures.checked_sub(free) else { return TimeDelta::zero() };
    TimeDelta::seconds(30 << beyond.min(7)).min(TimeDelta::hours(1))
}

/// After this long without a failure they are counted anew.
pub const FAILURES_FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(store: &str, role: Role) -> Membership {
        Membership { store: Some(store.to_owned()), role }
    }

    fn everywhere(role: Role) -> Membership {
        Membership { store: None, role }
    }

    #[test]
    fn each_role_may_what_its_name_says() {
        use Permission::{Converse, Look, Manage, Own, Serve};
        let all = [Look, Converse, Serve, Manage, Own];
        let of = |role: Role| all.into_iter().filter(|permission| role.may(*permission)).collect::<Vec<_>>();
        assert_eq!(of(Role::Viewer), [Look]);
        assert_eq!(of(Role::Agent), [Look, Converse]);
        assert_eq!(of(Role::Advisor), [Look, Converse, Serve]);
        assert_eq!(of(Role::Manager), [Look, Converse, Serve, Manage]);
        assert_eq!(of(Role::Owner), all);
    }

    #[test]
    fn words_lead_back_to_roles() {
        assert!(Role::ALL.into_iter().all(|role| Role::from_word(role.as_str()) == Some(role)));
        assert_eq!(Role::from_word("admin"), None);
    }

    #[test]
    fn managers_give_and_take_up_to_their_own_role_where_they_manage() {
        let manager = [at("lakeside", Role::Manager), at("hubin", Role::Advisor)];
        assert!(at("lakeside", Role::Manager).may_be_changed_by(&manager));
        assert!(!at("hubin", Role::Viewer).may_be_changed_by(&manager), "an advisor there");
        assert!(!everywhere(Role::Viewer).may_be_changed_by(&manager), "that would be hubin too");
        assert!(!everywhere(Role::Owner).may_be_changed_by(&manager));
        let of_all = [everywhere(Role::Manager)];
        assert!(at("hubin", Role::Manager).may_be_changed_by(&of_all));
        assert!(!everywhere(Role::Owner).may_be_changed_by(&of_all));
        assert!(everywhere(Role::Owner).may_be_changed_by(&[everywhere(Role::Owner)]));
    }

    #[test]
    fn who_guesses_waits_longer_and_longer() {
        let seconds = |failures| account_back_off(failures).num_seconds();
        assert_eq!([1, 4, 5, 6, 7, 11, 12, 400].map(seconds), [0, 0, 30, 60, 120, 1920, 3600, 3600]);
        assert_eq!(address_back_off(29), TimeDelta::zero());
        assert_eq!(address_back_off(30).num_seconds(), 30);
    }
}
