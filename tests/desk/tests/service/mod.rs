//! Customers of Lakeside's with appointments.

use chrono::{DateTime, NaiveDateTime, Utc};
use lanekeeper_desk_tests::Deployment;
use lanekeeper_domain::Store;
use lanekeeper_domain::openings::{Opening, Station};
use lanekeeper_native::{NativeDatabase, block_on};
use lanekeeper_platform::{Clock, Database, Platform, Row, Statement};
use lanekeeper_storage::{NewAppointment, Revised, book};

/// The deployment with one more customer of Lakeside's: Dana, with a CR-V.
pub fn open() -> Deployment {
    let app = Deployment::new();
    lakeside(&app)
        .script(
            "DELETE FROM appointments WHERE id = 'appointment-lakeside';
             INSERT INTO customers (id, store_id, name, created_at, updated_at) VALUES ('dana', 'lakeside', 'Dana <Whitfield>', 0, 0);
             INSERT INTO identities (store_id, kind, address, customer_id) VALUES ('lakeside', 'phone', '+13125550123', 'dana');
             INSERT INTO vehicles (id, store_id, customer_id, year, make, model, updated_at)
               VALUES ('crv', 'lakeside', 'dana', 2019, 'Honda', 'CR-V', 0);",
        )
        .unwrap();
    app
}

pub fn lakeside(app: &Deployment) -> &NativeDatabase {
    app.platform.shards().get(1).unwrap().database
}

pub fn profile() -> Store {
    serde_json::from_str(include_str!("../../../../demo/stores/lakeside.json")).unwrap()
}

pub fn instant(local: &str) -> DateTime<Utc> {
    profile().instant(NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap()).unwrap()
}

/// Books an oil change for Dana at this time of the store's, in this bay by this technician.
pub fn booked(app: &Deployment, id: &str, local: &str, bay: u32, technician: &str) {
    let opening = Opening {
        start: instant(local),
        stations: vec![Station { bay, technician: Some(technician.to_owned()), minutes: 45 }],
        advisor: Some("maya".to_owned()),
    };
    let appointment = NewAppointment {
        id,
        customer: "dana",
        conversation: None,
        vehicle: Some("crv"),
        services: &["oil-change".to_owned()],
        concern: Some("it <b>squeaks</b>"),
        opening: &opening,
        transport: None,
        transport_address: None,
    };
    let now = app.platform.clock().now();
    block_on(lakeside(app).batch(book(Revised { profile: &profile(), revision: 1 }, &appointment, now))).unwrap();
}

pub fn rows(app: &Deployment, sql: &'static str) -> Vec<Row> {
    lakeside(app).look(Statement::new(sql)).unwrap().0
}

/// When an appointment is, on the store's clocks, and by whom it is done.
pub fn stands(app: &Deployment, id: &'static str) -> (String, String) {
    let row = rows(app, "SELECT id, starts_at, stations ->> '$[0].technician' AS technician FROM appointments")
        .into_iter()
        .find(|row| row["id"] == id)
        .unwrap();
    let start = DateTime::from_timestamp_millis(row["starts_at"].as_i64().unwrap()).unwrap();
    let technician = row["technician"].as_str().unwrap_or_default().to_owned();
    (profile().local(start).format("%Y-%m-%d %H:%M").to_string(), technician)
}

/// The kinds of messages that wait to be sent, in the order of their being due.
pub fn messages(app: &Deployment) -> Vec<String> {
    let waiting = "SELECT kind FROM outbox WHERE status = 'pending' ORDER BY due_at, kind";
    rows(app, waiting).iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
}
