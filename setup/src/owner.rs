//! The first owner of a group: nobody is there yet to invite them.

use lanekeeper_platform::Statement;
use lanekeeper_storage::key_hash;

/// Makes an account of the group with this address, unless there is one, makes it an owner, and lets the holder of `word` choose
/// its password within three days. An account of another group is left alone.
pub fn let_in(email: &str, group: &str, word: &str) -> Vec<Statement> {
    let hash = key_hash(word);
    let email = email.to_lowercase();
    let statement = |sql: &'static str| Statement::new(sql).bind(&email).bind(group);
    let name = email.split('@').next().unwrap_or_default().to_owned();
    vec![
        statement(
            "INSERT INTO accounts (id, group_id, email, name, created_at, updated_at) \
             VALUES (?3, ?2, ?1, ?4, unixepoch() * 1000, unixepoch() * 1000) ON CONFLICT DO NOTHING",
        )
        .bind(&hash[..26])
        .bind(name),
        statement("UPDATE accounts SET disabled_at = NULL WHERE email = ?1 AND group_id = ?2"),
        statement(
            "INSERT INTO memberships (account_id, store_id, role) \
             SELECT id, NULL, 'owner' FROM accounts WHERE email = ?1 AND group_id = ?2 \
             ON CONFLICT (account_id, COALESCE(store_id, '')) DO UPDATE SET role = 'owner'",
        ),
        statement(
            "DELETE FROM invitations WHERE used_at IS NULL AND account_id IN \
             (SELECT id FROM accounts WHERE email = ?1 AND group_id = ?2)",
        ),
        statement(
            "INSERT INTO invitations (hash, group_id, account_id, created_at, expires_at) \
             SELECT ?3, group_id, id, unixepoch() * 1000, (unixepoch() + 3 * 86400) * 1000 FROM accounts \
             WHERE email = ?1 AND group_id = ?2",
        )
        .bind(&hash),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;
    use lanekeeper_native::{NativeDatabase, block_on};
    use lanekeeper_platform::Database;
    use lanekeeper_storage::{invitation, people};

    #[test]
    fn an_owner_is_let_in_also_a_second_time() {
        let database = NativeDatabase::in_memory().unwrap();
        block_on(lanekeeper_storage::migrate(&database)).unwrap();
        let now = chrono::DateTime::UNIX_EPOCH;
        block_on(database.batch(let_in("Ana@Example.com", "mine", "first"))).unwrap();
        for statement in let_in("ana@example.com", "mine", "second") {
            database.script(&sql::text(&statement)).unwrap();
        }
        block_on(database.batch(let_in("ana@example.com", "another", "third"))).unwrap();
        let found = |word: &str| block_on(invitation(&database, word, now)).unwrap().map(|invited| invited.email);
        assert_eq!(["first", "second", "third"].map(found), [None, Some("ana@example.com".to_owned()), None]);
        let people = block_on(people(&database, "mine", None, now)).unwrap();
        assert_eq!(people.len(), 1);
        assert_eq!(serde_json::json!(people[0].memberships), serde_json::json!([{"store": null, "role": "owner"}]));
        assert!(block_on(lanekeeper_storage::people(&database, "another", None, now)).unwrap().is_empty());
    }
}
