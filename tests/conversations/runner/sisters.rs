//! The other stores of the group, as a transcript tells of them.

use crate::Shop;
use crate::shop::change;
use lanekeeper_domain::Store;
use lanekeeper_domain::group::GroupSettings;
use lanekeeper_domain::understanding::VehicleMention;
use lanekeeper_native::block_on;
use lanekeeper_platform::{Database, Statement};
use lanekeeper_storage::{put_vehicle, rename_customer, replace_group_settings, start_customer};
use serde_json::json;

/// `west Lakeside West; hours.week.sun = ["10:00-16:00"]`: a store like the one that is written to, beside it, and what
/// differs.
pub fn open(shop: &Shop, text: &str) -> Result<(), String> {
    let mut parts = text.split(';').map(str::trim);
    let (id, name) = parts.next().and_then(|part| part.split_once(' ')).ok_or("write: sister west Lakeside West")?;
    let mut profile = json!(shop.store);
    (profile["id"], profile["name"], profile["phone"]) = (id.into(), name.into(), "(500) 555-0177".into());
    for part in parts {
        let (path, value) = part.split_once('=').ok_or("write: sister west Lakeside West; booking.per_day = 4")?;
        let value = serde_json::from_str(value.trim()).map_err(|error| format!("that is no JSON: {error}"))?;
        change(&mut profile, path.trim(), &value);
    }
    let store: Store = serde_json::from_value(profile.clone()).map_err(|error| error.to_string())?;
    if let Some(problem) = store.problem() {
        return Err(problem);
    }
    let insert = Statement::new("INSERT INTO stores (id, group_id, profile) VALUES (?1, ?2, ?3)");
    write(shop, vec![insert.bind(id).bind(&store.group).bind(profile.to_string())])
}

/// `west Dana; 2019 Honda CR-V`: whoever writes is a customer there.
pub fn knows(shop: &Shop, from: &str, text: &str) -> Result<(), String> {
    let form = "write: sister-knows west Dana; 2019 Honda CR-V";
    let (who, car) = text.split_once(';').ok_or(form)?;
    let (store, name) = who.split_once(' ').ok_or(form)?;
    let words: Vec<&str> = car.split_whitespace().collect();
    let [year, make, model @ ..] = words.as_slice() else { return Err(form.to_owned()) };
    let car = VehicleMention {
        year: Some(year.parse().map_err(|_| "the car begins with its year")?),
        make: Some((*make).to_owned()),
        model: Some(model.join(" ")),
        plate: Some("THEIRS".to_owned()),
        ..VehicleMention::default()
    };
    let customer = format!("{store}-{from}");
    let mut statements = start_customer(store, &customer, from, shop.now());
    statements.push(rename_customer(store, &customer, name, shop.now()));
    statements.push(put_vehicle(store, &customer, &format!("{customer}-car"), &car, shop.now()));
    write(shop, statements)
}

/// `offer_sister_stores share_customers`: what the group of the store that is written to wants.
pub fn want(shop: &Shop, text: &str) -> Result<(), String> {
    let wants = |what: &str| text.split_whitespace().any(|word| word == what);
    let settings =
        GroupSettings { offer_sister_stores: wants("offer_sister_stores"), share_customers: wants("share_customers") };
    let replaced = block_on(replace_group_settings(&shop.platform, &shop.store.group, &settings, None));
    replaced.map(drop).map_err(|error| error.to_string())
}

fn write(shop: &Shop, statements: Vec<Statement>) -> Result<(), String> {
    block_on(shop.database().batch(statements)).map(drop).map_err(|error| error.to_string())
}
