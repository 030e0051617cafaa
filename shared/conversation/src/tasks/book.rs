//! Booking an appointment: the work, the time, the car, the name; then a summary; then yes.

use crate::act::{Act, CarLabel};
use crate::decide::Turn;
use crate::decision::{Booking, Car, Change, Needs};
use crate::notices;
use lanekeeper_domain::openings::{Opening, Wish};
use lanekeeper_domain::understanding::{Asked, Intent, VehicleMention};
use lanekeeper_domain::{Price, ServiceKind, Transport, Work};
use serde::{Deserialize, Serialize};

/// What is known of the appointment to be booked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Book {
    /// Ids of menu items, the main one first.
    pub services: Vec<String>,
    /// What is wrong, in the customer's words.
    pub concern: Option<String>,
    /// When it should be.
    pub wish: Wish,
    /// The opening chosen.
    pub opening: Option<Opening>,
    /// The car.
    pub car: Car,
    /// The name, when it was given here.
    pub name: Option<String>,
    /// Whether we go on without a name.
    pub nameless: bool,
    /// How the customer gets about meanwhile.
    pub transport: Option<Transport>,
    /// Whether we go on without knowing that.
    pub transport_unsaid: bool,
    /// Where the car is fetched.
    pub address: Option<String>,
    /// The advisor asked for, by id.
    pub advisor: Option<String>,
    /// Whether it is for the waitlist, once it is known what it is for.
    pub waitlist: bool,
}

