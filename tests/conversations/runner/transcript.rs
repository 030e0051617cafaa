//! The form of a transcript, and how it is played; `tests/conversations/README.md` explains it to its writers.

use crate::people;
use crate::shop::{RepairOrder, Shop};
use crate::sisters;
use crate::visits;
use crate::workshop;
use chrono::NaiveDateTime;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::understanding::VehicleMention;
use lanekeeper_platform::{Row, Statement};
use lanekeeper_storage::IdentityKind;

/// More than this, in characters, nobody should have to read on a phone.
const LONGEST_REPLY: usize = 320;

/// Plays a transcript. The error names the line, what was wanted and what came.
pub fn play(text: &str) -> Result<(), String> {
    walk(text, |_, outcome| outcome.map(|_| ()))
}

/// Plays a transcript to the end, whatever comes, and writes down what is said in it and what came back.
pub fn show(text: &str) -> String {
    let mut shown = String::new();
    let _ = walk(text, |line, outcome| {
        shown.push_str(line);
        shown.push('\n');
        match outcome {
            Ok(Some(reply)) => shown.push_str(&reply.to_string()),
            Ok(None) => {}
            Err(error) => shown.extend(["    WRONG ", &error, "\n"]),
        }
        Ok(())
    });
    shown
}

/// Goes through a transcript and gives every line with its outcome to `watch`, until that returns an error.
fn walk(
    text: &str,
    mut watch: impl FnMut(&str, Result<Option<&Reply>, String>) -> Result<(), String>,
) -> Result<(), String> {
    let mut play = Play {
        store: "lakeside".to_owned(),
        profile: Vec::new(),
        from: "+13125550123".to_owned(),
        shop: None,
        order: String::new(),
        reply: None,
    };
    let mut lines = text.lines().map(str::trim).enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut at_once = vec![];
        while let Some((_, more)) = lines.next_if(|(_, next)| next.starts_with("& ")) {
            at_once.push(&more[2..]);
        }
        let outcome = play.line(line, &at_once).map_err(|error| format!("line {}: {line}\n{error}", number + 1));
        let spoke = line.starts_with('>') || line == "again";
        watch(line, outcome.map(|()| play.reply.as_ref().filter(|_| spoke)))?;
    }
    Ok(())
}

struct Play {
    store: String,
    profile: Vec<(String, serde_json::Value)>,
    from: String,
    shop: Option<Shop>,
    /// The repair order that was spoken of last.
    order: String,
    reply: Option<Reply>,
}

struct Reply {
    said: String,
    texts: Vec<String>,
    acts: Vec<String>,
    understood: Vec<String>,
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines = self.texts.iter().flat_map(|text| text.lines());
        lines.into_iter().try_for_each(|line| writeln!(f, "    | {line}"))?;
        writeln!(f, "    acts: {}", self.acts.join(" "))?;
        self.understood.iter().try_for_each(|understood| writeln!(f, "    understood: {understood}"))
    }
}

impl Play {
    fn line(&mut self, line: &str, at_once: &[&str]) -> Result<(), String> {
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        match command {
            "store" => rest.clone_into(&mut self.store),
            "profile" => self.change_profile(rest)?,
            "from" => rest.clone_into(&mut self.from),
            "now" => self.now(rest)?,
            "taken" => {
                let (from, until) = rest.split_once(" - ").ok_or("write: taken 2026-11-24 09:00 - 2026-11-24 12:00")?;
                self.shop()?.take(time(from)?, time(until)?);
            }
            "repair-order" => {
                let order = repair_order(rest)?;
                self.shop()?.open_repair_order(&self.from, &order);
                self.order = order.number;
            }
            "workshop" => {
                let (order, what) = rest.split_once(' ').ok_or("write: workshop 1042 asks")?;
                workshop::act(self.shop()?, order, what)?;
            }
            "workshop-cannot" => {
                let (order, what) =
                    rest.split_once(' ').ok_or("write: workshop-cannot 1042 starts Front brake pads")?;
                if workshop::act(self.shop()?, order, what).is_ok() {
                    return Err("it could".to_owned());
                }
            }
            "sister" => sisters::open(self.shop()?, rest)?,
            "sister-knows" => sisters::knows(self.shop()?, &self.from, rest)?,
            "group" => sisters::want(self.shop()?, rest)?,
            "cannot" => {
                let (verb, rest) = rest.split_once(' ').ok_or("write: cannot takes-over Marcus")?;
                if people::act(self.shop()?, &self.from, verb, rest).is_none_or(|outcome| outcome.is_ok()) {
                    return Err("it could".to_owned());
                }
            }
            ">" => self.say(rest, at_once)?,
            "again" => self.say_again()?,
            "<" => self.expect_reply(rest)?,
            "!" => self.expect_not(rest)?,
            "=" => self.expect_state(rest)?,
            other => match people::act(self.shop()?, &self.from, other, rest) {
                Some(outcome) => outcome?,
                None => visits::act(self.shop()?, &self.from, other, rest)?,
            },
        }
        Ok(())
    }

