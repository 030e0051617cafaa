//! Customers and their cars. A row is a customer, with one car or none; who has several cars stands in several rows. The
//! key is the id in another system, or the phone number where the file has no such id. A car is found again by its VIN,
//! its plate, or else by year, make and model among the customer's.

use super::table::{Column, Record, RowErrors, Table};
use super::{Import, Outcome};
use crate::call::Call;
use crate::check::{mileage, phone, whole_vin, words, year};
use crate::error::ApiError;
use lanekeeper_domain::Store;
use lanekeeper_platform::{DatabaseError, Platform};
use lanekeeper_sheets::Row;
use lanekeeper_storage::{
    CustomerRow, VehicleRow, known_customers, known_vehicles, put_customers, put_vehicles, store_profile,
};
use std::collections::BTreeMap;

const COLUMNS: &[Column] = &[
    Column {
        name: "external_id",
        headers: &["externalid", "customerid", "customernumber", "customerno", "id", "客户编号"],
    },
    Column {
        name: "name",
        headers: &["name", "customer", "customername", "fullname", "nombre", "cliente", "姓名", "客户姓名"],
    },
    Column { name: "first_name", headers: &["firstname", "first", "givenname"] },
    Column { name: "last_name", headers: &["lastname", "last", "surname", "familyname", "apellido", "apellidos"] },
    Column {
        name: "phone",
        headers: &[
            "phone",
            "phonenumber",
            "mobile",
            "mobilephone",
            "cell",
            "cellphone",
            "teléfono",
            "móvil",
            "celular",
            "电话",
            "手机",
            "手机号",
        ],
    },
    Column { name: "year", headers: &["year", "modelyear", "vehicleyear", "año", "年份", "年款"] },
    Column { name: "make", headers: &["make", "vehiclemake", "brand", "marca", "品牌"] },
    Column { name: "model", headers: &["model", "vehiclemodel", "modelo", "车型"] },
    Column {
        name: "plate",
        headers: &["plate", "licenseplate", "license", "registration", "placa", "matrícula", "车牌", "车牌号"],
    },
    Column { name: "vin", headers: &["vin", "vehiclevin", "vinnumber", "车架号"] },
    Column { name: "mileage", headers: &["mileage", "odometer", "kilometraje", "millaje", "里程"] },
];

/// A customer as the file has one, from one row or several.
struct Person {
    row: usize,
    external_id: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    cars: Vec<(usize, Car)>,
}

/// A car as a row has it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Car {
    year: Option<u16>,
    make: Option<String>,
    model: Option<String>,
    plate: Option<String>,
    vin: Option<String>,
    mileage: Option<u32>,
}

/// What is to be written.
#[derive(Default)]
struct Plan {
    customers: Vec<CustomerRow>,
    /// Phone numbers that their customers no longer have.
    left: Vec<String>,
    /// Phone numbers and the ids of the customers who have them now.
    phones: Vec<(String, String)>,
    vehicles: Vec<VehicleRow>,
}

/// Takes customers and cars over.
pub async fn import<P: Platform>(call: &Call<'_, P>, rows: &[Row], preview: bool) -> Result<Import, ApiError> {
    let store = store_profile(call.database(), call.group(), call.place("store")).await?;
    let mut errors = RowErrors::default();
    let table = Table::new(rows, COLUMNS, &["phone", "external_id"], &mut errors);
    let people = people(&store, &table, &mut errors);
    let mut outcome = Outcome { rows: table.len(), ignored_columns: table.ignored.clone(), ..Outcome::default() };

    let keys = |key: fn(&Person) -> Option<&String>| people.iter().filter_map(key).cloned().collect::<Vec<_>>();
    let (ids, phones) = (keys(|person| person.external_id.as_ref()), keys(|person| person.phone.as_ref()));
    let known = known_customers(call.database(), &store.id, &ids, &phones).await?;
    let known_ids: Vec<String> = known.iter().map(|row| row.id.clone()).collect();
    let cars = known_vehicles(call.database(), &store.id, &known_ids).await?;
    let plan = plan(call, &people, &known, &cars, &mut outcome, &mut errors);
    if !errors.0.is_empty() {
        return Ok(Err((outcome, errors)));
    }
    if !preview {
        let mut statements = put_customers(&store.id, &plan.customers, &plan.left, &plan.phones);
        statements.extend(put_vehicles(&store.id, &plan.vehicles));
        match call.batch(statements).await {
            Err(ApiError::View(lanekeeper_storage::ViewError::Database(DatabaseError::Constraint(_)))) => {
                let detail = "The store's customers changed while the file was read. Send it again.";
                return Err(ApiError::Conflict(detail.to_owned(), serde_json::Value::Null));
            }
            done => drop(done?),
        }
    }
    Ok(Ok(outcome))
}