impl Turn<'_> {
    /// Hears what was said and goes one step further; `None` when it is done. `resumed` means that the words were for
    /// another task.
    pub(crate) fn advance_book(&mut self, mut book: Box<Book>, resumed: bool) -> Result<Option<Box<Book>>, Needs> {
        if book.waitlist && !resumed {
            self.hear_work(&mut book);
            if self.join_when_known(&mut book) {
                return Ok(None);
            }
        }
        let confirming = self.state.asked == Some(Asked::Confirm) && !resumed;
        let (opening, work, wish) = (book.opening.clone(), self.work(&book), book.wish.clone());
        let (prices, refused) = (self.prices(&book), self.state.refused.clone());
        let heard = !resumed && self.hear_booking(&mut book);
        self.got_further |= heard;
        // "Yes, and the name is Dana" is a yes; "yes, but at ten" is another time to agree on.
        let same_work = self.work(&book).needs_the_same(&work);
        let same = opening.is_some() && book.opening == opening && same_work && self.prices(&book) == prices;
        if confirming && same && self.affirmed() {
            return if self.settle_car(&mut book) { self.confirm_booking(book) } else { Ok(Some(book)) };
        }
        if confirming && !heard && self.negated() {
            self.got_further = true;
            self.ask(Asked::When, Act::AskWhatToChange);
            return Ok(Some(book));
        }
        let still_to_change = self.state.asked == Some(Asked::When) && book.opening.is_some() && !self.affirmed();
        if still_to_change && !heard && !resumed {
            self.ask(Asked::When, Act::AskWhatToChange);
            return Ok(Some(book));
        }
        // Who tells the car or the name while times are offered need not read them again; who names a day does.
        let says_when = self.understanding.details.has_when() && !self.understanding.wants(Intent::Hours);
        self.got_further |= confirming && says_when;
        let same_wish = same_work && book.wish == wish && self.state.refused == refused;
        let same_offer = resumed || (same_wish && !says_when);
        self.ask_next(&mut book, same_offer)?;
        Ok(Some(book))
    }

    /// Takes in what was said about the booking. Returns whether anything was.
    fn hear_booking(&mut self, book: &mut Book) -> bool {
        let before = book.clone();
        self.hear_work(book);
        self.hear_car(book);
        self.hear_name(book);
        self.doubt_waiting(book);
        // What takes longer, or takes other places, is looked up anew.
        let same_work = self.work(book).needs_the_same(&self.work(&before));
        if !same_work {
            book.opening = None;
        }
        if let Some(opening) = self.chosen_opening() {
            let local = self.situation.store.local(opening.start);
            book.wish = Wish {
                date: Some(local.date()),
                time: Some(local.time()),
                not_dates: std::mem::take(&mut book.wish.not_dates),
                ..Wish::default()
            };
            book.opening = Some(opening).filter(|_| same_work);
        } else if self.hear_when(&mut book.wish, book.opening.as_ref()) {
            book.opening = None;
            return true;
        }
        *book != before || self.refuse_offered()
    }

    /// Takes in what is to be done, and how.
    pub(crate) fn hear_work(&mut self, book: &mut Book) {
        self.hear_service(book);
        self.hear_transport(book);
        self.hear_advisor(book);
    }

    fn hear_service(&mut self, book: &mut Book) {
        let details = &self.understanding.details;
        if details.concern.is_some() {
            book.concern.clone_from(&details.concern);
        }
        let diagnosis = || {
            let menu = &self.situation.store.services;
            menu.iter().find(|service| service.kind == Some(ServiceKind::Diagnosis)).map(|service| service.id.clone())
        };
        let named = details
            .service
            .clone()
            .or_else(|| details.concern.as_ref().and_then(|_| diagnosis()).filter(|_| book.services.is_empty()));
        let only_priced = self.understanding.wants(Intent::Price) && !book.services.is_empty();
        let Some(named) = named.filter(|_| !only_priced) else { return };
        let mut services = vec![named];
        services.extend(details.more_services.iter().cloned());
        if self.adds_work() && !book.services.is_empty() {
            let known = std::mem::take(&mut book.services);
            services.retain(|service| !known.contains(service));
            services.splice(0..0, known);
        }
        if services != book.services {
            book.services = services;
        }
    }

    /// Whether a service that is named now comes on top of the others.
    fn adds_work(&self) -> bool {
        let goes_on = self.understanding.wants(Intent::Book) || self.understanding.details.adds;
        !self.negated() && self.state.asked != Some(Asked::Service) && goes_on
    }

    fn hear_car(&mut self, book: &mut Book) {
        let Some(mention) = self.understanding.details.vehicle.as_ref().filter(|mention| !mention.is_empty()) else {
            if self.state.asked == Some(Asked::Vehicle) {
                self.hear_which_car(book);
            }
            return;
        };
        let known = self.situation.vehicles.iter().find(|vehicle| mention.names_a_car() && vehicle.fits(mention));
        book.car = match (known, &mut book.car) {
            (Some(vehicle), _) => Car::Known(vehicle.id.clone()),
            (None, Car::New(car)) if !mention.names_a_car() || car.fits(mention) => {
                car.take(mention);
                return;
            }
            (None, Car::Known(_)) if !mention.names_a_car() => return,
            (None, _) if mention.names_a_car() || mention.year.is_some() => Car::New(mention.clone()),
            (None, _) => return,
        };
    }

    fn hear_which_car(&mut self, book: &mut Book) {
        use lanekeeper_domain::understanding::Choice;
        let vehicles = &self.situation.vehicles;
        let chosen = match self.understanding.details.choice {
            Some(Choice::Nth(nth)) => usize::from(nth).checked_sub(1).and_then(|place| vehicles.get(place)),
            Some(Choice::Last) => vehicles.last(),
            _ => None,
        };
        if let Some(vehicle) = chosen {
            book.car = Car::Known(vehicle.id.clone());
        } else if self.state.unresolved > 0 || self.negated() {
            // Asked twice: the advisor will see the car anyway.
            book.car = Car::Unsaid;
        }
    }

    fn hear_name(&mut self, book: &mut Book) {
        let said = self.understanding.details.name.clone();
        if said.is_some() && said != self.situation.customer.name {
            book.name = said;
        } else if self.state.asked == Some(Asked::Name) && (self.state.unresolved > 0 || self.negated()) {
            book.nameless = true;
        }
    }

    /// Asks for the next thing that is missing, or sums up.
    fn ask_next(&mut self, book: &mut Book, same_offer: bool) -> Result<(), Needs> {
        if book.services.is_empty() {
            let services = self.situation.store.services.iter().map(|service| service.id.clone()).collect();
            self.ask(Asked::Service, Act::AskService { services });
            return Ok(());
        }
        if self.ask_transport(book) {
            return Ok(());
        }
        let reminded = book.opening.is_none() && same_offer && self.remind_of_offered(&book.services);
        if reminded || (book.opening.is_none() && !self.find_opening(book)?) {
            return Ok(());
        }
        if !self.settle_car(book) {
            return Ok(());
        }
        if self.situation.customer.name.is_none() && book.name.is_none() && !book.nameless {
            self.ask(Asked::Name, Act::AskName);
            return Ok(());
        }
        let Some(opening) = &book.opening else { return Ok(()) };
        self.state.offered.clear();
        let act = Act::SumUp {
            services: book.services.clone(),
            start: opening.start,
            vehicle: self.car_label(&book.car),
            name: book.name.clone().or_else(|| self.situation.customer.name.clone()),
            transport: book.transport,
            advisor: book.advisor.clone(),
            class: self.class(&book.car),
        };
        self.ask(Asked::Confirm, act);
        Ok(())
    }

    pub(crate) fn work(&self, book: &Book) -> Work {
        let work = Work::of(self.situation.store, &book.services, self.class(&book.car));
        Work { transport: book.transport, advisor: book.advisor.clone(), ..work }
    }

    /// What each item costs for the car.
    fn prices(&self, book: &Book) -> Vec<Option<Price>> {
        let (store, class) = (self.situation.store, self.class(&book.car));
        book.services.iter().map(|id| store.service(id)?.price_for(class)).collect()
    }

    /// Finds the opening that was asked for, or offers a choice. Returns whether there is one now.
    fn find_opening(&mut self, book: &mut Book) -> Result<bool, Needs> {
        if self.too_far_ahead(&book.wish) {
            book.wish = Wish::default();
            return Ok(false);
        }
        let work = self.work(book);
        book.opening = self.find_or_offer(&work, &mut book.wish, None)?;
        Ok(book.opening.is_some())
    }

    /// Makes sure that the car is known, or known not to be. Returns whether it is.
    fn settle_car(&mut self, book: &mut Book) -> bool {
        if let Car::New(VehicleMention { vin: Some(vin), vin_valid: Some(false), make: None, model: None, .. }) =
            &book.car
        {
            let act = Act::VinLooksWrong { vin: vin.clone() };
            book.car = Car::Unknown;
            self.ask(Asked::Vehicle, act);
            return false;
        }
        let enough = match &book.car {
            Car::Known(_) | Car::Unsaid => true,
            Car::New(mention) => mention.names_a_car(),
            Car::Unknown => false,
        };
        if enough {
            return true;
        }
        match self.situation.vehicles.as_slice() {
            [only] if book.car == Car::Unknown => {
                book.car = Car::Known(only.id.clone());
                return true;
            }
            [] | [_] => self.ask(Asked::Vehicle, Act::AskVehicle),
            several => {
                let vehicles = several.iter().filter_map(CarLabel::of).collect();
                self.ask(Asked::Vehicle, Act::AskWhichVehicle { vehicles });
            }
        }
        false
    }

    /// Books what was summed up.
    fn confirm_booking(&mut self, mut book: Box<Book>) -> Result<Option<Box<Book>>, Needs> {
        let Some(chosen) = book.opening.clone() else { return Ok(Some(book)) };
        self.got_further = true;
        book.opening = self.secure(chosen, &self.work(&book), &book.wish, None)?;
        let Some(opening) = book.opening.clone() else { return Ok(Some(book)) };
        let vehicle = self.car_label(&book.car);
        self.notices.extend(notices::about(None, &book.services, opening.start, vehicle.as_ref(), self.now));
        self.changes.extend(book.name.clone().map(Change::Name));
        self.say.push(Act::Booked { services: book.services.clone(), start: opening.start, transport: book.transport });
        self.changes.push(Change::Book(Booking {
            services: book.services,
            concern: book.concern,
            opening,
            transport: book.transport,
            transport_address: book.address,
            car: book.car,
        }));
        self.forget_question();
        self.state.asked = Some(Asked::Anything);
        Ok(None)
    }
}
