//! Two customers who prove to be one, and the way back.
//!
//! What was the second one's becomes the first one's, table by table, and the row of the merge keeps the ids. A split gives
//! them back, with what has come through the second one's conversations since. The second one's row stays all the while.

use crate::at;
use chrono::{DateTime, Utc};
use lanekeeper_platform::Statement;

/// Two customers of a store who are one.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Merge<'a> {
    /// Id of the merge.
    pub id: &'a str,
    pub store: &'a str,
    /// Who stays.
    pub into: &'a str,
    /// Who turned out to be the same.
    pub from: &'a str,
    /// What says so: `phone_code`, or an account's id.
    pub how: &'a str,
}

/// Tables whose rows belong to a customer and have an id. A test compares them with the schema.
const OWNED: [&str; 7] =
    ["conversations", "vehicles", "appointments", "waitlist", "repair_orders", "outbox", "satisfaction"];

/// Merges two customers. The batch fails where one of them is not there, or is merged already. Turns that were loaded before
/// it fail as well (see [`crate::update_conversation`]).
pub fn merge_customers(merge: &Merge, now: DateTime<Utc>) -> Vec<Statement> {
    let Merge { id, store, into, from, how } = *merge;
    let bind = |sql: String| Statement::new(sql).bind(store).bind(into).bind(from);
    let ids: Vec<String> = OWNED
        .iter()
        .map(|table| {
            format!(
                "'{table}', json((SELECT json_group_array(id) FROM {table} WHERE customer_id = ?3 AND +store_id = ?1))"
            )
        })
        .collect();
    let alive = |place: &str| {
        format!("(SELECT id FROM customers WHERE id = {place} AND store_id = ?1 AND merged_into IS NULL AND ?2 <> ?3)")
    };
    let record = format!(
        "INSERT INTO merges (store_id, into_customer, from_customer, id, how, at, moved) \
         SELECT ?1, {}, {}, ?4, ?5, ?6, json_object({}, \
           'identities', json((SELECT json_group_array(json_array(kind, address)) FROM identities WHERE customer_id = ?3 AND +store_id = ?1)), \
           'maintenance', json((SELECT json_group_array(vehicle_id) FROM maintenance WHERE customer_id = ?3 AND +store_id = ?1)), \
           'named', EXISTS (SELECT 1 FROM customers WHERE id = ?2 AND name IS NULL))",
        alive("?2"),
        alive("?3"),
        ids.join(", ")
    );
    // Who waits twice for the same waits once; what was held for the second wish is free again.
    let doubled = "FROM waitlist WHERE customer_id = ?3 AND +store_id = ?1 AND status IN ('waiting', 'offered') AND services IN \
        (SELECT services FROM waitlist w WHERE w.customer_id = ?2 AND w.status IN ('waiting', 'offered'))";
    let mut statements = vec![
        bind(record).bind(id).bind(how).bind(at(now)),
        bind(format!("DELETE FROM claims WHERE +store_id = ?1 AND holder IN (SELECT id {doubled})")),
        bind(format!(
            "UPDATE waitlist SET status = 'withdrawn', offered = NULL, offered_until = NULL WHERE id IN (SELECT id {doubled})"
        )),
    ];
    statements.extend(
        OWNED.iter().chain(&["identities", "maintenance"]).map(|table| {
            bind(format!("UPDATE {table} SET customer_id = ?2 WHERE customer_id = ?3 AND +store_id = ?1"))
        }),
    );
    statements.push(
        bind(
            "UPDATE customers SET name = COALESCE(name, (SELECT name FROM customers WHERE id = ?3)), updated_at = ?4 \
             WHERE id = ?2 AND store_id = ?1"
                .to_owned(),
        )
        .bind(at(now)),
    );
    statements.push(
        bind("UPDATE customers SET merged_into = ?2, updated_at = ?4 WHERE id = ?3 AND store_id = ?1".to_owned())
            .bind(at(now)),
    );
    statements
}

/// Takes a merge back: its second customer has again what was moved, and what has come through those conversations since.
/// A merge that was taken back already changes nothing.
pub fn split_customers(store: &str, merge: &str, now: DateTime<Utc>) -> Vec<Statement> {
    let bind = |sql: String| Statement::new(sql).bind(store).bind(merge);
    let this = "FROM merges g WHERE g.id = ?2 AND g.store_id = ?1 AND g.split_at IS NULL";
    let moved = |what: &str| {
        format!(
            "(SELECT j.value FROM merges g, json_each(g.moved, '$.{what}') j WHERE g.id = ?2 AND g.store_id = ?1 \
               AND g.split_at IS NULL)"
        )
    };
    let back = format!("customer_id = (SELECT g.from_customer {this})");
    let theirs = format!("customer_id = (SELECT g.into_customer {this})");
    let conversations = moved("conversations");
    let mut statements: Vec<Statement> = OWNED
        .iter()
        .map(|table| bind(format!("UPDATE {table} SET {back} WHERE id IN {} AND {theirs}", moved(table))))
        .collect();
    // Ids sort by the time of their making: a car that is younger than the merge came with one of its appointments.
    statements.push(bind(format!(
        "UPDATE vehicles SET {back} WHERE id IN (SELECT vehicle_id FROM appointments WHERE conversation_id IN {conversations}) \
           AND id > ?2 AND {theirs}"
    )));
    statements.extend(
        ["appointments", "waitlist", "outbox", "satisfaction"].iter().map(|table| {
            bind(format!("UPDATE {table} SET {back} WHERE conversation_id IN {conversations} AND {theirs}"))
        }),
    );
    statements.push(bind(format!(
        "UPDATE identities SET {back} WHERE store_id = ?1 AND (kind, address) IN (SELECT j.value ->> 0, j.value ->> 1 \
           FROM merges g, json_each(g.moved, '$.identities') j WHERE g.id = ?2 AND g.store_id = ?1 AND g.split_at IS NULL)"
    )));
    statements.push(bind(format!(
        "UPDATE maintenance SET {back} WHERE vehicle_id IN (SELECT id FROM vehicles v WHERE v.customer_id = (SELECT g.from_customer {this}))"
    )));
    statements.push(
        bind(format!(
            "UPDATE customers SET name = NULL, updated_at = ?3 WHERE id = (SELECT g.into_customer {this} AND g.moved ->> 'named') \
               AND name IS (SELECT f.name FROM merges g JOIN customers f ON f.id = g.from_customer WHERE g.id = ?2)"
        ))
        .bind(at(now)),
    );
    statements.push(
        bind(format!(
            "UPDATE customers SET merged_into = NULL, updated_at = ?3 WHERE id = (SELECT g.from_customer {this})"
        ))
        .bind(at(now)),
    );
    statements.push(
        bind("UPDATE merges SET split_at = ?3 WHERE id = ?2 AND store_id = ?1 AND split_at IS NULL".to_owned())
            .bind(at(now)),
    );
    statements
}

#[cfg(test)]
mod tests;
