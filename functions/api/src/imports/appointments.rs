//! Open appointments, from another system. A row is an appointment; its id there is the key. Each takes its place in the
//! store's capacity like any other, and nobody is texted about it.

use super::table::{Column, Record, RowErrors, Table};
use super::{Import, Outcome, date_order};
use crate::call::Call;
use crate::check::{phone, words};
use crate::error::ApiError;
use crate::profile;
use chrono::{DateTime, Days, NaiveDateTime, Utc};
use lanekeeper_domain::openings::{Booked, Load, Opening, openings};
use lanekeeper_domain::work::Work;
use lanekeeper_domain::{Store, Transport};
use lanekeeper_platform::{DatabaseError, Platform, Statement};
use lanekeeper_sheets::{Row, values};
use lanekeeper_storage::{
    CustomerRow, KnownAppointment, NewAppointment, Revised, ViewError, book, expect_appointment, known_appointments,
    known_customers, load_between, name_appointment, reschedule, store_row,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most appointments of one file. Each takes statements of its own, and D1 allows a thousand in one request.
const MOST: usize = 300;

#[rustfmt::skip]
const COLUMNS: &[Column] = &[
    Column { name: "external_id", headers: &["appointmentid", "appointment", "appointmentno", "appointmentnumber", "externalid", "id", "预约编号"] },
    Column { name: "customer", headers: &["customerid", "customernumber", "customerno", "客户编号"] },
    Column { name: "phone", headers: &["phone", "phonenumber", "mobile", "mobilephone", "cell", "teléfono", "celular", "电话", "手机"] },
    Column { name: "start", headers: &["start", "startsat", "datetime", "appointmenttime", "inicio", "预约时间"] },
    Column { name: "date", headers: &["date", "day", "fecha", "日期"] },
    Column { name: "time", headers: &["time", "hour", "hora", "时间"] },
    Column { name: "services", headers: &["services", "service", "opcode", "opcodes", "servicio", "servicios", "服务项目", "项目"] },
    Column { name: "concern", headers: &["concern", "complaint", "notes", "comentario", "问题描述"] },
    Column { name: "transport", headers: &["transport", "transportation", "transporte", "交通方式"] },
];

/// An appointment as a row has it.
struct Wanted<'a> {
    record: Record<'a>,
    external_id: String,
    /// The customer's id in the other system, or a phone number.
    customer: Result<String, String>,
    start: DateTime<Utc>,
    services: Vec<String>,
    concern: Option<String>,
    transport: Option<Transport>,
}

/// Takes appointments over.
pub async fn import<P: Platform>(call: &Call<'_, P>, rows: &[Row], preview: bool) -> Result<Import, ApiError> {
    let row = store_row(call.database(), call.group(), call.place("store")).await?;
    let store = profile::parse(&row)?;
    let mut errors = RowErrors::default();
    let table = Table::new(rows, COLUMNS, &["external_id"], &mut errors);
    let mut outcome = Outcome { rows: table.len(), ignored_columns: table.ignored.clone(), ..Outcome::default() };
    if table.len() > MOST {
        errors.note(1, "external_id", format!("a file may have {MOST} appointments; send the others in another one"));
        return Ok(Err((outcome, errors)));
    }
    let wanted = wanted(&store, &table, &mut errors);
    let keys = |phone: bool| {
        let key = |wanted: &Wanted| if phone { wanted.customer.clone().err() } else { wanted.customer.clone().ok() };
        wanted.iter().filter_map(key).collect::<Vec<_>>()
    };
    let customers = known_customers(call.database(), &store.id, &keys(false), &keys(true)).await?;
    let ids: Vec<String> = wanted.iter().map(|wanted| wanted.external_id.clone()).collect();
    let known = known_appointments(call.database(), &store.id, &ids).await?;
    let today = store.local(call.now).date();
    let last = today + Days::new(store.booking.days_ahead.into());
    let load = load_between(call.database(), &store, today, last, None).await?;

    let mut plan =
        Plan { call, store: Revised { profile: &store, revision: row.revision }, load, statements: Vec::new() };
    for wanted in &wanted {
        plan.place(wanted, &customers, &known, &mut outcome, &mut errors);
    }
    if !errors.0.is_empty() {
        return Ok(Err((outcome, errors)));
    }
    if !preview {
        match call.batch(plan.statements).await {
            Err(ApiError::View(ViewError::Database(DatabaseError::Constraint(_)))) => {
                let detail = "The store's appointments changed while the file was read. Send it again.";
                return Err(ApiError::Conflict(detail.to_owned(), Value::Null));
            }
            done => drop(done?),
        }
    }
    Ok(Ok(outcome))
}

struct Plan<'a, 'c, P: Platform> {
    call: &'a Call<'c, P>,
    store: Revised<'a>,
    /// What is taken, this file's appointments included as they are placed.
    load: Load,
    statements: Vec<Statement>,
}

