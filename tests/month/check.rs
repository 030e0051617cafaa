//! What must hold after the month.

use crate::person::Person;
use crate::town::Town;
use chrono::{DateTime, Duration, Timelike};
use lanekeeper_domain::openings::Station;
use lanekeeper_domain::repair_order::{Authorization, Progress};
use lanekeeper_native::block_on;
use lanekeeper_platform::Row;
use lanekeeper_storage::repair_order_for_store;
use std::collections::{BTreeMap, BTreeSet};

fn text<'a>(row: &'a Row, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

/// No limit was ever broken: counted from the appointments, without a look at the seats.
pub fn limits(town: &Town) {
    for (place, at) in town.places.iter().enumerate() {
        let store = &at.store;
        let rows = town.rows(
            place,
            "SELECT starts_at, stations, advisor, transport, json_insert(more_services, '$[#]', service_id) AS services \
             FROM appointments WHERE store_id = ?1 AND status = 'booked'",
        );
        assert!(!rows.is_empty());
        let mut taken: BTreeMap<(String, i64), u32> = BTreeMap::new();
        for row in &rows {
            let starts_at = row["starts_at"].as_i64().unwrap();
            let mut start = DateTime::from_timestamp_millis(starts_at).unwrap();
            let day = store.local(start).date().to_string();
            let mut uses = BTreeSet::from([(format!("day {day}"), 0)]);
            uses.insert((format!("advisor {}", text(row, "advisor")), starts_at / 1_800_000));
            match text(row, "transport") {
                "shuttle" => drop(uses.insert(("shuttle".to_owned(), starts_at / 1_800_000))),
                other => drop(uses.insert((format!("{other} {day}"), 0))),
            }
            for station in serde_json::from_str::<Vec<Station>>(text(row, "stations")).unwrap() {
                let end = start + Duration::minutes(station.minutes.into());
                for quarter in start.timestamp() / 900..(end.timestamp() + 899) / 900 {
                    uses.insert((format!("bay {}", station.bay), quarter));
                    uses.insert((format!("technician {}", station.technician.clone().unwrap()), quarter));
                }
                start = end;
            }
            for one in uses {
                *taken.entry(one).or_default() += 1;
            }
        }
        for ((what, unit), count) in taken {
            let transport = &store.transport;
            let most = match what.split(' ').next().unwrap() {
                "bay" | "technician" => 1,
                "day" => store.booking.per_day.unwrap_or(u32::MAX),
                "advisor" => store.advisors[0].per_half_hour,
                "wait" => transport.wait.as_ref().and_then(|wait| wait.per_day).unwrap_or(u32::MAX),
                "loaner" => transport.loaner.as_ref().map_or(0, |loaner| loaner.fleet),
                "shuttle" => transport.shuttle.as_ref().map_or(0, |shuttle| shuttle.seats),
                _ => u32::MAX,
            };
            assert!(count <= most, "{}: {what} at {unit}: {count} of {most}", store.id);
        }
    }
}

/// Every text is kept once, and was answered once.
pub fn answers(town: &Town) {
    let mut kept = BTreeMap::new();
    for place in 0..town.places.len() {
        let rows = town.rows(
            place,
            "SELECT m.provider_message_id, (SELECT COUNT(*) FROM messages r WHERE r.reply_to = m.id) AS replies \
             FROM messages m WHERE m.store_id = ?1 AND m.author = 'customer'",
        );
        for row in rows {
            let replies = row["replies"].as_u64().unwrap();
            assert!(kept.insert(text(&row, "provider_message_id").to_owned(), replies).is_none(), "kept twice");
        }
    }
    for (sid, replies) in &town.texts {
        assert_eq!(kept.get(sid).copied(), Some(replies.len() as u64), "{sid}: {replies:?}");
    }
}

