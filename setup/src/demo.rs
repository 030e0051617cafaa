//! The demo: two stores, a line each, an API key, accounts for the desk, and a few cars in the shop to ask about.

pub mod staff;

use crate::file::Setup;
use lanekeeper_platform::Statement;

/// The demo's stores, lines and API key.
pub fn setup() -> Result<Setup, String> {
    Setup::parse(include_str!("../../demo/setup.json"), |path| match path {
        "stores/lakeside.json" => Ok(include_str!("../../demo/stores/lakeside.json").to_owned()),
        "stores/hubin.json" => Ok(include_str!("../../demo/stores/hubin.json").to_owned()),
        other => Err(format!("{other} is not built in")),
    })
}

/// A customer with a car in the shop, by the number to ask from.
struct InTheShop {
    store: &'static str,
    phone: &'static str,
    car: (u16, &'static str, &'static str),
    order: &'static str,
    stage: &'static str,
    waiting_for: Option<&'static str>,
    /// Hours from the loading of the demo to the promised time.
    promised_in_hours: i32,
}

const IN_THE_SHOP: [InTheShop; 3] = [
    InTheShop {
        store: "lakeside",
        phone: "+15005550100",
        car: (2019, "Honda", "CR-V"),
        order: "10482",
        stage: "work_in_progress",
        waiting_for: None,
        promised_in_hours: 3,
    },
    InTheShop {
        store: "lakeside",
        phone: "+15005550101",
        car: (2021, "Ford", "F-150"),
        order: "10479",
        stage: "parts_ordered",
        waiting_for: Some("front brake rotors"),
        promised_in_hours: 27,
    },
    InTheShop {
        store: "hubin",
        phone: "+8617000000100",
        car: (2022, "BYD", "汉"),
        order: "3306",
        stage: "completed",
        waiting_for: None,
        promised_in_hours: 1,
    },
];

/// The cars in the shop of the demo's stores on this shard; on the first, the accounts too.
pub fn more(setup: &Setup, shard: u32) -> Vec<Statement> {
    let stores: Vec<&str> = setup.profiles.iter().map(|store| store.id.as_str()).collect();
    let accounts = if shard == 1 { staff::accounts(&stores) } else { Vec::new() };
    let cars = IN_THE_SHOP.iter().filter(|entry| setup.shard_of(entry.store) == shard).flat_map(in_the_shop);
    accounts.into_iter().chain(cars).collect()
}

fn in_the_shop(entry: &InTheShop) -> [Statement; 4] {
    let id = format!("demo-{}-{}", entry.store, entry.order);
    let statement = |sql: &'static str| Statement::new(sql).bind(&id).bind(entry.store);
    let (year, make, model) = entry.car;
    [
        statement(
            "INSERT INTO customers (id, store_id, created_at, updated_at) VALUES (?1, ?2, unixepoch() * 1000, unixepoch() * 1000) \
             ON CONFLICT DO NOTHING",
        ),
        statement(
            "INSERT INTO identities (customer_id, store_id, kind, address) VALUES (?1, ?2, 'phone', ?3) ON CONFLICT DO NOTHING",
        )
        .bind(entry.phone),
        statement(
            "INSERT INTO vehicles (id, customer_id, store_id, year, make, model, updated_at) \
             VALUES (?1, ?1, ?2, ?3, ?4, ?5, unixepoch() * 1000) ON CONFLICT DO NOTHING",
        )
        .bind(i32::from(year))
        .bind(make)
        .bind(model),
        statement(
            "INSERT INTO repair_orders (id, customer_id, vehicle_id, store_id, number, stage, waiting_for, promised_at, updated_at) \
             VALUES (?1, ?1, ?1, ?2, ?3, ?4, ?5, (unixepoch() / 900 * 900 + ?6 * 3600) * 1000, unixepoch() * 1000) \
             ON CONFLICT (id) DO UPDATE SET stage = excluded.stage, promised_at = excluded.promised_at",
        )
        .bind(entry.order)
        .bind(entry.stage)
        .bind(entry.waiting_for)
        .bind(entry.promised_in_hours),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;
    use lanekeeper_native::{NativeDatabase, NativePlatform, block_on};
    use lanekeeper_platform::{Database, Platform, Shards};

    #[test]
    fn the_demo_loads_twice_as_rows_and_as_text() {
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let setup = setup().unwrap();
        let loaded = |shard| {
            let mut statements = setup.statements(key, shard).unwrap();
            statements.extend(more(&setup, shard));
            let database = NativeDatabase::in_memory().unwrap();
            block_on(lanekeeper_storage::migrate(&database)).unwrap();
            block_on(database.batch(statements.clone())).unwrap();
            for statement in &statements {
                database.script(&sql::text(statement)).unwrap();
            }
            database
        };
        let platform =
            NativePlatform::over(Shards::new(loaded(1), vec![loaded(2)]), "2026-11-20T15:00:00Z".parse().unwrap());
        let playbook = block_on(lanekeeper_storage::playbook(&platform, "hubin-sms")).unwrap().unwrap();
        assert_eq!(playbook.shard, 2);
        assert_eq!((playbook.store.name.as_str(), playbook.store_revision), ("湖滨汽车服务", 2));
        assert!(!playbook.line.credentials.contains("demo-twilio-token"));
        let caller = block_on(lanekeeper_storage::caller(platform.directory(), "demo-api-key")).unwrap().unwrap();
        assert_eq!(caller.group_id, "demo");
    }
}
