//! The form of a transcript, and how it is played; `tests/conversations/README.md` explains it to its writers.

use crate::Shop;
use chrono::NaiveDateTime;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_platform::{Row, Statement};

/// Plays a transcript. The error names the line, what was wanted and what came.
pub fn play(text: &str) -> Result<(), String> {
    let mut play = Play { store: "lakeside".to_owned(), from: "+13125550123".to_owned(), shop: None, reply: None };
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            play.line(line).map_err(|error| format!("line {}: {line}\n{error}", number + 1))?;
        }
    }
    Ok(())
}

struct Play {
    store: String,
    from: String,
    shop: Option<Shop>,
    reply: Option<Reply>,
}

struct Reply {
    texts: Vec<String>,
    acts: Vec<String>,
}

impl Play {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        match command {
            "store" => self.store = rest.to_owned(),
            "from" => self.from = rest.to_owned(),
            "now" => self.now(rest)?,
            "taken" => {
                let (from, until) = rest.split_once(" - ").ok_or("write: taken 2026-11-24 09:00 - 2026-11-24 12:00")?;
                self.shop()?.take(time(from)?, time(until)?);
            }
            ">" => self.say(rest)?,
            "<" => self.expect_reply(rest)?,
            "!" => self.expect_not(rest)?,
            "=" => self.expect_state(rest)?,
            other => return Err(format!("there is no '{other}' in transcripts")),
        }
        Ok(())
    }

    fn shop(&self) -> Result<&Shop, String> {
        self.shop.as_ref().ok_or_else(|| "say first what time it is: now 2026-11-20 10:00".to_owned())
    }

    fn now(&mut self, text: &str) -> Result<(), String> {
        let local = time(text)?;
        match &self.shop {
            Some(shop) => shop.wait_until(local),
            None => self.shop = Some(Shop::open(&self.store, local)),
        }
        Ok(())
    }

    fn say(&mut self, text: &str) -> Result<(), String> {
        let shop = self.shop()?;
        let texts = shop.text(&self.from, text);
        let said = Statement::new(
            "SELECT t.said, t.understanding FROM turns t JOIN conversations c ON c.id = t.conversation_id \
             WHERE c.peer = ?1 ORDER BY t.number DESC LIMIT 1",
        );
        let row = shop.rows(said.bind(&self.from)).pop().unwrap_or_default();
        let said: Vec<serde_json::Value> = serde_json::from_str(column(&row, "said")).unwrap_or_default();
        let mut acts: Vec<String> = said.iter().map(|act| act["act"].as_str().unwrap_or_default().to_owned()).collect();
        acts.push(format!("understood {}", column(&row, "understanding")));
        self.reply = Some(Reply { texts, acts });
        Ok(())
    }

    fn expect_reply(&self, wanted: &str) -> Result<(), String> {
        let reply = self.reply.as_ref().ok_or("nothing was said yet")?;
        let came = || format!("came: {:?}\nacts: {:?}", reply.texts, reply.acts);
        if wanted == "silence" {
            return if reply.texts.is_empty() { Ok(()) } else { Err(came()) };
        }
        let found = match wanted.strip_prefix('"').and_then(|wanted| wanted.strip_suffix('"')) {
            Some(words) => reply.texts.iter().any(|text| text.contains(words)),
            None => wanted.split_whitespace().all(|act| reply.acts.iter().any(|said| said == act)),
        };
        if found { Ok(()) } else { Err(came()) }
    }

    fn expect_not(&self, unwanted: &str) -> Result<(), String> {
        match self.expect_reply(unwanted) {
            Ok(()) => Err(format!("came: {:?}", self.reply.as_ref().map(|reply| &reply.texts))),
            Err(_) => Ok(()),
        }
    }

    fn expect_state(&self, wanted: &str) -> Result<(), String> {
        let (what, wanted) = wanted.split_once(' ').unwrap_or((wanted, ""));
        let is = match what {
            "appointment" => self.appointments()?,
            "name" => self.one("SELECT u.name AS value FROM conversations c JOIN customers u ON u.id = c.customer_id WHERE c.peer = ?1")?,
            "language" => self.one("SELECT language AS value FROM conversations WHERE peer = ?1")?,
            "handling" => self.one("SELECT trim(handling || ' ' || COALESCE(handover_reason, '')) AS value FROM conversations WHERE peer = ?1")?,
            "opted-out" => self.one("SELECT CASE WHEN EXISTS (SELECT 1 FROM opt_outs WHERE address = ?1) THEN 'yes' ELSE 'no' END AS value")?,
            "delivery" => self.deliveries()?,
            other => return Err(format!("there is no '= {other}' in transcripts")),
        };
        if is.split("; ").any(|one| one == wanted) || is == wanted { Ok(()) } else { Err(format!("it is: {is}")) }
    }

    /// The booked appointments of whoever writes, e.g. "oil-change 2026-11-24 09:00 2019 Honda CR-V"; "none".
    fn appointments(&self) -> Result<String, String> {
        let shop = self.shop()?;
        let line = format!("{}-sms", shop.store.id);
        let loaded =
            lanekeeper_storage::load_turn(&shop.platform.database, &line, &shop.store.id, &self.from, "", shop.now());
        let loaded = lanekeeper_native::block_on(loaded).map_err(|error| error.to_string())?;
        let one = |appointment: &Appointment| {
            let start = shop.store.local(appointment.opening.start).format("%Y-%m-%d %H:%M");
            let car =
                appointment.vehicle.as_ref().and_then(lanekeeper_domain::vehicle::Vehicle::label).unwrap_or_default();
            format!("{} {start} {car}", appointment.services.join("+")).trim().to_owned()
        };
        let all: Vec<String> = loaded.appointments.iter().map(one).collect();
        Ok(if all.is_empty() { "none".to_owned() } else { all.join("; ") })
    }

    /// What was or will be sent, e.g. "confirmation sent", "reminder pending 2026-11-23 09:00"; "none".
    fn deliveries(&self) -> Result<String, String> {
        let shop = self.shop()?;
        let select =
            Statement::new("SELECT kind, status, due_at FROM outbox WHERE recipient = ?1 ORDER BY created_at, due_at");
        let one = |row: &Row| {
            let due =
                chrono::DateTime::from_timestamp_millis(row["due_at"].as_i64().unwrap_or_default()).unwrap_or_default();
            let due = shop.store.local(due).format(" %Y-%m-%d %H:%M").to_string();
            let due = if column(row, "status") == "pending" { due } else { String::new() };
            format!("{} {}{due}", column(row, "kind"), column(row, "status"))
        };
        let all: Vec<String> = shop.rows(select.bind(&self.from)).iter().map(one).collect();
        Ok(if all.is_empty() { "none".to_owned() } else { all.join("; ") })
    }

    fn one(&self, sql: &'static str) -> Result<String, String> {
        let row = self.shop()?.rows(Statement::new(sql).bind(&self.from)).pop().unwrap_or_default();
        Ok(column(&row, "value").to_owned())
    }
}

fn column<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
}

fn time(text: &str) -> Result<NaiveDateTime, String> {
    NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%d %H:%M")
        .map_err(|_| format!("'{text}' is not like 2026-11-20 10:00"))
}