    fn shop(&self) -> Result<&Shop, String> {
        self.shop.as_ref().ok_or_else(|| "say first what time it is: now 2026-11-20 10:00".to_owned())
    }

    fn change_profile(&mut self, text: &str) -> Result<(), String> {
        let (path, value) = text.split_once('=').ok_or("write: profile booking.per_day = 4")?;
        let value = serde_json::from_str(value.trim()).map_err(|error| format!("that is no JSON: {error}"))?;
        self.profile.push((path.trim().to_owned(), value));
        Ok(())
    }

    fn now(&mut self, text: &str) -> Result<(), String> {
        let local = time(text)?;
        match &self.shop {
            Some(shop) => shop.wait_until(local),
            None => self.shop = Some(Shop::with(&self.store, &self.profile, local)),
        }
        Ok(())
    }

    fn say(&mut self, text: &str, at_once: &[&str]) -> Result<(), String> {
        let shop = self.shop()?;
        let before = self.turns()?.len();
        let all: Vec<&str> = std::iter::once(text).chain(at_once.iter().copied()).collect();
        let texts = shop.say(&self.from, &all);
        let turns = self.turns()?.split_off(before);
        let acts = |row: &Row| serde_json::from_str::<Vec<serde_json::Value>>(column(row, "said")).unwrap_or_default();
        let reply = Reply {
            said: text.to_owned(),
            texts,
            acts: turns.iter().flat_map(acts).filter_map(|act| name_of_act(&act)).collect(),
            understood: turns.iter().map(|row| column(row, "understanding").to_owned()).collect(),
        };
        let flaw = reply.texts.iter().find(|text| text.chars().count() > LONGEST_REPLY || text.contains(['{', '}']));
        let flaw = flaw.map(|text| format!("too long, or with a gap that was not filled: {text}"));
        self.reply = Some(reply);
        flaw.map_or(Ok(()), Err)
    }

    fn say_again(&mut self) -> Result<(), String> {
        let reply = self.reply.as_ref().ok_or("nothing was said yet")?;
        let before = self.turns()?.len();
        let texts = self.shop()?.say_again(&self.from, &reply.said);
        if texts != reply.texts {
            return Err(format!("the same text again was answered otherwise: {texts:?}"));
        }
        if self.turns()?.len() == before { Ok(()) } else { Err("the same text again made a turn".to_owned()) }
    }

    fn turns(&self) -> Result<Vec<Row>, String> {
        let select = Statement::new(
            "SELECT t.said, t.understanding FROM turns t JOIN conversations c ON c.id = t.conversation_id \
             WHERE c.peer = ?1 ORDER BY t.number",
        );
        Ok(self.shop()?.rows(select.bind(&self.from)))
    }

    fn expect_reply(&self, wanted: &str) -> Result<(), String> {
        let reply = self.reply.as_ref().ok_or("nothing was said yet")?;
        let has = |wanted: &str| reply.acts.iter().any(|act| act == wanted);
        let found = match quoted(wanted) {
            _ if wanted == "silence" => reply.texts.is_empty(),
            Some(words) => reply.texts.iter().any(|text| text.contains(words)),
            None => wanted.split_whitespace().all(has),
        };
        if found { Ok(()) } else { Err(format!("what came:\n{reply}")) }
    }

