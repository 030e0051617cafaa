//! What the service department's things are called: work, cars, customers, days, stages, amounts.

use crate::words::Words;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use lanekeeper_conversation::{CarLabel, phrases};
use lanekeeper_domain::appointment::Customer;
use lanekeeper_domain::repair_order::Stage;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::{Store, Transport};

impl Words {
    /// Work by the ids of menu items, e.g. "Oil change + Tire rotation".
    pub fn work(self, store: &Store, services: &[String]) -> String {
        let name = |id: &String| store.service(id).map_or_else(|| id.clone(), |it| it.name(self.language).to_owned());
        services.iter().map(name).collect::<Vec<_>>().join(" + ")
    }

    /// A car, e.g. "2019 Honda CR-V".
    pub fn car(self, store: &Store, vehicle: Option<&Vehicle>) -> Option<String> {
        vehicle.and_then(CarLabel::of).map(|label| phrases::car(&label, store, self.language))
    }

    /// A customer by name, or else by number.
    pub fn customer(self, customer: &Customer, phone: Option<&str>) -> String {
        self.who(customer.name.as_deref(), phone)
    }

    /// Somebody by name, or else by number.
    pub fn who(self, name: Option<&str>, phone: Option<&str>) -> String {
        name.or(phone).unwrap_or_else(|| self.say("day_somebody")).to_owned()
    }

    /// An instant on the store's clocks, e.g. "9:00 AM".
    pub fn clock(self, store: &Store, at: DateTime<Utc>) -> String {
        self.time(store.time_zone, at)
    }

    /// A day and a time, e.g. "Tue, Nov 24, 9:00 AM".
    pub fn day_and_time(self, store: &Store, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let (day, time) = (self.day(store.time_zone, at, now), self.clock(store, at));
        self.fill("day_and_time", &[("day", &day), ("time", &time)])
    }

    /// A date in full, e.g. "Tuesday, November 24".
    pub fn long_date(self, date: NaiveDate) -> String {
        let day = date.day().to_string();
        let values = [
            ("weekday", phrases::weekday(self.language, date)),
            ("month", phrases::month(self.language, date)),
            ("day", day.as_str()),
        ];
        capitalised(&self.fill("day_long", &values))
    }

    /// A date in few letters, e.g. "Tue 24".
    pub fn short_date(self, date: NaiveDate) -> String {
        let weekday = phrases::weekday(self.language, date);
        let letters = if self.language == lanekeeper_domain::Language::Zh { usize::MAX } else { 3 };
        let weekday = capitalised(&weekday.chars().take(letters).collect::<String>());
        self.fill("day_short", &[("weekday", &weekday), ("day", &date.day().to_string())])
    }

    /// What a stage is called.
    pub fn stage(self, stage: Stage) -> &'static str {
        self.say(&format!("stage_{}", stage.as_str()))
    }

    /// What a way to get about is called.
    pub fn transport(self, transport: Transport) -> &'static str {
        self.say(&format!("transport_{}", transport.as_str()))
    }

    /// A bay, e.g. "Bay 3 · Alignment rack".
    pub fn bay(self, store: &Store, number: u32) -> String {
        let numbered = self.fill("day_bay", &[("number", &number.to_string())]);
        let name = store.bays.iter().find(|bay| bay.number == number).and_then(|bay| bay.name.as_ref());
        name.map_or_else(|| numbered.clone(), |name| format!("{numbered} · {name}"))
    }
}

/// The name of a technician of the store, by id; the id where nobody has it.
pub fn technician(store: &Store, id: &str) -> String {
    store.technicians.iter().find(|one| one.id == id).map_or_else(|| id.to_owned(), |one| one.name.clone())
}

/// The name of an advisor of the store, by id; the id where nobody has it.
pub fn advisor(store: &Store, id: &str) -> String {
    store.advisors.iter().find(|one| one.id == id).map_or_else(|| id.to_owned(), |one| one.name.clone())
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
