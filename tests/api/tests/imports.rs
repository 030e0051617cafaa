//! CSV and Excel files.

use lanekeeper_api_tests::{Answer, Deployment};
use serde_json::{Value, json};
use std::fmt::Write;

fn send(app: &Deployment, kind: &str, query: &str, file: &[u8]) -> Answer {
    let target = format!("/api/v1/stores/lakeside/imports/{kind}{query}");
    app.send("POST", &target, &[("authorization", "Bearer demo-key")], file)
}

fn import(app: &Deployment, kind: &str, file: &str) -> Answer {
    send(app, kind, "", file.as_bytes())
}

fn counts(answer: &Answer) -> [u64; 3] {
    ["created", "updated", "unchanged"].map(|name| answer.body[name].as_u64().unwrap())
}

/// Row, column and a word of the reason of each error.
fn has_error(answer: &Answer, row: u64, column: &str, word: &str) -> bool {
    answer.body["errors"].as_array().unwrap().iter().any(|error| {
        error["row"] == row && error["column"] == column && error["reason"].as_str().unwrap().contains(word)
    })
}

const CUSTOMERS: &str = "\u{feff}Customer No.;First Name;Last Name;Mobile Phone;Year;Make;Model;VIN;Odometer;Favourite colour\r\n\
    C1;Dana;Reyes;(312) 555-0100;2019;Honda;CR-V;1M8GDM9AXKP042788;41,200;blue\r\n\
    C1;Dana;Reyes;312-555-0100;2022;Ford;F-150;;;\r\n\
    ;;;;;;;;;\r\n\
    C2;Lucía;\"Díaz \"\"Lu\"\"\";+52 55 5555 0101;;;;;;\r\n";

#[test]
fn customers_come_with_their_cars_and_only_once() {
    let app = Deployment::new();
    let preview = send(&app, "customers", "?preview=true", CUSTOMERS.as_bytes());
    assert_eq!((preview.status, counts(&preview), &preview.body["error_count"]), (200, [2, 0, 0], &json!(0)));
    assert_eq!(app.count("SELECT count(*) AS n FROM customers"), 0, "a preview writes nothing");

    let done = import(&app, "customers", CUSTOMERS);
    assert_eq!((done.status, counts(&done), &done.body["rows"]), (200, [2, 0, 0], &json!(3)));
    assert_eq!(done.body["ignored_columns"], json!(["Favourite colour"]));
    let dana = app.get("stores/lakeside/customers?phone=3125550100").body["items"][0].clone();
    assert_eq!((&dana["name"], &dana["external_id"]), (&json!("Dana Reyes"), &json!("C1")));
    let cars = app.get(&format!("stores/lakeside/customers/{}/vehicles", dana["id"].as_str().unwrap())).body;
    assert_eq!(cars["items"].as_array().unwrap().len(), 2);
    let honda = cars["items"].as_array().unwrap().iter().find(|car| car["make"] == "Honda").unwrap();
    assert_eq!((&honda["vin"], &honda["mileage"]), (&json!("1M8GDM9AXKP042788"), &json!(41_200)));
    assert_eq!(app.get("stores/lakeside/customers?external_id=C2").body["items"][0]["name"], "Lucía Díaz \"Lu\"");

    let again = import(&app, "customers", CUSTOMERS);
    assert_eq!(counts(&again), [0, 0, 2], "the same file again changes nothing");
    let changed = import(&app, "customers", "Customer ID,Phone,VIN,Mileage\nC1,312 555 0177,1M8GDM9AXKP042788,42000\n");
    assert_eq!(counts(&changed), [0, 1, 0]);
    let dana = &app.get("stores/lakeside/customers?phone=3125550177").body["items"][0];
    assert_eq!(dana["name"], "Dana Reyes", "a column that is not there changes nothing");
    assert_eq!(app.count("SELECT count(*) AS n FROM vehicles"), 2);
    assert_eq!(app.count("SELECT mileage AS n FROM vehicles WHERE vin = '1M8GDM9AXKP042788'"), 42_000);
}

