//! Booking from the desk: whose, what, when, and the question whether that is right. Each step is a page of its own whose
//! address holds what was chosen before, so that one can go back, and link to any of them:
//! `/desk/stores/{store}/book?customer=…&conversation=…`.

use super::choice::{Choice, choice, days_around};
use super::commit::{TRIES, telling, telling_words, wake};
use super::customers;
use super::why::why;
use crate::desk::{AtStore, Desk};
use crate::error::DeskError;
use crate::form::Form;
use crate::page::{Kind, Page, Tone, button, card, field, header, hidden, link_button, notice};
use crate::service_words::{advisor, technician};
use crate::sign_in::to;
use crate::words::Words;
use chrono::{DateTime, NaiveDate, Utc};
use lanekeeper_changes::{Outside, write_outside};
use lanekeeper_conversation::{Booking, Car, CarLabel, Change, Notice, notices};
use lanekeeper_domain::openings::{Obstacle, Opening, obstacle, openings};
use lanekeeper_domain::understanding::VehicleMention;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_domain::work::Work;
use lanekeeper_domain::{Transport, class_of};
use lanekeeper_links::Links;
use lanekeeper_platform::{Database, DatabaseError, Platform, Response};
use lanekeeper_storage::{
    CustomerAtCounter, KeptAnswer, Revised, VehicleRow, customer_at_counter, find_customers, keep_answer, kept_answer,
    load_between,
};
use maud::{Markup, html};
use serde_json::json;

/// The most items of the menu that one appointment has.
const MOST_SERVICES: usize = 10;
/// The most characters of what is wrong, and of an address.
const LONGEST: usize = 300;

/// What was chosen so far.
#[derive(Debug, Clone, Default)]
struct Wanted {
    customer: String,
    /// The conversation to lead back to.
    conversation: Option<String>,
    services: Vec<String>,
    /// The id of a car; `new` for one that is described.
    vehicle: Option<String>,
    car: VehicleMention,
    concern: Option<String>,
    transport: Option<Transport>,
    address: Option<String>,
    advisor: Option<String>,
    day: Option<NaiveDate>,
    at: Option<DateTime<Utc>>,
}

impl Wanted {
    fn read(form: &Form) -> Self {
        let text = |name: &str| {
            let clean = |text: &str| text.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>();
            form.field(name).map(clean)
        };
        Self {
            customer: text("customer").unwrap_or_default(),
            conversation: text("conversation"),
            services: form.all("service").filter(|id| !id.is_empty()).take(MOST_SERVICES).map(str::to_owned).collect(),
            vehicle: text("vehicle"),
            car: VehicleMention {
                year: text("year").and_then(|year| year.parse().ok()).filter(|year| (1900..=2100).contains(year)),
                make: text("make"),
                model: text("model"),
                ..VehicleMention::default()
            },
            concern: text("concern"),
            transport: text("transport").as_deref().and_then(Transport::from_name),
            address: text("address"),
            advisor: text("advisor"),
            day: text("day").and_then(|day| day.parse().ok()),
            at: text("at").and_then(|at| at.parse().ok()).and_then(DateTime::from_timestamp_millis),
        }
    }

    /// As the parameters of an address, without the day and the time.
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("customer", self.customer.clone())];
        pairs.extend(self.services.iter().map(|id| ("service", id.clone())));
        let optional = [
            ("conversation", self.conversation.clone()),
            ("vehicle", self.vehicle.clone()),
            ("year", self.car.year.map(|year| year.to_string())),
            ("make", self.car.make.clone()),
            ("model", self.car.model.clone()),
            ("concern", self.concern.clone()),
            ("transport", self.transport.map(|transport| transport.as_str().to_owned())),
            ("address", self.address.clone()),
            ("advisor", self.advisor.clone()),
        ];
        pairs.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
        pairs
    }

    fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    fn new_car(&self) -> Option<&VehicleMention> {
        Some(&self.car).filter(|car| self.vehicle.as_deref() == Some("new") && car.names_a_car())
    }

    fn known_car<'a>(&self, found: &'a CustomerAtCounter) -> Option<&'a VehicleRow> {
        found.cars.iter().find(|car| Some(&car.id) == self.vehicle.as_ref())
    }

    /// What is to be booked, if the store has all of it.
    fn work(&self, found: &CustomerAtCounter) -> Option<Work> {
        let store = &found.store;
        let has_all = self.services.iter().all(|id| store.service(id).is_some())
            && self.transport.is_none_or(|transport| store.transport.has(transport))
            && self.advisor.as_ref().is_none_or(|id| store.advisors.iter().any(|advisor| advisor.id == *id));
        if self.services.is_empty() || !has_all {
            return None;
        }
        let class = match (self.known_car(found), self.new_car()) {
            (Some(car), _) => class_of(car.make.as_deref(), car.model.as_deref()),
            (None, Some(car)) => class_of(car.make.as_deref(), car.model.as_deref()),
            (None, None) => None,
        };
        let work = Work::of(store, &self.services, class);
        Some(Work { transport: self.transport, advisor: self.advisor.clone(), ..work })
    }

    fn label(&self, found: &CustomerAtCounter) -> Option<CarLabel> {
        let known = self.known_car(found).map(vehicle);
        known.as_ref().and_then(CarLabel::of).or_else(|| self.new_car().and_then(CarLabel::of_mention))
    }
}

