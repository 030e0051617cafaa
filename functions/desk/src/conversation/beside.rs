//! What stands beside a conversation: why a person was wanted, what is known by now, the repair order, and the customer.

use super::View;
use crate::page::{Kind, Tone, button, chip, icon, moment};
use lanekeeper_conversation::phrases::money;
use lanekeeper_conversation::{Book, Car, State, Task};
use lanekeeper_domain::RepairOrder;
use lanekeeper_domain::staff::Permission;
use lanekeeper_domain::vehicle::Vehicle;
use lanekeeper_platform::Platform;
use lanekeeper_storage::inbox::CardAppointment;
use maud::{Markup, html};

impl<P: Platform> View<'_, '_, P> {
    /// All of it.
    pub(super) fn beside(&self, apart: bool) -> Markup {
        let words = self.desk.words();
        html! {
            aside #talk-side .talk-side tabindex="0" aria-label=(words.say("beside")) hx-swap-oob=[apart.then_some("true")] {
                (self.why())
                (self.collected())
                (self.orders())
                (self.appointments())
                (self.customer())
                (self.tags())
            }
        }
    }

    fn part(&self, title: &str, content: &Markup) -> Markup {
        html! { section.part { h3 { (self.desk.words().say(title)) } (content) } }
    }

    fn why(&self) -> Markup {
        let (words, head) = (self.desk.words(), &self.opened.thread.head);
        let Some(reason) = head.reason.as_deref().filter(|_| head.with_person) else { return html! {} };
        let at = head.handed_over_at;
        self.part("beside_why", &html! {
            p.strong { (words.say(&format!("reason_{reason}"))) @if let Some(at) = at { " · " (moment(words, self.store.time_zone, at, self.desk.now())) } }
            p { (words.say("understood_mood")) ": " (words.say(&format!("mood_{}", head.mood))) }
        })
    }

    /// What the AI has collected for what it was doing.
    fn collected(&self) -> Markup {
        let (words, head) = (self.desk.words(), &self.opened.thread.head);
        let state: State = serde_json::from_str(&head.state).unwrap_or_default();
        let Some(task) = state.tasks.last() else { return html! {} };
        let key = match task {
            Task::Book(_) => "task_book",
            Task::Move(_) => "task_move",
            Task::Cancel(_) => "task_cancel",
            Task::TakeOffer(_) => "task_offer",
            Task::Price => "task_price",
            Task::CallBack => "task_call_back",
            Task::Approve(_) => "task_approve",
            Task::Satisfaction(_) => "task_satisfaction",
        };
        let facts = match task {
            Task::Book(book) => self.book(book),
            _ => Vec::new(),
        };
        self.part(
            "beside_collected",
            &html! {
                p.strong { (words.say(key)) }
                dl.facts { @for (label, value) in facts { dt { (words.say(label)) } dd { (value) } } }
            },
        )
    }

    fn book(&self, book: &Book) -> Vec<(&'static str, String)> {
        let (words, store) = (self.desk.words(), &self.opened.thread.head.store);
        let mut facts = Vec::new();
        if !book.services.is_empty() {
            facts.push(("fact_services", self.services(&book.services)));
        }
        facts.extend(book.concern.clone().map(|concern| ("fact_concern", concern)));
        if let Some(opening) = &book.opening {
            facts.push(("fact_opening", words.moment(self.store.time_zone, opening.start, self.desk.now())));
        }
        let car = match &book.car {
            Car::Known(id) => self.opened.card.vehicles.iter().find(|vehicle| vehicle.id == *id).map(label),
            Car::New(mention) => {
                let year = mention.year.map(|year| year.to_string());
                let parts: Vec<&str> = [year.as_deref(), mention.make.as_deref(), mention.model.as_deref()]
                    .into_iter()
                    .flatten()
                    .collect();
                Some(parts.join(" "))
            }
            Car::Unknown | Car::Unsaid => None,
        };
        facts.extend(car.map(|car| ("fact_car", car)));
        facts.extend(book.name.clone().map(|name| ("field_name", name)));
        facts.extend(book.advisor.as_ref().and_then(|id| {
            let named = store.advisor_names().into_iter().find(|advisor| advisor.id == *id)?;
            Some(("fact_advisor", named.name))
        }));
        facts
    }

    fn services(&self, ids: &[String]) -> String {
        let store = &self.opened.thread.head.store;
        let language = self.desk.words().language;
        let name =
            |id: &String| store.service(id).map_or_else(|| id.clone(), |service| service.name(language).to_owned());
        ids.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    fn orders(&self) -> Markup {
        let open: Vec<&RepairOrder> = self.opened.card.orders.iter().filter(|order| !order.stage.is_over()).collect();
        html! { @for order in open { (self.part("beside_order", &self.order(order))) } }
    }

    fn order(&self, order: &RepairOrder) -> Markup {
        let (words, store) = (self.desk.words(), &self.opened.thread.head.store);
        html! {
            p.strong { "#" (order.number) " " (chip(Tone::Info, words.say(&format!("stage_{}", order.stage.as_str())))) }
            @if let Some(vehicle) = &order.vehicle { p { (label(vehicle)) } }
            @if let Some(promised) = order.promised_at { p { (words.say("fact_promised")) ": " (moment(words, self.store.time_zone, promised, self.desk.now())) } }
            @if let Some(waiting) = &order.waiting_for { p { (words.say("fact_waiting_for")) ": " (waiting) } }
            ul.lines {
                @for operation in &order.operations {
                    li {
                        span { (operation.name) }
                        span.number { (money(store, store.charges.amount(operation))) }
                        @if order.open_lines().any(|line| line.id == operation.id) { (chip(Tone::Warn, words.say("fact_asked"))) }
                    }
                }
            }
            p.total { span { (words.say("fact_total")) } strong { (money(store, order.totals(&store.charges).total)) } }
        }
    }

    fn appointments(&self) -> Markup {
        let words = self.desk.words();
        let now = self.desk.now();
        let mut coming: Vec<&CardAppointment> = self
            .opened
            .card
            .appointments
            .iter()
            .filter(|one| one.status == "booked" && one.start() > now && !one.arrived)
            .collect();
        coming.reverse();
        let may = self.store.role.may(Permission::Serve);
        self.part("beside_appointments", &html! {
            @if coming.is_empty() { p.soft { (words.say("beside_no_appointments")) } }
            ul.list {
                @for one in coming {
                    li {
                        div { strong { (moment(words, self.store.time_zone, one.start(), now)) } p.soft { (self.services(&one.services)) } }
                        @if may { a.button.quiet href={ "/desk/stores/" (self.store.id) "/appointments/" (one.id) } { (words.say("beside_change")) } }
                    }
                }
            }
            @if may {
                a.button href={ "/desk/stores/" (self.store.id) "/book?customer=" (self.opened.thread.head.customer) "&conversation=" (self.opened.thread.head.id) } { (icon("calendar")) (words.say("beside_book")) }
            }
        })
    }

    fn customer(&self) -> Markup {
        let (words, card, head) = (self.desk.words(), &self.opened.card, &self.opened.thread.head);
        let spent: i64 = card
            .orders
            .iter()
            .filter(|order| order.stage.is_over())
            .map(|order| order.totals(&head.store.charges).total)
            .sum();
        let day = |at| words.day(self.store.time_zone, at, self.desk.now());
        self.part("beside_customer", &html! {
            dl.facts {
                @for (kind, address) in card.addresses.iter().filter(|(kind, _)| kind == "phone") {
                    dt { (words.say(&format!("address_{kind}"))) } dd { a href={ "tel:" (address) } { (address) } " " (chip(Tone::Good, words.say("fact_verified"))) }
                }
                dt { (words.say("fact_visits")) } dd { (card.visits) }
                @if spent > 0 { dt { (words.say("fact_spent")) } dd { (money(&head.store, spent)) } }
                dt { (words.say("fact_since")) } dd { (day(card.since)) }
                @if let Some(rating) = card.rating { dt { (words.say("fact_rating")) } dd { (rating) " / 5" } }
                @for (topic, agreed) in &card.consents {
                    dt { (words.say(&format!("consent_{topic}"))) } dd { (words.say(if *agreed { "fact_agreed" } else { "fact_refused" })) }
                }
                @if head.opted_out { dt { (words.say("fact_messages")) } dd { (chip(Tone::Bad, words.say("thread_opted_out"))) } }
            }
            @if !card.vehicles.is_empty() {
                h4 { (words.say("beside_vehicles")) }
                ul.list {
                    @for vehicle in &card.vehicles {
                        li { div { strong { (label(vehicle)) }
                            p.soft { @if let Some(plate) = &vehicle.plate { (plate) " " } @if let Some(vin) = &vehicle.vin { code { (vin) } } } } }
                    }
                }
            }
            @if !card.conversations.is_empty() {
                h4 { (words.say("beside_conversations")) }
                ul.list {
                    @for (id, provider, at) in &card.conversations {
                        li { a href=(self.state.conversation(&self.store.id, id)) { (words.say(&format!("channel_{provider}"))) " · " (moment(words, self.store.time_zone, *at, self.desk.now())) } }
                    }
                }
            }
        })
    }

    fn tags(&self) -> Markup {
        let (words, head) = (self.desk.words(), &self.opened.thread.head);
        let tags = head.tags.join(", ");
        self.part("beside_tags", &html! {
            @if !self.may_converse() {
                p { @for tag in &head.tags { (chip(Tone::Plain, tag)) " " } }
            } @else {
                form.row method="post" action=(self.action("tags")) hx-post=(self.action("tags")) hx-swap="none" {
                    (self.desk.token_field())
                    label.hidden for="field-tags" { (words.say("beside_tags_hint")) }
                    input #field-tags name="tags" type="text" value=(tags) maxlength="400" autocomplete="off" placeholder=(words.say("beside_tags_hint"));
                    (button(Kind::Plain, words.say("save")))
                }
            }
        })
    }
}

/// What a car is called.
fn label(vehicle: &Vehicle) -> String {
    let year = vehicle.year.map(|year| year.to_string());
    let parts: Vec<&str> =
        [year.as_deref(), vehicle.make.as_deref(), vehicle.model.as_deref()].into_iter().flatten().collect();
    parts.join(" ")
}