/// What was due has left exactly once, or its row says why not.
pub fn deliveries(town: &Town) {
    let book = town.book.borrow();
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    book.accepted.iter().for_each(|message| *taken.entry(message.delivery.as_str()).or_default() += 1);
    for place in 0..town.places.len() {
        let rows = town.rows(
            place,
            "SELECT o.id, o.kind, o.status, o.due_at, o.last_error, o.attempts, o.appointment_id, a.status AS standing \
             FROM outbox o LEFT JOIN appointments a ON a.id = o.appointment_id WHERE o.store_id = ?1",
        );
        for row in &rows {
            let times = taken.get(text(row, "id")).copied().unwrap_or_default();
            let due = row["due_at"].as_i64().unwrap();
            let right = match text(row, "status") {
                "sent" | "delivered" | "undelivered" => times == 1,
                "pending" => times == 0 && due > town.now().timestamp_millis(),
                "parked" => times <= 1 && !text(row, "last_error").is_empty(),
                "withdrawn" => times == 0 || row["attempts"].as_u64() > Some(0),
                _ => false,
            };
            assert!(right && times <= 1, "sent {times} times: {row:?}");
        }
        // Every appointment was confirmed, or its confirmation says why not.
        let unconfirmed = town.rows(
            place,
            "SELECT a.id FROM appointments a WHERE a.store_id = ?1 AND NOT EXISTS \
               (SELECT 1 FROM outbox o WHERE o.appointment_id = a.id AND o.kind IN ('booked', 'moved'))",
        );
        assert!(unconfirmed.is_empty(), "{unconfirmed:?}");
    }
}

/// Nothing reached anybody at night, but for what they had just asked for, or after they had said stop.
pub fn quiet(town: &Town) {
    let book = town.book.borrow();
    assert!(book.accepted.len() > town.people.len() / 2);
    let mut bound = BTreeSet::new();
    for place in 0..town.places.len() {
        let rows = town.rows(place, "SELECT id FROM outbox WHERE store_id = ?1 AND class <> 'conversational'");
        bound.extend(rows.iter().map(|row| text(row, "id").to_owned()));
    }
    let people: BTreeMap<&str, &Person> = town.people.iter().map(|person| (person.phone.as_str(), person)).collect();
    for message in &book.accepted {
        let place = town.places.iter().position(|place| place.number == message.from).unwrap();
        let person = people[message.to.as_str()];
        let stopped = person.stopped_at.is_some_and(|stopped| stopped < message.at);
        assert!(!stopped, "after STOP: {message:?}");
        let bound = bound.contains(&message.delivery);
        let hour = message.at.with_timezone(&person.zone).hour();
        let sending = &town.places[place].store.sending;
        assert!(!bound || (sending.from..sending.until).contains(&hour), "at {hour}: {message:?}");
    }
}

/// Orders add up to the cent, and no work was begun that the customer had not agreed to at this very price.
pub fn money(town: &Town) {
    let mut sums = 0;
    for opened in &town.orders {
        let store = &town.places[opened.place].store;
        let found = repair_order_for_store(town.database(opened.place), &store.id, &opened.id);
        let order = block_on(found).unwrap().unwrap().order;
        let agreed = order.operations.iter().filter(|operation| operation.authorization.is_agreed());
        let totals = store.charges.totals(agreed.clone());
        let lines: i64 = totals.lines.iter().map(|line| line.labor + line.parts + line.tax).sum();
        assert_eq!(lines, totals.lines.iter().map(|line| line.amount).sum::<i64>());
        assert_eq!(totals.total, totals.labor + totals.parts + totals.fees + totals.tax);
        for operation in agreed {
            let (amount, agreed) = (store.charges.amount(operation), operation.authorized_amount.unwrap_or_default());
            assert!(agreed >= amount, "{operation:?}");
        }
        for operation in &order.operations {
            let begun = operation.progress != Progress::Pending;
            assert!(!begun || operation.authorization.is_agreed(), "{operation:?}");
            assert!(
                operation.authorization != Authorization::Declined || operation.progress == Progress::Pending,
                "{operation:?}"
            );
        }
        sums += totals.total;
    }
    assert!(sums > 0 && !town.orders.is_empty());
}
