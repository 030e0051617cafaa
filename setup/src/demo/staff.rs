//! The demo's accounts. All have the password `demo-password`; only the demo has them.

use lanekeeper_domain::staff::Role;
use lanekeeper_platform::Statement;
use lanekeeper_storage::{NewAccount, put_account, put_membership};

/// `demo-password` under argon2id, with a salt that is always the same: the demo loads the same rows each time.
const PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bGFuZWtlZXBlciBkZW1vIQ$MtTtJYS1420AbdwueSaMiy8P6CySnH2IdQV8q/Ab+fE";

const ACCOUNTS: [(&str, &str, Role); 4] = [
    ("owner", "Grace Lin", Role::Owner),
    ("advisor", "Maya Torres", Role::Advisor),
    ("second-advisor", "Luis Ortega", Role::Advisor),
    ("viewer", "Paul Becker", Role::Viewer),
];

/// The accounts, for the directory's database. Those that are there already stay as they are.
pub fn accounts(stores: &[&str]) -> Vec<Statement> {
    ACCOUNTS.iter().flat_map(|(word, name, role)| account(word, name, *role, stores)).collect()
}

fn account(word: &str, name: &str, role: Role, stores: &[&str]) -> Vec<Statement> {
    let (id, email) = (format!("demo-{word}"), format!("{word}@demo.example"));
    let account = put_account(&NewAccount { id: &id, group: "demo", email: &email, name, password: Some(PASSWORD) });
    let scopes: Vec<Option<&str>> =
        if role == Role::Owner { vec![None] } else { stores.iter().copied().map(Some).collect() };
    std::iter::once(account).chain(scopes.into_iter().map(|store| put_membership(&id, store, role))).collect()
}
