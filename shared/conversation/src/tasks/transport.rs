//! How the customer gets about while the car is here, and who receives them.

use super::Book;
use crate::act::Act;
use crate::decide::Turn;
use lanekeeper_domain::Transport;
use lanekeeper_domain::understanding::{Asked, Choice, Intent};

impl Turn<'_> {
    /// Takes in how the customer wants to get about. What the store does not offer, or not for this work, is said.
    pub(crate) fn hear_transport(&mut self, book: &mut Book) {
        let details = &self.understanding.details;
        let options = &self.situation.store.transport;
        let minutes = self.work(book).minutes();
        let asked = self.state.asked == Some(Asked::Transport);
        let by_place = || match details.choice? {
            Choice::Nth(nth) => options.choice(minutes).get(usize::from(nth).checked_sub(1)?).copied(),
            Choice::Last => options.choice(minutes).last().copied(),
            _ => None,
        };
        if let Some(address) = details.address.clone() {
            book.address = Some(address);
        }
        let Some(transport) = details.transport.or_else(|| by_place().filter(|_| asked)) else {
            // Asked twice: the advisor will see to it.
            book.transport_unsaid |= asked && (self.state.unresolved > 0 || self.negated());
            return;
        };
        if options.choice(minutes).contains(&transport) {
            book.transport = Some(transport);
        } else if transport == Transport::Wait && options.has(transport) {
            self.say.push(Act::TooLongToWait { minutes });
        } else if transport != Transport::DropOff {
            self.say.push(Act::NoTransport { transport });
        }
    }

    /// Takes in who is to receive the customer.
    pub(crate) fn hear_advisor(&mut self, book: &mut Book) {
        let advisor = self.understanding.details.advisor.clone();
        if advisor.is_some() {
            book.advisor = advisor;
        }
    }

    /// Nobody waits for work that has turned out to take too long.
    pub(crate) fn doubt_waiting(&mut self, book: &mut Book) {
        let minutes = self.work(book).minutes();
        if book.transport == Some(Transport::Wait) && !self.situation.store.transport.can_wait_for(minutes) {
            book.transport = None;
            self.say.push(Act::TooLongToWait { minutes });
        }
    }

    /// Asks how the customer gets about, where the store wants that known, and where the car is to be fetched. Returns
    /// whether something was asked.
    pub(crate) fn ask_transport(&mut self, book: &Book) -> bool {
        let options = &self.situation.store.transport;
        let choices = options.choice(self.work(book).minutes());
        if options.ask && book.transport.is_none() && !book.transport_unsaid && choices.len() > 1 {
            self.ask(Asked::Transport, Act::AskTransport { choices });
            return true;
        }
        if book.transport == Some(Transport::PickUp) && book.address.is_none() {
            self.ask(Asked::Address, Act::AskAddress);
            return true;
        }
        false
    }

    /// Says what the store offers of what was asked about ("do you have a shuttle?"). Returns whether it was asked.
    pub(crate) fn answer_transport(&mut self) -> bool {
        let asked = self.understanding.confidence(Intent::Question) >= 0.5;
        let Some(transport) = self.understanding.details.transport.filter(|_| asked) else { return false };
        let offered = self.situation.store.transport.has(transport);
        self.say.push(if offered { Act::TransportTerms { transport } } else { Act::NoTransport { transport } });
        true
    }
}
