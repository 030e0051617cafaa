//! Technicians and their shifts. A row is a person; the id is the key, made from the name where the file has none.

use super::in_profile::{self, Merged, slug};
use super::table::{Column, Record, RowErrors, Table};
use super::{Import, Outcome, date_order};
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_domain::Store;
use lanekeeper_domain::hours::Span;
use lanekeeper_platform::Platform;
use lanekeeper_sheets::Row;
use lanekeeper_sheets::values::{self, DateOrder};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const COLUMNS: &[Column] = &[
    Column { name: "id", headers: &["id", "technicianid", "techid", "employeeid", "number", "工号"] },
    Column {
        name: "name", headers: &["name", "technician", "technicianname", "nombre", "técnico", "姓名", "技师"]
    },
    Column { name: "skills", headers: &["skills", "skill", "certifications", "habilidades", "技能"] },
    Column { name: "mon", headers: &["mon", "monday", "lunes", "lun", "周一", "星期一"] },
    Column { name: "tue", headers: &["tue", "tuesday", "martes", "mar", "周二", "星期二"] },
    Column { name: "wed", headers: &["wed", "wednesday", "miércoles", "mié", "周三", "星期三"] },
    Column { name: "thu", headers: &["thu", "thursday", "jueves", "jue", "周四", "星期四"] },
    Column { name: "fri", headers: &["fri", "friday", "viernes", "vie", "周五", "星期五"] },
    Column { name: "sat", headers: &["sat", "saturday", "sábado", "sáb", "周六", "星期六"] },
    Column { name: "sun", headers: &["sun", "sunday", "domingo", "dom", "周日", "星期日", "星期天"] },
    Column { name: "leave", headers: &["leave", "vacation", "daysoff", "vacaciones", "休假"] },
];

/// Takes technicians over into the profile.
pub async fn import<P: Platform>(call: &Call<'_, P>, rows: &[Row], preview: bool) -> Result<Import, ApiError> {
    in_profile::import(call, "technicians", preview, &|store, items| merge(store, rows, items)).await
}

fn merge(store: &Store, rows: &[Row], items: &mut Vec<Value>) -> Merged {
    let mut errors = RowErrors::default();
    let table = Table::new(rows, COLUMNS, &["id", "name"], &mut errors);
    let mut outcome = Outcome { rows: table.len(), ignored_columns: table.ignored.clone(), ..Outcome::default() };
    let mut places = BTreeMap::new();
    for record in table.records() {
        let id = slug(record.text("id").or(record.text("name")).unwrap_or_default());
        if id.is_empty() {
            record.note("id", &mut errors, "is missing: letters a to z and digits");
            continue;
        }
        if let Some(row) = places.insert(id.clone(), record.number()) {
            record.note("id", &mut errors, format!("'{id}' stands in row {row} already"));
            continue;
        }
        let place = items.iter().position(|item| item["id"] == id.as_str());
        let before = place.map(|place| items[place].clone());
        let item = item(&table, record, &id, before.as_ref(), date_order(store), &mut errors);
        match (place, before) {
            (_, Some(before)) if before == item => outcome.unchanged += 1,
            (Some(place), _) => {
                items[place] = item;
                outcome.updated += 1;
            }
            (None, _) => {
                items.push(item);
                outcome.created += 1;
            }
        }
    }
    (outcome, errors, places)
}

fn item(
    table: &Table,
    record: Record,
    id: &str,
    before: Option<&Value>,
    order: DateOrder,
    errors: &mut RowErrors,
) -> Value {
    let mut item = before.cloned().unwrap_or_else(|| json!({"id": id, "shifts": {}}));
    match record.text("name") {
        Some(name) => item["name"] = name.into(),
        None if before.is_none() => item["name"] = id.into(),
        None => {}
    }
    if let Some(skills) = record.text("skills") {
        let skills: std::collections::BTreeSet<String> =
            skills.split([',', ';', '|', '、', '，']).map(slug).filter(|skill| !skill.is_empty()).collect();
        item["skills"] = json!(skills);
    }
    // Where a file has shifts, a day without any is a day off: the row is the whole week.
    if DAYS.iter().any(|day| table.has(day)) {
        let week: BTreeMap<&str, Vec<Span>> =
            DAYS.iter().map(|day| (*day, record.read(day, errors, shifts).unwrap_or_default())).collect();
        item["shifts"]["week"] = json!(week);
    }
    if let Some(leave) = record.read("leave", errors, |text| leave(text, order)) {
        item["shifts"]["leave"] = json!(leave);
    }
    item
}

/// `08:00-12:00, 13:00-17:00`, also with AM and PM, or `off`.
fn shifts(text: &str) -> Result<Vec<Span>, String> {
    if matches!(text.to_lowercase().as_str(), "off" | "-" | "libre" | "休" | "closed") {
        return Ok(Vec::new());
    }
    text.split([',', ';', '/', '\n', '，'])
        .map(|span| {
            let (from, until) =
                span.split_once(['-', '–', '~', '至']).ok_or_else(|| format!("'{span}' is not like 08:00-17:00"))?;
            let clock = |text: &str| match text.trim() {
                "24:00" => Some("24:00".to_owned()),
                text => values::clock(text).map(|time| time.format("%H:%M").to_string()),
            };
            let times = clock(from).zip(clock(until));
            let (from, until) = times.ok_or_else(|| format!("'{}' has a time that no day has", span.trim()))?;
            format!("{from}-{until}").parse()
        })
        .collect()
}

/// Days, or first and last days with `to` or `..` between them, one after another with commas or semicolons.
fn leave(text: &str, order: DateOrder) -> Result<Vec<Value>, String> {
    text.split([';', '\n', '|'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (from, until) = [" to ", "..", " – ", " - ", " a ", "至"]
                .into_iter()
                .find_map(|between| part.split_once(between))
                .unwrap_or((part, part));
            let dates = values::date(from, order).zip(values::date(until, order));
            let (from, until) =
                dates.ok_or_else(|| format!("'{part}' is neither a date nor two, like 2026-12-24 to 2026-12-31"))?;
            if from > until {
                return Err(format!("'{part}' ends before it begins"));
            }
            Ok(json!({"from": from, "until": until}))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_in_many_forms() {
        let shown =
            |text: &str| shifts(text).map(|spans| spans.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        for text in ["08:00-12:00, 13:00-17:00", "8:00 AM - 12:00 PM; 1pm–5pm", "8:00-12:00/13:00-17:00"] {
            assert_eq!(shown(text).as_deref(), Ok("08:00-12:00 13:00-17:00"), "{text}");
        }
        assert_eq!(shown("off").as_deref(), Ok(""));
        assert_eq!(shown("08:00-24:00").as_deref(), Ok("08:00-24:00"));
        for text in ["08:00-30:00", "mornings", "17:00-08:00"] {
            assert!(shown(text).is_err(), "{text}");
        }
    }

    #[test]
    fn leave_is_days_and_ranges() {
        let leave = |text| leave(text, DateOrder::MonthFirst).map(|days| json!(days));
        let days =
            json!([{"from": "2026-12-24", "until": "2026-12-31"}, {"from": "2027-01-04", "until": "2027-01-04"}]);
        assert_eq!(leave("12/24/2026 to 12/31/2026; Jan 4, 2027"), Ok(days));
        assert!(leave("2026-02-30").is_err());
        assert!(leave("2026-12-31 to 2026-12-24").is_err());
    }
}
