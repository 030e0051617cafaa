//! Acts into text.

mod follow_ups;
mod work;

use super::calendar;
use super::file::{fill, phrase_file, template};
use crate::act::{Act, AppointmentLine, CarLabel, Fit};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use lanekeeper_domain::hours::Span;
use lanekeeper_domain::{Language, Price, Store, Transport, VehicleClass};
use std::collections::BTreeMap;

/// The acts as one text, in the store's words. Days are named as seen from `now` on the store's clocks.
pub fn render(acts: &[Act], store: &Store, language: Language, now: DateTime<Utc>) -> String {
    let writer = Writer { store, language, today: store.local(now).date() };
    let separator = if language == Language::Zh { "" } else { " " };
    let several_cars = acts.iter().filter(|act| matches!(act, Act::RepairOrderStage { .. })).count() > 1;
    let texts: Vec<String> = acts.iter().map(|act| writer.act(act)).filter(|text| !text.is_empty()).collect();
    texts.iter().fold(String::new(), |mut text, next| {
        if !text.is_empty() {
            // A list stands on lines of its own.
            let lines = several_cars || text.contains('\n') || next.contains('\n');
            text.push_str(if lines { "\n" } else { separator });
        }
        text.push_str(next);
        text
    })
}

/// The text, and where the customer can do the same without writing. The address comes last: what stands behind one is
/// easily taken for a part of it.
pub fn with_link(text: &str, link: &str, store: &Store, language: Language) -> String {
    let or_here = fill(template(store, language, "or_here"), &[("link", link)]);
    join(&[text.to_owned(), or_here], language)
}

/// A sentence in the store's words.
pub fn sentence(key: &str, store: &Store, language: Language, values: &[(&str, &str)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().copied().chain([("store", store.name.as_str())]).collect();
    fill(template(store, language, key), &values)
}

/// A car as it is called in this language, e.g. "2019 Honda CR-V".
pub fn car(vehicle: &CarLabel, store: &Store, language: Language) -> String {
    match vehicle.year {
        Some(year) => fill(template(store, language, "car"), &[("year", &year.to_string()), ("name", &vehicle.name)]),
        None => vehicle.name.clone(),
    }
}

/// A way to get about as it is listed to choose from, e.g. "Our shuttle".
pub fn transport_choice(transport: Transport, store: &Store, language: Language) -> String {
    fill(template(store, language, &format!("choice_{}", transport.as_str())), &[])
}

struct Writer<'a> {
    store: &'a Store,
    language: Language,
    today: NaiveDate,
}