/// The file's customers, each once.
fn people(store: &Store, table: &Table, errors: &mut RowErrors) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    let (mut by_id, mut by_phone) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
    for record in table.records() {
        let row = record.number();
        let external_id = record.read("external_id", errors, |text| words(text, 100));
        let number = record.read("phone", errors, |text| phone(text, &store.calling_code));
        let name = name(record, errors);
        let car = car(record, errors);
        if record.text("external_id").is_none() && record.text("phone").is_none() {
            record.note("phone", errors, "is missing, and there is no customer id");
            continue;
        }
        let same = match (&external_id, &number) {
            (Some(id), _) => by_id.get(id),
            (None, Some(number)) => by_phone.get(number),
            (None, None) => continue,
        };
        let place = same.copied().unwrap_or(people.len());
        if let Some(person) = people.get_mut(place) {
            for (column, ours, theirs) in [("name", &mut person.name, &name), ("phone", &mut person.phone, &number)] {
                match (&*ours, theirs) {
                    (Some(ours), Some(theirs)) if ours != theirs => {
                        let reason = format!("row {} has '{ours}' for the same customer", person.row);
                        record.note(column, errors, reason);
                    }
                    (None, theirs) => ours.clone_from(theirs),
                    _ => {}
                }
            }
        } else {
            let (external_id, phone) = (external_id.clone(), number.clone());
            people.push(Person { row, external_id, name, phone, cars: Vec::new() });
        }
        if let Some(id) = external_id {
            by_id.insert(id, place);
        }
        if let Some(number) = number
            && let Some(other) = by_phone.insert(number, place).filter(|other| *other != place)
        {
            record.note("phone", errors, format!("is another customer's, in row {}", people[other].row));
        }
        people[place].cars.extend(car.map(|car| (row, car)));
    }
    people
}

fn name(record: Record, errors: &mut RowErrors) -> Option<String> {
    let checked = |text: &str| words(text, 100);
    if let Some(name) = record.read("name", errors, checked) {
        return Some(name);
    }
    let first = record.read("first_name", errors, checked);
    let last = record.read("last_name", errors, checked);
    let whole: Vec<String> = first.into_iter().chain(last).collect();
    (!whole.is_empty()).then(|| whole.join(" "))
}

fn car(record: Record, errors: &mut RowErrors) -> Option<Car> {
    let number = |text: &str| {
        let digits = text.replace([',', ' ', '\''], "");
        digits.parse::<i64>().map_err(|_| format!("'{text}' is no whole number"))
    };
    let car = Car {
        year: record.read("year", errors, |text| number(text).and_then(year)),
        make: record.read("make", errors, |text| words(text, 60)),
        model: record.read("model", errors, |text| words(text, 60)),
        plate: record.read("plate", errors, |text| words(text, 60)),
        vin: record.read("vin", errors, whole_vin),
        mileage: record.read("mileage", errors, |text| number(text).and_then(mileage)),
    };
    (car != Car::default()).then_some(car)
}