#[test]
fn one_wrong_cell_and_nothing_is_written() {
    let app = Deployment::new();
    let file = "id,name,phone,year,vin,mileage\n\
        1,Ann,3125550100,2019,,\n\
        2,Ben,call me,20x9,1M8GDM9AXKP042789,-5\n\
        3,Cem,,,,\n\
        1,Anna,3125550100,,,\n\
        4,Dan,3125550100,,,\n\
        ,Eve,,,,\n";
    let preview = send(&app, "customers", "?preview=true", file.as_bytes());
    assert_eq!(preview.status, 200);
    for (row, column, word) in [
        (3, "phone", "no"),
        (3, "year", "number"),
        (3, "vin", "check digit"),
        (3, "mileage", "0 to"),
        (5, "name", "row 2"),
        (6, "phone", "another customer"),
        (7, "phone", "missing"),
    ] {
        assert!(has_error(&preview, row, column, word), "{row} {column}: {}", preview.body);
    }
    let refused = import(&app, "customers", file);
    assert_eq!((refused.status, &refused.body["errors"]), (422, &preview.body["errors"]));
    assert_eq!(app.count("SELECT count(*) AS n FROM customers"), 0);

    assert_eq!(import(&app, "customers", "name\nAnn\n").fields(), ["row 1, phone"]);
    assert_eq!(import(&app, "customers", "phone,Mobile\n1,2\n").fields()[0], "row 1, Mobile");
    assert_eq!(import(&app, "customers", "").fields(), ["body"]);
    assert_eq!(import(&app, "customers", "phone\n\"312").fields(), ["body"]);
    assert_eq!(send(&app, "customers", "", b"PK\x03\x04 not really").fields(), ["body"]);
    assert_eq!(send(&app, "customers", "?preview=maybe", b"phone\n1\n").fields(), ["preview"]);
    assert_eq!(import(&app, "anything", "a\n1\n").status, 404);
}

#[test]
fn another_customers_number_is_not_taken() {
    let app = Deployment::new();
    import(&app, "customers", "id,phone\n1,3125550100\n2,3125550101\n");
    let taken = import(&app, "customers", "id,phone\n3,3125550100\n");
    assert!(has_error(&taken, 2, "phone", "another customer of the store: 1"), "{}", taken.body);
    app.post("stores/lakeside/customers", &json!({"phone": "3125550102"}));
    assert_eq!(counts(&import(&app, "customers", "id,phone\n4,3125550102\n")), [0, 1, 0], "known by phone only");
}