impl Writer<'_> {
    fn act(&self, act: &Act) -> String {
        match act {
            Act::Introduce => self.say("introduce", &[]),
            Act::Greet => self.say("greet", &[]),
            Act::Welcome => self.say("welcome", &[]),
            Act::Goodbye => self.say("goodbye", &[]),
            Act::Acknowledge => self.say("acknowledge", &[]),
            Act::SayWhatWeDo => self.say("say_what_we_do", &[]),
            Act::GotPicture => self.say("got_picture", &[]),
            Act::Help => self.say("help", &[]),
            Act::OptedOut => self.say("opted_out", &[]),
            Act::OptedIn => self.say("opted_in", &[]),
            Act::AskCancelOrStop => self.say("ask_cancel_or_stop", &[]),
            Act::Apologise => self.say("apologise", &[]),
            Act::HandedOver { open, next_open } => self.handed_over(*open, *next_open),
            Act::PersonJoined { advisor } => self.say("person_joined", &[("advisor", advisor)]),
            Act::AssistantBack => self.say("assistant_back", &[]),
            Act::MessageTaken => self.say("message_taken", &[]),
            Act::OfferCallBack => self.say("offer_call_back", &[]),
            Act::NobodyYet => join(&[self.say("nobody_yet", &[]), self.say("offer_call_back", &[])], self.language),
            Act::NoPaymentData => self.say("no_payment_data", &[]),
            Act::OfferPerson => self.say("offer_person", &[]),
            Act::CannotAnswer => self.say("cannot_answer", &[]),
            Act::NoPersonThen => self.say("no_person_then", &[]),
            Act::NotUnderstood { hint_person: false } => self.say("not_understood", &[]),
            Act::NotUnderstood { hint_person: true } => self.say("not_understood_again", &[]),
            Act::AskService { services } => self.say("ask_service", &[("examples", &self.examples(services))]),
            Act::AskPriceOf { services } => self.say("ask_price_of", &[("examples", &self.examples(services))]),
            Act::OfferOpenings { services, starts, fit } => self.offer(services, starts, *fit),
            Act::RemindOfOpenings { starts, .. } => self.remind(starts),
            Act::NoOpenings { until } => self.say("no_openings", &[("date", &self.date(*until))]),
            Act::SisterStore { name, phone, start } => {
                let moment = calendar::moment(self.language, *start, self.today);
                self.say("sister_store", &[("sister", name), ("sister_phone", phone), ("moment", &moment)])
            }
            Act::TooFarAhead { until } => self.say("too_far_ahead", &[("date", &self.date(*until))]),
            Act::AskVehicle => self.say("ask_vehicle", &[]),
            Act::AskWhichVehicle { vehicles } => {
                let lines: Vec<String> = vehicles.iter().map(|vehicle| self.car(vehicle)).collect();
                self.say("ask_which_vehicle", &[("list", &numbered(&lines))])
            }
            Act::VinLooksWrong { vin } => self.say("vin_looks_wrong", &[("vin", vin)]),
            Act::AskName => self.say("ask_name", &[]),
            Act::SumUp { .. } => self.sum_up(act),
            Act::AskTransport { choices } => {
                let key = |transport: &Transport| format!("choice_{}", transport.as_str());
                let lines: Vec<String> = choices.iter().map(|transport| self.part(&key(transport), &[])).collect();
                self.say("ask_transport", &[("list", &numbered(&lines))])
            }
            Act::AskAddress => self.say("ask_address", &[]),
            Act::TransportTerms { transport } => self.transport("terms", *transport),
            Act::NoTransport { transport } => self.transport("no", *transport),
            Act::TooLongToWait { minutes } => self.say("too_long_to_wait", &[("minutes", &minutes.to_string())]),
            Act::AskWhatToChange => self.say("ask_what_to_change", &[]),
            Act::Booked { services, start, transport } => {
                let booked = self.about("booked", services, *start, None);
                let transport = transport.map_or_else(String::new, |transport| self.transport("booked", transport));
                join(&[booked, transport], self.language)
            }
            Act::Dropped => self.say("dropped", &[]),
            Act::AskAnythingElse => self.say("ask_anything_else", &[]),
            Act::OfferBooking { services } => self.say("offer_booking", &[("services", &self.services(services))]),
            Act::Resume => self.say("resume", &[]),
            Act::Waitlisted { services, earlier_than: None } => {
                self.say("waitlisted", &[("services", &self.services(services))])
            }
            Act::Waitlisted { earlier_than: Some(start), .. } => {
                self.say("waitlisted_earlier", &[("moment", &self.moment(*start))])
            }
            Act::HintWaitlist => self.say("hint_waitlist", &[]),
            Act::LeftWaitlist => self.say("left_waitlist", &[]),
            Act::WaitlistOffer { services, start, vehicle, until, instead_of } => {
                let until = calendar::time(self.language, self.store.local(*until).time());
                let instead_of = instead_of.map(|start| self.moment(start));
                let key = if instead_of.is_some() { "waitlist_offer_earlier" } else { "waitlist_offer" };
                let values = [("until", until.as_str()), ("instead_of", instead_of.as_deref().unwrap_or_default())];
                self.about_with(key, services, *start, vehicle.as_ref(), &values)
            }
            Act::AskOffer { services, start, vehicle } => self.about("ask_offer", services, *start, vehicle.as_ref()),
            Act::OfferGone => self.say("offer_gone", &[]),
            Act::StillWaiting => self.say("still_waiting", &[]),
            Act::NoAppointment => self.say("no_appointment", &[]),
            Act::AskWhichAppointment { appointments } => {
                let lines: Vec<String> = appointments.iter().map(|line| self.appointment(line)).collect();
                self.say("ask_which_appointment", &[("list", &numbered(&lines))])
            }
            Act::AskMoveTo { appointment } => self.with_appointment("ask_move_to", appointment),
            Act::SumUpMove { from, to } => {
                let (from, to) = (self.appointment(from), self.moment(*to));
                self.say("sum_up_move", &[("appointment", &from), ("moment", &to)])
            }
            Act::Moved { services, start } => self.about("moved", services, *start, None),
            Act::CarChanged { appointment } => self.with_appointment("car_changed", appointment),
            Act::AskCancel { appointment } => self.with_appointment("ask_cancel", appointment),
            Act::Cancelled { appointment } => self.with_appointment("cancelled", appointment),
            Act::Kept { appointment } => self.with_appointment("kept", appointment),
            Act::CalledOff { appointment } => self.with_appointment("called_off", appointment),
            Act::Price { service, class } => self.price_answer(service, *class),
            Act::Hours { date, asked_for_day } => self.hours(*date, *asked_for_day),
            Act::Location => {
                let directions = self.store.directions.get(&self.language).map_or("", String::as_str);
                self.say("location", &[("directions", directions)])
            }
            Act::YourAppointment { appointment } => self.with_appointment("your_appointment", appointment),
            Act::NoCarHere => self.say("no_car_here", &[]),
            Act::NothingInTheShop => self.say("nothing_in_the_shop", &[]),
            Act::NothingToApprove => self.say("nothing_to_approve", &[]),
            Act::Confirmation { services, start, vehicle, moved } => {
                let key = if *moved { "confirmation_moved" } else { "confirmation" };
                self.about(key, services, *start, vehicle.as_ref())
            }
            Act::Muted { .. }
            | Act::Unmuted { .. }
            | Act::Missed { .. }
            | Act::AskRating { .. }
            | Act::AskRatingAgain
            | Act::ThankForRating { .. }
            | Act::RegretRating { .. }
            | Act::ThankForComment
            | Act::MaintenanceDue { .. }
            | Act::DeclinedWork { .. } => self.follow_up(act),
            Act::Reminder { services, start, vehicle } => self.about("reminder", services, *start, vehicle.as_ref()),
            Act::RepairOrderStage { .. }
            | Act::AskWork { .. }
            | Act::AskRestOfWork { .. }
            | Act::RemindOfWork { .. }
            | Act::WorkPrices { .. }
            | Act::WorkDecided { .. }
            | Act::WorkSettled
            | Act::AddedWork { .. }
            | Act::AddedWorkReminder { .. }
            | Act::AuthorizationRecorded { .. }
            | Act::OrderNews { .. }
            | Act::NewPromise { .. }
            | Act::CostChanged { .. } => self.order_act(act),
        }
    }

    /// Fills the template with this key; the store's name, phone and address can stand in any. Gaps that empty values
    /// leave are closed, a value that ends in a full stop ends the sentence, and a sentence begins with a capital.
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let store = self.store;
        let common =
            [("store", store.name.as_str()), ("phone", store.phone.as_str()), ("address", store.address.as_str())];
        let values: Vec<(&str, &str)> = values.iter().copied().chain(common).collect();
        let text = fill(template(store, self.language, key), &values).replace("  ", " ").replace("..", ".");
        let text = text.trim();
        let mut characters = text.chars();
        characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
    }

    /// A part of a sentence: like [`Self::say`], as it stands in the file.
    fn part(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(template(self.store, self.language, key), values)
    }

    fn offer(&self, services: &[String], starts: &[DateTime<Utc>], fit: Fit) -> String {
        let services = self.services(services);
        let why = match fit {
            Fit::Suiting => String::new(),
            Fit::Nearest => self.say("why_taken", &[]),
            Fit::Gone => self.say("why_gone", &[]),
            Fit::Past => self.say("why_past", &[]),
            Fit::Others => self.say("why_others", &[]),
            Fit::Closed(date) => self.say("hours_closed", &[("day", &self.date(date))]),
            Fit::OutsideHours(date) => {
                let spans = self.spans(self.store.hours.on(date));
                self.say("hours_open", &[("day", &self.date(date)), ("spans", &spans)])
            }
        };
        let nearest = matches!(fit, Fit::Nearest | Fit::Gone | Fit::Closed(_) | Fit::OutsideHours(_));
        let local = |start: &DateTime<Utc>| self.store.local(*start);
        let times = match starts {
            [only] => {
                let key = if nearest { "offer_nearest_one" } else { "offer_one" };
                self.say(key, &[("services", &services), ("moment", &self.moment(*only))])
            }
            [first, others @ ..] if others.iter().all(|other| local(other).date() == local(first).date()) => {
                let lines: Vec<String> =
                    starts.iter().map(|start| calendar::time(self.language, local(start).time())).collect();
                let key = if nearest { "offer_nearest_day" } else { "offer_day" };
                let date = self.date(local(first).date());
                self.say(key, &[("services", &services), ("date", &date), ("list", &numbered(&lines))])
            }
            _ => {
                let lines: Vec<String> = starts.iter().map(|start| self.moment(*start)).collect();
                let key = if nearest { "offer_nearest" } else { "offer" };
                self.say(key, &[("services", &services), ("list", &numbered(&lines))])
            }
        };
        join(&[why, times], self.language)
    }

    fn remind(&self, starts: &[DateTime<Utc>]) -> String {
        match starts {
            [only] => self.say("remind_one", &[("moment", &self.moment(*only))]),
            _ => self.say("remind", &[]),
        }
    }

    fn sum_up(&self, act: &Act) -> String {
        let Act::SumUp { services, start, vehicle, name, transport, advisor, class } = act else {
            return String::new();
        };
        let name = name.as_ref().map_or_else(String::new, |name| self.part("under_name", &[("name", name)]));
        let advisor = self.store.advisors.iter().find(|one| Some(&one.id) == advisor.as_ref());
        let advisor = advisor.map_or_else(String::new, |one| self.part("with_advisor", &[("name", &one.name)]));
        let transport = transport.map_or_else(String::new, |transport| self.transport("sum", transport));
        let price = self.total(services, *class).map_or_else(String::new, |price| {
            self.part(&format!("sum_{}", price_key(Some(price))), &[("price", &self.money(price.amount))])
        });
        self.say(
            "sum_up",
            &[
                ("services", &self.services(services)),
                ("for_vehicle", &self.for_vehicle(vehicle.as_ref())),
                ("moment", &self.moment(*start)),
                ("under_name", &name),
                ("with_advisor", &advisor),
                ("transport", &transport),
                ("price", &price),
            ],
        )
    }

    /// A phrase about one way to get about; there is none where nothing needs to be said.
    fn transport(&self, what: &str, transport: Transport) -> String {
        let key = format!("{what}_{}", transport.as_str());
        let options = &self.store.transport;
        let in_this = |texts: &BTreeMap<Language, String>| texts.get(&self.language).cloned().unwrap_or_default();
        let radius = options.shuttle.as_ref().map_or_else(String::new, |shuttle| in_this(&shuttle.radius));
        let radius = if radius.is_empty() { radius } else { self.part("within", &[("radius", &radius)]) };
        let key_drop = options.drop_off.as_ref().map_or_else(String::new, |drop_off| in_this(&drop_off.key_drop));
        self.say(&key, &[("within", &radius), ("key_drop", &key_drop)])
    }

    /// What all of it costs; `None` when a part of it has to be quoted.
    fn total(&self, services: &[String], class: Option<VehicleClass>) -> Option<Price> {
        services.iter().try_fold(Price { amount: 0, from: false }, |total, id| {
            let price = self.store.service(id)?.price_for(class)?;
            Some(Price { amount: total.amount + price.amount, from: total.from || price.from })
        })
    }

    /// A text about an appointment: the work, the car, the time, and what to bring.
    fn about(&self, key: &str, services: &[String], start: DateTime<Utc>, vehicle: Option<&CarLabel>) -> String {
        self.about_with(key, services, start, vehicle, &[])
    }

    /// The same, with values of its own.
    fn about_with(
        &self,
        key: &str,
        services: &[String],
        start: DateTime<Utc>,
        vehicle: Option<&CarLabel>,
        more: &[(&str, &str)],
    ) -> String {
        let bring: Vec<&str> = services
            .iter()
            .filter_map(|id| self.store.service(id)?.bring.get(&self.language))
            .map(String::as_str)
            .collect();
        let (services, bring) = (self.services(services), bring.join(" "));
        let (for_vehicle, moment) = (self.for_vehicle(vehicle), self.moment(start));
        let mut values: Vec<(&str, &str)> =
            vec![("services", &services), ("for_vehicle", &for_vehicle), ("moment", &moment), ("bring", &bring)];
        values.extend_from_slice(more);
        self.say(key, &values)
    }

    fn with_appointment(&self, key: &str, appointment: &AppointmentLine) -> String {
        self.say(key, &[("appointment", &self.appointment(appointment))])
    }

    fn appointment(&self, line: &AppointmentLine) -> String {
        let services = self.services(&line.services);
        let vehicle = self.for_vehicle(line.vehicle.as_ref());
        let moment = self.moment(line.start);
        self.part("appointment", &[("services", &services), ("for_vehicle", &vehicle), ("moment", &moment)])
    }

    fn for_vehicle(&self, vehicle: Option<&CarLabel>) -> String {
        vehicle.map_or_else(String::new, |vehicle| self.part("for_vehicle", &[("vehicle", &self.car(vehicle))]))
    }

    fn car(&self, vehicle: &CarLabel) -> String {
        car(vehicle, self.store, self.language)
    }

    fn handed_over(&self, open: bool, next_open: Option<DateTime<Utc>>) -> String {
        match next_open {
            _ if open => self.say("handed_over_open", &[]),
            Some(next_open) => self.say("handed_over_closed", &[("next_open", &self.moment(next_open))]),
            None => self.say("handed_over_away", &[]),
        }
    }

    fn price_answer(&self, id: &str, class: Option<VehicleClass>) -> String {
        let Some(service) = self.store.service(id) else { return String::new() };
        let terms = service.price_for(class);
        let price = terms.map_or_else(String::new, |price| self.money(price.amount));
        let (name, minutes) = (service.name(self.language), service.minutes_for(class).to_string());
        self.say(price_key(terms), &[("service", name), ("price", &price), ("minutes", &minutes)])
    }

    /// The hours of a day, or of the week with whatever differs in the coming days.
    fn hours(&self, date: NaiveDate, asked_for_day: bool) -> String {
        if asked_for_day {
            return self.hours_of(date);
        }
        let soon = self.today.iter_days().take(7).filter(|date| self.store.hours.exceptions.contains_key(date));
        let week = self.say("hours_week", &[("week", &self.week())]);
        let sentences: Vec<String> = std::iter::once(week).chain(soon.map(|date| self.hours_of(date))).collect();
        join(&sentences, self.language)
    }

    fn hours_of(&self, date: NaiveDate) -> String {
        let spans = self.store.hours.on(date);
        let key = if spans.is_empty() { "hours_closed" } else { "hours_open" };
        self.say(key, &[("day", &self.date(date)), ("spans", &self.spans(spans))])
    }

    /// The usual week, with days of equal hours taken together.
    fn week(&self) -> String {
        let names = &phrase_file(self.language).calendar.weekdays;
        let monday = self.today - Days::new(self.today.weekday().num_days_from_monday().into());
        let days: Vec<&[Span]> =
            (0..7).map(|day| self.store.hours.week.day((monday + Days::new(day)).weekday())).collect();
        let groups: Vec<(usize, usize)> = days.iter().enumerate().fold(Vec::new(), |mut groups, (day, spans)| {
            match groups.last_mut() {
                Some((_, last)) if days[*last] == *spans => *last = day,
                _ => groups.push((day, day)),
            }
            groups
        });
        let name = |day: usize| names.get(day).map_or("", String::as_str);
        let parts: Vec<String> = groups
            .into_iter()
            .map(|(first, last)| {
                let range = || self.part("days_range", &[("first", name(first)), ("last", name(last))]);
                let label = if first == last { name(first).to_owned() } else { range() };
                let spans = if days[first].is_empty() { self.part("closed", &[]) } else { self.spans(days[first]) };
                self.part("hours_days", &[("days", &label), ("spans", &spans)])
            })
            .collect();
        parts.join(if self.language == Language::Zh { "，" } else { ", " })
    }

    fn spans(&self, spans: &[Span]) -> String {
        let clock = |minute: u32| {
            let time =
                NaiveTime::from_num_seconds_from_midnight_opt(minute % (24 * 60) * 60, 0).unwrap_or(NaiveTime::MIN);
            calendar::time(self.language, time)
        };
        let parts: Vec<String> = spans
            .iter()
            .map(|span| self.part("hours_span", &[("from", &clock(span.opens)), ("until", &clock(span.closes))]))
            .collect();
        parts.join(if self.language == Language::Zh { "、" } else { ", " })
    }

    fn services(&self, ids: &[String]) -> String {
        let names: Vec<&str> = ids
            .iter()
            .map(|id| self.store.service(id).map_or(id.as_str(), |service| service.name(self.language)))
            .collect();
        names.join(" + ")
    }

    fn examples(&self, ids: &[String]) -> String {
        let names: Vec<&str> = ids
            .iter()
            .filter_map(|id| self.store.service(id))
            .map(|service| service.name(self.language))
            .take(3)
            .collect();
        names.join(if self.language == Language::Zh { "、" } else { ", " })
    }

    fn moment(&self, at: DateTime<Utc>) -> String {
        calendar::moment(self.language, self.store.local(at), self.today)
    }

    fn date(&self, date: NaiveDate) -> String {
        calendar::date(self.language, date, self.today)
    }

    fn money(&self, amount: i64) -> String {
        money(self.store, amount)
    }
}

/// An amount in minor units of the store's currency, e.g. "$79.95".
pub fn money(store: &Store, amount: i64) -> String {
    let symbol = match store.currency.as_str() {
        "USD" => "$",
        "CNY" => "¥",
        "EUR" => "€",
        other => &format!("{other} "),
    };
    let (whole, cents) = (amount / 100, amount % 100);
    if cents == 0 { format!("{symbol}{whole}") } else { format!("{symbol}{whole}.{cents:02}") }
}

fn price_key(price: Option<Price>) -> &'static str {
    match price {
        None => "price_quote",
        Some(Price { amount: 0, .. }) => "price_free",
        Some(Price { from: true, .. }) => "price_from",
        Some(_) => "price_fixed",
    }
}

/// Sentences after one another; empty ones are left out.
/// Sentences in a row.
pub fn join(sentences: &[String], language: Language) -> String {
    let sentences: Vec<&str> = sentences.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    sentences.join(if language == Language::Zh { "" } else { " " })
}

fn numbered(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().enumerate().map(|(place, line)| format!("{}) {line}", place + 1)).collect();
    lines.join("\n")
}
