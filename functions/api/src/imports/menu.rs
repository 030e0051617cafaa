//! The menu. A row is an item; its op code is the key.

use super::in_profile::{self, Merged, slug};
use super::table::{Column, Record, RowErrors, Table};
use super::{Import, Outcome};
use crate::call::Call;
use crate::error::ApiError;
use lanekeeper_domain::{Language, Store};
use lanekeeper_platform::Platform;
use lanekeeper_sheets::{Row, values};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const COLUMNS: &[Column] = &[
    Column {
        name: "op_code",
        headers: &["opcode", "operationcode", "op", "code", "códigodeoperación", "código", "工项代码", "代码"],
    },
    Column { name: "id", headers: &["id", "slug"] },
    Column {
        name: "name",
        headers: &["name", "service", "description", "nombre", "servicio", "名称", "项目", "服务项目"],
    },
    Column { name: "name_en", headers: &["nameen", "english"] },
    Column { name: "name_es", headers: &["namees", "español", "spanish"] },
    Column { name: "name_zh", headers: &["namezh", "中文", "chinese"] },
    Column {
        name: "minutes",
        headers: &["minutes", "duration", "time", "length", "minutos", "duración", "时长", "分钟"],
    },
    Column { name: "price", headers: &["price", "amount", "precio", "价格"] },
    Column { name: "from", headers: &["from", "fromprice", "startingat", "desde", "起价"] },
    Column { name: "kind", headers: &["kind", "type", "tipo", "类别"] },
    Column { name: "skill", headers: &["skill", "requiredskill", "habilidad", "技能"] },
    Column { name: "bay", headers: &["bay", "baykind", "equipment", "工位"] },
    Column { name: "per_day", headers: &["perday", "dailycap", "maxperday", "每日上限"] },
];

/// Takes a menu over into the profile.
pub async fn import<P: Platform>(call: &Call<'_, P>, rows: &[Row], preview: bool) -> Result<Import, ApiError> {
    in_profile::import(call, "services", preview, &|store, items| merge(store, rows, items)).await
}

fn merge(store: &Store, rows: &[Row], items: &mut Vec<Value>) -> Merged {
    let mut errors = RowErrors::default();
    let table = Table::new(rows, COLUMNS, &["op_code"], &mut errors);
    let mut outcome = Outcome { rows: table.len(), ignored_columns: table.ignored.clone(), ..Outcome::default() };
    let (mut seen, mut places) = (BTreeMap::new(), BTreeMap::new());
    for record in table.records() {
        let Some(op_code) = record.text("op_code") else {
            record.note("op_code", &mut errors, "is missing");
            continue;
        };
        if let Some(row) = seen.insert(op_code.to_owned(), record.number()) {
            record.note("op_code", &mut errors, format!("stands in row {row} already"));
            continue;
        }
        let place = items.iter().position(|item| item["op_code"] == op_code);
        let before = place.map(|place| items[place].clone());
        let item = item(store, record, op_code, before.as_ref(), &mut errors);
        places.insert(item["id"].as_str().unwrap_or_default().to_owned(), record.number());
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

fn item(store: &Store, record: Record, op_code: &str, before: Option<&Value>, errors: &mut RowErrors) -> Value {
    let mut item = before.cloned().unwrap_or_else(|| json!({"op_code": op_code, "names": {}}));
    for (column, language) in
        [("name", store.language), ("name_en", Language::En), ("name_es", Language::Es), ("name_zh", Language::Zh)]
    {
        if let Some(name) = record.text(column) {
            put_name(&mut item["names"], language.code(), name);
        }
    }
    if let Some(id) = record.text("id") {
        item["id"] = id.into();
    } else if item.get("id").is_none() {
        item["id"] = slug(record.text("name").or(record.text("name_en")).unwrap_or(op_code)).into();
        if item["id"] == "" {
            item["id"] = slug(op_code).into();
        }
    }
    let minutes = record.read("minutes", errors, |text| {
        values::minutes(text)
            .filter(|minutes| (1..=1440).contains(minutes))
            .ok_or_else(|| format!("'{text}' is no length of time from 1 to 1440 minutes"))
    });
    if let Some(minutes) = minutes {
        item["minutes"] = minutes.into();
    } else if before.is_none() && record.text("minutes").is_none() {
        record.note("minutes", errors, "is missing");
    }
    let price = record.read("price", errors, |text| price(text, &store.currency));
    let from = record
        .read("from", errors, |text| values::yes_or_no(text).ok_or_else(|| format!("'{text}' is neither yes nor no")));
    if let Some(amount) = price {
        item["price"] = json!({"amount": amount, "from": from.unwrap_or(false)});
    } else if let (Some(from), Some(price)) = (from, item.get_mut("price")) {
        price["from"] = from.into();
    }
    for column in ["kind", "skill", "bay"] {
        if let Some(text) = record.text(column) {
            item[column] = text.to_lowercase().replace(' ', "-").into();
        }
    }
    let per_day =
        record.read("per_day", errors, |text| text.parse::<u32>().map_err(|_| format!("'{text}' is no number")));
    if let Some(per_day) = per_day {
        item["per_day"] = per_day.into();
    }
    item
}

/// Puts a name before the others of its language.
fn put_name(names: &mut Value, language: &str, name: &str) {
    if !names.is_object() {
        *names = Value::Object(Map::new());
    }
    let Some(list) = names[language].as_array_mut() else {
        names[language] = json!([name]);
        return;
    };
    list.retain(|other| other != name);
    list.insert(0, name.into());
}

fn price(text: &str, currency: &str) -> Result<i64, String> {
    match values::money(text, minor_digits(currency)) {
        Some(amount) if amount < 0 => Err("is negative".to_owned()),
        Some(amount) => Ok(amount),
        None => Err(format!("'{text}' is no amount of {currency}")),
    }
}

/// How many digits a currency has behind the point (ISO 4217), for those that have other than two.
fn minor_digits(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "VND" | "CLP" | "PYG" | "ISK" | "UGX" | "XAF" | "XOF" | "XPF" => 0,
        _ => 2,
    }
}