#[test]
fn ten_thousand_customers_come_at_once() {
    let app = Deployment::new();
    let mut file = String::from("id\tname\tphone\tmake\tmodel\n");
    for number in 0..10_000 {
        writeln!(file, "C{number}\tCustomer {number}\t+1312{:07}\tHonda\tCivic", 2_000_000 + number).unwrap();
    }
    let utf16: Vec<u8> = format!("\u{feff}{file}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let batches = app.platform.shards.directory().batches();
    let done = send(&app, "customers", "", &utf16);
    assert_eq!((done.status, counts(&done)), (200, [10_000, 0, 0]), "{}", done.body);
    assert!(app.platform.shards.directory().batches() - batches <= 6);
    assert_eq!(app.count("SELECT count(*) AS n FROM vehicles"), 10_000);
    assert_eq!(counts(&send(&app, "customers", "", &utf16)), [0, 0, 10_000]);
    file.push_str("C10000\tone too many\t+13129999999\t\t\n");
    assert_eq!(import(&app, "customers", &file).fields(), ["body"]);
}

#[test]
fn a_menu_is_taken_over() {
    let app = Deployment::new();
    let known = app.get("stores/lakeside/services/oil-change").body;
    let op_code = known["op_code"].as_str().unwrap();
    let file = format!(
        "Op Code,Service,Duration,Price,From,Name ES\n{op_code},,1:15,\"$1,049.95\",yes,\nWF1,Wiper Fluid,15 min,9,,Líquido\n"
    );
    let done = import(&app, "menu", &file);
    assert_eq!((done.status, counts(&done)), (200, [1, 1, 0]), "{}", done.body);
    let oil = app.get("stores/lakeside/services/oil-change").body;
    assert_eq!((&oil["minutes"], &oil["price"]), (&json!(75), &json!({"amount": 104_995, "from": true})));
    assert_eq!(oil["names"], known["names"]);
    let fluid = app.get("stores/lakeside/services/wiper-fluid").body;
    assert_eq!(fluid["names"], json!({"en": ["Wiper Fluid"], "es": ["Líquido"]}));
    assert_eq!(counts(&import(&app, "menu", &file)), [0, 0, 2]);

    let wrong =
        "op,name,minutes,price,kind\nA1,One,30 hours,-5,\nA2,Two,,free of charge,\nA2,Three,20,,\nA3,Four,20,,rocket\n";
    let refused = import(&app, "menu", wrong);
    for (row, column, word) in [
        (2, "minutes", "1440"),
        (2, "price", "negative"),
        (3, "minutes", "missing"),
        (3, "price", "USD"),
        (4, "op", "row 3"),
    ] {
        assert!(has_error(&refused, row, column, word), "{row} {column}: {}", refused.body);
    }
    let refused = import(&app, "menu", "op,name,minutes,kind\nA3,Four,20,rocket\n");
    assert!(has_error(&refused, 2, "kind", "rocket"), "{}", refused.body);
    assert_eq!(app.get("stores/lakeside").etag(), "\"2\"", "only the first file changed anything");
}

#[test]
fn technicians_and_their_shifts_are_taken_over() {
    let app = Deployment::new();
    let file = "Technician;Skills;Monday;Tue;Wed;Thu;Fri;Sat;Vacation\n\
        Ann Lee;ev, Alignment;8:00 AM - 12:00 PM, 1pm-5pm;8:00-17:00;8:00-17:00;8:00-17:00;off;;12/24/2026 to 12/31/2026\n\
        Bo;;;;;;;09:00-14:00;\n";
    let done = import(&app, "technicians", file);
    assert_eq!((done.status, counts(&done)), (200, [2, 0, 0]), "{}", done.body);
    let profile = app.get("stores/lakeside").body;
    let ann = profile["technicians"].as_array().unwrap().iter().find(|person| person["id"] == "ann-lee").unwrap();
    assert_eq!(ann["skills"], json!(["alignment", "ev"]));
    assert_eq!(ann["shifts"]["week"]["mon"], json!(["08:00-12:00", "13:00-17:00"]));
    assert_eq!(ann["shifts"]["leave"], json!([{"from": "2026-12-24", "until": "2026-12-31"}]));
    assert_eq!(counts(&import(&app, "technicians", file)), [0, 0, 2]);

    let refused = import(&app, "technicians", "id,name,mon\nx,X,08:00-30:00\ny,Y,\"08:00-12:00, 11:00-13:00\"\nx,Z,\n");
    assert!(has_error(&refused, 2, "mon", "no day has"), "{}", refused.body);
    assert!(has_error(&refused, 4, "id", "row 2"), "{}", refused.body);
    let refused = import(&app, "technicians", "id,name,mon\ny,Y,\"08:00-12:00, 11:00-13:00\"\n");
    assert_eq!((refused.status, &refused.body["errors"][0]["row"]), (422, &json!(2)), "{}", refused.body);
    assert_eq!(app.get("stores/lakeside").body["technicians"], profile["technicians"]);
    assert_ne!(profile["technicians"], Value::Null);
}

#[test]
fn open_appointments_take_their_places() {
    let app = Deployment::new();
    import(&app, "customers", "id,phone,name\nC1,3125550100,Dana\n");
    let oil = app.get("stores/lakeside/services/oil-change").body["op_code"].as_str().unwrap().to_owned();
    let file = format!(
        "Appointment ID,Customer ID,Phone,Date,Time,Op Codes,Notes\n\
         A1,C1,,11/24/2026,9:00 AM,{oil},squeaks\nA2,,(312) 555-0100,24.11.2026,10:00,oil-change; tire-rotation,\n"
    );
    assert_eq!(counts(&send(&app, "appointments", "?preview=true", file.as_bytes())), [2, 0, 0]);
    assert_eq!(app.count("SELECT count(*) AS n FROM appointments"), 0);
    let done = import(&app, "appointments", &file);
    assert_eq!((done.status, counts(&done)), (200, [2, 0, 0]), "{}", done.body);
    let items = app.get("stores/lakeside/appointments").body["items"].clone();
    assert_eq!((&items[0]["starts_at"], &items[0]["concern"]), (&json!("2026-11-24T15:00:00.000Z"), &json!("squeaks")));
    assert_eq!(items[1]["more_services"], json!(["tire-rotation"]));
    assert_eq!(app.count("SELECT count(*) AS n FROM outbox"), 0, "nobody is texted");
    assert_eq!(counts(&import(&app, "appointments", &file)), [0, 0, 2]);
    assert_eq!(counts(&import(&app, "appointments", &file.replace("9:00 AM", "8:00 AM"))), [0, 1, 1]);

    let bays = app.get("stores/lakeside/bays").body["items"].as_array().unwrap().len();
    let mut full = String::from("id,phone,start,services\n");
    for number in 0..=bays {
        writeln!(full, "F{number},3125550100,2026-11-25 09:00,oil-change").unwrap();
    }
    let refused = import(&app, "appointments", &full);
    assert_eq!(refused.body["errors"].as_array().unwrap().len(), 1, "{}", refused.body);
    assert!(has_error(&refused, bays as u64 + 2, "start", "no opening"), "{}", refused.body);
    let wrong = import(
        &app,
        "appointments",
        "id,phone,date,time,services,transport\n\
        1,3125550199,11/24/2026,9:00,oil-change,\n2,3125550100,2/30/2026,25:00,teleport,horse\n3,,,,,\n2,3125550100,11/24/2026,9:00,oil-change,\n",
    );
    for (row, column, word) in [
        (2, "phone", "no such customer"),
        (3, "date", "no date"),
        (3, "time", "no time"),
        (3, "services", "teleport"),
        (3, "transport", "not offered"),
        (4, "customer", "missing"),
        (4, "services", "missing"),
        (5, "id", "row 3"),
    ] {
        assert!(has_error(&wrong, row, column, word), "{row} {column}: {}", wrong.body);
    }
    assert_eq!(app.count("SELECT count(*) AS n FROM appointments"), 2);
}