fn vehicle(row: &VehicleRow) -> Vehicle {
    let VehicleRow { id, year, make, model, plate, vin, mileage, .. } = row.clone();
    Vehicle { id, year, make, model, plate, vin, mileage }
}

/// `GET /desk/stores/{store}/book`.
pub async fn form<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let query = Form::parse(desk.call.request.query.as_bytes());
    let wanted = Wanted::read(&query);
    if wanted.customer.is_empty() {
        return find(desk, &at, &query, &wanted).await;
    }
    let found = load(desk, &at, &wanted).await?;
    let words = desk.words();
    if found.person.reach(found.store.language).is_none() {
        let content = html! {
            (top(words, &found))
            (notice(Tone::Warn, words.say("booking_needs_a_number")))
        };
        return Ok(page(desk, &at, 409, content));
    }
    let Some(work) = wanted.work(&found).filter(|_| desk.parameter("edit").is_none()) else {
        return Ok(page(desk, &at, 200, html! { (top(words, &found)) (what(words, &found, &wanted)) }));
    };
    let store = &found.store;
    let day = wanted.at.map(|at| store.local(at).date()).or(wanted.day);
    let (from, until) = days_around(store, day, desk.now());
    let load = load_between(at.shard.database, store, from, until, None).await?;
    if let Some(start) = wanted.at {
        if let Some(opening) = openings(store, &load, &work, desk.now()).into_iter().find(|it| it.start == start) {
            return Ok(page(desk, &at, 200, html! { (top(words, &found)) (confirm(desk, &found, &wanted, &opening)) }));
        }
        let obstacle = obstacle(store, &load, &work, start, desk.now()).unwrap_or(Obstacle::NoBay);
        let choice = choice(store, &load, &work, day, desk.now());
        return Ok(page(desk, &at, 409, taken(desk, &found, &wanted, &choice, (start, &obstacle))));
    }
    let choice = choice(store, &load, &work, day, desk.now());
    let content =
        html! { (top(words, &found)) (summary(words, &found, &wanted)) (times(words, &found, &wanted, &choice)) };
    Ok(page(desk, &at, 200, content))
}

