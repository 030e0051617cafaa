//! Customers who come, and what becomes of their cars.

use crate::history::agenda::Event;
use crate::history::bookings::in_hours;
use crate::history::replay::Replay;
use crate::history::workshop::{self, Step};
use crate::history::{texts, told};
use chrono::{DurationRound, TimeDelta};
use lanekeeper_changes::{decide_lines, open_order};
use lanekeeper_domain::RepairOrder;
use lanekeeper_domain::repair_order::{Actor, Method, Verdict};
use lanekeeper_native::block_on;
use lanekeeper_platform::{Database, Platform, Queue, Random, Statement};
use lanekeeper_storage::{
    OrderInStore, Standing, Visit, arrive, correspondent, load_visit, mark_missed, next_order_number,
    repair_order_for_store,
};
use std::collections::VecDeque;

/// An order, and what is still to be done on it: the minutes until then, and the step.
pub struct Order {
    id: String,
    person: usize,
    course: VecDeque<(i64, Step)>,
    /// How often the present step was not possible.
    tries: u32,
    /// Whether the car is to be in the shop at the end, and the customer's answer still to come.
    stays: bool,
}

impl Replay<'_> {
    /// Somebody comes for an appointment, if it is still theirs and still then; or does not, and is missed.
    pub fn visit(&mut self, person: usize, appointment: &str, comes: bool) -> Result<(), String> {
        let found = block_on(load_visit(self.database(), &self.store.id, appointment)).map_err(told)?;
        let Some(visit) = found.filter(|visit| visit.standing == Standing::Booked) else { return Ok(()) };
        let start = visit.appointment.opening.start;
        if (start - self.now()).num_minutes().abs() > 60 {
            return Ok(());
        }
        if !comes {
            let missed = mark_missed(&self.store.id, appointment, self.now());
            return block_on(self.database().run(missed)).map(drop).map_err(told);
        }
        let rank = self.all_visits.len().checked_sub(self.visits.len() + 1);
        self.visits.push(person);
        self.take_in(person, &visit, rank)?;
        let chance = &self.people[person].chance;
        if rank != Some(0) && chance.percent(24) {
            let words = chance.pick(&texts::IS_IT_READY).in_language(self.people[person].language).to_owned();
            let at = self.now() + TimeDelta::minutes(chance.between(35, 140));
            self.agenda.plan(at, Event::Write { person, text: words });
        }
        Ok(())
    }

    /// Opens the order for somebody who has come.
    fn take_in(&mut self, person: usize, visit: &Visit, rank: Option<usize>) -> Result<(), String> {
        let (now, store, appointment) = (self.now(), self.store, &visit.appointment);
        let new_id = || self.platform.random().id(now);
        let customer = visit.customer.id.as_str();
        let mut order = RepairOrder::of_appointment(store, appointment, (customer, None), &new_id).map_err(told)?;
        order.number = block_on(next_order_number(self.database(), &store.id)).map_err(told)?.to_string();
        let chance = &self.people[person].chance;
        let minutes: u32 = appointment.opening.stations.iter().map(|station| station.minutes).sum();
        let last = rank.and_then(|rank| workshop::stays(rank, chance));
        let after = TimeDelta::minutes(i64::from(minutes) + chance.between(4, 9) * 15);
        let promised = match &last {
            // Those who stay are promised for what is left of the day or for the next; one is late.
            Some(stay) if stay.late => self.ends - TimeDelta::minutes(50),
            Some(_) => in_hours(store, self.ends + TimeDelta::minutes(45) + after, chance),
            None => in_hours(store, now + after, chance),
        };
        let promised = promised.duration_trunc(TimeDelta::minutes(15)).unwrap_or(promised);
        let technician = appointment.opening.stations.first().and_then(|station| station.technician.clone());
        workshop::written_up(&mut order, technician, promised, chance);
        let stays = last.is_some();
        let course = last.map_or_else(|| workshop::course(i64::from(minutes) * 3 / 4, chance), |stay| stay.course);
        let by = store.advisors.iter().find(|one| Some(&one.id) == order.advisor.as_ref());
        let actor = Actor::Staff(by.map_or_else(|| store.name.clone(), |one| one.name.clone()));
        let reach = block_on(correspondent(self.database(), &store.id, customer)).map_err(told)?.reach(store.language);
        let (id, vehicle) = (order.id.clone(), order.vehicle.as_ref().map(|car| car.id.clone()));
        let found = OrderInStore { order, store: store.clone(), revision: visit.revision, reach };
        let written = open_order(&found, &actor, Some(Method::InPersonPhysicalSignature), None, now, &new_id);
        let mut statements = written.statements;
        statements.push(arrive(&store.id, &appointment.id, now));
        statements.extend(vehicle.map(|car| plate(&store.id, &car, &workshop::plate(store, chance))));
        block_on(self.database().batch(statements)).map_err(told)?;
        self.wake(&written.due)?;
        self.orders.push(Order { id, person, course: course.into(), tries: 0, stays });
        self.plan_next(self.orders.len() - 1);
        Ok(())
    }

    fn plan_next(&mut self, order: usize) {
        let Order { course, person, .. } = &self.orders[order];
        let Some((minutes, _)) = course.front() else { return };
        let at = in_hours(self.store, self.now() + TimeDelta::minutes(*minutes), &self.people[*person].chance);
        self.agenda.plan(at, Event::Work { order });
    }

    /// Whether a customer's question is still to be open at the end.
    pub fn is_left_waiting(&self, person: usize) -> bool {
        self.orders.iter().any(|order| order.person == person && order.stays)
    }

    /// Takes the next step on a car. Where a customer's answer is missing, it waits a while, and then somebody calls them.
    pub fn work(&mut self, order: usize) -> Result<(), String> {
        let Order { id, person, course, tries, .. } = &self.orders[order];
        let Some((_, step)) = course.front().copied() else { return Ok(()) };
        let (person, tries) = (*person, *tries);
        let found = block_on(repair_order_for_store(self.database(), &self.store.id, id)).map_err(told)?;
        let Some(found) = found else { return Ok(()) };
        let now = self.now();
        let new_id = || self.platform.random().id(now);
        if tries > 2 && found.order.open_lines().next().is_some() {
            self.call(&found, person)?;
        }
        let chance = &self.people[person].chance;
        let blocked = matches!(step, Step::Check | Step::Start) && found.order.open_lines().next().is_some();
        let taken = if blocked {
            None
        } else {
            block_on(workshop::take(self.database(), found, step, (chance, now, &new_id)))?
        };
        let Some(due) = taken else {
            self.orders[order].tries += 1;
            if tries < 8 {
                let at = in_hours(self.store, now + TimeDelta::minutes(20), chance);
                self.agenda.plan(at, Event::Work { order });
            }
            return Ok(());
        };
        self.wake(&due)?;
        self.orders[order].course.pop_front();
        self.orders[order].tries = 0;
        self.plan_next(order);
        Ok(())
    }

    /// Somebody calls the customer about what they were asked and writes down the answer.
    fn call(&self, found: &OrderInStore, person: usize) -> Result<(), String> {
        let now = self.now();
        let agrees = self.people[person].chance.percent(60);
        let verdict = |line: &lanekeeper_domain::repair_order::Operation| Verdict {
            operation: line.id.clone(),
            authorized: agrees,
            amount: line.requested_amount.unwrap_or_default(),
        };
        let verdicts: Vec<Verdict> = found.order.open_lines().map(verdict).collect();
        let by = self.store.advisors.first().map_or("", |advisor| advisor.name.as_str());
        let how = (Method::VerbalPhone, Actor::Staff(by.to_owned()));
        let new_id = || self.platform.random().id(now);
        let written = decide_lines(found, &verdicts, how, None, now, &new_id).map_err(told)?;
        block_on(self.database().batch(written.statements)).map_err(told)?;
        self.wake(&written.due)
    }

    fn wake(&self, due: &[String]) -> Result<(), String> {
        let due: Vec<String> = due.iter().map(|id| self.shard().wake_up(id)).collect();
        block_on(self.platform.queue().wake(&due)).map_err(told)
    }
}

fn plate(store: &str, car: &str, plate: &str) -> Statement {
    let update = "UPDATE vehicles SET plate = ?3 WHERE id = ?1 AND store_id = ?2 AND plate IS NULL";
    Statement::new(update).bind(car).bind(store).bind(plate)
}
