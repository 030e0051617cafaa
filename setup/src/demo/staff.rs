//! The demo's accounts. All have the password `demo-password`; only the demo has them.

use lanekeeper_domain::staff::Role;
use lanekeeper_handling::Person;
use lanekeeper_platform::Statement;
use lanekeeper_storage::{NewAccount, put_account, put_membership};

/// `demo-password` under argon2id, with a salt that is always the same: the demo loads the same rows each time.
const PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bGFuZWtlZXBlciBkZW1vIQ$MtTtJYS1420AbdwueSaMiy8P6CySnH2IdQV8q/Ab+fE";

pub const OWNER: Person<'static> = Person { account: "demo-owner", name: "Grace Lin" };
pub const ADVISOR: Person<'static> = Person { account: "demo-advisor", name: "Maya Torres" };
pub const SECOND_ADVISOR: Person<'static> = Person { account: "demo-second-advisor", name: "Luis Ortega" };
const VIEWER: Person<'static> = Person { account: "demo-viewer", name: "Paul Becker" };

/// By the first part of their address.
const ACCOUNTS: [(&str, Person<'static>, Role); 4] = [
    ("owner", OWNER, Role::Owner),
    ("advisor", ADVISOR, Role::Advisor),
    ("second-advisor", SECOND_ADVISOR, Role::Advisor),
    ("viewer", VIEWER, Role::Viewer),
];

/// The accounts, for the directory's database. Those that are there already stay as they are.
pub fn accounts(stores: &[&str]) -> Vec<Statement> {
    ACCOUNTS.iter().flat_map(|(word, person, role)| account(word, *person, *role, stores)).collect()
}

fn account(word: &str, person: Person, role: Role, stores: &[&str]) -> Vec<Statement> {
    let (id, email) = (person.account, format!("{word}@demo.example"));
    let new = NewAccount { id, group: "demo", email: &email, name: person.name, password: Some(PASSWORD) };
    let account = put_account(&new);
    let scopes: Vec<Option<&str>> =
        if role == Role::Owner { vec![None] } else { stores.iter().copied().map(Some).collect() };
    std::iter::once(account).chain(scopes.into_iter().map(|store| put_membership(id, store, role))).collect()
}
