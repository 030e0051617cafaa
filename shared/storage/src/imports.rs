//! Many rows at once. They travel as JSON arrays, so that a batch has few statements with few parameters: D1 allows 100
//! parameters in a statement and 2 MB in a value (developers.cloudflare.com/d1/platform/limits).

use crate::people::{CustomerRow, VehicleRow};
use lanekeeper_platform::{Database, DatabaseError, Statement};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// How many rows go into one value: some 300 kB, and few enough that what they find fits into one as well.
const CHUNK: usize = 1000;

// CROSS JOIN in these queries makes SQLite go through the given keys, each on an index, and not through the store's rows; so does the plus before a
// column that all those rows share.

/// The store's customers who have one of these ids of another system, or one of these phone numbers; each once.
pub async fn known_customers(
    database: &impl Database,
    store: &str,
    external_ids: &[String],
    phones: &[String],
) -> Result<Vec<CustomerRow>, DatabaseError> {
    const BY_ID: &str = "SELECT json_group_array(json_object('id', c.id, 'name', c.name, 'external_id', c.external_id, 'preferred_line', c.preferred_line, \
           'phone', (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone'), \
           'created_at', c.created_at, 'updated_at', c.updated_at)) AS found \
         FROM json_each(?2) j CROSS JOIN customers c ON c.store_id = ?1 AND c.external_id = j.value";
    const BY_PHONE: &str = "SELECT json_group_array(json_object('id', c.id, 'name', c.name, 'external_id', c.external_id, 'preferred_line', c.preferred_line, \
           'phone', i.address, 'created_at', c.created_at, 'updated_at', c.updated_at)) AS found \
         FROM json_each(?2) j CROSS JOIN identities i ON i.store_id = ?1 AND i.kind = 'phone' AND i.address = j.value \
           JOIN customers c ON c.id = i.customer_id";
    let by_id =
        external_ids.chunks(CHUNK).map(|chunk| Statement::new(BY_ID).bind(store).bind(json!(chunk).to_string()));
    let by_phone =
        phones.chunks(CHUNK).map(|chunk| Statement::new(BY_PHONE).bind(store).bind(json!(chunk).to_string()));
    let mut rows: Vec<CustomerRow> = found(database, by_id.chain(by_phone).collect()).await?;
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows.dedup_by(|a, b| a.id == b.id);
    Ok(rows)
}

/// The cars of these customers of the store.
pub async fn known_vehicles(
    database: &impl Database,
    store: &str,
    customers: &[String],
) -> Result<Vec<VehicleRow>, DatabaseError> {
    const SELECT: &str = "SELECT json_group_array(json_object('id', v.id, 'customer_id', v.customer_id, \
           'external_id', v.external_id, 'year', v.year, 'make', v.make, 'model', v.model, 'plate', v.plate, 'vin', v.vin, \
           'mileage', v.mileage, 'updated_at', v.updated_at)) AS found \
         FROM json_each(?2) j CROSS JOIN vehicles v ON v.customer_id = j.value WHERE +v.store_id = ?1";
    let chunks = customers.chunks(CHUNK);
    found(database, chunks.map(|chunk| Statement::new(SELECT).bind(store).bind(json!(chunk).to_string())).collect())
        .await
}

/// An appointment that another system has as well.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct KnownAppointment {
    pub id: String,
    pub external_id: String,
    /// In milliseconds since 1970.
    pub starts_at: i64,
    /// `booked` or `cancelled`.
    pub status: String,
    pub sequence: u32,
}

/// The store's appointments with these ids of another system.
pub async fn known_appointments(
    database: &impl Database,
    store: &str,
    external_ids: &[String],
) -> Result<Vec<KnownAppointment>, DatabaseError> {
    const SELECT: &str = "SELECT json_group_array(json_object('id', a.id, 'external_id', a.external_id, \
           'starts_at', a.starts_at, 'status', a.status, 'sequence', a.sequence)) AS found \
         FROM json_each(?2) j CROSS JOIN appointments a ON a.store_id = ?1 AND a.external_id = j.value";
    let chunks = external_ids.chunks(CHUNK);
    found(database, chunks.map(|chunk| Statement::new(SELECT).bind(store).bind(json!(chunk).to_string())).collect())
        .await
}

async fn found<T: DeserializeOwned>(
    database: &impl Database,
    statements: Vec<Statement>,
) -> Result<Vec<T>, DatabaseError> {
    #[derive(Deserialize)]
    struct Found {
        found: String,
    }
    let mut all = Vec::new();
    for rows in database.batch(statements).await? {
        for Found { found } in rows.decode()? {
            let mut rows: Vec<T> =
                serde_json::from_str(&found).map_err(|error| DatabaseError::Decode(error.to_string()))?;
            all.append(&mut rows);
        }
    }
    Ok(all)
}

/// Writes customers who are new or have changed. `left` are phone numbers that their customers no longer have; `phones`
/// are numbers and the ids of the customers who have them now.
pub fn put_customers(
    store: &str,
    customers: &[CustomerRow],
    left: &[String],
    phones: &[(String, String)],
) -> Vec<Statement> {
    const PUT: &str = "INSERT INTO customers (id, store_id, name, external_id, created_at, updated_at) \
         SELECT value ->> 0, ?1, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?2) WHERE true \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, external_id = excluded.external_id, \
           updated_at = excluded.updated_at";
    const LEAVE: &str = "DELETE FROM identities WHERE store_id = ?1 AND kind = 'phone' \
         AND address IN (SELECT value FROM json_each(?2))";
    const CALL: &str = "INSERT INTO identities (store_id, kind, address, customer_id) \
         SELECT ?1, 'phone', value ->> 0, value ->> 1 FROM json_each(?2)";
    let rows = customers.iter().map(|row| json!([row.id, row.name, row.external_id, row.created_at, row.updated_at]));
    let left = left.iter().map(|phone| json!(phone));
    let phones = phones.iter().map(|pair| json!(pair));
    let mut statements = in_chunks(store, PUT, &rows.collect::<Vec<_>>());
    statements.extend(in_chunks(store, LEAVE, &left.collect::<Vec<_>>()));
    statements.extend(in_chunks(store, CALL, &phones.collect::<Vec<_>>()));
    statements
}

/// Writes cars that are new or have changed.
pub fn put_vehicles(store: &str, vehicles: &[VehicleRow]) -> Vec<Statement> {
    const PUT: &str = "INSERT INTO vehicles (id, store_id, customer_id, external_id, year, make, model, plate, vin, mileage, \
           updated_at) \
         SELECT value ->> 0, ?1, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, \
           value ->> 8, value ->> 9 FROM json_each(?2) WHERE true \
         ON CONFLICT (id) DO UPDATE SET external_id = excluded.external_id, year = excluded.year, make = excluded.make, \
           model = excluded.model, plate = excluded.plate, vin = excluded.vin, mileage = excluded.mileage, \
           updated_at = excluded.updated_at";
    let rows = vehicles.iter().map(|row| {
        json!([
            row.id,
            row.customer_id,
            row.external_id,
            row.year,
            row.make,
            row.model,
            row.plate,
            row.vin,
            row.mileage,
            row.updated_at,
        ])
    });
    in_chunks(store, PUT, &rows.collect::<Vec<_>>())
}

/// The statement once for each chunk of the rows.
fn in_chunks(store: &str, sql: &'static str, rows: &[Value]) -> Vec<Statement> {
    rows.chunks(CHUNK).map(|chunk| Statement::new(sql).bind(store).bind(json!(chunk).to_string())).collect()
}