    /// None of these acts, or not these words.
    fn expect_not(&self, unwanted: &str) -> Result<(), String> {
        let one_by_one: Vec<&str> = match quoted(unwanted) {
            Some(_) => vec![unwanted],
            None => unwanted.split_whitespace().collect(),
        };
        match one_by_one.into_iter().find(|one| self.expect_reply(one).is_ok()) {
            Some(one) => {
                Err(format!("{one} came:\n{}", self.reply.as_ref().map(ToString::to_string).unwrap_or_default()))
            }
            None => Ok(()),
        }
    }

    fn expect_state(&self, wanted: &str) -> Result<(), String> {
        let (what, wanted) = wanted.split_once(' ').unwrap_or((wanted, ""));
        let is = match what {
            "appointment" => self.appointments()?,
            "name" => self.one("SELECT u.name AS value FROM conversations c JOIN customers u ON u.id = c.customer_id WHERE c.peer = ?1")?,
            "language" => self.one("SELECT language AS value FROM conversations WHERE peer = ?1")?,
            "handling" => self.one("SELECT trim(handling || ' ' || COALESCE(handover_reason, '')) AS value FROM conversations WHERE peer = ?1")?,
            "held" => self.one("SELECT CASE WHEN joined_at IS NULL THEN 'expected ' ELSE '' END || assignee AS value FROM conversations WHERE peer = ?1")?,
            "status" => self.one("SELECT trim(status || COALESCE(' ' || result, '') || CASE WHEN snoozed_until IS NOT NULL THEN ' snoozed' ELSE '' END) AS value FROM conversations WHERE peer = ?1")?,
            "waiting" => self.one("SELECT CASE WHEN waiting_since IS NULL THEN 'no' ELSE 'yes' END AS value FROM conversations WHERE peer = ?1")?,
            "topic" => self.one("SELECT topic AS value FROM conversations WHERE peer = ?1")?,
            "priority" => self.one("SELECT priority || '' AS value FROM conversations WHERE peer = ?1")?,
            "summary" => return self.expect_summary(wanted),
            "happened" => self.one("SELECT group_concat(event, '; ') AS value FROM (SELECT e.event FROM conversations c JOIN conversation_events e ON e.conversation_id = c.id WHERE c.peer = ?1 ORDER BY e.at, e.rowid)")?,
            "opted-out" => self.one("SELECT CASE WHEN EXISTS (SELECT 1 FROM opt_outs WHERE address = ?1) THEN 'yes' ELSE 'no' END AS value")?,
            "transport" => self.one(&of_appointment("trim(COALESCE(a.transport, '') || ' ' || COALESCE(a.transport_address, ''))"))?,
            "advisor" => self.one(&of_appointment("a.advisor"))?,
            "waitlist" => self.one("SELECT w.status AS value FROM conversations c JOIN waitlist w ON w.conversation_id = c.id WHERE c.peer = ?1 ORDER BY w.id DESC LIMIT 1")?,
            "delivery" => self.deliveries()?,
            "sent" => return self.expect_sent(wanted),
            "line" => workshop::lines(self.shop()?, &self.order)?,
            "stage" => self.one_of_order("SELECT stage AS value FROM repair_orders WHERE id = ?1")?,
            "satisfaction" => self.one("SELECT trim(s.score || ' ' || COALESCE(s.comment, '')) AS value FROM satisfaction s JOIN identities i ON i.customer_id = s.customer_id WHERE i.address = ?1 ORDER BY s.at DESC LIMIT 1")?,
            "consent" => self.one("SELECT group_concat(topic || CASE agreed WHEN 1 THEN ' yes' ELSE ' no' END, '; ') AS value FROM consents WHERE address = ?1")?,
            other => return Err(format!("there is no '= {other}' in transcripts")),
        };
        if is.split("; ").any(|one| one == wanted) || is == wanted { Ok(()) } else { Err(format!("it is: {is}")) }
    }