/// `POST /desk/stores/{store}/book`. The key makes that a form which is sent twice books once.
pub async fn book<P: Platform>(desk: &Desk<'_, P>) -> Result<Response, DeskError> {
    let at = desk.here()?;
    let form = desk.form()?;
    let wanted = Wanted::read(&form);
    let start = wanted.at.ok_or(DeskError::Field("at", "input_missing"))?;
    let key = format!("desk-{}-{}", desk.person.account, form.text("key", 40)?);
    if let Some(kept) = kept_answer(at.shard.database, &at.store.id, &key).await? {
        return Ok(again(&kept));
    }
    for _ in 0..TRIES {
        let found = load(desk, &at, &wanted).await?;
        let store = &found.store;
        let work = wanted.work(&found).ok_or(DeskError::Field("service", "input_wrong"))?;
        let date = store.local(start).date();
        let (from, until) = days_around(store, Some(date), desk.now());
        let load = load_between(at.shard.database, store, from, until, None).await?;
        let Some(opening) = openings(store, &load, &work, desk.now()).into_iter().find(|it| it.start == start) else {
            let obstacle = obstacle(store, &load, &work, start, desk.now()).unwrap_or(Obstacle::NoBay);
            let choice = choice(store, &load, &work, Some(date), desk.now());
            return Ok(page(desk, &at, 409, taken(desk, &found, &wanted, &choice, (start, &obstacle))));
        };
        match write(desk, &at, &found, &wanted, opening, &key).await {
            Ok(location) => return Ok(to(&location)),
            Err(error) if error.is_conflict_on("idempotency_keys") => {
                let kept = kept_answer(at.shard.database, &store.id, &key).await?;
                return Ok(again(&kept.ok_or(DeskError::Conflict("booking_contended"))?));
            }
            // Somebody took the place, or began the conversation: there may be others at the same time.
            Err(DatabaseError::Constraint(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(DeskError::Conflict("booking_contended"))
}

/// Leads to where the same form has led before.
fn again(kept: &KeptAnswer) -> Response {
    to(&serde_json::from_str::<String>(&kept.answer).unwrap_or_else(|_| "/desk/day".to_owned()))
}

/// Writes the appointment; gives the address that its booking leads to.
async fn write<P: Platform>(
    desk: &Desk<'_, P>,
    at: &AtStore<'_, '_, P>,
    found: &CustomerAtCounter,
    wanted: &Wanted,
    opening: Opening,
    key: &str,
) -> Result<String, DatabaseError> {
    let (store, now) = (&found.store, desk.now());
    let reach = found.person.reach(store.language);
    let links = Links::of(desk.platform().settings());
    let label = wanted.label(found);
    let told: Vec<Notice> = notices::about(None, &wanted.services, opening.start, label.as_ref(), now)
        .into_iter()
        .map(Notice::by_the_store)
        .collect();
    let date = store.local(opening.start).date();
    let details = json!({"start": opening.start, "services": wanted.services});
    let car = match (wanted.known_car(found), wanted.new_car()) {
        (Some(car), _) => Car::Known(car.id.clone()),
        (None, Some(car)) => Car::New(car.clone()),
        (None, None) => Car::Unknown,
    };
    let booking = Booking {
        services: wanted.services.clone(),
        concern: wanted.concern.clone(),
        opening,
        transport: wanted.transport,
        transport_address: wanted.address.clone().filter(|_| wanted.transport == Some(Transport::PickUp)),
        car,
    };
    let outside = Outside {
        store: Revised { profile: store, revision: found.revision },
        customer: &found.person.id,
        reach: reach.as_ref(),
        links: links.as_ref(),
        now,
    };
    let written = write_outside(&outside, &[Change::Book(booking)], &told, &|| desk.call.new_id());
    let id = written.appointment.unwrap_or_default();
    let location = match &wanted.conversation {
        Some(conversation) => format!("/desk/stores/{}/conversations/{conversation}", store.id),
        None => super::day_address(&store.id, date, "booked"),
    };
    let kept = KeptAnswer { fingerprint: String::new(), answer: json!(location).to_string() };
    let mut batch = vec![keep_answer(&store.id, key, &kept, now)];
    batch.extend(written.statements);
    batch.push(desk.audit(Some(&store.id), "appointment.book", &id, &details));
    at.shard.database.batch(batch).await?;
    wake(desk, &at.shard, &written.due).await;
    Ok(location)
}

async fn load<P: Platform>(
    desk: &Desk<'_, P>,
    at: &AtStore<'_, '_, P>,
    wanted: &Wanted,
) -> Result<CustomerAtCounter, DeskError> {
    Ok(customer_at_counter(at.shard.database, (&desk.person.group, &at.store.id), &wanted.customer).await?)
}

async fn find<P: Platform>(
    desk: &Desk<'_, P>,
    at: &AtStore<'_, '_, P>,
    query: &Form,
    wanted: &Wanted,
) -> Result<Response, DeskError> {
    let text = query.field("q").unwrap_or_default();
    let place = (desk.person.group.as_str(), at.store.id.as_str());
    // The calling code is the store's, which is read with the search: what looks like a number is searched as one of its.
    let profile = lanekeeper_storage::store_profile(at.shard.database, place.0, place.1).await?;
    let (name, phone) = customers::searched(text, &profile.calling_code);
    let asks = name.is_some() || phone.is_some();
    let found = if asks {
        find_customers(at.shard.database, place, (name.as_deref(), phone.as_deref())).await?.1
    } else {
        Vec::new()
    };
    let rest: Vec<(&str, String)> =
        [("conversation", wanted.conversation.clone()), ("day", wanted.day.map(|day| day.to_string()))]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
    let words = desk.words();
    let content = html! {
        (header(words.say("booking_title"), None, &html! {}))
        div.columns { (customers::step(desk, &profile, text, asks.then_some(found.as_slice()), &rest)) }
    };
    Ok(page(desk, at, 200, content))
}

fn page<P: Platform>(desk: &Desk<'_, P>, at: &AtStore<'_, '_, P>, status: u16, content: Markup) -> Response {
    let page = Page::new(desk.words().say("booking_title"), content)
        .section("day")
        .at_store(Some(&at.store.id))
        .style("booking.css");
    Response { status, ..desk.page(&page) }
}

fn top(words: Words, found: &CustomerAtCounter) -> Markup {
    let who = words.who(found.person.name.as_deref(), found.person.phone.as_deref());
    let change =
        link_button(Kind::Quiet, &format!("/desk/stores/{}/book", found.store.id), words.say("booking_other_customer"));
    header(words.say("booking_title"), Some(&who), &change)
}

/// What is to be done, to which car, and how the customer gets about.
fn what(words: Words, found: &CustomerAtCounter, wanted: &Wanted) -> Markup {
    let store = &found.store;
    let chosen = |row: &VehicleRow| match &wanted.vehicle {
        Some(id) => row.id == *id,
        None => found.cars.first().is_some_and(|first| first.id == row.id),
    };
    let is_new = wanted.vehicle.as_deref() == Some("new") || found.cars.is_empty();
    let ways = Transport::ALL.into_iter().filter(|transport| store.transport.has(*transport));
    html! {
        form.stack method="get" action={ "/desk/stores/" (store.id) "/book" } {
            (hidden("customer", &found.person.id))
            @if let Some(conversation) = &wanted.conversation { (hidden("conversation", conversation)) }
            @if let Some(day) = wanted.day { (hidden("day", &day.to_string())) }
            div.columns {
                (card(words.say("booking_work"), &html! {
                    fieldset.services {
                        legend.hidden { (words.say("booking_work")) }
                        @for service in &store.services {
                            label.check {
                                input type="checkbox" name="service" value=(service.id) checked[wanted.services.contains(&service.id)];
                                span { (service.name(words.language)) " " small.soft { (words.fill("span_minutes", &[("number", &service.minutes.to_string())])) } }
                            }
                        }
                    }
                    (field("concern", words.say("booking_concern"), None, &html! {
                        textarea #field-concern name="concern" rows="2" maxlength=(LONGEST) { (wanted.concern.as_deref().unwrap_or_default()) }
                    }))
                }))
                div.stack {
                    (card(words.say("booking_car"), &html! {
                        fieldset.stack {
                            legend.hidden { (words.say("booking_car")) }
                            @for row in &found.cars {
                                label.check {
                                    input type="radio" name="vehicle" value=(row.id) checked[!is_new && chosen(row)];
                                    span { (words.car(store, Some(&vehicle(row))).unwrap_or_default()) }
                                }
                            }
                            label.check { input type="radio" name="vehicle" value="new" checked[is_new]; span { (words.say("booking_new_car")) } }
                            div.row {
                                @for (name, label, value, kind) in [
                                    ("year", "booking_year", wanted.car.year.map(|year| year.to_string()), "numeric"),
                                    ("make", "booking_make", wanted.car.make.clone(), "text"),
                                    ("model", "booking_model", wanted.car.model.clone(), "text"),
                                ] {
                                    div.field.third {
                                        label for={ "field-" (name) } { (words.say(label)) }
                                        input id={ "field-" (name) } name=(name) value=[value] inputmode=(kind) maxlength="40" autocomplete="off";
                                    }
                                }
                            }
                        }
                    }))
                    (card(words.say("booking_further"), &html! {
                        div.stack {
                            (field("transport", words.say("booking_transport"), None, &html! {
                                select #field-transport name="transport" {
                                    option value="" { (words.say("booking_not_said")) }
                                    @for way in ways { option value=(way.as_str()) selected[wanted.transport == Some(way)] { (words.transport(way)) } }
                                }
                            }))
                            @if store.transport.has(Transport::PickUp) {
                                (field("address", words.say("booking_address"), None, &html! {
                                    input #field-address name="address" value=[wanted.address.as_ref()] maxlength=(LONGEST) autocomplete="off";
                                }))
                            }
                            @if !store.advisors.is_empty() {
                                (field("advisor", words.say("booking_advisor"), None, &html! {
                                    select #field-advisor name="advisor" {
                                        option value="" { (words.say("booking_any")) }
                                        @for one in &store.advisors { option value=(one.id) selected[wanted.advisor.as_ref() == Some(&one.id)] { (one.name) } }
                                    }
                                }))
                            }
                        }
                    }))
                }
            }
            div.buttons { (button(Kind::Main, words.say("booking_show_times"))) }
        }
    }
}

fn summary(words: Words, found: &CustomerAtCounter, wanted: &Wanted) -> Markup {
    let store = &found.store;
    let car = wanted.label(found).map(|label| lanekeeper_conversation::phrases::car(&label, store, words.language));
    html! {
        p.row {
            strong { (words.work(store, &wanted.services)) }
            @if let Some(car) = car { span { (car) } }
            @if let Some(transport) = wanted.transport { span { (words.transport(transport)) } }
            (link_button(Kind::Quiet, &format!("/desk/stores/{}/book?edit=1&{}", store.id, wanted.query()), words.say("booking_change")))
        }
    }
}

fn times(words: Words, found: &CustomerAtCounter, wanted: &Wanted, choice: &Choice) -> Markup {
    let query = wanted.query();
    choice.render(words, &found.store, &|what| format!("/desk/stores/{}/book?{query}&{what}", found.store.id))
}

/// The time is not to be had (any more): why, and others.
fn taken<P: Platform>(
    desk: &Desk<'_, P>,
    found: &CustomerAtCounter,
    wanted: &Wanted,
    choice: &Choice,
    (start, obstacle): (DateTime<Utc>, &Obstacle),
) -> Markup {
    let words = desk.words();
    let time = words.day_and_time(&found.store, start, desk.now());
    html! {
        (top(words, found))
        (summary(words, found, wanted))
        (notice(Tone::Warn, &format!("{time}: {}", why(words, &found.store, obstacle, desk.now()))))
        (times(words, found, wanted, choice))
    }
}

fn confirm<P: Platform>(desk: &Desk<'_, P>, found: &CustomerAtCounter, wanted: &Wanted, opening: &Opening) -> Markup {
    let (words, store, now) = (desk.words(), &found.store, desk.now());
    let label = wanted.label(found);
    let notices = notices::about(None, &wanted.services, opening.start, label.as_ref(), now);
    let reach = found.person.reach(store.language);
    let telling = telling(store, &found.person, reach.as_ref(), notices.first(), now);
    let place = opening.stations.iter().map(|station| {
        let bay = words.bay(store, station.bay);
        station.technician.as_ref().map_or(bay.clone(), |id| format!("{}, {bay}", technician(store, id)))
    });
    html! {
        (summary(words, found, wanted))
        dl.change-of {
            div.new {
                dt { (words.say("booking_when")) }
                dd { (words.day_and_time(store, opening.start, now)) }
                dd.soft { (place.collect::<Vec<_>>().join(" → ")) @if let Some(id) = &opening.advisor { " · " (advisor(store, id)) } }
            }
        }
        @if let Some(concern) = &wanted.concern { p.soft { (concern) } }
        (telling_words(words, &telling))
        form.buttons method="post" action={ "/desk/stores/" (store.id) "/book" } {
            (desk.token_field())
            (hidden("key", &desk.call.new_id()))
            (hidden("at", &opening.start.timestamp_millis().to_string()))
            @for (name, value) in wanted.pairs() { (hidden(name, &value)) }
            (button(Kind::Main, words.say("booking_book")))
            (link_button(Kind::Plain, &format!("/desk/stores/{}/book?{}&day={}", store.id, wanted.query(), store.local(opening.start).date()), words.say("booking_other_time")))
        }
    }
}