fn plan<P: Platform>(
    call: &Call<'_, P>,
    people: &[Person],
    known: &[CustomerRow],
    cars: &[VehicleRow],
    outcome: &mut Outcome,
    errors: &mut RowErrors,
) -> Plan {
    let by_id: BTreeMap<&str, &CustomerRow> =
        known.iter().filter_map(|row| Some((row.external_id.as_deref()?, row))).collect();
    let by_phone: BTreeMap<&str, &CustomerRow> =
        known.iter().filter_map(|row| Some((row.phone.as_deref()?, row))).collect();
    let mut cars_of: BTreeMap<&str, Vec<&VehicleRow>> = BTreeMap::new();
    for car in cars {
        cars_of.entry(&car.customer_id).or_default().push(car);
    }
    let mut plan = Plan::default();
    for person in people {
        let with_phone = person.phone.as_deref().and_then(|phone| by_phone.get(phone).copied());
        let with_id = person.external_id.as_deref().and_then(|id| by_id.get(id).copied());
        // Somebody we know by phone only is given the id.
        let before = with_id.or(with_phone.filter(|row| person.external_id.is_none() || row.external_id.is_none()));
        if let Some(other) = with_phone.filter(|other| before.is_none_or(|before| before.id != other.id)) {
            let whose = other.external_id.as_deref().unwrap_or(&other.id);
            errors.note(person.row, "phone", format!("is the number of another customer of the store: {whose}"));
            continue;
        }
        let mut row = before.cloned().unwrap_or_else(|| CustomerRow {
            id: call.new_id(),
            name: None,
            phone: None,
            external_id: None,
            preferred_line: None,
            created_at: call.now.timestamp_millis(),
            updated_at: call.now.timestamp_millis(),
        });
        let old_phone = row.phone.clone();
        for (place, value) in [
            (&mut row.name, &person.name),
            (&mut row.phone, &person.phone),
            (&mut row.external_id, &person.external_id),
        ] {
            if value.is_some() {
                place.clone_from(value);
            }
        }
        if let Some(number) = row.phone.as_ref().filter(|_| row.phone != old_phone) {
            plan.left.extend(old_phone);
            plan.phones.push((number.clone(), row.id.clone()));
        }
        let ours = cars_of.get(row.id.as_str()).map_or(&[][..], Vec::as_slice);
        let fresh = vehicles(call, &row.id, ours, &person.cars);
        let same = before == Some(&row);
        match before {
            None => outcome.created += 1,
            Some(_) if same && fresh.is_empty() => outcome.unchanged += 1,
            Some(_) => outcome.updated += 1,
        }
        if !same {
            row.updated_at = lanekeeper_storage::later(call.now, row.updated_at - i64::from(before.is_none()));
            plan.customers.push(row);
        }
        plan.vehicles.extend(fresh);
    }
    plan
}

/// The cars that are new or change.
fn vehicles<P: Platform>(
    call: &Call<'_, P>,
    customer: &str,
    ours: &[&VehicleRow],
    cars: &[(usize, Car)],
) -> Vec<VehicleRow> {
    let mut fresh: Vec<VehicleRow> = Vec::new();
    for (_, car) in cars {
        let known = fresh.iter().position(|row| is_same(row, car));
        let before = ours.iter().copied().find(|row| is_same(row, car));
        let mut row = known.map(|place| fresh.remove(place)).or(before.cloned()).unwrap_or_else(|| VehicleRow {
            id: call.new_id(),
            customer_id: customer.to_owned(),
            external_id: None,
            year: None,
            make: None,
            model: None,
            plate: None,
            vin: None,
            mileage: None,
            updated_at: 0,
        });
        row.year = car.year.or(row.year);
        row.mileage = car.mileage.or(row.mileage);
        for (place, value) in [
            (&mut row.make, &car.make),
            (&mut row.model, &car.model),
            (&mut row.plate, &car.plate),
            (&mut row.vin, &car.vin),
        ] {
            if value.is_some() {
                place.clone_from(value);
            }
        }
        if before != Some(&row) {
            row.updated_at = lanekeeper_storage::later(call.now, row.updated_at);
            fresh.push(row);
        }
    }
    fresh
}

fn is_same(row: &VehicleRow, car: &Car) -> bool {
    if let (Some(ours), Some(theirs)) = (&row.vin, &car.vin) {
        return ours == theirs;
    }
    if let (Some(ours), Some(theirs)) = (&row.plate, &car.plate) {
        return ours.eq_ignore_ascii_case(theirs);
    }
    let same = |ours: &Option<String>, theirs: &Option<String>| match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
        _ => ours.is_none() == theirs.is_none(),
    };
    row.year == car.year && same(&row.make, &car.make) && same(&row.model, &car.model)
}
