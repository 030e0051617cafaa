//! Who stands at the counter: a store's customers by what they say of themselves, and what a booking for one begins with.

use crate::contacts::select_correspondent;
use crate::day::{ProfileRow, read_store};
use crate::{Correspondent, VehicleRow, ViewError};
use lanekeeper_domain::Store;
use lanekeeper_platform::{Database, Statement};
use serde::Deserialize;

/// A customer who was found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FoundCustomer {
    /// Id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// In E.164.
    pub phone: Option<String>,
    /// One of their cars, in few words.
    pub car: Option<String>,
}

/// As many as fit on a page without scrolling.
const MOST: u32 = 12;

/// A store, and its customers who are meant by a word: those whose name begins with `name`, and those whose number
/// begins with `phone`, which is the beginning of one in E.164. In one batch.
pub async fn find_customers(
    database: &impl Database,
    (group, store): (&str, &str),
    (name, phone): (Option<&str>, Option<&str>),
) -> Result<(Store, Vec<FoundCustomer>), ViewError> {
    const FOUND: &str = "SELECT c.id, c.name, \
        (SELECT address FROM identities i WHERE i.customer_id = c.id AND i.kind = 'phone') AS phone, \
        (SELECT trim(COALESCE(v.year, '') || ' ' || COALESCE(v.make, '') || ' ' || COALESCE(v.model, v.plate, '')) \
          FROM vehicles v WHERE v.customer_id = c.id ORDER BY v.updated_at DESC LIMIT 1) AS car";
    let profile = Statement::new("SELECT profile, revision, standing FROM stores WHERE id = ?1 AND group_id = ?2");
    let mut batch = vec![profile.bind(store).bind(group)];
    // A range instead of LIKE: it runs on the index whatever the word is. Nothing sorts after U+10FFFF.
    let after = |word: &str| format!("{word}\u{10ffff}");
    batch.extend(phone.map(|phone| {
        let by_phone = format!(
            "{FOUND} FROM identities f JOIN customers c ON c.id = f.customer_id \
             WHERE f.store_id = ?1 AND f.kind = 'phone' AND f.address >= ?2 AND f.address < ?3 ORDER BY f.address LIMIT {MOST}"
        );
        Statement::new(by_phone).bind(store).bind(phone).bind(after(phone))
    }));
    batch.extend(name.map(|name| {
        let by_name = format!(
            "{FOUND} FROM customers c WHERE c.store_id = ?1 AND c.name >= ?2 COLLATE NOCASE AND c.name < ?3 COLLATE NOCASE \
             ORDER BY c.name COLLATE NOCASE LIMIT {MOST}"
        );
        Statement::new(by_name).bind(store).bind(name).bind(after(name))
    }));
    let mut results = database.batch(batch).await?.into_iter();
    let (store, _) = read_store(results.next().unwrap_or_default().first::<ProfileRow>()?)?;
    let mut found: Vec<FoundCustomer> = Vec::new();
    for rows in results {
        for one in rows.decode::<FoundCustomer>()? {
            if !found.iter().any(|known| known.id == one.id) {
                found.push(one);
            }
        }
    }
    Ok((store, found))
}

/// What a booking for a customer begins with.
#[derive(Debug, Clone)]
pub struct CustomerAtCounter {
    /// The store.
    pub store: Store,
    /// Counts the changes of its rules.
    pub revision: i64,
    /// The customer, and how they can be written to.
    pub person: Correspondent,
    /// Their cars, the one heard of last first.
    pub cars: Vec<VehicleRow>,
}

/// A customer of a store of this group, in one batch.
pub async fn customer_at_counter(
    database: &impl Database,
    (group, store): (&str, &str),
    customer: &str,
) -> Result<CustomerAtCounter, ViewError> {
    let profile = Statement::new("SELECT profile, revision, standing FROM stores WHERE id = ?1 AND group_id = ?2");
    let cars = Statement::new(
        "SELECT id, customer_id, external_id, year, make, model, plate, vin, mileage, updated_at FROM vehicles \
         WHERE customer_id = ?2 AND +store_id = ?1 ORDER BY updated_at DESC, id LIMIT 20",
    );
    let batch = vec![
        profile.bind(store).bind(group),
        select_correspondent("?2").bind(store).bind(customer),
        cars.bind(store).bind(customer),
    ];
    let mut results = database.batch(batch).await?.into_iter();
    let mut next = || results.next().unwrap_or_default();
    let (store, revision) = read_store(next().first::<ProfileRow>()?)?;
    let person = next().first()?.ok_or(ViewError::NotFound("customer"))?;
    Ok(CustomerAtCounter { store, revision, person, cars: next().decode()? })
}
