//! Offering openings, and hearing which one is chosen.

use crate::act::{Act, Fit};
use crate::decide::Turn;
use crate::decision::Needs;
use crate::tasks::Task;
use chrono::{Duration, NaiveTime, Timelike};
use lanekeeper_domain::Work;
use lanekeeper_domain::appointment::Appointment;
use lanekeeper_domain::openings::{self, Offer, Opening, Wish};
use lanekeeper_domain::understanding::{Asked, Choice, Intent};

/// How many openings are offered at once.
const CHOICE: usize = 3;

impl Turn<'_> {
    /// The opening that was chosen from those offered, by its place in the list or by its time.
    pub(crate) fn chosen_opening(&self) -> Option<Opening> {
        let (offered, details) = (&self.state.offered, &self.understanding.details);
        if self.state.asked != Some(Asked::Opening) || offered.is_empty() {
            return None;
        }
        let by_time = || {
            let mut fitting = offered.iter().filter(|opening| self.is_as_said(opening));
            let asked = details.date.is_some() || details.time.is_some() || details.part_of_day.is_some();
            let unclear = details.date_end.is_some() || details.time_after.is_some() || details.time_before.is_some();
            let only = fitting.next().filter(|_| fitting.next().is_none());
            only.filter(|_| asked && !unclear).cloned()
        };
        let by_choice = || match details.choice? {
            Choice::Nth(nth) => offered.get(usize::from(nth).checked_sub(1)?).cloned(),
            Choice::Last => offered.last().cloned(),
            Choice::Earliest | Choice::Any => offered.iter().min_by_key(|opening| opening.start).cloned(),
            Choice::Latest => offered.iter().max_by_key(|opening| opening.start).cloned(),
        };
        let only_one = || {
            if self.affirmed() && offered.len() == 1 && !details.has_when() { offered.first().cloned() } else { None }
        };
        by_choice().or_else(by_time).or_else(only_one)
    }

    /// Whether nothing that was said now about when speaks against this opening.
    fn is_as_said(&self, opening: &Opening) -> bool {
        let details = &self.understanding.details;
        let local = self.situation.store.local(opening.start);
        let (date, time) = (local.date(), local.time());
        details.date.is_none_or(|first| (first..=details.date_end.unwrap_or(first)).contains(&date))
            && !details.not_dates.contains(&date)
            && details.time.is_none_or(|said| said == time)
            && details.time_after.is_none_or(|after| time >= after)
            && details.time_before.is_none_or(|before| time <= before)
            && details
                .part_of_day
                .is_none_or(|part| (part.span().0..part.span().1).contains(&(time.num_seconds_from_midnight() / 60)))
    }

    /// Takes in what was said about when. Returns whether that is anything new: "yes, Tuesday at nine" said of an opening
    /// on Tuesday at nine is not.
    pub(crate) fn hear_when(&mut self, wish: &mut Wish, opening: Option<&Opening>) -> bool {
        let heard = self.understanding;
        let only_asks_hours =
            heard.wants(Intent::Hours) && !heard.wants(Intent::Book) && heard.details.service.is_none();
        let agrees = opening.is_some_and(|opening| self.is_as_said(opening)) && !heard.details.soonest;
        if !heard.details.has_when() || only_asks_hours || agrees {
            return false;
        }
        wish.take(&heard.details);
        self.state.refused.clear();
        true
    }

    /// "None of these", "anything else?": what was offered does not suit. Returns whether that was said.
    pub(crate) fn refuse_offered(&mut self) -> bool {
        let asks_for_others = self.negated() || self.understanding.wants(Intent::Book);
        let refuses = self.state.asked == Some(Asked::Opening) && asks_for_others && !self.state.offered.is_empty();
        if refuses {
            let offered = self.state.offered.iter().map(|opening| opening.start);
            self.state.refused.extend(offered);
        }
        refuses
    }

    /// Says so when the day is beyond what can be booked.
    pub(crate) fn too_far_ahead(&mut self, wish: &Wish) -> bool {
        let last = openings::window(self.situation.store, self.now).1;
        let beyond = wish.date.is_some_and(|date| date > last);
        if beyond {
            self.got_further = true;
            self.ask(Asked::When, Act::TooFarAhead { until: last });
        }
        beyond
    }

    /// The opening, when exactly what was asked for is free; otherwise offers a choice. What can never be had is struck
    /// from the wish, and the day that is offered instead becomes the day under discussion. `moving` is an appointment
    /// that would give up its place.
    pub(crate) fn find_or_offer(
        &mut self,
        work: &Work,
        wish: &mut Wish,
        moving: Option<&Appointment>,
    ) -> Result<Option<Opening>, Needs> {
        let obstacle = self.obstacle(wish);
        if obstacle == Some(Fit::Past) {
            *wish = Wish { not_dates: std::mem::take(&mut wish.not_dates), ..Wish::default() };
        }
        let mut openings = self.openings(work, wish, moving.map(|appointment| appointment.id.as_str()))?;
        openings.retain(|opening| moving.is_none_or(|appointment| opening.start != appointment.opening.start));
        let refused = !self.state.refused.is_empty();
        let mut offer = openings::offer(self.situation.store, &openings, wish, CHOICE);
        let sister = self.sister_opening(&offer, work, wish);
        if sister.is_some() {
            // With it there are as many times to choose from as ever.
            offer = openings::offer(self.situation.store, &openings, wish, CHOICE - 1);
        }
        let (choice, fit) = match offer {
            Offer::Exact(opening) => return Ok(Some(opening)),
            Offer::Suiting(choice) | Offer::Nearest(choice) if refused => (choice, Fit::Others),
            Offer::Suiting(choice) => (choice, obstacle.unwrap_or(Fit::Suiting)),
            Offer::Nearest(choice) => (choice, obstacle.unwrap_or(Fit::Nearest)),
            Offer::Nothing => (Vec::new(), Fit::Nearest),
        };
        if matches!(fit, Fit::OutsideHours(_)) {
            (wish.time, wish.time_after, wish.time_before) = (None, None, None);
        }
        if matches!(fit, Fit::Closed(_)) {
            let days = choice.iter().map(|opening| self.situation.store.local(opening.start).date());
            (wish.date, wish.date_end) = (days.min(), None);
        }
        self.put_offer(&work.services, choice, fit, sister);
        Ok(None)
    }

    /// What the sister store that is free the soonest has for this wish, where this one has nothing on the wished day, or
    /// nothing at all.
    fn sister_opening(&self, offer: &Offer, work: &Work, wish: &Wish) -> Option<Act> {
        let wanted = match offer {
            Offer::Nearest(_) => wish.date.is_some() && self.state.refused.is_empty(),
            Offer::Nothing => true,
            Offer::Exact(_) | Offer::Suiting(_) => false,
        };
        if !wanted {
            return None;
        }
        let found = self.situation.sisters.iter().filter_map(|sister| {
            let opening = sister.opening(work, wish, self.now)?;
            Some((opening.start, &sister.store))
        });
        let (start, store) = found.min_by_key(|(start, _)| *start)?;
        Some(Act::SisterStore { name: store.name.clone(), phone: store.phone.clone(), start: store.local(start) })
    }

    /// The chosen opening, when it can be booked; otherwise offers others. It is looked up anew only where there is reason
    /// to: the load is at hand because a commit met a conflict, or the store's rules no longer allow the time. Else the
    /// commit itself finds out whether the bay is free.
    pub(crate) fn secure(
        &mut self,
        chosen: Opening,
        work: &Work,
        wish: &Wish,
        except: Option<&str>,
    ) -> Result<Option<Opening>, Needs> {
        let allowed = openings::allowed(self.situation.store, &chosen, self.now);
        if allowed && self.situation.load.is_none() {
            return Ok(Some(chosen));
        }
        let openings = self.openings(work, wish, except)?;
        let free = openings.iter().find(|other| other.start == chosen.start).cloned();
        if free.is_none() {
            self.offer_instead(&work.services, wish, &openings);
        }
        Ok(free)
    }

    /// Offers others for an opening that was chosen and has been taken meanwhile.
    fn offer_instead(&mut self, services: &[String], wish: &Wish, openings: &[Opening]) {
        let choice = match openings::offer(self.situation.store, openings, wish, CHOICE) {
            Offer::Exact(opening) => vec![opening],
            Offer::Suiting(choice) | Offer::Nearest(choice) => choice,
            Offer::Nothing => Vec::new(),
        };
        self.put_offer(services, choice, Fit::Gone, None);
    }

    /// Offers these, and one way out where they may not do: the sister store, else the waitlist.
    fn put_offer(&mut self, services: &[String], openings: Vec<Opening>, fit: Fit, sister: Option<Act>) {
        let full = matches!(fit, Fit::Nearest) && self.state.tasks.iter().all(|task| !matches!(task, Task::Move(_)));
        if openings.is_empty() {
            let until = openings::window(self.situation.store, self.now).1;
            self.ask(Asked::Person, Act::NoOpenings { until });
            self.say.push(sister.unwrap_or(Act::HintWaitlist));
            return;
        }
        let starts = openings.iter().map(|opening| opening.start).collect();
        self.state.offered = openings;
        self.state.listed.clear();
        self.ask(Asked::Opening, Act::OfferOpenings { services: services.to_vec(), starts, fit });
        self.say.extend(sister.or(full.then_some(Act::HintWaitlist)));
    }

    /// After an aside the openings offered last still stand: they need not be listed again. Returns whether they do.
    pub(crate) fn remind_of_offered(&mut self, services: &[String]) -> bool {
        let earliest = self.now + Duration::minutes(self.situation.store.booking.notice_minutes.into());
        let starts: Vec<_> = self.state.offered.iter().map(|opening| opening.start).collect();
        let stand = self.state.asked == Some(Asked::Opening)
            && !starts.is_empty()
            && starts.iter().all(|start| *start >= earliest);
        if stand {
            self.ask(Asked::Opening, Act::RemindOfOpenings { services: services.to_vec(), starts });
        }
        stand
    }

    /// Why no load can ever make what is wished possible.
    fn obstacle(&self, wish: &Wish) -> Option<Fit> {
        let store = self.situation.store;
        let now = store.local(self.now);
        let date = wish.date?;
        let last = wish.date_end.unwrap_or(date);
        if last < now.date() || (last == now.date() && wish.time.is_some_and(|time| time <= now.time())) {
            return Some(Fit::Past);
        }
        if last != date {
            return None;
        }
        let spans = store.hours.on(date);
        let minute = |time: NaiveTime| time.num_seconds_from_midnight() / 60;
        let outside = |time: NaiveTime| !spans.iter().any(|span| span.contains(minute(time)));
        let after_all = |time: NaiveTime| spans.iter().all(|span| minute(time) >= span.closes);
        let before_all = |time: NaiveTime| spans.iter().all(|span| minute(time) < span.opens);
        if spans.is_empty() {
            Some(Fit::Closed(date))
        } else if wish.time.is_some_and(outside)
            || wish.time_after.is_some_and(after_all)
            || wish.time_before.is_some_and(before_all)
        {
            Some(Fit::OutsideHours(date))
        } else {
            None
        }
    }
}