    /// The booked appointments of whoever writes, e.g. "oil-change 2026-11-24 09:00 2019 Honda CR-V"; "none".
    fn appointments(&self) -> Result<String, String> {
        let shop = self.shop()?;
        let line = format!("{}-sms", shop.store.id);
        let loaded = lanekeeper_storage::load_turn(
            shop.database(),
            &line,
            &shop.store.id,
            (IdentityKind::Phone, self.from.as_str()),
            "",
            shop.now(),
        );
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

    /// The message that was sent last besides replies has these words.
    fn expect_sent(&self, wanted: &str) -> Result<(), String> {
        let select = Statement::new(
            "SELECT text FROM outbox WHERE recipient = ?1 AND status = 'sent' ORDER BY rowid DESC LIMIT 1",
        );
        let row = self.shop()?.rows(select.bind(&self.from)).pop().unwrap_or_default();
        let text = column(&row, "text");
        if text.chars().count() > LONGEST_REPLY {
            return Err(format!("too long: {text}"));
        }
        let has = quoted(wanted).is_some_and(|words| text.contains(words));
        if has { Ok(()) } else { Err(format!("it is: {text}")) }
    }

    /// The summary for people has these words.
    fn expect_summary(&self, wanted: &str) -> Result<(), String> {
        let text = self.one("SELECT summary ->> '$.text' AS value FROM conversations WHERE peer = ?1")?;
        let has = quoted(wanted).is_some_and(|words| text.contains(words));
        if has { Ok(()) } else { Err(format!("it is: {text}")) }
    }

    fn one_of_order(&self, sql: &'static str) -> Result<String, String> {
        let row = self.shop()?.rows(Statement::new(sql).bind(&self.order)).pop().unwrap_or_default();
        Ok(column(&row, "value").to_owned())
    }

    fn one(&self, sql: &str) -> Result<String, String> {
        let row = self.shop()?.rows(Statement::new(sql.to_owned()).bind(&self.from)).pop().unwrap_or_default();
        Ok(column(&row, "value").to_owned())
    }
}

/// Reads something from the last appointment that was made.
fn of_appointment(what: &str) -> String {
    format!(
        "SELECT {what} AS value FROM conversations c JOIN appointments a ON a.customer_id = c.customer_id \
         WHERE c.peer = ?1 ORDER BY a.id DESC LIMIT 1"
    )
}

/// An act in JSON is its name, or an object with its particulars under its name.
fn name_of_act(act: &serde_json::Value) -> Option<String> {
    let name = act.as_str().or_else(|| act.as_object()?.keys().next().map(String::as_str));
    name.map(str::to_owned)
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

fn column<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
}

/// `1042 parts_ordered 2019 Honda CR-V; waiting for brake pads; promised 2026-11-20 16:00`
fn repair_order(text: &str) -> Result<RepairOrder, String> {
    let mut parts = text.split(';').map(str::trim);
    let mut words = parts.next().unwrap_or_default().split_whitespace();
    let mut word = || words.next().ok_or("write: repair-order 1042 work_in_progress 2019 Honda CR-V");
    let (number, stage) = (word()?.to_owned(), word()?.to_owned());
    let year = word()?.parse().map_err(|_| "the car begins with its year")?;
    let (make, model) = (word()?.to_owned(), words.collect::<Vec<_>>().join(" "));
    let car = VehicleMention { year: Some(year), make: Some(make), model: Some(model), ..VehicleMention::default() };
    let mut order = RepairOrder { number, stage, car, ..RepairOrder::default() };
    for part in parts {
        match (part.strip_prefix("waiting for "), part.strip_prefix("promised ")) {
            (Some(what), _) => order.waiting_for = Some(what.to_owned()),
            (_, Some(when)) => order.promised = Some(time(when)?),
            _ if part.starts_with("agreed ") => {
                let (name, amount) = workshop::priced(&part["agreed ".len()..])?;
                order.agreed.push((name.to_owned(), amount));
            }
            _ => return Err(format!("'{part}' means nothing in a repair order")),
        }
    }
    Ok(order)
}

pub(crate) fn time(text: &str) -> Result<NaiveDateTime, String> {
    NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%d %H:%M")
        .map_err(|_| format!("'{text}' is not like 2026-11-20 10:00"))
}