impl<P: Platform> Plan<'_, '_, P> {
    fn place(
        &mut self,
        wanted: &Wanted,
        customers: &[CustomerRow],
        known: &[KnownAppointment],
        outcome: &mut Outcome,
        errors: &mut RowErrors,
    ) {
        let before = known.iter().find(|known| known.external_id == wanted.external_id);
        if let Some(before) = before {
            if before.status != "booked" {
                return wanted.record.note("external_id", errors, "was called off already");
            }
            if before.starts_at == wanted.start.timestamp_millis() {
                outcome.unchanged += 1;
                return;
            }
        }
        let customer = customers.iter().find(|customer| match &wanted.customer {
            Ok(id) => customer.external_id.as_ref() == Some(id),
            Err(phone) => customer.phone.as_ref() == Some(phone),
        });
        let Some(customer) = customer else {
            let column = if wanted.customer.is_ok() { "customer" } else { "phone" };
            return wanted.record.note(column, errors, "the store has no such customer; import customers first");
        };
        let Some(opening) = self.opening(wanted) else {
            let column = if wanted.record.text("start").is_some() { "start" } else { "time" };
            return wanted.record.note(column, errors, "the store has no opening at this time");
        };
        let booked =
            Booked { opening: opening.clone(), services: wanted.services.clone(), transport: wanted.transport };
        self.load.take(self.store.profile, &booked);
        let (store, now) = (self.store, self.call.now);
        if let Some(before) = before {
            self.statements.push(expect_appointment(&store.profile.id, &before.id, Some(before.sequence)));
            let moved = reschedule(store, &before.id, &opening, &wanted.services, wanted.transport, now);
            self.statements.extend(moved);
            outcome.updated += 1;
            return;
        }
        let id = self.call.new_id();
        let new = NewAppointment {
            id: &id,
            customer: &customer.id,
            conversation: None,
            vehicle: None,
            services: &wanted.services,
            concern: wanted.concern.as_deref(),
            opening: &opening,
            transport: wanted.transport,
            transport_address: None,
        };
        self.statements.extend(book(store, &new, now));
        self.statements.push(name_appointment(&store.profile.id, &id, &wanted.external_id));
        outcome.created += 1;
    }

    fn opening(&self, wanted: &Wanted) -> Option<Opening> {
        let store = self.store.profile;
        let work = Work { transport: wanted.transport, ..Work::of(store, &wanted.services, None) };
        let date = store.local(wanted.start).date();
        let day = self.load.on(date)?;
        openings(store, &day, &work, self.call.now).into_iter().find(|opening| opening.start == wanted.start)
    }
}

fn wanted<'a>(store: &Store, table: &'a Table<'a>, errors: &mut RowErrors) -> Vec<Wanted<'a>> {
    let mut seen = BTreeMap::new();
    let mut all = Vec::new();
    for record in table.records() {
        let Some(external_id) = record.read("external_id", errors, |text| words(text, 100)) else {
            if record.text("external_id").is_none() {
                record.note("external_id", errors, "is missing");
            }
            continue;
        };
        if let Some(row) = seen.insert(external_id.clone(), record.number()) {
            record.note("external_id", errors, format!("stands in row {row} already"));
            continue;
        }
        let customer = match record.text("customer") {
            Some(id) => Some(Ok(id.to_owned())),
            None => record.read("phone", errors, |text| phone(text, &store.calling_code)).map(Err),
        };
        if record.text("customer").is_none() && record.text("phone").is_none() {
            record.note("customer", errors, "is missing, and there is no phone number");
        }
        let start = start(store, record, errors);
        let services = record.read("services", errors, |text| services(store, text));
        if record.text("services").is_none() {
            record.note("services", errors, "is missing");
        }
        let concern = record.read("concern", errors, |text| words(text, 1000));
        let transport = record.read("transport", errors, |text| transport(store, text));
        if let (Some(customer), Some(start), Some(services)) = (customer, start, services) {
            all.push(Wanted { record, external_id, customer, start, services, concern, transport });
        }
    }
    all
}

fn start(store: &Store, record: Record, errors: &mut RowErrors) -> Option<DateTime<Utc>> {
    let order = date_order(store);
    let instant =
        |local: NaiveDateTime| store.instant(local).ok_or_else(|| format!("{local} is skipped by the clocks"));
    if record.text("start").is_some() {
        return record.read("start", errors, |text| {
            values::moment(text, order).ok_or_else(|| format!("'{text}' is no date with a time")).and_then(instant)
        });
    }
    let date =
        record.read("date", errors, |text| values::date(text, order).ok_or_else(|| format!("'{text}' is no date")));
    let time = record
        .read("time", errors, |text| values::clock(text).ok_or_else(|| format!("'{text}' is no time of the day")));
    for column in ["date", "time"] {
        if record.text(column).is_none() {
            record.note(column, errors, "is missing");
        }
    }
    match instant(date?.and_time(time?)) {
        Ok(instant) => Some(instant),
        Err(reason) => {
            record.note("time", errors, reason);
            None
        }
    }
}

/// Items of the menu by op code, id or name, with commas or semicolons between them.
fn services(store: &Store, text: &str) -> Result<Vec<String>, String> {
    text.split([',', ';', '，', '、'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| {
            let named = |names: &Vec<String>| names.iter().any(|name| name.eq_ignore_ascii_case(word));
            let found = store.services.iter().find(|service| {
                service.op_code.eq_ignore_ascii_case(word) || service.id == word || service.names.values().any(named)
            });
            found.map(|service| service.id.clone()).ok_or_else(|| format!("there is no '{word}' on the menu"))
        })
        .collect()
}

fn transport(store: &Store, text: &str) -> Result<Transport, String> {
    let name = text.to_lowercase().replace([' ', '-'], "_");
    let found = Transport::from_name(&name).filter(|transport| store.transport.has(*transport));
    found.ok_or_else(|| format!("'{text}' is not offered by the store"))
}
